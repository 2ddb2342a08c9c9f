"""The history of a document's clauses: each clause by its permanent id, with its words in each version (`clause_pages`
shows it).

The words of new and changed clauses are read once for each version (`wording`) and cached beside its page, so that a
new version extends the history and the old ones are not read again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import labelled_rows
from engross.model import Clause, ClauseKind, MarkKind, Version, VersionId
from engross.record import DEFINITION, redline_page, sealed_tree, version_page
from engross.redline import folded
from engross.render.archive.sealed_texts import SealedTexts

_BLANKS = re.compile(r"\s+")
_BULLETS = ("", "-", "*", "+")


@value_class(frozen=True, slots=True)
class Wording:
    """One clause in one version: its kind, anchor and label, its words if the version changed them (None: unchanged),
    and the targets of the links in them, in order.
    """

    clause: str
    kind: str
    anchor: str
    label: str
    words: str | None
    links: tuple[str, ...] = ()


def wording(texts: SealedTexts, version: Version, names: Mapping[str, str]) -> tuple[Wording, ...]:
    """Every clause of a version, with its words if they are new in it; `names` are the UI strings: facts of models are
    shown with their names.
    """
    tree = sealed_tree(texts.record, version)
    fresh = {one.anchor for one in tree.clauses if version.number in (one.since, one.changed)}
    found = {one.anchor: one for one in _clauses(texts, version, names) if one.anchor in fresh} if fresh else {}
    words = {anchor: _words(clause) for anchor, clause in found.items()}
    # The label of a definition in running text is its term; its words are those of its clause.
    words |= {one.anchor: one.label for one in tree.clauses if one.kind == DEFINITION}
    return tuple(
        Wording(one.id, one.kind, one.anchor, one.label, words.get(one.anchor, ""), _links(found.get(one.anchor)))
        if one.anchor in fresh
        else Wording(one.id, one.kind, one.anchor, one.label, None)
        for one in tree.clauses
    )


def _clauses(texts: SealedTexts, version: Version, names: Mapping[str, str]) -> Iterator[Clause]:
    """The clauses of a version that have an anchor."""
    document = texts.document(version, texts.record.entry_of(version, version.effective))
    if document is None:
        return iter(())
    root = labelled_rows(document.entry, document.root, names)
    return (clause for clause in root.walk() if clause.anchor)


def _words(clause: Clause) -> str:
    """The visible words of a clause, with those of its descendants that have no anchor, a line for each.

    Its own enumerator is left out: it is in the label, and a clause that was only renumbered keeps its words.
    """
    lines = (_BLANKS.sub(" ", line).strip() for line in (clause.inline.text, *_inner(clause)))
    text = "\n".join(line for line in lines if line)
    return text if clause.marker in _BULLETS else text.removeprefix(clause.marker).strip()


def _inner(clause: Clause) -> Iterator[str]:
    for child in clause.children:
        if child.anchor:
            continue
        if child.kind is ClauseKind.ROW:
            yield " | ".join(cell.inline.text for cell in child.children)
            continue
        yield _marked(child)
        yield from _inner(child)


def _marked(clause: Clause) -> str:
    """The words of a clause after its enumerator or its name, without bullets."""
    text, marker = clause.inline.text, f"{clause.name}:" if clause.name else clause.marker
    return text if marker in _BULLETS or not text or text.startswith(marker) else f"{marker} {text}"


def _links(clause: Clause | None) -> tuple[str, ...]:
    marks = [mark for one in (_own(clause) if clause else ()) for mark in one.inline.marks]
    return tuple(mark.target for mark in marks if mark.kind in (MarkKind.LINK, MarkKind.IMAGE))


def _own(clause: Clause) -> Iterator[Clause]:
    yield clause
    for child in clause.children:
        if not child.anchor:
            yield from _own(child)


def wording_bytes(wordings: Sequence[Wording]) -> bytes:
    """Serialise wordings for the cache."""
    return json.dumps(
        [[one.clause, one.kind, one.anchor, one.label, one.words, one.links] for one in wordings], ensure_ascii=False
    ).encode()


def read_wording(data: bytes) -> tuple[Wording, ...]:
    """Read wordings from the cache."""
    return tuple(replace(Wording(*one), links=tuple(one[-1])) for one in json.loads(data))


@value_class(frozen=True, slots=True)
class Step:
    """A version that added, changed or removed a clause (`words` is None if removed).

    If the words are unchanged, `same` is the version that set them (otherwise 0), and `led` are the changed link
    targets: old and new. `typographic`: only blanks, quotation marks, apostrophes and dashes changed. `is_new`: the
    version added the clause.
    """

    version: Version
    anchor: str
    label: str
    words: str | None
    base: int
    links: tuple[str, ...] = ()
    same: int = 0
    led: tuple[tuple[str, str], ...] = ()
    typographic: bool = False
    is_new: bool = False

    @property
    def page(self) -> str:
        """The address of the version that has these words."""
        return version_page(self.version.id)

    @property
    def redline(self) -> str:
        """The address of the redline of the step; empty for a first version."""
        return redline_page(VersionId(self.version.id.document, self.base), self.version.number) if self.base else ""


@value_class
class History:
    """The steps of one clause, oldest first. `labels` are its labels, each once."""

    id: str
    steps: list[Step] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    kind: str = ""

    @property
    def label(self) -> str:
        """The last label."""
        return next(reversed(self.labels), self.id)

    @property
    def former(self) -> list[str]:
        """The earlier labels."""
        return [label for label in self.labels if label != self.label]

    def placed(self, first: int) -> Iterator[tuple[int, Step]]:
        """Each step with the number of the version beside which readers find it.

        The words of the `first` version are beside the step that changed them, because readers look for them there.
        """
        for at, step in enumerate(self.steps):
            is_first = at == 0 and step.version.number == first and len(self.steps) > 1
            yield self.steps[1].version.number if is_first else step.version.number, step


@value_class
class Histories:
    """The histories of a document's clauses, up to the last version added. `wordings` are by number of the version."""

    wordings: Mapping[int, Sequence[Wording]]
    _found: dict[str, History] = field(default_factory=dict)
    _off: set[int] = field(default_factory=set)
    _first: int = 0
    _last: int = 0

    def add(self, version: Version) -> None:
        """Add the next version."""
        self._first, self._last = self._first or version.number, version.number
        here = {one.clause: one for one in self.wordings[version.number]}
        base = version.post.supersedes
        # The versions between were withdrawn: no later version is based on them.
        self._off.update(range(base + 1, version.number))
        for one in here.values():
            history = self._found.setdefault(one.clause, History(one.clause))
            history.labels.pop(one.label, None)
            history.labels[one.label] = None
            history.kind = one.kind
            if one.words is not None:
                last = next((step for step in reversed(history.steps) if step.version.number not in self._off), None)
                history.steps.append(_step(version, one, last, is_new=not history.steps))
        for lost in [one for one in self.wordings.get(base, ()) if one.clause not in here]:
            self._found[lost.clause].steps.append(Step(version, lost.anchor, lost.label, None, base))

    def changed(self) -> tuple[list[History], list[History]]:
        """The histories of clauses that were added, changed or relabelled after the first version, in the order of the
        last version; and those of removed clauses.
        """
        changed = {
            name: one
            for name, one in self._found.items()
            if one.former or any(step.version.number != self._first for step in one.steps)
        }
        here = [changed[one.clause] for one in self.wordings[self._last] if one.clause in changed]
        names = {history.id for history in here}
        return here, [history for name, history in changed.items() if name not in names]


def _step(version: Version, new: Wording, last: Step | None, *, is_new: bool) -> Step:
    """The step of a clause in a version, compared with its `last` step."""
    base = version.post.supersedes
    step = Step(version, new.anchor, new.label, new.words, base, new.links, is_new=is_new and bool(base))
    if last is None or not new.words or not last.words or new.kind == DEFINITION:
        return step
    if last.words != new.words:
        same_links = last.links == new.links
        return replace(step, typographic=same_links and folded(last.words) == folded(new.words))
    alike = len(last.links) == len(new.links)
    led = [pair for pair in zip(last.links, new.links, strict=True) if pair[0] != pair[1]] if alike else []
    return replace(step, same=last.version.number, led=tuple(led))
