"""A baseline lets the findings pass that were in a text, and none of a clause that changed."""

import json
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.drafting.baseline import ALLOWED, NEVER, Baseline
from engross.drafting.baseline_file import baseline_text, read_baseline
from engross.drafting.check_inputs import lone_document, lone_subject
from engross.drafting.engine import Exceptions, check_subjects, diagnostics
from engross.drafting.rules import BY_NAME
from engross.drafting.subject import Subject
from engross.model import Severity
from engross.text import decode

TEXT = """\
# Terms

- **“Fee”** means a price.

## Fees

The Fee is is due, see [LINK] and “x.

(a) It it is final;
(b) it is owed owed.

## Survival

| The the | row |
| --- | --- |
| is is | one |

Reserved reserved.

## Other

Reserved reserved.
"""


def subject(text: str) -> Subject:
    return lone_subject(lone_document(decode(text.encode(), "t.md")))


def found(text: str, baseline: Baseline | None = None) -> list[str]:
    exceptions = Exceptions(baseline=baseline) if baseline else Exceptions()
    return [f"{one.rule}:{one.line}" for one in diagnostics(check_subjects([subject(text)], exceptions=exceptions))]


def written(path: Path, text: str = TEXT, before: Baseline | None = None) -> Baseline:
    checked = subject(text)
    path.write_text(baseline_text(check_subjects([checked]), checked.edition.documents, before), "utf-8")
    return read_baseline(path)


@pytest.fixture
def known(tmp_path: Path) -> Baseline:
    return written(tmp_path / "b.json")


def test_what_was_found_passes(known: Baseline) -> None:
    assert len(found(TEXT)) >= 8
    assert found(TEXT, known) == []


def test_it_passes_wherever_the_clause_is(known: Baseline) -> None:
    moved = TEXT.replace("# Terms\n", "# Terms\n\nA new clause.\n\n\n").replace("is is due, see", "is is due,\nsee")
    assert found(moved, known) == []
    head, _, end = TEXT.partition("## Survival")
    swapped = (
        head.replace("# Terms\n", "# Terms\n\n## Survival" + end.partition("## Other")[0])
        + "## Other"
        + (end.partition("## Other")[2])
    )
    assert found(swapped, known) == []
    assert found(TEXT.replace("“x", '"x').replace("“Fee”", '"Fee"'), known) == []


CHANGED = [
    ("is is due", "is is now due", ["repeated-word:7", "placeholder:7", "unpaired-quote:7"]),
    ("It it is final", "It it is quite final", ["repeated-word:9"]),
    ("(b) it is owed owed", "(b) it was owed owed", ["repeated-word:10"]),
    ("| is is | one |", "| is is so | one |", ["repeated-word:16"]),
    ("## Survival\n", "## Survival\n\nIt ends the the day.\n", ["repeated-word:14"]),
]


@pytest.mark.parametrize(("old", "new", "back"), CHANGED, ids=[new for _, new, _ in CHANGED])
def test_the_findings_of_a_changed_clause_are_back(known: Baseline, old: str, new: str, back: list[str]) -> None:
    text = TEXT.replace(old, new)
    rules = [one.partition(":")[0] for one in back]
    left = [one for one in found(text, known) if not one.startswith("stale-exception")]
    assert sorted(one.partition(":")[0] for one in left) == sorted(rules), left
    assert left[0].endswith(back[0].partition(":")[2])


def test_equal_clauses_are_counted(known: Baseline) -> None:
    assert found(f"{TEXT}\nReserved reserved.\n", known) == ["repeated-word:24"]
    (left,) = check_subjects(
        [subject(TEXT.replace("\nReserved reserved.\n\n## Other", "\n## Other"))], exceptions=Exceptions(baseline=known)
    )
    assert left.diagnostic.severity is Severity.NOTE
    assert str(left.diagnostic).startswith(f"{known.path}: 1 known finding matches nothing any more; run engross check")


def test_it_is_shortened_and_not_lengthened(tmp_path: Path, known: Baseline) -> None:
    text = TEXT.replace("It it is final", "It it is quite final").replace("owed owed", "owed") + "\nNew new.\n"
    shorter = written(tmp_path / "c.json", text, known)
    assert shorter.size == known.size - 2
    assert found(text, shorter) == ["repeated-word:9", "repeated-word:24"]


def test_one_finding_a_line_sorted_and_the_same_every_time(tmp_path: Path, known: Baseline) -> None:
    lines = Path(tmp_path / "b.json").read_text("utf-8").splitlines()
    rows = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    assert [list(row) for row in rows] == [["rule", "document", "clause", "about", "hash", "count"]] * len(rows)
    ordered = [(row["document"], row["rule"], row["clause"], row["about"]) for row in rows]
    assert ordered == sorted(ordered)
    assert written(tmp_path / "again.json").counts == known.counts
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "b.json").read_bytes())["baseline"] == 1
    assert sum(row["count"] for row in rows) == known.size


def test_the_format_is_the_same_for_good(tmp_path: Path) -> None:
    """The hash of a known finding, as version 1 of the file has it."""
    known = written(tmp_path / "b.json", "# T\n\n## Fees\n\n(a) The “Fee” is\n    is due.\n")
    assert [key for key in known.counts if key[0] == "repeated-word"] == [
        ("repeated-word", "tmd", "c630bacb3c24bc4ff9acdf4ac987855c"),
    ]


def test_what_protects_what_is_published_never_passes(tmp_path: Path) -> None:
    assert {
        "raw-html", "unsafe-link", "outside-image", "open-comment", "table-row", "unused-link", "footnote",
        "hidden-character", "mixed-script", "deleted-definition",
        "stale-exception", "verbatim-text", "checklist-clause", "checklist-item",
        "dmca-agent", "dmca-registration", "dmca-repeat-infringers",
    } == NEVER  # fmt: skip
    assert set(ALLOWED) | NEVER == set(BY_NAME)
    text = "# T\n\nA hid\u200bden w\u043erd, <b>is is so</b>.\n"
    known = written(tmp_path / "b.json", text)
    assert {key[0] for key in known.counts} == {"repeated-word"}
    assert {one.partition(":")[0] for one in found(text, known)} >= {"hidden-character", "mixed-script", "raw-html"}


def test_only_the_rules_and_documents_that_were_checked_can_be_stale(known: Baseline) -> None:
    rules = [BY_NAME["placeholder"], BY_NAME["stale-exception"]]
    assert check_subjects([subject("# T\n\nNothing.\n")], rules=rules[:1], exceptions=Exceptions(baseline=known)) == []
    (left,) = check_subjects([subject("# T\n\nNothing.\n")], rules=rules, exceptions=Exceptions(baseline=known))
    assert "1 known finding matches nothing" in left.diagnostic.message
    other = lone_subject(lone_document(decode(b"# T\n\nNothing.\n", "other.md")))
    assert check_subjects([other], exceptions=Exceptions(baseline=known)) == []


ROW = '{"rule": "%s", "document": "d", "clause": "", "about": "", "hash": "%s", "count": %s}'
HASH = "0123456789abcdef" * 2
WRONG = {
    "": "1:1: this is not JSON",
    "version: 2\n": "1:1: this is not JSON",
    '{"baseline": 1, "findings": [\n<<<<<<< HEAD\n]}': "2:1: git could not merge two changes here",
    "[]": "1:1: this is no baseline of engross check",
    "[" * 100_000: "1:1: this is no baseline of engross check",
    '{"version": "2.1.0", "runs": []}': "1:1: this is no baseline of engross check",
    '{"baseline": 2, "findings": []}': "1:1: this baseline has another format",
    '{"baseline": 1}': "1:1: findings: is missing",
    '{"baseline": 1, "findings": [\n%s\n]}'
    % (ROW % ("raw-html", HASH, 1)): "2: findings of raw-html always have to be",
    '{"baseline": 1, "findings": [\n%s\n]}' % (ROW % ("placeholdr", HASH, 1)): "2: there is no rule placeholdr that a",
    '{"baseline": 1, "findings": [\n%s\n]}' % (ROW % ("placeholder", "x", 1)): "2:77: findings[0].hash",
    '{"baseline": 1, "findings": [\n%s\n]}' % (ROW % ("placeholder", HASH, 0)): "2:122: findings[0].count",
    '{"baseline": 1, "findings": [\n%s\n]}' % (ROW % ("placeholder", HASH, '"2"')): "2:122: findings[0].count",
    '{"baseline": 1, "findings": [\n%s,\n%s\n]}' % ((ROW % ("placeholder", HASH, 1),) * 2): "3: this finding is listed",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=WRONG.values())
def test_a_file_that_is_none_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.json").write_text(text, "utf-8")
    with pytest.raises(EngrossError) as refused:
        read_baseline(Path("b.json"))
    assert str(refused.value).startswith(f"b.json:{message}"), str(refused.value)
