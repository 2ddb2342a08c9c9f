"""Compares kept files with a record: which version a file is, whether its words are sealed, what came later.

Bytes decide first, by hashes alone. Where they differ, words are compared, since a text may have been saved with other
line ends or as another kind of file. The result names differences and never how they came about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import engross.common.lazy_re as re
from engross.common import EngrossError, shown, value_class
from engross.corpus import Words, rows_tree, verbatim_document
from engross.exporting.kept_files import Accepted, Kept, KeptKind
from engross.exporting.word_comparison import Difference, all_words, redaction_notices, sealed_words, word_differences
from engross.fidelity import check_site_page
from engross.model import Document, MarkKind, Source, Version, VersionId
from engross.record import Record, sealed_document, sealed_source, sha256
from engross.redline import find_changes, redline
from engross.text import decode, parse


class Match(StrEnum):
    """How a kept file relates to the version that it is.

    SEALED: its bytes (or those attached to it) are those sealed. SAME_WORDS: its words are, its bytes are not.
    RECORDED: an acceptance record names versions and hashes as the record has them. WITHHELD: it has words that were
    later redacted; the others are those sealed. PARTLY: the words that can be compared are those sealed, but it has
    other things that readers may see. REDLINE: a redline that Engross made. DIFFERENT: some words differ. UNKNOWN: it
    is like no version.
    """

    SEALED = "sealed"
    SAME_WORDS = "same-words"
    RECORDED = "recorded"
    WITHHELD = "withheld"
    PARTLY = "partly-compared"
    REDLINE = "redline"
    DIFFERENT = "different"
    UNKNOWN = "unknown"

    @property
    def is_confirmed(self) -> bool:
        """Whether the record confirms every word."""
        return self in (Match.SEALED, Match.SAME_WORDS, Match.RECORDED)


@value_class(frozen=True)
class Later:
    """A version after the one that was kept. `supersedes` is the number of the version that it was made from;
    `withdrawn` is the instant from which it does not apply, if any.
    """

    id: VersionId
    posted: datetime
    effective: datetime
    change_class: str
    material: bool
    supersedes: int = 0
    withdrawn: datetime | None = None


@value_class(frozen=True)
class Verdict:
    """What the record says about one text of a kept file.

    `what` is what the file is besides a text ("its seal file", "a change note"). `remark` is a further sentence.
    `also` are the other versions with the same bytes. `in_force` is the version in force now, `retired` the instant
    from which the document is no longer published.
    """

    kept: Kept
    match: Match
    version: Version | None = None
    differences: tuple[Difference, ...] = ()
    since: tuple[Later, ...] = ()
    in_force: VersionId | None = None
    retired: datetime | None = None
    what: str = ""
    remark: str = ""
    also: tuple[VersionId, ...] = ()


@value_class
class Judge:
    """Compares kept files with a `record`, as known at the instant `at`. `words` are UI strings that copies may have,
    besides those that Engross has.
    """

    record: Record
    at: datetime
    words: tuple[Words, ...] = ()

    def judge(self, kept: Kept) -> tuple[Verdict, ...]:
        """Return what the record says: a verdict for each version in an acceptance record, else one.

        Raises EngrossError if a sealed file that is needed was altered.
        """
        if kept.accepted or kept.kind is KeptKind.ACCEPTANCE:
            return tuple(self._accepted(kept)) or (Verdict(kept, Match.UNKNOWN, remark=NO_VERSIONS),)
        if kept.redline:
            old, new = map(shown, kept.redline)
            return (Verdict(kept, Match.REDLINE, remark=A_REDLINE.format(old=old, new=new)),)
        if kept.source is not None:
            return (self._source(kept, kept.source),)
        return (self._words(kept),)

    def _verdict(self, kept: Kept, match: Match, version: Version, **more: object) -> Verdict:
        document = version.id.document
        retired = self.record.retired(document)
        now = self.record.in_force(document, self.at)
        return Verdict(
            kept, match, version, since=tuple(self._since(version)), in_force=now.id if now else None,
            retired=retired.effective if retired else None, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def _since(self, version: Version) -> Iterator[Later]:
        for one in self.record.versions[version.id.document][version.number :]:
            kind = str(one.post.change_class or "")
            post = one.post
            yield Later(one.id, one.posted, one.effective, kind, post.material, post.supersedes, one.withdrawn)

    @cached_property
    def _by_hash(self) -> dict[str, list[tuple[Version, str]]]:
        """What each hash in the record is the hash of: a version, and "" for its source or what else it is."""
        found: dict[str, list[tuple[Version, str]]] = {}
        for version in self._all:
            sealed, entry = version.sealed, version.post.hash
            for sha, what in ((sealed.source, ""), (sealed.seal, SEAL_FILE), (entry, ENTRY), (sealed.text, TEXT)):
                if sha:
                    found.setdefault(sha, []).append((version, what))
            for one in version.redactions:
                if one.was and one.was.source:
                    found.setdefault(one.was.source, []).append((version, BEFORE_REDACTION))
        return found

    @cached_property
    def _all(self) -> list[Version]:
        return [version for versions in self.record.versions.values() for version in versions]

    def _known(self, sha: str, *kinds: str) -> tuple[Version, str] | None:
        """The version with a hash of one of some kinds; of several, the one in force, else the last."""
        found = [one for one in self._by_hash.get(sha, ()) if one[1] in kinds]
        current = (one for one in found if one[0] is self.record.in_force(one[0].id.document, self.at))
        return next(current, found[-1] if found else None)

    def _source(self, kept: Kept, source: bytes) -> Verdict:
        if found := self._known(sha256(source), "", SEAL_FILE, BEFORE_REDACTION):
            version, what = found
            if what == BEFORE_REDACTION:
                return self._verdict(kept, Match.WITHHELD, version, remark=WITHHELD_KNOWN)
            same = (one.id for one, kind in self._by_hash[sha256(source)] if kind == what and one is not version)
            return self._verdict(kept, Match.SEALED, version, what=what, also=tuple(same))
        for note in self.record.posted_notes.values():
            if note.sha256 and note.sha256 == sha256(source):
                return Verdict(kept, Match.SEALED, what=f"the change note {note.slug}")
        read = decode(source, kept.attachment or kept.path, sealed=True)
        return self._best(kept, self._nearest(read.text), lambda version: self._compared(kept, version, read))

    def _best(self, kept: Kept, nearest: Version | None, compare: Callable[[Version], Verdict]) -> Verdict:
        """Compare with the nearest version; where words differ, also with those of which words were redacted since."""
        if nearest is None:
            return Verdict(kept, Match.UNKNOWN)
        found = compare(nearest)
        if found.match is Match.DIFFERENT:
            redacted = (one for one in self.record.versions[nearest.id.document] if one.redactions)
            verdicts = (compare(one) for one in redacted if one is not nearest)
            return next((one for one in verdicts if one.match is Match.WITHHELD), found)
        return found

    def _compared(self, kept: Kept, version: Version, read: Source) -> Verdict:
        """Compare a source with the version that it is most like."""
        sealed = sealed_source(self.record, version)
        if sealed.text.rstrip("\n") == read.text.rstrip("\n"):
            return self._verdict(kept, Match.SAME_WORDS, version, remark=LINE_ENDS)
        document = sealed_document(self.record, version)
        try:
            script = redline(document, _read_as(document, read))
        except EngrossError:
            script = None
        if script is None:
            return self._by_words(kept, version, document, read.text.split())
        if not script.is_visible and not script.unread:
            return self._verdict(kept, Match.SAME_WORDS, version, remark=LAYOUT_OF_SOURCE)
        changes = find_changes(script)
        found = tuple(Difference(one.where, one.old, one.new, tuple(one.kinds)) for one in changes)
        found += tuple(Difference("", "", "", (f"{name} differ",)) for name in script.unread)
        return self._different(kept, version, found)

    def _different(self, kept: Kept, version: Version, found: tuple[Difference, ...], remark: str = "") -> Verdict:
        if found and not remark and _is_redacted(version, found):
            return self._verdict(kept, Match.WITHHELD, version, differences=found, remark=WITHHELD_UNKNOWN)
        return self._verdict(kept, Match.DIFFERENT, version, differences=found, remark=remark)

    def _words(self, kept: Kept) -> Verdict:
        """Compare the words of an HTML, Word or Akoma Ntoso file."""
        return self._best(
            kept, self._named(kept) or self._nearest(kept.words), lambda version: self._compared_words(kept, version)
        )

    def _compared_words(self, kept: Kept, version: Version) -> Verdict:
        document = sealed_document(self.record, version)
        if document.entry.kind.has_rows and kept.kind is KeptKind.HTML:
            page = kept.data.decode("utf-8", "replace")
            # Version 0.1 wrote values of every language as they are sealed.
            found = [check_site_page(document, page, words) for words in (None, *all_words(self.words))]
            finding = found[0] if all(found) else None
            wrong = (Difference(finding.clause, "", "", (finding.message,)),) if finding else ()
            return self._verdict(kept, Match.DIFFERENT if wrong else Match.SAME_WORDS, version, differences=wrong)
        return self._by_words(kept, version, document, kept.words.split())

    def _by_words(self, kept: Kept, version: Version, document: Document, words: list[str]) -> Verdict:
        found = tuple(word_differences(sealed_words(document, kept.kind), words))
        if found and version.redactions and kept.kind in (KeptKind.HTML, KeptKind.WORD):
            for one in redaction_notices(document, version, "".join(words), self.words):
                every = word_differences(sealed_words(document, kept.kind, one), words)
                other = tuple(different for different in every if not one.is_all_of(different))
                found = min(found, other, key=len)
        unread = ", ".join((*kept.unread, *_foreign_labels(document, kept), *_foreign_marks(document, kept)))
        if found:
            return self._different(kept, version, found, NOT_ALL.format(unread) if unread else "")
        if unread:
            return self._verdict(kept, Match.PARTLY, version, remark=NOT_ALL.format(unread))
        return self._verdict(kept, Match.SAME_WORDS, version)

    def _named(self, kept: Kept) -> Version | None:
        """The version that a file says it is, by most of the hashes and names in it."""
        votes: Counter[VersionId] = Counter()
        for sha in kept.hashes:
            votes.update({one.id for one, _ in self._by_hash.get(sha, ())})
        known = {str(one.id): one for one in self._all}
        if not votes and len(kept.names) == 1:
            return known.get(kept.names[0])
        # Of versions with the same text, the entry of the ledger has the most votes.
        best = max(votes.items(), key=lambda one: (one[1], str(one[0]) in kept.names, one[0]), default=None)
        return self.record.version(best[0]) if best else None

    def _nearest(self, text: str) -> Version | None:
        """The version that shares the most words with a text, if it shares half; of equals, the last posted."""
        own = Counter(text.split())
        count, best, found = own.total(), 0.0, None
        for version in self._all:
            words = Counter(sealed_source(self.record, version).text.split())
            alike = 2 * (own & words).total() / max(1, count + words.total())
            if alike >= max(best, _ALIKE):
                best, found = alike, version
        return found

    def _accepted(self, kept: Kept) -> Iterator[Verdict]:
        """Compare each version in an acceptance record, or in the data of a version, with the record."""
        entries = {entry.hash for entry in self.record.entries}
        foreign = tuple(Difference(HEAD, "", sha) for sha in kept.hashes if sha not in entries)
        for one in kept.accepted:
            versions = self.record.versions.get(one.document, ())
            if one.version > len(versions):
                yield Verdict(kept, Match.UNKNOWN, remark=f"{one.document}@{one.version}: {NO_SUCH_VERSION}")
            else:
                yield self._accepted_version(kept, one, versions[one.version - 1], foreign)

    def _accepted_version(
        self, kept: Kept, one: Accepted, version: Version, foreign: tuple[Difference, ...]
    ) -> Verdict:
        wrong = tuple(_wrong_hashes(version, one.hashes))
        if wrong and _was_sealed_before(version, one.hashes):
            return self._verdict(kept, Match.WITHHELD, version, differences=foreign, remark=WITHHELD_KNOWN)
        if wrong or foreign:
            return self._verdict(kept, Match.DIFFERENT, version, differences=(*wrong, *foreign))
        if not any(one.hashes.get(name) for name in ("source", "seal")):
            return self._verdict(kept, Match.PARTLY, version, remark=NO_HASH)
        at = _instant(kept.at)
        then = self.record.in_force(version.id.document, at) if at else version
        remark = "" if then is version else NOT_IN_FORCE.format(at=kept.at)
        return self._verdict(kept, Match.RECORDED, version, remark=remark)


SEAL_FILE, ENTRY, TEXT, BEFORE_REDACTION = "its seal file", "entry", "text", "before"
_ALIKE = 0.5
"""The least share of common words with which a text counts as like a version."""
LINE_ENDS = "only line ends or a byte-order mark differ, as when an editor or a mail program saved it"
LAYOUT_OF_SOURCE = "only line wraps or other marks in the source differ, which no reader sees"
WITHHELD_KNOWN = "this is the text as it was posted, before words in it were redacted"
WITHHELD_UNKNOWN = "it differs only where words were redacted; the record no longer has them and cannot confirm them"
NO_SUCH_VERSION = "the record has no such version"
NO_VERSIONS = "it names no version"
NO_HASH = "the file has no hash of this version, so it proves nothing about its words"
NOT_ALL = "not all of the file can be compared: {}"
A_REDLINE = "a redline from {old} to {new}; to verify a version, use its copy without tracked changes"
_NUMBER = re.compile(r"(?:(?:Article|Section|Clause|Part) |§ ?)?[(\[]?%\d(?:\.%\d)*[.:)\]]{0,2}|[^\w\s]?|o")
HEAD = "hash of the ledger's last entry"
NOT_IN_FORCE = "by the record it was not the version in force at {at}"


def _instant(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _is_redacted(version: Version, found: tuple[Difference, ...]) -> bool:
    """Whether a file differs only where words of a version were redacted.

    Words of the file in the place of the redacted ones may be a change of their own, in the clause around them.
    """
    reasons = [entry.reason for entry in version.redactions]
    clauses = [entry.clause for entry in version.redactions]
    removed = [one for one in found if any(reason in one.sealed and reason not in one.kept for reason in reasons)]
    added = [one for one in found if not one.sealed and any(name.startswith(one.where) for name in clauses)]
    return bool(removed) and len(added) <= len(removed) and len(removed) + len(added) == len(found)


def _foreign_labels(document: Document, kept: Kept) -> Iterator[str]:
    """The texts of numbers in a Word file that are neither numbers nor names of facts of the document."""
    names = {f"{clause.name}:".replace("%", "％") for clause in document.root.walk() if clause.name}
    for label in sorted(kept.labels - names):
        if not _NUMBER.fullmatch(label):
            yield f"the text {shown(label)} in the numbers of a list"


def _foreign_marks(document: Document, kept: Kept) -> Iterator[str]:
    """What a Word or Akoma Ntoso file shows that the sealed text has no markup for."""
    kinds = Counter(mark.kind for clause in document.root.walk() for mark in clause.inline.marks)
    if kept.pictures > kinds[MarkKind.IMAGE]:
        yield "pictures that the sealed text does not have"
    if kept.struck and not kinds[MarkKind.STRIKE]:
        yield "text that is struck out"


def _wrong_hashes(version: Version, hashes: dict[str, str]) -> Iterator[Difference]:
    sealed = version.sealed
    for name, known in (("source", sealed.source), ("text", sealed.text), ("seal", sealed.seal)):
        if hashes.get(name) and hashes[name] != known:
            yield Difference(f"hash of the {name}", known, hashes[name])


def _was_sealed_before(version: Version, hashes: dict[str, str]) -> bool:
    """Whether hashes are those that a version had before a redaction."""
    for entry in version.redactions:
        was = entry.was
        if was and (was.seal or was.source) == hashes.get("seal" if was.seal else "source"):
            return True
    return False


def _read_as(document: Document, read: Source) -> Document:
    """Read a kept source as its version was read."""
    assert document.source is not None
    source = Source(read.path, read.text, read.data, sealed=True, reader=document.source.reader)
    if document.verbatim:
        return verbatim_document(document.entry, source)
    if document.entry.kind.has_rows:
        return Document(document.entry, source, rows_tree(document.entry, source))
    return Document(document.entry, source, parse(source, numbering=document.entry.numbering))
