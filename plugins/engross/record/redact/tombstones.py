"""Remove words and facts from a source text visibly, and leave every other byte as it is, also mixed line ends.

A tombstone replaces the words of a clause and of everything within it. Headings, enumerators and defined terms stay,
since addresses are made of them. The code guesses which characters of the source to replace, and parses the result:
every clause must have the same anchor and label, and every other clause the same words. Otherwise it rejects the guess.
`redacted_rows` does this for registers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import engross.common.lazy_re as re
from engross.common import EngrossError, error, meant, shown, value_class
from engross.model import Clause, ClauseKind, Diagnostic, Document, DocumentEntry, Inline, Source
from engross.record.encoding import format_instant
from engross.record.history import Record
from engross.record.posting.drafts import read_tree_of
from engross.text import decode

_BOM = b"\xef\xbb\xbf"


@value_class(frozen=True, slots=True)
class Cut:
    """Replace the characters `start` to `end` (offsets in `Source.text`) with `new`, one line. `words` are the visible
    words of the replaced text.
    """

    start: int
    end: int
    new: str
    words: str = ""


def spliced(source: Source, cuts: Iterable[Cut]) -> Source:
    """Return the source with cuts made; the cuts must not overlap."""
    body = source.data.removeprefix(_BOM)
    raw = body.decode("utf-8")
    ends = [found.start() - before for before, found in enumerate(re.finditer("\r\n", raw))]
    parts, at = [], 0
    for cut in sorted(cuts, key=lambda cut: cut.start):
        # A line end of two characters counts as one in the text.
        start, end = (offset + bisect_left(ends, offset) for offset in (cut.start, cut.end))
        parts += [raw[at:start], cut.new]
        at = end
    data = "".join([*parts, raw[at:]]).encode("utf-8")
    mark = source.data[: len(source.data) - len(body)]
    return decode(mark + data, source.path, sealed=source.sealed, reader=source.reader)


RULE = "redact"
AGAIN = "[Redacted]"
_AROUND = re.compile(r"[\s,;:.]*(?:\b(?:and/or|and|or)\b)?\s*\Z")
_WORD = re.compile(r"\w")
_SENTENCE = re.compile(r"[.;!?][”\"')]*\s")
_CLOSES = re.compile(r"[”\"’'».:,)]*")
_WORDS = re.compile(r"\s+\S+")
_MOST_KEPT = 4
"""Words after a defined term that may stay, if the term is only recognised with a verb."""
_OPENERS, _ENDS = "*_~`[!<\\", re.compile(r"[*_~`]+|\]\([^)\n]*\)|\]\[[^\]\n]*\]|\]|>")


@value_class(frozen=True, slots=True)
class Redacted:
    """A text without a clause's words: the new document, the removed words by stretch, and the redacted anchors.

    `is_name`: the words are what a row is called, which is searched for elsewhere however short it is.
    """

    document: Document
    clause: Clause
    words: tuple[str, ...]
    within: frozenset[str]
    is_name: bool = False


def tombstone(at: datetime, zone: ZoneInfo, reason: str) -> str:
    """Return the tombstone: "[Redacted on 2026-11-23: order of a court]"."""
    return f"[Redacted on {at.astimezone(zone):%Y-%m-%d}: {reason}]"


def check_instant(record: Record, at: datetime) -> None:
    """Raise EngrossError for a redaction that is dated before the last entry of a record."""
    last = record.entries[-1] if record.entries else None
    if last and at < last.posted:
        message = (
            f"{format_instant(at)} is before {last.name}, posted {format_instant(last.posted)}; is the clock right?"
        )
        raise EngrossError([refusal(record.ledger_path, message)])


def find_clause(document: Document, name: str) -> Clause:
    """Return the clause with that anchor or label. Raises EngrossError if there is none, or several."""
    clauses = [clause for clause in document.root.walk() if clause.anchor or clause.label]
    wanted = name.removeprefix("#")
    found = [clause for clause in clauses if clause.anchor == wanted] or [
        clause for clause in clauses if name in (clause.label, entry_name(document, clause))
    ]
    if found and len({id(one) for one in found} & {id(one) for one in found[0].walk()}) == len(found):
        # A section and its only paragraph have the same label: the section is its heading and that paragraph.
        return found[0]
    if found:
        anchors = ", ".join(f"#{clause.anchor}" for clause in found if clause.anchor)
        raise _refused(document, f"{len(found)} clauses are called {shown(name)}; name one by its anchor: {anchors}")
    known = [*(clause_name(clause) for clause in clauses), *(clause.anchor for clause in clauses)]
    raise _refused(document, f"there is no clause {shown(name)}{meant(name, known)}")


def clause_name(clause: Clause) -> str:
    """Return the name of a redacted clause: the first paragraph of a section has the section's label."""
    first = clause.kind is ClauseKind.PARAGRAPH and clause.anchor.endswith(".p1")
    return f"{clause.label}, paragraph 1" if first and clause.label else clause.label


def entry_name(document: Document, clause: Clause) -> str:
    """Return the name of a redacted clause for the ledger.

    That of a row or of one of its values has the row's id, since a ledger cannot lose a title: "zebra: entity".
    """
    for row in document.root.children if document.entry.kind.has_rows else ():
        if clause is row and row.anchor:
            return row.anchor
        if any(clause is one for one in row.children):
            return f"{row.anchor}: {clause.name}"
    return clause_name(clause)


def redact_text(document: Document, clause: Clause, stone: str) -> Redacted:
    """Return a Markdown document without a clause's words. Raises EngrossError if they cannot be removed cleanly."""
    within = tuple(_texts(clause))
    if not within:
        raise _refused(document, f"{clause.label} has only a heading, from which its address is made")
    cuts = [cut for at, text in enumerate(within) for cut in _cuts(document, text, 0, AGAIN if at else stone)]
    made = _read(document, cuts)
    if made is None:
        cuts = []
        for text in within:
            cuts += _cuts_of(document, text, AGAIN if cuts else stone, cuts)
        made = _read(document, cuts)
    if made is None:
        raise _refused(document, _NOT_CLEAN)
    anchors = frozenset(one.anchor for one in clause.walk() if one.anchor)
    return Redacted(made, clause, tuple(cut.words for cut in cuts), anchors)


_NOT_CLEAN = (
    "the words cannot be removed without changing the text around them. Try a clause around this one or within "
    "it, and a reason without brackets, quotation marks or enumerators"
)


def _texts(clause: Clause) -> Iterator[Clause]:
    """Yield the clauses with running text of their own, in order; run-in items are part of the surrounding text."""
    if clause.kind is ClauseKind.RUN_IN:
        yield clause
        return
    if clause.inline.text.strip() and clause.kind is not ClauseKind.SECTION:
        yield clause
    for child in clause.children:
        if child.kind is not ClauseKind.RUN_IN:
            yield from _texts(child)


def _cuts_of(document: Document, text: Clause, stone: str, before: Sequence[Cut]) -> list[Cut]:
    """Return the cuts that remove a text: those that keep the fewest words of its name and change nothing else."""
    guesses = [_cuts(document, text, kept, stone) for kept in _kept(text)]
    for cuts in guesses:
        if cuts and _read(document, [*before, *cuts]) is not None:
            return cuts
    raise _refused(document, f"{text.label}: {_NOT_CLEAN}" if text.label else _NOT_CLEAN)


def _kept(text: Clause) -> Iterator[int]:
    """Yield how much of the beginning may have to stay: nothing, a number, a name, a name with the verb after it."""
    words = text.inline.text
    if text.kind is ClauseKind.RUN_IN:
        yield len(text.marker)
        return
    yield 0
    if text.number and not text.generated and words.startswith(text.number):
        yield _closed(words, len(text.number))
    at = words.find(text.name) if text.name else -1
    if at >= 0:
        end = _closed(words, at + len(text.name))
        yield end
        for _ in range(_MOST_KEPT):
            if found := _WORDS.match(words, end):
                end = found.end()
                yield end


def _closed(words: str, at: int) -> int:
    found = _CLOSES.match(words, at)
    return found.end() if found else at


def _cuts(document: Document, text: Clause, kept: int, stone: str) -> list[Cut]:
    """Return the cuts for each stretch between a text's run-in enumerators; the first stretch gets the tombstone."""
    source, cuts = _source(document), list[Cut]()
    for start, end in _stretches(text, kept):
        cut = _cut(source, text.inline, start, end, AGAIN if cuts else stone)
        if cut:
            cuts.append(cut)
    return cuts


def _stretches(text: Clause, kept: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text between its enumerators."""
    at, base = kept, text.span[0] if text.kind is ClauseKind.RUN_IN else 0
    inner = [one for one in text.walk() if one is not text and one.kind is ClauseKind.RUN_IN and _inside(text, one)]
    for item in sorted(inner, key=lambda one: one.span):
        start = item.span[0] - base
        yield at, start
        at = start + len(item.marker)
    yield at, len(text.inline.text)


def _inside(text: Clause, item: Clause) -> bool:
    """Whether a run-in item is in the text itself, and not in a block below it."""
    stack = [child for child in text.children if child.kind is ClauseKind.RUN_IN]
    while stack:
        one = stack.pop()
        if one is item:
            return True
        stack.extend(child for child in one.children if child.kind is ClauseKind.RUN_IN)
    return False


def _cut(source: Source, inline: Inline, start: int, end: int, stone: str) -> Cut | None:
    """Return the cut of a stretch without punctuation and conjunctions at its end; None if nothing else is there."""
    tail = _AROUND.search(inline.text, start, end)
    last = tail.start() if tail else end
    while start < last and inline.text[start].isspace():
        start += 1
    if not _WORD.search(inline.text, start, last):
        return None
    first, after = inline.source_offset(start), inline.source_offset(last - 1) + 1
    if any(mark.start == start for mark in inline.marks):
        while first and source.text[first - 1] in _OPENERS:
            first -= 1
    if any(mark.end == last for mark in inline.marks) and (found := _ENDS.match(source.text, after)):
        after = found.end()
        while more := _ENDS.match(source.text, after):
            after = more.end()
    # If a sentence ended within, one ends here and another begins: enumerators after it are not nested.
    ended = _SENTENCE.search(inline.text, start, last)
    stones = f"{stone}. {AGAIN}" if ended and last < len(inline.text.rstrip()) else stone
    return Cut(first, after, stones, inline.text[start:last])


def _read(document: Document, cuts: Iterable[Cut]) -> Document | None:
    """Parse the document with cuts made; None if anything around them changed."""
    source, cut = _source(document), list(cuts)
    try:
        made = remade(spliced(source, cut), document.entry)
    except EngrossError:
        return None
    return made if _same_around(document, made, cut) else None


def remade(source: Source, entry: DocumentEntry) -> Document:
    """Parse a document again from other bytes. Raises EngrossError if they cannot be read."""
    again = decode(source.data, source.path, sealed=True, reader=source.reader)
    return Document(entry, source, read_tree_of(again, entry))


def _same_around(before: Document, after: Document, cuts: Sequence[Cut]) -> bool:
    """Whether two trees differ only in the words that were cut."""
    olds, news = list(before.root.walk()), list(after.root.walk())
    if [_shape(one) for one in olds] != [_shape(one) for one in news]:
        return False
    return all(
        old.inline.text == new.inline.text or _touched(old, cuts) for old, new in zip(olds, news, strict=True)
    ) and _visible(olds[0], cuts) == _visible(news[0], ())


def _visible(root: Clause, cuts: Sequence[Cut]) -> str:
    """Return the visible text of a tree, with the cut stretches replaced."""
    return "\n".join(
        _replaced(one, cuts) for one in root.walk() if one.inline.text and one.kind is not ClauseKind.RUN_IN
    )


def _replaced(clause: Clause, cuts: Sequence[Cut]) -> str:
    shown_text, done = list[str](), set[int]()
    for at, character in enumerate(clause.inline.text):
        offset = clause.inline.source_offset(at)
        cut = next((number for number, cut in enumerate(cuts) if cut.start <= offset < cut.end), None)
        if cut is None:
            shown_text.append(character)
        elif cut not in done:
            done.add(cut)
            shown_text.append(cuts[cut].new)
    return "".join(shown_text)


def _shape(clause: Clause) -> tuple[object, ...]:
    return clause.kind, clause.anchor, clause.label, clause.level, clause.marker, clause.number, clause.list_kind


def _touched(clause: Clause, cuts: Sequence[Cut]) -> bool:
    first = clause.inline.source_offset(0)
    last = clause.inline.source_offset(max(0, len(clause.inline.text) - 1))
    return any(cut.start <= last and first < cut.end for cut in cuts)


def _source(document: Document) -> Source:
    assert document.source is not None
    return document.source


def _refused(document: Document, message: str) -> EngrossError:
    return EngrossError([refusal(_source(document).path, message)])


def refusal(path: str, message: str) -> Diagnostic:
    """Return the error that something cannot be redacted."""
    return error(RULE, path, 0, 0, message)
