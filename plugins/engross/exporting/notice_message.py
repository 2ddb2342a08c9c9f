"""The message about one posted change for one audience: its words, and the files that are attached to it.

A message shows the record as it was when the change was posted, with later redactions and with the corrections of its
description: so the same record gives the same bytes, and no redacted words. Its words are those of the language of the
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from engross.common import revealed, secured
from engross.corpus import Settings, document_strings
from engross.exporting.copy_reader import ExportSite, approvers, redline_copy, version_copy
from engross.exporting.formats import FORMATS, REDLINE_FORMATS, export_bytes, redline_bytes
from engross.language import language_of
from engross.model import Change, EntryKind, Version, VersionId
from engross.record import (
    Notice,
    NoticeKind,
    Posted,
    PostedChange,
    Record,
    note_name,
    posted_changes,
    posted_note,
    sealed_note,
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


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is attached to a message: its name, its media type, and its bytes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message about a notice, ready to send: plain text, HTML, and attachments. `language` is a BCP 47 tag."""

    notice: Notice
    language: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Composer:
    """Makes the messages of a site. `own` is the folder of its templates, None for those of Engross."""

    record: Record
    settings: Settings
    around: ExportSite
    options: TermOptions
    own: Path | None = None

    def message(self, notice: Notice) -> Message:
        """Return the message about a notice. Raises EngrossError if a sealed file was altered."""
        known = self.record.as_known(notice.change.posted)
        posted = posted_changes(known)
        about = {entry.seq for entry in notice.entries}
        whole = posted.by_slug[notice.change.slug]
        change = replace(whole, effects=tuple(one for one in whole.effects if one.entry.seq in about))
        texts = SealedTexts(known, self.options)
        made = tuple(_made(known, notice))
        site = self._site(texts, made)
        pub = self._publication(posted, site)
        attachments = tuple(self._attachments(texts, made, site))
        seen, title = self._view(pub, change), change_title(pub, change, whole=True)
        titles = ", ".join(dict.fromkeys(effect.document.title for effect in change.effects))
        subject = " ".join(site.words["message_subject"].format(documents=titles, title=title).split())
        sender = self.around.publisher or site.name
        context = {
            "view": seen, "words": site.words, "instant": cache(site.dates.instant), "language": site.language,
            "subject": subject, "intro": site.words[_intro(change, notice)].format(name=sender),
            "attached": [one.name for one in attachments], "hash": notice.hash, "pending": False,
            "brief": False, "summary": text_summary(seen.note) if seen.note else "",
            "linked": bool(site.url), "unsubscribe": UNSUBSCRIBE if notice.kind is NoticeKind.SUBSCRIPTION else "",
        }  # fmt: skip
        html = site.templates.get_template("notices/message.html").render(context)
        text = site.templates.get_template("notices/message.txt").render(context).replace(ROOT, site.url)
        return Message(
            notice, site.language, revealed(subject), f"{_LINES.sub(chr(10) * 2, text).strip()}\n",
            secured(html.replace(ROOT, site.url) if site.url else _LINK.sub(r"\1", html)), attachments,
        )  # fmt: skip

    @cached_property
    def _now(self) -> Posted:
        return posted_changes(self.record)

    def _view(self, pub: Publication, change: PostedChange) -> ChangeView:
        """The change as it was posted, with the corrections of its description that were posted since."""
        since = self._now.by_slug[change.slug].corrected_by
        later = self._publication(self._now, pub.site) if since else pub
        return replace(view(pub, change), corrected_by=tuple(other_change(later, slug) for slug in since))

    def _site(self, texts: SealedTexts, made: tuple[Version, ...]) -> Site:
        """The site in the language of the document: of the first of several."""
        site = self.around.site
        languages = (_language(texts, one) for one in made)
        language = next((one for one in languages if one), site.language)
        words = document_strings(language, site.words, self.own)
        return site if words is site.words else replace(site, words=words, language=words.language)

    def _publication(self, posted: Posted, site: Site) -> Publication:
        known = posted.record

        def read(change: PostedChange) -> Change | None:
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


def _intro(change: PostedChange, notice: Notice) -> str:
    """The key of the words that say why somebody gets this message: they agreed to terms, if any existed before."""
    kinds = {EntryKind.POST, EntryKind.SET}
    new = change.kinds <= kinds and not any(one.entry.supersedes or one.promised for one in change.effects)
    return "message_new" if new and notice.kind is NoticeKind.CONTRACTUAL else f"message_{notice.kind}"


def _language(texts: SealedTexts, version: Version) -> str:
    document = texts.document(version, version.entry)
    return language_of(document) if document else ""


def _made(known: Record, notice: Notice) -> Iterator[Version]:
    """The versions that a notice is about."""
    for entry in notice.entries:
        if entry.kind is EntryKind.POST:
            yield known.version(VersionId(entry.document, entry.version))
