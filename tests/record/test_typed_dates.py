"""A date that authors type into a document must be that of the version that is posted."""

from datetime import date
from pathlib import Path

import pytest

from engross.record.rules.typed_dates import written_like

from .playing import Site, day, instant, posted_site

TODAY = f"{day(1):%-d %B %Y}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return posted_site(tmp_path_factory.mktemp("typed")).at(1)


def found(site: Site, line: str, effective: str = "immediately", *, last: str = "") -> list[str]:
    title, rest = BEFORE.split("\n", 1)
    site.write("rules.md", f"{title}\n\n{line}\n\n{rest}\n{last}\n")
    site.note("rules", slug="dated", effective=effective)
    return [one.fix for one in site.findings("typed-date")]


BEFORE = "# Rules of Use\n\n## Conduct\n\nBe kind."


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("Last updated: May 8, 2018.", f"{day(1):%B %-d, %Y}"),
        ("Effective 8 May 2018", TODAY),
        ("These rules were last revised on 2018-05-08.", f"{day(1):%Y-%m-%d}"),
        ("Version of 8 May 2018", TODAY),
        ("Gültig ab 08.05.2018", f"{day(1):%d.%m.%Y}"),
        ("**Version 3, effective as of Sept. 8, 2018**", f"{day(1):%B}. {day(1):%-d, %Y}"),
        ("Stand: 8. Mai 2018", ""),
        ("Dernière mise à jour : 8 mai 2018", ""),
        ("Última actualización: 8 de mayo de 2018", ""),
    ],
)
def test_a_date_of_another_version_is_found(site: Site, line: str, fix: str) -> None:
    (only,) = found(site, line)
    assert only
    assert str(day(1).year) in only
    if fix and "Sept." not in line:
        assert only == fix
    right = "".join(found(site, line.replace(_date_in(line), only)))
    assert right == ""


@pytest.mark.parametrize(
    ("shown", "on", "fix"),
    [
        ("May 1st, 2019", date(2026, 11, 29), "November 29th, 2026"),
        ("8th May 2018", date(2027, 1, 22), "22nd January 2027"),
        ("3rd of May 2018", date(2027, 1, 13), "13th of January 2027"),
        ("2nd May 2018", date(2027, 1, 1), "1st January 2027"),
        ("1er janvier 2019", date(2026, 11, 29), "29 novembre 2026"),
        ("1er janvier 2019", date(2026, 11, 1), "1er novembre 2026"),
        ("8 mai 2018", date(2026, 11, 29), "29 novembre 2026"),
        ("8. Mai 2018", date(2026, 3, 1), "1. März 2026"),
        ("8 MAY 2018", date(2026, 3, 1), "1 March 2026"),
        ("8.5.2018", date(2026, 11, 29), "29.11.2026"),
        ("08.05.2018", date(2026, 3, 1), "01.03.2026"),
        ("2018-05-08", date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_the_right_date_is_written_as_the_wrong_one_is(shown: str, on: date, fix: str) -> None:
    assert written_like(shown, on) == fix


def _date_in(line: str) -> str:
    return next(
        one
        for one in (
            "May 8, 2018", "8 May 2018", "2018-05-08", "Sept. 8, 2018", "8. Mai 2018", "8 mai 2018",
            "8 de mayo de 2018", "08.05.2018",
        )
        if one in line
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        f"Last updated: {TODAY}", "The rules of May 8, 2018 were worse.", "Previous version, effective May 8, 2018",
        "Effective 31 February 2018", "The Act of 8 May 2018 is amended in so many of its parts that nobody knows it.",
        "Members who joined before an update of May 8, 2018 keep the rules that applied to them on their first day.",
    ],
)  # fmt: skip
def test_other_dates_are_left_alone(site: Site, line: str) -> None:
    assert found(site, line) == []


def test_an_announced_version_has_the_date_of_its_effect(site: Site) -> None:
    later = f"{day(40):%-d %B %Y}"
    assert found(site, f"Effective {TODAY}", instant(40)) == [later]
    assert found(site, f"Effective {later}", instant(40)) == []
    assert found(site, f"Last updated {TODAY}", instant(40)) == []


def test_the_last_paragraph_is_read_and_the_others_are_not(site: Site) -> None:
    assert found(site, "Hello.", last="\nLast updated May 8, 2018") != []
    assert found(site, "Hello.", last="\nLast updated May 8, 2018\n\nThat was a quotation.") == []


def test_what_is_posted_is_not_looked_at(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(1)
    site.edit("rules.md", ("Be kind", "Last updated: May 8, 2018.\n\nBe kind"))
    site.note("rules")
    site.release()
    assert site.findings() == []
