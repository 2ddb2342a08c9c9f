"""Where the words that are taken out of a version still stand: in other versions, in the docs, in change notes.

A clause is known by its stable id and the hash of its words, and a stretch of several words is looked for wherever it
may have gone. Nothing is parsed for it: there may be many versions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from engross.common import EngrossError, error
from engross.corpus import shown_path
from engross.model import Document, Tree, Version
from engross.record.archive import sealed_bytes, sealed_note, sealed_tree
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.notes.reader import own_text_of
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan
from engross.record.redact.texts import Redacted
from engross.record.trees import addressed

_TELLING = 4
"""Words in a row that are looked for in other versions of a document; fewer may well stand elsewhere by themselves."""
_TELLING_ELSEWHERE = 8
"""Words in a row that are looked for in other texts, where none of them is a figure or a name."""
_FIGURE_OR_NAME = re.compile(r"\S*\d|(?<=\s)[“‘\"'(]*[^\W\d_]*[^\W\d_a-zà-öø-ÿ][^\W\d_]*")
_SENTENCES = re.compile(r"(?<=[.;:!?])\s+|\n\s*\n")
NOTE = "--note "
"""What the name of a note begins with, as the command takes it."""
_TEXTS = frozenset(
    {".css", ".csv", ".htm", ".html", ".js", ".json", ".markdown", ".md", ".svg", ".txt", ".xml", ".yaml", ".yml"}
)
_BLANKS, _MARKUP = re.compile(r"\s+"), re.compile(r"[*_`\\]")


@dataclass(frozen=True, slots=True)
class RedactedVersion:
    """A version from which words were taken: its tree as sealed, the document before, and what it is now."""

    version: Version
    tree: Tree
    before: Document = field(repr=False)
    redacted: Redacted = field(repr=False)


def drafted(plan: Plan, document: str) -> Draft | None:
    """The text of a document in the docs; None where there is none."""
    draft = plan.drafts.documents.get(document)
    return draft if draft and draft.has_text else None


def holders(plan: Plan, document: str, done: Sequence[RedactedVersion]) -> Iterator[str]:
    """The versions that hold the words, redacted ones among them, as they are written (agreement@3); and the document
    by itself, where its text in the docs does.
    """
    clauses = {pair for one in done for pair in _words_of(one)}
    for version in plan.record.versions[document]:
        own = {(one.id, one.words) for one in sealed_tree(plan.record, version).clauses}
        if clauses & own or _says(_text(plan.record, version), done):
            yield str(version.id)
    draft = drafted(plan, document)
    if draft and _draft_holds(draft, clauses, done):
        yield document


def _text(record: Record, version: Version) -> str:
    """A sealed text to look for words in: one that is not UTF-8 is no reason to leave words where they are."""
    return sealed_bytes(record, version).decode("utf-8", "replace")


def _words_of(one: RedactedVersion) -> set[tuple[str, str]]:
    """The clauses whose words were taken, in whole or in part, by stable id and the hash of their words."""
    before = {found.anchor: found.hash for found in addressed(one.before)}
    now = {found.anchor: found.hash for found in addressed(one.redacted.document)}
    return {
        (clause.id, clause.words)
        for clause in one.tree.clauses
        if clause.anchor in now and now[clause.anchor] != before.get(clause.anchor)
    }


def _draft_holds(draft: Draft, clauses: set[tuple[str, str]], done: Sequence[RedactedVersion]) -> bool:
    assert draft.document.source is not None
    if _says(draft.document.source.text, done):
        return True
    own = {(one.anchor, one.hash) for one in draft.found}
    return any((at.anchor, at.words) in own for one in done for at in one.tree.clauses if (at.id, at.words) in clauses)


def _says(text: str, done: Iterable[RedactedVersion]) -> bool:
    return _holds(text, [words for one in done for words in one.redacted.words])


def _holds(text: str, stretches: Iterable[str]) -> bool:
    plain = _plain(text)
    return any(_plain(words) in plain for words in stretches if len(words.split()) >= _TELLING)


def _is_telling_elsewhere(sentence: str) -> bool:
    """Whether a sentence is hardly in another text by chance: a long one, or one with a figure or a name in it."""
    return len(sentence.split()) >= _TELLING_ELSEWHERE or bool(_FIGURE_OR_NAME.search(sentence))


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", _MARKUP.sub("", text))


def left_copies(plan: Plan, document: str, done: Sequence[RedactedVersion]) -> tuple[str, ...]:
    """The texts that were left beside posted notes and are, byte for byte, what a redacted version was.

    Raises EngrossError where such a text was edited since and holds the words: whose words the others are is not known.
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


_EDITED = "this text beside a posted note holds the words, and is not what was posted; delete it, then redact"


def others_with(
    plan: Plan,
    words: Iterable[str],
    but: str = "",
    notes: Set[str] = frozenset(),
    but_files: Collection[str] = (),
) -> Iterator[str]:
    """What else holds a sentence of some words: versions of documents other than `but`, posted notes but `notes`, and
    whatever text is in the docs folder, the draft of `but`, the copies of posted notes and `but_files` excepted.
    """
    found = (sentence for stretch in words for sentence in _SENTENCES.split(stretch))
    sentences = list(filter(_is_telling_elsewhere, found))
    record = plan.record
    for document, versions in record.versions.items():
        for version in versions if document != but else ():
            if _holds(_text(record, version), sentences):
                yield str(version.id)
    for slug, note in record.posted_notes.items():
        if slug not in notes and _holds(sealed_note(record, note).decode("utf-8", "replace"), sentences):
            yield f"{NOTE}{slug}"
    for path in _docs_texts(plan, but):
        if shown_path(path) not in but_files and _holds(path.read_text("utf-8", "replace"), sentences):
            yield shown_path(path)


def _docs_texts(plan: Plan, but: str) -> Iterator[Path]:
    docs, draft = plan.project.docs, plan.drafts.documents.get(but)
    own = docs / draft.entry.file if draft and draft.entry.file else None
    for path in sorted(docs.rglob("*")):
        is_copy = path.stem in plan.record.posted_notes and shown_path(path.parent) == plan.folder.folder
        if path.suffix.lower() in _TEXTS and path.is_file() and path != own and not is_copy:
            yield path
