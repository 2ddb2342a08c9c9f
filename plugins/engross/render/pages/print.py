"""What print adds to a document: a cover, running heads and feet, and the addresses of links.

Each link out of the page has a number in an attribute, which only the print style sheet shows; the list of addresses is
after the text. So the text stays that of the source. Links within the page have no number: they name their section.
Footnotes on the same sheet are not possible: Chromium 156 does not support `float: footnote`.

Page boxes inherit custom properties only from the root element (CSS Paged Media 3, section 3.1), so the texts of the
running head are attributes there.

A page of the record is made once, and prints and copies are kept for years. So a cover has only facts that stay true:
dates, never "now"; the posted text, never the one in force today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime
from html import escape, unescape

from markupsafe import Markup, escape as markup_escape

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import DocumentEntry, Version
from engross.record import Record, periods
from engross.render.date_format import Moment
from engross.render.pages.state import DocumentState, VersionState

_LINK = re.compile(r'(<a (?:class="eg-ref" )?href="([^"#][^"]*)"[^>]*)>(.*?)</a>', re.DOTALL)
"""A link of a text to another page. Uses of terms do not count: readers of paper find a definition by its name."""
_TAG = re.compile(r"<[^>]*>")


def bare_address(address: str) -> str:
    """Return an address without scheme and slash: a link with this text needs no number and no footnote."""
    scheme, sign, rest = address.partition(":")
    return rest.strip("/") if sign else scheme


@value_class(frozen=True, slots=True)
class Endnote:
    """An address of a link, with the text of the first link to it."""

    number: int
    words: str
    address: str


@value_class
class Endnotes:
    """Numbers the addresses of a text in order. `whole` returns a link's address as printed, "" for none."""

    whole: Callable[[str], str]
    _found: dict[str, Endnote] = field(default_factory=dict)

    def mark(self, html: str) -> str:
        """Add the number of each link out of the page as `data-note`."""
        return _LINK.sub(self._marked, html) if "<a " in html else html

    @property
    def listed(self) -> tuple[Endnote, ...]:
        """The addresses found so far."""
        return tuple(self._found.values())

    def _marked(self, found: re.Match[str]) -> str:
        words = " ".join(unescape(_TAG.sub("", found[3])).split())
        address = self.whole(unescape(found[2]))
        if not address or bare_address(address) in words:
            return found[0]
        note = self._found.setdefault(address, Endnote(len(self._found) + 1, words, address))
        return f'{found[1]} data-note="{escape(str(note.number))}">{found[3]}</a>'


_ROOT = re.compile(r"<html\b(?![^>]*data-engross-page)", re.IGNORECASE)
_COVER = re.compile(r'<div class="eg-cover" data-engross-head="([^"]*)"(?: data-engross-hash="([^"]*)")?')


def with_running_head(html: str, title: str, words: Mapping[str, str]) -> str:
    """Add the running head and foot to a finished page: from its cover, else its `title` (text)."""
    cover = _COVER.search(html) if "eg-cover" in html else None
    head, proof = cover.groups("") if cover else (escape(title), "")
    return _ROOT.sub(lambda root: f"{root[0]}{root_attributes(head, proof, words)}", html, count=1)


def root_attributes(head: str, proof: str, words: Mapping[str, str]) -> str:
    """The attributes of the root element for print; `head` and `proof` are HTML."""
    page, of = escape(words["paper_page"]), escape(words["paper_of"])
    return (
        f' data-engross-head="{head}" data-engross-hash="{proof}" data-engross-page="{page} " data-engross-of=" {of} "'
    )


SHORT = 12
"""The length of hashes that people compare: as in the names of sealed files."""

_CODE, _LINK_PAPER = Markup("<code>{}</code>"), Markup('<a href="{}">{}</a>')
_TIME = Markup('<time datetime="{}">{}</time>')


@value_class(frozen=True, slots=True)
class Cover:
    """The cover of a document. `sets` are the titles of its sets, `standing` are sentences about its state, `facts` are
    pairs of name and value; `running` is printed at the head of every page, with the short `hash`.
    """

    kind: str
    title: str
    running: str
    sets: tuple[str, ...] = ()
    standing: tuple[Markup, ...] = ()
    facts: tuple[tuple[str, Markup], ...] = ()
    hash: str = ""


@value_class(frozen=True, slots=True)
class Ending:
    """The instant at which a version ends, and the version that replaces it; None if none does."""

    at: datetime
    by: Version | None


def endings(record: Record, document: str) -> dict[int, Ending]:
    """The recorded end of each version of a document, past or future, by number."""
    found: dict[int, Ending] = {}
    spans = periods(record, document)
    for span, after in zip(spans, [*spans[1:], None], strict=False):
        if span.version and span.end and after:
            found[span.version.number] = Ending(span.end, after.version)
        elif span.version:
            found.pop(span.version.number, None)
    return found


def set_titles(title: str, titles: Iterable[str]) -> tuple[str, ...]:
    """The titles of a document's sets, each once, without the document's own title."""
    return tuple(name for name in dict.fromkeys(titles) if name != title)


def state_cover(
    entry: DocumentEntry,
    sets: Iterable[str],
    state: DocumentState | None,
    words: Mapping[str, str],
    full: Callable[[str], str],
    address: str,
) -> Cover:
    """The cover of a document's own page. `full` makes an address relative to the site's root absolute; `address` is
    that of the page.
    """
    version = state.in_force if state and not state.draft else None
    named = words["archive_version_title"] if version else words["paper_draft"]
    name = words["paper_latest" if version else "archive_address"]
    latest = ((name, Markup(markup_escape(address))),) if address else ()
    return Cover(
        words[f"kind_{entry.kind}"],
        entry.title,
        named.format(title=entry.title, number=version.number if version else 0),
        set_titles(entry.title, sets),
        _standing(state, words, full),
        (*(_facts(version, words, full) if version else ()), *latest),
        version.text[:SHORT] if version else "",
    )


def _facts(
    version: VersionState, words: Mapping[str, str], full: Callable[[str], str]
) -> tuple[tuple[str, Markup], ...]:
    return (
        (words["version"], Markup(version.number)),
        (words["imported_sealed" if version.imported else "archive_posted"], _moment(version.posted)),
        (words["imported_since_cover" if version.imported else "in_force_since"], _moment(version.effective)),
        (words["paper_short_hash"], code(version.text[:SHORT])),
        (words["paper_text_hash"], code(version.text)),
        (words["paper_source_hash"], code(version.source)),
        (words["paper_this_version"], Markup(markup_escape(full(version.page)))),
    )


def _standing(state: DocumentState | None, words: Mapping[str, str], full: Callable[[str], str]) -> tuple[Markup, ...]:
    if state is None:
        return (Markup(markup_escape(words["paper_not_posted"])),)
    sentences = []
    if state.draft:
        sentences.append(fill_sentence(words["paper_draft_differs" if state.differs else "paper_draft_same"]))
    if state.draft and state.in_force:
        sentences.append(
            fill_sentence(
                words["paper_draft_in_force"] + " {page}", number=state.in_force.number, page=full(state.in_force.page)
            )
        )
    if state.retired:
        sentences.append(fill_sentence(words["paper_retired"], at=_moment(state.retired)))
    for one in state.announced:
        facts = {"posted": _moment(one.posted), "effective": _moment(one.effective)}
        sentences.append(
            fill_sentence(words["paper_announced"] + " {page}", number=one.number, page=full(one.page), **facts)
        )
    return tuple(sentences)


def version_standing(
    version: Version, ending: Ending | None, words: Mapping[str, str], instant: Callable[[datetime], Markup]
) -> tuple[Markup, ...]:
    """The sentences about the state of a version: announced, withdrawn or superseded, and from when."""
    sentences = []
    if version.withdrawal and version.withdrawn:
        never = version.withdrawn <= version.effective
        posted, at = instant(version.withdrawal.posted), instant(version.withdrawn)
        sentences.append(fill_sentence(words["paper_never" if never else "paper_withdrawn"], posted=posted, at=at))
    elif ending and ending.by:
        facts = {"at": instant(ending.at), "posted": instant(ending.by.posted)}
        sentences.append(fill_sentence(words["paper_superseded"], number=ending.by.number, **facts))
    elif ending:
        sentences.append(fill_sentence(words["paper_retired"], at=instant(ending.at)))
    elif version.effective > version.posted:
        sentences.append(fill_sentence(words["paper_ahead"], effective=instant(version.effective)))
    return (*sentences, fill_sentence(words["paper_as_recorded"]))


def fill_sentence(sentence: str, **facts: object) -> Markup:
    """Fill a UI string with facts, each escaped unless it is HTML."""
    return Markup(markup_escape(sentence)).format(**facts)


def code(text: str) -> Markup:
    """A hash as HTML."""
    return _CODE.format(text)


def link(address: str, shown: str) -> Markup:
    """A printed address that is a link on screens."""
    return _LINK_PAPER.format(address, shown)


def _moment(moment: Moment) -> Markup:
    return _TIME.format(moment.sealed, moment.shown) if moment.sealed else markup_escape(moment.shown)
