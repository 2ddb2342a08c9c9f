"""Copies made of Markdown, without a site."""

from collections.abc import Mapping
from datetime import UTC, datetime

from engross.corpus import ui_strings
from engross.exporting.copies import Copy, Front, Part
from engross.fidelity.source_text import read_source_text, visible_text
from engross.model import ClauseKind, Document, DocumentEntry, DocumentKind, Edition, SetEntry
from engross.render import shown_number, title_clause
from engross.terms import bind
from engross.text import decode, parse

AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
FRONT = Front("Agreement", "The Agreement", "The Agreement, version 1", facts=(("Version", "1"),), hash="63d587add5d5")


def copy_of(
    text: str | bytes,
    *,
    numbering: bool = False,
    front: Front = FRONT,
    pictures: Mapping[str, bytes] | None = None,
    language: str = "en",
    publisher: str = "Example Ltd",
    verify: tuple[str, ...] = (),
) -> Copy:
    """A copy of a document "agreement" whose text is Markdown."""
    source = decode(text if isinstance(text, bytes) else text.encode(), "docs/agreement.md")
    entry = DocumentEntry("agreement", front.title, DocumentKind.AGREEMENT, "agreement.md", numbering=numbering)
    document = Document(entry, source, parse(source, numbering=numbering))
    binding = bind(Edition(SetEntry("main", "Main", "agreement"), (document,)))
    part = Part(document, front, binding=binding, pictures=pictures or {}, language=language, verify=verify)
    return Copy(front, (part,), ui_strings("en"), AT, language, publisher=publisher)


def source_words(document: Document) -> str:
    """The words of a source as a second reader reads it, one blank between them."""
    assert document.source is not None
    return " ".join(visible_text(read_source_text(document.source.text, document.source.reader)).split())


def numbers_of(document: Document) -> list[str]:
    """What a file writes before the text of each heading: its generated number; or a title that no heading has."""
    numbers = [shown_number(clause) for clause in document.root.walk() if clause.kind is ClauseKind.SECTION]
    return numbers if title_clause(document.root) else [document.entry.title, *numbers]
