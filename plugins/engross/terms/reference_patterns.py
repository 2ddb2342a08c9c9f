"""The patterns with which references are read, made of a language's words.

A pattern begins with a character set, so that the search skips to the next possible beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Grammar, Referring
from engross.terms.typed_numbers import INSERTED

PART: Final = r"\((?:[a-z]|aa|bb|cc|dd|ee|ff|gg|hh|jj|kk|[ivxl]{2,6}|[A-Z]|[IVXL]{2,6}|\d{1,3}[A-Z]?)\)"
PARTS: Final = rf"{PART}(?:\s?{PART})*"
_BIS_JOINED = rf"(?:(?i:{INSERTED})(?!\w))"
_IS_INSERTED = re.compile(rf"(?<=\d)(?:{INSERTED})(?!\w)", re.IGNORECASE)
_BIS = rf"(?:\s(?i:{INSERTED})(?!\w|\s+(?:\d|§))|{_BIS_JOINED})"
# "Section 5.1 a", "Section 4.4 a iii": a letter that no article can be.
_SPACED = (
    r"(?:(?<=\.\d)|(?<=\.\d\d))\s[a-h](?:\s[ivx]{1,4}(?!\w))?(?=\s*(?:[.,;:)]|\Z)"
    r"|\s+(?:and|or|in|of|under|above|below|that|which|is|are|shall|must|may|applies|apply)(?!\w))"
)
_DIGITS = (
    rf"\d{{1,5}}(?:\.\d{{1,4}})*{_BIS}?+(?:(?<=\d\d\d)-\d{{2,6}}|-\d{{3}}(?!\d))?(?:{_SPACED})?(?:\.?[a-zA-Z](?![\w-]))?(?:\.(?:[a-z]|[ivx]{{2,5}}|\d{{1,2}})(?![\w-]))*"
    rf"(?:\s?{PART})*(?:\s+(?:Abs\.|Absatz)\s*\d{{1,2}}(?!\w)(?:\s+(?:Buchst\.|lit\.)\s*[a-z](?!\w))?)?"
    # Converters lose blanks: "Clause 2.11shall".
    r"(?:(?![\w%])|(?=and\s+(?:Section|Clause|Article|Paragraph)s?\s)|(?<=\.\d)(?=(?:shall|will|may|must|and|of)(?!\w))|(?<=\.\d\d)(?=(?:shall|will|may|must|and|of)(?!\w)))"
    r"(?!\.\d)(?!/\d{1,2}/\d)"
)
_LETTERS = (
    r"(?:[IVXLC]{1,7}|[A-Z]\d{1,2}|[A-Z])(?:[.-]\d{1,3})*(?:\.(?:[A-Za-z]|[ivx]{2,4}|\d{1,2})(?!\w))*"
    rf"(?:\s?{PART})*(?![\w’'-])"
)
# "artículo 2º", "cláusula 5.ª", "article 1er".
_ORDINAL_MARK = re.compile(r"(?<=\d)(?:\.?[ºª°]|er(?!\w)|[èe]re(?!\w))")
# "cláusula quinta (5.8)"
_PRECISE = re.compile(r"\((\d+(?:\.\d+)+)\)\Z")
_SPACED_PARTS = re.compile(r"(?<=\d)\s([a-h])(?=\s[ivx]+\Z|\Z)|(?<=[\s\w)])\s([ivx]{1,4})\Z")
_SUBSECTION = re.compile(r"\s*(?:Abs\.|Absatz|Buchst\.|lit\.)\s*(\d{1,2}|[a-z])")
_RANGE = re.compile(r"\s+(?:to|through|thru|until|bis|a|à)\s+\Z|\s*[–—-]\s*\Z", re.IGNORECASE)
_THIS = re.compile(r"\b(?:this|these)\s+\Z", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*,\s*(?:and/or|and|or)?\s*|\s+(?P<to>to|through|thru|until|bis|a|à)\s+|\s*[–—-]\s*(?=\d|\(|[A-Z]\.\d)|\s+(?:and/or|and|or|&|und|oder|y|et)\s+",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[\s-]+(?:\w+[\s-]+)?(?:days?|months?|years?|weeks?|hours?|minutes?|percent|per\s+cent|%|times|copies|of\s+the\s+parties|"
    r"U\.?\s?S\.?\s?C|C\.?\s?F\.?\s?R|(?:million|thousand|dollars|euros|USD|EUR))\b",
    re.IGNORECASE,
)
_AFTER_LAST = re.compile(
    r"\s*(?:[.,;:)\]”\"–—-]|\Z|(?:of|above|below|hereof|herein|inclusive|apply|applies|shall|will|may|must|do|does|did|is|are|was|were"
    r"|has|have|survives?|continues?|or|and|to|through|in|under|for|with|without|as|if|unless|where|when|by|on)\b|\()"
    # "paragraphs (a) and (b) which …", unlike "named in clause 3 and (b) which …".
    r"|(?:(?<=\([a-z]\)\sand\s\([a-z]\))|(?<=\([a-z]\)\sor\s\([a-z]\)))\s+(?:which|that|can|cannot|would)\b"
)
_BELOW = r"(?:\((?:\d{1,3}|[a-z])\)|\d{1,3}(?!\w)|[a-z](?:\)|(?!\w)))"
_OF_ATTACHED = re.compile(
    r"\s+(?:of|in|to)\s+(?:exhibit|schedule|annex|annexure|appendix|attachment|addendum)\s+[A-Z\d]", re.IGNORECASE
)
_OF_NUMBER = re.compile(
    r"\s*,?\s*(?:of|in|to)\s+(?P<this>this\s+)?(?:section|clause|article|paragraph|§)(?:\s+(?P<number>\d+(?:\.\d+)*(?:\([a-z0-9]{1,5}\))*"
    r"|[IVXLC]+))?(?![\w])",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(r"\s*,?\s*(?:of|in|to|under|from|der|des|del|de|du)\s+(?:the\s+|la\s+)?", re.IGNORECASE)
_NEVER = re.compile("(?!)")
_JOINED = re.compile(r"\s*,?\s*(?:and|or|and/or|to|through)?\s*", re.IGNORECASE)


@value_class(frozen=True, slots=True, eq=False)
class ReferencePatterns:
    """The patterns of one language.

    `pointer` is a word with a number, `number` a number alone. `separator` is between two numbers, `ranged` ends the
    text between those of a range, `counted` and `after_last` follow a number that is an amount, or the last of a list.
    `this` ends before the word. `of_attached`, `of_number` and `of_whole` lead from a part to its whole,
    `of_this_attached` names the attachment around the text (dieser Anlage), `joined` is between two references.
    `numbered` and `ignored` are the parts after a number: Abs. 2, Satz 1. `part` is one of them, `value` the number of
    another part of its kind: Abs. 2 und 3. `number_of` returns the number that an ordinal means, `small` are words
    without a capital in titles.
    """

    pointer: re.Pattern[str]
    number: re.Pattern[str]
    separator: re.Pattern[str]
    ranged: re.Pattern[str]
    counted: re.Pattern[str]
    after_last: re.Pattern[str]
    this: re.Pattern[str]
    of_attached: re.Pattern[str]
    of_number: re.Pattern[str]
    of_whole: re.Pattern[str]
    of_this_attached: re.Pattern[str]
    joined: re.Pattern[str]
    numbered: re.Pattern[str]
    ignored: re.Pattern[str]
    number_of: Callable[[str], str]
    part: re.Pattern[str] = _NEVER
    value: re.Pattern[str] = _NEVER
    small: frozenset[str] = frozenset()

    def normalized(self, number: str) -> str:
        """Return a number as clauses have it: "4 Abs. 2 lit. a" and "4.2 a)" → "4(2)(a)" and "4.2(a)"."""
        if word := self.number_of(number):
            precise = _PRECISE.search(number)
            return precise[1] if precise else word
        number = _SPACED_PARTS.sub(_in_brackets, number)
        number = _ORDINAL_MARK.sub("", self.ignored.sub("", number))
        number = "".join(self.numbered.sub(_in_brackets, number).split()).replace(",", "")
        number = _IS_INSERTED.sub(lambda found: found[0].lower(), number)
        return re.sub(r"\.(?=\()", "", number)


def _in_brackets(found: re.Match[str]) -> str:
    return f"({next(group for group in found.groups() if group)})"


@lru_cache(maxsize=32)
def patterns_of(grammar: Grammar) -> ReferencePatterns:
    """Return the patterns of a language."""
    return _english(grammar.referring) if grammar.is_english else _foreign(grammar)


def _english(words: Referring) -> ReferencePatterns:
    number = rf"(?:{_DIGITS}|{_LETTERS}|{PARTS})"
    return ReferencePatterns(
        pointer=re.compile(
            rf"{_word(words)}(?:(?<=§)|(?![\w-]))"
            rf"(?:(?:(?<=[§.])\s*|\s+)(?:(?i:no\.?|number)\s+|[“\"](?=[A-Z\d]{{1,2}}[”\"])|[‘“\"'](?=\(\w{{1,5}}\)[’”\"']))?(?P<number>{number}))?"
        ),
        number=re.compile(number),
        separator=_SEPARATOR,
        ranged=_RANGE,
        counted=_COUNTED,
        after_last=_AFTER_LAST,
        this=_THIS,
        of_attached=_OF_ATTACHED,
        of_number=_OF_NUMBER,
        of_whole=_OF_WHOLE,
        of_this_attached=_NEVER,
        joined=_JOINED,
        numbered=_SUBSECTION,
        ignored=_NEVER,
        number_of=words.number_of,
    )


def _foreign_numbers(words: Referring) -> tuple[str, str, str]:
    """Return the patterns of a number, of the first number after a word, and of a part: ", Abs. 2"."""
    worded = rf"(?:{words.parts}|{words.ignored})(?:(?<=\W)|(?!\w))"
    below = rf"(?:,?\s*{worded}\s*{_BELOW})"
    inserted = rf"(?:\s(?i:{words.suffixes})(?!\w|\s+(?:\d|§))|{_BIS_JOINED})"
    digits = (
        rf"\d{{1,5}}(?:\.?[ºª°]|er(?!\w)|[èe]re(?!\w))?(?:\.\d{{1,4}})*{inserted}?+"
        r"(?:(?<=\d\d\d)-\d{1,3}|-[IVXLC]+(?!\w))?(?:\.?[a-zA-Z](?![\w’'-]))?(?:\.(?:[a-z]|[ivx]{2,5}|\d{1,2})(?![\w’'-]))*(?:(?<=\.[a-z])\))?"
        rf"(?:\s?{PART})*(?:\s?[a-z]\)(?!\w))?{below}*(?![\w%])(?!\.\d)"
    )
    letters = rf"(?:[IVXLC]{{1,7}}|[A-Z])(?:[.-]\d{{1,3}})*(?:\s?{PART})*(?![\w’'-]|\.\s?\d|\.[A-Z](?!\w))"
    lettered = rf"[a-z](?:\)|(?![\w’'.-])){below}*"
    number = rf"(?:(?i:{words.ordinal})(?!\w)(?:\s?\(\d+(?:\.\d+)+\))?|{digits}|{letters}|{PARTS}|{lettered})"
    # "Ziffer 5, Ziffer 6" are two, unlike "§ 5, Ziffer 6".
    first = number.replace(below, rf"(?:(?!,?\s*(?P=word)(?!\w)){below})")
    return number, first, below


def _foreign(grammar: Grammar) -> ReferencePatterns:
    words = grammar.referring
    number, first, below = _foreign_numbers(words)
    common = "|".join(sorted(grammar.common))
    main = words.words_of("section", "subsection", "clause", "article", "paragraph")
    return ReferencePatterns(
        pointer=re.compile(
            rf"{_word(words)}(?:(?<=§)|(?![\w-]))(?:(?:(?<=[§.])\s*|\s+)(?:(?i:n[°ºr.]+|núm\.)\s*)?(?P<number>{first}))?"
        ),
        number=re.compile(number),
        separator=_separator(words),
        ranged=re.compile(rf"\s+(?:{words.to})\s+\Z|\s*[–—-]\s*\Z", re.IGNORECASE),
        counted=re.compile(rf"[\s-]*(?:%|€|(?:\w+\s+)?(?:{words.units})(?!\w))", re.IGNORECASE),
        after_last=re.compile(rf"\s*(?:[.,;:)\]”\"»“–—(-]|\Z|(?:{common})(?!\w))"),
        this=re.compile(rf"(?<!\w)(?:{words.this})\s+\Z", re.IGNORECASE),
        of_attached=re.compile(rf"\s+(?:{words.of})\s*(?:{words.words_of('annex')})\s+[A-Z\d]", re.IGNORECASE),
        of_number=re.compile(
            rf"\s*,?\s*(?:(?:{words.of})\s*|(?=(?:{words.this})\s))(?P<this>(?:{words.this})\s+)?(?:{main}|§)"
            r"(?:\s*(?P<number>\d+(?:\.\d+)*(?:\([a-z0-9]{1,5}\))*|[IVXLC]+))?(?!\w)",
            re.IGNORECASE,
        ),
        of_whole=re.compile(rf"\s*,?\s*(?:{words.of})\s*(?:(?:{words.this})\s+)?", re.IGNORECASE),
        of_this_attached=re.compile(
            rf"\s+(?:(?:{words.own})|(?:{words.of})\s+(?:{words.this}))\s+(?:{words.words_of('annex')})(?!\w|\s+(?-i:[A-Z]|[IVX]+|\d+)(?!\w))",
            re.IGNORECASE,
        ),
        joined=re.compile(rf"\s*,?\s*(?:{words.joins}|{words.to})?\s*", re.IGNORECASE),
        numbered=re.compile(
            rf"(?:,?\s*(?:{words.parts})\s*\(?(\d{{1,3}}|[a-z])\)?)|(?<![\w(])([a-z])(?:\)|\Z)|(?<=\d)([a-z])\)"
        ),
        number_of=words.number_of,
        part=re.compile(
            rf",?\s*(?:(?P<word>{words.parts})|(?:{words.ignored}))(?:(?<=\W)|(?!\w))\s*\(?(?P<value>\d{{1,3}}|[a-z])(?:\)|(?!\w)(?!\.\d))"
        ),
        value=re.compile(rf"\(?(?P<value>\d{{1,2}}|[a-z])(?:\)|(?![\w(])(?!\.\d)(?!{below}))"),
        small=grammar.common,
        ignored=re.compile(rf",?\s*(?:{words.ignored})\s*\(?(?:\d{{1,3}}|[a-z])\)?(?!\w)"),
    )


def _separator(words: Referring) -> re.Pattern[str]:
    """Return the pattern of what is between two numbers; a full stop may end the first: Abschnitte 5., 6. und 7."""
    joins = rf"\s*,\s*(?:(?:{words.joins})\s+)?|\s+(?:{words.joins})\s+"
    stop = rf"(?:\.(?=\s*,|\s+(?:{words.joins})\s+\d))?"
    return re.compile(rf"{stop}(?:{joins}|\s+(?P<to>{words.to})\s+|\s*[–—-]\s*(?=\d))", re.IGNORECASE)


def _word(words: Referring) -> str:
    """Return the pattern of a word that precedes a number; the first letter is a character set."""
    ordered = sorted((word for word in words.families if word[0].isalpha()), key=lambda word: (word[0], -len(word)))
    branches = [
        rf"(?<={first})(?:{'|'.join(_rest(word) for word in group)})"
        for first, group in groupby(ordered, key=lambda word: word[0])
    ]
    letters = "".join(sorted({word[0] for word in ordered}))
    return rf"(?P<word>(?:[{letters}{letters.upper()}§](?<![\w-].))(?i:(?<=§)§?|{'|'.join(branches)}))"


def _rest(word: str) -> str:
    """Return the pattern of a word after its first letter; a hyphen in it may be missing."""
    return re.escape(word[1:]).replace(r"\-", "-?")


@lru_cache(maxsize=32)
def not_itself(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of words that mean no clause of their own after "this", such as plurals."""
    return re.compile(grammar.referring.not_itself, re.IGNORECASE)
