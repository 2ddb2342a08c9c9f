"""Finds the parties that the opening of a contract lists by their role: "**Supplier:** Acme Ltd, Leeds", a line
"– Supplier –" below the name, "Acme Ltd, as Supplier,"; and what a cover defines in the rows of a table or in lines:
"**Effective Date:** 1 May 2026".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import engross.common.lazy_re as re
from engross.language import Grammar, sentence_end, sentence_start
from engross.model import Clause, ClauseKind, Given, MarkKind
from engross.terms.candidates import Named, can_be_name, clean
from engross.terms.passages import Found, Outline, Passage

_FIRST: Final = 12
"""The number of passages with text at the beginning of a document that may list its parties."""
_FIRST_ALONE: Final = 20
"""The number of those that may be the role of a party."""
_FEWEST_USES: Final = 4
_FEWEST_PARTIES: Final = 2
_MOST_PARTIES: Final = 4
_MOST_WORDS: Final = 3
# A role alone, between dashes, in brackets or before a colon and the end of the line; a dash before it may have made it
# an item of a list.
_ALONE: Final = re.compile(r"\s*[-–—(]?\s*(?P<name>[^\W\d_][\w ./-]{1,40}?)\s*(?:[-–—)]\s*\Z|:[ \t]*(?:\n|\Z))")
_COLON: Final = re.compile(r"\s*:\s*\S|\s*:?[ \t]*\n\s*\S")
# Other facts that an opening lists.
_FACTS: Final = re.compile(
    r"\b(?:dates?|version|stand|status|fecha|address|e-?mail|phone|telephone|website|url|contact|title|subject|reference"
    r"|number|no|nr|adresse|anschrift|objet|betreff|asunto|référence|note|important|summary)\b",
    re.IGNORECASE,
)


# "Acme Ltd, as Borrower, and …"
_AS_ROLE: Final = re.compile(
    r"[A-Z][\w.&’'-]*(?:\s+plc)?,?(?:\s+\([^()]{1,80}\))?,\s+(?:in\s+its\s+capacity\s+)?as\s+(?:the\s+)?"
    r"(?P<name>[A-Z][\w-]+(?:\s+[A-Z][\w-]+){0,2})(?=[,;.)]|\s+(?:and|or)\b|\s*\Z)"
)
_CELL_FACTS: Final = re.compile(
    r"names?|titles?|dates?|signatures?|signed|by|print\s+name|e-?mail|phone|telephone|fax|address|website|url|country|city|state"
    r"|version|status|nr\.?|no\.?|number|notes?|comments?|description|unterschrift|ort|datum|firma|anschrift|adresse|fecha|firma"
    r"|nombre|domicilio|nom|prénom|fonction|lieu|section|clause|article|item|schedule|annex|exhibit|appendix|part|total|field|campo|datos",
    re.IGNORECASE,
)
# "**Controller** and **Processor** agree to add …"
_AGREE: Final = re.compile(
    r"\s+(?:each\s+|both\s+|hereby\s+|mutually\s+)*(?:agree|enter|accept|acknowledge|desire|wish|intend|have\s+agreed"
    r"|have\s+entered|are\s+entering|are\s+parties)\b"
)
_AND: Final = re.compile(r"\s+and\s+(?:the\s+)?")
# "Effective Date: 1 May 2026", "**Monthly Fee:** EUR 100".
_COVER_LINE: Final = re.compile(
    r"^[ \t]*(?P<name>[A-Z][\w’'-]+(?:\s(?:of\s)?[A-Z][\w’'-]+){1,2}):[ \t]*(?P<value>[^\s:].{0,400})$", re.MULTILINE
)
_LONGEST_VALUE: Final = 80
_COLUMNS: Final = 2
_FEWEST_ROWS: Final = 2
_ROWS_TO_NAMES: Final = 3


def party_lines(outline: Outline) -> Iterator[Found]:
    """Yield a definition for each role, if the opening lists two parties that the text often names."""
    yield from _cover_rows(outline)
    yield from (line for passage in outline.passages[:_FIRST] for line in _cover_lines(passage, outline))
    labels = (line for passage in outline.passages[:_FIRST] for line in _labels(passage, outline))
    alone = (line for passage in outline.passages[:_FIRST_ALONE] for line in _alone(passage, outline))
    roles = (line for passage in outline.passages[:_FIRST_ALONE] for line in _as_roles(passage, outline))
    bold = (line for passage in outline.passages[:_FIRST] for line in _agreeing(passage, outline))
    found = [*labels, *alone, *roles, *bold]
    if len(found) >= _FEWEST_PARTIES:
        yield from sorted(found, key=lambda one: one.passage.index)


def _cover_rows(outline: Outline) -> Iterator[Found]:
    """Yield the definitions of tables of two columns, if a third of the first cells are names that the text uses."""
    for index, clause, _ in outline.nodes:
        if clause.kind is ClauseKind.TABLE and clause.children and len(clause.children[0].children) == _COLUMNS:
            found = [one for one in _cells(outline, index, clause) if _is_used(one, outline)]
            if len(found) >= _FEWEST_ROWS and _ROWS_TO_NAMES * len(found) >= len(clause.children):
                yield from found


def _cover_lines(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definitions of lines such as "Effective Date: 1 May 2026", if the text says "the Effective Date"."""
    if not passage.grammar.is_english or ":" not in passage.text:
        return
    for line in _COVER_LINE.finditer(passage.text):
        name = line["name"]
        used = outline.uses(name) - passage.text.count(name) > 1 and outline.is_named_with_article(
            name, passage.grammar
        )
        short = len(line["value"]) <= _LONGEST_VALUE or _is_bold(passage, line.start("name"))
        if used and short and can_be_name(name):
            place, body = line.span("name"), " ".join(line[0].split())
            yield Found((name,), passage, place, line.span(), Given.RUNNING, body, weak=True)


def _is_bold(passage: Passage, at: int) -> bool:
    marks = passage.clause.inline.marks
    return any(mark.kind is MarkKind.STRONG and mark.start <= at < mark.end for mark in marks)


def _cells(outline: Outline, index: int, table: Clause) -> Iterator[Found]:
    """Yield a definition for the first cell of each row of a table, which is the clause number `index`."""
    at = index + 1
    for row in table.children:
        first = outline.passage_of.get(at + 1)
        at += sum(1 for _ in row.walk())
        if first is None or len(row.children) != _COLUMNS or not row.children[1].inline.text.strip():
            continue
        line = first.text.partition("\n")[0]
        name = clean(line)
        body = " ".join(row.children[1].inline.text.split())
        yield Found((name,), first, (0, len(line)), (0, len(first.text)), Given.LISTED, body, weak=True)


def _is_used(found: Found, outline: Outline) -> bool:
    """Return whether the text uses the words of a cell like a term: with an article, or as who acts."""
    name, grammar = found.names[0], found.passage.grammar
    if not can_be_name(name) or len(name.split()) > _MOST_WORDS or _CELL_FACTS.fullmatch(name):
        return False
    if not grammar.may_be_name(name) or name[-1:].isdigit() or name.isupper() or "(" in name:
        return False
    if outline.uses(name) < _FEWEST_USES - 1:
        return False
    return outline.is_named_with_article(name, grammar) or outline.acting[name] > 1


def _as_roles(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definitions of roles after the names of parties: "Acme Ltd, as Borrower,"."""
    if not passage.grammar.is_english or " as " not in passage.text:
        return
    text = passage.text
    for found in _AS_ROLE.finditer(text):
        if _is_role(found["name"], passage, outline):
            own = sentence_start(text, found.start()), found.end()
            body = " ".join(text[own[0] : sentence_end(text, found.end())].split())
            yield Found((found["name"],), passage, found.span("name"), own, Given.RUNNING, body, weak=True)


def _agreeing(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definitions of the parties that a contract begins with: "**Buyer** and **Seller** agree"."""
    text = passage.text
    marks = [mark for mark in passage.clause.inline.marks if mark.kind is MarkKind.STRONG]
    if len(marks) < _FEWEST_PARTIES or text[: marks[0].start].strip().casefold() not in ("", "the"):
        return
    one, other = marks[:2]
    if not (_AND.fullmatch(text, one.end, other.start) and _AGREE.match(text, other.end)):
        return
    own, body = (0, sentence_end(text, other.end)), " ".join(text[: sentence_end(text, other.end)].split())
    for mark in (one, other):
        if _is_role(name := clean(text[mark.start : mark.end]), passage, outline):
            place = mark.start, mark.end
            yield Found((name,), passage, place, own, Given.RUNNING, body, weak=True)


def _alone(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definition of a role that is a whole line. Roles in bold are labels, see `_labels`."""
    if any(mark.kind is MarkKind.STRONG and mark.start == 0 for mark in passage.clause.inline.marks):
        return
    found = _ALONE.match(passage.text)
    if found and _is_role(found["name"], passage, outline):
        whole, body = (0, len(passage.text)), " ".join(passage.text.split())
        yield Found((found["name"],), passage, found.span("name"), whole, Given.RUNNING, body, weak=True)


def _labels(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the definitions of the roles that are labels of lines."""
    listed = passage.clause.kind is ClauseKind.ITEM and len(passage.around[-1].children) <= _MOST_PARTIES
    if passage.clause.kind is not ClauseKind.PARAGRAPH and not listed:
        return
    text = passage.text
    for mark in passage.clause.inline.marks:
        if mark.kind is not MarkKind.STRONG or (mark.start and text[mark.start - 1] != "\n"):
            continue
        label = text[mark.start : mark.end].rstrip()
        name = clean(label)
        end = mark.start + len(label) - label.endswith(":")
        if not _COLON.match(text, end) or not _is_role(name, passage, outline):
            continue
        stop = text.find("\n\n", end)
        body = " ".join(text[mark.start : stop if stop > 0 else len(text)].split())
        role = Named(name, mark.start, mark.start + len(label), False, True)
        # Arbeitnehmer/Auftragnehmer: the text uses one of them, or both.
        names = tuple(part.strip() for part in name.split("/"))
        yield Found(names, passage, (role.start, role.end), (role.start, len(text)), Given.RUNNING, body, weak=True)


def _is_named(name: str, grammar: Grammar, outline: Outline) -> bool:
    """Return whether a text in another language has a name, or its plural, with an article: der Mieter, l’Acheteur."""
    if grammar.defining.facts.fullmatch(name):
        return False
    every = (form for part in name.split("/") for form in (part.strip(), *grammar.forms(part.strip())))
    firsts = {form.split()[0] for form in every if form and outline.uses(form)}
    before = (pair for first in firsts for pair in outline.words_before(first))
    return sum(count for word, count in before if word.lower() in grammar.articles) > 1


def _is_role(name: str, passage: Passage, outline: Outline) -> bool:
    """Return whether a label is the name of a party and not of another fact, and the text often uses it."""
    if not can_be_name(name) or len(name.split()) > _MOST_WORDS or _FACTS.search(name) or name[-1:].isdigit():
        return False
    titles = (around.name.casefold() for around in passage.around if around.kind is ClauseKind.SECTION)
    if not passage.grammar.is_english and (
        any(name.casefold() in title.split() for title in titles) or not _is_named(name, passage.grammar, outline)
    ):
        return False
    if any(word[:1].islower() and len(word) > 2 for word in name.split()):
        return False
    last = max(outline.count(part.split()[-1]) if part.split() else 0 for part in name.split("/"))
    return passage.grammar.may_be_name(name) and last >= _FEWEST_USES
