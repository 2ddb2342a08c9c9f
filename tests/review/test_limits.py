"""A review fits its place: the largest redlines become shorter first, and what is missing always stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engross.model import Diagnostic, Severity
from engross.redline import Counts, find_changes, marked_as_markdown, marked_texts, redline
from engross.review import COMMENT, SUMMARY, to_markdown
from engross.review.content import Change, ClauseChange, DefinitionChange, Note, Problem, Review
from engross.review.fitting import Part, characters, fit, octets

WORDS = "the Customer pays each Fee without delay and in full " * 4


def clause(number: int, words: str = WORDS) -> ClauseChange:
    script = redline(f"# A\n\n{words}once {words}\n", f"# A\n\n{words}twice {words}\n")
    return ClauseChange(f"Section {number}", ("words changed",), marked_texts(find_changes(script)[0]))


def change(name: str, clauses: int) -> Change:
    one = clause(1)
    return Change(
        name, name.title(), "post", f"{name}@2", f"{name}@1", f"docs/{name}.md", counts=Counts(clauses_changed=clauses),
        clauses=tuple(replace(one, where=f"Section {number}") for number in range(clauses)),
    )  # fmt: skip


def missing(number: int, fix: str = "---\ndocuments: [a]\n---") -> Diagnostic:
    return Diagnostic("unposted-change", Severity.ERROR, f"docs/{number}.md", 1, 1, f"no note names {number}", "", fix)


def review(**parts: object) -> Review:
    return Review(datetime(2026, 11, 28, tzinfo=UTC), "UTC", **parts)  # type: ignore[arg-type]


def test_the_largest_redline_becomes_shorter_first() -> None:
    found = review(changes=(change("large", 200), change("small", 3)), missing=(missing(1),))
    text = to_markdown(found, COMMENT)
    assert characters(text) <= 65_536
    large, small = text.split("## Small: new text")
    assert WORDS.strip() not in large
    assert WORDS.strip() in small
    assert "~~once~~**twice** the Customer pays" in large
    assert "documents: [a]" in text
    assert WORDS.strip() in to_markdown(found, SUMMARY).split("## Small: new text")[0]


def test_then_redlines_become_counts_with_a_link() -> None:
    found = review(
        changes=(replace(change("large", 900), preview="https://preview.example/large/"), change("small", 3))
    )
    text = to_markdown(found, COMMENT)
    assert characters(text) <= 65_536
    assert "**Redline**: 900 clauses changed. [Read it in the preview](https://preview.example/large/)." in text
    assert "Section 2" in text.split("## Small: new text")[1]
    without = review(changes=(change("large", 900),))
    assert "Run `engross diff large@1 large` to read it." in to_markdown(without, COMMENT)


def test_what_is_missing_stays_and_its_texts_become_links_last() -> None:
    fix = "---\n" + "documents: [a]\n" * 500 + "---"
    restore = "git restore --source=main --staged --worktree -- record"
    definitions = tuple(DefinitionChange(f"Term {at}", "added", "", WORDS) for at in range(30))
    found = review(
        changes=(replace(change("large", 200), definitions=definitions),),
        missing=tuple(missing(number, fix) for number in range(20)),
        notes=(Note("later", "Later", "docs/changes/later.md", "format", False, "", WORDS, (WORDS,) * 9),),
        findings=tuple(Diagnostic("x", Severity.NOTE, "a.md", at, 1, WORDS) for at in range(90)),
        problems=(Problem("The record is broken", (missing(99),), advice=restore),),
    )
    text = to_markdown(found, COMMENT)
    assert characters(text) <= 65_536
    assert all(f"no note names {number} " in text for number in range(20))
    assert "## The record is broken" in text
    assert restore in text
    assert "30 definitions change." in text
    assert "90 notes: run `engross check` to read them." in text


def test_many_problems_and_a_long_note_leave_room_for_what_is_missing() -> None:
    words = "word " * 200_000
    found = review(
        problems=(Problem("Documents that cannot be read", tuple(missing(number) for number in range(1017))),),
        missing=(missing(5000),),
        notes=(Note("long", "Long", "docs/changes/long.md", "format", False, "", words, (words,)),),
    )
    text = to_markdown(found, COMMENT)
    assert characters(text) <= 65_536
    assert "- and 997 more: run `engross check` to read them" in text
    assert "no note names 5000 " in text
    assert "documents: [a]" in text.split("no note names 5000 ")[1]
    assert "> … (the rest is in `docs/changes/long.md`)" in text


def test_more_than_any_place_holds_is_cut_at_a_line() -> None:
    found = review(missing=tuple(missing(number) for number in range(3000)))
    text = to_markdown(found, COMMENT)
    assert characters(text) <= 65_536
    assert text.endswith("**The rest does not fit here.** Run `engross review` to read all of it.\n")
    assert text.count("```") % 2 == 0
    assert octets(to_markdown(found, SUMMARY)) <= 1 << 20


@pytest.mark.parametrize(("most", "expected"), [(9, "aaaaabbbb"), (8, "aaaaabb"), (6, "aaaaab"), (3, "aab")])
def test_fit_shortens_by_rank_and_then_by_size(most: int, expected: str) -> None:
    assert fit([Part("aaaaa", ("aa",), rank=5), Part("bbbb", ("bb", "b"), rank=1)], most, len, "cut") == expected
    assert fit([Part("ccc", ("c",)), Part("dddd", ("d",))], 4, len, "cut") == "cccd"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("The Fee is due at once.", "The Fee is due later.", "The Fee is due ~~at once~~**later**."),
        ("The “Fee” is due.", "The “Price” is due.", "The ~~\u200b“Fee”\u200b~~**\u200b“Price”\u200b** is due."),
        ("One.", "One. Two @three.", "One. **Two @&#8203;three.\u200b**"),
        ("Words here.", "*Words* here.", "Words here."),
    ],
)
def test_redline_of_a_clause(old: str, new: str, expected: str) -> None:
    (found,) = find_changes(redline(f"# A\n\n{old}\n", f"# A\n\n{new}\n"))
    assert [marked_as_markdown(text) for text in marked_texts(found)] == [expected]


def test_redline_of_whole_blocks_and_of_rows() -> None:
    (found,) = find_changes(redline("# A\n\nOne.\n", "# A\n\nOne.\n\n(a) two;\n(b) three.\n"))
    assert [marked_as_markdown(text) for text in marked_texts(found)] == [
        "**\u200b(a) two;\u200b**",
        "**\u200b(b) three.\u200b**",
    ]
    table = "# A\n\n| a | b |\n| --- | --- |\n| c | d |\n"
    (found,) = find_changes(redline(table, f"{table}| e | f |\n"))
    assert [marked_as_markdown(text) for text in marked_texts(found)] == ["**e** \\| **f**"]


def test_redline_of_a_moved_clause() -> None:
    def text(*names: str) -> str:
        return "# A\n\n" + "".join(f"## {name}\n\nThe {name} is paid within some days.\n\n" for name in names)

    moved = text("One", "Two", "Three").replace("One is paid within some", "One is paid within many")
    (found,) = find_changes(redline(text("Two", "Three", "One"), moved))
    assert found.kinds == ["moved from after Three", "words changed"]
    assert [marked_as_markdown(one) for one in marked_texts(found)][
        1
    ] == "The One is paid within ~~some~~**many** days."


def test_words_around_a_change() -> None:
    (text,) = clause(1).texts
    assert marked_as_markdown(text, 3) == "… and in full ~~once~~**twice** the Customer pays …"
