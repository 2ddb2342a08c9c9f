"""Posted changes as pieces of HTML: changes without a note, hostile text, links and their places."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common import Cache, key_of
from engross.corpus.ui_text import ui_strings
from engross.model import Change, ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, NoteRef, Sealed, Source
from engross.record.history import Record
from engross.record.views.posted_changes import PostedChange, posted_changes
from engross.render.archive.frame import Site
from engross.render.changes.feeds import Feed, Item, atom, entry_title
from engross.render.changes.posted import ROOT, Publication, change_title, placed, render_view, view
from engross.render.changes.posted_page import change_pages
from engross.render.changes.summaries import _made_from, _summary
from engross.render.templates import environment

AT = datetime(2026, 1, 1, tzinfo=UTC)
ENTRY = DocumentEntry("a", "A & <B>", DocumentKind.POLICY, "a.md", "a/")
POST = Entry(
    1, EntryKind.POST, AT, "a", "0" * 64, "1" * 64, 1, AT, Sealed("1" * 64, "2" * 64, "3" * 64), entry=ENTRY,
    change_class=ChangeClass.SUBSTANTIVE, notes=(NoteRef("first", "4" * 64),),
)  # fmt: skip


def publication(*entries: Entry, summary: str = "First.", reference: str = "") -> Publication:
    text = Source("first.md", summary, summary.encode())
    note = Change(
        "first", ("a",), ChangeClass.SUBSTANTIVE, True, None, "Counsel", summary, text, "", reference=reference
    )

    def read(change: PostedChange) -> Change | None:
        return note if change.note else None

    site = Site(environment(), ui_strings("en"), "en", "Site", ZoneInfo("UTC"), "style.css", current={"a": "a/"})
    posted = posted_changes(Record(Path("record"), "record", entries))
    return Publication(posted, site, AT, read, {"a": ENTRY})


def piece(pub: Publication, change: PostedChange) -> str:
    return render_view(pub, view(pub, change))


def test_what_people_write_is_escaped() -> None:
    pub = publication(POST, summary="**x** & \\<script>", reference='javascript:alert("x")')
    html = piece(pub, *pub.posted.changes)
    assert "A &amp; &lt;B&gt;" in html
    assert "<strong>x</strong> &amp; &lt;script&gt;" in html
    assert "<script" not in html
    assert 'href="javascript:' not in html


def test_a_reference_is_shown_unless_documents_yml_says_otherwise() -> None:
    pub = publication(POST, reference="https://example.com/T-1")
    assert 'href="https://example.com/T-1"' in piece(pub, *pub.posted.changes)
    hidden = replace(pub, references=False)
    assert "T-1" not in piece(hidden, *pub.posted.changes)
    # What is kept of one is not shown by the other.
    keys = [key_of("engross.text.parser", *_made_from(one)) for one in (pub, hidden)]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("A number is written out.", "A & <B>: A number is written out (1 January 2026)"),
        ("GPU prices rise. From 1 July.", "A & <B>: GPU prices rise (1 January 2026)"),
        ("- **In** [Use](../a.md#use), one word.\n- Another.", "A & <B>: In Use, one word (1 January 2026)"),
        (f"All {'words ' * 40}.", f"A & <B>: All {'words ' * 19}… (1 January 2026)"),
        ("", "A & <B> (1 January 2026)"),
    ],
)
def test_the_title_of_a_feed_entry_names_the_change(summary: str, title: str) -> None:
    """`summary` is that of the note; documents are named as they are."""
    pub = publication(POST, summary=summary)
    (change,) = pub.posted.changes
    assert entry_title(pub, _summary(pub, change), change) == title


def test_a_redaction_says_what_was_taken_out_and_why() -> None:
    redaction = replace(
        POST, seq=2, kind=EntryKind.REDACT, notes=(), entry=None, change_class=None, effective=None,
        sealed=Sealed("5" * 64, "6" * 64, "7" * 64), was=POST.sealed, clause="Names", reason="A court said so",
    )  # fmt: skip
    pub = publication(POST, redaction)
    html = {change.slug: piece(pub, change) for change in pub.posted.changes}
    assert "Words redacted in version 1" in html["entry.2"]
    assert "<dd>Names</dd>" in html["entry.2"]
    assert "<dd>A court said so</dd>" in html["entry.2"]
    assert "redacted since" in html["first"]
    assert change_title(pub, pub.posted.by_slug["entry.2"]) == "Redaction: A & <B>"


@pytest.mark.parametrize(("kind", "said"), [(EntryKind.MOVE, "the text did not"), (EntryKind.RETIRE, "No longer")])
def test_moves_and_retirements_are_changes(kind: EntryKind, said: str) -> None:
    moved = replace(POST, seq=2, kind=kind, notes=(), version=0, sealed=None, change_class=None)
    pub = publication(POST, moved)
    html = piece(pub, pub.posted.by_slug["entry.2"])
    assert said in html
    assert "Material" not in html


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("../a.md#x", f"{ROOT}a/#x"),
        ("https://example.com/", "https://example.com/"),
        ("../nowhere.md", None),
        ("/rooted", None),
        ("#own", None),
    ],
)
def test_where_links_of_notes_lead(target: str, address: str | None) -> None:
    assert publication(POST).lead(target) == address


@pytest.mark.parametrize(("here", "address"), [("", "./a/"), ("changes/", "../a/"), ("changes/x/", "../../a/")])
def test_a_piece_is_placed_on_a_page(here: str, address: str) -> None:
    assert placed(f"{ROOT}a/", here) == address


def test_atom_leaves_out_what_xml_cannot_hold() -> None:
    item = Item(
        "urn:x", "a/", "Title \x0b<", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "<p>\x00&</p>", "", (), {}
    )
    feed = Feed("changes", "urn:f", "Feed", "a/", "Site", "en", "2026-01-01T00:00:00Z", (item,))
    written = atom(feed, "")
    assert "<title>Title &lt;</title>" in written
    assert "&lt;p&gt;&amp;&lt;/p&gt;" in written


def test_the_page_of_a_change_is_described_for_search_and_sharing(tmp_path: Path) -> None:
    pub = publication(POST, summary='Prices "rise" & fall. From July.')
    pub = replace(pub, site=replace(pub.site, url="https://example.com/"))
    summaries = {change.slug: _summary(pub, change) for change in pub.posted.changes}
    (page,) = change_pages(pub, summaries, (), "style.css", Cache(tmp_path)).read().values()
    assert '<meta name="description" content="Prices &#34;rise&#34; &amp; fall. From July.">' in page
    assert '<meta property="og:title" content="Prices &#34;rise&#34; &amp; fall">' in page
    assert '<meta property="og:url" content="https://example.com/changes/first/">' in page


def test_a_change_that_needs_no_note_has_a_title_beside_its_documents() -> None:
    pub = publication(replace(POST, seq=2, notes=()))
    (change,) = pub.posted.changes
    summary = _summary(pub, change)
    assert (summary.title, summary.about) == ("Change of informational details", ENTRY.title)
