"""Commands on a site with a version that waits for the delivery of its notice: none shows a day that nobody knows."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cli.test_notices import files_with_no_day, site_now
from tests.record.delivering import DELIVERED, OLD
from tests.record.playing import Site
from tests.site.building import build

from engross.cli import main
from engross.record import notices

WAITS = "effective date follows delivery of its notice"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    return site


def output(*args: str, code: int = 0) -> str:
    """The words of a command's output; no command shows the instant of what waits."""
    done = CliRunner().invoke(main, args)
    assert done.exit_code == code, done.output
    assert "9999" not in done.output
    return " ".join(done.output.split())


def test_what_is_listed_and_exported(site: Site) -> None:
    names = [f"agreement-2.{ending}" for ending in ("md", "akn.xml", "pdf", "docx")]
    for name in names:
        output("export", "agreement@2", "--to", name)
    for ending in ("pdf", "docx", "html", "json"):
        output("diff", "agreement@1", "agreement@2", "--to", f"redline.{ending}", code=1)
    output("export", "main", "--set", "--to", "main.pdf")
    assert files_with_no_day(site.root) == []
    assert output("verify", *names).count(WAITS) == len(names)
    assert '"effective": null' in output("history", "agreement", "--format", "json")
    assert WAITS in output("history", "agreement")
    assert "agreement@1 will be in force, unless agreement@2" in output("history", "agreement", "--on", "2090-01-01")
    for command in (("show", "agreement@2"), ("review",), ("check",), ("terms",), ("release", "--dry-run")):
        output(*command)
    for command in (("review",), ("check",), ("verify", *names)):
        output(*command, "--format", "json")


def test_a_restored_text_withdraws_it(site: Site) -> None:
    assert "engross change new --document agreement --withdraws agreement@2" in output("restore", "agreement@1")
    assert OLD in site.read("agreement.md")
    output("change", "new", "--document", "agreement", "--withdraws", "agreement@2", "--slug", "no")
    fill(site, "no")
    output("check")
    assert "agreement@2 is withdrawn" in output("release")
    listed = output("history", "agreement")
    assert "agreement@1 in force" in listed
    assert ("never in force" in listed, WAITS in listed) == (True, False)
    output("export", "agreement@2", "--to", "withdrawn.akn.xml")
    assert "follows delivery" not in (site.root / "withdrawn.akn.xml").read_text("utf-8")
    assert "never in force" in output("verify", "withdrawn.akn.xml")
    built = build(site.root, "withdrawn", strict=True)
    assert (built.status, built.messages) == (0, [])
    for page in ("agreement/versions/2", "agreement/versions", "agreement/versions/compare", "changes/note-2"):
        assert "follows delivery" not in (built.site / page / "index.html").read_text("utf-8"), page
    assert "never in force" in (built.site / "agreement/versions/index.html").read_text("utf-8")


def test_a_fix_and_the_announcement_again(site: Site) -> None:
    output("restore", "agreement@1")
    site.edit("agreement.md", ("Either party may", "Each party may"))
    output("change", "rebase", "agreement", "--slug", "fix")
    again = site.read("changes/note-2-again.md")
    assert "\neffective" not in again
    assert "# There is no line effective: the day follows the delivery of the notice." in again
    fill(site, "fix")
    drafted = site.read("changes/fix.md")
    assert "\nmaterial: false  # true, if it matters to customers; then it cannot apply at once\n" in drafted
    output("check")
    site.write("changes/fix.md", drafted.replace("material: false", "material: true"))
    assert "If it hardly matters to customers, write material: false" in output("check", code=1)
    site.write("changes/fix.md", drafted)
    assert "agreement@4 (The Agreement), which continues entry 6" in output("release")
    assert output("history", "agreement").count(WAITS) == 1


def test_a_fix_after_the_receipt_keeps_the_day(site: Site) -> None:
    (notice,) = [one for one in notices(site.record) if one.change.posted == site.now]
    facts = {"notice": notice.hash, "sent": f"{site.now:%Y-%m-%dT%H:%M:%SZ}", "count": 3}
    site.root.joinpath("receipt.json").write_text(json.dumps(facts), "utf-8")
    output("receipt", "receipt.json")
    output("restore", "agreement@1")
    site.edit("agreement.md", ("Either party may", "Each party may"))
    assert "Delete the line effective" not in output("change", "rebase", "agreement", "--slug", "fix", "--no-material")
    day = site.record.versions["agreement"][-1].effective
    assert f"effective: {day:%Y-%m-%dT%H:%M:%SZ}" in site.read("changes/note-2-again.md")
    fill(site, "fix")
    output("check")
    output("release")
    assert site.record.versions["agreement"][-1].effective == day


def fill(site: Site, slug: str) -> None:
    """Fill in the placeholders of a note."""
    text = site.read(f"changes/{slug}.md")
    for begins, written in (("effective: <", "effective: immediately"), ('approved_by: "<', "approved_by: Counsel")):
        text = "\n".join(written if line.startswith(begins) else line for line in text.splitlines())
    lines = ("Words." if line.startswith("<") else line for line in text.splitlines())
    site.write(f"changes/{slug}.md", "\n".join(lines) + "\n")
