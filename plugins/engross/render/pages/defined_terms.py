"""The page of defined terms, from A to Z.

Where it would be too large, it is an index, and each term is on a page with others of the same letter. The address of a
term is its anchor on the page itself, where it also is in an index. Parts have other borders when a set grows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup

from engross.common import value_class
from engross.model import DocumentEntry, SetEntry, shown_label
from engross.render.archive.paging import Part, part_title, split
from engross.render.pages.inline import escape
from engross.render.pages.term_links import DocumentUrl, TermIndex, TermView, UsedIn, term_views

LIMIT = 300_000
"""The most bytes of the terms of one page; with the theme around them, no page has more than 500,000."""
LONGEST = 20_000
"""The most bytes of a term's uses on a page that is a part. Beyond, only the first use in each document is listed."""
_TERM = 500
"""The bytes of a term, without its texts, address and uses."""

TextAttributes = Callable[[str], Markup]
"""The attributes of an element with text of a document, by its id."""


@value_class(frozen=True, slots=True)
class TermsPart:
    """The terms of a page that has some of them: of the letter `letter` of a set, the run `number`.

    `divided` if the letter has more runs; `name` is the end of the address.
    """

    set: SetEntry
    letter: str
    number: int
    divided: bool
    name: str
    terms: tuple[TermView, ...]

    def label(self, words: Mapping[str, str]) -> str:
        """What readers call it: "A", or "A, part 1" if the letter has more."""
        return part_title(self.letter, self.number, self.divided, words)


@value_class(frozen=True, slots=True)
class SetTerms:
    """The defined terms of one set: letters in order, each with its terms; `parts` are the pages that have them, if
    they are not all on one.
    """

    set: SetEntry
    letters: tuple[tuple[str, tuple[TermView, ...]], ...]
    parts: tuple[TermsPart, ...] = ()

    def parts_of(self, letter: str) -> Iterable[TermsPart]:
        """The parts of a letter."""
        return (part for part in self.parts if part.letter == letter)


def defined_terms(indexes: Iterable[TermIndex]) -> tuple[SetTerms, ...]:
    """The terms of each set from A to Z, in parts where one page would be too large."""
    sets = [_set_terms(index) for index in indexes]
    whole = sum(_size(term, term.uses_size) for one in sets for _, terms in one.letters for term in terms)
    return tuple(sets if whole <= LIMIT else map(_in_parts, sets))


def _set_terms(index: TermIndex) -> SetTerms:
    """The terms of a set, ignoring capitals and accents; equal names in the order of the text."""
    views = sorted(term_views(index, index.binding.definitions), key=lambda view: _sorting(view.definition.term))
    letters = groupby(views, key=lambda view: _letter(view.definition.term))
    return SetTerms(index.binding.edition.set, tuple((letter, tuple(group)) for letter, group in letters))


def _in_parts(whole: SetTerms) -> SetTerms:
    parts = [
        TermsPart(
            whole.set, letter, part.number, part.divided, f"{whole.set.id}/{_part_name(letter, part)}", part.items
        )
        for letter, terms in whole.letters
        for part in split(terms, lambda _: "", lambda term: _size(term, min(term.uses_size, LONGEST)), LIMIT)
    ]
    return SetTerms(whole.set, whole.letters, tuple(parts))


def _part_name(letter: str, part: Part[TermView]) -> str:
    # Addresses have no letters but a to z.
    name = letter.lower() if letter.isascii() and letter.isalnum() else "-".join(f"u{ord(one):x}" for one in letter)
    return name if part.number == 1 else f"{name}-{part.number}"


def _size(term: TermView, uses: int) -> int:
    """The bytes of a term, nearly."""
    return _TERM + uses + term.text_size


def is_long(term: TermView) -> bool:
    """Whether a part lists only the first use of a term in each document."""
    return term.uses_size > LONGEST


class _Uses:
    """Lists the uses of terms by document, with links to its clauses. The lists are written here and not in a template
    because a site has tens of thousands of uses.
    """

    def __init__(
        self, document_url: DocumentUrl, of_text: TextAttributes, words: Mapping[str, str], *, first: bool
    ) -> None:
        self._url, self._words = document_url, words
        self._of_text = of_text
        self._first = first
        self._addresses: dict[str, str] = {}
        self._begins: dict[str, str] = {}

    def url(self, document: DocumentEntry) -> str:
        # An entry has many fields, and hashing all of them takes longer than making its address.
        if document.id not in self._addresses:
            self._addresses[document.id] = self._url(document)
        return self._addresses[document.id]

    def list(self, term: TermView) -> Markup:
        """The list of a term: all uses, or of a long one in a part the first in each document."""
        items, first = [], self._first and is_long(term)
        for document, used in groupby(term.used_in, key=lambda one: one.document):
            if document.id not in self._begins:
                self._begins[document.id] = f"<li{self._of_text(document.id)}>{escape(document.title)}: "
            page, uses = self.url(document), [*used]
            if first:
                one = uses[0]
                uses = [UsedIn(document, one.anchor, one.label, sum(use.count for use in uses))]
            items.append(
                f"{self._begins[document.id]}{'; '.join([_use_link(page, one, self._words) for one in uses])}</li>\n"
            )
        return Markup("".join(items))


def render_defined_terms(
    sets: Sequence[SetTerms],
    templates: Environment,
    words: Mapping[str, str],
    document_url: DocumentUrl,
    of_text: TextAttributes,
    part_url: Callable[[TermsPart], str],
    script: str,
) -> str:
    """Render the content of the page of defined terms, set by set; an index where they are in parts, with the address
    of its `script`.
    """
    uses = _Uses(document_url, of_text, words, first=False)
    name = "defined-terms-index.html" if any(one.parts for one in sets) else "defined-terms.html"
    return templates.get_template(name).render(
        sets=sets,
        words=words,
        document_url=uses.url,
        uses=uses.list,
        of_text=of_text,
        shown_label=shown_label,
        part_url=part_url,
        script=script,
        is_long=lambda _: False,
    )


def render_terms_part(
    part: TermsPart,
    title: str,
    whole: str,
    templates: Environment,
    words: Mapping[str, str],
    document_url: DocumentUrl,
    of_text: TextAttributes,
) -> str:
    """Render the content of a page with some terms; `whole` is the address of the index."""
    uses = _Uses(document_url, of_text, words, first=True)
    return templates.get_template("defined-terms-part.html").render(
        title=title,
        whole=whole,
        terms=part.terms,
        words=words,
        document_url=uses.url,
        uses=uses.list,
        of_text=of_text,
        shown_label=shown_label,
        is_long=is_long,
    )


def _use_link(page: str, used: UsedIn, words: Mapping[str, str]) -> str:
    link = f'<a href="{escape(f"{page}#{used.anchor}")}">{escape(shown_label(used.label, words))}</a>'
    return f"{link} ×{used.count}" if used.count > 1 else link


def _letter(term: str) -> str:
    return _sorting(term)[:1].upper()


def _sorting(term: str) -> str:
    plain = unicodedata.normalize("NFKD", term)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
