"""Checks the moves of a layout: Word knows a move by one old and one new place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.exporting.word.paragraphs import Fate, Paragraph, Part, Text


def checked_moves(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts; a move without one old and one new place becomes a deletion and an insertion."""
    places: dict[int, list[Fate]] = {}
    last: tuple[int, Fate] | None = None
    for part in parts:
        this = (part.move, part.mark) if isinstance(part, Paragraph) and part.move else None
        if this and this != last:
            places.setdefault(this[0], []).append(this[1])
        last = this
    for part in parts:
        if isinstance(part, Paragraph) and part.move and sorted(places[part.move]) != [Fate.AWAY, Fate.HERE]:
            part.move = 0
            part.mark = _UNMOVED.get(part.mark, part.mark)
            part.texts = [
                Text(text.text, text.styles, _UNMOVED.get(text.fate, text.fate))
                for text in part.texts
                if text.fate is not Fate.HERE_DELETED
            ]
        yield part


_UNMOVED = {Fate.AWAY: Fate.DELETED, Fate.HERE: Fate.INSERTED}
