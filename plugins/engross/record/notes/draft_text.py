"""The text of a new change note: its name, the front matter from what changed, and the beginning of a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import engross.common.lazy_re as re
from engross.common import quoted, value_class
from engross.model import (
    ChangeClass,
    ClauseKind,
    Ground,
    GroundGiven,
)
from engross.record.encoding import SHORT
from engross.record.notes.anchor_answers import LostAnchors, answer_lines, lost_anchors_of
from engross.record.notes.changed_meaning import what_is_noticed
from engross.record.notes.placeholders import GAP_TEXTS, WANTED, gap, text_gap
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notes.titles import title_from_changes
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan
from engross.record.posting.promised_notice import (
    FROM_DELIVERY,
    order_of_soonest,
    soonest_after,
    soonest_of_sets,
    soonest_of_texts,
)
from engross.record.posting.relations import Difference, SetChange, shown_value
from engross.redline import Change as Edit, Counts, Op, english, find_changes, side_text

_MOST_EDITS = 8
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_BARE = re.compile(r"[A-Z][A-Za-z]{3,}(?: [A-Za-z]+)*")
CITES = {name: GAP_TEXTS[name] for name in ("law", "clause")}
"""What to cite for a ground, in words."""


@value_class(frozen=True, slots=True)
class NoteDraft:
    """The content of a new note. Empty parts become placeholders for people to fill in.

    `soonest` is the earliest effective instant, and `soonest_because` why not earlier; `undated` is whether the instant
    follows the delivery of the notice. `changed` are lines about the
    changes, to write a summary from.
    `grounds` are those it may rest on, or rests on if they are `given`; `chosen` names the parts that are not guessed.
    `promises` is whether settings in documents.yml change, which is material unless the note explains why not.
    `lost` are the removed anchors that need an answer, by document, each with the label of its clause.
    """

    documents: tuple[str, ...]
    change_class: ChangeClass = ChangeClass.SUBSTANTIVE
    material: bool = True
    effective: str = ""
    undated: bool = False
    soonest: str = IMMEDIATELY
    soonest_because: str = ""
    approved_by: str = ""
    title: str = ""
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
    promises: bool = False
    lost: tuple[tuple[str, LostAnchors], ...] = ()
    for_consumers: bool = False


def note_for(plan: Plan, drafts: Sequence[Draft]) -> str:
    """Return the note to paste for some changed documents."""
    return note_markdown(draft_content(plan, drafts))


def draft_content(plan: Plan, drafts: Sequence[Draft], sets: Sequence[SetChange] | None = None) -> NoteDraft:
    """Return what a note about some changed documents and `sets` contains, as far as the texts show it.

    By default it names the sets that one of the documents newly joins, unless another note does.
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
    soonest, because = soonest_of_texts(plan, drafts, sets, material=change_class is ChangeClass.SUBSTANTIVE)
    return NoteDraft(
        **_of_promises(plan, drafts, sets),
        documents=tuple(draft.document.id for draft in drafts),
        change_class=change_class,
        material=change_class is ChangeClass.SUBSTANTIVE,
        soonest=soonest,
        soonest_because=because,
        changed="\n".join(filter(None, (changed_clauses(plan, drafts), *(set_summary(plan, one) for one in sets)))),
        text=tuple((draft.document.id, draft.text[:SHORT]) for draft in required),
        grounds=tuple(known[name] for name in wanted if name in known),
        sets=tuple(change.id for change in sets),
        for_consumers=any(draft.base and plan.has_consumers(draft.document.id) for draft in drafts),
        lost=tuple(
            (draft.document.id, lost) for draft in drafts if draft.base and (lost := lost_anchors_of(plan, draft))
        ),
    )


def _of_promises(plan: Plan, drafts: Sequence[Draft], sets: Sequence[SetChange]) -> dict[str, Any]:
    """Return what a change of settings or of a whole set requires in a note: class, and material or a reason."""
    whole = any(not change.differences and not plan.is_first(change) for change in sets)
    promised = [one for draft in drafts for one in draft.promised]
    promised += [one for change in sets for one in change.differences]
    return {
        "chosen": ("class",) if whole or any(not one.is_wording for one in promised) else (),
        "promises": whole or any(one.field != "title" for one in promised),
    }


def _grounds_of(plan: Plan, draft: Draft) -> tuple[str, ...]:
    """Return the ids of the grounds on which a document may change: those promised before, otherwise the present."""
    settings = plan.record.entry_at(draft.document.id, plan.posted)
    return (settings.grounds if settings else ()) or draft.entry.grounds


def unposted_sets(plan: Plan, documents: Sequence[str] = ()) -> tuple[SetChange, ...]:
    """Return the sets that differ from what was posted and that no note covers; for `documents`, those whose place in
    the set changes.
    """
    return tuple(
        change
        for name, change in plan.drafts.sets.items()
        if name not in plan.notes_for_set
        and not plan.is_first(change)
        and (not documents or set(documents) & set(change.documents))
    )


def set_summary(plan: Plan, change: SetChange) -> str:
    """Return what changes in a set, as the beginning of a summary for customers."""
    title = change.entry.title
    if change.old is None:
        return f"- {title}: published for the first time."
    if change.new is None:
        return f"- {title}: no longer published."
    return "\n".join(f"- {title}: {_in_words(plan, one)}." for one in change.differences)


_CALLED = {
    "agreement": "the agreement",
    "incorporates": "what it incorporates",
    "precedence": "the order in which documents prevail",
    "policy": "the way in which changes are posted",
    "grounds": "on which grounds it changes",
    "notice": "the promised notice",
    "notice_days": "the promised notice in days",
    "text_required": "whether approval names the text",
}


def _in_words(plan: Plan, one: Difference) -> str:
    """Return a difference as the beginning of a sentence for customers: documents and grounds by their titles."""
    called = _CALLED.get(one.field, f"the {one.field}")
    old, new = (_value_in_words(plan, one.field, value) for value in (one.old, one.new))
    return f"{called} was {old}, and is {new}"


def _value_in_words(plan: Plan, field: str, value: Any) -> str:
    if field == "precedence" and value:
        return ", then ".join(_listed([_title(plan, name) for name in rank]) for rank in value)
    if field == "incorporates" and value:
        return _listed([_title(plan, name) for name in value])
    if field == "grounds" and value:
        return "; ".join(_ground_in_words(plan, ground) for ground in value)
    return _title(plan, value) if field == "agreement" else shown_value(value)


def _title(plan: Plan, document: str) -> str:
    """Return the title of a document, for customers."""
    draft = plan.drafts.documents.get(document)
    entry = draft.entry if draft else plan.record.last_entry(document)
    return entry.title if entry else document


def _ground_in_words(plan: Plan, ground: str | dict[str, Any]) -> str:
    """Describe a ground by its title and conditions, as far as the record or documents.yml has them."""
    if isinstance(ground, str):
        known = {one.id: one.title for one in plan.project.settings.grounds}
        return f"“{known.get(ground, ground)}”"
    conditions = _listed([f"“{one['text']}”" for one in ground.get("conditions", ())])
    return f"“{ground['title']}”" + (f", if {conditions}" if conditions else "")


def _listed(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def set_note(plan: Plan, change: SetChange) -> str:
    """Return the note to paste for a set that differs from what was posted."""
    (soonest, because), changed = soonest_of_sets(plan, [change]), set_summary(plan, change)
    known = _of_promises(plan, [], [change])
    return note_markdown(
        NoteDraft((), soonest=soonest, soonest_because=because, changed=changed, sets=(change.id,), **known)
    )


def retiring_note(plan: Plan, document: str) -> str:
    """Return the note to paste for a document that was posted and is no longer listed."""
    entry = plan.record.last_entry(document)
    settings = plan.record.entry_at(document, plan.posted)
    promises = [one.promise for one in (entry, settings) if one]
    sets = unposted_sets(plan, [document])
    changed = "\n".join(
        [f"{entry.title if entry else document}: no longer published.", *(set_summary(plan, one) for one in sets)]
    )
    soonest, because = max(soonest_after(plan, [], promises), soonest_of_sets(plan, sets), key=order_of_soonest)
    names = tuple(change.id for change in sets)
    known = _of_promises(plan, [], sets) | {"chosen": ("class",)}
    return note_markdown(
        NoteDraft((document,), soonest=soonest, soonest_because=because, changed=changed, sets=names, **known)
    )


def guessed_class(drafts: Sequence[Draft]) -> ChangeClass:
    """Return the lowest possible class of a note about some drafts; people decide whether words change the meaning."""
    if any(draft.base is None for draft in drafts):
        return ChangeClass.SUBSTANTIVE
    noticed = any(
        draft.promised or (draft.changed and (draft.changed_pictures or what_is_noticed(draft.script)))
        for draft in drafts
    )
    if not noticed:
        return ChangeClass.FORMAT
    return ChangeClass.EDITORIAL if all(map(_only_typography, drafts)) else ChangeClass.SUBSTANTIVE


def _only_typography(draft: Draft) -> bool:
    if draft.promised or draft.changed_pictures:
        return False
    same_words = replace(draft.script.counts, clauses_typographic=0) == Counts()
    return not draft.changed or (same_words and not draft.script.unread)


def changed_clauses(plan: Plan, drafts: Sequence[Draft]) -> str:
    """List the changes, clause by clause, to write a summary for customers from."""
    lines = []
    for draft in drafts:
        title = _escaped(draft.entry.title)
        if draft.base is None:
            lines.append(f"{title}: posted for the first time.")
            continue
        lines += [f"- {title}: picture changed: {path}." for path in draft.changed_pictures]
        edits = find_changes(draft.script) if draft.changed else []
        lines += [f"- {title}: {_in_words(plan, one)}." for one in draft.promised]
        lines += [f"- {title}, {_escaped(_places(edit))}: {_kinds(edit)}." for edit in edits[:_MOST_EDITS]]
        if len(edits) > _MOST_EDITS:
            lines.append(f"- {title}: {len(edits) - _MOST_EDITS} more changes.")
    return "\n".join(lines)


def _places(edit: Edit) -> str:
    """Return the clause of a change; of sections that were inserted or deleted together, all of them."""
    headings = [block.face for block in edit.blocks if block.face.kind is ClauseKind.SECTION]
    highest = min((face.level for face in headings), default=0)
    sections = (face.label for face in headings if face.level == highest)
    return _listed(list(dict.fromkeys([edit.where, *sections])))


def _escaped(text: str) -> str:
    """Escape a text so that the Markdown of a summary shows it unchanged."""
    return _SPECIAL.sub(r"\\\1", text)


def _kinds(edit: Edit) -> str:
    """Describe a change for a summary; a heading with other words was renamed."""
    kinds = list(edit.kinds)
    first = edit.blocks[0]
    if first.old and first.new and first.old.kind is first.new.kind is ClauseKind.SECTION:
        old, new = (" ".join(side_text(first, op).split()) for op in (Op.DELETED, Op.INSERTED))
        changed = english().words_changed
        if changed in kinds and old != new:
            kinds[kinds.index(changed)] = f"renamed from “{_escaped(old)}” to “{_escaped(new)}”"
    return ", ".join(kinds) or "changed"


def note_markdown(note: NoteDraft) -> str:
    """Return a note as a file. For a fact that only people know it has a placeholder, which they replace.

    Class and material have the cautious value, with a comment. A lower class has no `material`, so that the check asks
    for it if the class is corrected.
    """
    guessed = note.change_class is ChangeClass.SUBSTANTIVE
    of_class = "" if "class" in note.chosen or not guessed else "  # editorial, if only words change and not meaning"
    least = "if it hardly matters to customers"
    reason = f"{least}; then explain why under not_material_because" if note.promises else least
    advice = f"false, {reason}" if note.material else "true, if it matters to customers; then it cannot apply at once"
    of_material = "" if "material" in note.chosen or not guessed else f"  # {advice}"
    title = note.title or title_from_changes(note.changed)
    lines = [
        "---",
        f"title: {quoted(title) if title else _TITLE}",
        *(f"{name}: [{', '.join(ids)}]" for name, ids in (("documents", note.documents), ("sets", note.sets)) if ids),
        f"class: {note.change_class}{of_class}",
        *([f"material: {str(note.material).lower()}{of_material}"] if guessed or "material" in note.chosen else []),
        *([_UNDATED] if _is_undated(note) else [f"effective: {note.effective or _when(note)}"]),
        f"approved_by: {_plain(note.approved_by) if note.approved_by else _APPROVER}",
    ]
    if note.text:
        hashes = ", ".join(f'{name}: "{beginning}"' for name, beginning in note.text)
        lines.append(f"text: {{{hashes}}}")
    if note.withdraws:
        lines.append(f"withdraws: [{', '.join(note.withdraws)}]")
    if note.restores:
        lines.append(f"restores: {note.restores}")
    lines += answer_lines(note.lost)
    if note.for_consumers and note.material:
        lines.append(f"if_you_disagree: {_DISAGREE}")
    if note.reference:
        lines.append(f"reference: {quoted(note.reference)}")
    if note.grounds:
        lines += ["grounds:"] if note.given else ["# Keep the ground that applies, and delete the others.", "grounds:"]
        given = {one.id: one for one in note.given}
        lines += [line for ground in note.grounds for line in _ground_lines(ground, given.get(ground.id))]
    body = [note.summary] if note.summary else [_SUMMARY, *(["", note.changed] if note.changed else [])]
    return "\n".join([*lines, "---", "", *body, ""])


_APPROVER = text_gap(GAP_TEXTS["approved_by"])
_TITLE = text_gap(GAP_TEXTS["title"])
_DISAGREE = text_gap(WANTED["if_you_disagree"])
_SUMMARY = gap(GAP_TEXTS["summary"])
_UNDATED = "# There is no line effective: the day follows the delivery of the notice."


def _is_undated(note: NoteDraft) -> bool:
    """Whether the day of a change follows the delivery of its notice, so that the note has no line `effective`."""
    return note.undated or (note.soonest == FROM_DELIVERY and note.material and not note.effective)


def _when(note: NoteDraft) -> str:
    if note.soonest == IMMEDIATELY:
        return gap(GAP_TEXTS["effective"])
    because = f"  # {note.soonest_because}" if note.soonest_because else ""
    return gap(f"a day, {note.soonest} or later") + because


def _ground_lines(ground: Ground, given: GroundGiven | None = None) -> list[str]:
    conditions = dict(given.conditions) if given else {}
    cites = given.cites if given else ""
    # Nothing else would ask whether the ground applies.
    open_ = given is None and not ground.cites and not ground.conditions
    lines = [f"  - ground: {gap(f'{ground.id}, if it applies') if open_ else ground.id}  # {ground.title}"]
    if ground.cites or cites:
        lines.append(f"    cites: {quoted(cites) if cites else text_gap(CITES[ground.cites])}")
    if ground.conditions:
        lines.append("    conditions:")
        lines += [
            f"      {name}: {quoted(conditions[name])}"
            if name in conditions
            else f"      {name}: {text_gap(GAP_TEXTS['condition'])}  # {text}"
            for name, text in ground.conditions
        ]
    return lines


def _plain(text: str) -> str:
    """Return a text as YAML, without quotes if every YAML reader reads it the same."""
    return text if _BARE.fullmatch(text) else quoted(text)
