"""Gaps in notes: each is found with its place; intended brackets and posted notes cause no finding."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.record.notes.placeholders import NOTE_PLACEHOLDER
from engross.record.notes.reader import posted_note, read_note
from engross.record.rules.grounds import CitedClauses
from engross.text import decode

from .playing import AGREEMENT, DOCUMENTS, Site, complaints, note_text, posted_site
from .test_notes import read

GAPS = [
    "<the role that approved it>", "<approver’s role>", "<role>", "TODO", "TBD", "TBC by Friday", "FIXME", "XXX",
    "xxxx",     "[TBD]", '"[...]"', '"[…]"', "[...]", "…", "...", "???", '"[insert name]"', '"{{ approver }}"',
    "Head of <department>", "the role that approved it", "The  Role that approved it, such as General Counsel.",
    '"[the role that approved it]"', "the role of whoever approved it, such as general counsel", "how this is met",
    "what changes for customers", "the law that requires it", "immediately, or a day", "a day, 2026-12-31 or later",
    '"“the clause that permits it”"', "law-change, if it applies",
    '"[date]"', "___", "«TODO»", "« TBD »", "tbd", "_TBD_", '"[the effective date]"', '"[Name of the customer]"',
    "Act No. ____ of 2026", "__FIXME__",
]  # fmt: skip
MEANT = [
    "General Counsel", "Legal & Privacy <legal@example.com>", "<https://example.com/TODO>", "TODO-5", "Todo el equipo",
    "Head of R&D (a < b)", "The role that approved it last year, the General Counsel",
    "Those who know how this is met", "The “TBD” team", "Counsel [acting]", "e.g. Counsel…",
    r"\<5 users\>", r"Counsel \[date\]", "snake___case", "___Counsel___", "“___” and `[date]`", r"\<role\> and \___",
]  # fmt: skip
SUMMARIES = [
    ("<what changes for customers, in a sentence or two>", 9, 1),
    ("<what changes for customers>", 9, 1),
    ("Fees rise by TBD.", 9, 14),
    ("Fees rise.\n\nSee [insert link here] for more.", 11, 5),
    ("Fees rise by [●] percent.", 9, 14),
    ("…", 9, 1),
    ("What changes for customers, in a sentence or two.", 9, 1),
    ("- Fees rise.\n- <and more>, if any", 10, 3),
    ("what changes for customers", 9, 1),
    ("What changes for customers,  in a sentence or two:\n\n- Fees rise.", 9, 1),
    ("Fees rise.\n\nThe law that requires it", 11, 1),
    ("Fees rise on [date].", 9, 14),
    ("Fees rise by ___ percent.", 9, 14),
    ("- «TODO»", 9, 3),
    ("> TODO", 9, 3),
    ("| a |\n|---|\n| TBD |", 11, 3),
]
MEANT_SUMMARIES = [
    "See [the page](https://example.com) and <https://example.com/>, or write to <a@example.com>.",
    "“TBD” in Fees is now thirty days, and `[...]` stays code.",
    "Fees are lower where a < b and c > d. Nothing else…",
    r"Customers with \<5 users\> pay less, and \[date\] is a field.",
    "See [date](https://example.com) and [law][1].\n\n[1]: https://example.com",
    "The list [1] says: [a], [b] and [d](https://example.com).",
]


def gaps(text: str) -> list[str]:
    return [one for one in complaints(lambda: read(text)) if "is still to be filled in; write" in one]


@pytest.mark.parametrize("written", GAPS)
@pytest.mark.parametrize("key", ["approved_by", "effective", "reference"])
def test_each_gap_in_a_fact_is_one_finding(written: str, key: str) -> None:
    facts = {key: written} if key != "reference" else {}
    note = note_text("a", *([f"reference: {written}"] if key == "reference" else []), **facts)
    (found,) = complaints(lambda: read(note))
    line = note[: note.index(f"{key}: ")].count("\n") + 1
    assert found.startswith(f"note.md:{line}:")
    assert "is still to be filled in; write " in found


@pytest.mark.parametrize("written", MEANT)
def test_what_is_meant_in_a_fact_is_none(written: str) -> None:
    assert complaints(lambda: read(note_text("a", approved_by=written))) == []


def test_a_template_without_its_brackets_is_a_gap_in_grounds() -> None:
    """Template text is found in every field, even if only its brackets were deleted."""
    grounds = [
        "grounds:", "  - ground: law", "    cites: the law that requires it", "    conditions:",
        "      told: How this is met", "  - ground: other, if it applies",
    ]  # fmt: skip
    found = complaints(lambda: read(note_text("a", *grounds)))
    assert ["cites" in found[0], "told" in found[1], "ground" in found[2]] == [True, True, True]
    assert len(found) == 3


@pytest.mark.parametrize("key", ["emergency", "editorial_because", "not_material_because", "sooner_because"])
def test_what_messages_ask_for_is_a_gap_if_it_is_pasted(key: str) -> None:
    asked = {
        "emergency": "why it cannot wait",
        "editorial_because": "a sentence that says why the meaning stays the same",
        "not_material_because": "why the change is not material to customers",
        "sooner_because": "why announced words are to apply sooner",
    }
    (found,) = complaints(lambda: read(note_text("a", f"{key}: {asked[key]}")))
    assert f"{key}: {asked[key]} is still to be filled in; write " in found


@pytest.mark.parametrize(("summary", "line", "column"), SUMMARIES)
def test_each_gap_in_a_summary_is_one_finding(summary: str, line: int, column: int) -> None:
    (found,) = complaints(lambda: read(note_text("a", summary=summary, title="")))
    assert found.startswith(f"note.md:{line}:{column}: summary: ")
    assert found.endswith("is still to be filled in; write what changes for customers, in a sentence or two")


@pytest.mark.parametrize("summary", MEANT_SUMMARIES)
def test_what_is_meant_in_a_summary_is_none(summary: str) -> None:
    assert complaints(lambda: read(note_text("a", summary=summary, title=""))) == []


def test_other_mistakes_are_reported_beside_gaps() -> None:
    found = complaints(lambda: read(note_text("a", "foo: 1", approved_by="<role>", class_="<class>")))
    assert len(found) == 3
    assert sum("is still to be filled in" in one for one in found) == 2


def test_what_was_posted_is_never_asked(tmp_path: Path) -> None:
    """A note that 0.1 sealed with a gap stays readable, and the site still builds."""
    text = note_text("a", approved_by="TBD", summary="Fees rise by TBD.\n\n- [...]")
    assert gaps(text)
    note = posted_note(text.encode(), "record/changes/0.md", "note", ZoneInfo("UTC"))
    assert (note.approved_by, note.summary) == ("TBD", "Fees rise by TBD.\n\n- [...]")
    with pytest.raises(Exception, match="still to be filled in"):
        read_note(decode(text.encode(), "note.md"), ZoneInfo("UTC"))


def test_a_gap_stops_a_release_and_nothing_else_is_reported(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Be polite"))
    site.note("rules", approved_by="TBD")
    assert [one.rule for one in site.findings()] == [NOTE_PLACEHOLDER]


def test_released_notes_hold_no_gap() -> None:
    """Every note of the record of 0.1 could be pending today."""
    released = Path(__file__).parents[1] / "released" / "0.1"
    for path in released.glob("*/docs/changes/*.md"):
        read_note(decode(path.read_bytes(), path.name), ZoneInfo("UTC"))
    assert Site(released / "tour", datetime(2026, 11, 27, tzinfo=UTC)).record.entries


NUMBERED = (
    "# The Rules\n\n## 4. Limits\n\nYou will not:\n\n(a) one thing; or\n(b) another.\n\n"
    "### 4.2 Changes and Notices\n\nx\n"
)


@pytest.mark.parametrize(
    ("cited", "holds"),
    [
        ("Use", True), ("use", True), ("“Use”", True), ("#use", True), ("Section “Use”", True), ("Use (b)", True),
        ("Use(b)", True), ("use.b", True), ("agreement#use.b", True), ("Use of the Agreement", True),
        ("The Agreement, Use (b)", True), ("Agreement: Fees", True), ("Fees and End", True), ("Fees, End", True),
        ("rules#limits", True), ("Section 4 of the Rules", True), ("Section 4(b) of the Rules", True),
        ("Rules, Clause 4.2", True), ("4.2 Changes and Notices of the Rules", True), ("Limits (b) of the Rules", True),
        ("§ 4.2 of the Rules", True),
        ("Use (b) and (c) of the Agreement", True), ("Use (b), (c) and (d)", True), ("Use (a)–(c)", True),
        ("Use (b) or (c), Fees and End", True), ("Section 4(a) and (b) of the Rules", True), ("Use (a) to (d)", True),
        ("Changes and Notices, and Limits (a) and (b) of the Rules", True), ("Use (a) & (b)", True),
        ("Fees and Limits (a) of the Rules", True), ("the Agreement, Use (b) and (c)", True),
        ("Use (b) and (z)", False), ("(b) and (c)", False), ("Fees and (b)", False), ("Use (a)–(z)", False),
        ("Use and Limits of the Agreement", False), ("Use (b) and (c) of the Rules", False),
        (", ".join(["Use (a)"] * 40), True), (" and ".join(["Use"] * 40 + ["Nothing"]), False),
        ("Section 4", False), ("Limits", False), ("The Agreement", False), ("Use (z)", False), ("Section 9", False),
        ("agreement#nothing", False), ("Use and Nothing", False), ("Section", False), ("", False), ("Rules", False),
    ],
)  # fmt: skip
def test_clauses_as_people_cite_them(tmp_path: Path, cited: str, holds: bool) -> None:
    documents = posted_site(tmp_path, agreement=AGREEMENT, rules=NUMBERED).state().project.documents
    renamed = {name: document for name, document in documents.items() if name in ("agreement", "rules")}
    assert CitedClauses([renamed["agreement"]], [renamed["rules"]]).holds(cited) == holds


def test_the_nearest_clauses_are_named(tmp_path: Path) -> None:
    documents = posted_site(tmp_path).state().project.documents
    assert CitedClauses([documents["agreement"]], []).nearest("Feess") == ["Fees"]
    assert CitedClauses([documents["agreement"]], []).nearest("Zzzzz") == ["Opening", "Use", "Use (a)"]


def test_a_clause_of_another_document_is_proposed_with_its_name(tmp_path: Path) -> None:
    documents = DOCUMENTS.replace("kind: url-terms, file", "kind: url-terms, grounds: [permitted], file")
    site = posted_site(tmp_path, f"grounds: [{{id: permitted, title: Permitted, cites: clause}}]\n{documents}").at(1)
    site.edit("rules.md", ("Be kind", "Be polite"))
    for cited in ("Use (b) and (c)", "'#use.b'", "use"):
        site.note("rules", f"grounds: [{{ground: permitted, cites: {cited}}}]", slug="cited")
        (found,) = site.findings()
        assert "in rules; the clause is in another document of the set; add the name of that document" in found.message
        proposed = found.fix.removeprefix("cites: ")
        assert proposed.endswith(' of The Agreement"')
        site.note("rules", f"grounds: [{{ground: permitted, cites: {proposed}}}]", slug="cited")
        assert site.findings() == []
