"""Rules for headings: repeats and empty sections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise

import engross.common.lazy_re as re
from engross.drafting.detectors.enumerators import is_first
from engross.drafting.kept_findings import Row, findings_of, rows_of
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule, Subject, at_place
from engross.model import Clause, ClauseKind, MarkKind, Reference, ReferenceKind, Severity

_QUOTES = "“”\"«»‘’' "
_MOST_REPEATS = 5
_MAY_REPEAT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|signatures?|blank"
    r"|(?:signed )?(?:for and )?on behalf of\b|executed\b|(?:accepted|acknowledged) (?:and agreed )?by\b|in witness\b"
    r"|.*\[[.…* ]+\]|exhibit \d+\.\d+\W*\Z|.*\b(?:omitted|appears here)\W*\Z"
    r"|.*\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|PLC)\b\.?\Z)",
    re.IGNORECASE,
)


def _check_duplicate_heading(subject: Subject) -> Iterator[Finding]:
    """Each heading that repeats one of its siblings, and each reference by a name that sections elsewhere share."""
    named = _cited(subject.binding.references)
    for reading in subject.readings:
        cited = named.get(reading.document.id, ())
        find = partial(_repeated, reading, cited)
        yield from findings_of(subject, reading, "repeated headings", repr(sorted(cited)), find)
    shared = {
        one.document.id: _shared_names(one)
        for one in subject.readings
        if not named.get(one.document.id, set()).isdisjoint(
            rows_of(subject, one, "shared names", "", partial(_names_shared, one))
        )
    }
    for reference in subject.binding.references:
        if reference.kind is ReferenceKind.HEADING and reference.target:
            yield from _ambiguous(subject, reference, shared.get(reference.target[0], {}))


def _repeated(reading: Reading, cited: Collection[str]) -> Iterator[Finding]:
    found = [
        finding
        for _, clause, _ in reading.nodes
        if clause.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION, ClauseKind.LIST)
        for finding in _repeats_among_siblings(reading, clause, cited)
    ]
    yield from (finding for finding in found if finding.severity is None)
    uncited = [finding for finding in found if finding.severity is not None]
    if len(uncited) <= _MOST_REPEATS:
        yield from uncited
        return
    # Two contracts in one file, or a text that is pasted twice, is one mistake.
    others = f"; {len(uncited) - 1} more sections after it repeat too, as if the text were in this file twice"
    yield replace(uncited[0], message=uncited[0].message + others, severity=Severity.WARNING)


_Sections = Mapping[str, tuple[tuple[Clause, Clause], ...]]
"""Sections by name, for names that several sections with different parents share; each with its parent."""


def _shared_names(reading: Reading) -> _Sections:
    named: dict[str, list[tuple[Clause, Clause]]] = defaultdict(list)
    # The title, which a heading may repeat, is the name of the document.
    title = " ".join(reading.headings[0].clause.name.split()).casefold() if reading.headings else ""
    for _, clause, around in reading.nodes:
        if clause.kind is ClauseKind.SECTION and (name := _unique_name(clause)) and name.casefold() != title:
            named[name.casefold()].append((clause, around[-1]))
    return {
        name: tuple(found)
        for name, found in named.items()
        if len(found) > 1 and len({id(parent) for _, parent in found}) == len(found)
    }


def _names_shared(reading: Reading) -> list[Row]:
    return [*_shared_names(reading)]


def _ambiguous(subject: Subject, reference: Reference, shared: _Sections) -> Iterator[Finding]:
    """A reference by name means a section of that name nearby, if there is one; otherwise it is ambiguous."""
    name = " ".join(reference.text.split()).strip(_QUOTES)
    found = shared.get(_plain_name(reference.text), ())
    passage = subject.passage(reference.place)
    if not found or passage is None:
        return
    nearby = {id(clause) for clause in passage.around}
    # The title of a document contains everything, so it does not make a section nearby.
    if any(id(parent) in nearby and parent.level > 1 for _, parent in found):
        return
    lines = " and ".join(str(clause.lines[0]) for clause, _ in found)
    within = " or ".join(f"“{parent.name}: {clause.name}”" for clause, parent in found if parent.name)
    message = f"“{name}” could mean any of the sections of that name, on lines {lines}; name one"
    yield at_place(reference.place, message, text=name, fix=within)


def _cited(references: Iterable[Reference]) -> Mapping[str, set[str]]:
    """For each document the names by which references mean its sections."""
    found: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        if reference.kind is ReferenceKind.HEADING and reference.target:
            found[reference.target[0]].add(_plain_name(reference.text))
    return found


def _plain_name(text: str) -> str:
    return " ".join(text.split()).strip(_QUOTES).casefold()


def _repeats_among_siblings(reading: Reading, parent: Clause, cited: Collection[str]) -> Iterator[Finding]:
    together: dict[tuple[ClauseKind, str, str], list[Clause]] = defaultdict(list)
    title = reading.headings[0].clause if reading.headings else None
    for clause in parent.children:
        name = _unique_name(clause)
        # The title is often repeated at the beginning of the text.
        if name and not (clause is title and (clause.level == 1 or clause is parent.children[0]) and not clause.number):
            # 3.6.1 and 3.7.1 may have one name: each belongs to the section of its number.
            above = "" if clause.generated else clause.number.rpartition(".")[0]
            together[clause.kind, name.casefold(), above].append(clause)
    for (_, name, _), (first, *others) in together.items():
        # A heading that recurs, such as “Examples”, is a pattern of the document.
        recurs = len(others) > 1 and not first.number and name not in cited
        for clause in others if not recurs and _has_text(first) and not _is_entry(reading, first) else ():
            called = _unique_name(clause)
            message = (
                f"another section “{called}” is on line {first.lines[0]}; a reference could mean either; rename one"
            )
            # Only a reference makes it a mistake for certain.
            severity = None if name in cited else Severity.NOTE
            yield replace(reading.finding(clause, message, text=called), severity=severity)


def _is_entry(reading: Reading, clause: Clause) -> bool:
    """Whether a clause is an entry of a list of contents, which repeats the headings of the text."""
    passage = reading.passage_of(clause) if reading.contents else None
    return passage is not None and passage.index in reading.contents


def _has_text(clause: Clause) -> bool:
    """Whether a section has text; one without it is for `empty-section`."""
    return clause.kind is not ClauseKind.SECTION or bool(clause.children)


def _unique_name(clause: Clause) -> str:
    """The name of a clause that must be unique among its siblings; empty if it has none."""
    name = " ".join(clause.name.split())
    if not any(map(str.isalpha, name)) or _MAY_REPEAT.match(name):
        return ""
    if clause.kind is ClauseKind.SECTION:
        return name
    # "Note." may introduce many paragraphs; only the name of a numbered clause must be unique.
    numbered = clause.kind is ClauseKind.PARAGRAPH and clause.number and not clause.generated
    listed = clause.kind is ClauseKind.ITEM and clause.marker[:1].isdigit() and clause.label.endswith(f": {name}")
    return name if numbered or listed else ""


DUPLICATE_HEADING = Rule(
    name="duplicate-heading",
    severity=Severity.ERROR,
    summary=(
        "Two sections of the same name side by side, or a reference that could mean either of two sections. It is a "
        "note where no reference names the section, and a warning if more than five sections repeat."
    ),
    why="Contracts refer to sections by name; nobody can tell which of two sections of one name is meant.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n## Fees\n\nFees are final.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n## Taxes\n\nTaxes are extra.",
    check=_check_duplicate_heading,
)


_EMPTY_ON_PURPOSE = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|repealed|dated?\b|effective"
    r"|(?:(?:previous|current|latest|earlier|older|this) )?version"
    r"|last (?:updated|modified|revised)|updated|between|table of contents|contents|on this page"
    r"|in this (?:article|document)"
    r"|exhibit \d+\.\d+\W*\Z|\S*\d\S* - \d+ -\Z"
    r"|signatures?|accepted|agreed|executed|in witness)"
    r"|.*\b(?:reserved|(?:intentionally )?omitted|intentionally left blank)\W*\Z|.*\[[\s.…*_]+\]\W*\Z",
    re.IGNORECASE,
)
_CONTAINER = re.compile(
    r"\W*(appendix|schedule|annex(?:e|ure)?|exhibit|attachment|part|chapter|title|book|anlage|anhang|teil|kapitel|apéndice|anexo)\b"
    r"|\W*(?:terms|clauses|conditions|terms and conditions|agreement|recitals|cláusulas|klauseln|clauses)\W*\Z",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\W*article\s+(?:[IVXLC]+|\d+)\b", re.IGNORECASE)
# A heading that is a fact: "Legal basis: consent".
_STATES = re.compile(r"^(?!\W*\w+ \d)[^:]{3,}: +(?:[A-Za-z][a-z]+\b|[A-Z]*\d)")
_FIRST = frozenset({"1", "A", "a", "I", "i"})
_LONGEST_NAME = 80
_FEWEST_LINES = 3
_LONGEST_DATELINE = 40
_MOST_NAME_WORDS = 3


def _check_empty_section(reading: Reading) -> Iterator[Finding]:
    """Each section without text, and each list item with only a heading, if most other items have text."""
    opening = True
    filled = {" ".join(one.text.split()).casefold() for one in reading.headings if one.clause.children}
    lines = _levels_of_lines(reading)
    before: Passage | None = None
    for passage, following in pairwise((*reading.passages, None)):
        if passage is None:
            continue
        if not passage.is_heading:
            # "Last updated: 25 April 2024" may be above the title.
            opening = opening and len(passage.text) <= _LONGEST_DATELINE
        elif (
            not passage.clause.children
            and passage.index not in reading.contents
            and not _in_container(passage)
            and not (opening and _is_title(reading, passage))
            and _needs_text(passage)
            and not (following and _contains(passage, following))
            # A list of contents may be made of headings, which the text repeats.
            and " ".join(passage.text.split()).casefold() not in filled
            and not (following and passage.clause.level in lines and following.clause.level < passage.clause.level)
            and not (before and following and following.is_heading and _is_subtitle(before, passage))
        ):
            name = passage.clause.name or passage.text
            # A converter may have lost the text, and a heading above one of its level may name a group of sections.
            yield passage.finding(0, f"the section “{name}” has no text", text=name, severity=Severity.NOTE)
        before = passage
    yield from _empty_items(reading)


def _levels_of_lines(reading: Reading) -> set[int]:
    """The levels of which no heading of several has text: such headings are lines above the headings that follow."""
    every = Counter(passage.clause.level for passage in reading.headings)
    with_text = {passage.clause.level for passage in reading.headings if passage.clause.children}
    return {level for level, count in every.items() if count >= _FEWEST_LINES and level not in with_text}


def _is_subtitle(before: Passage, passage: Passage) -> bool:
    """Whether a heading is the title of the attachment that the heading above it begins: "Schedule 1", "Prices"."""
    attached = _CONTAINER.match(before.text) if before.is_heading and not passage.clause.number else None
    return attached is not None and bool(attached[1]) and len(before.text.split()) <= _MOST_NAME_WORDS


def _in_container(passage: Passage) -> bool:
    """Whether a heading is in a quotation or a list, where its text need not be nested below it."""
    return any(around.kind in (ClauseKind.QUOTE, ClauseKind.LIST) for around in passage.around)


def _contains(passage: Passage, following: Passage) -> bool:
    """Whether a heading contains the next one, though that is not on a lower level: 5.2 contains 5.2.1, an annex its
    sections, and any heading a note such as “[Not used]”. A heading that is repeated contains nothing else.
    """
    if not following.is_heading:
        return False
    number, below = passage.clause.number, following.clause.number
    if following.text.startswith("[") and _EMPTY_ON_PURPOSE.match(following.text):
        return True
    repeated = passage.text.casefold() == following.text.casefold() and bool(following.clause.children)
    if repeated or _CONTAINER.match(passage.text):
        return True
    # "ARTICLE III LICENSES" above "Section 3.01. Grants".
    if _ARTICLE.match(passage.text) and not _ARTICLE.match(following.text):
        return True
    # "VIII. Other terms" above "A. Indemnity", which a converter put on one level.
    if below in _FIRST and number and not passage.clause.generated:
        return True
    # The same number again heads the other language of a text in two.
    return bool(number) and f"{below}.".startswith(f"{number}.") and not passage.clause.generated


def _is_title(reading: Reading, passage: Passage) -> bool:
    """Whether this is the document's title, on the same level as its sections."""
    first = reading.headings[0]
    again = (
        passage is reading.headings[min(1, len(reading.headings) - 1)]
        and first.text.casefold() in passage.text.casefold()
    )
    return (passage is first or again) and not passage.clause.number


def _needs_text(passage: Passage) -> bool:
    """Whether a heading is a name that needs text, not a whole clause and not a note such as “Reserved”."""
    text = " ".join(passage.text.split())
    is_clause = len(text) > _LONGEST_NAME or (text.endswith((".", ";")) and len(text.split()) > 6)
    is_clause = is_clause or text.endswith(":") or (text.isupper() and "PLEASE" in text) or bool(_STATES.search(text))
    links = any(mark.kind is MarkKind.LINK for mark in passage.clause.inline.marks)
    return bool(text) and not is_clause and not links and not _EMPTY_ON_PURPOSE.match(passage.clause.name or text)


def _empty_items(reading: Reading) -> Iterator[Finding]:
    for _, clause, around in reading.nodes:
        if clause.kind is not ClauseKind.LIST or len(clause.children) < 2:
            continue
        # The text of an item may be a list or a paragraph after it, which is not indented.
        restarts = {id(item) for item, after in pairwise(clause.children) if is_first(after.marker)}
        empty = [item for item in clause.children if id(item) not in restarts and _is_bare(item)]
        if empty and empty[-1] is clause.children[-1] and _is_followed(clause, around):
            del empty[-1]
        if empty and 2 * len(empty) < len(clause.children):
            for item in empty:
                name = item.name or item.marker
                yield reading.finding(item, f"the item “{name}” has no text", text=name)


def _is_followed(listing: Clause, around: tuple[Clause, ...]) -> bool:
    """Whether a paragraph or another list follows a list, or a section that its last item counts: "4." above "4.1"."""
    siblings = around[-1].children
    at = next(at for at, sibling in enumerate(siblings) if sibling is listing) + 1
    if at >= len(siblings):
        return False
    counted = listing.children[-1].marker.rstrip(".)")
    return siblings[at].kind in (ClauseKind.PARAGRAPH, ClauseKind.LIST) or (
        counted.isdigit() and siblings[at].number.startswith(f"{counted}.")
    )


def _is_bare(item: Clause) -> bool:
    """Whether an item is empty or only a bold heading."""
    if item.children or _EMPTY_ON_PURPOSE.match(item.inline.text):
        return False
    text = item.inline.text.strip(" .:\n")
    if text and item.name != text:
        return False
    # An item that is bold as a whole has text if it is a sentence: "**Disclaimer. The goods are sold as they are.**"
    whole = item.inline.text.strip()
    is_sentence = bool(re.search(r"[.:;!?]\s", text)) or (whole.endswith(".") and len(text.split()) > _MOST_NAME_WORDS)
    return not text or (not is_sentence and item.marker[:1] not in "-*+")


EMPTY_SECTION = Rule(
    name="empty-section",
    severity=Severity.WARNING,
    summary="An item without text in a list whose other items have some; a note for a heading with no text under it.",
    why="Readers cannot tell whether text was lost or never written. Name a section “Reserved” if it is meant empty.",
    bad="# Terms\n\n1. **Fees.** Fees are due.\n2. **Survival.**\n3. **Notices.** Notices are in writing.",
    good="# Terms\n\n1. **Fees.** Fees are due.\n2. **Reserved.**\n3. **Notices.** Notices are in writing.",
    check=OfDocument(_check_empty_section),
)
