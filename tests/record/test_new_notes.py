"""New notes: each kind of edit gives the note in cases/new-notes, which the check accepts once it is filled in."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from engross.corpus import ui_strings
from engross.model import Alias, Severity
from engross.render import environment
from engross.render.pages.document_page import _anchor_url
from note_filling import filled

from .playing import AGREEMENT, Site, posted_site

CASES = Path(__file__).parent / "cases" / "new-notes"
MANY = AGREEMENT + "".join(f"\n## Part {name}\n\nThis is part {name}.\n" for name in "ABCDEF")
SHORT = "# The Agreement\n\nBetween Us and You.\n\n## Everything\n\nAll is new here, and nothing is as it was.\n"


def rename(site: Site) -> None:
    site.edit("agreement.md", ("## End", "## End of \\[all] \\*it\\*"), ("## Fees", "## Charges"))


def remove_one(site: Site) -> None:
    site.edit("agreement.md", ("## End\n\nEither party may end it by notice.\n", ""))


def rewrite(site: Site) -> None:
    site.write("agreement.md", SHORT)


@pytest.mark.parametrize("edit", [rename, remove_one, rewrite], ids=lambda edit: edit.__name__)
def test_golden(tmp_path: Path, edit: Callable[[Site], None]) -> None:
    site = posted_site(tmp_path, agreement=MANY if edit is rewrite else AGREEMENT).at(1)
    edit(site)
    (found,) = site.findings()
    path = CASES / f"{edit.__name__.replace('_', '-')}.md"
    assert found.fix == path.read_text("utf-8")
    site.write("changes/new.md", filled(found.fix))
    assert site.findings() == []
    site.release()


def test_one_line_answers_for_all_removed_anchors_but_those_with_a_line_of_their_own(tmp_path: Path) -> None:
    site = posted_site(tmp_path, agreement=MANY).at(1)
    rewrite(site)
    site.note("agreement", 'anchors: {"agreement#fees": agreement#everything}', slug="new")
    (found,) = site.findings()
    assert found.message == (
        "agreement no longer has #use (“Use”), #end (“End”), #part-a (“Part A”), #part-b (“Part B”), #part-c (“Part "
        "C”) and 3 more headings or definitions, which customers may have cited. Write under anchors where each of "
        "them leads now: another anchor, a document (agreement), or an empty text for nowhere. "
        '"agreement#*" stands for all that have no line of their own. The fix replaces the present anchors of the '
        "note, and has them too"
    )
    assert found.fix == 'anchors: {agreement#fees: agreement#everything, "agreement#*": agreement}'
    site.note("agreement", found.fix, slug="new")
    assert site.findings() == []
    site.release()
    aliases = {alias.anchor: alias for alias in site.tree().aliases}
    assert aliases.pop("fees") == Alias("fees", 2, site.clauses()["everything"].id)
    assert {(alias.clause, alias.leads) for alias in aliases.values()} == {("", "agreement#")}
    assert len(aliases) == 8
    # It is posted: the next change asks for nothing.
    site.at(2).edit("agreement.md", ("All is new here", "All is new there"))
    site.post("agreement")
    assert {alias.leads for alias in site.tree().aliases} == {"agreement#", ""}


@pytest.mark.parametrize(
    ("anchors", "leads", "message"),
    [
        ('{"*": rules}', "rules#", ""),
        ('{"agreement#*": "rules#"}', "rules#", ""),
        ('{"agreement#*": ""}', "", ""),
        ('{"agreement#*": "#"}', "agreement#", ""),
        ('{"agreement#*": pricing}', "pricing#", ""),
        ('{"agreement#*": agreemnt}', "", "agreement#* leads to agreemnt, which does not exist"),
        ('{"agreement#*": "rules#nothing"}', "", "agreement#* leads to rules#nothing, which does not exist"),
        (
            '{agreement#end: "", "agreement#*": agreement}',
            "",
            "each anchor that this change removes from agreement has a line; delete the one of * from anchors",
        ),
        ('{"rules#*": agreement}', "", "rules#* is not an anchor of a text that this note changes"),
    ],
)
def test_targets_of_all_removed_anchors(tmp_path: Path, anchors: str, leads: str, message: str) -> None:
    site = posted_site(tmp_path).at(1)
    remove_one(site)
    site.note("agreement", f"anchors: {anchors}", slug="new")
    found = [one.message for one in site.findings() if one.severity is not Severity.NOTE]
    assert any(message in one for one in found) if message else found == []
    nowhere = [one.message for one in site.findings() if one.severity is Severity.NOTE]
    # An empty text for all of them is allowed, and explained.
    assert bool(nowhere) == (anchors == '{"agreement#*": ""}')
    assert all("lets links to 1 removed heading or definition lead nowhere" in one for one in nowhere)
    if not message:
        site.release()
        assert site.tree().aliases == (Alias("end", 2, leads=leads),)


@pytest.mark.parametrize(
    ("leads", "address", "words"),
    [
        ("rules#conduct", "rules/#conduct", "It now leads to this clause."),
        ("rules#", "rules/", "It now leads to this document."),
        ("", "versions/", "all versions"),
    ],
)
def test_the_page_says_where_a_removed_anchor_leads(tmp_path: Path, leads: str, address: str, words: str) -> None:
    project = posted_site(tmp_path).state().project
    around = SimpleNamespace(document_url=lambda entry: entry.published, site_url=str)
    gone = (
        environment()
        .get_template("gone.html")
        .render(
            gone=[Alias("end", 2, leads=leads)],
            words=ui_strings("en") | {"all_versions": "all versions"},
            state=SimpleNamespace(versions_page="versions/"),
            anchor_url=partial(_anchor_url, project, around),
            site_url=str,
        )
    )
    assert re.search(rf'<p id="end">.*<a href="{address}">{re.escape(words)}</a></p>', gone)


NOTHING = ("", "\n\n", "Please use this note:\n\n```\n---\ndocuments: agreement\n---\n```\n", "---\n\n---\n\nWords.\n")


@pytest.mark.parametrize("text", NOTHING)
def test_a_note_without_facts_is_given_whole(tmp_path: Path, text: str) -> None:
    """An empty file stops the findings that offer a note, so its own finding offers it."""
    site = posted_site(tmp_path).at(1)
    site.edit("agreement.md", ("## End", "## The End"))
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.write("changes/new.md", text)
    (found,) = site.findings()
    assert (found.rule, "This is the whole note for agreement and rules" in found.message) == ("change-note", True)
    assert "documents: [agreement, rules]" in found.fix
    site.write("changes/new.md", filled(found.fix))
    assert site.findings() == []


def test_a_document_named_by_its_title(tmp_path: Path) -> None:
    """The fix is an id that exists, not one made of the title."""
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    for written in ("The Rules of Conduct", "rules.md"):
        site.note(written, slug="new")
        (found,) = site.findings()
        assert "name a document by its id in documents.yml: rules, " in found.message
        assert found.fix == "rules"
    site.note("ruless", slug="new")
    assert "name a document by its id in documents.yml: rules, " in site.findings("note-without-change")[0].message


def test_names_of_notes_about_two_clauses_differ(tmp_path: Path) -> None:
    """Two branches of one day get two names, so that git merges them; also of one clause."""
    site = posted_site(tmp_path).at(1)
    names = []
    fees = "within thirty days"
    for pair in (("## End\n\nEither", "## End\n\nEach"), (fees, "within ten days"), (fees, "within two days")):
        site.write("agreement.md", AGREEMENT)
        site.edit("agreement.md", pair)
        (found,) = site.findings()
        names.append(found.message.rpartition("/")[2])
    assert [name[:-8] for name in names] == ["2026-01-06-agreement-end", *["2026-01-06-agreement-fees"] * 2]
    assert len(set(names)) == 3


def test_a_placeholder_of_a_day_has_its_reason(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", effective="2026-02-01", slug="kinder")
    site.at(2).edit("rules.md", ("Be very kind", "Be most kind"))
    (found,) = site.findings()
    assert "effective: <a day, 2026-02-02 or later>  # a change is announced for 1 February 2026\n" in found.fix
    site.write("changes/new.md", filled(found.fix))
    assert site.findings() == []


def test_a_change_of_quotation_marks_alone_is_editorial(tmp_path: Path) -> None:
    agreement = "# Agreement\n\n- “Fee” means a price.\n\nThe Fee is “due”.\n"
    site = posted_site(tmp_path, agreement=agreement).at(1)
    site.write("agreement.md", agreement.replace("“", '"').replace("”", '"'))
    (found,) = site.findings()
    assert "\nclass: editorial\n" in found.fix
    assert "\nmaterial:" not in found.fix
    site.write("changes/new.md", filled(found.fix))
    assert site.findings() == []
    site.release()
