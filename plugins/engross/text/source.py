"""Decodes the bytes of a file into a `Source`: UTF-8 without byte-order mark, line ends normalised.

`\\r\\n` and a lone `\\r` become a line end. NUL and the other C0 controls (except tab) are refused, because browsers
drop or change them and the page would differ from its source. C1 and directional controls are refused for the same
reason, except in sealed text, which is shown as it was posted. Directional isolates are allowed in pairs within a
paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import engross.common.lazy_re as re
from engross.common import HIDDEN, ISOLATES, EngrossError, code_point, error, escaped, read_file
from engross.model import READER, Diagnostic, Source

CONTROL_CHARACTER = "control-character"
MERGE_CONFLICT = "merge-conflict"
ENCODING = "encoding"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONFLICT = re.compile(r"^<{7}(?= |$)|^={7}$(?=\n(?:.*\n)*?>{7}(?: |$))", re.MULTILINE)
_OURS, _BETWEEN = "<" * 7, "=" * 7
_BOM = b"\xef\xbb\xbf"
_POP = "\u2069"
# Where a paragraph may end: at a line end or at a bar between cells.
_ISOLATE = re.compile(f"[{ISOLATES}\n|]")
# Line ends that end a paragraph: before an empty line, heading, item, row or quotation, and after a heading.
_BLOCK = re.compile(r"\n[ \t]*(?:\n|[#>*+-]|\(?\w{1,4}[.)][ \t])")
_HEADING = re.compile(r"[ \t]*#")
_NO_UTF8 = re.compile(r"[\udc80-\udcff]")
_LEAST_TEXT = 20
"""The number of characters in a text for each control character in it; where there are more, it is no text."""
_MAX_REPORTED = 10
"""The maximum number of hidden characters reported for a file."""


def read_source(path: Path, name: str | None = None, *, sealed: bool = False) -> Source:
    """Read the file at `path`; messages use `name` (default: the path as given). For `sealed`, see `decode`.

    Raises EngrossError if the file is missing, unreadable, not UTF-8 or contains a control character.
    """
    name = name or path.as_posix()
    try:
        data = read_file(path)
    except FileNotFoundError:
        raise EngrossError(
            [
                error(
                    "missing-file",
                    name,
                    0,
                    0,
                    "there is no such file; check the name in documents.yml, or restore the file",
                )
            ]
        ) from None
    except IsADirectoryError:
        raise EngrossError([error("unreadable-file", name, 0, 0, "this is a folder, not a file")]) from None
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise EngrossError([error("unreadable-file", name, 0, 0, f"cannot be read: {reason.lower()}")]) from None
    return decode(data, name, sealed=sealed)


def decode(data: bytes, name: str, *, sealed: bool = False, reader: int = READER) -> Source:
    """Decode bytes into a `Source`. Raises EngrossError if they are not UTF-8, or contain a control character or a
    conflict that git could not merge.

    In a `sealed` text, C1 and directional controls and conflicts are accepted. `reader` is the generation of the parser
    to read it.
    """
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise EngrossError([_not_utf8(body, problem.start, name)]) from None
    text = unix_lines(text)
    source = Source(name, text, data, sealed, reader)
    if not _is_printable(text):
        if found := _CONTROL.search(text):
            message = f"the character {code_point(found[0])} cannot be shown on a page; delete it"
            raise EngrossError([error(CONTROL_CHARACTER, name, *source.position(found.start()), message)])
        if not sealed and not text.isascii() and (hidden := list(islice(hidden_controls(source), _MAX_REPORTED))):
            raise EngrossError(hidden)
    if not sealed:
        _refuse_conflict(source)
    return source


def unix_lines(text: str) -> str:
    """Return a text with `\\n` as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _refuse_conflict(source: Source) -> None:
    """Raise EngrossError if git could not merge two changes of a text."""
    marked = _OURS in source.text or _BETWEEN in source.text
    if marked and (conflict := _CONFLICT.search(source.text)):
        raise EngrossError([error(MERGE_CONFLICT, source.path, *source.position(conflict.start()), _UNMERGED)])


def _is_printable(text: str) -> bool:
    """Whether a text has no controls and no characters that change its direction: a test much faster than a search.

    Some texts have other characters that Python calls unprintable, such as no-break spaces; these are searched.
    """
    return text.replace("\n", "").isprintable()


_UNMERGED = (
    "git could not merge two changes here, and marked both with <<<<<<<, ======= and >>>>>>>. Keep the lines that "
    "apply, and delete these marks"
)


def decode_for_display(data: bytes, name: str) -> Source:
    """Decode any bytes so that they can be shown: what is not UTF-8 becomes `\\x9f`, a forbidden control `<U+202E>`."""
    text = unix_lines(data.removeprefix(_BOM).decode("utf-8", errors="backslashreplace"))
    for forbidden in (_CONTROL, HIDDEN):
        text = forbidden.sub(lambda found: escaped(found[0]), text)
    return Source(name, text, data)


def decode_anyway(data: bytes, name: str) -> Source:
    """Decode bytes that `decode` refused, to check what can be read: bytes that are not UTF-8 as Windows-1252.

    Hidden characters stay, and those that no page can show become blanks. Raises EngrossError if the bytes are no
    text, or if git could not merge two changes.
    """
    body = data.removeprefix(_BOM)
    most = 0
    try:
        text = body.decode("utf-8")
        most = len(text) // _LEAST_TEXT
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="surrogateescape")
        text = _NO_UTF8.sub(lambda byte: byte[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)
    text, controls = _CONTROL.subn(" ", unix_lines(text))
    if controls > most:
        raise EngrossError([error(ENCODING, name, 0, 0, "this is no text")])
    source = Source(name, text, data, sealed=True)
    _refuse_conflict(source)
    return source


def _of_windows(character: str) -> str:
    """Return the character that Windows has in place of a control character, such as ’ for U+0092; "" if none."""
    return bytes([ord(character)]).decode("cp1252", errors="ignore")


def hidden_mistake(character: str) -> str:
    """Describe what is wrong with a character that a draft may not contain, and how to fix it."""
    code = code_point(character)
    if "\x80" <= character < "\xa0" and (meant := _of_windows(character)):
        return f"the control character {code} is {meant} in the wrong encoding; write {meant}"
    if character < "\xa0":
        return f"the control character {code} does not show on a page; delete it"
    return f"the character {code} changes the direction of the text, so that it shows in another order; delete it"


def hidden_controls(source: Source) -> Iterator[Diagnostic]:
    """Yield an error for each forbidden control; isolates are allowed in pairs within a paragraph."""
    unpaired = set(unpaired_isolates(source.text))
    for found in HIDDEN.finditer(source.text):
        if found.start() in unpaired:
            mistake = "closes no isolate" if found[0] == _POP else "is not closed by U+2069"
            message = f"the directional isolate {code_point(found[0])} {mistake} in this paragraph; complete the pair"
            yield error(CONTROL_CHARACTER, source.path, *source.position(found.start()), f"{message}, or delete it")
        elif not re.match(f"[{ISOLATES}]", found[0]):
            yield error(CONTROL_CHARACTER, source.path, *source.position(found.start()), hidden_mistake(found[0]))


def unpaired_isolates(text: str) -> Iterator[int]:
    """Yield the offset of each directional isolate that has no partner in its paragraph."""
    opened: list[int] = []
    line = 0
    for found in _ISOLATE.finditer(text) if re.search(f"[{ISOLATES}]", text) else ():
        at, character = found.start(), found[0]
        if character == _POP and opened:
            opened.pop()
        elif character == _POP:
            yield at
        elif character not in "\n|":
            opened.append(at)
        elif character == "|" or _BLOCK.match(text, at) or _HEADING.match(text, line):
            yield from opened
            opened.clear()
        if character == "\n":
            line = at + 1
    yield from opened


def _not_utf8(body: bytes, at: int, name: str) -> Diagnostic:
    before = unix_lines(body[:at].decode("utf-8"))
    message = f"not UTF-8: byte 0x{body[at]:02X}; save the file as UTF-8"
    return error(ENCODING, name, *Source(name, before, b"").position(len(before)), message)
