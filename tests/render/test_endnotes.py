"""The numbers of addresses in a text, and the list after it."""

from functools import partial
from urllib.parse import urljoin

import pytest

from engross.render.pages.print import Endnote, Endnotes


def marked(html: str) -> tuple[str, tuple[Endnote, ...]]:
    notes = Endnotes(partial(urljoin, "https://terms.example/agreement/"))
    return notes.mark(html), notes.listed


def test_each_address_has_one_number_and_the_words_that_led_to_it_first() -> None:
    html, listed = marked(
        '<a class="eg-ref" href="../rules/#a">the <em>Rules</em></a>, <a href="https://x.example/?a=1&amp;b=2">x</a>, '
        '<a href="../rules/#a">again</a>'
    )
    assert html == (
        '<a class="eg-ref" href="../rules/#a" data-note="1">the <em>Rules</em></a>, '
        '<a href="https://x.example/?a=1&amp;b=2" data-note="2">x</a>, <a href="../rules/#a" data-note="1">again</a>'
    )
    assert listed == (
        Endnote(1, "the Rules", "https://terms.example/rules/#a"),
        Endnote(2, "x", "https://x.example/?a=1&b=2"),
    )


@pytest.mark.parametrize(
    "html",
    [
        "no link & no number",
        '<a href="#here">within the page</a>',
        '<a class="eg-term" href="../rules/#term">a term</a>',
        '<a class="eg-marker" href="#a" data-cite="(a)" tabindex="-1">(a)</a>',
        '<a href="https://x.example/">https://x.example/</a>',
        '<a href="https://x.example/fees">x.example/fees</a>',
        '<a href="mailto:legal@x.example">legal@x.example</a>',
    ],
)
def test_what_leads_nowhere_else_or_says_its_address_has_none(html: str) -> None:
    assert marked(html) == (html, ())


def test_without_an_address_of_the_site_endnotes_have_paths_from_its_root() -> None:
    notes = Endnotes(partial(urljoin, "/agreement/"))
    notes.mark('<a href="../terms/rules/">Rules</a>')
    assert notes.listed == (Endnote(1, "Rules", "/terms/rules/"),)
