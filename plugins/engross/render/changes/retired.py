"""The page at the address of a document that is no longer published: why, what replaces it, and its last text."""

from __future__ import annotations

from datetime import timedelta

from engross.model import Entry
from engross.record import addresses
from engross.render.archive.frame import archive_page
from engross.render.changes.posted import Publication, other_change, placed, replacements
from engross.render.pages.state import DocumentState


def render_retired(pub: Publication, ended: Entry, state: DocumentState, here: str) -> str:
    """Render the page of a retired document for one of its addresses, `here`, relative to the site's root.

    `ended` is the entry that retired it, `state` the document's state since.
    """
    record, document = pub.posted.record, ended.document
    assert ended.effective
    last = record.in_force(document, ended.effective - timedelta(seconds=1))
    changes = [pub.posted.by_slug[note.slug] for note in ended.notes]
    replaced = [one for change in changes for one in replacements(pub, pub.read(change), document)]
    html = archive_page(
        pub.site,
        "retired.html",
        here,
        pub.title_of(document),
        state=state,
        reasons=[other_change(pub, change.slug) for change in changes],
        replaced=replaced,
        last=last,
        last_page=addresses.version_page(last.id) if last else "",
    )
    return placed(html, here)
