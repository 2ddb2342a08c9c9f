"""A change of a model's licence or price is told beside the model: from what, to what, from when, in which change."""

import re

import pytest
from building import DAY, MODELS, build
from posting import POSTED_SITE, note, post, write_site

pytestmark = pytest.mark.slow

NEWS = re.compile(r'<p class="eg-changed eg-news" data-engross-generated>(.*?)</p>')
LICENSED = MODELS.replace("spdx: MIT, retrieved: 2026-01-31", "spdx: Apache-2.0, retrieved: 2026-01-31")
PRICED = LICENSED.replace(
    "    eula: {spdx: Apache-2.0}\n", "    eula: {spdx: Apache-2.0}\n    pricing: https://x.org/\n"
)
COMING = PRICED.replace("spdx: Apache-2.0, retrieved", "spdx: BSD-3-Clause, retrieved")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is said beside each model, in plain words."""
    folder = tmp_path_factory.mktemp("news")
    write_site(folder, POSTED_SITE)
    post(folder, 0, "first", note("agreement, rules, models", "Everything."))
    post(folder, 10, "licence", note("models", "Another licence."), models_DOT_yml=LICENSED)
    post(folder, 20, "prices", note("pricing", "Large 1 costs more.", effective="2025-08-01"))
    post(folder, 30, "priced", note("models", "Where the price is."), models_DOT_yml=PRICED)
    post(folder, 40, "coming", note("models", "A third licence.", effective="2027-01-01"), models_DOT_yml=COMING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        built = build(folder)
    assert (built.status, built.messages) == (0, [])
    entries = re.split(r'data-engross-model="', built.page("models/index.html"))[1:]
    return {
        entry.partition('"')[0]: [re.sub(r"<[^>]*>", "", found) for found in NEWS.findall(entry)] for entry in entries
    }


def test_a_licence_says_what_it_was_and_what_is_announced(news: dict[str, list[str]]) -> None:
    coming, came = news["small-1"]
    assert coming.startswith("Licence: Apache-2.0 → BSD-3-Clause, announced, effective 2027-01-01")
    assert came.startswith("Licence: MIT → Apache-2.0, effective 2025-03-11")


def test_a_price_says_where_it_is_and_what_notice_was_given(news: dict[str, list[str]]) -> None:
    priced, notice = news["large-1"]
    assert priced.startswith("Price: not stated → https://x.org/, effective 2025-03-31")
    assert notice.startswith("Prices, effective 2025-08-01")
    assert notice.endswith("Large 1 costs more.")


def test_what_came_with_a_model_is_no_news(news: dict[str, list[str]]) -> None:
    assert not [said for found in news.values() for said in found if "Text of the licence" in said]
