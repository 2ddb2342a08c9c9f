"""A model's entry shows changes of its licence and price: old and new value, effective date, and the change."""

import re
from pathlib import Path

import pytest
from building import DAY, MODELS, build
from posting import POSTED_SITE, note, post, write_site

pytestmark = pytest.mark.slow

NEWS = re.compile(r'<div class="eg-news[^>]*>(.*?)</div>', re.DOTALL)
LICENSED = MODELS.replace("spdx: MIT, retrieved: 2026-01-31", "spdx: Apache-2.0, retrieved: 2026-01-31")
PRICED = LICENSED.replace(
    "    eula: {spdx: Apache-2.0}\n", "    eula: {spdx: Apache-2.0}\n    pricing: https://x.org/\n"
)
COMING = PRICED.replace("spdx: Apache-2.0, retrieved", "spdx: BSD-3-Clause, retrieved").replace(
    "deprecated: 2026-06-01", "deprecated: 2026-06-01, retires: 2027-03-01"
)
LONG = """\
From 1 August 2025 completions cost more, as set out below, and the reason is that what we pay for power, for cooling
and for the machines themselves has risen since the year began; we are sorry for it, and shall tell you if it goes.

In crowns per million tokens:

- Large 1 costs 2.50 and not 2.00
- Large 10 costs 3.50

What you have paid already is not touched, and all that is not named here costs what it did before, that is to say what
the list of prices had on the first day of the year. See [the contract](../agreement.md#use).
"""


def write_news(folder: Path) -> None:
    """Write a site whose list of models changed four times, and whose prices were announced and corrected."""
    write_site(folder, POSTED_SITE)
    post(folder, 0, "first", note("agreement, rules, models", "Everything."))
    post(folder, 10, "licence", note("models", "Another licence."), models_DOT_yml=LICENSED)
    post(folder, 20, "prices", note("pricing", LONG, effective="2025-08-01"))
    post(folder, 25, "right", note("pricing", "Large 1 costs 2.40 and not 2.50.", corrects=6))
    post(folder, 30, "priced", note("models", "Where the price is."), models_DOT_yml=PRICED)
    post(folder, 40, "coming", note("models", "A third licence.", effective="2027-01-01"), models_DOT_yml=COMING)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the list of models."""
    folder = tmp_path_factory.mktemp("news")
    write_news(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        built = build(folder)
    assert (built.status, built.messages) == (0, [])
    return built.page("models/index.html")


@pytest.fixture(scope="module")
def news(page: str) -> dict[str, list[str]]:
    """The changes beside each model, as plain text."""
    entries = re.split(r'data-engross-model="', page)[1:]
    return {
        entry.partition('"')[0]: [" ".join(re.sub(r"<[^>]*>", "", found).split()) for found in NEWS.findall(entry)]
        for entry in entries
    }


def test_a_licence_says_what_it_was_and_what_is_announced(news: dict[str, list[str]]) -> None:
    coming, came, _ = news["small-1"]
    assert coming.startswith("Announced. Licence: Apache-2.0 → BSD-3-Clause, effective 1 January 2027")
    assert came.startswith("Licence: MIT → Apache-2.0, effective 11 March 2025")


def test_an_announced_end_is_shown_with_the_stage(news: dict[str, list[str]]) -> None:
    assert news["small-1"][-1] == "Announced, effective 1 January 2027: A third licence Retires: 1 March 2027"


def test_the_table_shows_an_announced_end_beside_the_stage(page: str) -> None:
    (row,) = re.findall(r'<tr role="row" data-id="small-1".*?</tr>', page, re.DOTALL)
    (stage,) = re.findall(r'<td[^>]*data-label="Stage".*?</td>', row, re.DOTALL)
    assert "Announced: Retires 1 March 2027" in re.sub(r"<[^>]*>", "", stage)
    assert 'href="../changes/coming/"' in stage


def test_a_price_says_where_it_is_and_what_notice_was_given(news: dict[str, list[str]]) -> None:
    priced, notice = news["large-1"]
    assert priced.startswith("Pricing: not stated → https://x.org/, effective 31 March 2025")
    assert notice.startswith("Prices, effective 1 August 2025")


def test_a_notice_that_was_put_right_says_what_is_right_first_and_nothing_is_cut(news: dict[str, list[str]]) -> None:
    *_, summary = news["large-1"]
    right, was = summary.split("Original description:")
    assert "Corrected on 26 March 2025, 09:00 UTC: Correction Large 1 costs 2.40 and not 2.50." in right
    assert was.strip() == "In crowns per million tokens: Large 1 costs 2.50 and not 2.00"


def test_what_came_with_a_model_is_no_news(news: dict[str, list[str]]) -> None:
    assert not [summary for found in news.values() for summary in found if "Licence text" in summary]
