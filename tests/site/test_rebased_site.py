"""A fix while a change is announced, from the command line to the pages that readers see on each day."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from building import AGREEMENT, MKDOCS, build, write_site
from click.testing import CliRunner

from engross.cli import main

NOW = datetime.now(UTC).replace(microsecond=0)
COMING = (NOW + timedelta(days=60)).replace(hour=0, minute=0, second=0)
NOTE = """\
---
documents: [{documents}]
class: substantive
material: {material}
effective: {effective}
approved_by: Counsel
title: A change
---

{summary}
"""
ANNOUNCED = AGREEMENT.replace("Either party may end it.", "Either party may end it in writing.")
FIXED = AGREEMENT.replace("Between “Us” and *You*.", "Between “Us” and *You* alone.")


def engross(folder: Path, *args: str) -> str:
    """Run the command in a site's folder; return its output."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, args, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


@dataclass(frozen=True)
class Played:
    """The results: the review, and the pages of three builds by the names of their files."""

    review: str
    before: dict[str, str]
    after: dict[str, str]
    on_the_day: dict[str, str]


def built_for(folder: Path, at: datetime) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(at.timestamp())))
        built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return {name: built.page(name) for name in built.files() if name.endswith((".html", ".json"))}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A change is announced, a fix rebased, and both posted, by the real commands."""
    folder = tmp_path_factory.mktemp("rebased")
    # The usual texts are made to be odd; drafting warnings would stop a strict site's releases.
    write_site(folder, {"mkdocs.yml": MKDOCS.replace("strict: true", "strict: false")})
    first = {"material": "false", "effective": "immediately"}
    write(folder, "docs/changes/first.md", NOTE.format(documents="agreement, rules, models", summary="All.", **first))
    engross(folder, "release", "--posted", f"{NOW - timedelta(days=20):%Y-%m-%dT%H:%M:%SZ}")
    write(folder, "docs/agreement.md", ANNOUNCED)
    coming = {"material": "true", "effective": f"{COMING:%Y-%m-%dT%H:%MZ}"}
    write(folder, "docs/changes/writing.md", NOTE.format(documents="agreement", summary="In writing only.", **coming))
    engross(folder, "release", "--posted", f"{NOW - timedelta(days=10):%Y-%m-%dT%H:%M:%SZ}")
    engross(folder, "restore", "agreement@1")
    write(folder, "docs/agreement.md", FIXED)
    answers = (
        "--class",
        "substantive",
        "--no-material",
        "--approved-by",
        "Counsel",
        "--summary",
        "A word was missing.",
    )
    assert "still counts from" in engross(folder, "change", "rebase", "agreement", "--slug", "fix", *answers)
    review = engross(folder, "review")
    before = built_for(folder, NOW + timedelta(days=1))
    engross(folder, "check")
    engross(folder, "release")
    engross(folder, "verify")
    after = built_for(folder, NOW + timedelta(days=1))
    return Played(review, before, after, built_for(folder, COMING))


@pytest.mark.slow
def test_before_the_release_nothing_of_it_is_published(played: Played) -> None:
    assert "## The Agreement: new text\n\n`agreement@3`" in played.review
    assert "## The Agreement: new text\n\n`agreement@4`" in played.review
    assert "It continues the announcement of agreement@&#8203;2. Its notice still counts from" in played.review
    assert not [name for name in played.before if "fix" in name]
    assert "alone" not in played.before["agreement/index.html"]


@pytest.mark.slow
def test_the_fix_is_in_force_at_once_and_the_announced_date_unchanged(played: Played) -> None:
    page = played.after["agreement/index.html"]
    assert "alone" in page
    assert "in writing" not in page
    (banner,) = re.findall(r'<div class="eg-banner eg-announced".*?</div>', page, re.DOTALL)
    assert f"{COMING:%Y-%m-%dT%H:%M:%SZ}" in banner
    first, again = f"{NOW - timedelta(days=10):%Y-%m-%dT%H:%M:%SZ}", f"{NOW:%Y-%m-%d}"
    both = rf'first announced <time datetime="{first}">.*announced again <time datetime="{again}'
    assert re.search(both, banner)
    change = played.after["changes/writing-again/index.html"]
    assert re.search(both, change)
    facts = re.search(r'<p class="eg-change-facts">.*?</p>', change, re.DOTALL)
    assert facts
    assert facts[0].count("Effective") == 1
    (coming,) = json.loads(played.after["upcoming.json"])["announced"]
    assert (coming["version"], coming["first_announced"]) == (4, first)
    assert not [name for name in played.after if "fix.agreement" in name]


@pytest.mark.slow
def test_the_redline_of_each_version_is_against_what_it_supersedes(played: Played) -> None:
    redlines = [played.after[f"agreement/versions/{name}/index.html"] for name in ("3/from-1", "4/from-3")]
    marked = [re.sub(r"<[^>]*>", "", " ".join(re.findall(r"<ins.*?</ins>", page, re.DOTALL))) for page in redlines]
    assert ["alone" in marked[0], "writing" in marked[0]] == [True, False]
    assert ["alone" in marked[1], "writing" in marked[1]] == [False, True]


@pytest.mark.slow
def test_on_the_announced_day_both_apply(played: Played) -> None:
    page = played.on_the_day["agreement/index.html"]
    assert "alone" in page
    assert "in writing" in page
    assert "eg-announced" not in page
