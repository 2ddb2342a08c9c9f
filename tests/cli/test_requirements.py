"""`checklist`, `verbatim` and `kind: dmca` in documents.yml, on a site as an editor meets them."""

import json
import re
from datetime import datetime

import pytest
from cli_play import DOCUMENTS, Play, engross

from engross.corpus import read_checklist
from engross.corpus.project import read_project
from engross.model import kept_hash
from engross.terms import bind

DPA = """\
# Data Processing Agreement

## Details

The subject-matter is hosting. It lasts for the term, its nature and purpose is storage. The types of personal data are
names, and the categories of data subjects are employees. Customer is responsible for them.

## Processor

Provider

(a) processes the data on documented instructions only, and warns Customer if an instruction infringes the law;
(b) binds its personnel to confidentiality;
(c) takes the technical and organisational security measures of Article 32;
(d) engages a sub-processor with the prior written authorisation of Customer, under the same obligations;
(e) assists with data subject requests;
(f) assists with a breach or an impact assessment;
(g) deletes or returns the data at the end of the services; and
(h) lets Customer audit and inspect its work.

## Standard Clauses

The parties agree on the the clauses below.

### Clause 1

“Importer” means a person. The Importer warrants it, and keeps Data.

### Docking Clause

A third party may join.

## Closing

The Importer of goods is another.
"""
CLAUSE = "\n“Importer” means a person. The Importer warrants it, and keeps Data.\n"


@pytest.fixture
def dpa(play: Play) -> Play:
    play.write("docs/dpa.md", DPA)
    return play


def require(play: Play, *lines: str) -> None:
    """State settings of the document in documents.yml."""
    entry = ["  - id: dpa", "    title: DPA", "    file: dpa.md", *(f"    {line}" for line in lines)]
    if not any(line.startswith("kind:") for line in lines):
        entry.append("    kind: policy")
    play.write("docs/documents.yml", DOCUMENTS + "\n".join(entry) + "\n")


def found(rule: str, *args: str) -> list[dict[str, str]]:
    printed = json.loads(engross("check", "--format", "json", *args).stdout)
    return [one for one in printed["diagnostics"] if one["rule"] == rule]


def post(play: Play) -> None:
    play.note("first", documents="agreement, data, models, dpa")
    play.release(0)


def pasted(block: str) -> list[str]:
    """The lines of a block without their indentation in the list of documents."""
    return [line.removeprefix("    ") for line in block.splitlines()]


def test_the_block_to_paste_has_suggestions_that_do_not_count(dpa: Play) -> None:
    require(dpa, "checklist: gdpr-28-3")
    (first,) = found("checklist-item")
    lines = pasted(first["fix"])
    items = [one.id for one in read_checklist("gdpr-28-3").items]
    assert re.findall(r'^    (\S+): "\?', "\n".join(lines), re.M) == items
    named = dict(re.findall(r'^    (\S+): "\?(.*?)"', "\n".join(lines), re.M))
    assert [named[letter] for letter in "bcdefgh"] == [f"processor.{letter}" for letter in "bcdefgh"]
    assert named["a"] == named["infringing-instructions"] == "processor.a"
    require(dpa, *lines)
    assert [one["message"].partition(" covers ")[2].partition(" ")[0] for one in found("checklist-item")] == items
    require(dpa, *(line.replace('"?', '"') for line in lines))
    assert (found("checklist-item"), found("checklist-clause")) == ([], [])


def mapped(play: Play, **items: str) -> None:
    """Map every item to the details, except some."""
    names = [one.id for one in read_checklist("gdpr-28-3").items]
    require(play, "checklist:", "  gdpr-28-3:", *(f"    {name}: {items.get(name, 'details')}" for name in names))


def test_a_mapped_clause_must_exist(dpa: Play) -> None:
    mapped(dpa, h="procesor.h", g="agreement#use", f="other#x")
    problems = {one["message"].partition("item ")[2][0]: one for one in found("checklist-clause")}
    assert problems["h"]["message"].endswith(
        "dpa has no clause procesor.h; the nearest are processor.h, processor.g, processor.f"
    )
    assert problems["h"]["fix"] == "processor.h"
    assert problems["g"]["message"].endswith(
        "there is no document agreement in the set of dpa; write the id of one: dpa"
    )
    assert "there is no document other" in problems["f"]["message"]


def test_a_check_of_the_file_alone_finds_what_is_required_of_it(dpa: Play) -> None:
    require(dpa, "checklist: gdpr-28-3")
    assert len(found("checklist-item", "docs/dpa.md")) == 1
    assert found("checklist-item", "docs/agreement.md") == []


def test_an_exception_may_name_an_item(dpa: Play) -> None:
    mapped(dpa, h='"?"')
    assert [one["severity"] for one in found("checklist-item")] == ["warning"]
    text = (dpa.root / "docs/documents.yml").read_text("utf-8")
    dpa.write(
        "docs/documents.yml", text + "exceptions: [{rule: checklist-item, document: dpa, text: h, because: No.}]\n"
    )
    assert found("checklist-item") + found("stale-exception") == []


def test_a_removed_clause_is_found_although_another_has_its_anchor(dpa: Play) -> None:
    mapped(dpa, f="processor.f", g='"#processor.g"', h="processor.h")
    post(dpa)
    assert found("checklist-clause") == []
    dpa.change("(f) assists with a breach or an impact assessment;\n(g) del", "(f) del", "docs/dpa.md")
    dpa.change("(h) lets", "(g) lets", "docs/dpa.md")
    messages = [(one["message"].partition("item ")[2], one["fix"]) for one in found("checklist-clause")]
    assert messages == [
        (
            "f: the clause Processor (f) of dpa@1 covered the item, and dpa no longer contains it; restore it, or name "
            "the clause that covers the item now; for what processor.f is in this text, write processor.f@2",
            "",
        ),
        (
            "g: the clause Processor (g) of dpa@1 is now #processor.f; #processor.g no longer means it; for what "
            "processor.g is in this text, write processor.g@2",
            "processor.f@2",
        ),
        ("h: the clause Processor (h) of dpa@1 is now #processor.g; #processor.h no longer means it", "processor.g@2"),
    ]


def test_a_renamed_section_is_found_under_its_new_anchor(dpa: Play) -> None:
    mapped(dpa)
    post(dpa)
    dpa.change("## Details", "## Annex I", "docs/dpa.md")
    assert {one["fix"] for one in found("checklist-clause")} == {"annex-i"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["checklist: gdpr-28"], 'there is no checklist gdpr-28; did you mean "gdpr-28-3"?'),
        (["checklist: {gdpr-28-3: {z: x}}"], "the checklist has no item z; its items are subject-matter"),
        (["checklist: {gdpr-28-3: {h: {not_applicable_because: N.}}}"], "h (art. 28(3)(h)) is in every such contract"),
        (["verbatim: abc"], "a SHA-256 has 64 characters"),
        (["kind: dmca"], "a document of kind dmca must have the agent’s facts"),
        (
            ["agent: {name: A, address: B, telephone: C, email: 'mailto:a@b.de', registered: 2026-01-01}"],
            "only a document",
        ),
        (
            ["kind: dmca", "agent: {name: A, address: B, telephone: C, email: a@b.de, registered: 2026-02-30}"],
            "2026-02-30",
        ),
    ],
)
def test_mistakes_in_the_settings(dpa: Play, lines: list[str], message: str) -> None:
    require(dpa, *lines)
    result = engross("check")
    assert result.exit_code == 1
    assert message in result.stdout


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


AGENT = (
    "kind: dmca",
    "agent:",
    "  name: Copyright Agent",
    "  address: 1 Example Street, Springfield, IL 62701",
    "  telephone: +1 555 0100",
    "  email: mailto:copyright@example.com",
    "  registered: 2026-03-01",
)
DMCA = """\
# Copyright

| Who | Where |
| --- | --- |
| Copyright agent | 1 Example Street<br>Springfield, IL 62701 |

Call +1 (555) 0100, or write to [us](mailto:copyright@example.com).

## Repeat Infringers

We end accounts of those who repeatedly infringe.
"""


def test_readers_see_the_facts_of_the_agent(play: Play) -> None:
    play.write("docs/dpa.md", DMCA)
    require(play, *AGENT)
    (hidden,) = found("dmca-agent")
    assert "e-mail address, “copyright@example.com”" in hidden["message"]
    play.change("[us](mailto:copyright@example.com)", "copyright@example.com", "docs/dpa.md")
    assert found("dmca-agent") == []
    assert found("dmca-repeat-infringers") == []
    require(play, *AGENT, "  repeat_infringers: repeat")
    assert "dpa has no clause repeat" in found("dmca-repeat-infringers")[0]["message"]
    require(play, *AGENT, "  repeat_infringers: repeat-infringers")
    assert found("dmca-repeat-infringers") == []


@pytest.mark.parametrize(
    ("registered", "today", "ends"),
    [
        ("2026-03-01", "2028-12-30", ""),
        ("2026-03-01", "2028-12-31", "ends on 2029-03-01"),
        ("2026-03-01", "2029-03-01", "ended on 2029-03-01"),
        ("2028-02-29", "2031-01-01", "ends on 2031-03-01"),
        ("2028-03-01", "2028-03-01", ""),
        ("2028-03-02", "2028-03-01", "is in the future"),
    ],
)
def test_a_registration_ends_after_three_years(
    play: Play, monkeypatch: pytest.MonkeyPatch, registered: str, today: str, ends: str
) -> None:
    seconds = int(datetime.fromisoformat(f"{today}T12:00:00+00:00").timestamp())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(seconds))
    play.write("docs/dpa.md", DMCA)
    require(play, *AGENT[:-1], f"  registered: {registered}")
    assert [ends in one["message"] for one in found("dmca-registration")] == ([True] if ends else [])


def test_a_document_of_kind_dmca_is_posted(play: Play) -> None:
    play.write("docs/dpa.md", DMCA.replace("[us](mailto:copyright@example.com)", "copyright@example.com"))
    require(play, *AGENT)
    post(play)
    assert play.record.versions["dpa"][0].entry.kind == "dmca"
    assert engross("verify").exit_code == 0


def test_a_registration_that_ends_stops_no_release(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    play.write("docs/dpa.md", DMCA.replace("[us](mailto:copyright@example.com)", "copyright@example.com"))
    play.write("mkdocs.yml", "site_name: Terms\nstrict: true\nplugins: [engross]\n")
    require(play, *AGENT[:-1], "  registered: 2023-03-01")
    assert engross("check", "--strict").exit_code == 1
    post(play)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    play.change("repeatedly infringe", "infringe again", "docs/dpa.md")
    play.note("second", documents="dpa")
    done = engross("release")
    assert done.exit_code == 0
    assert "the registration of the agent of 2023-03-01" in done.output
    play.change("Repeat Infringers", "Infringers", "docs/dpa.md")
    play.change("infringe again", "do it", "docs/dpa.md")
    play.note("third", documents="dpa")
    assert "dmca-repeat-infringers" in engross("release").output
    assert len(play.record.versions["dpa"]) == 2


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


def test_pasting_the_fixes_of_renumbered_clauses_is_enough(dpa: Play) -> None:
    mapped(dpa, f="processor.e", g="processor.g", h='"Processor (h)"')
    post(dpa)
    dpa.change("(f) assists with a breach or an impact assessment;\n(g) del", "(f) del", "docs/dpa.md")
    dpa.change("(h) lets", "(g) lets", "docs/dpa.md")
    of_g, of_h = found("checklist-clause")
    assert of_h["message"].endswith(
        "item h: the clause Processor (h) of dpa@1 is now #processor.g; Processor (h) no longer means it"
    )
    fixes = {"g": of_g["fix"], "h": of_h["fix"]}
    assert fixes == {"g": "processor.f@2", "h": "processor.g@2"}
    mapped(dpa, f="processor.e", **fixes)
    assert found("checklist-clause") + found("checklist-item") == []
    # They mean the same in the version that is posted then, and in the next.
    dpa.note("second", documents="dpa")
    dpa.release(0)
    dpa.change("(a) processes the data on documented instructions only, and warns Customer if", "If", "docs/dpa.md")
    for old, new in zip("bcdefg", "abcdef", strict=True):
        dpa.change(f"({old}) ", f"({new}) ", "docs/dpa.md")
    assert {one["fix"] for one in found("checklist-clause")} >= {"processor.e@3", "processor.f@3"}


def test_without_a_suggestion_there_is_nothing_to_paste(dpa: Play) -> None:
    dpa.change(" Customer is responsible for them.", "", "docs/dpa.md")
    for more in ({}, {"controller": '"?"'}):
        names = [one.id for one in read_checklist("gdpr-28-3").items if one.id != "controller"]
        items = {**dict.fromkeys(names, "details"), **more}
        require(dpa, "checklist:", "  gdpr-28-3:", *(f"    {name}: {clause}" for name, clause in items.items()))
        (one,) = found("checklist-item")
        assert "no clause seems to: write one, and name it: controller: ANCHOR" in one["message"]
        assert one.get("fix", "") == ""


def test_a_mistyped_free_clause_is_no_reason_for_another_hash(dpa: Play) -> None:
    right = kept(dpa)
    for hashes in ((), (f"  {right}",)):
        require(dpa, *VERBATIM[:2], "  free: [docking-clauses]", *hashes)
        (one,) = found("verbatim-text")
        assert 'no clause in standard-clauses is called "docking-clauses", which free names' in one["message"]
        assert one["fix"] == "free: [docking-clause]"
        require(dpa, *VERBATIM[:2], f"  {one['fix']}", f"  {right}")
        assert found("verbatim-text") == []
