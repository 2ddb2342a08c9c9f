"""Compares the words of a source with those of the imported document, as Engross's own parser reads it.

The source's text comes from an extraction of its own, which shares no code with the importer. Differences are only
allowed where the report says so: labels that the source generates, and text that was dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import engross.common.lazy_re as re
from engross.importing.values import Difference
from engross.model import Clause, ClauseKind, Inline, ListKind, MarkKind

_WORD = re.compile(r"\w+|[^\w\s]")
_WINDOW = 400
_SAME = 6
"""How many words in a row must be equal after a difference."""
_UNSEEN = str.maketrans({"\xad": None, "\u200b": None, "\ufeff": None, "\u200e": None, "\u200f": None})
Span = tuple[int, int, int, int]
"""Words that differ: `source[a:b]` and `imported[c:d]`."""


def words_of(text: str) -> list[str]:
    """Return the words and signs of a text in order; blanks and characters without width do not count."""
    return _WORD.findall(text.translate(_UNSEEN))


def document_words(root: Clause) -> list[str]:
    """Return the words of a document as a reader sees it, with typed labels, without numbers of footnotes."""
    return words_of("\n".join(_texts(root)))


def _texts(root: Clause) -> Iterator[str]:
    notes = {id(one) for clause in root.walk() if clause.list_kind is ListKind.FOOTNOTES for one in clause.children}
    for clause in root.walk():
        if clause.kind is ClauseKind.RUN_IN:
            continue
        if clause.kind is ClauseKind.ITEM and clause.marker not in "-*+" and id(clause) not in notes:
            yield clause.marker
        if clause.inline.text:
            yield _visible(clause.inline)


def _visible(inline: Inline) -> str:
    """Return the words of running text, without references to footnotes and the names of pictures."""
    text = inline.text
    for mark in reversed(inline.marks):
        if mark.kind in (MarkKind.IMAGE, MarkKind.FOOTNOTE):
            text = text[: mark.start] + text[mark.end :]
    return text


def compare_words(
    source: Sequence[str], imported: Sequence[str], labels: Iterable[str], dropped: Iterable[str]
) -> tuple[Difference, ...]:
    """Return the differences between the words that `labels`, which were added, and `dropped` do not explain."""
    added = Counter(word for label in labels for word in words_of(label))
    dropped = list(dropped)
    gone = Counter(word for text in dropped for word in words_of(text))
    differences = []
    for a, b, c, d in _spans(source, imported, list(map(words_of, labels)), list(map(words_of, dropped))):
        more, less = Counter(imported[c:d]), Counter(source[a:b])
        if _within(more, added) and _within(less, gone):
            added.subtract(more)
            gone.subtract(less)
            continue
        after = " ".join(source[max(0, a - 5) : a])
        differences.append(Difference(after, " ".join(source[a:b]), " ".join(imported[c:d])))
    return tuple(differences)


def _within(few: Counter[str], many: Counter[str]) -> bool:
    return all(many[word] >= count for word, count in few.items())


def _spans(
    source: Sequence[str], imported: Sequence[str], expected: list[list[str]], dropped: list[list[str]]
) -> Iterator[Span]:
    """Yield what differs, in order. Labels and long texts that were dropped are tried first: both are where they are
    expected, and a document full of them takes linear time.
    """
    at, to, label = 0, 0, 0
    long = {tuple(words[:_SAME]): words for words in dropped if len(words) >= _SAME}
    first = {words[0] for words in long}
    while at < len(source) or to < len(imported):
        if at < len(source) and source[at] in first:
            gone = long.get(tuple(source[at : at + _SAME]), [])
            if gone and list(source[at : at + len(gone)]) == gone:
                del long[tuple(gone[:_SAME])]
                yield at, at + len(gone), to, to
                at += len(gone)
                continue
        if at < len(source) and to < len(imported) and source[at] == imported[to]:
            at, to = at + 1, to + 1
            continue
        if label < len(expected) and list(imported[to : to + len(expected[label])]) == expected[label]:
            yield at, at, to, to + len(expected[label])
            to, label = to + len(expected[label]), label + 1
            continue
        skip, gain = _resume(source[at : at + _WINDOW], imported[to : to + _WINDOW])
        matcher = SequenceMatcher(None, source[at : at + skip], imported[to : to + gain], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                yield at + a, at + b, to + c, to + d
        at, to = at + skip, to + gain


def _resume(source: Sequence[str], imported: Sequence[str]) -> tuple[int, int]:
    """Return how many words to pass on each side until both agree again, at best for several words."""
    blocks = SequenceMatcher(None, source, imported, autojunk=False).get_matching_blocks()
    for block in blocks:
        at_end = block.a + block.size == len(source) or block.b + block.size == len(imported)
        if block.size >= _SAME or (block.size and at_end):
            return block.a, block.b
    longest = max(blocks, key=lambda block: block.size)
    return (longest.a, longest.b) if longest.size and longest.a + longest.b else (len(source), len(imported))
