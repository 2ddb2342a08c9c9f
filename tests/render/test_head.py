"""The head of a page, for programs."""

from engross.render.archive.linked_data import in_script
from engross.render.pages.metadata import Alternate, Head, Shared, with_head
from engross.render.templates import environment

PAGE = "<html><head><title>x</title></head><body></body></html>"
SHARED = Shared("article", "Our terms", 'Use & "Care"', "How.", "https://example.com/use/")
HEAD = Head(SHARED, "https://example.com/use/", "noindex", (Alternate("use.md", "text/markdown", "as Markdown"),))


def test_what_a_head_lacks_is_put_in_at_its_end() -> None:
    assert with_head(PAGE, HEAD, environment()) == (
        "<html><head><title>x</title>"
        '<link rel="canonical" href="https://example.com/use/">\n'
        '<meta name="robots" content="noindex">\n'
        '<link rel="alternate via" type="text/markdown" href="use.md" title="as Markdown">\n'
        '<meta property="og:type" content="article">\n'
        '<meta property="og:site_name" content="Our terms">\n'
        '<meta property="og:title" content="Use &amp; &#34;Care&#34;">\n'
        '<meta property="og:description" content="How.">\n'
        '<meta property="og:url" content="https://example.com/use/">\n'
        "</head><body></body></html>"
    )


def test_what_is_not_known_is_left_out() -> None:
    made = with_head(PAGE, Head(Shared("website", "Our terms", "Our terms")), environment())
    assert [line.partition('content="')[2] for line in made.splitlines()[:3]] == [
        'website">',
        'Our terms">',
        'Our terms">',
    ]
    assert "canonical" not in made
    assert "og:url" not in made


def test_facts_for_programs_are_data_in_a_script() -> None:
    made = with_head(PAGE, Head(SHARED, data=in_script({"name": "</script>&"})), environment())
    assert r'<script type="application/ld+json">{"name":"\u003c/script\u003e\u0026"}</script>' in made


def test_what_is_there_already_is_not_repeated() -> None:
    written = '<link href="/" rel=canonical><meta name="robots" content="all"><meta content="Ours" property="og:title">'
    page = PAGE.replace("</head>", f"{written}</head>")
    made = with_head(page, HEAD, environment())
    alternate = '<link rel="alternate via" type="text/markdown" href="use.md" title="as Markdown">\n'
    assert made.replace(alternate, "") == page


def test_a_page_without_a_head_stays_as_it_is() -> None:
    assert with_head("<p>x</p>", HEAD, environment()) == "<p>x</p>"
