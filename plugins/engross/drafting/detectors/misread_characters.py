"""Finds characters of UTF-8 that a program read as Windows-1252: “Â£” for £, “Ã©” for é, “â€œ” for a quotation mark."""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.subject import Passage

_SIGNS = ("Â", "Ã", "â€", "â‚¬", "â„¢", "Å“", "ï»¿")
# A word of Portuguese or Romanian in capitals may end in a capital A with a tilde or a circumflex, so that a quotation
# mark, a dash or a blank after it counts only at the beginning of a word, or beside a small letter.
_MISREAD = re.compile(
    "Â[¡-ª¬-º¼-¿]|(?<![^\\W\\d_])Â[\u00a0«»]"
    "|Ã[¡-ª¬-º¼-¿€ƒ†‡ˆ‰ŠŒŽ˜™šœžŸ\x81\x8d\x8f\x90\x9d]|(?<=[a-zß-ÿ])Ã[«»]|Ã[«»](?=[a-zß-ÿ])|(?<![^\\W\\d_])Ã[–“”„‘’•—](?=[a-zß-ÿ])"
    "|(?<!\\w)Ã\u00a0(?=\\s*[a-zß-ÿ\\d])|(?<=[a-zß-ÿ])Ã\u00a0"
    '|â€[™œ“”\x9d¦˜¢ž"]?|â‚¬|â„¢|Å“(?=[a-zß-ÿ])|ï»¿'
)


@value_class(frozen=True, slots=True)
class Misread:
    """The characters `text` at `start` that stand for one character, `right`; empty where it is not certain which."""

    start: int
    text: str
    right: str


def may_be_misread(text: str) -> bool:
    """Whether a text may have such characters."""
    return not text.isascii() and any(sign in text for sign in _SIGNS)


def misread_characters(passage: Passage) -> Iterator[Misread]:
    """The characters of a passage, outside code, that were read in the wrong encoding."""
    if not may_be_misread(passage.text):
        return
    for found in _MISREAD.finditer(passage.text):
        if passage.is_words(found.start()):
            yield Misread(found.start(), found[0], _decoded(found[0]))


def _decoded(text: str) -> str:
    """The character that was meant."""
    # Windows-1252 has no character for five bytes, which programs keep as they are, or drop.
    read = b"".join(bytes([ord(one)]) if "\x80" <= one <= "\x9f" else one.encode("cp1252") for one in text)
    return read.decode("utf-8", "ignore")
