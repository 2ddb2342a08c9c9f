"""Find changes in a redline that readers can notice, and changes that can alter the meaning.

The second kind is never editorial without a reason: numbers, negations, modal verbs, defined terms, and clauses that
were added, deleted or moved to another section. Each finding has the words before and after; a person decides whether
the meaning changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import cached_property

import engross.common.lazy_re as re
from engross.common import revealed, value_class
from engross.corpus import Register, column_label, read_catalogue, register_of, ui_strings, value_changes
from engross.language import changed_kind, forms, key, spelt_otherwise
from engross.model import Clause, ClauseKind, Definition, Document, DocumentKind, Given
from engross.redline import Block, Face, FactKind, Op, Piece, Redline, Run, State, diff_runs, find_changes, side_text
from engross.terms import Readings, compile_names

_UNNOTICED = frozenset(
    {FactKind.EMPHASIS, FactKind.ALIGNMENT, FactKind.CODE_LANGUAGE, FactKind.LINE_BREAK, FactKind.TYPOGRAPHY}
)
"""Facts that change only the presentation of the same words; readers can notice all others."""


def what_is_noticed(script: Redline) -> str:
    """Describe the first change of a redline that a reader can notice; empty if only the format changed."""
    for change in find_changes(script):
        inner = [block for top in change.blocks for block in top.walk()]
        worded = any(run.op is not Op.EQUAL and run.text.strip() for block in inner for run in block.runs)
        placed = any(block.state in (State.INSERTED, State.DELETED, State.MOVED_HERE) for block in inner)
        facts = [fact for block in inner for fact in block.facts if fact.kind not in _UNNOTICED]
        if worded or placed or facts:
            return f"{change.where}: {', '.join(change.kinds)}"
    return ""


_JOINT = re.compile(r"[,;.]?(?:\s+(?:and|or|und|oder|et|ou|y|o))?\Z", re.IGNORECASE)
_EDGES = " \n\t“”„‚‘’'\"«».,;:!?…"
_WORDED_FIELDS = frozenset({"name", "docs", "source", "eula.restrictions"})
"""Facts of a model that are words or addresses; all others describe the offer."""
_LONGEST_SHOWN = 60
_AROUND = 2
"""Words before and after a difference that help to identify it."""
_BELOW_ALL = 99
"""Deeper than any heading."""


@value_class(frozen=True, slots=True)
class Evidence:
    """One change that can alter the meaning: its kind, the words before and after, and its place: the label of the
    clause and the line, in the older text if `new` does not have it (`gone`).
    """

    kind: str
    old: str
    new: str
    where: str
    line: int
    gone: bool = False

    def __str__(self) -> str:
        if self.old == self.new:
            return f"{self.kind} {_quoted(self.new)}"
        return f"{self.kind} {_quoted(self.old)} → {_quoted(self.new)}"


def _without_edges(old: str, new: str) -> tuple[str, str]:
    """Return words that differ, without punctuation and quotes around them, unless only those differ."""
    bare = old.strip(_EDGES), new.strip(_EDGES)
    return bare if bare[0] != bare[1] else (old, new)


def _quoted(words: str) -> str:
    words = revealed(" ".join(words.split()))
    if not words:
        return "nothing"
    return f"“{words if len(words) <= _LONGEST_SHOWN else words[: _LONGEST_SHOWN - 1] + '…'}”"


def evidence(old: Document, new: Document, script: Redline, others: Iterable[Document] = ()) -> tuple[Evidence, ...]:
    """Return what can alter the meaning in a change from one text to another, in the order of the texts.

    `others` are the documents of its sets, whose terms it may use.
    """
    if old.entry.kind.has_rows or new.entry.kind.has_rows:
        before, after = register_of(old), register_of(new)
        return tuple(_of_rows(before, after) if before and after else _of_models(old, new))
    return tuple(_Comparison(old, new, others).evidence(script))


@value_class(frozen=True, slots=True)
class _Region:
    """A stretch that differs, as whole words, with its place in the text of either side."""

    old: str
    new: str
    old_span: tuple[int, int]
    new_span: tuple[int, int]


class _Sections:
    """Return the headings around a place in a text: a heading of both texts is itself, any other one is its words."""

    def __init__(self) -> None:
        self._open: list[tuple[int, object]] = []

    def around(self, face: Face | None) -> object:
        """Return the heading above a block."""
        level = face.level if face and face.kind is ClauseKind.SECTION else _BELOW_ALL
        return next((known for at, known in reversed(self._open) if at < level), None)

    def enter(self, block: Block, face: Face | None) -> None:
        """Continue below a block, if it is a heading of this text."""
        if face and face.kind is ClauseKind.SECTION:
            stays = block.old and block.new and not block.move
            self._open = [one for one in self._open if one[0] < face.level]
            self._open.append((face.level, id(block) if stays else _text(block)))


@value_class
class _Comparison:
    old: Document
    new: Document
    others: Iterable[Document]
    _came: dict[str, list[tuple[Block, object]]] = field(default_factory=lambda: defaultdict(list))
    _went: dict[str, list[tuple[Block, object]]] = field(default_factory=lambda: defaultdict(list))
    _left: dict[int, set[object]] = field(default_factory=lambda: defaultdict(set))
    _arrived: dict[int, list[tuple[Block, object]]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def _definitions(self) -> tuple[tuple[Definition, ...], tuple[Definition, ...]]:
        return _definitions(self.old), _definitions(self.new)

    @cached_property
    def _lines(self) -> tuple[frozenset[tuple[int, int]], ...]:
        """The lines of clauses that define a term, on either side."""
        documents = (self.old, self.new)
        return tuple(_defining(one, found) for one, found in zip(documents, self._definitions, strict=True))

    @cached_property
    def _names(self) -> dict[str, str]:
        """Return the defined terms that apply here, in every form that is used, each with its own name."""
        elsewhere = (one for other in self.others if other.id != self.new.id for one in _definitions(other))
        found: dict[str, str] = {}
        for definition in (*elsewhere, *self._definitions[0], *self._definitions[1]):
            for name in map(key, definition.names):
                found |= dict.fromkeys(forms(name), name) | {name: name}
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return compile_names(self._names)

    def evidence(self, script: Redline) -> Iterator[Evidence]:
        """Yield what can alter the meaning: of terms, in blocks, and of whole clauses."""
        yield from self._of_terms()
        yield from self._top(script.blocks)
        yield from self._of_clauses()

    def _of_terms(self) -> Iterator[Evidence]:
        """Yield the definitions that only one side has."""
        for at, gone in ((0, True), (1, False)):
            known = {name for one in self._definitions[1 - at] for name in map(key, one.names)}
            for one in self._definitions[at]:
                if known.isdisjoint(map(key, one.names)):
                    old, new = (one.term, "") if gone else ("", one.term)
                    yield Evidence("definition", old, new, one.place.label, one.place.line, gone)

    def _top(self, blocks: Sequence[Block]) -> Iterator[Evidence]:
        """Return the blocks of a text in which headings do not contain the text below: levels show the sections."""
        old, new = _Sections(), _Sections()
        for block in blocks:
            yield from self._block(block, (old.around(block.old), new.around(block.new)), "")
            old.enter(block, block.old if block.state is not State.MOVED_HERE else None)
            new.enter(block, block.new if block.state is not State.MOVED_AWAY else None)

    def _block(self, block: Block, around: tuple[object, object], where: str) -> Iterator[Evidence]:
        """Yield what one block shows; `around` are the headings around it, on either side."""
        here = block.face.label or where
        if block.state is State.INSERTED:
            self._came[_without_joint(_text(block))].append((block, around[1]))
        elif block.state is State.DELETED:
            self._went[_without_joint(_text(block))].append((block, around[0]))
        elif block.state is State.MOVED_AWAY:
            self._left[block.move].add(around[0])
        else:
            if block.state is State.MOVED_HERE:
                self._arrived[block.move].append((block, around[1]))
            elif block.old and block.new and block.old.level == block.new.level and around[0] != around[1]:
                yield _moved(block)
            if block.state is not State.SAME:
                yield from self._of_block(block, here)
                for child in block.children:
                    yield from self._block(child, (id(block), id(block)), here)

    def _of_clauses(self) -> Iterator[Evidence]:
        """Yield clauses that were added, deleted or moved to another section, unless their heading is the same."""
        for move, arrived in self._arrived.items():
            if self._left[move] != {around for _, around in arrived}:
                yield _moved(arrived[0][0])
        for words, came in self._came.items():
            went = self._went.get(words, [])
            for block, around in came if words else ():
                text, where, line = _text(block), block.face.label, block.face.lines[0]
                same = next((one for one in went if one[1] == around), None)
                if same:
                    went.remove(same)
                    if kind := changed_kind(_text(same[0]), text):
                        yield Evidence(kind, _text(same[0]), text, where, line)
                elif went:
                    went.pop()
                    yield _moved(block)
                else:
                    yield Evidence("clause inserted", "", text, where, line)
        for words, left in self._went.items():
            for block, _ in left if words else ():
                yield Evidence("clause deleted", _text(block), "", block.face.label, block.face.lines[0], gone=True)

    def _of_block(self, block: Block, where: str) -> Iterator[Evidence]:
        line = block.face.lines[0] or _first_line(block)
        sides = zip(self._lines, (block.old, block.new), strict=True)
        defines = any(face is not None and face.lines in lines for lines, face in sides)
        texts = _sides(block.runs)
        for region in _regions(block.runs):
            if found := self._of_region(region, texts, defines=defines):
                yield Evidence(found, *_without_edges(region.old, region.new), where, line)

    def _of_region(self, region: _Region, texts: tuple[str, str], *, defines: bool) -> str:
        start, end = region.new_span
        before, after = texts[1][:start].split()[-_AROUND:], texts[1][end:].split()[:_AROUND]
        if kind := changed_kind(region.old, region.new, " ".join(before), " ".join(after)):
            return kind
        spelling = spelt_otherwise(region.old, region.new)
        spans = (region.old_span, region.new_span)
        was, now = (self._terms(text, span) for text, span in zip(texts, spans, strict=True))
        # A term that was misspelt before was not recognised, but readers see the same term.
        if was != now and (was or not spelling):
            return "defined term"
        return "definition" if defines and not spelling else ""

    def _terms(self, text: str, span: tuple[int, int]) -> list[str]:
        """Return the terms of which a stretch has any part, each by its own name."""
        pattern = self._pattern
        start, end = span
        found = []
        for match in pattern.finditer(text) if pattern else ():
            a, b = match.span()
            name = self._names.get(key(match[0]))
            if name and ((a < end and b > start) or a < start == end < b):
                found.append(name)
        return found


def _definitions(document: Document) -> tuple[Definition, ...]:
    if document.source is None or document.entry.kind.has_rows:
        return ()
    return tuple(bound.definition for bound in Readings().bounds(document, first=True))


def _defining(document: Document, definitions: Iterable[Definition]) -> frozenset[tuple[int, int]]:
    clauses: list[Clause] = list(document.root.walk()) if document.source else []
    return frozenset(clauses[one.place.clause].lines for one in definitions if one.given is not Given.RUNNING)


def _text(block: Block) -> str:
    op = Op.DELETED if block.state in (State.DELETED, State.MOVED_AWAY) else Op.INSERTED
    return " ".join(side_text(block, op).split())


def _without_joint(text: str) -> str:
    """Return the words of a clause without what joins an item to the next: "; or", "." """
    return _JOINT.sub("", text)


def _moved(block: Block) -> Evidence:
    text = _text(block)
    return Evidence("clause moved to another section", text, text, block.face.label, block.face.lines[0])


def _first_line(block: Block) -> int:
    return next((inner.face.lines[0] for inner in block.walk() if inner.face.lines[0]), 0)


def _sides(runs: Iterable[Run]) -> tuple[str, str]:
    """Return the text of a block on either side; a break in it is a space."""
    shown = [(run.op, " " if run.starts else run.text) for run in runs]
    old = "".join(text for op, text in shown if op is not Op.INSERTED)
    return old, "".join(text for op, text in shown if op is not Op.DELETED)


def _regions(runs: Sequence[Run]) -> Iterator[_Region]:
    """Yield the stretches of runs that differ, each widened to whole words."""
    old, new = _sides(runs)
    a = b = start_a = start_b = 0
    differs = False
    for run in (*runs, Run(Op.EQUAL)):
        text = " " if run.starts else run.text
        if run.op is Op.EQUAL:
            if differs:
                yield _widened(old, new, (start_a, a), (start_b, b))
            a, b, differs = a + len(text), b + len(text), False
            start_a, start_b = a, b
            continue
        differs = differs or bool(text.strip())
        a, b = a + len(text) * (run.op is Op.DELETED), b + len(text) * (run.op is Op.INSERTED)


def _widened(old: str, new: str, old_span: tuple[int, int], new_span: tuple[int, int]) -> _Region:
    # The text around is the same on both sides.
    before = re.search(r"\S*\Z", old[: old_span[0]])
    after = re.match(r"\S*", old[old_span[1] :])
    left, right = len(before[0]) if before else 0, len(after[0]) if after else 0
    spans = [(start - left, end + right) for start, end in (old_span, new_span)]
    (a, b), (c, d) = spans
    return _Region(old[a:b], new[c:d], spans[0], spans[1])


def _of_models(old: Document, new: Document) -> Iterator[Evidence]:
    """Yield what changed in a model list: any fact but words and addresses."""
    kinds = (old.entry.kind, new.entry.kind)
    if old.source is None or new.source is None or kinds != (DocumentKind.CATALOGUE, DocumentKind.CATALOGUE):
        return
    before, after = read_catalogue(old.source), read_catalogue(new.source)
    known = [{model.id: at for at, model in enumerate(one.models)} for one in (before, after)]
    yield from _of_words("note", before.note, after.note, "Note", 1)
    if before.illustrative != after.illustrative:
        yield Evidence("illustrative", str(before.illustrative).lower(), str(after.illustrative).lower(), "Note", 1)
    seen = set[str]()
    from engross.record.views.json_files import compare_catalogues  # it takes long to load, and most texts are no lists

    for model, name, was, now in compare_catalogues(before, after):
        gone = model not in known[1]
        side, at = (before, known[0][model]) if gone else (after, known[1][model])
        line, called = side.file.place(("models", at, *name.split(".")))[0], side.models[at].name
        if gone or model not in known[0]:
            if model not in seen:
                seen.add(model)
                kind, texts = ("clause deleted", (called, "")) if gone else ("clause inserted", ("", called))
                yield Evidence(kind, *texts, called, side.file.lines(("models", at))[0], gone)
        elif name in _WORDED_FIELDS:
            yield from _of_words(name, _as_text(was), _as_text(now), called, line)
        else:
            yield Evidence(name, _as_text(was), _as_text(now), called, line)


def _of_rows(before: Register, after: Register) -> Iterator[Evidence]:
    """Yield what changed in a register: each row that was added or removed, and each value of a contractual column."""
    rows = [{row.id: row for row in one.rows} for one in (before, after)]
    words, seen = ui_strings("en"), set[str]()
    yield from _of_words("note", before.note, after.note, "Note", 1)
    for at, name, was, now in value_changes(before, after):
        gone = at not in rows[1]
        side = before if gone else after
        row, column = rows[not gone][at], side.schema.column(name)
        called, line = side.title(row), side.place(row, name)[0]
        if gone or at not in rows[0]:
            if at not in seen:
                seen.add(at)
                kind, texts = ("clause deleted", (called, "")) if gone else ("clause inserted", ("", called))
                yield Evidence(kind, *texts, called, line, gone)
        elif column is None or column.contractual:
            label = column_label(side.schema, column, words) if column else name
            yield Evidence(label, was or "", now or "", called, line)


def _of_words(name: str, old: str, new: str, where: str, line: int) -> Iterator[Evidence]:
    for region in _regions(diff_runs((Piece(old),), (Piece(new),))):
        if kind := changed_kind(region.old, region.new):
            yield Evidence(f"{name}: {kind}", *_without_edges(region.old, region.new), where, line)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
