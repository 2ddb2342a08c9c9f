"""Anchors that a change removes, and anchors that come back with other words."""

from pathlib import Path

import pytest

from engross.model import Severity

from .playing import AGREEMENT, Site, posted_site
from .rule_cases import messages


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


# removed-anchor, reused-anchor


def test_heading_removed(site: Site) -> None:
    site.write("agreement.md", AGREEMENT.replace("## End\n\nEither party may end it by notice.\n", ""))
    site.note("agreement", slug="one")
    (found,) = site.findings("removed-anchor")
    assert "agreement no longer has #end (“End”)" in found.message
    site.note("agreement", found.fix, slug="one")
    assert site.findings() == []
    for target in ("agreement#fees", "rules#conduct", "'#fees'", "fees"):
        site.note("agreement", f"anchors: {{agreement#end: {target}}}", slug="one")
        assert site.findings() == [], target
    for target, message in (
        ("agreement#nothing", "agreement#end leads to nothing, which does not exist"),
        ("rules#nothing", "agreement#end leads to rules#nothing, which does not exist"),
        ("nothing#fees", "leads to nothing#fees, which does not exist"),
    ):
        site.note("agreement", f"anchors: {{agreement#end: {target}}}", slug="one")
        assert message in messages(site, "removed-anchor")
    site.note("agreement", "anchors: {agreement#end: '', agreement#fees: ''}", slug="one")
    assert "this change does not remove agreement#fees" in messages(site)
    site.note("agreement", "anchors: {end: '', agremeent#end: ''}", slug="one")
    assert "agremeent#end is not an anchor of a text that this note changes" in messages(site)


def test_heading_renamed(site: Site) -> None:
    site.edit("agreement.md", ("## End", "## Ending It"))
    site.note("agreement")
    assert site.findings() == []


def test_enumerators_that_mean_other_words(site: Site) -> None:
    site.edit("agreement.md", ("(b) resell the service;\n(c) harm", "(b) harm"), ("(d) hide", "(c) hide"))
    site.note("agreement")
    found = site.findings()
    assert [(one.rule, one.severity, one.clause) for one in found] == [
        ("reused-anchor", Severity.WARNING, "Use (b)"),
        ("reused-anchor", Severity.WARNING, "Use (c)"),
    ]
    assert "Use (b) has other words than in agreement@1" in found[0].message
    site.release()
    site.at(2).edit("agreement.md", ("thirty", "twenty"))
    site.note("agreement")
    assert site.findings() == [], "it is reported once"


def test_enumerator_that_comes_back(site: Site) -> None:
    """(d) was missing in one version: the next page with it states its earlier meaning."""
    site.edit("agreement.md", ("harm the service; or\n(d) hide who you are.", "harm the service."))
    site.post("agreement")
    site.at(2).edit("agreement.md", ("harm the service.", "harm the service; or\n(d) sleep."))
    site.note("agreement")
    assert ["Use (d) has other words than in agreement@1" in one.message for one in site.findings()] == [True]
    site.release()
    site.at(3).edit("agreement.md", ("thirty", "twenty"))
    site.post("agreement")
    assert site.tree().reused == {"use.d": 1}


def test_place_reserved(site: Site) -> None:
    site.edit("agreement.md", ("(b) resell the service;", "(b) [reserved];"))
    site.note("agreement")
    assert "Use (c)" not in messages(site)
