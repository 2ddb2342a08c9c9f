"""What counts as a word in texts of any script, and texts without their typography.

Typography is the form of blanks, quotation marks, apostrophes and dashes. Two texts differ in typography alone if their
words and other signs are the same. A blank that joins or divides words, or a sign that is only in one of the texts, is
never typography.
"""

from __future__ import annotations

import engross.common.lazy_re as re

# Scripts written without blanks between words. A word is a character of Chinese or of hiragana, a run of katakana, or a
# character of Thai, Lao, Burmese or Khmer with its signs.
_SINGLE = "\u3005-\u3007\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_SIGNED = "\u0e01-\u0e30\u0e32-\u0e33\u0e45-\u0e46\u0e50-\u0e5b\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd\u0ec6-\u0edf"
_SIGNED += "\u1000-\u102a\u103f-\u1055\u1780-\u17b3\u17dc\u17e0-\u17e9"
_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4"
_SIGNS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd"
SPACELESS = f"{_SINGLE}{_KATAKANA}{_SIGNED}{_BEFORE}{_SIGNS}"
"""The characters of these scripts, for a set of a regular expression."""
SPACELESS_WORD = f"(?:[{_BEFORE}]?[{_SIGNED}](?:\u17d2[{_SIGNED}]|[{_SIGNS}])*|[{_KATAKANA}]+|[{SPACELESS}])"
"""A regular expression for one word of these scripts."""
LETTER = rf"[^\W{SPACELESS}]"
"""A regular expression for a letter, digit or underscore of all other scripts."""

WORD = re.compile(rf"{LETTER}+|{SPACELESS_WORD}")
"""A word without regard to signs between letters."""
_OF_SPACELESS = re.compile(f"{SPACELESS_WORD}")
_CHARACTERS_OF_A_WORD = 2

_HIDDEN = "\u00ad\u200b\u2060\ufeff"
_FORMS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»‹›″「」『』〝〞〟＂", '"'),
        **dict.fromkeys("‘’‚‛`´′＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹘﹣", "-"),
        **dict.fromkeys(_HIDDEN),
    }
)
# Words in single quotation marks; those inside words are apostrophes, and one after a digit is a sign of feet.
_QUOTED = re.compile(rf"(?<!{LETTER})(?<!')'(?=[^\s'])((?>(?:[^']|(?<={LETTER})'(?={LETTER}))*))(?<=\S)'(?!{LETTER}|')")
_PARTS = re.compile(rf"{LETTER}+|{SPACELESS_WORD}|-+|''|\S")
_PLAIN = re.compile(r"[\w .,;:()/]*", re.ASCII)


def folded(text: str) -> str:
    """Return a text without its typography: equal for texts that differ in nothing else."""
    if _PLAIN.fullmatch(text) and "  " not in text:
        # Most texts. A sign next to a blank is the same sign without it, so blanks that touch signs are dropped.
        return _BESIDE_SIGN.sub("", text.strip(" "))
    text = text.translate(_FORMS)
    text = _QUOTED.sub(r'"\1"', text) if "'" in text else text
    parts = (_SHORTER.get(part[:2], part) for part in _PARTS.findall(text))
    return _BESIDE_SIGN.sub("", " ".join(parts))


_SHORTER = {"--": "-", "''": '"'}
# A blank beside a sign, except between digits: "5.5" and "5. 5" are different numbers.
_BESIDE_SIGN = re.compile(
    r"(?<=[^\w ])\ (?!(?:(?<=\d[^\w ]\ )|(?<=\d\ [^\w ]\ ))\d)|\ (?!(?<=\d\ )[^\w ]\ ?\d)(?=[^\w ])", re.VERBOSE
)


def count_units(text: str) -> int:
    """Return about how many words a text has, for thresholds; two characters of Chinese count as a word."""
    blanks = text.count(" ") + bool(text)
    return blanks if text.isascii() else blanks + len(_OF_SPACELESS.findall(text)) // _CHARACTERS_OF_A_WORD
