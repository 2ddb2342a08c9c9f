"""The notes beside clauses: which version changed them, and since when their labels mean them."""

from pathlib import Path

from engross.model import Tree
from engross.record import open_record, sealed_document, sealed_tree
from engross.render.pages.state import ClauseState, clause_states

TOUR = Path(__file__).parents[2] / "examples/tour/record"


def states() -> tuple[Tree, dict[str, ClauseState]]:
    """The notes of the latest Acceptable Use Policy of the tour, by anchor."""
    record = open_record(TOUR)
    version = record.versions["acceptable-use"][-1]
    tree, root = sealed_tree(record, version), sealed_document(record, version).root
    anchors = [clause.anchor for clause in root.walk()]
    return tree, {anchors[index]: state for index, state in clause_states(tree, root).items()}


def test_labels_of_a_list_that_meant_other_clauses_are_named_once() -> None:
    tree, found = states()
    notes = {anchor: (state.until, state.labels) for anchor, state in found.items() if state.until}
    within = "what-is-not-allowed"
    assert notes == {
        f"{within}.b": (1, ("(b)", "(c)", "(d)", "(e)", "(f)")),
        f"{within}.h": (4, ("(h)",)),
    }
    assert tree.reused[f"{within}.f"] == 1
    # A clause that only has a reused label has no note of its own then.
    assert all(state.changed > 1 or state.until for state in found.values())
