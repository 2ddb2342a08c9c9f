"""How a new change note is called: the day and its first document, and a number where that is taken.

Change notes written for people: the front matter filled in from what changed, the summary begun.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engross.model import ChangeClass, Ground, GroundGiven
from engross.record.encoding import SHORT, days_after
from engross.record.notes.meaning import what_is_noticed
from engross.record.notes.reader import ASKED, gap
from engross.record.notes.schema import IMMEDIATELY
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan
from engross.record.posting.relations import Difference, SetChange, shown_value
from engross.redline import Change as Edit, find_changes


def note_slug(plan: Plan, document: str, also: Collection[str] = ()) -> str:
    """A name for a note about a document that no other note has, posted or pending, nor any of `also`."""
    zone = ZoneInfo(plan.project.settings.timezone)
    return free_slug(
        plan.posted, zone, document, {*plan.record.posted_notes, *(note.slug for note in plan.notes), *also}
    )


def free_slug(at: datetime, zone: ZoneInfo, document: str, taken: Collection[str]) -> str:
    """The day in a zone and the document, "2026-11-23-agreement"; with a number where that is among `taken`."""
    begun = f"{at.astimezone(zone):%Y-%m-%d}-{document}"
    number = 1
    while (name := begun if number == 1 else f"{begun}-{number}") in taken:
        number += 1
    return name


_MOST_EDITS = 8
_BARE = re.compile(r"[A-Z][A-Za-z]{3,}(?: [A-Za-z]+)*")
CITES = {name: ASKED[name] for name in ("law", "clause")}
"""What is to be cited for a ground, in words."""


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What a new note is to say. What is empty is left as a gap, for people to fill in.

    `soonest` is from when the change can apply; `changed` are lines that say what changed, to write a summary from.
    `grounds` are those it may rest on, or rests on where they are `given`; `chosen` names what is no guess.
    """

    documents: tuple[str, ...]
    change_class: ChangeClass = ChangeClass.SUBSTANTIVE
    material: bool = True
    effective: str = ""
    soonest: str = IMMEDIATELY
    approved_by: str = ""
    summary: str = ""
    changed: str = ""
    text: tuple[tuple[str, str], ...] = ()
    grounds: tuple[Ground, ...] = ()
    given: tuple[GroundGiven, ...] = ()
    withdraws: tuple[str, ...] = ()
    restores: str = ""
    reference: str = ""
    chosen: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


def note_for(plan: Plan, drafts: Sequence[Draft]) -> str:
    """The note to paste for some changed documents."""
    return note_markdown(drafted(plan, drafts))


def drafted(plan: Plan, drafts: Sequence[Draft], sets: Sequence[SetChange] | None = None) -> NoteDraft:
    """What a note about some changed documents and `sets` says, as far as it can be told from the texts.

    By default it names the sets that a document new to them joins, if no other note does.
    """
    known = {ground.id: ground for ground in plan.project.settings.grounds}
    wanted = {name: None for draft in drafts if draft.base for name in _grounds_of(plan, draft)}
    for draft in drafts:
        known |= plan.promised_grounds(draft.document.id)
    required = [draft for draft in drafts if plan.requires_text(draft.document.id)]
    change_class = guessed_class(drafts)
    if sets is None:
        new = [draft.document.id for draft in drafts if draft.base is None]
        sets = unposted_sets(plan, new) if new else ()
    if any(not change.is_wording for change in sets):
        change_class = ChangeClass.SUBSTANTIVE
    return NoteDraft(
        documents=tuple(draft.document.id for draft in drafts),
        change_class=change_class,
        material=change_class is ChangeClass.SUBSTANTIVE,
        soonest=_soonest(plan, drafts, sets, material=change_class is ChangeClass.SUBSTANTIVE),
        changed="\n".join(filter(None, (changed_clauses(drafts), *map(set_summary, sets)))),
        text=tuple((draft.document.id, draft.text[:SHORT]) for draft in required),
        grounds=tuple(known[name] for name in wanted if name in known),
        sets=tuple(change.id for change in sets),
    )


def _grounds_of(plan: Plan, draft: Draft) -> tuple[str, ...]:
    """The ids of the grounds on which alone a document changes, as was promised before, or else is now."""
    said = plan.record.entry_at(draft.document.id, plan.posted)
    return (said.grounds if said else ()) or draft.entry.grounds


def unposted_sets(plan: Plan, documents: Sequence[str] = ()) -> tuple[SetChange, ...]:
    """The sets that differ from what was posted and that no note covers; of `documents`, those whose place in them
    changes.
    """
    return tuple(
        change
        for name, change in plan.drafts.sets.items()
        if name not in plan.notes_for_set
        and not plan.is_first(change)
        and (not documents or set(documents) & set(change.documents))
    )


def set_summary(change: SetChange) -> str:
    """What changes of a set, as the beginning of a summary for customers."""
    title = change.entry.title
    if change.old is None:
        return f"- {title}: published for the first time."
    if change.new is None:
        return f"- {title}: no longer published."
    return "\n".join(f"- {title}: {_in_words(one)}." for one in change.differences)


_CALLED = {
    "agreement": "the agreement",
    "incorporates": "what it incorporates",
    "precedence": "the order in which documents prevail",
    "policy": "how changes are posted",
    "grounds": "on which grounds it changes",
    "notice_days": "how many days of notice it has",
    "text_required": "whether approval names the text",
}


def _in_words(one: Difference) -> str:
    """A difference as the beginning of a sentence for customers."""
    called = _CALLED.get(one.field, f"the {one.field}")
    return f"{called} was {shown_value(one.old)}, and is {shown_value(one.new)}"


def set_note(plan: Plan, change: SetChange) -> str:
    """The note to paste for a set that differs from what was posted."""
    soonest, changed = _of_sets(plan, [change]), set_summary(change)
    return note_markdown(NoteDraft((), soonest=soonest, changed=changed, sets=(change.id,)))


def retiring_note(plan: Plan, document: str) -> str:
    """The note to paste for a document that was posted and is no longer listed."""
    entry = plan.record.last_entry(document)
    said = plan.record.entry_at(document, plan.posted)
    days = max(one.notice_days if one else 0 for one in (entry, said))
    sets = unposted_sets(plan, [document])
    changed = "\n".join([f"{entry.title if entry else document}: no longer published.", *map(set_summary, sets)])
    soonest = max(_after(plan, [], days), _of_sets(plan, sets), key=_order)
    names = tuple(change.id for change in sets)
    return note_markdown(NoteDraft((document,), soonest=soonest, changed=changed, sets=names))


def _order(effective: str) -> str:
    """What the instants that are proposed are ordered by: a day comes after none."""
    return "" if effective == IMMEDIATELY else effective


def _soonest(plan: Plan, drafts: Sequence[Draft], sets: Sequence[SetChange], *, material: bool) -> str:
    """From when a change can apply: not before what is announced does, nor a material one without the notice that is
    promised.
    """
    based = [draft for draft in drafts if draft.base]
    entries = [one for draft in based for one in plan.promised_before(draft)]
    entries += [draft.entry for draft in based if draft.changed]
    days = max((entry.notice_days for entry in entries), default=0) if material else 0
    instants = [draft.base.effective for draft in based if draft.base]
    instants += [said.effective for draft in based if (said := draft.said) and said.effective]
    return max(_after(plan, instants, days), _of_sets(plan, sets), key=_order)


def _of_sets(plan: Plan, changes: Sequence[SetChange]) -> str:
    """From when a material change of some sets can apply."""
    days = max(map(plan.set_notice_days, changes), default=0)
    entries = (plan.record.last_set_entry(change.id) for change in changes)
    return _after(plan, [entry.effective for entry in entries if entry and entry.effective], days)


def _after(plan: Plan, instants: Sequence[datetime], days: int) -> str:
    """At once, where no instant is still to come and no days of notice are promised; else the midnight after both."""
    earliest = max(days_after(plan.posted, days), *instants, plan.posted)
    if earliest == plan.posted:
        return IMMEDIATELY
    zone = ZoneInfo(plan.project.settings.timezone)
    day = min(earliest.astimezone(zone).date(), date.max - timedelta(days=1))
    return (day + timedelta(days=1)).isoformat()


def guessed_class(drafts: Sequence[Draft]) -> ChangeClass:
    """The least class that a note about some drafts can have; whether words carry meaning is for people to say."""
    if any(draft.base is None for draft in drafts):
        return ChangeClass.SUBSTANTIVE
    noticed = any(
        draft.promised or (draft.changed and (draft.changed_pictures or what_is_noticed(draft.script)))
        for draft in drafts
    )
    return ChangeClass.SUBSTANTIVE if noticed else ChangeClass.FORMAT


def changed_clauses(drafts: Sequence[Draft]) -> str:
    """What changed, clause by clause, to write a summary for customers from."""
    lines = []
    for draft in drafts:
        title = draft.entry.title
        if draft.base is None:
            lines.append(f"{title}: posted for the first time.")
            continue
        lines += [f"- {title}: picture changed: {path}." for path in draft.changed_pictures]
        edits = find_changes(draft.script) if draft.changed else []
        lines += [f"- {title}: {_in_words(one)}." for one in draft.promised]
        lines += [f"- {title}, {edit.where}: {_kinds(edit)}." for edit in edits[:_MOST_EDITS]]
        if len(edits) > _MOST_EDITS:
            lines.append(f"- {title}: {len(edits) - _MOST_EDITS} more changes.")
    return "\n".join(lines)


def _kinds(edit: Edit) -> str:
    return ", ".join(edit.kinds) or "changed"


def note_markdown(note: NoteDraft) -> str:
    """A note as a file. What only people can say is a gap, which the check refuses until it is filled in; class and
    material are the cautious choice, and say so.
    """
    guessed = note.change_class is ChangeClass.SUBSTANTIVE
    of_class = "" if "class" in note.chosen or not guessed else "  # editorial, if only words change and not meaning"
    of_material = "" if "material" in note.chosen or not guessed else "  # false, if it hardly matters to customers"
    lines = [
        "---",
        *(f"{name}: [{', '.join(ids)}]" for name, ids in (("documents", note.documents), ("sets", note.sets)) if ids),
        f"class: {note.change_class}{of_class}",
        f"material: {str(note.material).lower()}{of_material}",
        f"effective: {note.effective or _when(note.soonest)}",
        f"approved_by: {_plain(note.approved_by) if note.approved_by else _APPROVER}",
    ]
    if note.text:
        hashes = ", ".join(f'{name}: "{beginning}"' for name, beginning in note.text)
        lines.append(f"text: {{{hashes}}}")
    if note.withdraws:
        lines.append(f"withdraws: [{', '.join(note.withdraws)}]")
    if note.restores:
        lines.append(f"restores: {note.restores}")
    if note.reference:
        lines.append(f"reference: {_quoted(note.reference)}")
    if note.grounds:
        lines += ["grounds:"] if note.given else ["# Keep the ground that applies, and delete the others.", "grounds:"]
        given = {one.id: one for one in note.given}
        lines += [line for ground in note.grounds for line in _ground_lines(ground, given.get(ground.id))]
    body = [note.summary] if note.summary else [_SUMMARY, *(["", note.changed] if note.changed else [])]
    return "\n".join([*lines, "---", "", *body, ""])


_APPROVER = gap(ASKED["approved_by"])
_SUMMARY = gap(ASKED["summary"])


def _when(soonest: str) -> str:
    return gap(ASKED["effective"]) if soonest == IMMEDIATELY else gap(f"a day, {soonest} or later")


def _ground_lines(ground: Ground, given: GroundGiven | None = None) -> list[str]:
    said = dict(given.conditions) if given else {}
    cites = given.cites if given else ""
    # Nothing else in it would ask whether it applies.
    open_ = given is None and not ground.cites and not ground.conditions
    lines = [f"  - ground: {gap(f'{ground.id}, if it applies') if open_ else ground.id}  # {ground.title}"]
    if ground.cites or cites:
        lines.append(f"    cites: {_quoted(cites) if cites else gap(CITES[ground.cites])}")
    if ground.conditions:
        lines.append("    conditions:")
        lines += [
            f"      {name}: {_quoted(said[name])}"
            if name in said
            else f"      {name}: {gap(ASKED['condition'])}  # {text}"
            for name, text in ground.conditions
        ]
    return lines


def _plain(text: str) -> str:
    """A text as YAML, bare where that is the same to every reader of YAML."""
    return text if _BARE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
