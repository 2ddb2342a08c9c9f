"""The clauses that `documents.yml` requires of a text, and the facts of an agent."""

import re
from datetime import datetime

import pytest
from cli_play import Play, engross
from requiring import DPA, found, post, require

from engross.corpus import read_checklist


@pytest.fixture
def dpa(play: Play) -> Play:
    play.write("docs/dpa.md", DPA)
    return play


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
