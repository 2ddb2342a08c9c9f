"""Bytes on disk → a `Source`: UTF-8 checked, byte-order mark and line ends normalised, control characters refused.

White space, NUL and line ends are defined here once for all: `\\r\\n` and a lone `\\r` are a line end, NUL and the
other C0 controls (save tab) are refused, since a browser drops or alters them and the page would no longer say
what the source says.
"""

from __future__ import annotations

import re
from pathlib import Path

from engross.errors import EngrossError, error
from engross.model import Diagnostic, Source

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BOM = b"\xef\xbb\xbf"


def read_source(path: Path, name: str | None = None) -> Source:
    """Read the file at `path`; messages call it `name` (default: the path as given).

    Raises EngrossError with one diagnostic when the file is missing, unreadable, not UTF-8 or holds a control
    character.
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
    return decode(data, name)


def decode(data: bytes, name: str) -> Source:
    """The `Source` of some bytes. Raises EngrossError when they are not UTF-8 or hold a control character."""
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise EngrossError([_not_utf8(body, problem.start, name)]) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(name, text, data)
    if found := _CONTROL.search(text):
        line, column = source.position(found.start())
        code = f"U+{ord(found[0]):04X}"
        message = f"the character {code} cannot be shown on a page; delete it"
        raise EngrossError([error("control-character", name, line, column, message)])
    return source


def _not_utf8(body: bytes, at: int, name: str) -> Diagnostic:
    before = body[:at].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    message = f"not UTF-8: byte 0x{body[at]:02X}; save the file as UTF-8"
    return error("encoding", name, line, column, message)
