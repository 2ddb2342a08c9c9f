"""`engross diff OLD NEW`: show what changed between two files, versions or drafts, as text, JSON or HTML."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

import engross.common.lazy_re as re
from engross.cli.export import export_site
from engross.cli.printing import say, say_made, write_bytes
from engross.cli.site import known_document, known_version, settings_of, site_here
from engross.common import EngrossError, as_of, read_file, visible_json, write_file
from engross.corpus import read_project, shown_rows, ui_strings
from engross.exporting import REDLINE_FORMATS, ExportSite, approvers, redline_bytes, redline_copy
from engross.model import Diagnostic, Document, Source
from engross.record import (
    PictureHashes,
    changed_between,
    clause_ids,
    comparable_document,
    docs_hashes,
    open_record,
    sealed_document,
    sealed_hashes,
    sealed_in,
    version_id,
)
from engross.redline import Redline, Side, html_page, read_side, redline, terminal_text, to_json
from engross.render import Site, as_shown, environment
from engross.text import CONTROL_CHARACTER, decode_anyway, read_source

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:@[1-9][0-9]{0,8})?")
"""A document or a version, by its name; anything else is a file."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", *REDLINE_FORMATS]),
    help="The output format: text for a terminal, JSON for programs, HTML as a standalone page, or a file for people. "
    "By default the ending of --to decides, and else it is text.",
)
@click.option(
    "--to",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of standard output.",
)
@click.option(
    "--only-changes/--whole-text",
    default=None,
    help="Show only the changes, with the headings above them, or the whole text. HTML shows only the changes at "
    "first, the other formats show the whole text.",
)
def diff(old: str, new: str, form: str | None, path: Path | None, only_changes: bool | None) -> None:
    """Show what changed from OLD to NEW: Markdown or YAML files, or documents and versions of a site.

    agreement@3 is a posted version; agreement alone is the text in the docs. A file with that name takes priority.

    Exits 0 if a reader would see no difference, 1 if a reader would or may see one, 2 if a file cannot be read. Line
    wraps, comments and the order of YAML keys are not visible to a reader; the text output reports when only these
    changed. HTML tags and front matter in a file are not compared; the output names those that differ.
    """
    form = form or _of_ending(path)
    if form in REDLINE_FORMATS:
        REDLINE_FORMATS[form].require()
        if path is None and sys.stdout.isatty():
            raise click.UsageError(f"a file of the format {form} cannot be shown here; name one with --to")
    try:
        # Programs read the values of registers as they are sealed.
        shown: _Shown = _as_written if form == "json" else _with_shown_values
        script = _sealed_redline(old, new, shown) or _redline(old, new, shown)
    except EngrossError as problem:
        for diagnostic in problem.diagnostics:
            say(f"{diagnostic.severity.word}: {diagnostic}", err=True)
        sys.exit(2)
    for picture in script.pictures if form == "json" else ():
        say(f"note: picture changed: {picture}", err=True)
    if form in REDLINE_FORMATS:
        _write(_exported(script, (old, new), form), path)
    else:
        output = _shown(script, form, form == "html" if only_changes is None else only_changes)
        # Files for programs are always UTF-8; text has the encoding of the terminal.
        if form == "text" and path is None:
            say_made(output, nl=False)
        else:
            _write(output.encode("utf-8"), path)
    sys.exit(1 if script.is_visible or script.pictures or script.unread else 0)


def _of_ending(path: Path | None) -> str:
    ending = path.suffix.lower().removeprefix(".") if path else ""
    return ending if ending in ("json", "html", *REDLINE_FORMATS) else "text"


def _write(data: bytes, path: Path | None) -> None:
    if path:
        write_file(path, data)
    else:
        write_bytes(data)


def _exported(script: Redline, names: tuple[str, str], form: str) -> bytes:
    """Return a redline as a file, dated when the new version was posted, and else today."""
    around, versions, author = _around(), None, ""
    if all("@" in name and _NAME.fullmatch(name) and not Path(name).exists() for name in names):
        record = open_record(site_here().record)
        old, new = (known_version(record, version_id(name)) for name in names)
        versions, author = (old, new), approvers(record, new, around.site.zone)
        called = around.site.words["archive_version_title"]
        shown = (called.format(title=one.entry.title, number=one.number) for one in versions)
        script = replace(script, old=next(shown), new=next(shown))
    at = versions[1].posted if versions else as_of()
    return redline_bytes(redline_copy(script, at, around, versions, author), REDLINE_FORMATS[form])


def _around() -> ExportSite:
    """Return what a file takes from the site here; outside a site it has the words of Engross."""
    try:
        folders = site_here()
        return export_site(folders, settings_of(folders))
    except EngrossError:
        return ExportSite(Site(environment(), ui_strings("en"), "en", "", ZoneInfo("UTC"), ""))


def _with_shown_values(text: Document | Side) -> Side:
    """A text with the values of a register as pages write them."""
    side = _as_written(text)
    return replace(side, root=shown_rows(side.root, side.schema, ui_strings("en"))) if side.has_rows else side


def _as_written(text: Document | Side) -> Side:
    return read_side(text, "", None)


_Shown = Callable[[Document | Side], Side]


def _redline(old: str, new: str, shown: _Shown) -> Redline:
    (before, was), (after, now) = _named(old), _named(new)
    pictures = changed_between(after, was, now) if isinstance(after, Document) and was and now else ()
    return replace(redline(shown(before), shown(after)), pictures=pictures)


def _sealed_redline(old: str, new: str, shown: _Shown) -> Redline | None:
    """The redline between two posted versions of a document, whose clauses are matched by their sealed ids; None for
    other names. Raises as `_named` does.
    """
    names = [name for name in (old, new) if "@" in name and _NAME.fullmatch(name) and not Path(name).exists()]
    if len(names) < 2 or old.partition("@")[0] != new.partition("@")[0]:
        return None
    try:
        record = open_record(site_here().record)
    except EngrossError:
        return None
    before, after = (known_version(record, version_id(name)) for name in names)
    # Both texts are read by one generation of the parser, so that only their words differ.
    reader = max(before.post.reader, after.post.reader)
    was, now = (
        _shown_version(name, sealed_document(record, one, reader=reader)) for name, one in ((old, before), (new, after))
    )
    ids = clause_ids(record, before, reader), clause_ids(record, after, reader)
    pictures = changed_between(now, sealed_hashes(before), sealed_hashes(after))
    return replace(redline(shown(was), shown(now), ids=ids), old=old, new=new, pictures=pictures)


def _shown_version(name: str, sealed: Document) -> Document:
    document = as_shown(sealed)
    if document.verbatim:
        say(f"note: {name} is compared as source text, since it can no longer be parsed", err=True)
    return document


def _named(name: str) -> tuple[Side | Document, PictureHashes | None]:
    """Return the file with a name, or the document or version of the site, with its pictures.

    Raises EngrossError, or click's UsageError.
    """
    if Path(name).exists() or not _NAME.fullmatch(name):
        return _file(name), None
    try:
        folders = site_here()
    except EngrossError:
        return _file(name), None
    if "@" in name:
        record = open_record(folders.record)
        version = known_version(record, version_id(name))
        return _shown_version(name, comparable_document(record, version)), sealed_hashes(version)
    project = read_project(folders.docs, folders.settings, sealed_in(folders.record))
    document = project.documents[known_document(name, project.documents)]
    if document.source is None:
        raise click.UsageError(f"{name} is published elsewhere, so there is no text to compare")
    return document, docs_hashes(folders.docs, document)


def _file(name: str) -> Side:
    """Read a file, and print the mistakes for which a site would refuse it."""
    passed: tuple[Diagnostic, ...] = ()
    try:
        source = read_source(Path(name), sealed=True)
    except EngrossError as problem:
        passed = problem.diagnostics
        source = _with_controls(name, problem)
    side = read_side(source, name, None)
    for diagnostic in (*passed, *side.passed):
        say(f"warning: {diagnostic}", err=True)
    return side


def _with_controls(name: str, problem: EngrossError) -> Source:
    """Read a file that was refused for its control characters; raise the problem if it has another."""
    if all(one.rule == CONTROL_CHARACTER for one in problem.diagnostics):
        with suppress(EngrossError):
            return replace(decode_anyway(read_file(Path(name)), name), data=b"")
    raise problem


def _shown(script: Redline, form: str, only_changes: bool) -> str:
    if form == "json":
        return visible_json(json.dumps(to_json(script, only_changes=only_changes), ensure_ascii=False, indent=2)) + "\n"
    if form == "html":
        return html_page(script, only_changes=only_changes)
    # click removes the colours if the output is not a terminal.
    return terminal_text(script, only_changes=only_changes, colour="NO_COLOR" not in os.environ)
