"""Reads the numbers that are typed at the beginning of a text and that the parser keeps as plain characters.

Converters write `12\\. Duties` for a heading, and templates number clauses as `L.3.` or `**F-8.3**`. Such a paragraph
can be referred to by its number, like a section.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.language import Grammar, is_title
from engross.model import Clause, ClauseKind, MarkKind
from engross.text import lead_in

INSERTED: Final = "bis|ter|quater|quinquies|sexies"
"""What follows the number of an article that was inserted later: article 4 bis is another than article 4."""
BULLETS: Final = "▪•●■◦"
"""Bullets that converters leave before a heading."""
_WORDED = r"(?:section|sec\.|article|clause|paragraph|part|by-?law|rule|chapter|division|§)"
_START = re.compile(
    rf"(?::::[^\n]{{0,80}}\n)?(?:-{{4,}})?[\s#_*={BULLETS}]*(?:\[(?=\d+\.\d))?(?:(?i:(?P<word>{_WORDED}))\s*)?"
    rf"(?P<number>\d{{1,2}}-\d{{1,3}}(?:\.\d{{1,3}})+|\d{{1,3}}(?:\s?(?i:{INSERTED})(?!\w|\s\d)|[A-Za-z])?"
    r"(?:\.(?:\d{1,3}|(?:[a-z]|[ivx]{2,5})(?!\w)|[A-Z](?=[.):–—]))){0,6}(?:(?:(?<=\.\d)|(?<=\.\d\d))[A-Z](?!\w))?(?:\([a-z]{1,4}\))*|[A-Z]{1,3}[.-]?\d{1,3}(?:[.-]\d{1,3})*|[IVXLC]{1,6}|[A-Z])(?:\.?[ºª°])?"
    r"(?P<mark>\s?[.):–—]|/(?=\s)|\s-(?=\s)|-(?=[A-Z]))?(?P<gap>[\s_*]*)(?P<next>\S|\Z)"
)
_ENUMERATOR = re.compile(
    r"[\s*_]*(?:\((?P<closed>[A-Za-z]{1,5}|\d{1,3}[A-Z]?)\)|(?P<open>[a-z]|[ivx]{1,5}|\d{1,3})[.)](?:\s|(?=[A-Z][a-z]{2})))"
)
_NAMED = re.compile(
    r"\s*(?:(?:section|article|clause|§)\s*)?(?P<number>\d+(?:\.\d+)*)[.):]?(?=[\s.]|\Z)", re.IGNORECASE
)
_PARTED = re.compile(r"[.-]")
_LETTERED_ITEM = re.compile(r"(?P<base>\d{1,3}(?:\.\d{1,3})*)(?P<letters>(?:\.(?:[A-Za-z]|[ivx]{2,5}))+)")
_IN_BRACKETS = re.compile(r"\s*\((\d{1,2})\)\s*")
_CAPITAL_TITLE = re.compile(r"[A-Z][A-Z,;:/&’' -]{3,}(?:[.:]|\Z)")
_FEWEST_HEADINGS = 2
BULLET_MARKERS = frozenset("*-+")
"""The markers of items without a number, as Markdown writes them."""
_LONGEST_HEADING = 100
_CONTINUES = re.compile(r"(?:and|or|above|below|of|which|shall|will|is|are|does|applies)\b")
_NUMBERED = frozenset({ClauseKind.PARAGRAPH, ClauseKind.CELL, ClauseKind.SECTION})
_MAY_BEGIN = re.compile(rf"-*[\s#_*={BULLETS}]*\[?(?:\d|[A-Z](?![a-z])|[SsCcAaPpBbRrDd§])")

# "§ 4 Rights", "Article 12 - Courts", "5.2. COURTS".
_HEADING = re.compile(
    r"(?:(?P<word>§|(?:article|artikel|artículo|abschnitt|section|clause)\b)\s*\d{1,3}[a-z]?\s*[-–—:.]?"
    r"|\d{1,3}(?:\.\d{1,3})*[.)]?)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_LONGEST_UNMARKED = 90
_INSERTED = re.compile(rf"\d\W{{0,2}}(?:{INSERTED})(?!\w)", re.IGNORECASE)
_OUTERMOST = 2
_ROMAN_MARKER = re.compile(r"([IVXLC]+|[A-Z])[.)]")
_FIRST = 3
_MOST_WORDS = 6
# Words that titles in small letters do not begin with, and verbs.
_IS_SENTENCE = re.compile(
    r"\A(?:The|An?|This|These|Those|Each|Any|All|No|If|Where|When|Unless|Subject|For|In|On|At|By|To|As|With|You|We|It|Our|Your)\b"
    r"|\b(?:shall|will|must|may|can|is|are|has|have|agrees?|warrants?|undertakes?|means?|includes?|provides?|confirms?|that)\b"
)


HEADING_FAMILIES: Final = ("section", "subsection", "clause", "article", "bylaw", "rule", "chapter", "division", "§")
"""Families of the words that begin headings, with a number."""


@lru_cache(maxsize=32)
def _heading_word(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a word with a number at the start of a heading: Article 5, ARTÍCULO SEGUNDO."""
    words = grammar.referring
    numbers = rf"(?:\d|(?:[IVXLC]+|{words.ordinal})(?!\w))"
    return re.compile(rf"[\W_]*({words.words_of(*HEADING_FAMILIES)}|§)\s*{numbers}", re.IGNORECASE)


def heading_family(clause: Clause, grammar: Grammar) -> str:
    """Return the family of the word before the number of a heading: "article" for "ARTICLE 5. Fees"; "" for none."""
    found = _heading_word(grammar).match(clause.inline.text) if clause.kind is not ClauseKind.ITEM else None
    return grammar.referring.families.get(word := found[1].lower(), word) if found else ""


@lru_cache(maxsize=32)
def _start(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a number at the start of a text, with the words of a language before it."""
    words = grammar.referring.words_of("section", "subsection", "clause", "article")
    pattern = _START.pattern.replace(_WORDED, f"(?:{words}|§)")
    return re.compile(pattern.replace("(?P<number>", rf"(?P<number>(?i:{grammar.referring.ordinal})(?!\w)|"))


def typed_number(clause: Clause, grammar: Grammar) -> str:
    """Return the number typed before a clause's text, without its closing mark; empty if there is none."""
    bullet = clause.kind is ClauseKind.ITEM and clause.marker in BULLET_MARKERS
    found = _typed(clause, grammar) if bullet or clause.kind in _NUMBERED else None
    if found is None:
        return ""
    number = grammar.referring.number_of(found["number"]) or "".join(found["number"].split())
    # A bullet before a number of one level is a list within a list.
    return "" if bullet and "." not in number else number


def title_after_number(clause: Clause, grammar: Grammar) -> str:
    """Return the bold title after the number typed before a clause's text: "Roof" of "M.5. **Roof.** The …"; or ""."""
    found = _typed(clause, grammar)
    return lead_in(clause.inline, found.start("next"))[0] if found and clause.inline.marks else ""


def with_brackets(number: str) -> str:
    """Return a number with letters as references write it too: "1(c)" for "1.c"; "" for any other number."""
    found = _LETTERED_ITEM.fullmatch(number)
    return found["base"] + "".join(f"({one})" for one in found["letters"][1:].split(".")) if found else ""


def with_inserted(clause: Clause) -> str:
    """Return the number of a clause with the "bis" that the parser leaves out: "4bis" of "Article 4 bis – E-mail"."""
    number = clause.number.rstrip(".")
    if not number[-1:].isdigit() or not _INSERTED.search(clause.inline.text, 0, _LONGEST_HEADING):
        return clause.number
    words = rf"\W*(?:[^\W\d_]+\.?\s+)?{re.escape(number)}[.)]?(?:[ºª°])?\s?(?P<inserted>{INSERTED})(?!\w|\s+(?:\d|§))"
    found = re.match(words, clause.inline.text, re.IGNORECASE)
    return f"{number}{found['inserted'].lower()}" if found else clause.number


def has_typed_word(clause: Clause, grammar: Grammar) -> bool:
    """Return whether a word is before the typed number: "**Art. 5** …" counts through all chapters."""
    found = _typed(clause, grammar)
    return found is not None and bool(found["word"])


def _typed(clause: Clause, grammar: Grammar) -> re.Match[str] | None:
    text = clause.inline.text
    if grammar.is_english and not _MAY_BEGIN.match(text):
        return None
    found = (_START if grammar.is_english else _start(grammar)).match(text)
    return found if found and _ends_number(clause, found, grammar) else None


def _ends_number(clause: Clause, found: re.Match[str], grammar: Grammar) -> bool:
    """Return whether what follows makes the number one of the clause: a closing mark, bold, a capital."""
    following, number = found["next"], found["number"]
    if not (found["gap"] or found["mark"]) and following:
        # Converters lose the space before a title: "3.3.2Data Incidents".
        return "." in number and following.isupper()
    if following.islower() and found["mark"] == "." and number.count(".") > 1:
        return not _CONTINUES.match(clause.inline.text, found.end("gap"))  # an item: "10.4.1. the average is low"
    if following.islower() or following in (",", ";", ")", "%"):
        return False
    bold = any(mark.kind is MarkKind.STRONG and mark.start <= found.start("number") for mark in clause.inline.marks)
    short = len(clause.inline.text) <= _LONGEST_HEADING
    if found["word"]:
        if _is_bold_alone(clause, found):
            return True
        titled = clause.kind is ClauseKind.SECTION or (short and clause.inline.text.rstrip()[-1] not in ".;,:")
        titled = titled and (not grammar.is_english or is_title(clause.inline.text[found.start("next") :]))
        return bool(found["mark"]) or not following or (bold and short) or titled
    if number.isalpha():
        return bool(found["mark"]) and short and bool(following)
    if number[0].isalpha():
        # "## A.1 Scope", unlike "## M3 Sizes"
        parted = clause.kind is ClauseKind.SECTION and _PARTED.search(number) is not None
        return bool(found["mark"]) or bold or (parted and bool(following))
    return bool(found["mark"]) or bold or ("." in number and bool(following))


def _is_bold_alone(clause: Clause, found: re.Match[str]) -> bool:
    """Return whether a word with its number is in bold and what follows is not: "**Art. 6** The price is due"."""
    end = found.end("mark") if found["mark"] else found.end("number")
    bold = (mark for mark in clause.inline.marks if mark.kind is MarkKind.STRONG)
    return any(mark.start <= found.start("word") and found.end("number") <= mark.end <= end for mark in bold)


def typed_enumerator(clause: Clause) -> str:
    """Return the enumerator typed before the text of a clause as references write it, "(a)", or "".

    Only paragraphs, bullets and headings without a number have one: `### b. Costs` below `## 3. Payment` is 3(b).
    """
    bullet = clause.kind is ClauseKind.ITEM and clause.marker in BULLET_MARKERS
    heading = clause.kind is ClauseKind.SECTION and not clause.number and clause.inline.text[:2].lower() != "i."
    if not (bullet or heading or clause.kind is ClauseKind.PARAGRAPH):
        return ""
    found = _ENUMERATOR.match(clause.inline.text)
    return f"({found['closed'] or found['open']})" if found else ""


def bracketed_sections(nodes: Iterable[tuple[int, Clause, tuple[Clause, ...]]]) -> dict[int, str]:
    """Return the numbers of sections that are written in brackets, by the indexes of their clauses.

    In a text with headings "(1) PAYMENT" and "(4) DEFAULT", what converters left of the others are items and paragraphs
    with a title: "(3) CONVERSION OF NOTE. The …". They are sections too where the numbers count up.
    """
    found: dict[int, str] = {}
    headings = last = 0
    for index, clause, _ in nodes:
        heading = clause.kind is ClauseKind.SECTION
        number = _IN_BRACKETS.match(clause.inline.text if clause.kind in _NUMBERED else clause.marker)
        if number is None or (clause.kind is ClauseKind.ITEM and not _CAPITAL_TITLE.match(clause.inline.text)):
            continue
        if (
            not heading
            and clause.kind is not ClauseKind.ITEM
            and not _CAPITAL_TITLE.match(clause.inline.text, number.end())
        ):
            continue
        if int(number[1]) == last + 1:
            found[index] = number[1]
            last += 1
            headings += heading
    return found if headings >= _FEWEST_HEADINGS else {}


def title_number(clause: Clause, around: tuple[Clause, ...]) -> str:
    """Return the number of an item that is only a title: "II" of "II. FEES", a heading typed as a plain line; or ""."""
    found = _ROMAN_MARKER.fullmatch(clause.marker) if clause.kind is ClauseKind.ITEM else None
    if found is None or len(around) > _OUTERMOST + 1 or any(outer.kind is ClauseKind.ITEM for outer in around):
        return ""
    text = clause.inline.text.strip()
    titled = 1 < len(text) <= _LONGEST_UNMARKED and text[-1] not in '.;,:)”"' and "\n" not in text
    return found[1] if titled and (text.isupper() or is_title(text)) else ""


def is_heading_like(clause: Clause) -> bool:
    """Return whether a clause is a heading, or a paragraph that is as short as one."""
    return clause.kind is ClauseKind.SECTION or len(clause.inline.text) <= _LONGEST_HEADING


def clause_numbers(clause: Clause, around: tuple[Clause, ...]) -> Iterator[str]:
    """Yield the numbers by which a clause may be referred to."""
    number = with_inserted(clause)
    if not number and clause.kind in (ClauseKind.PARAGRAPH, ClauseKind.ITEM):
        found = _NAMED.match(clause.name or "") if clause.name else None
        number = found["number"] if found else ""
    number = number.replace(" ", "").rstrip(".")
    if not number or number.startswith("("):
        return
    yield number
    if bracketed := with_brackets(number):
        yield bracketed
    parent = next((outer.number for outer in reversed(around) if outer.number), "")
    if parent and not number.startswith(parent) and clause.kind is ClauseKind.SECTION:
        yield f"{parent.rstrip('.')}.{number}"


def says_who_signs(text: str, grammar: Grammar) -> bool:
    """Return whether a text is the line above a signature that names a party with its article: "Für den Kunden:"."""
    return len(text) < _LONGEST_UNMARKED and grammar.defining.signs_for.fullmatch(text) is not None


def is_line_title(found: re.Match[str], grammar: Grammar) -> bool:
    """Return whether words after a typed number are a title: in capitals, or before a colon: "2.4 Sale of a House: …".

    The last group of `found` is the words.
    """
    which = found.lastgroup or 0
    title = found[which]
    if is_title(title):
        return True
    colon = found.string[found.end(which) : found.end(which) + 1] == ":" and "." in found[0].split()[0].rstrip(".")
    return colon and grammar.is_english and len(title.split()) <= _MOST_WORDS and not _IS_SENTENCE.search(title)


def is_unmarked_heading(clause: Clause, text: str, around: tuple[Clause, ...], index: int) -> bool:
    """Return whether a text is a heading that its author did not mark as one: "§ 9 Text der Lizenz", "5.2. FEES".

    `around` are the clauses around it, `index` is its place in the document.
    """
    if len(text) > _LONGEST_UNMARKED:
        return False
    text = text.strip()
    if not text or text[-1] in '.;,:)”"' or "\n" in text:
        return False
    if clause.kind is ClauseKind.ITEM:
        blocks = any(child.kind is not ClauseKind.RUN_IN for child in clause.children)
        if blocks and text.isupper() and " " in text:
            return True
        # "2. Changes to the Terms" above "2.1 We may change the Terms" is a list of one item.
        alone = len(around[-1].children) == 1 and len(around) <= _OUTERMOST + 1
        numbered = clause.number.isdigit() or (text.isupper() and clause.marker.rstrip(".)").isdigit())
        return alone and numbered and not clause.children and is_title(text)
    if clause.kind is not ClauseKind.PARAGRAPH or len(around) > _OUTERMOST:
        return False
    if found := _HEADING.match(text):
        title = text[found.end() :]
        return bool(found["word"]) or title.isupper() or is_title(title)
    return text.isupper() and " " in text and index < _FIRST
