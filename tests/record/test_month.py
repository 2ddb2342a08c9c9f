"""A month of a legal team: twelve branches, merged in every order of each pair that clashes."""

import os
import subprocess
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from engross.record import open_record

from .month import BRANCHES, PAIRS, Team, commit, git, released, write_repository
from .playing import AGREEMENT, day

GOLDEN = Path(__file__).parent / "cases/month.txt"


@pytest.fixture(scope="session")
def repository(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The repository before the month; no test writes there."""
    return once("month", write_repository)


@pytest.fixture
def team(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    monkeypatch.chdir(tmp_path)
    return Team.begin(repository, tmp_path / "site")


def both_merged(team: Team, names: tuple[str, ...], *, between: bool) -> Iterator[str]:
    """Merge two branches, with a release between them or not; yield what everybody sees after the second."""
    team.merge(names[0])
    assert [line for line in team.seen() if line.startswith(("check:", "waits:"))] == [], "each branch alone is green"
    if between:
        team.release()
        team.site.at(11)
    team.merge(names[1])
    seen = list(team.seen())
    yield from (f"    {line}" for line in seen)
    before = team.site.files()
    promised = [line for line in seen if line.startswith(("posts:", "waits:"))]
    assert list(released(team.release())) == promised, "a dry run says what a release does"
    after = team.site.files()
    assert {name: after[name] for name in before if name != "ledger.jsonl"} == {
        name: data for name, data in before.items() if name != "ledger.jsonl"
    }
    assert after["ledger.jsonl"].startswith(before["ledger.jsonl"])


def transcript(repository: Path, folder: Path, *, whole: bool) -> Iterator[str]:
    for pair in PAIRS:
        team = Team.begin(repository, folder / "-".join(pair))
        yield f"{pair[0]} and {pair[1]}:"
        seen = list(both_merged(team, pair, between=False))
        yield from seen
        other = Team.begin(repository, folder / "-".join((*reversed(pair), "first")))
        if whole:
            assert list(both_merged(other, (pair[1], pair[0]), between=False)) == seen
        else:
            for name in reversed(pair):
                other.merge(name)
        assert docs_of(other) == docs_of(team), "the order of two merges does not matter"
        for order in permutations(pair):
            team = Team.begin(repository, folder / "-".join((*order, "posted")))
            yield f"{order[0]}, posted, then {order[1]}:"
            yield from both_merged(team, order, between=True)
        yield ""


def docs_of(team: Team) -> str:
    """The hash of what git has of the docs."""
    return git(team.site.root, "rev-parse", "HEAD:docs").stdout


@pytest.mark.full
def test_what_each_pair_of_branches_shows(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = "\n".join(transcript(repository, tmp_path / "pairs", whole=whole))
    if os.environ.get("ENGROSS_UPDATE") and whole:
        GOLDEN.write_text(seen, "utf-8")
    assert seen == GOLDEN.read_text("utf-8")


def test_the_month(team: Team) -> None:
    """Clashing branches are merged on one day; what can be posted is, and the messages lead to the rest."""
    site = team.site
    for name in ("fees", "clone", "prices"):
        team.merge(name)
    assert list(released(team.release())) == [
        "posts: notice pricing, by prices",
        "waits: agreement (clone, fees)",
    ]
    # "post this change first: save the text with this change and without that of fees as …"
    site.at(11).write("changes/clone.agreement.md", AGREEMENT.replace("copy the", "clone the"))
    paste(team, "clone", "own_text: [agreement]")
    assert list(released(team.release())) == [
        "posts: post agreement@2, by clone",
        "posts: post agreement@3, by fees",
    ]
    for name in ("letter", "old-name", "larger"):
        team.merge(name)
    site.at(12)
    assert list(released(team.release())) == [
        "posts: post agreement@4, by letter",
        "waits: models (larger, old-name)",
    ]
    # "it also has the change of larger. To keep that, remove restores from this note"
    site.edit("changes/old-name.md", ("restores: models@1\n", ""))
    assert list(released(team.release())) == ["posts: post models@3, by larger and old-name"]
    for name in ("illegal", "anyone", "no-questions", "by-mail"):
        team.merge(name)
    site.at(13)
    assert list(released(team.release())) == [
        "waits: rules (anyone, illegal, kinder-again)",
        "waits: faq, the set main (by-mail, no-questions)",
    ]
    run_fix(team, "conflicting-notes", "rules.md")
    (site.root / "docs/changes/by-mail.md").unlink()
    assert list(released(team.release())) == [
        "posts: withdraw rules@2, by kinder-again",
        "posts: post rules@3, by anyone",
        "posts: post rules@4, by illegal",
        "posts: post rules@5, by kinder-again",
        "posts: set main, by no-questions",
        "posts: retire faq, by no-questions",
    ]
    for name in ("not-kinder", "as-before"):
        team.merge(name, "--strategy-option=ours")
    site.at(14)
    assert list(released(team.release())) == ["waits: rules (as-before, not-kinder)"]
    for name in ("as-before", "not-kinder"):
        paste_over(team, name, "withdraws: rules@2", "withdraws: []")
        run_fix(team, "note-without-change", f"{name}.md")
    assert list(released(team.release())) == []
    assert site.findings() == []
    assert set(BRANCHES) <= merged(team)
    is_published(team)


def paste(team: Team, slug: str, line: str) -> None:
    """Add a line to the facts of a note, as its message says."""
    team.site.edit(f"changes/{slug}.md", ("---\ndocuments:", f"---\n{line}\ndocuments:"))


def paste_over(team: Team, slug: str, line: str, fix: str) -> None:
    """Replace a line of a note with the fix of its finding."""
    assert fix in [found.fix for found in team.site.findings() if found.path.endswith(f"{slug}.md")]
    team.site.edit(f"changes/{slug}.md", (line, fix))


def run_fix(team: Team, rule: str, name: str) -> None:
    """Run the command that a finding has."""
    found = next(one for one in team.site.findings(rule) if one.path.endswith(name))
    subprocess.run(found.fix.split(), cwd=team.site.root, check=True, capture_output=True)


def merged(team: Team) -> set[str]:
    return set(git(team.site.root, "branch", "--merged", "main", "--format=%(refname:short)").stdout.split())


def is_published(team: Team) -> None:
    """What is in force, with a clash in the docs, is published strictly on each day; so is the draft without it."""
    site = team.site
    commit(site, "the end of the month")
    pages = build(team, "draft", 14)
    assert ["twenty days" in pages("agreement"), "by letter" in pages("agreement")] == [True, True]
    site.edit("agreement.md", ("by letter", "by fax"))
    site.note("agreement", slug="fax", effective="2026-01-01")
    site.write("changes/broken.md", "---\ndocuments: [models]\nclass: odd\n---\n\nNo.\n")
    pages = build(team, "in-force", 61)
    assert ["twenty days" in pages("agreement"), "by letter" in pages("agreement")] == [True, True]
    assert ["very kind" in pages("rules"), "illegal" in pages("rules"), "anyone" in pages("rules")] == [True] * 3
    assert ["fax" in pages("agreement"), "16,384" in pages("models")] == [False, True]
    assert open_record(site.folders.record).in_force("agreement", day(61)) is not None


def build(team: Team, edition: str, number: float) -> Callable[[str], str]:
    """Build an edition strictly on a day; return a function that gives the HTML of a document's page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(day(number).timestamp())))
        patch.setenv("ENGROSS_EDITION", edition)
        folder = team.site.root / f"built-{edition}"
        mkdocs_build(load_config(config_file="mkdocs.yml", site_dir=str(folder)))
    return lambda name: (folder / name / "index.html").read_text("utf-8")
