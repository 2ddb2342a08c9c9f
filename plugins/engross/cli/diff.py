"""`engross diff OLD NEW`: what changed between two files, as text, JSON or HTML."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from engross.errors import EngrossError
from engross.redline import Redline, redline
from engross.redline.as_json import to_json
from engross.redline.page import html_page
from engross.redline.terminal import terminal_text
from engross.text import read_source


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to show it: text for a terminal, JSON for programs, HTML as a page by itself.",
)
@click.option("--only-changes", is_flag=True, help="Show only what changed, with the headings above it.")
def diff(old: Path, new: Path, form: str, only_changes: bool) -> None:
    """Show what changed from OLD to NEW, two Markdown or YAML files.

    Exits 0 where a reader would see no difference, 1 where one would, 2 where a file cannot be read. Line wraps,
    comments and the order of YAML keys are no difference to a reader; the text says so where only they changed.
    """
    try:
        script = redline(read_source(old), read_source(new))
    except EngrossError as problem:
        for diagnostic in problem.diagnostics:
            click.echo(f"{diagnostic.severity.word}: {diagnostic}", err=True)
        sys.exit(2)
    output = _shown(script, form, only_changes)
    # Files for programs are UTF-8 wherever they are made; text goes out as the terminal wants it.
    click.echo(output if form == "text" else output.encode("utf-8"), nl=False)
    sys.exit(1 if script.is_visible else 0)


def _shown(script: Redline, form: str, only_changes: bool) -> str:
    if form == "json":
        return json.dumps(to_json(script, only_changes=only_changes), ensure_ascii=False, indent=2) + "\n"
    if form == "html":
        return html_page(script, only_changes=only_changes)
    # click takes the colours out again where the output is no terminal.
    return terminal_text(script, only_changes=only_changes, colour="NO_COLOR" not in os.environ)
