"""Recognizes a bracket that repeats the title of what a sentence cites: "Section 16.11 (“Export control”)"."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.terms.candidates import Named
from engross.terms.passages import Outline, Passage
from engross.terms.unmarked_brackets import counted_thing

_FEWEST_USES = 2
# "Option 2 (“General authorization”)" of a form: its name, whatever its title.
_OPTION = re.compile(r"\A(?:options?|modules?)\b", re.IGNORECASE)
_THIS = re.compile(r"\bthis\s+\Z", re.IGNORECASE)
# "Sections 8 (“Use”), 9 (“Limits”)": a number after the bracket of the number before.
_NEXT_NUMBER = re.compile(r"[”\"’']\)\s*[,;]?\s*(?:and|or|to)?\s*\d[\w.]*\s*\Z")
_OF_ANOTHER = re.compile(
    r"\s+(?:(?:of|to|in)\s+(?:the|that|this|those|these|our|your|its|an?|[A-Z])|(?:therein|thereof)\b)", re.IGNORECASE
)
# What a bracket is after: "Annex I", "Part B", "Article 28 GDPR", "Rule 6 of the ICC Rules".
_CITED = re.compile(
    r"\b(?:exhibit|schedule|annex|annexure|appendix|attachment|sections?|articles?|rules?|parts?|chapters?|regulations?|titles?)"
    r"\s+(?:\d[\w.()/-]*|(?-i:[IVXLC]+|[A-Z])(?:[.-]?\d[\w.-]*)?(?:\([a-z\d]+\))*)"
    r"(?P<law>(?:\s+of(?:\s+the)?)?\s+(?-i:[A-Z][\w.’'-]*(?:\s+(?:(?:of|and|the|for|on|to)\s+){0,2}[A-Z\d][\w.’'/-]*){0,6}))?\s+\Z",
    re.IGNORECASE,
)
_LONGEST_CITED = 120
_CAPITAL = re.compile(r"\b[A-Z\d]\w*")


def is_title_of_number(passage: Passage, bracket: re.Match[str], first: Named, outline: Outline) -> bool:
    """Return whether a bracket repeats the title of a numbered clause, of an attachment or of a part of a law.

    `first` are the first marked words in the bracket.
    """
    text = passage.text
    if first.start > bracket.start() + 1:
        return False
    before = max(0, bracket.start() - 60), bracket.start()
    if _NEXT_NUMBER.search(text, *before):
        return True
    number = passage.grammar.defining.number_before.search(text, *before)
    if not number and counted_thing(passage.grammar).search(text, *before):
        # "the Second Template (“Carrier to Carrier”)", which no other words of the text name.
        return outline.is_only_quoted(first.name)
    if not number:
        return passage.grammar.is_english and _is_title_of_cited(passage, bracket.start(), first, outline)
    if _OPTION.match(number[0]):
        return True
    name = first.name
    if not passage.grammar.is_english:
        # An abbreviation is no title: § 1 des Zahlungsdiensteaufsichtsgesetzes („ZAG“). Nor is a name that is used.
        return not name.isupper() and (outline.uses(name) < _FEWEST_USES or name.casefold() in outline.titles)
    if _OF_ANOTHER.match(text, bracket.end()) or not passage.grammar.may_be_name(name):
        return True
    if _THIS.search(text, 0, number.start()):
        # "in accordance with this Section 6 (“Term”)": a title only if it is that of a section around.
        titles = any(name.casefold() == around.name.casefold() for around in passage.around)
        return titles or outline.uses(name) < _FEWEST_USES
    return " " in name or name.casefold() in outline.titles or outline.uses(name) < _FEWEST_USES


def _is_title_of_cited(passage: Passage, end: int, first: Named, outline: Outline) -> bool:
    """Return whether quoted words are the title of the attachment, or of the part of a law, that is right before them.

    They are a name where the text uses them and no other sentence defines them, and where they are an abbreviation or
    words of what is cited: "Annex 1 (“Annex 1”)", "Section 2 of the Companies Act 2006 (“Companies Act”)".
    """
    text, name = passage.text, first.name
    cited = _CITED.search(text, max(0, end - _LONGEST_CITED), end)
    if cited is None:
        return False
    if first.quoted and outline.text.count(text[first.start : first.end]) > 1:
        return True
    used = _count_unmarked(name, outline) > (0 if first.quoted else 1)
    own = not set(_CAPITAL.findall(name)).isdisjoint(_CAPITAL.findall(cited[0]))
    return not (own or used or _is_abbreviation(name))


def _is_abbreviation(name: str) -> bool:
    """Return whether each word of a name is in capitals: “DMA”, “HIPAA BAA”; or most letters of it are: “SoW”."""
    letters = [character for character in name if character.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


def _count_unmarked(name: str, outline: Outline) -> int:
    """Return how often a text has a name outside quotation marks."""
    return outline.text.count(name) - len(re.findall(rf"[“\"]{re.escape(name)}[”\"]", outline.text))
