"""The pages of the history of a document's clauses: one page, or the newest steps and pages of older ones.

A page of older steps is made from the versions up to its last one, so it does not change when a version is posted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from engross.common import value_class
from engross.model import Version, shown_label
from engross.record import Record, clauses_page, older_clauses, version_page, versions_page
from engross.render.archive.clause_history import Histories, History, Step, Wording
from engross.render.archive.frame import Site, archive_page
from engross.render.archive.lists import group_of
from engross.render.archive.paging import Part, split, text_size

_AROUND = 700
"""The most bytes of a step without its words, and with its share of the heading of its clause."""

Earlier = tuple[str, str]
"""The page with the steps before those of a page: title and address."""


@value_class(frozen=True, slots=True)
class ShownHistory:
    """What a page shows of the history of a clause: the steps of its part, newest first, and where the earlier ones
    are. `gone`: the last version of the part does not have the clause.
    """

    history: History
    steps: tuple[Step, ...]
    gone: bool
    earlier: Earlier | None

    @property
    def last(self) -> tuple[str, str]:
        """The page and the anchor of the last version with words of the clause."""
        step = next((one for one in reversed(self.history.steps) if one.words is not None), self.history.steps[-1])
        return version_page(step.version.id), step.anchor


def clauses_pages(
    record: Record, document: str, wordings: Mapping[int, Sequence[Wording]], site: Site
) -> dict[str, str]:
    """Render the pages of the history of a document's clauses, by address; the main page is the last."""
    versions = record.versions[document]
    parts = split(versions, partial(group_of, site=site), partial(_size, _sizes(versions, wordings)))
    growing, first = Histories(wordings), versions[0].number
    earlier: dict[str, Earlier] = {}
    pages: dict[str, str] = {}
    for part in parts:
        numbers = {version.number for version in part.items}
        for version in part.items:
            growing.add(version)
        is_main = part is parts[-1]
        shown = list(_shown(growing, numbers if len(parts) > 1 else None, first, earlier))
        address = clauses_page(document) if is_main else part.address(older_clauses(document))
        pages[address] = _page(record, document, site, address, part, shown, parts[:-1] if is_main else ())
        led = (part.title(site.words), address)
        earlier |= {one.history.id: led for one in shown if one.steps}
    return pages


def _sizes(versions: Sequence[Version], wordings: Mapping[int, Sequence[Wording]]) -> Counter[int]:
    """The bytes of the steps of each version, by its number."""
    whole, sizes = Histories(wordings), Counter[int]()
    for version in versions:
        whole.add(version)
    for history in (one for found in whole.changed() for one in found):
        for number, step in history.placed(versions[0].number):
            sizes[number] += _AROUND + text_size(step.words or "", *(target for pair in step.led for target in pair))
    return sizes


def _size(sizes: Counter[int], version: Version) -> int:
    return sizes[version.number]


def _shown(
    growing: Histories, numbers: set[int] | None, first: int, earlier: Mapping[str, Earlier]
) -> Iterator[ShownHistory]:
    """What a page shows of each clause; `numbers` are those of the versions of its part, None if it shows all."""
    for gone, found in enumerate(growing.changed()):
        for history in found:
            placed = list(history.placed(first))
            if numbers is not None and len(placed) == 1:
                # Only its label changed since the first version.
                placed = [(number, step) for number, step in placed if step.version.number != first]
            steps = tuple(step for number, step in reversed(placed) if numbers is None or number in numbers)
            yield ShownHistory(history, steps, bool(gone), earlier.get(history.id))


def _page(
    record: Record,
    document: str,
    site: Site,
    here: str,
    part: Part[Version],
    shown: Sequence[ShownHistory],
    older: Sequence[Part[Version]],
) -> str:
    """Render a page; `older` are the parts that the main page leads to."""
    main, words = clauses_page(document), site.words
    entry = record.last_entry(document) or record.versions[document][-1].entry
    if here != main:
        entry = part.items[-1].entry
    title = words["archive_clauses_title"].format(title=entry.title)
    current = site.current.get(document)
    crumbs = [
        *([(entry.title, current)] if current is not None else []),
        (words["archive_all_versions"], versions_page(document)),
        *([(title, main)] if here != main else []),
    ]
    return archive_page(
        site,
        "clauses.html",
        here,
        title if here == main else words["archive_part_title"].format(title=title, part=part.title(words)),
        crumbs=crumbs,
        histories=[one for one in shown if one.steps],
        others=[one for one in shown if not one.steps] if here == main else [],
        older=[(one.title(words), one.address(older_clauses(document))) for one in reversed(older)],
        shown_label=shown_label,
        part=part.title(words) if here != main else "",
        main=main,
        imported=part.items[0].imported or (here == main and record.versions[document][0].imported),
        document=entry,
    )
