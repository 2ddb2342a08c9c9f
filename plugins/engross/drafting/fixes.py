"""Applies the edits of findings to files: as a diff to show, or as bytes to write.

Bytes outside the edits stay as they are, including the byte-order mark and mixed line ends.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

import engross.common.lazy_re as re
from engross.drafting.subject import Edit, Judged
from engross.model import Source

_LINE_END = re.compile("\r\n|\r")
_BOM = b"\xef\xbb\xbf"


def edits_by_path(judged: Iterable[Judged]) -> dict[str, list[Edit]]:
    """The edits of all findings by path of the file. Of edits that overlap, only the first is kept."""
    found: dict[str, list[Edit]] = {}
    for item in judged:
        taken = found.setdefault(item.finding.path, [])
        if item.finding.edits and not any(_overlap(edit, other) for edit in item.finding.edits for other in taken):
            taken.extend(item.finding.edits)
    return {path: sorted(edits, key=lambda edit: (edit.start, edit.end)) for path, edits in found.items() if edits}


def _overlap(edit: Edit, other: Edit) -> bool:
    if edit.start == edit.end and other.start == other.end:
        return edit.start == other.start
    return edit.start < max(other.end, other.start + 1) and other.start < max(edit.end, edit.start + 1)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits, which must be in order and must not overlap, to a text."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


def applied_bytes(source: Source, edits: Iterable[Edit]) -> bytes:
    """Apply edits to the bytes of a source. Raises ValueError if the bytes do not match the text."""
    data = source.data.removeprefix(_BOM)
    raw = data.decode("utf-8")
    if _LINE_END.sub("\n", raw) != source.text:
        raise ValueError(f"{source.path} changed while it was read")
    ends, end = _line_ends(raw)
    moved = [
        Edit(_raw_offset(ends, edit.start), _raw_offset(ends, edit.end), edit.new.replace("\n", end)) for edit in edits
    ]
    return source.data[: len(source.data) - len(data)] + applied(raw, moved).encode("utf-8")


def _line_ends(raw: str) -> tuple[list[int], str]:
    """The offset in the normalised text of each two-character line end, and the line end of the first line."""
    found = [match.start() - before for before, match in enumerate(re.finditer("\r\n", raw))]
    first = re.search("\r\n|\r|\n", raw)
    return found, first[0] if first else "\n"


def _raw_offset(ends: list[int], offset: int) -> int:
    """Convert an offset in the normalised text to one in the raw text."""
    return offset + bisect_left(ends, offset)


def diff(source: Source, edits: Iterable[Edit]) -> str:
    """Show edits as a unified diff."""
    before, after = source.text.splitlines(keepends=True), applied(source.text, edits).splitlines(keepends=True)
    lines = unified_diff(before, after, source.path, source.path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write(path: Path, data: bytes) -> None:
    """Replace a file atomically and keep its permissions. Raises OSError."""
    import tempfile  # few checks write files

    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o7777)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
