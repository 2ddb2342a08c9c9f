"""`engross change`: write a change note, or post a fix while a change is announced (`change rebase`)."""

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
    FORMS,
    FROM_DELIVERY,
    IMMEDIATELY,
    MOST_OF_TITLE,
    Fix,
    NoteRequest,
    Plan,
    Rebased,
    State,
    changed_pictures,
    continued,
    continued_notice,
    format_instant,
    note_draft,
    parse_written_instant,
    read_state,
    rebase as rebase_fix,
    sha256,
    short_title,
    suggested_documents,
    suggested_sets,
    title_from_changes,
    write_note,
)
from engross.text import read_source


class _Title(click.ParamType[str]):
    """The title of a change."""

    name = "title"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the title in one line. Fails if it is too long."""
        title = " ".join(value.split())
        if len(title) > MOST_OF_TITLE:
            self.fail(f"it has {len(title)} characters; a title has at most {MOST_OF_TITLE}", param, ctx)
        return title


class _Effective(click.ParamType[str]):
    """The effective instant of a change, in the form that notes use."""

    name = "effective"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text as typed. Fails unless it is "immediately" or an instant."""
        try:
            if value != IMMEDIATELY:
                parse_written_instant(value, zone_of(site_here()))
        except ValueError as problem:
            also = f", or {IMMEDIATELY}" if FORMS in str(problem) else ""
            self.fail(f"{shown(value)!r}: {problem}{also}", param, ctx)
        return value.strip()


_TITLE, _EFFECTIVE = _Title(), _Effective()
_TEXTS = ("effective", "approved_by", "title", "summary", "reference")
_CLASS = click.Choice([str(one) for one in ChangeClass])


@click.group()
def change() -> None:
    """Write change notes, which explain each posted change."""


@change.command()
@click.option("--document", "documents", multiple=True, metavar="ID", help="A document that changes; repeatable.")
@click.option("--set", "sets", multiple=True, metavar="ID", help="A set that changes; repeatable.")
@click.option("--class", "kind", type=_CLASS, help="The class of the change.")
@click.option("--material/--no-material", default=None, help="Whether the change is material to customers.")
@click.option("--effective", type=_EFFECTIVE, metavar="INSTANT", help="From when: immediately, a day, or an instant.")
@click.option("--approved-by", metavar="ROLE", help="Who approved the change, as a role.")
@click.option(
    "--grounds", multiple=True, metavar="ID[: CITES]", help="A ground of the change, and its citation; repeatable."
)
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="ID: TEXT",
    help="How a condition of a ground is met; repeatable.",
)
@click.option("--title", type=_TITLE, metavar="TEXT", help="What changes, in at most 80 characters.")
@click.option("--summary", metavar="TEXT", help="What changes, as customers will read it.")
@click.option("--slug", metavar="NAME", help="The name of the note, by default the day and the first document.")
@click.option("--reference", metavar="TEXT", help="Where the change is discussed, such as a ticket.")
@click.option("--withdraws", type=VERSION, multiple=True, metavar="DOC@N", help="A version to withdraw; repeatable.")
@click.option("--restores", type=VERSION, metavar="DOC@N", help="The version whose text is posted again.")
def new(slug: str | None, **given: Any) -> None:
    """Write a change note into the folder of notes.

    In a terminal, the command asks for missing options. It fills in what it can find in the texts: the
    changed documents, the lowest possible class, the earliest effective day and a draft of the summary. It overwrites
    no note.
    """
    folders = site_here()
    state = read_state(folders, now())
    request = _with_documents(state.plan, _request(state, **given))
    request = _ask_missing(state.plan, request) if is_interactive() else request
    path = write_note(state.plan, folders.notes, note_draft(state.plan, request), slug or "")
    say(f"wrote {shown_path(path)}")
    _say_next(Site(folders, state.project), [path])


@change.command()
@click.argument("document", metavar="ID")
@click.option(
    "--text",
    "text_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the text of the fix, if it is not in the docs.",
)
@click.option(
    "--merged",
    "merged_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the announced text and the fix in it, if the two conflict.",
)
@click.option("--slug", metavar="NAME", help="The name of the fix's note, by default the day and the document.")
@click.option("--class", "kind", type=_CLASS, help="The class of the fix.")
@click.option("--material/--no-material", default=None, help="Whether the fix is material to customers.")
@click.option(
    "--effective", type=_EFFECTIVE, metavar="INSTANT", help="From when the fix applies; immediately by default."
)
@click.option("--approved-by", metavar="ROLE", help="Who approved the fix, as a role.")
@click.option("--grounds", multiple=True, metavar="ID[: CITES]", help="A ground of the fix; repeatable.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="ID: TEXT",
    help="How a condition of a ground is met; repeatable.",
)
@click.option("--title", type=_TITLE, metavar="TEXT", help="What the fix changes, in at most 80 characters.")
@click.option("--summary", metavar="TEXT", help="What the fix changes, as customers will read it.")
@click.option("--reference", metavar="TEXT", help="Where the fix is discussed.")
def rebase(document: str, text_file: Path | None, merged_file: Path | None, slug: str | None, **given: Any) -> None:
    """Post a small fix of a document while a change of it is announced, and announce the change again.

    First restore the text that applies now (engross restore), make the fix in it, then run this command. It moves the
    fix beside its own note. It writes the announced text with the fix into the docs, with a note that continues the
    announcement. One release then posts both. The command posts nothing. If the fix and the announced change touch the
    same clause, it shows both and writes nothing.
    """
    folders = site_here()
    state = read_state(folders, now())
    known_document(document, state.plan.drafts.documents)
    request = _request(state, documents=(), withdraws=(), restores=None, **given)
    fix = Fix(
        _text_of_fix(state.plan, document, text_file), request, slug or "", _only_note(state.plan, document, request)
    )
    merged = read_source(merged_file, shown_path(merged_file)) if merged_file else None
    made = rebase_fix(state.plan, folders.notes, document, replace(fix, merged=merged))
    _write_all(made)
    for path in (*made.added, *made.changed):
        say(f"wrote {shown_path(path)}")
    after = read_state(folders, now())
    for line in _notice_dates(after.plan, document):
        say(line)
    _say_next(Site(folders, after.project), made.notes)


def _text_of_fix(plan: Plan, document: str, given: Path | None) -> Source:
    """Return the text of the fix: the given file, or the text in the docs. Raises EngrossError if it is not a fix."""
    draft = plan.drafts.documents[document]
    source = draft.document.source
    path = source.path if source else plan.project.settings.file.source.path
    if source is None:
        raise EngrossError([error("rebase", path, 0, 0, f"{document} has no text in the docs folder")])
    versions = plan.record.versions.get(document, ())
    same = next((one for one in versions if one.sealed.source == sha256(source.data)), None)
    if given is None and same is not None and not changed_pictures(plan.project.docs, draft.document, same):
        message = (
            f"this is the text of {same.id}, without a fix. Restore the text that applies now (engross restore), make "
            "the fix in it, and run this command again; or pass the fixed text as --text FILE"
        )
        raise EngrossError([error("rebase", path, 0, 0, message)])
    if given is not None and same is None:
        message = "has changes that were not posted and would be lost; save them elsewhere, or omit --text"
        raise EngrossError([error("rebase", path, 0, 0, message)])
    return read_source(given, shown_path(given)) if given else source


def _only_note(plan: Plan, document: str, request: NoteRequest) -> Change | None:
    """Return the pending note about the fix, if any. Raises EngrossError if it cannot be about the fix alone."""
    notes = plan.notes_for.get(document, ())
    if any(document in note.own_text for note in plan.notes):
        message = f"a pending note already posts a fix of {document}; release it first"
        raise EngrossError([error("rebase", plan.folder.folder, 0, 0, message)])
    if not notes:
        return None
    if len(notes) > 1 or notes[0].restores or replace(request, documents=()) != NoteRequest():
        listed = ", ".join(note.source.path for note in notes)
        message = (
            f"there is a pending note about {document} already ({listed}). Only one note, without restores, can be the "
            "note of the fix; write into it what you passed as options"
        )
        raise EngrossError([error("rebase", notes[0].source.path, 0, 0, message)])
    return notes[0]


def _write_all(made: Rebased) -> None:
    """Write all files, or none. Raises EngrossError if a file exists or cannot be written."""
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


def _notice_dates(plan: Plan, document: str) -> Iterator[str]:
    """Yield a line on each announcement that is repeated: whether its notice still counts from the first date.

    Yields nothing while the note of the fix has placeholders, since the fix is not final then.
    """
    if plan.folder.gaps or plan.folder.problems:
        return
    for posting in plan.postings:
        continuation = continued(plan, posting) if posting.document == document else None
        if continuation:
            since = f"; changed since: {', '.join(continuation.changed)}" if not continuation.notice_from else ""
            counts = continued_notice(plan.record, continuation, format_instant)
            yield f"the notice of {continuation.version.id} {counts}{since}"


def _request(
    state: State, kind: str | None, grounds: tuple[str, ...], conditions: tuple[str, ...], **given: Any
) -> NoteRequest:
    """Return what the options request. Raises click's UsageError for an unknown version or ground."""
    for version in (*given["withdraws"], *filter(None, [given["restores"]])):
        known_version(state.record, version)
    change_class = ChangeClass(kind) if kind else None
    rests = _grounds(state.project.settings.grounds, grounds, conditions)
    texts: dict[str, Any] = {name: given.pop(name) or "" for name in _TEXTS}
    return NoteRequest(change_class=change_class, grounds=rests, **texts, **given)


def is_interactive() -> bool:
    """Whether a person can answer questions in the terminal."""
    return sys.stdin.isatty()


def _grounds(known: Sequence[Ground], given: Iterable[str], conditions: Iterable[str]) -> tuple[GroundGiven, ...]:
    by_id = {ground.id: ground for ground in known}
    met = dict(map(_pair, conditions))
    made = []
    for name, cites in map(_pair, given):
        if name not in by_id:
            raise click.UsageError(f"there is no ground {shown(name)} (known: {', '.join(by_id) or 'none'})")
        wanted = [condition for condition, _ in by_id[name].conditions]
        made.append(GroundGiven(name, cites, tuple((one, met[one]) for one in wanted if met.get(one))))
    unknown = [name for name in met if not any(name == one for given in made for one, _ in given.conditions)]
    if unknown:
        raise click.UsageError(f"none of the grounds on the command line has the condition {shown(unknown[0])}")
    return tuple(made)


def _pair(text: str) -> tuple[str, str]:
    name, _, rest = text.partition(":")
    return name.strip(), " ".join(rest.split())


def _with_documents(plan: Plan, request: NoteRequest) -> NoteRequest:
    """Add the documents and sets to a request. Raises click's UsageError if there are none, or for unknown ones."""
    known = (*plan.project.documents, *plan.drafts.gone)
    documents = tuple(dict.fromkeys(known_document(name, known) for name in request.documents))
    for name in request.sets:
        if name not in plan.drafts.sets:
            raise click.UsageError(f"the set {shown(name)} does not differ from what was posted")
    sets = suggested_sets(plan, replace(request, documents=documents))
    if not documents and not request.sets and plan.folder.gaps:
        raise click.UsageError(f"{plan.folder.gaps[0].path} has placeholders; fill them in, or name a --document")
    documents = documents or (() if request.sets else suggested_documents(plan, request))
    if not documents and not sets:
        raise click.UsageError("nothing differs from what was posted, or a note covers it already; name a --document")
    return replace(request, documents=documents, sets=sets)


def _ask_missing(plan: Plan, request: NoteRequest) -> NoteRequest:
    """Ask for the missing parts of a request; each question has a default."""
    guess = note_draft(plan, request)
    say(f"A change note about {', '.join((*request.documents, *request.sets))}.")
    if request.change_class is None:
        request = replace(
            request, change_class=ChangeClass(click.prompt("Class", str(guess.change_class), type=_CLASS))
        )
    if request.material is None and request.change_class is ChangeClass.SUBSTANTIVE:
        request = replace(request, material=click.confirm("Is it material to customers?", default=True))
    if not request.effective and guess.soonest != FROM_DELIVERY:
        when = guess.soonest if request.material or request.change_class is ChangeClass.SUBSTANTIVE else IMMEDIATELY
        request = replace(request, effective=click.prompt("Effective", when, type=_EFFECTIVE))
    if not request.approved_by:
        request = replace(request, approved_by=click.prompt("Approved by (a role)"))
    if guess.grounds and not request.grounds:
        request = replace(request, grounds=(_ask_ground(guess.grounds),))
    if not request.summary:
        say(f"This changed:\n{guess.changed}" if guess.changed else "No changes were found in the texts.")
        request = replace(request, summary=click.prompt("Summary for customers", "", show_default=False) or "")
    if not request.title:
        guess_title = short_title(request.summary) or title_from_changes(guess.changed)
        request = replace(request, title=click.prompt("Title", guess_title or None, type=_TITLE))
    return request


def _ask_ground(grounds: Sequence[Ground]) -> GroundGiven:
    for ground in grounds:
        say(f"  {ground.id}: {ground.title}")
    known = {ground.id: ground for ground in grounds}
    chosen = known[click.prompt("Ground", grounds[0].id, type=click.Choice(list(known)))]
    cites = click.prompt(f"The {chosen.cites} that it cites") if chosen.cites else ""
    return GroundGiven(chosen.id, cites, tuple((name, click.prompt(visible(text))) for name, text in chosen.conditions))


def _say_next(site: Site, paths: Sequence[Path]) -> None:
    """Print what remains to be done in the written notes."""
    names = {shown_path(path) for path in paths}
    status = check_record(site, now())
    plan = status.plan
    texts = {text for path in paths for text in _texts_of(plan, path.stem)} if plan else set()
    # The finding about announced words in a note's text is reported at the text.
    left = [
        one for one in status.findings if one.path in names or (one.rule == ANNOUNCED_TEXT.name and one.path in texts)
    ]
    for one in left:
        say(f"to do: {one}")
    if left:
        say("Fix that, then run: engross check")
    else:
        it = "it" if len(names) == 1 else "them"
        say(f"Read {it}, and correct what could not be filled in automatically. engross release posts {it}.")


def _texts_of(plan: Plan, slug: str) -> Iterator[str]:
    """The paths of the texts in the docs that a pending note names."""
    for note in plan.notes:
        for name in note.documents if note.slug == slug else ():
            document = plan.project.documents.get(name)
            if document and document.source:
                yield document.source.path
