"""Bytes on disk → a `Source`: UTF-8 checked, byte-order mark and line ends normalised, control characters refused.

White space, NUL and line ends are defined here once for all: `\\r\\n` and a lone `\\r` are a line end, NUL and the
other C0 controls (save tab) are refused, since a browser drops or alters them and the page would no longer say
what the source says. C1 controls and directional controls are refused for the same reason, but in a text that is
sealed already, which is shown as it was posted; directional isolates may stand in pairs within a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from engross.characters import HIDDEN, ISOLATES, code_point
from engross.errors import EngrossError, error
from engross.model import Diagnostic, Source

RULE = "control-character"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BOM = b"\xef\xbb\xbf"
_POP = "\u2069"
# Where a paragraph may end: at a line end, and at a bar between cells.
_ISOLATE = re.compile(f"[{ISOLATES}\n|]")
# Where it does end at a line end: before an empty line, a heading, an item, a row or a quotation, and after a heading.
_BLOCK = re.compile(r"\n[ \t]*(?:\n|[#>*+-]|\(?\w{1,4}[.)][ \t])")
_HEADING = re.compile(r"[ \t]*#")
_MOST = 10
"""Characters of a file that are named one by one, at most."""


def read_source(path: Path, name: str | None = None, *, sealed: bool = False) -> Source:
    """Read the file at `path`; messages call it `name` (default: the path as given). `sealed`: see `decode`.

    Raises EngrossError when the file is missing, unreadable, not UTF-8 or holds a control character.
    """
    name = name or path.as_posix()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise EngrossError([error("missing-file", name, 0, 0, "there is no such file")]) from None
    except IsADirectoryError:
        raise EngrossError([error("unreadable-file", name, 0, 0, "this is a folder, not a file")]) from None
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise EngrossError([error("unreadable-file", name, 0, 0, f"cannot be read: {reason.lower()}")]) from None
    return decode(data, name, sealed=sealed)


def decode(data: bytes, name: str, *, sealed: bool = False) -> Source:
    """The `Source` of some bytes. Raises EngrossError when they are not UTF-8 or hold a control character.

    In a text that is `sealed`, C1 and directional controls are read as they are.
    """
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise EngrossError([_not_utf8(body, problem.start, name)]) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(name, text, data, sealed)
    if found := _CONTROL.search(text):
        message = f"the character {code_point(found[0])} cannot be shown on a page; delete it"
        raise EngrossError([error(RULE, name, *source.position(found.start()), message)])
    if not sealed and not text.isascii() and (hidden := list(islice(hidden_controls(source), _MOST))):
        raise EngrossError(hidden)
    return source


def hidden_mistake(character: str) -> str:
    """What is wrong with a character that a draft may not hold, and what to do about it."""
    code = code_point(character)
    if character < "\xa0":
        return f"the control character {code} does not show on a page; delete it"
    return f"the character {code} turns the direction of the text, so that it reads otherwise than it is; delete it"


def hidden_controls(source: Source) -> Iterator[Diagnostic]:
    """A finding for each control that the text may not hold; isolates may stand in pairs within a paragraph."""
    loose = set(loose_isolates(source.text))
    for found in HIDDEN.finditer(source.text):
        if found.start() in loose:
            what = "closes none" if found[0] == _POP else "is not closed by U+2069"
            message = f"the directional isolate {code_point(found[0])} {what} in the same paragraph; complete the pair"
            yield error(RULE, source.path, *source.position(found.start()), f"{message}, or delete it")
        elif not re.match(f"[{ISOLATES}]", found[0]):
            yield error(RULE, source.path, *source.position(found.start()), hidden_mistake(found[0]))


def loose_isolates(text: str) -> Iterator[int]:
    """The offset of each directional isolate that has no partner in its paragraph."""
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
    before = body[:at].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    message = f"not UTF-8: byte 0x{body[at]:02X}; save the file as UTF-8"
    return error("encoding", name, line, column, message)
