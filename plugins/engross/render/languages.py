"""The languages of a page: of its words, of the text of its document, and what HTML says where they differ."""

from __future__ import annotations

from markupsafe import Markup

from engross.common import value_class
from engross.corpus import Words
from engross.language import direction


@value_class(frozen=True, slots=True)
class PageLanguage:
    """The words of a document's pages, and the language of its text as a BCP 47 tag.

    Both languages differ where Engross has no words in the language of the text: the words are those of the site.
    """

    words: Words
    text: str

    @property
    def of_text(self) -> Markup:
        """The attributes of the element with the text, within the words of the page."""
        return language_attributes(self.text, self.words.language)

    @property
    def of_words(self) -> Markup:
        """The attributes of an element with words of the page, within the text."""
        return language_attributes(self.words.language, self.text)

    def within(self, site: str) -> Markup:
        """The attributes of the element with the words, within a page in the language `site`."""
        return language_attributes(self.words.language, site)


def language_attributes(language: str, around: str) -> Markup:
    """The attributes ` lang="…" dir="…"` of an element, with a blank before each; those that differ from `around`."""
    if not language or language.lower() == around.lower():
        return Markup("")
    turned = direction(language)
    dir_ = Markup(' dir="{}"').format(turned) if turned != direction(around) else Markup("")
    return Markup(' lang="{}"{}').format(language, dir_)


def worded(within: Markup, html: str) -> str:
    """HTML within an element with the attributes `within`, if there are any."""
    return f"<div{within}>\n{html}</div>" if within else html


def root_direction(language: str) -> Markup:
    """The attribute ` dir="rtl"` of the root element of a page in a language written from right to left."""
    return Markup(' dir="rtl"') if direction(language) == "rtl" else Markup("")
