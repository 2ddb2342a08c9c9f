"""Copies of documents made of Markdown in the test, without a site."""

from datetime import UTC, datetime

from engross.corpus import ui_strings
from engross.exporting import Copy, Front, Part
from engross.model import Document, DocumentEntry, DocumentKind, Edition, SetEntry
from engross.terms import bind
from engross.text import decode, parse

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def document_of(text: str, name: str = "terms", *, numbering: bool = False) -> Document:
    """A document with this Markdown."""
    entry = DocumentEntry(name, "Terms", DocumentKind.AGREEMENT, f"{name}.md", f"{name}/", numbering=numbering)
    source = decode(text.encode(), f"docs/{name}.md")
    return Document(entry, source, parse(source, numbering=numbering))


def copy_of(text: str, pictures: dict[str, bytes] | None = None, *, numbering: bool = False) -> Copy:
    """A draft copy of a document with this Markdown, bound as the only document of its set."""
    document = document_of(text, numbering=numbering)
    edition = Edition(SetEntry("terms", "Terms", "terms"), (document,))
    front = Front("Agreement", "Terms & Conditions", "Terms, draft")
    part = Part(document, front, binding=bind(edition), pictures=pictures or {}, language="en-GB")
    return Copy(front, (part,), ui_strings("en"), AT, "en-GB")
