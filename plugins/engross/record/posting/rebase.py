"""A fix while a change is announced: the files that post the fix now and announce the change again, in one release.

The fix becomes a text beside its own note. Every announced text is merged with the fix, clause by clause, under a new
note that withdraws the old announcement and continues it; the last such text is the one in the docs. This module only
computes the files; the command writes them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import engross.common.lazy_re as re
from engross.common import EngrossError, error, value_class
from engross.model import Change, Diagnostic, Document, Source, Version, VersionId
from engross.record.encoding import SHORT, format_instant, parse_written_instant
from engross.record.notes.draft_text import NoteDraft, note_markdown
from engross.record.notes.files import own_text_path
from engross.record.notes.new_note import NoteRequest, note_draft, note_path
from engross.record.notes.reader import posted_note
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notes.titles import title_of
from engross.record.pictures import changed_between, changed_pictures, docs_hashes, sealed_hashes
from engross.record.posting.drafts import Draft, Drafts, comparable_document, read_tree_of
from engross.record.posting.plan import Plan
from engross.record.posting.promised_notice import material_rules
from engross.record.sealed_files import note_name, sealed_note
from engross.record.trees import text_hash
from engross.redline import Clash, merge, shared_changes, source_and_tree

RULE = "rebase"
_LONGEST = 120
_HEAD = re.compile(r"\A---[ \t]*(\r?\n)")


@value_class(frozen=True)
class Fix:
    """A fix to post before the announced changes: `text`, posted by the pending `note`, or by a new one called `slug`
    with the content `request`. `merged` is the announced text with the fix in it, if people merged them by hand.
    """

    text: Source
    request: NoteRequest = field(default_factory=NoteRequest)
    slug: str = ""
    note: Change | None = None
    merged: Source | None = None


@value_class
class Rebased:
    """Files to write: `added` are new, `changed` replace others. `notes` are the notes among them."""

    added: dict[Path, bytes] = field(default_factory=dict)
    changed: dict[Path, bytes] = field(default_factory=dict)
    notes: list[Path] = field(default_factory=list)


def rebase(plan: Plan, folder: Path, document: str, fix: Fix) -> Rebased:
    """Return the files for a fix of a document while a change of it is announced; `folder` is that of the notes.

    Raises EngrossError if nothing is announced, if the text is no fix or contains announced changes, and if the two
    cannot be merged without guessing.
    """
    base, coming = _versions(plan, document, fix)
    before = comparable_document(plan.record, base)
    fixed = replace(before, source=fix.text, root=read_tree_of(fix.text, before.entry))
    announced = [comparable_document(plan.record, one) for one in coming]
    pictures = changed_pictures(plan.project.docs, fixed, base)
    _check(plan, fix, (before, fixed), list(zip(coming, announced, strict=True)), pictures)
    for version, text in zip(coming, announced, strict=True):
        _check_pictures(plan, fix, base, version, text)
    merged = [_merged((before, one, fixed), version, fix) for version, one in zip(coming, announced, strict=True)]
    made = Rebased()
    _add_fix(plan, folder, made, fix, Draft(fixed, base, plan.record, plan.project.docs))
    for version, text in zip(coming, merged, strict=True):
        _add_announced(plan, folder, made, version, text, in_docs=version is coming[-1])
    return made


def _versions(plan: Plan, document: str, fix: Fix) -> tuple[Version, list[Version]]:
    """Return the version that the fix replaces, and the versions announced for later, in order."""
    effective = _effective(plan, fix)
    standing = sorted(plan.record.standing(document), key=lambda one: (one.effective, one.number))
    coming = [one for one in standing if one.effective > effective]
    before = [one for one in standing if one.effective <= effective]
    if not coming:
        message = (
            f"nothing is announced for {document} after {plan.in_words(effective)}, so the fix needs only a "
            "change note: engross change new"
        )
        raise _refused(fix.text, message)
    if not before:
        message = (
            f"no version of {document} applies before {coming[0].id}; withdraw that version, and post the text again"
        )
        raise _refused(fix.text, message)
    if fix.merged and len(coming) > 1:
        listed = ", ".join(str(one.id) for one in coming)
        raise _refused(fix.text, f"several versions are announced ({listed}), and --merged is the text of one")
    return before[-1], coming


def _effective(plan: Plan, fix: Fix) -> datetime:
    if fix.note:
        return fix.note.effective or plan.posted
    if not fix.request.effective or fix.request.effective == IMMEDIATELY:
        return plan.posted
    return parse_written_instant(fix.request.effective, ZoneInfo(plan.project.settings.timezone))


def _check_pictures(plan: Plan, fix: Fix, base: Version, version: Version, document: Document) -> None:
    """Raise EngrossError if an announced version shows another picture under a name than the docs folder has."""
    announced = sealed_hashes(version)
    changed = set(changed_between(document, sealed_hashes(base), announced))
    lost = changed.intersection(changed_between(document, announced, docs_hashes(plan.project.docs, document)))
    if lost:
        message = (
            f"{version.id} announces another picture {sorted(lost)[0]} than {base.id} shows, and the docs folder has "
            f"one file of that name. Withdraw {version.id}, and announce it again with a picture of another name"
        )
        raise _refused(fix.text, message)


def _check(
    plan: Plan,
    fix: Fix,
    texts: tuple[Document, Document],
    announced: Sequence[tuple[Version, Document]],
    pictures: Sequence[str] = (),
) -> None:
    """Raise EngrossError if a text equals a version, or contains announced changes."""
    before, fixed = texts
    first = announced[0][0]
    assert before.source is not None
    if fix.text.data == before.source.data and not pictures:
        raise _refused(fix.text, f"this is the text that applies before {first.id}; make the fix in it first")
    for version, document in announced if not (fix.note and fix.note.sooner_because) else ():
        yaml = fixed.entry.kind.has_rows
        early = shared_changes(source_and_tree(before), source_and_tree(document), source_and_tree(fixed), yaml=yaml)
        if early:
            labels = ", ".join(dict.fromkeys(one.label or "the beginning" for one in early))
            message = (
                f"this text contains changes that {version.id} announces for {plan.in_words(version.effective)}: "
                f"{labels}. Restore the text that applies until then, and make only the fix in it. Or write the note "
                "of the fix yourself, and explain in it under sooner_because why these words apply sooner"
            )
            line = next((one.line for one in early if one.line), 1)
            raise EngrossError([error(RULE, fix.text.path, line, 1, message, clause=early[0].label)])


def _merged(texts: tuple[Document, Document, Document], version: Version, fix: Fix) -> Document:
    """Return the announced text with the fix in it. Raises EngrossError with the conflicts."""
    before, announced, fixed = texts
    if fix.merged:
        _check_merged(fix, fix.merged, announced, version)
        return replace(announced, source=fix.merged, root=read_tree_of(fix.merged, announced.entry))
    sources = [one.source for one in texts if one.source]
    yaml = fixed.entry.kind.has_rows
    read = partial(read_tree_of, entry=before.entry)
    made = merge(sources[0], sources[1], sources[2], read, yaml=yaml)
    if made.clashes:
        raise EngrossError([_describe_clash(clash, version, fix.text) for clash in made.clashes])
    source = Source(fix.text.path, made.data.decode("utf-8-sig"), made.data)
    return replace(announced, source=source, root=read(source))


def _check_merged(fix: Fix, merged: Source, announced: Document, version: Version) -> None:
    """Raise EngrossError if the merged text equals one of the two texts: the other one would be lost."""
    assert announced.source is not None
    if merged.data == announced.source.data:
        raise _refused(merged, f"this is the text that {version.id} announces, without the fix; make the fix in it")
    if merged.data == fix.text.data:
        raise _refused(merged, f"this is the fix, without the changes that {version.id} announces; add them")


def _describe_clash(clash: Clash, version: Version, fix: Source) -> Diagnostic:
    """Describe a conflict: its cause, and the words of each of the three texts."""
    texts = {"in force": clash.base, f"{version.id}": clash.other, "the fix": clash.fix}
    shown = "; ".join(f"{name}: {_extract(text)}" for name, text in texts.items())
    message = (
        f"{clash.why}. {shown}. Nothing was written. Write the text of {version.id} with the fix in it into a file, "
        "and pass it as --merged FILE"
    )
    return error(RULE, fix.path, clash.line, 1 if clash.line else 0, message, clause=clash.label)


def _extract(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        return "(nothing)"
    return f"“{plain if len(plain) <= _LONGEST else f'{plain[: _LONGEST - 1]}…'}”"


def _add_fix(plan: Plan, folder: Path, made: Rebased, fix: Fix, draft: Draft) -> None:
    """Add the fix beside its note."""
    name = draft.document.id
    if fix.note:
        path = folder / f"{fix.note.slug}.md"
        made.changed[path] = with_facts(fix.note.source.data.decode("utf-8-sig"), {"own_text": [name]}).encode()
    else:
        path = note_path(plan, folder, name, fix.slug)
        request = replace(fix.request, documents=(name,), effective=fix.request.effective or IMMEDIATELY)
        note = _with_a_day_that_is_possible(note_draft(plan, request, Drafts({name: draft})), draft, fix)
        made.added[path] = with_facts(note_markdown(note), {"own_text": [name]}).encode()
    made.notes.append(path)
    made.added[own_text_path(folder, path.stem, draft.document)] = fix.text.data


def _with_a_day_that_is_possible(note: NoteDraft, draft: Draft, fix: Fix) -> NoteDraft:
    """Draft a fix as not material where it applies at once and a material change could not, because notice of it is
    promised. The note has a comment for whoever reads it.
    """
    asked = fix.request.material is not None or (fix.request.effective or IMMEDIATELY) != IMMEDIATELY
    rules = material_rules([draft.document.entry.promise])
    return note if asked or not any(rule.count for rule in rules) else replace(note, material=False)


def _add_announced(plan: Plan, folder: Path, made: Rebased, version: Version, text: Document, *, in_docs: bool) -> None:
    """Add the announced text with the fix in it, and the notes that continue the announcement."""
    assert text.source is not None
    if not in_docs and len(version.post.notes) > 1:
        message = (
            f"{version.id} was announced by several notes, and is not the last; withdraw it, and announce it again"
        )
        raise EngrossError([error(RULE, plan.record.ledger_path, version.post.seq, 0, message)])
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    paths: list[Path] = []
    for ref in version.post.notes:
        data = sealed_note(plan.record, ref)
        zone = ZoneInfo(plan.project.settings.timezone)
        old = posted_note(data, f"{plan.record.shown}/{note_name(plan.record.note(ref))}", ref.slug, zone)
        path = folder / f"{_free(plan, folder, ref.slug, made)}.md"
        withdraws = () if version.id in withdrawn or paths else (version.id,)
        made.added[path] = _continuing_note(plan, old, version, text, withdraws, own=not in_docs).encode()
        paths.append(path)
    made.notes += paths
    if in_docs:
        draft = plan.drafts.documents[version.id.document]
        assert draft.document.source is not None
        made.changed[Path(draft.document.source.path)] = text.source.data
    else:
        made.added[own_text_path(folder, paths[0].stem, text)] = text.source.data


def _free(plan: Plan, folder: Path, slug: str, made: Rebased) -> str:
    """Return a name for the note that continues another one."""
    stem = re.sub(r"-again(-[0-9]+)?\Z", "", slug)
    taken: Collection[str] = {*plan.record.posted_notes, *(path.stem for path in made.added)}
    number = 1
    while (name := f"{stem}-again" if number == 1 else f"{stem}-again-{number}") in taken or (
        folder / f"{name}.md"
    ).exists():
        number += 1
    return name


_CARRIED = ("notice_days", "emergency", "reuses")
"""The fields that a note keeps when its announcement continues in another note."""


def _continuing_note(
    plan: Plan, old: Change, version: Version, text: Document, withdraws: Sequence[VersionId], *, own: bool
) -> str:
    """Return the note that continues an announcement: the content of the old note, for this document."""
    name = version.id.document
    known = {ground.id: ground for ground in plan.project.settings.grounds}
    grounds = tuple(known[given.id] for given in old.grounds if given.id in known)
    note = NoteDraft(
        documents=(name,),
        change_class=old.change_class,
        material=old.material,
        effective="" if version.is_awaiting else format_instant(version.effective),
        undated=version.is_awaiting,
        approved_by=old.approved_by,
        title=title_of(old),
        summary=old.summary,
        text=((name, text_hash(text.root)[:SHORT]),) if plan.requires_text(name) else (),
        grounds=grounds,
        given=tuple(given for given in old.grounds if given.id in known),
        withdraws=tuple(map(str, withdraws)),
        reference=old.reference,
        chosen=("class", "material"),
    )
    facts: dict[str, object] = {"continues": old.slug}
    facts |= {"own_text": [name]} if own else {}
    facts |= {one: getattr(old, one) for one in _CARRIED if getattr(old, one)}
    facts |= {"anchors": dict(_of(old, name))} if any(_of(old, name)) else {}
    return with_facts(note_markdown(note), facts)


def _of(note: Change, document: str) -> Iterator[tuple[str, str]]:
    """Yield what a note states about the anchors of a document."""
    for anchor, leads in note.anchors:
        owner, sign, _ = anchor.rpartition("#")
        if not sign or owner == document:
            yield anchor, leads


def with_facts(note: str, facts: dict[str, object]) -> str:
    """Return a note with more facts, each on its own line at the top; JSON is YAML."""
    head = _HEAD.match(note)
    assert head is not None
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}{head[1]}" for name, value in facts.items()]
    return f"{head[0]}{''.join(lines)}{note[head.end() :]}"


def _refused(text: Source, message: str) -> EngrossError:
    return EngrossError([error(RULE, text.path, 0, 0, message)])
