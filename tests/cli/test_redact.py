"""`engross redact`: the replaced words, the text that stays, and refusals."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from cli_play import Play, engross

from engross.corpus.folders import find_folders
from engross.model import Sealed, VersionId
from engross.record import read_state
from engross.record.journal import Step, locked
from engross.record.posting.drafts import sealed_document
from engross.record.posting.sealing import write
from engross.record.redact.redaction import Order, plan_redaction
from engross.record.sealed_files import sealed_note, sealed_source, sealed_tree

REASON = ("--reason", "order of a court")


def redact(*args: str) -> str:
    result = engross("redact", *args, *REASON)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(*args: str) -> tuple[int, str]:
    result = engross("redact", *args)
    return result.exit_code, result.stderr


def text(play: Play, number: int, document: str = "agreement") -> str:
    return sealed_source(play.record, play.record.version(VersionId(document, number))).text


@pytest.fixture
def two(play: Play) -> Play:
    """Two versions with the same first item and different second items."""
    return play.posted().changed("(b) sell the Data; or", "(b) give the Data to anyone else; or", "second", 1)


def test_a_clause_is_redacted_and_everything_around_it_stays(two: Play) -> None:
    before = sealed_tree(two.record, two.record.version(VersionId("agreement", 1)))
    output = redact("agreement@1", "--clause", "Use (b)")
    assert "agreement@1: Use (b) is redacted (order of a court)" in output
    day = text(two, 1).partition("[Redacted on ")[2][:10]
    assert f"(b) [Redacted on {day}: order of a court]; or\n(c) rent the Data." in text(two, 1)
    assert "give the Data to anyone else" in text(two, 2)
    after = sealed_tree(two.record, two.record.version(VersionId("agreement", 1)))
    changed = [new.anchor for old, new in zip(before.clauses, after.clauses, strict=True) if old != new]
    assert changed == ["use.b"]
    assert [(one.id, one.anchor, one.label) for one in before.clauses] == [
        (one.id, one.anchor, one.label) for one in after.clauses
    ]
    assert engross("verify").exit_code == 0
    assert engross("check").exit_code == 0


def test_the_old_files_are_gone_and_the_entry_has_both_hashes(two: Play) -> None:
    old = two.record.version(VersionId("agreement", 1)).sealed
    redact("agreement@1", "--clause", "use.b")
    version = two.record.version(VersionId("agreement", 1))
    (entry,) = version.redactions
    assert (entry.was, entry.sealed, entry.clause, entry.reason) == (
        Sealed("", "", "", old.seal),
        version.sealed,
        "Use (b)",
        "order of a court",
    )
    assert len(list(two.root.glob("record/agreement/1-*"))) == 3
    assert not list(two.root.glob(f"record/agreement/1-{old.seal[:12]}*"))


def test_words_that_others_hold_are_named(two: Play) -> None:
    status, output = refused("agreement@1", "--clause", "use.a", *REASON)
    assert status == 1
    assert "agreement@2, the text of agreement in the docs still have the words." in output
    assert "(engross redact agreement@1 agreement@2 agreement …), or leave the words there with --only-these" in output
    assert len(two.record.entries) == 5
    status, output = refused("agreement@1", "agreement@2", "--clause", "use.a", *REASON)
    assert "record/ledger.jsonl: the text of agreement in the docs still has the words." in output


def test_versions_and_the_docs_are_redacted_together(two: Play) -> None:
    output = redact("agreement@2", "agreement@1", "agreement", "--clause", "use.a")
    assert "wrote docs/agreement.md" in output
    for words in (text(two, 1), text(two, 2), (two.root / "docs/agreement.md").read_text("utf-8")):
        assert "copy the Data" not in words
        assert "(a) [Redacted on 20" in words
    assert engross("check").exit_code == 0
    assert engross("verify").exit_code == 0


def test_a_clause_is_the_same_wherever_it_went(two: Play) -> None:
    two.change("(a) copy the Data;", "(a) hide it;\n(b) copy the Data;")
    two.change("(b) give", "(c) give")
    two.change("(c) rent", "(d) rent")
    two.note("third")
    two.release(2)
    redact("agreement@1", "agreement@2", "agreement@3", "agreement", "--clause", "use.a")
    assert "(a) hide it;\n(b) [Redacted on" in text(two, 3)


def test_others_keep_the_words_only_where_that_is_asked_for(two: Play) -> None:
    redact("agreement@1", "--clause", "use.a", "--only-these")
    assert "copy the Data" in text(two, 2)
    assert engross("verify").exit_code == 0


def test_a_version_that_holds_the_words_elsewhere_is_found(two: Play) -> None:
    two.changed("(b) give the Data to anyone else; or", "(b) lend it; or", "third", 2)
    two.changed("Each Fee", "Customer will not give the Data to anyone else. Each Fee", "fourth", 3)
    assert "agreement@4, the text of agreement in" in refused("agreement@2", "--clause", "use.b", *REASON)[1]


def test_a_dry_run_shows_the_redline_and_writes_nothing(two: Play) -> None:
    output = redact("agreement@1", "--clause", "use.b", "--dry-run")
    assert output.startswith("agreement@1:\n")
    assert "sell the Data" in output
    assert output.endswith("nothing was written\n")
    assert len(two.record.entries) == 5


def test_a_section_keeps_its_heading_a_definition_its_term(two: Play) -> None:
    redact("agreement@2", "agreement@1", "agreement", "--clause", "Use")
    assert "## Use\n\n[Redacted on 20" in text(two, 1)
    assert "(a) [Redacted];\n(b) [Redacted]; or\n(c) [Redacted].\n\n## Payment" in text(two, 1)
    redact("agreement@2", "agreement@1", "agreement", "--clause", "Definitions “Fee”")
    assert "- **“Fee”** [Redacted on 20" in text(two, 1) or "- **“Fee”** means [Redacted on 20" in text(two, 1)
    assert engross("verify", "--reparse").exit_code == 0


def test_a_note_that_has_the_words_is_named(two: Play) -> None:
    two.write("docs/terms/data.md", "# Data Terms\n\n## Keeping\n\nThe change third is for good in 2026.\n")
    two.note("third", "grounds: [{ground: legal-requirement, cites: The law}]", documents="data")
    two.write(
        "docs/changes/third.md",
        (two.root / "docs/changes/third.md").read_text("utf-8").replace("third.", "third is for good in 2026."),
    )
    two.release(2)
    result = engross("redact", "data@2", "data", "--clause", "keeping.p1", *REASON)
    assert result.exit_code == 0, result.stderr
    assert "note: the change note third also has words of it; engross redact --note third" in result.stderr


def test_all_is_written_before_the_reader_of_the_output_ends(two: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_more: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(import_module("engross.cli.redact"), "say", gone)
    engross("redact", "agreement@2", "agreement", "--clause", "Use (b)", *REASON)
    assert "to anyone else" not in text(two, 2)
    assert "to anyone else" not in (two.root / "docs/agreement.md").read_text("utf-8")


def test_a_fact_of_a_model(play: Play) -> None:
    play.posted()
    redact("models@1", "models", "--clause", "Alpha: Retention")
    assert 'retention: "[Redacted on 20' in text(play, 1, "models")
    version = play.record.version(VersionId("models", 1))
    assert sealed_document(play.record, version).root.children[0].anchor == "alpha"
    assert engross("check").exit_code == 0


def test_the_name_of_a_model(play: Play) -> None:
    play.posted()
    output = redact("models@1", "models", "--clause", "Alpha")
    assert "models@1: alpha is redacted (order of a court)" in output
    assert 'name: "[Redacted on 20' in text(play, 1, "models")
    version = play.record.version(VersionId("models", 1))
    labels = {one.anchor: one.label for one in sealed_tree(play.record, version).clauses}
    assert labels["alpha"].startswith("[Redacted on 20")
    redact("models@1", "models", "--clause", "alpha: Retention")
    assert engross("check").exit_code == 0
    assert engross("verify").exit_code == 0


def test_the_note_of_a_list_is_redacted_together(play: Play) -> None:
    play.change("models:\n", "note: Ask Jane.\nmodels:\n", "docs/models.yml")
    play.posted().change("a day", "two days", "docs/models.yml")
    play.note("second", documents="models")
    play.release(1)
    status, output = refused("models@1", "--clause", "Note", *REASON)
    assert (status, "models@2, the text of models in the docs still have the words" in output) == (1, True), output
    redact("models@1", "models@2", "models", "--clause", "Note")
    assert not any("Jane" in text(play, number, "models") for number in (1, 2))


@pytest.mark.parametrize(
    ("clause", "output"),
    [
        ("Alpha: Takes", "Alpha: Takes cannot hold a tombstone: models[0].modalities.in[0]: "),
        ("Alpha: Licence text", "Alpha: Licence text is computed from other facts; redact those"),
        ("Alpha: Retenton", 'there is no clause Alpha: Retenton; did you mean "Alpha: Retention"?'),
    ],
)
def test_facts_that_cannot_be_redacted(play: Play, clause: str, output: str) -> None:
    play.posted()
    status, complained = refused("models@1", "--clause", clause, *REASON)
    assert (status, output in complained) == (1, True), complained


@pytest.mark.parametrize(
    ("args", "status", "output"),
    [
        (("agreement@1", "--clause", "use.z"), 1, "there is no clause use.z"),
        (("agreement@3", "--clause", "use.a"), 2, "there is no agreement@3; its last is agreement@2"),
        (("agreemnt@1", "--clause", "use.a"), 2, 'no text of agreemnt was posted; did you mean "agreement"?'),
        (("agreement", "--clause", "use.a"), 2, "name a version to redact, such as agreement@3"),
        (("agreement@1", "data@1", "--clause", "use.a"), 2, "one document at a time, and not agreement and data"),
        (("agreement@x", "--clause", "use.a"), 2, "'agreement@x' is not a version"),
        (("agreement@1", "--clause", " "), 2, "write which clause is redacted (--clause), and why"),
        (("agreement@1",), 2, "Missing option '--clause'"),
        (("agreement@1", "--clause", "the-agreement"), 1, "still have the words"),
    ],
)
def test_what_cannot_be(two: Play, args: tuple[str, ...], status: int, output: str) -> None:
    result = refused(*args, *REASON)
    assert (result[0], output in result[1]) == (status, True), result[1]


def test_twice_is_refused(two: Play) -> None:
    redact("agreement@1", "--clause", "use.b")
    assert "Use (b) was redacted before" in refused("agreement@1", "--clause", "use.b", *REASON)[1]


def test_a_reason_that_would_be_read_as_something_else_is_refused(two: Play) -> None:
    status, output = refused("agreement@1", "--clause", "use.b", "--reason", "court <b>order</b>")
    assert (status, "the words cannot be removed without changing" in output) == (1, True)
    assert len(two.record.entries) == 5


def test_without_a_record(play: Play) -> None:
    status, output = refused("agreement@1", "--clause", "use.a", *REASON)
    assert (status, "no text of agreement was posted" in output) == (2, True)
    assert not (play.root / "record").exists()


def test_line_ends_and_byte_order_mark_stay(play: Play) -> None:
    path = play.root / "docs/agreement.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    play.posted()
    redact("agreement@1", "agreement", "--clause", "use.b")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf#")
    assert data.count(b"\r\n") == data.count(b"\n")
    assert data == next(play.root.glob("record/agreement/1-*.md")).read_bytes()


@pytest.mark.parametrize("last", range(12))
def test_killed_at_any_step_the_record_is_the_old_or_the_new_one(two: Play, last: int) -> None:
    folders, done = find_folders(Path.cwd()), list[str]()

    def stop(step: Step) -> None:
        if len(done) == last:
            raise KeyboardInterrupt
        done.append(step[0])
        step[1]()

    plan = read_state(folders, two.record.entries[-1].posted).plan
    order = Order((VersionId("agreement", 1),), "use.b", "order of a court")
    sealing = plan_redaction(plan, order).sealing
    with suppress(KeyboardInterrupt), locked(folders.record):
        write(plan.record, sealing, stop)
    assert len(two.record.entries) == (6 if "replace the ledger" in done else 5)
    if last == 11:
        assert done[-4:-1] == [f"remove {name}" for name in sorted(sealing.gone)]


def test_a_note_is_redacted_in_the_record_and_in_the_docs(two: Play) -> None:
    path = two.root / "docs/changes/second.md"
    assert "The change second." in path.read_text("utf-8")
    output = redact("--note", "second")
    assert "the note second: summary is redacted (order of a court)" in output
    assert "wrote docs/changes/second.md" in output
    sealed = sealed_note(two.record, two.record.posted_notes["second"])
    assert path.read_bytes() == sealed
    assert b"[Redacted on 20" in sealed
    assert b"The change second." not in sealed
    assert (engross("check").exit_code, engross("verify").exit_code) == (0, 0)
    assert "its summary was redacted before" in refused("--note", "second", *REASON)[1]


def test_a_note_whose_copy_is_gone(two: Play) -> None:
    path = two.root / "docs/changes/second.md"
    path.unlink()
    redact("--note", "second")
    assert path.read_bytes() == sealed_note(two.record, two.record.posted_notes["second"])


@pytest.mark.parametrize(
    ("args", "status", "output"),
    [
        (("--note", "secnd"), 1, 'no note secnd was posted; did you mean "second"?'),
        (
            ("--note", "second", "--clause", "emergency"),
            1,
            "it has no text called emergency; the parts that can be redacted are",
        ),
        (
            ("--note", "second", "--clause", "effective"),
            1,
            "it has no text called effective; the parts that can be redacted are",
        ),
        (("--note", "second", "agreement@1"), 2, "redact a note separately"),
        (("--note", "second", "--only-these"), 2, "redact a note separately"),
        ((), 2, "Missing argument 'DOC@N'"),
    ],
)
def test_notes_that_cannot_be_redacted(two: Play, args: tuple[str, ...], status: int, output: str) -> None:
    before = len(two.record.entries)
    result = refused(*args, *REASON)
    assert (result[0], output in result[1]) == (status, True), result[1]
    assert len(two.record.entries) == before


def test_a_dry_run_deletes_nothing(two: Play) -> None:
    kept = two.write(".cache/engross/archive/x", "The change second.")
    redact("--note", "second", "--dry-run")
    assert kept.exists()
    redact("--note", "second")
    assert not kept.exists()


def test_a_run_in_item_leaves_no_hash_of_the_sentence_around_it(play: Play) -> None:
    play.change("Each Fee is due at once, and a Fee is final.", "You pay (a) a Fee, and (b) a penny to Quenzil.")
    play.posted()
    before = sealed_tree(play.record, play.record.version(VersionId("agreement", 1)))
    redact("agreement@1", "agreement", "--clause", "payment.b")
    after = sealed_tree(play.record, play.record.version(VersionId("agreement", 1)))
    changed = {old.anchor for old, new in zip(before.clauses, after.clauses, strict=True) if old.words != new.words}
    assert changed == {"payment.p1", "payment.b"}


def test_a_paragraph_is_called_what_readers_call_it(play: Play) -> None:
    play.change("Each Fee is due at once, and a Fee is final.", "Each Fee is due at once.\n\nA Fee is final for ever.")
    play.posted()
    status, output = refused("agreement@1", "--clause", "Payment, paragraf 1", *REASON)
    assert (status, 'did you mean "Payment, paragraph 1"?' in output) == (1, True)
    output = redact("agreement@1", "agreement", "--clause", "Payment, paragraph 1")
    assert "agreement@1: Payment, paragraph 1 is redacted (order of a court)" in output
    assert "A Fee is final for ever." in text(play, 1)
    assert "due at once" not in text(play, 1)
    assert play.record.version(VersionId("agreement", 1)).redactions[0].clause == "Payment, paragraph 1"
    assert "Payment, paragraph 1 was redacted before" in refused("agreement@1", "--clause", "payment.p1", *REASON)[1]
    assert "agreement@1: Payment, paragraph 2 is redacted" in redact(
        "agreement@1", "agreement", "--clause", "Payment, paragraph 2"
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("It is the law.", False),
        ("The provider keeps it safely.", False),
        ("The provider keeps it for 90 days.", True),
        ("It was agreed with Quenzil alone.", True),
        ("The provider keeps what it has for as long as it wants.", True),
    ],
)
def test_ordinary_words_in_another_document_are_not_named(play: Play, words: str, named: bool) -> None:
    play.write("docs/terms/data.md", f"# Data Terms\n\n## Keeping\n\n{words}\n")
    play.change("Each Fee is due at once, and a Fee is final.", words)
    play.posted()
    result = engross("redact", "agreement@1", "agreement", "--clause", "payment", *REASON)
    assert result.exit_code == 0, result.stderr
    assert ("data@1 also has words of it" in result.stderr) == named
