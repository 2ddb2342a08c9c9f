"""The message about one posted change for one audience: its words, and the files that are attached to it.

A message shows the record as it was when the change was posted, with what happened since: redactions, corrections
of its description, versions that were withdrawn, and the day that the delivery of its notices fixed. The same record
gives the same bytes. Its words are those of the language of the document: the one that its sealed text names, else the
one in documents.yml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from functools import cache, cached_property
from pathlib import Path

import engross.common.lazy_re as re
from engross.common import revealed, secured, value_class
from engross.corpus import Settings, document_strings
from engross.exporting.copy_reader import ExportSite, approvers, redline_copy, version_copy
from engross.exporting.formats import FORMATS, REDLINE_FORMATS, export_bytes, redline_bytes
from engross.language import text_language
from engross.model import Change, EntryKind, Version, VersionId
from engross.record import (
    Effect,
    Notice,
    NoticeKind,
    Posted,
    PostedChange,
    Record,
    note_name,
    posted_changes,
    posted_note,
    sealed_note,
    sealed_source,
    takes_receipt,
    version_file,
)
from engross.redline import html_page, labels_of
from engross.render import (
    ROOT,
    ChangeView,
    Publication,
    SealedTexts,
    Site,
    change_title,
    other_change,
    sealed_redline,
    style_sheet,
    text_summary,
    version_pages,
    view,
)
from engross.terms import TermOptions

UNSUBSCRIBE = "https://placeholder.invalid/unsubscribe"
"""The address that the sender of a subscription replaces with that of its own list."""
_LINK = re.compile(rf'<a href="{ROOT}[^"]*">(.*?)</a>', re.DOTALL)
_LINES = re.compile(r"\n{3,}")


@value_class(frozen=True, slots=True)
class Attachment:
    """A file that is attached to a message: its name, its media type, and its bytes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@value_class(frozen=True, slots=True)
class Message:
    """A message about a notice, ready to send: plain text, HTML, and attachments. `language` is a BCP 47 tag;
    `takes_receipt` is whether a receipt of it would be accepted.
    """

    notice: Notice
    takes_receipt: bool
    language: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


@value_class(frozen=True)
class Composer:
    """Makes the messages of a site. `own` is the folder of its templates, None for those of Engross."""

    record: Record
    settings: Settings
    around: ExportSite
    options: TermOptions
    own: Path | None = None

    def message(self, notice: Notice) -> Message:
        """Return the message about a notice. Raises EngrossError if a sealed file was altered."""
        known = _known(self.record, notice.change)
        posted = posted_changes(known)
        about = {entry.seq for entry in notice.entries}
        whole = posted.by_slug[notice.change.slug]
        change = replace(whole, effects=tuple(one for one in whole.effects if one.entry.seq in about))
        texts = SealedTexts(known, self.options)
        made = tuple(one for one in _made(known, notice) if not one.withdrawal)
        site = self._site(known, change)
        pub = self._publication(posted, site)
        attachments = tuple(self._attachments(texts, made, site))
        seen, title = self._view(pub, change), change_title(pub, change, whole=True)
        titles = ", ".join(dict.fromkeys(effect.document.title for effect in change.effects))
        topic = _topic(change)
        subject = " ".join(
            site.words[f"message_subject_{topic}" if topic else "message_subject"]
            .format(documents=titles, title=title)
            .split()
        )
        sender = self.around.publisher or site.name
        context = {
            "view": seen, "words": site.words, "instant": cache(site.dates.instant), "language": site.language,
            "subject": subject, "intro": site.words[_intro(notice, topic)].format(name=sender),
            "attached": [one.name for one in attachments], "is_new": topic == "new", "hash": notice.hash,
            "pending": False, "brief": False, "summary": text_summary(seen.note) if seen.note else "",
            "linked": bool(site.url), "unsubscribe": UNSUBSCRIBE if notice.kind is NoticeKind.SUBSCRIPTION else "",
        }  # fmt: skip
        html = site.templates.get_template("notices/message.html").render(context)
        text = site.templates.get_template("notices/message.txt").render(context).replace(ROOT, site.url)
        text = f"{_LINES.sub(chr(10) * 2, text).strip()}\n"
        return Message(
            notice, takes_receipt(self.record, notice), site.language, revealed(subject), text,
            secured(html.replace(ROOT, site.url) if site.url else _LINK.sub(r"\1", html)), attachments,
        )  # fmt: skip

    @cached_property
    def _now(self) -> Posted:
        return posted_changes(self.record)

    def _view(self, pub: Publication, change: PostedChange) -> ChangeView:
        """The change as it was posted, with the corrections of its description that were posted since."""
        since = self._now.by_slug[change.slug].corrected_by
        later = self._publication(self._now, pub.site) if since else pub
        seen = view(pub, change)
        # How many messages were sent is nothing that a customer has to read.
        effects = tuple(
            replace(one, receipts=(), remarks=(*one.remarks, *_continues(pub, change, effect)))
            for one, effect in zip(seen.effects, change.effects, strict=True)
        )
        corrections = tuple(other_change(later, slug) for slug in since)
        return replace(seen, effects=effects, corrected_by=corrections)

    def _site(self, known: Record, change: PostedChange) -> Site:
        """The site in the language of the document: of the first of several."""
        site = self.around.site
        languages = (self._language(known, effect, name) for effect in change.effects for name in effect.documents)
        language = next((one for one in languages if one), site.language)
        words = document_strings(language, site.words, self.own)
        return site if words is site.words else replace(site, words=words, language=words.language)

    def _language(self, known: Record, effect: Effect, name: str) -> str:
        """The language of a document: that in its sealed text, else that in documents.yml, else that of its words."""
        language = next((one.language for one in self.settings.documents if one.id == name), "")
        version = effect.version or next(reversed(known.versions.get(name, ())), None)
        if version is None:
            return language
        return text_language(replace(version.entry, language=language), sealed_source(known, version))

    def _publication(self, posted: Posted, site: Site) -> Publication:
        known = posted.record

        def read(change: PostedChange) -> Change | None:
            """Return the sealed note of a change; None if it has none."""
            if change.note is None:
                return None
            now = known.note(change.note)
            return posted_note(sealed_note(known, now), f"{known.shown}/{note_name(now)}", now.slug, site.zone)

        entries = {one.id: one for one in self.settings.documents}
        grounds = {one.id: one for one in self.settings.grounds}
        return Publication(
            posted, site, known.entries[-1].posted, cache(read), entries, grounds,
            references=self.settings.publish_reference,
        )  # fmt: skip

    def _attachments(self, texts: SealedTexts, made: tuple[Version, ...], site: Site) -> Iterator[Attachment]:
        """The new text and its redline, as self-contained HTML, and as PDF where the extra is installed."""
        for version in made:
            name = f"{version.id.document}-{version.number}"
            files = version_pages(texts, version, site, style_sheet(self.own)).files
            yield Attachment(f"{name}.html", "text/html", files[version_file(version.id, ".html")])
            if FORMATS["pdf"].is_installed:
                copy = version_copy(texts, version, replace(self.around, site=site))
                yield Attachment(f"{name}.pdf", "application/pdf", export_bytes(copy, FORMATS["pdf"]))
            if not version.post.supersedes:
                continue
            old = texts.record.version(VersionId(version.id.document, version.post.supersedes))
            if redline := sealed_redline(texts, old, version, site):
                name = f"{version.id.document}-{old.number}-to-{version.number}"
                labels = labels_of(site.words)
                page = html_page(redline.script, labels=labels, language=site.language)
                yield Attachment(f"{name}.html", "text/html", page.encode())
                if REDLINE_FORMATS["pdf"].is_installed:
                    author = approvers(texts.record, version, site.zone)
                    around = replace(self.around, site=site)
                    both = redline_copy(redline.script, version.posted, around, (old, version), author)
                    yield Attachment(f"{name}.pdf", "application/pdf", redline_bytes(both, REDLINE_FORMATS["pdf"]))


def _topic(change: PostedChange) -> str:
    """What a change is besides a change of agreed terms, in keys of words. "new": it only posts the first version of
    documents, so that nobody has agreed to other terms. "correct": it only corrects a description.
    """
    if change.kinds == {EntryKind.CORRECT}:
        return "correct"
    is_first = not any(one.entry.supersedes or one.promised for one in change.effects)
    return "new" if is_first and change.kinds <= {EntryKind.POST, EntryKind.SET} else ""


def _intro(notice: Notice, topic: str) -> str:
    """The key of the words that say why somebody gets this message: they agreed to terms, if any existed before."""
    return f"message_{topic}" if topic and notice.kind is NoticeKind.CONTRACTUAL else f"message_{notice.kind}"


def _continues(pub: Publication, change: PostedChange, effect: Effect) -> Iterator[tuple[str, None]]:
    """Yield which version continues to apply after a withdrawal that no new text replaces."""
    entry = effect.entry
    if entry.kind is not EntryKind.WITHDRAW or entry.document in {
        one.document for one in change.versions(EntryKind.POST)
    }:
        return
    at = entry.effective or entry.posted
    coming = [one for one in pub.posted.record.announced(entry.document, at) if not one.is_awaiting]
    if stays := pub.posted.record.in_force(entry.document, at):
        yield pub.words["message_continues"].format(number=stays.number), None
    for one in coming:
        yield pub.words["message_follows"].format(number=one.number, day=pub.site.dates.instant(one.effective)), None


def _known(record: Record, change: PostedChange) -> Record:
    """The record as it was when a change was posted, with the later receipts and withdrawals of its versions."""
    known = record.as_known(change.posted)
    made = {(entry.document, entry.version) for entry in change.entries if entry.kind is EntryKind.POST}
    later = tuple(
        entry
        for entry in record.entries[len(known.entries) :]
        if entry.kind in (EntryKind.RECEIPT, EntryKind.WITHDRAW) and (entry.document, entry.version) in made
    )
    return replace(known, entries=(*known.entries, *later)) if later else known


def _made(known: Record, notice: Notice) -> Iterator[Version]:
    """The versions that a notice is about."""
    for entry in notice.entries:
        if entry.kind is EntryKind.POST:
            yield known.version(VersionId(entry.document, entry.version))
