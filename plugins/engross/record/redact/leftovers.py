"""Find redacted words in other places: other versions, the docs, and change notes.

Clauses are compared by stable id and hash, and longer stretches of words are searched for in the text. No text is
parsed, since there may be many versions; only registers are, whose values and note have no id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import field
from pathlib import Path

import engross.common.lazy_re as re
from engross.common import EngrossError, error, value_class
from engross.corpus import shown_path
from engross.model import ClauseKind, Document, Tree, Version
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.notes.reader import own_text_of
from engross.record.posting.drafts import Draft, sealed_document
from engross.record.posting.plan import Plan
from engross.record.redact.tombstones import Redacted
from engross.record.sealed_files import sealed_bytes, sealed_note, sealed_tree
from engross.record.trees import addressed

_TELLING = 4
"""Words in a row that are searched for in other versions of a document; fewer may occur there by chance."""
_TELLING_ELSEWHERE = 8
"""Words in a row that are searched for in other texts, if none of them is a figure or a name."""
_FIGURE_OR_NAME = re.compile(r"\S*\d|(?<=\s)[“‘\"'(]*[^\W\d_]*[^\W\d_a-zà-öø-ÿ][^\W\d_]*")
_SENTENCES = re.compile(r"(?<=[.;:!?])\s+|\n\s*\n")
NOTE = "--note "
"""The prefix of a note's name, as on the command line."""
_TEXTS = frozenset(
    {".css", ".csv", ".htm", ".html", ".js", ".json", ".markdown", ".md", ".svg", ".txt", ".xml", ".yaml", ".yml"}
)
_BLANKS, _MARKUP = re.compile(r"\s+"), re.compile(r"[*_`\\]")


@value_class(frozen=True, slots=True)
class RedactedVersion:
    """A redacted version: its sealed tree, the document before the redaction, and after it."""

    version: Version
    tree: Tree
    before: Document = field(repr=False)
    redacted: Redacted = field(repr=False)


def docs_draft(plan: Plan, document: str) -> Draft | None:
    """Return the text of a document in the docs; None if there is none."""
    draft = plan.drafts.documents.get(document)
    return draft if draft and draft.has_text else None


def texts_with(plan: Plan, document: str, done: Sequence[RedactedVersion]) -> Iterator[str]:
    """Yield the versions that have the words, including redacted ones (agreement@3), and the id of the document alone
    if its text in the docs has them.
    """
    clauses = {pair for one in done for pair in _words_of(one)}
    notes = {_note(one.before) for one in done if _note(one.before) != _note(one.redacted.document)}
    values = {value for one in done for value in _values(one.before) - _values(one.redacted.document)}
    of_rows = done[0].before.entry.kind.has_rows
    for version in plan.record.versions[document]:
        own = {(one.id, one.words) for one in sealed_tree(plan.record, version).clauses}
        if (
            clauses & own
            or _says(_text(plan.record, version), done)
            or (of_rows and _has_value(sealed_document(plan.record, version), notes, values))
        ):
            yield str(version.id)
    draft = docs_draft(plan, document)
    if draft and (_draft_has(draft, clauses, done) or _has_value(draft.document, notes, values)):
        yield document


def _has_value(document: Document, notes: Set[str], values: Set[tuple[str, str, str]]) -> bool:
    """Whether a register has one of some notes or values; never true of other documents."""
    return _note(document) in notes or bool(_values(document) & values)


def _note(document: Document) -> str:
    """The note of a register or model list, which has no address; empty for none and for other documents."""
    first = next(iter(document.root.children), None) if document.entry.kind.has_rows else None
    return first.inline.text if first and first.kind is ClauseKind.PARAGRAPH else ""


def _text(record: Record, version: Version) -> str:
    """Return a sealed text to search; a text that is not UTF-8 is decoded with replacements and searched too."""
    return sealed_bytes(record, version).decode("utf-8", "replace")


def _words_of(one: RedactedVersion) -> set[tuple[str, str]]:
    """Return the clauses whose words were redacted, fully or partly, by stable id and the hash of their words."""
    before = {found.anchor: found.hash for found in addressed(one.before)}
    now = {found.anchor: found.hash for found in addressed(one.redacted.document)}
    return {
        (clause.id, clause.words)
        for clause in one.tree.clauses
        if clause.anchor in now and now[clause.anchor] != before.get(clause.anchor)
    }


def _draft_has(draft: Draft, clauses: set[tuple[str, str]], done: Sequence[RedactedVersion]) -> bool:
    assert draft.document.source is not None
    if _says(draft.document.source.text, done):
        return True
    own = {(one.anchor, one.hash) for one in draft.found}
    return any((at.anchor, at.words) in own for one in done for at in one.tree.clauses if (at.id, at.words) in clauses)


@value_class(frozen=True, slots=True)
class Stretch:
    """Words that were redacted together. `is_name`: what a row is called, searched for however short it is."""

    words: str
    is_name: bool = False


def redacted_words(done: Iterable[RedactedVersion]) -> list[Stretch]:
    """Return the words that an order removed, by stretch."""
    return [Stretch(words, one.redacted.is_name) for one in done for words in one.redacted.words]


def _says(text: str, done: Iterable[RedactedVersion]) -> bool:
    return _has_any(text, redacted_words(done))


def _has_any(text: str, stretches: Iterable[Stretch]) -> bool:
    plain = _plain(text)
    return any(_has(plain, _plain(one.words), one.is_name) for one in stretches)


def _has(text: str, words: str, is_name: bool) -> bool:
    """Whether a text without blanks and markup has some words. A name may be the beginning of a longer word."""
    if is_name:
        return bool(words) and words in text and bool(re.search(rf"(?<!\w){re.escape(words)}", text))
    return words in text and len(words.split()) >= _TELLING


def rows_with(done: Sequence[RedactedVersion]) -> Iterator[str]:
    """Yield the versions with a redacted title that have it in another value too."""
    for one in done:
        assert one.redacted.document.source is not None
        if one.redacted.is_name and _says(one.redacted.document.source.text, [one]):
            yield str(one.version.id)


def _values(document: Document) -> set[tuple[str, str, str]]:
    """The values of a register: the id of the row, the name of the value ("" for the title) and the text."""
    if not document.entry.kind.has_rows:
        return set()
    rows = [row for row in document.root.children if row.kind is ClauseKind.SECTION]
    titles = {(row.anchor, "", row.inline.text) for row in rows}
    return titles | {(row.anchor, one.name, one.inline.text) for row in rows for one in row.children}


def _is_telling_elsewhere(sentence: str) -> bool:
    """Whether a sentence is unlikely to occur elsewhere by chance: it is long, or has a figure or a name."""
    return len(sentence.split()) >= _TELLING_ELSEWHERE or bool(_FIGURE_OR_NAME.search(sentence))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", _MARKUP.sub("", text))


def left_copies(plan: Plan, document: str, done: Sequence[RedactedVersion]) -> tuple[str, ...]:
    """Return the texts beside posted notes that are byte for byte equal to a redacted version.

    Raises EngrossError if such a text was edited and has the words, since its other words may be needed.
    """
    redacted = {one.version.sealed.source for one in done}
    sealed = {version.sealed.source for version in plan.record.versions[document]}
    copies, edited = [], []
    for source in plan.folder.left:
        _, name = own_text_of(Path(source.path)) or ("", "")
        if name == document and sha256(source.data) in redacted:
            copies.append(source.path)
        elif name == document and sha256(source.data) not in sealed and _says(source.text, done):
            edited.append(error("redact", source.path, 0, 0, _EDITED))
    if edited:
        raise EngrossError(edited)
    return tuple(copies)


_EDITED = "this text beside a posted note has the words, and differs from what was posted; delete it, then redact"


def others_with(
    plan: Plan,
    words: Iterable[Stretch],
    but: str = "",
    notes: Set[str] = frozenset(),
    but_files: Collection[str] = (),
) -> Iterator[str]:
    """Yield what else has a sentence of some words: versions of other documents, posted notes, and texts in the docs.

    Skips the versions and draft of the document `but`, the notes `notes` with their copies, and the files `but_files`.
    """
    sentences = list(dict.fromkeys(sentence for stretch in words for sentence in _sentences(stretch)))
    record = plan.record
    for document, versions in record.versions.items():
        for version in versions if document != but else ():
            if _has_any(_text(record, version), sentences):
                yield str(version.id)
    for slug, note in record.posted_notes.items():
        if slug not in notes and _has_any(sealed_note(record, note).decode("utf-8", "replace"), sentences):
            yield f"{NOTE}{slug}"
    for path in _docs_texts(plan, but):
        if shown_path(path) not in but_files and _has_any(path.read_text("utf-8", "replace"), sentences):
            yield shown_path(path)


def _sentences(stretch: Stretch) -> Iterator[Stretch]:
    """Yield the sentences of redacted words that are unlikely to occur elsewhere by chance; a name as it is."""
    if stretch.is_name:
        yield stretch
    else:
        yield from map(Stretch, filter(_is_telling_elsewhere, _SENTENCES.split(stretch.words)))


def _docs_texts(plan: Plan, but: str) -> Iterator[Path]:
    docs, draft = plan.project.docs, plan.drafts.documents.get(but)
    own = docs / draft.entry.file if draft and draft.entry.file else None
    for path in sorted(docs.rglob("*")):
        is_copy = path.stem in plan.record.posted_notes and shown_path(path.parent) == plan.folder.folder
        if path.suffix.lower() in _TEXTS and path.is_file() and path != own and not is_copy:
            yield path
