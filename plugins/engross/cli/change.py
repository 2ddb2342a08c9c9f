"""`engross change new`: writes a change note, with what can be told from the texts filled in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from engross.cli.printing import say
from engross.cli.site import VERSION, known_document, known_version, site_here, zone_of
from engross.common import EngrossError, error, now, shown, visible
from engross.corpus import shown_path
from engross.drafting import Site, check_record, write
from engross.model import Change, ChangeClass, Ground, GroundGiven, Source
from engross.record import (
    ANNOUNCED_TEXT,
    IMMEDIATELY,
    Fix,
    NoteDraft,
    NoteRequest,
    Plan,
    Rebased,
    State,
    changed_pictures,
    continued,
    format_instant,
    note_draft,
    parse_written_instant,
    read_state,
    rebase as made_of,
    sha256,
    suggested_documents,
    suggested_sets,
    write_note,
)
from engross.text import read_source


class _Effective(click.ParamType[str]):
    """From when a change applies, as notes write it."""

    name = "effective"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as given. Fails where it is neither "immediately" nor an instant."""
        try:
            if value != IMMEDIATELY:
                parse_written_instant(value, zone_of(site_here()))
        except ValueError as problem:
            self.fail(f"{shown(value)!r}: {problem}, or {IMMEDIATELY}", param, ctx)
        return value.strip()


_EFFECTIVE = _Effective()
_TEXTS = ("effective", "approved_by", "summary", "reference")
_CLASS = click.Choice([str(one) for one in ChangeClass])


@click.group()
def change() -> None:
    """Write change notes, which say what is posted and why."""


@change.command()
@click.option("--document", "documents", multiple=True, metavar="ID", help="A document that changes; repeatable.")
@click.option("--set", "sets", multiple=True, metavar="ID", help="A set that changes; repeatable.")
@click.option("--class", "kind", type=_CLASS, help="How far the change goes.")
@click.option("--material/--no-material", default=None, help="Whether it is material to customers.")
@click.option("--effective", type=_EFFECTIVE, metavar="INSTANT", help="From when: immediately, a day, or an instant.")
@click.option("--approved-by", metavar="ROLE", help="Who approved it, as a role.")
@click.option(
    "--grounds", multiple=True, metavar="ID[: CITES]", help="A ground it rests on, and what that cites; repeatable."
)
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="ID: TEXT",
    help="How a condition of a ground is met; repeatable.",
)
@click.option("--summary", metavar="TEXT", help="What changes, as customers will read it.")
@click.option("--slug", metavar="NAME", help="The name of the note, by default the day and the first document.")
@click.option("--reference", metavar="TEXT", help="Where it is discussed.")
@click.option("--withdraws", type=VERSION, multiple=True, metavar="DOC@N", help="A version it withdraws; repeatable.")
@click.option("--restores", type=VERSION, metavar="DOC@N", help="The version whose text it posts again.")
def new(slug: str | None, **given: Any) -> None:
    """Write a change note into the folder of notes.

    In a terminal, what is not given is asked for. What is known from the texts is filled in: which documents changed,
    how far the change goes at least, when it can apply, what is to be said in the summary. No note is overwritten.
    """
    folders = site_here()
    state = read_state(folders, now())
    said = _with_documents(state.plan, _said(state, **given))
    said = _asked(state.plan, said) if asks() else said
    path = write_note(state.plan, folders.notes, note_draft(state.plan, said), slug or "")
    say(f"wrote {shown_path(path)}")
    _say_next(Site(folders, state.project), [path])


@change.command()
@click.argument("document", metavar="ID")
@click.option(
    "--text",
    "text_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the text of the fix, where it is not in the docs.",
)
@click.option(
    "--merged",
    "merged_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the announced text and the fix in it, where the two clash.",
)
@click.option("--slug", metavar="NAME", help="The name of the fix's note, by default the day and the document.")
@click.option("--class", "kind", type=_CLASS, help="How far the fix goes.")
@click.option("--material/--no-material", default=None, help="Whether the fix is material to customers.")
@click.option(
    "--effective", type=_EFFECTIVE, metavar="INSTANT", help="From when the fix applies; immediately, if not said."
)
@click.option("--approved-by", metavar="ROLE", help="Who approved the fix, as a role.")
@click.option("--grounds", multiple=True, metavar="ID[: CITES]", help="A ground that the fix rests on; repeatable.")
@click.option(
    "--condition", "conditions", multiple=True, metavar="ID: TEXT", help="How a condition of it is met; repeatable."
)
@click.option("--summary", metavar="TEXT", help="What the fix changes, as customers will read it.")
@click.option("--reference", metavar="TEXT", help="Where the fix is discussed.")
def rebase(document: str, text_file: Path | None, merged_file: Path | None, slug: str | None, **given: Any) -> None:
    """Post a small fix of a document while a change of it is announced, and announce the rest again.

    Put the text that applies now into the docs (engross restore), make the fix in it, then run this. The fix is moved
    beside its note; the docs get the announced text with the fix in it, and a note that goes on with the announcement.
    One release then posts both. Nothing is posted by it, and nothing is guessed: where the fix and the announced change
    touch the same clause, both are shown, and nothing is written.
    """
    folders = site_here()
    state = read_state(folders, now())
    known_document(document, state.plan.drafts.documents)
    said = _said(state, documents=(), withdraws=(), restores=None, **given)
    fix = Fix(_text_of_fix(state.plan, document, text_file), said, slug or "", _only_note(state.plan, document, said))
    merged = read_source(merged_file, shown_path(merged_file)) if merged_file else None
    made = made_of(state.plan, folders.notes, document, replace(fix, merged=merged))
    _write_all(made)
    for path in (*made.added, *made.changed):
        say(f"wrote {shown_path(path)}")
    after = read_state(folders, now())
    for line in _kept_notices(after.plan, document):
        say(line)
    _say_next(Site(folders, after.project), made.notes)


def _text_of_fix(plan: Plan, document: str, given: Path | None) -> Source:
    """The text of the fix: the file that is given, or what the docs hold. Raises EngrossError where that is no fix."""
    draft = plan.drafts.documents[document]
    source = draft.document.source
    path = source.path if source else plan.project.settings.file.source.path
    if source is None:
        raise EngrossError([error("rebase", path, 0, 0, f"{document} has no text here")])
    versions = plan.record.versions.get(document, ())
    same = next((one for one in versions if one.sealed.source == sha256(source.data)), None)
    if given is None and same is not None and not changed_pictures(plan.project.docs, draft.document, same):
        message = (
            f"this is the text of {same.id}, without a fix. Put the text that applies now into the docs (engross "
            "restore), make the fix in it, and run this again; or give the fixed text as --text FILE"
        )
        raise EngrossError([error("rebase", path, 0, 0, message)])
    if given is not None and same is None:
        message = "has changes that were not posted and would be lost; keep them elsewhere, or leave out --text"
        raise EngrossError([error("rebase", path, 0, 0, message)])
    return read_source(given, shown_path(given)) if given else source


def _only_note(plan: Plan, document: str, said: NoteRequest) -> Change | None:
    """The pending note about the fix, where there is one. Raises EngrossError where it cannot be of the fix alone."""
    notes = plan.notes_for.get(document, ())
    if any(document in note.own_text for note in plan.notes):
        message = f"a fix of {document} lies beside a pending note already; release it first"
        raise EngrossError([error("rebase", plan.folder.folder, 0, 0, message)])
    if not notes:
        return None
    if len(notes) > 1 or notes[0].restores or replace(said, documents=()) != NoteRequest():
        listed = ", ".join(note.source.path for note in notes)
        message = (
            f"there is a pending note about {document} already ({listed}). One note that says nothing of restores is "
            "taken as that of the fix, and options that say something of it belong into it"
        )
        raise EngrossError([error("rebase", notes[0].source.path, 0, 0, message)])
    return notes[0]


def _write_all(made: Rebased) -> None:
    """Write all files, or none. Raises EngrossError where one cannot be written, or is there already."""
    written: list[Path] = []
    before = {path: path.read_bytes() for path in made.changed}
    try:
        for path, data in made.added.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(data)
        for path, data in made.changed.items():
            write(path, data)
    except OSError as problem:
        for path in written:
            path.unlink(missing_ok=True)
        for path, data in before.items():
            if path.read_bytes() != data:
                write(path, data)
        reason = (problem.strerror or "it cannot be written").lower()
        message = f"{reason}; nothing was written"
        raise EngrossError([error("rebase", str(problem.filename or ""), 0, 0, message)]) from None


def _kept_notices(plan: Plan, document: str) -> Iterator[str]:
    """Whether the notice of what is announced again still counts from when it was announced first; nothing while the
    note of the fix has gaps, since the fix is not known then.
    """
    if plan.folder.gaps or plan.folder.problems:
        return
    for posting in plan.postings:
        goes_on = continued(plan, posting) if posting.document == document else None
        if goes_on and goes_on.notice_from:
            yield f"the notice of {goes_on.version.id} still counts from {format_instant(goes_on.notice_from)}"
        elif goes_on:
            yield f"the notice of {goes_on.version.id} begins anew; changed since: {', '.join(goes_on.changed)}"


def _said(
    state: State, kind: str | None, grounds: tuple[str, ...], conditions: tuple[str, ...], **given: Any
) -> NoteRequest:
    """What the options say. Raises click's UsageError where a version or a ground is not known."""
    for version in (*given["withdraws"], *filter(None, [given["restores"]])):
        known_version(state.record, version)
    change_class = ChangeClass(kind) if kind else None
    rests = _grounds(state.project.settings.grounds, grounds, conditions)
    texts: dict[str, Any] = {
        name: given.pop(name) or "" for name in ("effective", "approved_by", "summary", "reference")
    }
    return NoteRequest(change_class=change_class, grounds=rests, **texts, **given)


def asks() -> bool:
    """Whether someone is there to be asked."""
    return sys.stdin.isatty()


def _grounds(known: Sequence[Ground], given: Iterable[str], conditions: Iterable[str]) -> tuple[GroundGiven, ...]:
    by_id = {ground.id: ground for ground in known}
    met = dict(map(_pair, conditions))
    made = []
    for name, cites in map(_pair, given):
        if name not in by_id:
            raise click.UsageError(f"there is no ground {shown(name)} (there is {', '.join(by_id) or 'none'})")
        wanted = [condition for condition, _ in by_id[name].conditions]
        made.append(GroundGiven(name, cites, tuple((one, met[one]) for one in wanted if met.get(one))))
    unknown = [name for name in met if not any(name == one for given in made for one, _ in given.conditions)]
    if unknown:
        raise click.UsageError(f"no ground that is given has the condition {shown(unknown[0])}")
    return tuple(made)


def _pair(text: str) -> tuple[str, str]:
    name, _, rest = text.partition(":")
    return name.strip(), " ".join(rest.split())


def _with_documents(plan: Plan, said: NoteRequest) -> NoteRequest:
    """With the documents that are meant. Raises click's UsageError where there are none, or one is not known."""
    known = (*plan.project.documents, *plan.drafts.gone)
    documents = tuple(dict.fromkeys(known_document(name, known) for name in said.documents))
    for name in said.sets:
        if name not in plan.drafts.sets:
            raise click.UsageError(f"nothing of a set {shown(name)} differs from what was posted")
    sets = suggested_sets(plan, replace(said, documents=documents))
    if not documents and not said.sets and plan.folder.gaps:
        raise click.UsageError(f"{plan.folder.gaps[0].path} is still to be filled in; do that, or name a --document")
    documents = documents or (() if said.sets else suggested_documents(plan, said))
    if not documents and not sets:
        raise click.UsageError("nothing differs from what was posted, or a note says so already; name a --document")
    return replace(said, documents=documents, sets=sets)


def _asked(plan: Plan, said: NoteRequest) -> NoteRequest:
    """With what is missing asked for; each question has a guess."""
    guess = note_draft(plan, said)
    say(f"A change note about {', '.join((*said.documents, *said.sets))}.")
    if said.change_class is None:
        said = replace(said, change_class=ChangeClass(click.prompt("Class", _class_of(guess), type=_CLASS)))
    if said.material is None and said.change_class is ChangeClass.SUBSTANTIVE:
        said = replace(said, material=click.confirm("Is it material to customers?", default=True))
    if not said.effective:
        when = guess.soonest if said.material or said.change_class is ChangeClass.SUBSTANTIVE else IMMEDIATELY
        said = replace(said, effective=click.prompt("Effective", when, type=_EFFECTIVE))
    if not said.approved_by:
        said = replace(said, approved_by=click.prompt("Approved by (a role)"))
    if guess.grounds and not said.grounds:
        said = replace(said, grounds=(_asked_ground(guess.grounds),))
    if not said.summary:
        say(f"This changed:\n{guess.changed}" if guess.changed else "There is nothing to go by.")
        said = replace(said, summary=click.prompt("Summary for customers", "", show_default=False) or "")
    return said


def _class_of(guess: NoteDraft) -> str:
    return str(guess.change_class)


def _asked_ground(grounds: Sequence[Ground]) -> GroundGiven:
    for ground in grounds:
        say(f"  {ground.id}: {ground.title}")
    known = {ground.id: ground for ground in grounds}
    chosen = known[click.prompt("Ground", grounds[0].id, type=click.Choice(list(known)))]
    cites = click.prompt(f"The {chosen.cites} that it cites") if chosen.cites else ""
    return GroundGiven(chosen.id, cites, tuple((name, click.prompt(visible(text))) for name, text in chosen.conditions))


def _say_next(site: Site, paths: Sequence[Path]) -> None:
    """What is still to be done about notes that were written."""
    names = {shown_path(path) for path in paths}
    standing = check_record(site, now())
    plan = standing.plan
    texts = {text for path in paths for text in _texts_of(plan, path.stem)} if plan else set()
    # What is announced, and would be posted with a note, is found in the text.
    left = [
        one for one in standing.findings if one.path in names or (one.rule == ANNOUNCED_TEXT.name and one.path in texts)
    ]
    for one in left:
        say(f"to do: {one}")
    if left:
        say("Fix that, then run: engross check")
    else:
        it = "it" if len(names) == 1 else "them"
        say(f"Read {it} through, and correct what the texts could not tell. engross release posts {it}.")


def _texts_of(plan: Plan, slug: str) -> Iterator[str]:
    """The paths of the texts in the docs that a pending note names."""
    for note in plan.notes:
        for name in note.documents if note.slug == slug else ():
            document = plan.project.documents.get(name)
            if document and document.source:
                yield document.source.path
