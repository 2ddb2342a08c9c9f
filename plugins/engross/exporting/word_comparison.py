"""Compares the words of a kept file with those of a sealed text, in their order; blanks do not count.

Copies have sentences in place of redacted words, in the language and time zone that they were made in: `Notices`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz.distance import Indel

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import Words, shipped_templates, ui_strings
from engross.exporting.kept_files import KeptKind
from engross.model import Clause, ClauseKind, Document, ListKind, Version
from engross.render import ShownDates, shown_number


@value_class(frozen=True)
class Difference:
    """A place where a kept file differs: the clause, the words as sealed and in the file, what else differs."""

    where: str
    sealed: str
    kept: str
    kinds: tuple[str, ...] = ()


Placed = tuple[str, str]
"""A word, and the label of its clause."""


class TypedNumber(str):
    """A word of a typed number at the beginning of a clause, which Word may compute instead."""

    __slots__ = ()


@value_class(frozen=True)
class Notices:
    """The sentences that copies add to redacted words, by the index of the clause in the order of the text.

    `inside`: each is before the children of its clause, not after them.
    """

    sentences: Mapping[int, str]
    inside: bool = False

    def is_all_of(self, difference: Difference) -> bool:
        """Whether a file only lacks sentences: copies have one for several clauses with the same label."""
        rest = difference.sealed
        for sentence in self.sentences.values():
            rest = rest.replace(" ".join(sentence.split()), "")
        return not difference.kept and not rest.strip()


def sealed_words(document: Document, kind: KeptKind, notices: Notices | None = None) -> list[Placed]:
    """Return the words of a text as a kind of file has them.

    Akoma Ntoso and HTML have generated numbers, enumerators and the names of facts, which Word computes as numbers of
    lists; only HTML has the signs of footnotes.
    """
    named = document.entry.kind.has_rows and kind in _NAMED
    return list(_words_of(document.root, "", kind, named=named, notices=notices or Notices({}), at=count()))


def _words_of(
    clause: Clause, label: str, kind: KeptKind, *, named: bool, notices: Notices, at: Iterator[int]
) -> Iterator[Placed]:
    """`named`: a paragraph begins with its name, as in lists of models. `at` counts the clauses."""
    label = clause.label or label
    notice = [(word, label) for word in notices.sentences.get(next(at), "").split()]
    # The text of a run-in item is within that of its paragraph.
    if clause.kind is not ClauseKind.RUN_IN:
        name = (f"{clause.name}:",) if named and clause.name and clause.kind is ClauseKind.PARAGRAPH else ()
        for text in (*name, *_texts(clause, kind)):
            yield from ((word, label) for word in _marked_number(text.split(), kind))
    yield from notice if notices.inside else ()
    for child in clause.children:
        inner = _words_of(child, label, kind, named=named, notices=notices, at=at)
        if clause.kind is ClauseKind.RUN_IN:
            for _ in inner:
                pass
        else:
            yield from inner
    yield from () if notices.inside else notice


def _marked_number(words: list[str], kind: KeptKind) -> list[str]:
    if kind is not KeptKind.WORD or not words:
        return words
    named = 1 if words[0] in _NUMBERED_PARTS and len(words) > 1 else 0
    if not _TYPED_NUMBER.fullmatch(words[named]):
        return words
    return [*map(TypedNumber, words[: named + 1]), *words[named + 1 :]]


_NUMBERED_PARTS = ("Article", "Section", "Clause", "Part", "§")
_TYPED_NUMBER = re.compile(r"[(\[]?(?:\d+(?:\.\d+)*[.:)\]]{0,2}|(?:[A-Za-z]|[IVXLCivxlc]+)(?:\.\d+)*[.:)\]]{1,2})")
_NAMED = (KeptKind.AKOMA, KeptKind.HTML, KeptKind.PDF)
_NUMBERED = (KeptKind.AKOMA, KeptKind.HTML)
_MARKED = (ListKind.ORDERED, ListKind.ENUMERATED)


def _texts(clause: Clause, kind: KeptKind) -> Iterator[str]:
    if kind in _NUMBERED and clause.generated:
        yield shown_number(clause)
    if kind is KeptKind.HTML and clause.list_kind is ListKind.FOOTNOTES:
        yield clause.marker
    if kind in _NUMBERED and clause.list_kind in _MARKED and clause.marker not in _BULLETS:
        yield clause.marker
    yield clause.inline.text if kind is KeptKind.HTML else clause.inline.words


_BULLETS = ("-", "*", "+")
_NEAR = 2
"""Differences with at most this many equal words between them are one."""


def _computed(words: Sequence[str], kept: Sequence[str]) -> Iterator[int]:
    """Yield the places of typed numbers that a Word file does not have as text."""
    for op in Indel.opcodes(words, kept):
        for at in range(op.src_start, op.src_end) if op.tag != "equal" else ():
            if isinstance(words[at], TypedNumber):
                yield at
            elif at + 1 < len(words) and words[at + 1] == words[at] and isinstance(words[at + 1], TypedNumber):
                # Of two equal words, the first ends the clause before: “Section 3.”, then “3. Working days”.
                yield at + 1


def word_differences(sealed: Sequence[Placed], kept: Sequence[str]) -> Iterator[Difference]:
    """Yield where the words of a file differ from those sealed, in order."""
    words = [word for word, _ in sealed]
    if any(isinstance(word, TypedNumber) for word in words):
        computed = set(_computed(words, kept))
        sealed = [one for at, one in enumerate(sealed) if at not in computed]
        words = [word for word, _ in sealed]
    if "".join(words) == "".join(kept):
        return
    spans: list[list[int]] = []
    for op in Indel.opcodes(words, kept):
        if op.tag == "equal":
            continue
        if spans and op.src_start - spans[-1][1] <= _NEAR:
            spans[-1][1], spans[-1][3] = op.src_end, op.dest_end
        else:
            spans.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    for first, last, at, end in spans:
        # Added words are named by the clause before them.
        place = first if last > first else max(first - 1, 0)
        where = sealed[place][1] if sealed else ""
        yield Difference(where, " ".join(words[first:last]), " ".join(kept[at:end]))


def redaction_notices(document: Document, version: Version, text: str, own: Iterable[Words]) -> Iterator[Notices]:
    """Yield the notices that a copy of a version may have where its words were redacted.

    `text` is that of the copy, without blanks: only sentences that are in it count. `own` are UI strings of the site.
    """
    for words in all_words(own):
        found = dict(_sentences(document, version, text, words))
        if found:
            yield Notices(found, inside=True)
            yield Notices(found)


def all_words(own: Iterable[Words]) -> Iterator[Words]:
    """Yield the UI strings of a site, and those of every language that Engross has."""
    yield from own
    yield from (ui_strings(path.stem) for path in sorted((shipped_templates() / "words").glob("*.yml")))


def _sentences(document: Document, version: Version, text: str, words: Words) -> Iterator[tuple[int, str]]:
    for index, clause in enumerate(document.root.walk()):
        for entry in version.redactions:
            if entry.clause and entry.clause in (clause.anchor, clause.label):
                for zone in sorted(available_timezones()):
                    day = ShownDates(ZoneInfo(zone), words).instant(entry.posted)
                    sentence = words["archive_redacted_here"].format(day=day, reason=entry.reason)
                    if "".join(sentence.split()) in text:
                        yield index, sentence
                        break
