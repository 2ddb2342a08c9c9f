"""Fields of Word: instructions such as `REF _Ref12 \\r \\h`, whose last result is stored in the text."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.common import value_class

_WORDS = re.compile(r'"((?:\\.|[^"\\])*)"|(\S+)')
REFERENCES = ("REF", "PAGEREF", "NOTEREF", "STYLEREF")


@value_class(slots=True)
class Field:
    """A field that is open: its instruction so far, and whether its result has begun. `result` is the text of it."""

    instruction: str = ""
    has_result: bool = False
    result: str = ""

    @property
    def words(self) -> list[str]:
        """The words of the instruction; quotation marks are removed."""
        return [quoted or plain for quoted, plain in _WORDS.findall(self.instruction)]

    @property
    def kind(self) -> str:
        """The first word of the instruction, in capitals."""
        words = self.words
        return words[0].upper() if words else ""

    @property
    def target(self) -> str:
        """The bookmark that a reference leads to; an empty string for other fields."""
        words = self.words
        return words[1] if self.kind in REFERENCES and len(words) > 1 else ""

    @property
    def address(self) -> str:
        """The address of a hyperlink; an empty string for other fields and for places in the document."""
        words = self.words
        is_address = self.kind == "HYPERLINK" and len(words) > 1 and not words[1].startswith("\\")
        return words[1] if is_address else ""

    @property
    def is_number(self) -> bool:
        """Whether the result is the number of a paragraph."""
        return self.kind == "REF" and any(word.lower() in ("\\r", "\\n", "\\w") for word in self.words)

    @property
    def shown_instruction(self) -> str:
        """The text that the instruction itself shows: that of a place to type in (MACROBUTTON)."""
        words = self.instruction.split(None, 2)
        return words[2].strip() if self.kind == "MACROBUTTON" and len(words) > 2 else ""


@value_class(frozen=True, slots=True)
class NumberReference:
    """A reference to the number of a paragraph: the bookmark, what the text shows, and the place of the reference."""

    bookmark: str
    shown: str
    place: str


def same_number(shown: str, full: str, own: str) -> bool:
    """Whether a reference shows a number, or its end: Word leaves out what both places share."""
    bare = re.sub(r"[\s.]+", "", shown).casefold()
    wanted = re.sub(r"[\s.]+", "", full).casefold()
    return bare in (wanted, re.sub(r"[\s.]+", "", own).casefold()) or (bool(bare) and wanted.endswith(bare))
