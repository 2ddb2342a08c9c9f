"""The data of the reader's controls: the outline, and labels for citations."""

from engross.model import Clause, Source
from engross.render.pages.document_page import outline
from engross.render.pages.document_text import cited_labels
from engross.text import parse


def tree(text: str, *, numbering: bool = False) -> Clause:
    return parse(Source("x.md", text, text.encode()), numbering=numbering)


REPEATED = """\
# The Agreement

## Changes

### Notice

Any notice is

(a) written; and
(b) dated.

### Noticeboards

None.

## Ending

### Notice

As before.
"""


def test_the_first_of_two_sections_of_one_name_is_cited_with_its_parent() -> None:
    assert cited_labels(tree(REPEATED)) == {
        "notice": "Changes: Notice",
        "notice.p1": "Changes: Notice",
        "notice.a": "Changes: Notice (a)",
        "notice.b": "Changes: Notice (b)",
    }


def test_the_second_says_its_parent_in_its_label_already() -> None:
    labels = {clause.anchor: clause.label for clause in tree(REPEATED).walk()}
    assert labels["ending.notice"] == "Ending: Notice"


def test_names_that_occur_once_are_cited_as_they_are() -> None:
    assert cited_labels(tree("# T\n\n## One\n\n### Part\n\nText.\n")) == {}


def test_the_outline_has_three_levels_and_no_title() -> None:
    text = "# T\n\n## One\n\n### Two\n\n#### Three\n\n##### Four\n\n## Five\n"
    found = [(entry.depth, entry.anchor, entry.words) for entry in outline(tree(text, numbering=True))]
    assert found == [(1, "one", "1. One"), (2, "two", "1.1 Two"), (3, "three", "1.1.1 Three"), (1, "five", "2. Five")]


def test_headings_of_the_first_level_that_are_no_title_are_in_the_outline() -> None:
    found = [(entry.depth, entry.words) for entry in outline(tree("# One\n\n## Two\n\n# Three\n"))]
    assert found == [(1, "One"), (2, "Two"), (1, "Three")]
