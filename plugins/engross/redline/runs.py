"""Two texts → one sequence of runs, from which either text can be read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engross.redline.pieces import Piece, Pieces
from engross.redline.script import Op, Run, Style
from engross.redline.sequences import Pair
from engross.redline.tokens import Token, tokens
from engross.redline.words import kept_words


def compare(old: Pieces, new: Pieces, *, verbatim: bool = False) -> tuple[Run, ...]:
    """The runs that lead from one text to the other, a deletion before the insertion that takes its place."""
    if old == new:
        return whole(new, Op.EQUAL)
    before, after = tokens(old, verbatim=verbatim), tokens(new, verbatim=verbatim)
    return merged(_runs(before, after, kept_words(before, after)))


def whole(shown: Pieces, op: Op) -> tuple[Run, ...]:
    """A text of which all stayed, came or went."""
    return tuple(Run(op, piece.text, piece.styles) for piece in shown)


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs with alike neighbours made one; images and breaks stay by themselves."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if last and _alike(last, run):
            out[-1] = Run(run.op, last.text + run.text, run.styles, run.was)
        else:
            out.append(run)
    return tuple(out)


def _alike(first: Run, second: Run) -> bool:
    if first.starts or second.starts or Piece(first.text, first.styles).is_image:
        return False
    return (first.op, first.styles, first.was) == (second.op, second.styles, second.was)


def _runs(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> Iterator[Run]:
    for a, a_end, b, b_end, kept in stretches(pairs, len(old), len(new)):
        yield from replaced(old[a:a_end], new[b:b_end])
        yield from stayed(old[a_end : a_end + kept], new[b_end : b_end + kept])


def stretches(pairs: Sequence[Pair], old: int, new: int) -> Iterator[tuple[int, int, int, int, int]]:
    """What differs and how much stayed after it: from and to on the old side, on the new side, words that stayed."""
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


def replaced(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """What went, then what came; a blank with which both begin has stayed."""
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


def stayed(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """Words that stayed; the blanks before them, or their styles, may be others."""
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
            yield _styled(after.text, before.styles, after.styles)
    if texts:
        yield Run(Op.EQUAL, "".join(texts), styles)


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
