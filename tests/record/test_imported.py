"""Imported versions in the record: their entries, the laws about them, and what the record answers with them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from engross.common import Cache, EngrossError
from engross.corpus.settings import read_settings
from engross.model import ClaimedDate, DateKind, Document, EntryKind, ImportSource, SourceKind, VersionId
from engross.record import (
    ImportedText,
    check_importable,
    import_texts,
    open_record,
    posted_changes,
    posted_note,
    read_tree_of,
    sealed_tree,
    standing,
    text_hash,
    verify,
)
from engross.record.journal import Step, locked
from engross.record.ledger.descriptions import describe_entry
from engross.record.ledger.file import chained
from engross.record.ledger.invariants import check_invariants
from engross.record.posting.imported import seal_imported
from engross.record.posting.sealing import write
from engross.record.redact.redaction import Order, plan_redaction
from engross.record.sealed_files import FOR_GIT
from engross.text import decode, read_source

from .histories import ledger_of
from .playing import AGREEMENT, Site, complaints, day, make_site

GOLDEN = Path(__file__).parent / "cases" / "ledger-2-imported-reader-5.jsonl"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ONE_DOCUMENT = """\
sets: [{id: main, title: Main, agreement: agreement}]
documents: [{id: agreement, title: The Agreement, kind: agreement, file: agreement.md, published: agreement/}]
"""
NOTE = b"""---
title: Fees are due sooner
documents: agreement
class: substantive
material: true
effective: immediately
approved_by: not recorded
---

Fees are due within twenty days.
"""
TEXTS = (
    AGREEMENT,
    AGREEMENT.replace("thirty days", "twenty days"),
    AGREEMENT.replace("thirty days", "twenty days").replace("(d) hide", "(d) copy us;\n(e) hide"),
)


def imported(site: Site, texts: Sequence[str]) -> tuple[ImportedText, ...]:
    """Texts to import, with claimed dates that run backwards once."""
    path = site.root / "docs" / "documents.yml"
    entry = read_settings(read_source(path)).document("agreement")
    found = []
    for at, text in enumerate(texts):
        source = decode(text.encode(), entry.file)
        document = Document(entry, source, read_tree_of(source, entry))
        claimed = ClaimedDate(f"20{19 - at % 2}-03-01T09:00:00Z", DateKind.COMMITTED)
        commit = f"{at:02}{COMMIT[2:]}"
        found.append(
            ImportedText(document, text_hash(document.root), claimed, ImportSource(SourceKind.GIT, "terms.md", commit))
        )
    return tuple(found)


def renamed(texts: tuple[ImportedText, ...], id: str) -> tuple[ImportedText, ...]:
    """The same texts as those of another document."""
    return tuple(
        replace(one, document=replace(one.document, entry=replace(one.document.entry, id=id))) for one in texts
    )


def import_into(site: Site, texts: Sequence[str] = TEXTS) -> Site:
    import_texts(site.folders.record, imported(site, texts), (), site.now, Cache())
    return site


@pytest.mark.usefixtures("same_salt")
def test_golden_ledger(tmp_path: Path) -> None:
    """What an import writes stays readable: the file was made once and never changes."""
    site = make_site(tmp_path)
    texts = list(imported(site, TEXTS))
    note = posted_note(NOTE, "/imported-agreement-2.md", "imported-agreement-2", ZoneInfo("UTC"))
    folder = replace(texts[2].source, kind=SourceKind.FOLDER, commit="", sha256="ab" * 32)
    texts[1] = replace(texts[1], note=note)
    texts[2] = replace(texts[2], source=folder, claimed=ClaimedDate("2020-02-29", DateKind.EFFECTIVE))
    import_texts(site.folders.record, texts, (), day(0), Cache())
    site.write("documents.yml", ONE_DOCUMENT)
    site.at(1).edit("agreement.md", ("thirty days", "twenty days"))
    site.post("agreement", "sets: [main]", material="true")
    assert site.findings() == []
    assert ledger_of(site.record.entries) == GOLDEN.read_bytes()


def test_an_import_verifies_and_applies_as_recorded(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    record, problems = verify(site.folders.record)
    assert problems == []
    versions = record.versions["agreement"]
    assert [(one.number, one.imported, one.post.change_class, one.post.notes) for one in versions] == [
        (number, True, None, ()) for number in (1, 2, 3)
    ]
    assert record.in_force("agreement", day(0)) == versions[2]
    assert record.in_force("agreement", datetime(2019, 6, 1, tzinfo=UTC)) is None
    assert [str(standing(record, one, day(1))) for one in versions] == ["imported", "imported", "in force"]
    assert describe_entry(versions[0].post, ZoneInfo("UTC")) == (
        "agreement@1 (The Agreement) is imported from commit 00234567 89ab of terms.md (committed 2019-03-01; not "
        "recorded at the time): not classified, sealed 2026-01-05 UTC"
    ).replace("00234567 89ab", "0023456789ab")


def test_clauses_keep_their_ids(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    first, second, third = (site.clauses(number=number) for number in (1, 2, 3))
    assert {one.id for one in first.values()} == {one.id for one in second.values()}
    assert (second["fees.p1"].since, second["fees.p1"].changed) == (1, 2)
    assert third["use.e"].id == first["use.d"].id
    assert third["use.d"].since == 3
    assert site.tree().reused["use.d"] == 2


def test_the_next_release_posts_as_usual(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    site.write("agreement.md", TEXTS[2])
    site.at(1)
    assert not [found for found in site.findings() if "agreement" in found.path]
    site.edit("agreement.md", ("twenty days", "ten days"))
    assert "unposted-change" in {found.rule for found in site.findings()}
    site.post("agreement, rules, models, pricing", "sets: [main]", material="true")
    post = site.record.versions["agreement"][-1].post
    assert (post.kind, post.version, post.supersedes) == (EntryKind.POST, 4, 3)
    assert site.clauses()["fees"].since == 1
    assert verify(site.folders.record)[1] == []


def test_redaction_of_an_imported_version(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    site.write("agreement.md", TEXTS[2].replace("harm the service", "break it"))
    site.at(1).post("agreement, rules, models, pricing", "sets: [main]", material="true")
    plan = site.at(2).state().plan
    order = Order(tuple(VersionId("agreement", number) for number in (1, 2, 3)), "use.c", "order of a court")
    with locked(plan.record.folder):
        write(plan.record, plan_redaction(plan, order).sealing)
    record, problems = verify(site.folders.record)
    assert problems == []
    assert record.versions["agreement"][0].redactions


def test_imports_are_one_change_that_alerts_nobody(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    (change,) = posted_changes(site.record).changes
    assert (change.slug, change.is_import, change.effective, change.change_class) == ("entry.1", True, (), None)
    assert [effect.entry.version for effect in change.effects] == [1, 2, 3]


def test_only_a_document_without_entries(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    with pytest.raises(EngrossError, match="agreement has entries already, the first is entry 1"):
        import_into(site)
    check_importable(site.record, "rules")


class Killed(BaseException):
    """The process ends here."""


def stopping(at: int, why: type[BaseException]) -> Callable[[Step], None]:
    """Run the steps of a write, and stop before one of them."""
    left = iter(range(at))

    def run(step: Step) -> None:
        if next(left, None) is None:
            raise why
        step[1]()

    return run


@pytest.mark.parametrize("why", [Killed, KeyboardInterrupt])
def test_a_stopped_import_leaves_nothing_half_written(tmp_path: Path, why: type[BaseException]) -> None:
    """Whichever step an import is stopped before, the record has all of it or nothing, and it can be run again."""
    for at in (0, 1, 2, 5, 9, 10, 11):
        site = make_site(tmp_path / str(at), ONE_DOCUMENT)
        import_texts(site.folders.record, renamed(imported(site, TEXTS[:1]), "other"), (), day(0), Cache())
        with pytest.raises(why):
            import_texts(site.folders.record, imported(site, TEXTS), (), day(0), Cache(), run=stopping(at, why))
        record, problems = verify(site.folders.record)
        assert problems == []
        assert len(record.versions.get("agreement", ())) in (0, 3)
        if "agreement" not in record.versions:
            import_into(site)
        assert len(site.record.versions["agreement"]) == 3


def test_an_interrupted_first_import_leaves_no_file(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        import_texts(
            site.folders.record, imported(site, TEXTS), (), day(0), Cache(), run=stopping(5, KeyboardInterrupt)
        )
    assert set(site.files()) <= set(FOR_GIT)
    import_into(site)


def test_every_file_of_an_import_is_sealed(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path))
    for name, data in site.files().items():
        path = site.folders.record / name
        path.write_bytes(data.replace(b"a", b"b", 1) if b"a" in data else data + b" ")
        assert verify(site.folders.record)[1], name
        path.write_bytes(data)
    assert verify(site.folders.record)[1] == []


@pytest.mark.parametrize(
    ("at", "changes", "message"),
    [
        (1, {"version": 3}, "agreement@3 is imported, and the entry before it must import version 2"),
        (0, {"version": 2}, "agreement@2 is imported, and the entry before it must import version 1"),
        (2, {"document": "rules", "version": 1}, "its settings in documents.yml are those of agreement"),
        (2, {"version": 1}, "agreement has entries before it, and only a document without entries can be imported"),
        (2, {"posted": day(1)}, "it is not sealed at the same instant as entry 2 (import agreement@2)"),
        (2, {"material": True, "notes": ()}, ""),
    ],
)  # fmt: skip
def test_laws(tmp_path: Path, at: int, changes: dict[str, object], message: str) -> None:
    entries = list(import_into(make_site(tmp_path)).record.entries)
    entries[at] = replace(entries[at], **changes)  # type: ignore[arg-type]
    found = [one.message for one in check_invariants(chained((), entries), "ledger")]
    assert any(message in one for one in found) if message else not found


def test_a_document_cannot_be_imported_between_posts(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.post("agreement, rules, models, pricing", material="true")
    sealing = seal_imported(open_record(tmp_path / "none"), imported(site, TEXTS), (), day(1), Cache())
    entries = chained((), (*site.record.entries, *sealing.entries))
    assert "only a document without entries" in next(check_invariants(entries, "ledger")).message


def test_a_clock_before_the_last_entry(tmp_path: Path) -> None:
    site = import_into(make_site(tmp_path).at(5))
    texts = renamed(imported(site, TEXTS), "rules")
    found = complaints(lambda: import_texts(site.folders.record, texts, (), day(1), Cache()))
    assert "the clock is wrong" in found[0]


words = st.sampled_from(["pay", "fees", "use", "service", "data", "notice", "end", "term"])
sentences = st.lists(words, min_size=1, max_size=6).map(lambda found: " ".join(found).capitalize() + ".")
clauses = st.lists(sentences, min_size=1, max_size=5)


@st.composite
def histories(draw: st.DrawFn) -> list[str]:
    """Texts, each made from the one before by adding, removing, moving or replacing a paragraph or heading."""
    body = draw(clauses)
    texts = []
    for number in range(draw(st.integers(1, 6))):
        generator = random.Random(draw(st.integers(0, 10**6)))
        if number:
            at = generator.randrange(len(body))
            action = generator.choice(("add", "remove", "move", "replace"))
            if action == "remove" and len(body) > 1:
                del body[at]
            elif action == "move":
                body.insert(generator.randrange(len(body)), body.pop(at))
            elif action == "replace":
                body[at] = draw(sentences)
            else:
                body.insert(at, f"## {draw(words).capitalize()}")
        texts.append("# Agreement\n\n" + "\n\n".join(body) + f"\n\nEdition {number}.\n")
    return texts


@settings.get_profile("costly")
@given(histories(), st.integers(0, 5))
def test_any_history_verifies_and_resumes(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], stop: int
) -> None:
    """An import of any history verifies; one that was stopped and run again makes the same versions and trees."""
    site = make_site(tmp_path_factory.mktemp("whole"), agreement=texts[-1])
    import_into(site, texts)
    other, cache = make_site(tmp_path_factory.mktemp("stopped"), agreement=texts[-1]), Cache(site.root / "cache")
    left = iter(range(min(stop, len(texts) - 1)))

    def step() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_texts(other.folders.record, imported(other, texts), (), other.now, cache, step)
    assert not open_record(other.folders.record).entries
    import_texts(other.folders.record, imported(other, texts), (), other.now, cache)
    for one in (site, other):
        assert verify(one.folders.record)[1] == []
    mine, theirs = (
        [(one.sealed.text, sealed_tree(made.record, one)) for one in made.record.versions["agreement"]]
        for made in (site, other)
    )
    assert mine == theirs
