"""`engross diff OLD NEW`: what changed between two files, versions or drafts, as text, JSON or HTML."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import click

from engross.cli.printing import give, say, say_made
from engross.cli.site import known_document, known_version, site_here
from engross.common import EngrossError, visible_json
from engross.corpus import read_project
from engross.model import Document, Source
from engross.record import (
    PictureHashes,
    changed_between,
    docs_hashes,
    open_record,
    sealed_document,
    sealed_hashes,
    sealed_in,
    version_id,
)
from engross.redline import Redline, html_page, redline, terminal_text, to_json
from engross.render import as_shown
from engross.text import read_source

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:@[1-9][0-9]{0,8})?")
"""A document or a version, as it is written; anything else is a file."""


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to show it: text for a terminal, JSON for programs, HTML as a page by itself.",
)
@click.option("--only-changes", is_flag=True, help="Show only what changed, with the headings above it.")
def diff(old: str, new: str, form: str, only_changes: bool) -> None:
    """Show what changed from OLD to NEW: Markdown or YAML files, or what a site has of a document.

    agreement@3 is a version that was posted, agreement by itself the text in the docs; a file of that name goes first.

    Exits 0 where a reader would see no difference, 1 where one would, 2 where a file cannot be read. Line wraps,
    comments and the order of YAML keys are no difference to a reader; the text says so where only they changed.
    """
    try:
        (before, was), (after, now) = _named(old), _named(new)
        pictures = changed_between(after, was, now) if isinstance(after, Document) and was and now else ()
        script = replace(redline(before, after), pictures=pictures)
    except EngrossError as problem:
        for diagnostic in problem.diagnostics:
            say(f"{diagnostic.severity.word}: {diagnostic}", err=True)
        sys.exit(2)
    for path in pictures if form == "json" else ():
        say(f"note: picture changed: {path}", err=True)
    output = _shown(script, form, only_changes)
    # Files for programs are UTF-8 wherever they are made; text goes out as the terminal wants it.
    if form == "text":
        say_made(output, nl=False)
    else:
        give(output.encode("utf-8"))
    sys.exit(1 if script.is_visible or pictures else 0)


def _named(name: str) -> tuple[Source | Document, PictureHashes | None]:
    """The file of a name, or what the site around has of a document, with its pictures. Raises EngrossError, or click's
    UsageError.
    """
    if Path(name).exists() or not _NAME.fullmatch(name):
        return read_source(Path(name), sealed=True), None
    try:
        folders = site_here()
    except EngrossError:
        return read_source(Path(name), sealed=True), None
    if "@" in name:
        record = open_record(folders.record)
        version = known_version(record, version_id(name))
        document = as_shown(sealed_document(record, version))
        if document.verbatim:
            say(f"note: {name} is compared as it was written: it cannot be read as text any more", err=True)
        return document, sealed_hashes(version)
    project = read_project(folders.docs, folders.settings, sealed_in(folders.record))
    document = project.documents[known_document(name, project.documents)]
    if document.source is None:
        raise click.UsageError(f"{name} is published elsewhere: there is no text of it to compare")
    return document, docs_hashes(folders.docs, document)


def _shown(script: Redline, form: str, only_changes: bool) -> str:
    if form == "json":
        return visible_json(json.dumps(to_json(script, only_changes=only_changes), ensure_ascii=False, indent=2)) + "\n"
    if form == "html":
        return html_page(script, only_changes=only_changes)
    # click takes the colours out again where the output is no terminal.
    return terminal_text(script, only_changes=only_changes, colour="NO_COLOR" not in os.environ)
