"""Changes that are not yet posted, as customers will see them: for previews of the draft.

The record as it would be gives the same changes and views as posted ones. Only their addresses differ: there is no page
of a version yet, and redlines are in the folder `NOT_POSTED`, where nothing posted has an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import partial
from html import escape, unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import Words, labelled_rows
from engross.model import Change, Document, EntryKind, Source
from engross.record import (
    Draft,
    Effect,
    Plan,
    PostedChange,
    planned_record,
    planned_redline_page,
    posted_changes,
    version_page,
)
from engross.redline import PageParts, labels_of, page_parts, place_name, redline
from engross.render.archive.frame import archive_page, file_of
from engross.render.changes.posted import (
    ChangeView,
    EffectView,
    Publication,
    change_documents,
    change_title,
    filter_keys,
    placed,
    render_view,
    short_summary,
    view,
)
from engross.render.changes.summaries import ChangeSummary
from engross.text import is_absolute

_LINK = re.compile(r'<a href="([^"]*)"')
"""The beginning of a link of a compared text in a redline, of either side."""


@value_class(frozen=True)
class Pending:
    """What a preview shows beyond what was posted. `pub` is about the record as it would be after a release now.

    `changes` are those not yet posted, the first to take effect first; `summaries` are by slug. `redlines` are the
    addresses of the redline of each changed text in the docs, by document. `undescribed` are the changed documents that
    no complete note names.
    """

    plan: Plan = field(repr=False)
    pub: Publication
    changes: tuple[PostedChange, ...]
    summaries: Mapping[str, ChangeSummary] = field(repr=False)
    redlines: Mapping[str, str]
    undescribed: tuple[str, ...] = ()

    def about(self, documents: tuple[str, ...]) -> tuple[PostedChange, ...]:
        """The changes of any of some documents."""
        return tuple(change for change in self.changes if set(documents) & set(change.documents))

    def undescribed_of(self, documents: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
        """The titles, pages and redlines ("" for none) of some documents that changed without a complete note."""
        pub, link = self.pub, self.pub.link
        return tuple(
            (pub.title_of(name), link(pub.current(name)), link(self.redlines[name]) if name in self.redlines else "")
            for name in self.undescribed
            if name in documents
        )


def pending_changes(pub: Publication, plan: Plan) -> Pending:
    """Return what a release of the plan would add to the posted changes of `pub`."""
    posted = posted_changes(planned_record(plan))
    notes = {note.slug: note for note in plan.notes}
    whole = replace(pub, posted=posted, read=partial(_read, pub, notes))
    new = [change for change in posted.changes if change.entries[0].seq > len(plan.record.entries)]
    # A correction has no instant.
    new.sort(key=lambda change: (*change.effective, change.posted)[0])
    redlines = {
        name: planned_redline_page(draft.base.id, _number(plan, name))
        for name, draft in plan.drafts.documents.items()
        if draft.base and draft.changed
    }
    summaries = {one.slug: _summary(whole, plan, one) for one in new}
    return Pending(plan, whole, tuple(new), summaries, redlines, tuple(_undescribed(plan)))


def _undescribed(plan: Plan) -> Iterator[str]:
    """The documents that differ from what was posted, once anything was, and that no complete note names."""
    for name, draft in plan.drafts.documents.items() if plan.record.entries else ():
        if draft.changed and draft.document.source and name not in plan.notes_for:
            yield name


def _read(pub: Publication, notes: Mapping[str, Change], change: PostedChange) -> Change | None:
    return notes.get(change.slug) or pub.read(change)


def _number(plan: Plan, document: str) -> int:
    """The number of the version that the text in the docs would become."""
    return len(plan.record.versions.get(document, ())) + len(plan.own.get(document, ())) + 1


def _summary(pub: Publication, plan: Plan, change: PostedChange) -> ChangeSummary:
    """The summary of a change for lists; it has no facts for programs, because it is in no feed."""
    keys, piece = filter_keys(pub, change), render_view(pub, _view(pub, plan, change), pending=True)
    about = change_documents(pub, change)
    # A change that is not posted has no page of its own, so the list shows all of it.
    return ChangeSummary(
        change_title(pub, change), about, piece, piece, short_summary(pub, change), keys["document"], keys["kind"]
    )


def _view(pub: Publication, plan: Plan, change: PostedChange) -> ChangeView:
    shown = view(pub, change)
    effects = zip(change.effects, shown.effects, strict=True)
    return replace(shown, effects=tuple(_effect(pub, plan, effect, one) for effect, one in effects))


def _effect(pub: Publication, plan: Plan, effect: Effect, shown: EffectView) -> EffectView:
    """The effect with addresses that exist in a preview: the text is on the document's page, unless it is in a file
    beside its note.
    """
    if effect.kind is not EntryKind.POST:
        return shown
    old, own = effect.superseded, plan.own.get(effect.entry.document, ())
    is_beside = {one.note.slug for one in own} & {note.slug for note in effect.entry.notes}
    is_posted = old and old.number <= len(plan.record.versions.get(old.document, ()))
    return replace(
        shown,
        text="" if is_beside else shown.address,
        earlier=shown.earlier if is_posted else "",
        redline=pub.link(planned_redline_page(old, effect.entry.version)) if old else "",
    )


def planned_redlines(pending: Pending) -> Iterator[tuple[str, str]]:
    """Yield the redline of each text that a release would post, and of each that changed without a note: the name of
    its file in the site, and the page.
    """
    plan = pending.plan
    posts = [one for one in plan.postings if one.kind is EntryKind.POST and one.draft]
    drafts = [(one.number, one.draft) for one in posts if one.draft]
    silent = ((_number(plan, name), plan.drafts.documents[name]) for name in pending.redlines)
    known = {(draft.document.id, number) for number, draft in drafts}
    drafts += [(number, draft) for number, draft in silent if (draft.document.id, number) not in known]
    for number, draft in drafts:
        if draft.base:
            address = planned_redline_page(draft.base.id, number)
            yield file_of(address), _redline_page(pending, draft, number, address)


def _redline_page(pending: Pending, draft: Draft, number: int, here: str) -> str:
    pub, base = pending.pub, draft.base
    assert base is not None
    site, entry = pub.site.of(draft.entry.id), draft.entry
    words = site.words
    named = words["archive_version_title"].format(title=base.entry.title, number=base.number)
    before, after = _named(draft.base_document, named, words), _named(draft.document, words["draft_of"], words)
    parts = None
    if not before.verbatim and not after.verbatim:
        script = replace(redline(before, after), pictures=draft.changed_pictures)
        parts = _parts(pub, page_parts(script, labels_of(words), partial(_place, pub, entry.file)), entry.file)
    is_posted = base.number <= len(pending.plan.record.versions.get(base.id.document, ()))
    html = archive_page(
        site,
        "not-posted.html",
        here,
        words["not_posted_redline"].format(title=entry.title, old=base.number),
        crumbs=[(entry.title, pub.current(entry.id))],
        old=base,
        old_page=version_page(base.id) if is_posted else "",
        new_page=pub.current(entry.id),
        number=number,
        parts=parts,
    )
    return placed(html, here)


def _named(document: Document, name: str, words: Words) -> Document:
    """A document whose source has the name that the redline shows for its side."""
    source = document.source
    assert source is not None
    labels = document.entry.kind.has_rows and not document.verbatim
    root = labelled_rows(document.entry, document.root, words) if labels else document.root
    return replace(document, root=root, source=Source(name, source.text, source.data))


def _parts(pub: Publication, parts: PageParts, file: str) -> PageParts:
    text = _LINK.sub(lambda found: _link(pub, unescape(found[1]), file), parts.text)
    return PageParts(Markup(parts.fold), Markup(parts.about), Markup(text))


def _place(pub: Publication, file: str, target: str) -> str:
    """The name of what a link in a docs file leads to: the title of a document, or a name made of the address."""
    path = target.partition("#")[0]
    name = normpath(join(dirname(file), unquote(path))) if path and not is_absolute(target) else ""
    found = (entry.title for entry in pub.entries.values() if name and entry.file == name)
    return next(found, "") or place_name(target)


def _link(pub: Publication, target: str, file: str) -> str:
    """The beginning of a link in the text of a docs file; a target that does not exist leads nowhere."""
    if is_absolute(target):
        return f'<a href="{escape(target)}"'
    path, sign, anchor = target.partition("#")
    address = pub.files.get(normpath(join(dirname(file), unquote(path))) if path else file)
    return "<a" if address is None else f'<a href="{escape(pub.link(address) + sign + anchor)}"'
