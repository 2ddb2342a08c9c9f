"""llms.txt, robots.txt, the sitemap; and the cards, which show the same documents to people."""

from engross.corpus.ui_text import ui_strings
from engross.model import DocumentEntry, DocumentKind, SetEntry
from engross.render.date_format import Moment
from engross.render.pages.metadata import SiteFacts, llms_txt, robots_txt, sitemap_of
from engross.render.pages.state import Card, CardGroup, DocumentState, VersionState, with_cards

AGREEMENT = DocumentEntry("agreement", "The [old] Agreement", DocumentKind.AGREEMENT, "agreement.md", "agreement/")
RULES = DocumentEntry("rules", "Rules", DocumentKind.URL_TERMS, "rules.md", "rules/", description="How to\nbehave.")
PRICES = DocumentEntry("prices", "Prices", DocumentKind.NOTICE_ONLY, published="https://example.org/prices")
SET = SetEntry("main", "Main", "agreement", ("rules",), (("rules",), ("agreement",)))
DAY = Moment("2026-01-01T00:00:00Z", "2026-01-01 UTC")
IN_FORCE = DocumentState(
    VersionState(3, DAY, DAY, "", "", "agreement/versions/3/"), (), "agreement/versions/", "agreement/versions/clauses/"
)
GROUPS = (
    CardGroup(SET, (Card(AGREEMENT, 2, 2, state=IN_FORCE), Card(RULES, 1, 2))),
    CardGroup(None, (Card(PRICES, alone=True),)),
)

LLMS = """\
# Terms

> What holds.

A draft.

## Main

- [The \\[old\\] Agreement](agreement/.txt): Agreement. Version 3, in force since 2026-01-01 UTC.
  - [Version data (JSON)](https://x.org/agreement/versions/3.json)
- [Rules](rules/.txt): Terms incorporated by reference. How to behave. Draft. No version has been posted. \
This text is not in force.

Order of precedence (the first listed prevails):

1. Rules
2. The [old] Agreement

## Other documents

- [Prices](https://example.org/prices.txt): Published elsewhere.

## For programs

- [manifest.json](https://x.org/manifest.json): the version in force of each document, with dates and hashes
"""

SITEMAP = """\
<urlset>
    <url>
         <loc>https://example.com/</loc>
         <lastmod>2026-01-01</lastmod>
    </url>
    <url>
         <loc>https://example.com/a&amp;b/</loc>
    </url>
</urlset>
"""


def test_llms_txt_leads_to_what_programs_read() -> None:
    site = SiteFacts("Terms", "What\nholds.", "A draft.")
    assert llms_txt(site, GROUPS, ui_strings("en"), _text, "https://x.org/{}".format) == LLMS


def _text(entry: DocumentEntry) -> str:
    return f"{entry.published}.txt"


def test_robots_may_read_everything_and_find_the_sitemap_where_there_is_one() -> None:
    assert robots_txt("") == "User-agent: *\nAllow: /\n"
    assert robots_txt("https://example.com/sitemap.xml").endswith("\n\nSitemap: https://example.com/sitemap.xml\n")


def test_a_sitemap_has_only_what_is_to_be_found() -> None:
    assert sitemap_of(SITEMAP, lambda _: True) == SITEMAP
    kept = sitemap_of(SITEMAP, lambda address: address != "https://example.com/a&b/")
    assert kept == SITEMAP.replace(SITEMAP[SITEMAP.index("    <url>", 20) : SITEMAP.index("</urlset>")], "")
    assert "a&amp;b" not in kept
    assert kept.count("<url>") == 1


def test_cards_are_where_a_page_has_the_comment_and_nowhere_else() -> None:
    made = with_cards("<p>a</p>\n<!-- engross: documents -->\n<p><!--engross:documents--></p>", lambda: "CARDS")
    assert made == "<p>a</p>\nCARDS\nCARDS"

    def never() -> str:
        raise AssertionError

    shown = "<code>&lt;!-- engross: documents --&gt;</code>"
    assert with_cards(shown, never) == shown
