"""Text that is kept letter for letter."""

import pytest
from cli_play import Play, engross
from requiring import DPA, found, post, require

from engross.corpus.project import read_project
from engross.model import kept_hash
from engross.terms import bind

CLAUSE = "\n“Importer” means a person. The Importer warrants it, and keeps Data.\n"


@pytest.fixture
def dpa(play: Play) -> Play:
    play.write("docs/dpa.md", DPA)
    return play


VERBATIM = ("verbatim:", "  clause: standard-clauses", "  free: [docking-clause]")


def kept(play: Play) -> str:
    """State the hash that the check prints to paste."""
    require(play, *VERBATIM)
    (one,) = found("verbatim-text")
    require(play, *VERBATIM, f"  {one['fix']}")
    return one["fix"]


def test_the_hash_to_paste_makes_the_text_pass(dpa: Play) -> None:
    fix = kept(dpa)
    document = read_project(dpa.root / "docs").documents["dpa"]
    assert fix == f"hash: {kept_hash(document, document.entry.requires.verbatim[0])}"
    assert found("verbatim-text") == []


def test_free_clauses_may_differ_and_white_space_at_ends(dpa: Play) -> None:
    kept(dpa)
    dpa.change("A third party may join.", "Nobody may join.\n\nReally.", "docs/dpa.md")
    dpa.change(
        "The parties agree on the the clauses below.\n",
        "The parties agree on the the clauses below.  \n\n\n",
        "docs/dpa.md",
    )
    assert found("verbatim-text") == []
    dpa.change("Nobody may join.\n\nReally.\n", "", "docs/dpa.md")
    assert found("verbatim-text") == []


FREE = "### Docking Clause\n\nA third party may join.\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"\n{FREE}", ""),
        ("### Docking Clause", "#### Docking Clause"),
        ("### Docking Clause", "### Clause 1 is void {#docking-clause}"),
        (f"### Clause 1\n{CLAUSE}\n{FREE}", f"{FREE}\n### Clause 1\n{CLAUSE}"),
        ("[law]: https://example.com/law", "[law]: https://example.org/"),
        ("[^1]: Of 2021.", "[^1]: Of 2010, which is void."),
    ],
)
def test_the_place_of_free_clauses_and_the_targets_of_links_may_not_differ(dpa: Play, old: str, new: str) -> None:
    dpa.change("and keeps Data.", "and keeps Data under the [Act][law].[^1]", "docs/dpa.md")
    dpa.change("## Closing\n", "## Closing\n\n[law]: https://example.com/law\n\n[^1]: Of 2021.\n", "docs/dpa.md")
    kept(dpa)
    old = old.replace("and keeps Data.", "and keeps Data under the [Act][law].[^1]")
    new = new.replace("and keeps Data.", "and keeps Data under the [Act][law].[^1]")
    dpa.change(old, new, "docs/dpa.md")
    assert len(found("verbatim-text")) == 1


def test_a_free_item_keeps_its_place(dpa: Play) -> None:
    text = "the the clauses below.\n\n(a) one;\n(b) two.\n"
    dpa.change("the the clauses below.\n", text, "docs/dpa.md")
    lines = ("verbatim:", "  clause: standard-clauses", "  free: [standard-clauses.a]")
    require(dpa, *lines)
    (one,) = found("verbatim-text")
    require(dpa, *lines, f"  {one['fix']}")
    dpa.change("(a) one;", "(a) other;", "docs/dpa.md")
    assert found("verbatim-text") == []


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("warrants it", "warrants That", (27, 50), "it is “…Importer warrants That, and keeps Data.”"),
        ("Data.\n", "Data.\n\nAnd more.\n", (29, 1), "it is “And more.”, and in dpa@1 “### Docking Clause”; restore"),
        ("may join.\n", "may join.\n\n### More\n", (33, 1), "“### More” is not in dpa@1; remove it"),
        (FREE, "", (27, len(CLAUSE) - 1), "“### Docking Clause”, which is in dpa@1, is missing after this line"),
        ("### Clause 1\n", "", (26, 1), "and in dpa@1 “### Clause 1”; restore that"),
        (CLAUSE, "", (27, 1), "it is “### Docking Clause”, and in dpa@1 ““Importer” means"),
        ("clauses below.\n\n", "clauses below.\n", (24, 1), "an empty line before this line is missing, which is in"),
    ],
)  # fmt: skip
def test_the_first_difference_is_shown(dpa: Play, old: str, new: str, place: tuple[int, int], message: str) -> None:
    kept(dpa)
    post(dpa)
    dpa.change(old, new, "docs/dpa.md")
    (one,) = found("verbatim-text")
    assert (one["line"], one["column"], message in one["message"]) == (*place, True), one["message"]
    assert engross("check").exit_code == 1


def test_without_a_posted_text_the_hash_is_compared(dpa: Play) -> None:
    kept(dpa)
    dpa.change("warrants it", "warrants that", "docs/dpa.md")
    (one,) = found("verbatim-text")
    assert "no posted version has that hash" in one["message"]
    assert (one["path"], one["fix"].startswith("hash: ")) == ("docs/documents.yml", True)
    dpa.change("## Standard Clauses", "## Other Clauses", "docs/dpa.md")
    (one,) = found("verbatim-text")
    assert "dpa has no clause standard-clauses" in one["message"]


def test_nothing_is_fixed_or_asked_for_in_such_text(dpa: Play) -> None:
    require(dpa)
    assert found("repeated-word")
    kept(dpa)
    before = (dpa.root / "docs/dpa.md").read_text("utf-8")
    engross("check", "--fix")
    assert (dpa.root / "docs/dpa.md").read_text("utf-8") == before
    assert found("repeated-word") == []
    dpa.change("Customer is responsible", "Customer is is responsible", "docs/dpa.md")
    assert len(found("repeated-word")) == 1


def test_its_terms_are_its_own_and_nothing_in_it_is_linked(dpa: Play) -> None:
    def uses() -> list[tuple[str, int]]:
        project = read_project(dpa.root / "docs")
        edition = next(one for one in project.lone_editions() if one.set.id == "dpa")
        binding = bind(edition)
        assert [one.term for one in binding.definitions] == ["Importer"]
        return [(use.text, use.place.line) for use in binding.uses]

    require(dpa)
    assert [text for text, _ in uses()] == ["Importer", "Importer"]
    kept(dpa)
    assert uses() == []
    require(dpa, "verbatim: {free: [closing]}")
    assert uses() == [("Importer", 35)]


def test_a_whole_document_may_be_kept(play: Play) -> None:
    play.write("docs/dpa.md", f"---\nlanguage: en\n---\n\n{DPA}")
    require(play, "verbatim: {free: [details]}")
    (one,) = found("verbatim-text")
    require(play, f"verbatim: {one['fix'].removeprefix('hash: ')}")
    (other,) = found("verbatim-text")
    require(play, f"verbatim: {other['fix'].removeprefix('hash: ')}")
    assert found("verbatim-text") == []
    play.change("language: en", "language: en-GB", "docs/dpa.md")
    assert found("verbatim-text") == []


def test_a_release_refuses_changed_text_and_lost_clauses(dpa: Play) -> None:
    kept(dpa)
    text = (dpa.root / "docs/documents.yml").read_text("utf-8")
    dpa.write("docs/documents.yml", f"{text}    checklist: {{gdpr-28-3: {{h: processor.h}}}}\n")
    post(dpa)
    dpa.change("warrants it", "warrants that", "docs/dpa.md")
    dpa.change("; and\n(h) lets Customer audit and inspect its work.", ".", "docs/dpa.md")
    dpa.note("second", documents="dpa")
    result = engross("release")
    assert (result.exit_code, "waits: dpa" in result.stdout + result.stderr) == (3, True)
    assert "[verbatim-text]" in result.stdout + result.stderr
    assert "[checklist-clause]" in result.stdout + result.stderr
    assert len(dpa.record.versions["dpa"]) == 1


def test_a_mistyped_free_clause_is_no_reason_for_another_hash(dpa: Play) -> None:
    right = kept(dpa)
    for hashes in ((), (f"  {right}",)):
        require(dpa, *VERBATIM[:2], "  free: [docking-clauses]", *hashes)
        (one,) = found("verbatim-text")
        assert 'no clause in standard-clauses is called "docking-clauses", which free names' in one["message"]
        assert one["fix"] == "free: [docking-clause]"
        require(dpa, *VERBATIM[:2], f"  {one['fix']}", f"  {right}")
        assert found("verbatim-text") == []
