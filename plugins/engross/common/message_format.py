"""Formats text for messages: paths of keys, suggestions, and escapes for hidden characters, such as `<U+202E>`.

Everything that Engross prints or logs passes through `visible`. Terminals obey control characters, directional
characters change the order in which text shows, and CI services run log lines that begin with `::` or contain `##[`
as commands.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import engross.common.lazy_re as re

_SPACES_AND_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_GUESS = 60
_MIN_SIMILARITY = 0.75


def shown(text: str, longest: int = 40) -> str:
    """Return the text on one line without control characters, cut to `longest` characters."""
    line = _SPACES_AND_CONTROLS.sub(" ", text).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def join(path: Iterable[str | int]) -> str:
    """Format a path for messages: ("documents", 2, "kind") becomes "documents[2].kind"; positions count from 0."""
    formatted = ""
    for part in path:
        if isinstance(part, int):
            formatted += f"[{part}]"
        else:
            formatted += f".{shown(part)}" if formatted else shown(part)
    return formatted


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most similar to this one, or an empty string if none is similar."""
    # difflib takes quadratic time, and nothing longer is a typing error.
    found = get_close_matches(word[:_LONGEST_GUESS].lower(), list(known), n=1, cutoff=_MIN_SIMILARITY)
    return found[0] if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?`, or an empty string if no known word is similar."""
    guess = nearest(word, known)
    return f'; did you mean "{guess}"?' if guess else ""


def quoted(text: str) -> str:
    """Return the text as a double-quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


ISOLATES = "\u2066-\u2069"
"""Directional isolates and the character that closes them, as part of a pattern."""

BIDI_CONTROLS = f"\u202a-\u202e{ISOLATES}"
"""Characters that change the direction of the text around them, as part of a pattern."""

INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0"
"""Characters without width: soft hyphen, joiners, zero-width spaces, fillers, marks of direction and of formulas."""

NEVER = "\u2028\u2029\U000e0000-\U000e007f"
"""Tag characters, which can hide whole sentences, and the Unicode line and paragraph separators."""

HIDDEN = re.compile(f"[\x80-\x9f{BIDI_CONTROLS}]")
"""Characters forbidden in texts, YAML files and change notes: C1 controls and directional controls."""

ESCAPED_HIDDEN = re.compile(r"\\(?:u(202[a-eA-E]|206[6-9]|00[89][0-9a-fA-F])|x([89][0-9a-fA-F]))")
"""The escape of a `HIDDEN` character in a double-quoted YAML scalar."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot represent (section 2.2)."""

CONTROLS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]")
"""Characters forbidden in file names: line ends, controls, directional controls, bytes that are not UTF-8."""

_WITHOUT_WIDTH = re.compile(f"[{INVISIBLE}{NEVER}]")
_ESCAPED_IN_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]")
# Workflow commands in logs: "::" at the start of a line (lines may be wrapped anywhere), "##[" or "##vso[" anywhere.
_WORKFLOW_COMMAND = re.compile(r"(?<!\S):(?=:)|(?<=##)\[|(?<=##vso)\[")
_ESCAPED_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}\ud800-\udfff]|(?<=##)\\[|(?<=##vso)\\[")


def code_point(character: str) -> str:
    """Return the name of a character that cannot be shown: U+202E."""
    return f"U+{ord(character):04X}"


def escaped(character: str) -> str:
    """Return the replacement for a character that cannot be shown: `<U+202E>`."""
    return f"<{code_point(character)}>"


def visible(text: str) -> str:
    """Return the text for printing or logging: control characters (except line ends and tabs) and commands escaped."""
    if not (text.isascii() and text.isprintable()):
        text = _ESCAPED_IN_TEXT.sub(lambda found: escaped(found[0]), text)
    return _WORKFLOW_COMMAND.sub(lambda found: escaped(found[0]), text)


def revealed(text: str) -> str:
    """Like `visible`, but also escape characters without width; for showing compared words."""
    text = visible(text)
    return text if text.isascii() else _WITHOUT_WIDTH.sub(lambda found: escaped(found[0]), text)


def one_line(text: str) -> str:
    """Like `visible`, but also escape line ends and tabs; for file names."""
    return CONTROLS.sub(lambda found: escaped(found[0]), visible(text))


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters; what is cut off ends after a word and is replaced by "…"."""
    if len(text) <= most:
        return text
    words = text[:most].rpartition(" ")[0] or text[: most - 1]
    return f"{words.rstrip(' ,;:')}…"


def visible_json(text: str) -> str:
    """Return a JSON document with the same values in which characters that cannot be shown are escaped."""
    return _ESCAPED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
