"""Links from ordinary pages: each use is linked at its own place in the HTML that Python-Markdown made."""

import re
import time

import pytest
from markdown import markdown

from engross.model import Definition, Document, DocumentEntry, DocumentKind, Edition, SetEntry, Use
from engross.render import link_first_uses
from engross.terms import bind
from engross.text import decode, parse

AGREEMENT = "# Agreement\n\n- **“Services”** means what We run.\n- **“Customer Data”** means what You send.\n"
EXTENSIONS = ["admonition", "attr_list", "footnotes", "abbr", "tables", "smarty", "def_list", "toc"]


def document(name: str, text: str) -> Document:
    source = decode(text.encode(), f"{name}.md", sealed=True)
    return Document(DocumentEntry(name, name, DocumentKind.POLICY, name), source, parse(source, through_html=True))


def linked(text: str, html: str | None = None) -> str:
    """The HTML of a page, as Python-Markdown makes it from a text, with links from the uses in it."""
    page, agreement = document("page", text), document("agreement", AGREEMENT)
    edition = Edition(SetEntry("main", "Main", "agreement", ()), (agreement, page))
    uses = [use for use in bind(edition).uses if use.place.document == "page"]
    assert page.source
    if html is None:
        html = markdown(text, extensions=EXTENSIONS)

    def address(use: Use) -> str:
        definition: Definition = use.definition
        return f"a&b#{definition.anchor}"

    made = link_first_uses(html, page.source, uses, address)
    assert re.sub(r'<a class="eg-term" href="[^"]*">([^<]*)</a>', r"\1", made) == html
    return made


def found(html: str) -> list[tuple[str, str]]:
    """The words before and in each link."""
    return re.findall(r'(\w*)\s*<a class="eg-term" href="a&amp;b#[^"]*">([^<]*)</a>', html)


def test_the_first_use_of_each_term_is_linked_once() -> None:
    html = linked("# Home\n\nOur Services hold Customer\nData. The Services and Customer Data.\n")
    assert found(html) == [("Our", "Services"), ("hold", "Customer\nData")]


@pytest.mark.parametrize(
    "before",
    [
        "# Our Services",
        "Read `the Services` first.",
        "    the Services",
        "Read [the Services](services.md) first.",
        "<button>Services</button>",
    ],
)
def test_no_link_is_in_headings_code_links_and_controls(before: str) -> None:
    assert found(linked(f"{before}\n\nThese Services are good.\n")) == [("These", "Services")]


def test_a_link_is_where_the_use_is_and_not_where_the_same_words_are_first() -> None:
    """What an extension puts before a use is no use; the name of an act is none either."""
    text = "Look at this.\n\nThese Services are good.\n"
    html = "<p>Menu: Services, News.</p>\n" + markdown(text) + "\n<p>Services again.</p>"
    assert found(linked(text, html)) == [("These", "Services")]
    text = "Under the Services Act 1990 this is law.\n\nThese Services are good.\n"
    assert found(linked(text)) == [("These", "Services")]


@pytest.mark.parametrize(
    "text",
    [
        'It\'s "here"[^1] and these Services are good.\n\n[^1]: A note.\n',
        "---\ntitle: Services\ndescription: Services & more\n---\n\nA &amp; B: these Services are good.\n",
        "A line. {: .lead }\n\n| A | B |\n| - | - |\n| one | these Services |\n",
        '![Services](a.png "Services") and these Services are good.\n',
        "The HTML and these Services are good.\n\n*[HTML]: Hyper Text\n",
        "<!-- Services -->\n\n<div title='Services'>Look</div>\n\nOf these Services.\n",
    ],
)
def test_what_extensions_change_around_a_use_does_not_matter(text: str) -> None:
    body = text.split("---\n", 2)[-1] if text.startswith("---") else text
    assert found(linked(text, markdown(body, extensions=EXTENSIONS))) == [("these", "Services")]


def test_words_that_a_tag_divides_are_not_linked() -> None:
    assert found(linked("Our Customer *Data* and then this Customer Data.\n")) == [("this", "Customer Data")]


def test_a_page_without_uses_stays_as_it_is() -> None:
    assert "eg-term" not in linked("# Home\n\nNothing here.\n")


def test_a_long_page_takes_no_longer_than_its_length() -> None:
    """Twenty times the words, with a use in each paragraph; the shortest of three times counts."""

    def cost(count: int) -> float:
        text = "\n\n".join(f"Paragraph {n} says that the Services are good & cheap." for n in range(count))
        page = document("page", text)
        assert page.source
        html = markdown(text)
        times = []
        for _ in range(3):
            began = time.process_time()
            link_first_uses(html, page.source, (), lambda use: use.text)
            times.append(time.process_time() - began)
        return min(times)

    assert cost(2000) < 100 * max(cost(100), 0.001)
