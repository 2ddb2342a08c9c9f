"""The history of a document's clauses: each under the id that stays with it, with its words as they were.

What a version said of the clauses that it brought or changed is drawn from it once (`wording`) and kept beside its
page, so that a new version adds to a history without the old ones being read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engross.model import Clause, MarkKind, Version, VersionId
from engross.record import DEFINITION, Record, clauses_page, redline_page, sealed_tree, version_page, versions_page
from engross.render.archive.frame import Site, archive_page
from engross.render.archive.sealed_texts import Shelf

_BLANKS = re.compile(r"\s+")
_BULLETS = ("", "-", "*", "+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What one version made of one clause: its kind, address and label, its words where the version changed them
    (None: as before), and where the links in them lead, in their order.
    """

    clause: str
    kind: str
    anchor: str
    label: str
    words: str | None
    links: tuple[str, ...] = ()


def wording(shelf: Shelf, version: Version) -> tuple[Wording, ...]:
    """Every clause of a version, with its words where they are new in it."""
    tree = sealed_tree(shelf.record, version)
    fresh = {one.anchor for one in tree.clauses if version.number in (one.since, one.changed)}
    found = {one.anchor: one for one in _clauses(shelf, version)} if fresh else {}
    said = {anchor: _words(clause) for anchor, clause in found.items()}
    # A definition in running text is called by its term, and has no words but those of the clause around it.
    said |= {one.anchor: one.label for one in tree.clauses if one.kind == DEFINITION}
    return tuple(
        Wording(one.id, one.kind, one.anchor, one.label, said.get(one.anchor, ""), _links(found.get(one.anchor)))
        if one.anchor in fresh
        else Wording(one.id, one.kind, one.anchor, one.label, None)
        for one in tree.clauses
    )


def _clauses(shelf: Shelf, version: Version) -> Iterator[Clause]:
    """The clauses of a version that have an address."""
    document = shelf.document(version, shelf.record.entry_of(version, version.effective))
    return (clause for clause in document.root.walk() if clause.anchor) if document else iter(())


def _words(clause: Clause) -> str:
    """The visible words of a clause, with those of what stands in it without an address."""
    return _BLANKS.sub(" ", " ".join(map(_marked, _own(clause)))).strip()


def _marked(clause: Clause) -> str:
    """The words of a clause after its enumerator; the sign of a bullet is no word."""
    text, marker = clause.inline.text, clause.marker
    return text if marker in _BULLETS or text.startswith(marker) else f"{marker} {text}"


def _links(clause: Clause | None) -> tuple[str, ...]:
    marks = [mark for one in (_own(clause) if clause else ()) for mark in one.inline.marks]
    return tuple(mark.target for mark in marks if mark.kind in (MarkKind.LINK, MarkKind.IMAGE))


def _own(clause: Clause) -> Iterator[Clause]:
    yield clause
    for child in clause.children:
        if not child.anchor:
            yield from _own(child)


def wording_bytes(said: Sequence[Wording]) -> bytes:
    """What a version says of its clauses, to be kept."""
    return json.dumps(
        [[one.clause, one.kind, one.anchor, one.label, one.words, one.links] for one in said], ensure_ascii=False
    ).encode()


def read_wording(data: bytes) -> tuple[Wording, ...]:
    """What was kept."""
    return tuple(replace(Wording(*one), links=tuple(one[-1])) for one in json.loads(data))


@dataclass(frozen=True, slots=True)
class Step:
    """A version that brought a clause, gave it other words or took it away (`words` is None then).

    Where it left the words as they were, `same` is the version that gave them (0 otherwise), and `led` are the links
    that lead elsewhere: from where, to where.
    """

    version: Version
    anchor: str
    label: str
    words: str | None
    base: int
    links: tuple[str, ...] = ()
    same: int = 0
    led: tuple[tuple[str, str], ...] = ()

    @property
    def page(self) -> str:
        """The address of the version that has these words."""
        return version_page(self.version.id)

    @property
    def redline(self) -> str:
        """The address of the redline that shows the step; empty for a first version."""
        return redline_page(VersionId(self.version.id.document, self.base), self.version.number) if self.base else ""


@dataclass
class History:
    """What became of one clause, oldest step first. `labels` are what it was called, each once."""

    id: str
    steps: list[Step] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    kind: str = ""
    gone: bool = False

    @property
    def label(self) -> str:
        """What it was called last."""
        return next(reversed(self.labels), self.id)

    @property
    def former(self) -> list[str]:
        """What it was called before."""
        return [label for label in self.labels if label != self.label]


def histories(versions: Sequence[Version], said: Mapping[int, Sequence[Wording]]) -> list[History]:
    """The histories of all clauses that came, changed, went or were called otherwise after the first version: as they
    follow one another in the last, then those that it has no more. `said` has what each version says, by number.
    """
    found: dict[str, History] = {}
    off: set[int] = set()
    for version in versions:
        here = {one.clause: one for one in said[version.number]}
        base = version.post.supersedes
        # What stood between was withdrawn: no later version comes from it.
        off.update(range(base + 1, version.number))
        for one in here.values():
            history = found.setdefault(one.clause, History(one.clause))
            history.labels.pop(one.label, None)
            history.labels[one.label] = None
            history.kind = one.kind
            if one.words is not None:
                last = next((step for step in reversed(history.steps) if step.version.number not in off), None)
                history.steps.append(_step(version, one, last))
        for lost in [one for one in said.get(base, ()) if one.clause not in here]:
            found[lost.clause].steps.append(Step(version, lost.anchor, lost.label, None, base))
    return _ordered(found, versions, said)


def _step(version: Version, said: Wording, last: Step | None) -> Step:
    """What a version made of a clause, after the `last` step that stood before it."""
    step = Step(version, said.anchor, said.label, said.words, version.post.supersedes, said.links)
    if last is None or not said.words or last.words != said.words or said.kind == DEFINITION:
        return step
    alike = len(last.links) == len(said.links)
    led = [pair for pair in zip(last.links, said.links, strict=True) if pair[0] != pair[1]] if alike else []
    return replace(step, same=last.version.number, led=tuple(led))


def _ordered(
    found: Mapping[str, History], versions: Sequence[Version], said: Mapping[int, Sequence[Wording]]
) -> list[History]:
    first, last = versions[0].number, versions[-1].number
    changed = {
        name: one
        for name, one in found.items()
        if one.former or any(step.version.number != first for step in one.steps)
    }
    here = [changed[one.clause] for one in said[last] if one.clause in changed]
    names = {history.id for history in here}
    gone = [history for name, history in changed.items() if name not in names]
    for history in gone:
        history.gone = True
    return [*here, *gone]


def clauses_html(record: Record, document: str, said: Mapping[int, Sequence[Wording]], site: Site) -> str:
    """The page of the history of a document's clauses."""
    versions = record.versions[document]
    entry = record.last_entry(document) or versions[-1].entry
    current = site.current.get(document)
    return archive_page(
        site,
        "clauses.html",
        clauses_page(document),
        site.words["archive_clauses_title"].format(title=entry.title),
        crumbs=[
            *([(entry.title, current)] if current is not None else []),
            (site.words["archive_all_versions"], versions_page(document)),
        ],
        histories=histories(versions, said),
        document=entry,
    )
