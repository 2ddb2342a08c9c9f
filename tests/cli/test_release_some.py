"""`engross release` where not everything can be posted: what is posted, what waits and why, and how it exits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cli_play import AGREEMENT, BEGIN, DOCUMENTS, MKDOCS, Play, engross

from engross.cli.printing import CLEAN, FOUND, WAITS
from engross.common import NO_CACHE, EngrossError
from engross.corpus.folders import find_folders
from engross.record import read_state
from engross.site.build import _read_edition


@pytest.fixture
def clash(play: Play) -> Play:
    """Two branches were merged that change the agreement from different days, and one that changes the data terms."""
    play.posted().change("once", "soon")
    play.change("rent the", "lease the")
    play.note("lease", "effective: 2126-03-01")
    play.note("soon", "effective: 2126-01-31")
    play.change("a year", "two years", "docs/terms/data.md")
    play.note("data-kept", "grounds: [{ground: legal-requirement, cites: Act 1}]", documents="data")
    return play


def test_what_can_be_posted_is_and_the_rest_waits(clash: Play) -> None:
    would = engross("release", "--posted", "2026-02-01", "--dry-run")
    assert (would.exit_code, len(clash.record.entries)) == (WAITS, 4)
    assert would.stdout.splitlines() == [
        "1 entry would be added to the record:",
        "  data@2 (Data Terms): substantive, not material, effective immediately",
        "would be posted 2026-02-01 America/New_York",
    ]
    header, why = would.stderr.splitlines()
    assert header == "would wait: agreement (docs/changes/lease.md, docs/changes/soon.md)"
    assert why.startswith("docs/changes/soon.md:4:12: agreement is also changed by docs/changes/lease.md")
    assert why.endswith("[conflicting-notes] (fix: effective: 2126-03-01)")
    done = engross("release", "--posted", "2026-02-01")
    assert (done.exit_code, done.stdout) == (
        WAITS,
        would.stdout.replace("would be added", "added").replace("would be posted", "posted"),
    )
    assert done.stderr == would.stderr.replace("would wait", "waits")
    assert [entry.name for entry in clash.record.entries[4:]] == ["entry 5 (post data@2)"]
    again = engross("release", "--posted", "2026-02-01")
    assert (again.exit_code, again.stdout) == (WAITS, "")
    assert again.stderr.splitlines()[-1] == "nothing was posted"
    assert engross("verify").exit_code == CLEAN


def test_all_or_nothing(clash: Play) -> None:
    done = engross("release", "--all-or-nothing")
    assert (done.exit_code, done.stdout, len(clash.record.entries)) == (FOUND, "", 4)
    assert "[conflicting-notes]" in done.stderr
    assert done.stderr.splitlines()[-1] == "nothing was posted"


def test_a_note_about_several_documents_waits_as_a_whole(clash: Play) -> None:
    clash.note("data-kept", "grounds: [{ground: legal-requirement, cites: Act 1}]", documents="agreement, data")
    clash.change("Alpha", "Alpha One", "docs/models.yml")
    clash.note("alpha", documents="models")
    done = engross("release")
    assert done.exit_code == WAITS
    assert (
        "waits: agreement, data (docs/changes/data-kept.md, docs/changes/lease.md, docs/changes/soon.md)" in done.stderr
    )
    assert [entry.name for entry in clash.record.entries[4:]] == ["entry 5 (post models@2)"]


def no_note(play: Play) -> None:
    (play.root / "docs/changes/lease.md").unlink()
    (play.root / "docs/changes/soon.md").unlink()


def placeholder(play: Play) -> None:
    (play.root / "docs/changes/lease.md").unlink()
    play.note("soon", "approved_by: <the role>")


def unknown_key(play: Play) -> None:
    (play.root / "docs/changes/lease.md").unlink()
    play.note("soon", "efective: immediately")


def bad_setting(play: Play) -> None:
    no_note(play)
    play.write("docs/agreement.md", AGREEMENT)
    play.change("agreement, file: agreement.md", "agreement, notice_days: 5, file: agreement.md", "docs/documents.yml")


def not_listed(play: Play) -> None:
    """The models are no longer listed, and nothing retires them."""
    no_note(play)
    play.write("docs/agreement.md", AGREEMENT)
    text = "".join(line for line in DOCUMENTS.splitlines(True) if "id: models" not in line)
    play.write("docs/documents.yml", text.replace("[data, models]", "[data]"))


def new_document(play: Play) -> None:
    """A new document in the set, without a note; an exception is for its text."""
    no_note(play)
    play.write("docs/agreement.md", AGREEMENT)
    entry = "  - {id: faq, title: Questions, kind: policy, file: faq.md}\n"
    exception = "exceptions:\n  - {rule: repeated-word, document: faq, because: a name}\n"
    play.write("docs/documents.yml", DOCUMENTS.replace("[data, models]", "[data, models, faq]") + entry + exception)
    play.write("docs/faq.md", "# Questions\n\n## Asking\n\nAsk the the Sheriff.\n")


WAITING: dict[str, tuple[Callable[[Play], None], str, str]] = {
    "no note": (no_note, "waits: agreement, which no note names", "[unposted-change]"),
    "a placeholder": (placeholder, "waits: agreement (docs/changes/soon.md)", "[note-placeholder]"),
    "an unknown key": (unknown_key, "waits: agreement (docs/changes/soon.md)", "efective"),
    "a setting": (bad_setting, "waits: agreement, which no note names", "[unposted-promise]"),
    "not listed": (not_listed, "waits: models, the set main, which no note names", "[unposted-change]"),
    "a new document": (new_document, "waits: faq, the set main, which no note names", "[unposted-change]"),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(("spoil", "waits", "why"), WAITING.values(), ids=WAITING.keys())
def test_what_is_wrong_with_one_document_keeps_no_other_from_being_posted(
    clash: Play, spoil: Callable[[Play], None], waits: str, why: str, strict: bool
) -> None:
    spoil(clash)
    if strict:
        clash.write("mkdocs.yml", f"{MKDOCS}strict: true\n")
    done = engross("release")
    assert done.exit_code == WAITS, done.output
    assert [line for line in done.stderr.splitlines() if line.startswith("waits:")] == [waits]
    assert why in done.stderr
    assert [entry.name for entry in clash.record.entries[4:]] == ["entry 5 (post data@2)"]
    assert engross("verify").exit_code == CLEAN


def test_where_a_note_cannot_be_read_nothing_is_posted_that_it_may_be_about(clash: Play) -> None:
    clash.write("docs/changes/lost.md", "No facts.\n")
    done = engross("release")
    assert (done.exit_code, len(clash.record.entries)) == (WAITS, 4)
    assert done.stderr.splitlines()[0].startswith("waits: ")
    assert "docs/changes/lost.md:1:1: a change note begins with its facts" in done.stderr


def test_an_edited_posted_note_is_reported_and_keeps_nothing_from_being_posted(clash: Play) -> None:
    no_note(clash)
    clash.write("docs/agreement.md", AGREEMENT)
    clash.change("The change first.", "Another change.", "docs/changes/first.md")
    done = engross("release")
    assert done.exit_code == WAITS
    assert done.stderr.splitlines()[0] == "to restore: docs/changes/first.md"
    assert "[edited-note] (fix: cp record/" in done.stderr
    assert len(clash.record.entries) == 5


@pytest.mark.parametrize("first", ["agreement", "data"])
def test_of_two_that_exclude_each_other_the_first_by_day_and_name_is_posted(play: Play, first: str) -> None:
    """One branch deletes a definition, another one begins to use it."""
    play.write("mkdocs.yml", f"{MKDOCS}strict: true\n")
    play.change("- **“Fee”** means", "- **“Zone”** means a place.\n- **“Fee”** means")
    play.change("is final", "is final in the Zone")
    play.posted()
    play.change("- **“Zone”** means a place.\n", "")
    play.change(" in the Zone", "")
    play.note("a" if first == "agreement" else "b", 'anchors: {agreement#definitions.zone: ""}')
    play.change("for a year", "for a year in the Zone", "docs/terms/data.md")
    grounds = "grounds: [{ground: legal-requirement, cites: Act 1}]"
    play.note("a" if first == "data" else "b", grounds, documents="data")
    done = engross("release")
    assert done.exit_code == WAITS
    assert [entry.name for entry in play.record.entries[4:]] == [f"entry 5 (post {first}@2)"]
    header, *why = done.stderr.splitlines()
    assert header == f"waits: {'data' if first == 'agreement' else 'agreement'} (docs/changes/b.md)"
    assert len([line for line in why if "Zone" in line]) == 1


@pytest.mark.parametrize("harm", ["deleted", "added", "edited"])
def test_a_harmed_record_stops_everything(clash: Play, harm: str) -> None:
    ledger = clash.root / "record/ledger.jsonl"
    sealed = next(path for path in (clash.root / "record").rglob("*.md") if path.is_file())
    before = ledger.read_bytes()
    if harm == "deleted":
        sealed.unlink()
    elif harm == "added":
        sealed.with_name("more.md").write_text("more", "utf-8")
    else:
        ledger.write_bytes(before.replace(b"substantive", b"editorial", 1))
    harmed = {path: path.read_bytes() for path in (clash.root / "record").rglob("*") if path.is_file()}
    for command in (["release"], ["release", "--dry-run"], ["release", "--all-or-nothing"], ["check"]):
        done = engross(*command)
        assert done.exit_code == FOUND, done.output
    assert "record" in done.output
    assert {path: path.read_bytes() for path in (clash.root / "record").rglob("*") if path.is_file()} == harmed


@pytest.mark.parametrize("change", ["\r\n", "\ufeff"])
def test_a_note_of_another_editor_is_posted_as_it_is(play: Play, change: str) -> None:
    play.posted().change("once", "soon")
    play.note("second")
    path = play.root / "docs/changes/second.md"
    text = path.read_text("utf-8")
    path.write_bytes((text.replace("\n", change) if change == "\r\n" else change + text).encode())
    assert engross("release").exit_code == CLEAN
    assert path.read_bytes() in [one.read_bytes() for one in (play.root / "record").rglob("*.md")]


def test_an_unknown_base(play: Play) -> None:
    play.posted()
    for base in ("origin/main", "origin/$(touch x);`touch x`", "-x", ""):
        done = engross("verify", "--against", base)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    assert not (play.root / "x").exists()


BROKEN = {
    "a control character": b"# The Agreement\n\nA \x07 bell.\n",
    "another encoding": b"# The Agreement\n\nCaf\xe9.\n",
    "raw HTML": b"# The Agreement\n\n<b>Bold</b>.\n",
    "a conflict": b"# The Agreement\n\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> other\n",
    "no text": b"",
    "no file": None,
}


@pytest.mark.parametrize(("broken", "named"), [*((kind, False) for kind in BROKEN), ("raw HTML", True)])
def test_a_document_that_cannot_be_read_waits_and_the_others_are_posted(play: Play, broken: str, named: bool) -> None:
    play.posted()
    data, path = BROKEN[broken], play.root / "docs/agreement.md"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    play.change("a year", "two years", "docs/terms/data.md")
    play.note("data", "grounds: [{ground: legal-requirement, cites: Act 1}]", documents="data")
    if named:
        play.note("agreement")
    whole = engross("release", "--all-or-nothing")
    assert whole.exit_code in {1, 2}
    assert len(play.record.entries) == 4
    result = engross("release")
    assert (result.exit_code, "data@2 (Data Terms)" in result.stdout) == (3, True)
    assert [entry.name for entry in play.record.entries[4:]] == ["entry 5 (post data@2)"]
    where = "docs/documents.yml" if data is None else "docs/agreement.md"
    waits = f"waits: agreement ({where}{', docs/changes/agreement.md' if named else ''})\n{where}:"
    assert waits in result.stderr
    assert "nothing was posted" not in result.stderr
    # The next release says so again, and posts it once it can be read.
    again = engross("release")
    assert (again.exit_code, waits in again.stderr, "nothing was posted" in again.stderr) == (3, True, True)
    play.write("docs/agreement.md", AGREEMENT.replace("at once", "soon"))
    play.note("agreement")
    assert engross("release").exit_code == 0
    assert play.record.entries[-1].name == "entry 6 (post agreement@2)"


def test_a_first_release_waits_for_a_document_that_cannot_be_read(play: Play) -> None:
    play.note("first", documents="agreement, data, models")
    (play.root / "docs/terms/data.md").write_bytes(b"# Data Terms\n\nA \x07 bell.\n")
    result = engross("release")
    assert (result.exit_code, play.record.entries) == (3, ())
    assert "docs/terms/data.md:3:3" in result.stderr


def test_a_build_of_what_is_in_force_needs_no_text_in_the_docs(play: Play) -> None:
    play.posted()
    posted = (play.root / "docs/agreement.md").read_bytes()
    folders, at = find_folders(play.root), BEGIN + timedelta(days=1)
    for broken in (b"# The Agreement\n\n<b>Bold</b>.\n", b""):
        (play.root / "docs/agreement.md").write_bytes(broken)
        edition = _read_edition("in-force", folders, "build", at, NO_CACHE)
        source = edition.project.documents["agreement"].source
        assert source is not None
        assert source.data == posted
        assert list(edition.drafts.unreadable) == ["agreement"]
        # Its log names what waits.
        state = read_state(folders, at, edition.drafts, edition.record)
        assert [one.path for one in state.plan.unreadable["agreement"]][:1] == ["docs/agreement.md"]
        with pytest.raises(EngrossError):
            _read_edition("auto", folders, "build", at, NO_CACHE)


def test_warnings_that_stop_a_strict_site_say_how_to_go_on(clash: Play) -> None:
    """Whoever adopts a text with warnings learns of the baseline."""
    settings = clash.root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("strict: false", "") + "strict: true\n", "utf-8")
    (clash.root / "docs/changes/lease.md").unlink()
    clash.change("- **“Fee”** means", "- **“Zone”** means a place.\n- **“Fee”** means")
    done = engross("release", "--posted", "2026-02-01")
    assert "[unused-definition]" in done.stderr
    assert "warnings stop a release because mkdocs.yml has strict: true" in done.stderr
    assert "engross check --write-baseline docs/baseline.json" in done.stderr
