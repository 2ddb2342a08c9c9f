"""Compares two texts word by word and returns runs from which either text can be read back.

Equal words are paired by common ends, patience on rare words, and `difflib` in the rest. `clean_up` then drops pairs
that would make a change hard to read, so that it is marked as a person would mark it:

* A change with several possible places (the second of two equal words) is placed at the end of a phrase.
* A quoted term is never changed in part.
* One or two unchanged words between two changes, or a short phrase between two longer changes, join the changes.
* If very little is unchanged, the whole text is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from engross.common import value_class
from engross.redline.alignment.sequences import Pair, gaps_between, match_equal
from engross.redline.script import Op, Run, Style
from engross.redline.styled_text import Piece, Pieces, Token, tokens

_MAX_STRAY_WORDS = 2
_LONGEST_ISLAND = 12
_LONGEST_TERM = 10
_MIN_KEPT = 0.35
_OPENING, _CLOSING = '“"„«', '”"“»'
_STOPS = {".": 4, ";": 4, ":": 3, "\n": 3, ",": 2, ")": 1, "”": 1}


def clean_up(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """Return the pairs that remain, in order."""
    pairs = _slide_changes(old, new, pairs)
    pairs = _drop_partial_terms(old, pairs, 0)
    pairs = _drop_partial_terms(new, pairs, 1)
    pairs = _drop_islands(old, new, pairs)
    return [] if _is_replacement(old, new, pairs) else pairs


@value_class(slots=True)
class _Change:
    """A difference: start and end on either side."""

    a: int
    a_end: int
    b: int
    b_end: int


def _changes(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> list[_Change]:
    found: list[_Change] = []
    a = b = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if i > a or j > b:
            found.append(_Change(a, i, b, j))
        a, b = i + 1, j + 1
    return found


def _words(tokens: Sequence[Token], start: int, end: int) -> int:
    return sum(tokens[at].is_word for at in range(start, end))


def _pairs_between(changes: Sequence[_Change], length: int) -> Iterator[Pair]:
    """Yield the pairs between the changes; `length` is that of the old side."""
    a = b = 0
    for change in [*changes, _Change(length, length, 0, 0)]:
        yield from ((at, at - a + b) for at in range(a, change.a))
        a, b = change.a_end, change.b_end


def _slide_changes(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """Move pure insertions and deletions to places where they end with a phrase."""
    moved: list[_Change] = []
    for change in _changes(old, new, pairs):
        room = change.a - (moved[-1].a_end if moved else 0)
        steps = 0
        if change.a == change.a_end:
            steps = _left_steps(new, change.b, change.b_end, room)
        elif change.b == change.b_end:
            steps = _left_steps(old, change.a, change.a_end, room)
        moved.append(_Change(change.a - steps, change.a_end - steps, change.b - steps, change.b_end - steps))
    return list(_pairs_between(moved, len(old)))


def _left_steps(tokens: Sequence[Token], start: int, end: int, room: int) -> int:
    """Return how far to move the change to the left, past at most `room` unchanged words."""
    best, steps, at = _ending(tokens, start, end), 0, 0
    while at < min(room, end - start) and tokens[start - at - 1].key == tokens[end - at - 1].key:
        at += 1
        score = _ending(tokens, start - at, end - at)
        if score > best:
            best, steps = score, at
    return steps


def _ending(tokens: Sequence[Token], start: int, end: int) -> int:
    """Rate how well a span fits between phrases: it follows punctuation and ends in the same kind."""
    before = _STOPS.get(tokens[start - 1].text, 0) if start else 4
    return before + _STOPS.get(tokens[end - 1].text, 0)


def _drop_partial_terms(tokens: Sequence[Token], pairs: list[Pair], side: int) -> list[Pair]:
    """Drop the remaining pairs of every quoted term in which a word changed."""
    place = {pair[side]: pair for pair in pairs}
    dropped: set[Pair] = set()
    for start, end in _terms(tokens):
        inside = [place[at] for at in range(start, end) if at in place]
        whole = len(inside) == end - start and inside[-1][1 - side] - inside[0][1 - side] == end - start - 1
        if not whole:
            dropped.update(inside)
    return [pair for pair in pairs if pair not in dropped]


def _terms(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield quoted spans of at most _LONGEST_TERM words, including the quotation marks."""
    opened = -1
    for at, token in enumerate(tokens):
        if opened >= 0 and token.text in _CLOSING:
            yield opened, at + 1
            opened = -1
        elif token.text in _OPENING:
            opened = at
        elif at - opened > _LONGEST_TERM:
            opened = -1


def _drop_islands(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """Drop islands: unchanged words between two changes that are too few to be read on their own."""
    merged: list[_Change] = []
    for change in _changes(old, new, pairs):
        merged.append(change)
        while len(merged) > 1 and _is_island(old, new, merged[-2], merged[-1]):
            after = merged.pop()
            merged[-1] = _Change(merged[-1].a, after.a_end, merged[-1].b, after.b_end)
    within = {at for change in merged for at in range(change.a, change.a_end)}
    return [pair for pair in pairs if pair[0] not in within]


def _is_island(old: Sequence[Token], new: Sequence[Token], before: _Change, after: _Change) -> bool:
    words = _words(old, before.a_end, after.a)
    if words <= _MAX_STRAY_WORDS:
        return True
    if words > _LONGEST_ISLAND:
        return False
    return words <= min(_extent(old, new, before), _extent(old, new, after))


def _extent(old: Sequence[Token], new: Sequence[Token], change: _Change) -> int:
    return max(_words(old, change.a, change.a_end), _words(new, change.b, change.b_end))


def _is_replacement(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> bool:
    """Return whether too little is unchanged to show: no word, or few words in more than one place."""
    kept = sum(old[i].is_word for i, _ in pairs)
    fewer = min(_words(old, 0, len(old)), _words(new, 0, len(new)))
    if not kept:
        return fewer > 0
    return kept < fewer * _MIN_KEPT and len(_changes(old, new, pairs)) > 1


_COMMON = (
    "a an and any are as at be been but by can for from had has have if in into is it its may no nor not of "
    "on or other our shall so such than that the their them then there these they this those to under upon "
    "was we were which who will with would you your"
)
COMMON = frozenset(_COMMON.split())
"""Words too frequent to show that two texts are the same."""

# difflib's time grows with the product of the lengths; longer spans without a rare word in common are replaced as a
# whole.
_MAX_COMPARED = 250_000


def kept_words(old: Sequence[Token], new: Sequence[Token]) -> list[Pair]:
    """Return the pairs of indexes of unchanged words, rising on both sides."""
    a, b = [token.key for token in old], [token.key for token in new]
    if a == b:
        return [(at, at) for at in range(len(a))]
    if b < a:
        # The result must not depend on which side is old, but difflib's does.
        return [(i, j) for j, i in kept_words(new, old)]
    pairs = match_equal(a, b, lambda at: _weight(a[at]))
    return clean_up(old, new, _with_common_words(a, b, pairs))


def _weight(word: str) -> int:
    # A single character of Chinese or Thai is as frequent as a common word.
    common = word.lower() in COMMON or (len(word) == 1 and not word.isascii())
    return 0 if common or not any(map(str.isalnum, word)) else len(word)


def _with_common_words(a: list[str], b: list[str], pairs: list[Pair]) -> list[Pair]:
    found = list(pairs)
    for start, end, new_start, new_end in gaps_between(pairs, (0, len(a), 0, len(b))):
        if (end - start) * (new_end - new_start) <= _MAX_COMPARED:
            matcher = SequenceMatcher(None, a[start:end], b[new_start:new_end], autojunk=False)
            for block in matcher.get_matching_blocks():
                found += ((start + block.a + at, new_start + block.b + at) for at in range(block.size))
    return sorted(found)


def diff_runs(old: Pieces, new: Pieces, *, verbatim: bool = False) -> tuple[Run, ...]:
    """Return the runs that lead from one text to the other; deletions precede the insertions that replace them."""
    if old == new:
        return whole(new, Op.EQUAL)
    before, after = tokens(old, verbatim=verbatim), tokens(new, verbatim=verbatim)
    return merged(_runs(before, after, kept_words(before, after)))


def whole(shown: Pieces, op: Op) -> tuple[Run, ...]:
    """Return the runs of a text that is unchanged, deleted or inserted as a whole."""
    return tuple(Run(op, piece.text, piece.styles) for piece in shown)


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join neighbouring runs of the same kind, except images and breaks."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if last and _can_join(last, run):
            out[-1] = Run(run.op, last.text + run.text, run.styles, run.was)
        else:
            out.append(run)
    return tuple(out)


def _can_join(first: Run, second: Run) -> bool:
    if first.starts or second.starts or Piece(first.text, first.styles).is_image:
        return False
    return (first.op, first.styles, first.was) == (second.op, second.styles, second.was)


def _runs(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> Iterator[Run]:
    for a, a_end, b, b_end, kept in stretches(pairs, len(old), len(new)):
        yield from replaced_runs(old[a:a_end], new[b:b_end])
        yield from kept_runs(old[a_end : a_end + kept], new[b_end : b_end + kept])


def stretches(pairs: Sequence[Pair], old: int, new: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield each difference and the unchanged words after it: old start, old end, new start, new end, count."""
    a = b = at = 0
    while at < len(pairs):
        i, j = pairs[at]
        first = at
        while at < len(pairs) and pairs[at] == (i + at - first, j + at - first):
            at += 1
        yield a, i, b, j, at - first
        a, b = i + at - first, j + at - first
    if a < old or b < new:
        yield a, old, b, new, 0


def replaced_runs(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """Yield deleted, then inserted words; a blank at the beginning of both is unchanged."""
    shared = old[0].blank if old and new and old[0].blank == new[0].blank else None
    if shared:
        yield Run(Op.EQUAL, shared.text, shared.styles)
    yield from _of_one_side(old, Op.DELETED, bool(shared))
    yield from _of_one_side(new, Op.INSERTED, bool(shared))


def _of_one_side(words: Sequence[Token], op: Op, without_first_blank: bool) -> Iterator[Run]:
    for at, token in enumerate(words):
        if token.blank and not (at == 0 and without_first_blank):
            yield Run(op, token.blank.text, token.blank.styles)
        yield Run(op, token.text, token.styles)


def kept_runs(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """Yield unchanged words; the blanks before them, or their styles, may have changed."""
    texts: list[str] = []
    styles: tuple[Style, ...] = ()
    for before, after in zip(old, new, strict=True):
        simple = before == after and not after.is_image and (not after.blank or after.blank.styles == after.styles)
        if texts and not (simple and after.styles == styles):
            yield Run(Op.EQUAL, "".join(texts), styles)
            texts = []
        if simple:
            styles = after.styles
            texts += (after.blank.text, after.text) if after.blank else (after.text,)
        else:
            yield from _blank(before.blank, after.blank)
            yield from _word(before, after)
    if texts:
        yield Run(Op.EQUAL, "".join(texts), styles)


def _word(old: Token, new: Token) -> Iterator[Run]:
    """Yield a word of both sides, or both words if their typography differs."""
    if old.text == new.text:
        yield _styled(new.text, old.styles, new.styles)
        return
    yield Run(Op.DELETED, old.text, old.styles)
    yield Run(Op.INSERTED, new.text, new.styles)


def _blank(old: Piece | None, new: Piece | None) -> Iterator[Run]:
    if old and new and old.text == new.text:
        yield _styled(new.text, old.styles, new.styles)
        return
    if old:
        yield Run(Op.DELETED, old.text, old.styles)
    if new:
        yield Run(Op.INSERTED, new.text, new.styles)


def _styled(text: str, old: tuple[Style, ...], new: tuple[Style, ...]) -> Run:
    return Run(Op.EQUAL, text, new, old if old != new else None)
