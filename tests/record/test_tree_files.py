"""Trees are read as they were written, and other files are refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from engross.model import Alias, Tree, TreeClause
from engross.record.encoding import canonical
from engross.record.sealed_files import read_tree, sealed_tree, tree_bytes
from engross.record.verification import reparsed, verify
from forging import forge_version

from .playing import complaints, posted_site
from .tree_stories import TALK, Story


def test_trees_are_read_back(tmp_path: Path) -> None:
    story = Story(tmp_path, TALK)
    story.next(TALK.replace("## Rest", "## Sleep").replace("and (c) leave", "and leave"))
    tree = story.site.tree("rules")
    assert tree.former
    assert read_tree(tree_bytes(tree), 2) == tree


@pytest.mark.parametrize("site", ["project", "tour"])
def test_released_trees_are_read_and_written_again(site: str) -> None:
    record = Path(__file__).parents[1] / "released" / "0.1" / site / "record"
    paths = list(record.glob("*/*.tree.json"))
    assert len(paths) > 3
    for path in paths:
        tree = read_tree(path.read_bytes(), int(path.name.partition("-")[0]))
        assert tree_bytes(tree) == path.read_bytes()


GOLDEN = (
    Tree(
        (
            TreeClause("c1", "a", "A", "section", "0" * 12, 1, 1, 1, named=True),
            TreeClause("c2", "b", "A (b) \u201cé\u201d", "item", "1" * 12, 1, 2, 3),
            TreeClause("c4", "c", "A (c)", "item", "2" * 12, 3, 3, 3),
        ),
        (Alias("x", 2, "c1"), Alias("y", 2, leads="other#y"), Alias("z", 3)),
        5,
        {"b": 2},
        {"d": ("3" * 12, 2)},
    ),
    (
        '{"aliases":[{"anchor":"x","clause":"c1","gone":2},{"anchor":"y","gone":2,"leads":"other#y"},'
        '{"anchor":"z","gone":3}],"clauses":[{"anchor":"a","id":"c1","kind":"section","label":"A","named":true,'
        '"since":1,"words":"000000000000"},{"anchor":"b","called":3,"changed":2,"id":"c2","kind":"item",'
        '"label":"A (b) \u201cé\u201d","since":1,"words":"111111111111"},{"anchor":"c","id":"c4","kind":"item",'
        '"label":"A (c)","since":3,"words":"222222222222"}],"format":1,"former":{"d":["333333333333",2]},"next":5,'
        '"reused":{"b":2}}\n'
    ),
)


def test_golden() -> None:
    """Sealed trees stay readable, and the same tree gives the same bytes."""
    tree, text = GOLDEN
    assert tree_bytes(tree) == text.encode()
    assert read_tree(text.encode(), 3) == tree
    assert tree_bytes(Tree()) == b'{"aliases":[],"clauses":[],"format":1,"next":1,"reused":{}}\n'
    assert read_tree(tree_bytes(Tree()), 1) == Tree()


CLAUSE = {"anchor": "a", "id": "c1", "kind": "section", "label": "A", "since": 1, "words": "0" * 12}
SOUND: dict[str, Any] = {
    "aliases": [{"anchor": "b", "gone": 2}],
    "clauses": [CLAUSE],
    "former": {"b": ["0" * 12, 1]},
    "format": 1,
    "next": 2,
    "reused": {"a": 1},
}


def test_a_sound_tree() -> None:
    assert read_tree(canonical(SOUND) + b"\n", 2).clauses[0].anchor == "a"


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("format", 2, "not a tree of format 1"),
        ("format", True, "not a tree of format 1"),
        ("next", None, '"next" is not a number'),
        ("next", "2", '"next" is not a number'),
        ("next", 0, '"next" is not a number'),
        ("clauses", None, '"clauses" is not a list'),
        ("clauses", {"a": CLAUSE}, '"clauses" is not a list'),
        ("clauses", [CLAUSE, "c1"], 'item 2 of its "clauses" is not'),
        ("clauses", [[CLAUSE]], 'item 1 of its "clauses" is not'),
        ("aliases", None, '"aliases" is not a list'),
        ("aliases", [{"anchor": "b"}], 'item 1 of its "aliases" is not'),
        ("aliases", [{"anchor": 1, "gone": 1}], 'item 1 of its "aliases" is not'),
        ("aliases", [{"anchor": "b", "gone": 0}], 'item 1 of its "aliases" is not'),
        ("aliases", [{"anchor": "b", "gone": 3}], 'item 1 of its "aliases" is not'),
        ("aliases", [{"anchor": "b", "gone": 1, "leads": ["x"]}], 'item 1 of its "aliases" is not'),
        ("reused", ["a"], '"reused" does not give an earlier version'),
        ("reused", {"a": "1"}, '"reused" does not give an earlier version'),
        ("reused", {"a": 2}, '"reused" does not give an earlier version'),
        ("former", {"b": "0"}, '"former" does not give a hash'),
        ("former", {"b": [1, 1]}, '"former" does not give a hash'),
        ("former", {"b": ["0", 2]}, '"former" does not give an earlier version'),
        *((key, None, 'item 1 of its "clauses" is not') for key in CLAUSE),
        *((key, 0, 'item 1 of its "clauses" is not') for key in CLAUSE),
        *((key, ["x"], 'item 1 of its "clauses" is not') for key in CLAUSE),
        ("since", 3, 'item 1 of its "clauses" is not'),
        ("changed", 3, 'item 1 of its "clauses" is not'),
        ("called", True, 'item 1 of its "clauses" is not'),
        ("named", 1, 'item 1 of its "clauses" is not'),
    ],
)
def test_a_tree_of_another_shape(name: str, value: object, wrong: str) -> None:
    other = {**SOUND, name: value} if name in SOUND else {**SOUND, "clauses": [{**CLAUSE, name: value}]}
    with pytest.raises(ValueError, match=wrong):
        read_tree(canonical(other) + b"\n", 2)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[]", b"null", b"[" * 10**5, b"9" * 10**4, canonical(SOUND).replace(b'"A"', b'"\\ud800"'),
     canonical(SOUND).replace(b"A", b"\xed\xa0\x80"), canonical(SOUND).decode().encode("utf-16")],
)  # fmt: skip
def test_bytes_that_are_no_tree(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it is not (canonical JSON|a tree of format 1)$"):
        read_tree(data, 2)


def test_a_sealed_tree_that_is_none_is_named(tmp_path: Path) -> None:
    """Its hash is the one in the ledger, so it was not altered; every reader of the tree names the file."""
    site = posted_site(tmp_path)
    forge_version(site.record, "agreement", 1, "tree", b"{}\n")
    record, problems = verify(site.folders.record)
    assert problems == []
    message = complaints(lambda: sealed_tree(record, record.versions["agreement"][0]))
    assert re.fullmatch(
        r".*record/agreement/1-[0-9a-f]{12}\.tree\.json: agreement@1: its sealed tree cannot be read: it is not a "
        r"tree of format 1; restore it from the version history.*",
        message[0],
    )
    site.edit("agreement.md", ("thirty days", "sixty days"))
    site.note("agreement")
    assert complaints(site.release) == message
    assert complaints(lambda: list(reparsed(record))) == message
