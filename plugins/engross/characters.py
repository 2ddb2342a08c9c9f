"""Characters that hide something, and how they are shown: `<U+202E>` in place of the character itself.

Everything that Engross prints or logs goes through `visible`: a terminal obeys control characters, a character that
turns the direction of text makes it read otherwise than it is, and a log line that begins with `::` or holds `##[` is a
command to the service that runs a workflow.
"""

from __future__ import annotations

import re

ISOLATES = "\u2066-\u2069"
"""Directional isolates and the character that closes them, as a part of a pattern."""

BIDI_CONTROLS = f"\u202a-\u202e{ISOLATES}"
"""Characters that turn the direction of the text around them, as a part of a pattern."""

INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0"
"""Characters that take no room: soft hyphen, joiners, zero-width spaces, fillers, marks of direction, of formulas."""

NEVER = "\u2028\u2029\U000e0000-\U000e007f"
"""Tags, with which whole sentences can be hidden, and line ends of another kind than the text has."""

HIDDEN = re.compile(f"[\x80-\x9f{BIDI_CONTROLS}]")
"""What a text, a YAML file or a change note may not hold: C1 controls and directional controls."""

ESCAPED_HIDDEN = re.compile(r"\\(?:u(202[a-eA-E]|206[6-9]|00[89][0-9a-fA-F])|x([89][0-9a-fA-F]))")
"""Such a character as YAML writes it between double quotes."""

CONTROLS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]")
"""What the name of a file may not hold: line ends, controls, directional controls, bytes that are not UTF-8."""

_UNSEEN = re.compile(f"[{INVISIBLE}{NEVER}]")
_UNPRINTED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]")
# What the logs of workflows obey: a line that begins with "::", as a wrapped one may, and "##[" or "##vso[" anywhere.
_COMMAND = re.compile(r"(?<!\S):(?=:)|(?<=##)\[|(?<=##vso)\[")
_JSON_UNPRINTED = re.compile(f"[\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]|(?<=##)\\[|(?<=##vso)\\[")


def code_point(character: str) -> str:
    """The name of a character that cannot be shown: U+202E."""
    return f"U+{ord(character):04X}"


def escaped(character: str) -> str:
    """What stands for a character that cannot be shown: `<U+202E>`."""
    return f"<{code_point(character)}>"


def visible(text: str) -> str:
    """The text as it may be printed or logged: no control character but line ends and tabs, and no command."""
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTED.sub(lambda found: escaped(found[0]), text)
    return _COMMAND.sub(lambda found: escaped(found[0]), text)


def revealed(text: str) -> str:
    """The text as `visible` gives it, characters that take no room escaped too: for words that are compared."""
    text = visible(text)
    return text if text.isascii() else _UNSEEN.sub(lambda found: escaped(found[0]), text)


def one_line(text: str) -> str:
    """The text as `visible` gives it, line ends and tabs escaped too: for names of files."""
    return CONTROLS.sub(lambda found: escaped(found[0]), visible(text))


def visible_json(text: str) -> str:
    """A JSON document with the same values, in which characters that cannot be shown are written as escapes."""
    return _JSON_UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
