"""Rules for definitions: alphabetical order, repeats."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import engross.common.lazy_re as re
from engross.common import shortened
from engross.drafting.detectors.definition_lists import Listed, groups, misplaced, names_beside
from engross.drafting.detectors.file_parts import FileParts
from engross.drafting.detectors.use_counts import Repeat, repeats
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule, Subject, at_place
from engross.model import ClauseKind, Scope, Severity
from engross.terms import PRONOUNS

_LONGEST_LABEL = 60
_NEARBY = 40
_SEVERAL = 3
_JOINED = 8
"""A file that defines so many terms twice, far apart, joins several agreements."""


_MIN_LIST, _LONG_LIST = 5, 6
# “The definition of “Loan” is hereby amended”: each new text that follows is by itself, and in no list.
_AMENDS = re.compile(
    r"\bdefinitions?\b[^.;]{0,160}\b(?:amended|restated|replaced|deleted|added|inserted)\b"
    r"|\b(?:add|insert)ing\b[^.;]{0,80}\bdefinitions?\b",
    re.IGNORECASE,
)


def _check_definition_order(reading: Reading) -> Iterator[Finding]:
    """The fewest definitions that must move, in each list that is mostly in order."""
    amended = _amended(reading)
    for listed in groups(reading):
        if any(listed[0].passage.index < index < listed[-1].passage.index for index in amended):
            continue
        # A name that was made unreadable, “[***]”, has no place in the alphabet, and a list often begins with “You”.
        named = [found for found in listed if any(map(str.isalpha, found.name)) and found.name not in PRONOUNS]
        group = list({found.name.casefold(): found for found in reversed(named)}.values())[::-1]
        names = [found.name.replace("(s)", "") for found in group]
        outside, key = misplaced(names)
        # If more than one in five is out of place, the list was not meant to be alphabetical; of numbered definitions,
        # which have an order of their own, one in ten.
        most = len(group) // 10 if any(map(_is_numbered, group)) else max(1, len(group) // 5)
        if len(group) < _MIN_LIST or not 0 < len(outside) <= most or _is_part_of_list(reading, group):
            continue
        keys = [key(name) for name in names]
        ordered = sorted(range(len(keys)), key=lambda at: (keys[at], -at))
        for at in outside:
            same = bisect_right(ordered, keys[at], key=keys.__getitem__)
            after = next((other for other in reversed(ordered[max(0, same - 2) : same]) if other != at), None)
            finding = _order_finding(group[at], "" if after is None else group[after].name)
            # Of five names in any order, one of seven lists has only one out of place.
            yield replace(finding, severity=Severity.NOTE) if len(group) < _LONG_LIST else finding


def _is_part_of_list(reading: Reading, group: Sequence[Listed]) -> bool:
    """Whether a list also has definitions of other forms, and is in no order with these."""
    names = [name.replace("(s)", "") for name in names_beside(reading, group)]
    return len(names) > len(group) and len(misplaced(names)[0]) > max(1, len(names) // 5)


def _is_numbered(found: Listed) -> bool:
    clause = found.passage.clause
    return bool(clause.number) and not clause.generated


def _order_finding(found: Listed, after: str) -> Finding:
    place = f"after {after}" if after else "to the beginning"
    return found.passage.finding(
        max(0, found.start - bool(found.open)),
        f"{found.name} is out of alphabetical order; move it {place}",
        text=found.name,
    )


DEFINITION_ORDER = Rule(
    name="definition-order",
    severity=Severity.WARNING,
    summary="A definition out of alphabetical order in a list that is otherwise in order; a note in short lists.",
    why="Readers who do not find a term at its place in the alphabet conclude that it is not defined.",
    bad=(
        "# Terms\n\n- “Cart” means a box.\n- “Fee” means what Customer pays.\n- “Site” means where Goods arrive.\n"
        "- “Goods” means what Provider sells.\n- “Tax” means what the state takes.\n\nA Cart is new. No Cart is lent. "
        "Customer pays the Fee and each Tax at the Site. The Fee holds no Tax on Goods. No Site may change."
    ),
    good=(
        "# Terms\n\n- “Cart” means a box.\n- “Fee” means what Customer pays.\n- “Goods” means what Provider sells.\n"
        "- “Site” means where Goods arrive.\n- “Tax” means what the state takes.\n\nA Cart is new. No Cart is lent. "
        "Customer pays the Fee and each Tax at the Site. The Fee holds no Tax on Goods. No Site may change."
    ),
    check=OfDocument(_check_definition_order),
)


def _check_duplicate_definition(subject: Subject) -> Iterator[Finding]:
    """Each second definition of a term for the same part of a document, as severe as it is likely to be a mistake."""
    found = [
        repeat for repeat in repeats(subject) if (repeat.slip or repeat.in_passing) and not _is_row(subject, repeat)
    ]
    together = Counter(_containers(subject, repeat) for repeat in found)
    blocks = _blocks(found)
    joined = Counter(repeat.again.place.document for repeat in found if not _are_near(repeat))
    for repeat in found:
        first = repeat.first.place
        where = f"line {first.line}" + (f" ({shortened(first.label, _LONGEST_LABEL)})" if first.label else "")
        message = f"“{repeat.name}” is already defined on {where}; delete one definition, or rename one term"
        finding = at_place(repeat.again.place, message, text=repeat.again.term)
        if joined[repeat.again.place.document] >= _JOINED and not _are_near(repeat):
            severity = Severity.NOTE
        else:
            several = together[_containers(subject, repeat)] >= _SEVERAL or id(repeat) in blocks
            severity = _severity(subject, repeat, several=several)
        yield replace(finding, severity=severity)


def _is_row(subject: Subject, repeat: Repeat) -> bool:
    """Whether one row of a table has both: the term, and a sentence that defines it."""
    first, again = subject.passage(repeat.first.place), subject.passage(repeat.again.place)
    if first is None or again is None:
        return False
    return first.around[-1].kind is ClauseKind.ROW and first.around[-1] is again.around[-1]


def _are_near(repeat: Repeat) -> bool:
    return repeat.again.place.clause - repeat.first.place.clause <= _NEARBY


def _blocks(found: Sequence[Repeat]) -> set[int]:
    """The repeats of several definitions in one order, whose text is in two exhibits: identities."""
    blocks = set[int]()
    run: list[Repeat] = []
    for repeat in sorted(found, key=lambda repeat: (repeat.again.place.document, repeat.again.place.clause)):
        follows = run and run[-1].first.place.clause < repeat.first.place.clause < run[0].again.place.clause
        run = [*run, repeat] if follows else [repeat]
        if len(run) >= _SEVERAL:
            blocks.update(map(id, run))
    return blocks


def _containers(subject: Subject, repeat: Repeat) -> tuple[int, int]:
    """The identities of the lists, tables or sections that contain two definitions."""
    first, again = subject.passage(repeat.first.place), subject.passage(repeat.again.place)
    return (id(first.around[-1]) if first else 0, id(again.around[-1]) if again else 0)


def _severity(subject: Subject, repeat: Repeat, *, several: bool) -> Severity:
    """How likely two definitions are a mistake: surely within one list, table or run of paragraphs.

    Two lists that share several terms are for two cases, such as two products; so are lists in two items of a list.
    """
    first, again = subject.passage(repeat.first.place), subject.passage(repeat.again.place)
    if repeat.name.capitalize() in PRONOUNS:
        return Severity.NOTE
    if first is None or again is None:
        return Severity.WARNING
    parts = _parts(subject, first)
    if parts.place(first) != parts.place(again):
        return Severity.NOTE  # an annex, a second agreement in the file, and a list for one case define for themselves
    if again.in_capitals and not first.in_capitals:
        return Severity.NOTE  # the legend of a certificate, which is printed elsewhere: (THE “SECURITIES ACT”)
    if any(first.index < index < again.index for index in _amended(subject.by_document[again.document.id])):
        return Severity.NOTE  # the text of another agreement, to which a definition is added
    if repeat.in_passing:
        return Severity.NOTE if parts.agreement(first) != parts.agreement(again) else Severity.WARNING
    if repeat.first.body == repeat.again.body:
        return Severity.NOTE  # the same words twice have one meaning
    container = again.around[-1]
    if first.around[-1] is container:
        if container.kind in (ClauseKind.LIST, ClauseKind.TABLE) or again.index - first.index <= _NEARBY:
            return Severity.ERROR
        several = False
    cases = parts.agreement(first) != parts.agreement(again) or _are_in_two_items(first, again)
    return Severity.NOTE if several or cases else Severity.WARNING


def _parts(subject: Subject, passage: Passage) -> FileParts:
    reading = subject.by_document[passage.document.id]
    found = reading.kept.get(FileParts.__name__)
    if not isinstance(found, FileParts):
        found = reading.kept[FileParts.__name__] = FileParts(reading.passages)
    return found


def _amended(reading: Reading) -> list[int]:
    """The indexes of the passages of a document that say that definitions of another agreement are changed."""
    found = reading.kept.get("amended definitions")
    if not isinstance(found, list):
        found = [one.index for one in reading.running if "definition" in one.text.lower() and _AMENDS.search(one.text)]
        reading.kept["amended definitions"] = found
    return found


def _are_in_two_items(first: Passage, again: Passage) -> bool:
    """Whether two definitions are in lists below different items of one list."""
    if min(len(first.around), len(again.around)) < 3:
        return False
    (list_one, item_one), (list_two, item_two) = first.around[-3:-1], again.around[-3:-1]
    return list_one is list_two and item_one is not item_two and item_one.kind is item_two.kind is ClauseKind.ITEM


DUPLICATE_DEFINITION = Rule(
    name="duplicate-definition",
    severity=Severity.ERROR,
    summary="A term that is defined twice for the same text.",
    why="Nobody can tell which of the two meanings applies. Delete one, or rename one of the terms.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Fee” means what Provider asks.\n\n"
        "Every Fee is final. A Fee is due at once. No Fee is paid back."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Price” means what Provider asks.\n\n"
        "Every Fee is final. A Fee is the Price. No Price is fixed."
    ),
    check=_check_duplicate_definition,
)


def _check_redefined_term(subject: Subject) -> Iterator[Finding]:
    """Each definition that repeats or overrides another with a reason."""
    for repeat in repeats(subject):
        if not repeat.slip and not repeat.in_passing:
            yield at_place(repeat.again.place, _redefined_message(repeat), text=repeat.again.term)


def _redefined_message(repeat: Repeat) -> str:
    first, again = repeat.first.place, repeat.again
    where = f"{first.path}:{first.line}" if first.path != again.place.path else f"line {first.line}"
    reach = {
        Scope.SET: "again",
        Scope.DOCUMENT: "again, for this document",
        Scope.SECTION: "again, for this section",
        Scope.CLAUSE: "again, for this clause",
    }[again.scope]
    return f"“{repeat.name}” is defined {reach}; the other definition is on {where}"


REDEFINED_TERM = Rule(
    name="redefined-term",
    severity=Severity.NOTE,
    summary="A term that is defined again: for a narrower part of the text, or in passing.",
    why="This may be intended, but readers of one definition should know of the other.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays.\n\n## Refunds\n\nIn this Section, “Fee” means the sum paid. A "
        "Fee is paid back. A Fee is small.\n\n## Payment\n\nEvery Fee is final. A Fee is due at once."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays.\n\n## Refunds\n\nA Fee is paid back.\n\n## Payment\n\n"
        "Every Fee is final. A Fee is due at once."
    ),
    check=_check_redefined_term,
)
