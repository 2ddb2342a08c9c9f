"""Merges two tables into one with the columns and rows of both.

Columns are matched by their heads and cells, rows by content and similarity. The first row is the head on either side.
A cell of one side is in the merged table if that side has both its row and its column.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from engross.redline.alignment.outline import Node
from engross.redline.alignment.sequences import Pair, gaps_between, heaviest_chain, match_equal
from engross.redline.alignment.similarity import similarity
from engross.redline.alignment.word_diff import diff_runs, whole
from engross.redline.script import Block, Fact, FactKind, Op, State, facts_of

_MIN_SIMILARITY = 0.4
_SIMILARITY_SAME_NAME, _FACTOR_OTHER_NAME = 0.8, 0.55
_MANY_CELLS = 10_000
Column = tuple[int | None, int | None]
"""A column of the merged table: its index on the old and on the new side."""


def merged_table(old: Node, new: Node) -> Block:
    """Return the block of a table that is on both sides."""
    pairs, columns = _matched(old, new)
    rows = [
        _row(
            old.children[i] if i is not None else None, new.children[j] if j is not None else None, columns, i == j == 0
        )
        for i, j in _interleaved(pairs, len(old.children), len(new.children))
    ]
    facts = [*facts_of(old.face, new.face, ()), *_column_facts(old, new, columns)]
    return Block(State.CHANGED, old.face, new.face, (), tuple(rows), tuple(facts))


def _matched(old: Node, new: Node) -> tuple[list[Pair], list[Column]]:
    """Return the paired rows and the merged columns, found in one orientation so that both directions agree."""
    if _contents(new) < _contents(old):
        pairs, columns = _matched(new, old)
        widths = _width(old), _width(new)
        return [(i, j) for j, i in pairs], _interleaved(
            [(i, j) for j, i in columns if i is not None and j is not None], *widths
        )
    pairs = _rows(old.children, new.children)
    return pairs, _columns(old, new, pairs)


def _contents(table: Node) -> list[list[str]]:
    return [[cell.text for cell in row.children] for row in table.children]


def _width(table: Node) -> int:
    return max((len(row.children) for row in table.children), default=0)


def _rows(old: Sequence[Node], new: Sequence[Node]) -> list[Pair]:
    """Return the corresponding rows; heads always correspond."""
    if not old or not new:
        return []
    body = match_equal([row.key for row in old[1:]], [row.key for row in new[1:]], lambda at: old[at + 1].size)
    pairs = [(0, 0), *((i + 1, j + 1) for i, j in body)]
    for start, end, new_start, new_end in gaps_between(pairs, (0, len(old), 0, len(new))):
        named = match_equal(_first_cells(old[start:end]), _first_cells(new[new_start:new_end]))
        pairs += ((start + i, new_start + j) for i, j in named if old[start + i].children[0].text)
    pairs.sort()
    found = list(pairs)
    for start, end, new_start, new_end in gaps_between(pairs, (0, len(old), 0, len(new))):
        if (end - start) * (new_end - new_start) > _MANY_CELLS:
            continue
        similar = (
            (i, j, _row_similarity(old[i], new[j])) for i in range(start, end) for j in range(new_start, new_end)
        )
        chain = heaviest_chain((i, j, score) for i, j, score in similar if score >= _MIN_SIMILARITY)
        found += chain
    return sorted(found)


def _first_cells(rows: Sequence[Node]) -> list[int]:
    """Return the first cells, which name the rows. Rows without cells get different numbers and never match."""
    return [row.children[0].key if row.children else -1 - at for at, row in enumerate(rows)]


def _row_similarity(old: Node, new: Node) -> float:
    """Return the similarity of two rows. The first cell names the subject of a row: with another name, the rows must be
    more similar to count as the same row.
    """
    heads = [row.children[0].text if row.children else "" for row in (old, new)]
    if all(heads) and heads[0] == heads[1]:
        return max(_SIMILARITY_SAME_NAME, similarity(old, new))
    renamed = all(heads) and not Indel.normalized_similarity(*heads, score_cutoff=0.5)
    return similarity(old, new) * (_FACTOR_OTHER_NAME if renamed else 1)


def _columns(old: Node, new: Node, rows: Sequence[Pair]) -> list[Column]:
    before, after = old.children, new.children
    widths = _width(old), _width(new)
    if widths[0] == widths[1] and _same_heads(before, after):
        return [(at, at) for at in range(widths[0])]
    scored = [
        (i, j, score)
        for i in range(widths[0])
        for j in range(widths[1])
        if (score := _column_similarity(i, j, before, after, rows)) >= _MIN_SIMILARITY
    ]
    chain = heaviest_chain(scored)
    if widths[0] == widths[1]:
        chain = sorted([*chain, *_lone_columns(chain, widths[0])])
    return _interleaved(chain, *widths)


def _lone_columns(chain: Sequence[Pair], width: int) -> list[Pair]:
    """Return single columns left over on both sides at the same place, which are rewritten columns."""
    gaps = gaps_between(chain, (0, width, 0, width))
    return [(a, b) for a, a_end, b, b_end in gaps if a_end - a == b_end - b == 1]


def _same_heads(old: Sequence[Node], new: Sequence[Node]) -> bool:
    heads = [[cell.key for cell in side[0].children] for side in (old, new) if side]
    return len(heads) == 2 and heads[0] == heads[1]


def _column_similarity(i: int, j: int, old: Sequence[Node], new: Sequence[Node], rows: Sequence[Pair]) -> float:
    """Return the share of paired rows with equal or similar cells in these columns; the head counts 40 percent."""
    scores = []
    for a, b in rows[:200]:
        if i < len(old[a].children) and j < len(new[b].children):
            scores.append(_cell_similarity(old[a].children[i], new[b].children[j]))
    if not scores:
        return 0.0
    body = sum(scores[1:]) / len(scores[1:]) if len(scores) > 1 else scores[0]
    return scores[0] * 0.4 + body * 0.6


def _cell_similarity(old: Node, new: Node) -> float:
    if old.key == new.key:
        return 1.0 if old.text else 0.5
    return Indel.normalized_similarity(old.text, new.text, score_cutoff=0.5)


def _interleaved(pairs: Sequence[Pair], old: int, new: int) -> list[Column]:
    """Return all indexes of both sides in an order that keeps both; old ones precede new ones."""
    out: list[Column] = []
    a = b = 0
    for i, j in [*pairs, (old, new)]:
        out += ((at, None) for at in range(a, i))
        out += ((None, at) for at in range(b, j))
        if i < old:
            out.append((i, j))
        a, b = i + 1, j + 1
    return out


def _row(old: Node | None, new: Node | None, columns: Sequence[Column], head: bool) -> Block:
    shown = tuple(_cell(_at(old, i), _at(new, j), head) for i, j in columns)
    if old and new:
        state = State.SAME if all(cell.state is State.SAME for cell in shown) else State.CHANGED
        return Block(state, old.face, new.face, (), shown)
    if old:
        return Block(State.DELETED, old.face, None, (), shown, (Fact(FactKind.ROW_DELETED, old.face.label, ""),))
    assert new is not None
    return Block(State.INSERTED, None, new.face, (), shown, (Fact(FactKind.ROW_INSERTED, "", new.face.label),))


def _at(row: Node | None, place: int | None) -> Node | None:
    return row.children[place] if row and place is not None and place < len(row.children) else None


def _cell(old: Node | None, new: Node | None, head: bool) -> Block:
    """Return a cell of one side or both; without a face where an inserted row crosses a deleted column."""
    if old and new:
        if old.pieces == new.pieces and not (head and old.full != new.full):
            # A column's alignment is described once, by its head.
            return Block(State.SAME, old.face, new.face, whole(new.pieces, Op.EQUAL))
        runs = diff_runs(old.pieces, new.pieces)
        return Block(State.CHANGED, old.face, new.face, runs, (), facts_of(old.face, new.face, runs))
    if old:
        return Block(State.DELETED, old.face, None, whole(old.pieces, Op.DELETED))
    if new:
        return Block(State.INSERTED, None, new.face, whole(new.pieces, Op.INSERTED))
    return Block(State.SAME, None, None)


def _column_facts(old: Node, new: Node, columns: Sequence[Column]) -> list[Fact]:
    facts = []
    for i, j in columns:
        if j is None and i is not None:
            facts.append(Fact(FactKind.COLUMN_DELETED, _head(old, i), ""))
        elif i is None and j is not None:
            facts.append(Fact(FactKind.COLUMN_INSERTED, "", _head(new, j)))
    return facts


def _head(table: Node, column: int) -> str:
    cell = _at(table.children[0] if table.children else None, column)
    return cell.text if cell and cell.text else f"column {column + 1}"
