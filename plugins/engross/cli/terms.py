"""`engross terms`: list defined terms, their uses, and cross-references."""

from __future__ import annotations

from pathlib import Path

import click

from engross.cli.output import print_terms
from engross.cli.printing import say, say_json
from engross.common import EngrossError
from engross.drafting import read_inputs, terms_json


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="Output format."
)
@click.option("--together", is_flag=True, help="Read the single files as one set; the first is its agreement.")
@click.pass_context
def terms(ctx: click.Context, paths: tuple[Path, ...], form: str, together: bool) -> None:
    """List the defined terms of contracts, their uses and the cross-references.

    PATHS are Markdown files or folders of them; without PATHS, every set of the site is read.
    """
    try:
        inputs = read_inputs(paths, Path.cwd(), together=together)
    except EngrossError as failure:
        for found in failure.diagnostics:
            say(str(found), err=True)
        ctx.exit(2)
    for problem in inputs.problems:
        say(str(problem), err=True)
    bindings = [subject.binding for subject in inputs.subjects]
    if form == "json":
        say_json(terms_json(bindings, inputs.shown))
    else:
        print_terms(bindings, inputs.shown)
    ctx.exit(2 if inputs.problems else 0)
