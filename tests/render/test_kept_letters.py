"""The terms of a letter on the page of defined terms are kept by all that their template reads."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from markupsafe import Markup
from tests.terms.cases import document, edition

from engross.common import NO_CACHE, Cache
from engross.corpus import ui_strings
from engross.model import DocumentEntry
from engross.render import TermsPage, environment, index_terms, render_defined_terms
from engross.terms import bind

FIRST = "# First\n\n“Fee” means money. “Data” means facts.\n\n## Use\n\nThe Fee is due.\n"
SECOND = "# Second\n\nThe Fee is due. The Data is kept.\n"


def made(
    cache: Cache = NO_CACHE,
    first: str = FIRST,
    second: str = SECOND,
    title: str = "First",
    url: Callable[[DocumentEntry], str] = lambda entry: f"../{entry.id}/",
    words: Mapping[str, str] | None = None,
    of_text: Callable[[str], Markup] = lambda _: Markup(""),
    own: Path | None = None,
) -> str:
    texts = edition(document("first", title, first), document("second", "Second", second))
    strings = {**ui_strings("en"), **(words or {})}
    return render_defined_terms([index_terms(bind(texts))], TermsPage(environment(own), strings, url, of_text, cache))


def entries(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_the_same_terms_are_kept(tmp_path: Path) -> None:
    cold = made()
    assert made(Cache(tmp_path)) == cold
    kept = entries(tmp_path)
    assert len(kept) == 2  # D and F
    assert made(Cache(tmp_path)) == cold
    assert entries(tmp_path) == kept


@pytest.mark.parametrize(
    ("change", "letters"),
    [
        ({"first": FIRST.replace("money", "coins")}, 1),
        ({"first": FIRST.replace("## Use", "## Uses")}, 1),
        ({"first": FIRST.replace("\n\n“Fee”", "\n\n## Words\n\n“Fee”")}, 2),
        ({"second": SECOND.replace("The Data", "Data of ours")}, 1),
        ({"second": SECOND.replace("is due.", "is due, and the Fee is paid.")}, 1),
        ({"second": SECOND.replace("The Data", "## Kept\n\nThe Data")}, 1),
        ({"title": "Agreement"}, 2),
        ({"url": lambda entry: f"{entry.id}.html"}, 2),
        ({"words": {"used_times": "{count} times"}}, 2),
        ({"of_text": lambda name: Markup(' lang="de"' if name == "second" else "")}, 2),
    ],
)
def test_whatever_is_read_of_a_term_renders_its_letter(tmp_path: Path, change: dict[str, object], letters: int) -> None:
    made(Cache(tmp_path))
    before = entries(tmp_path)
    assert made(Cache(tmp_path), **change) == made(**change)  # type: ignore[arg-type]
    assert len(entries(tmp_path) - before) in range(1, letters + 1)


def test_a_letter_of_a_template_of_the_site_is_rendered(tmp_path: Path) -> None:
    own, cache = tmp_path / "templates", Cache(tmp_path / "cache")
    own.mkdir()
    (own / "defined-terms-letter.html").write_text("{% for term in terms %}{{ term.count }}\n{% endfor %}", "utf-8")
    assert made(cache, own=own) == made(own=own) != made()
    assert not entries(tmp_path / "cache")


def test_a_page_of_the_site_may_list_terms_itself(tmp_path: Path) -> None:
    shipped = "{% for term in terms %}{{ places(term) | length }} {% endfor %}"
    page = f"{{% for group in sets %}}{{% for _, terms in group.letters %}}{shipped}{{% endfor %}}{{% endfor %}}"
    (tmp_path / "defined-terms.html").write_text(page, "utf-8")
    assert made(own=tmp_path) == "1 2 "
