"""How readers are notified of changes: feeds, a calendar, and the operator's e-mail list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engross.common import value_class
from engross.record import addresses
from engross.render.changes.calendars import CALENDAR
from engross.render.changes.feeds import ATOM, JSON


@value_class(frozen=True, slots=True)
class FeedLinks:
    """The two forms of a feed: its title, and the addresses of Atom and JSON Feed."""

    title: str
    atom: str
    json: str


@value_class(frozen=True, slots=True)
class Alerts:
    """The ways to be notified that a page offers. `calendar` is an address, `email_list` too; each may be empty."""

    feeds: tuple[FeedLinks, ...] = ()
    calendar: str = ""
    email_list: str = ""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.feeds or self.calendar or self.email_list)


def alerts_about(
    documents: Iterable[tuple[str, str]],
    words: Mapping[str, str],
    link: Callable[[str], str],
    email_list: str,
) -> Alerts:
    """The alerts about all changes and about some documents, given as ids and titles.

    `link` gives the address on a page of an address relative to the site's root.
    """
    own = [(name, words["feed_document"].format(title=title)) for name, title in documents]
    named = [("changes", words["feed_all"]), ("material", words["feed_material"]), *own]
    feeds = tuple(
        FeedLinks(title, link(addresses.feed(name, ATOM)), link(addresses.feed(name, JSON))) for name, title in named
    )
    about = own[0][0] if len(own) == 1 else "changes"
    return Alerts(feeds, link(addresses.feed(about, CALENDAR)), email_list)
