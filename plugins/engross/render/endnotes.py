"""Where the links of a text lead, for paper: each address gets a number, and the list of them stands after the text.

No browser sets real footnotes (Chromium 156 takes no `float: footnote`); and an address in the middle of a sentence, at
each of twenty mentions of one document, is no text that anyone reads. So a link that leads out of its page carries its
number as an attribute, which only a style sheet shows: the text itself stays what the source says. A link within the
page has none, since it names its section.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

_LINK = re.compile(r'(<a (?:class="eg-ref" )?href="([^"#][^"]*)"[^>]*)>(.*?)</a>', re.DOTALL)
"""A link of a text that leads to another page. Uses of terms are none: on paper a definition is found by its name."""
_TAG = re.compile(r"<[^>]*>")


def _bare(address: str) -> str:
    """An address as people say it: a link whose words are that needs no other."""
    scheme, sign, rest = address.partition(":")
    return rest.strip("/") if sign else scheme


@dataclass(frozen=True, slots=True)
class Endnote:
    """An address that a text leads to, by the words of the first link to it."""

    number: int
    words: str
    address: str


@dataclass
class Endnotes:
    """Numbers the addresses of a text in their order. `whole` makes a link's address one to print, "" for none."""

    whole: Callable[[str], str]
    _found: dict[str, Endnote] = field(default_factory=dict)

    def mark(self, html: str) -> str:
        """HTML of the text, each link that leads elsewhere with its number as `data-note`."""
        return _LINK.sub(self._marked, html) if "<a " in html else html

    @property
    def listed(self) -> tuple[Endnote, ...]:
        """The addresses met so far."""
        return tuple(self._found.values())

    def _marked(self, found: re.Match[str]) -> str:
        words = " ".join(unescape(_TAG.sub("", found[3])).split())
        address = self.whole(unescape(found[2]))
        if not address or _bare(address) in words:
            return found[0]
        note = self._found.setdefault(address, Endnote(len(self._found) + 1, words, address))
        return f'{found[1]} data-note="{escape(str(note.number))}">{found[3]}</a>'
