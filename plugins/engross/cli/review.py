"""`engross review`: what a branch would post, what is missing and which findings are new, for reviewers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, say_json, unreadable
from engross.cli.release import check_drafting
from engross.cli.site import site_here
from engross.common import now, visible, visible_json
from engross.review import COMMENT, SUMMARY, Review, read_review, to_json, to_markdown

FORMATS = ("markdown", "json", "github-comment")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="markdown",
    show_default=True,
    help="markdown: for the summary of a job, at most 1 MiB. github-comment: for a comment of at most 65,536 "
    "characters, which begins with the line <!-- engross-review --> so that the next one replaces it.",
)
@click.option(
    "--base",
    metavar="REF|FILE|URL",
    default="",
    help="The base branch to compare with: a ref of git, such as origin/main, or HEAD^1 on a merge made for review. "
    "With a file or an address of a ledger, only the record is compared.",
)
@click.option("--preview", metavar="URL", default="", help="The address of the draft site, for links to its pages.")
@click.option("--draft-artifact", metavar="URL", default="", help="The page from which the draft site is downloaded.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to FILE instead."
)
@click.pass_context
def review(ctx: click.Context, form: str, base: str, preview: str, draft_artifact: str, output: Path | None) -> None:
    """Show what a release would post now, and what keeps it from being posted.

    For each document: the redline, clause by clause; numbers, dates and definitions that change; the note as customers
    will read it; when the change takes effect. Then what is missing, with the text to paste, and the findings of
    `engross check` that the base does not have. What the branch did to the record is compared with the base.

    What cannot be read is a part of the review, and everything else is still shown. Exits with 0 whether or not there
    is anything to post or to correct, since `engross check` fails for that; with 1 if a document, a note or the
    settings cannot be read, or the record is broken or does not continue that of the base; and with 2 if the base or a
    file cannot be read.
    """
    if preview and not preview.startswith(("https://", "http://")):
        raise click.BadParameter("write the address of the draft site, beginning with https://", param_hint="--preview")
    if draft_artifact and not draft_artifact.startswith(("https://", "http://")):
        raise click.BadParameter("write an address that begins with https://", param_hint="--draft-artifact")
    found = replace(_read(base, preview), draft_artifact=draft_artifact)
    _write(found, form, output)
    ctx.exit(_exit_code(found))


def _read(base: str, preview: str) -> Review:
    folders = site_here()
    return read_review(folders, now(), base, preview, partial(check_drafting, folders=folders, strict=folders.strict))


def _write(found: Review, form: str, output: Path | None) -> None:
    text = to_json(found) if form == "json" else to_markdown(found, COMMENT if form == "github-comment" else SUMMARY)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        written = visible_json(text) + "\n" if form == "json" else visible(text)
        output.write_text(written, encoding="utf-8", newline="\n")
    elif form == "json":
        say_json(text)
    else:
        say(text, nl=False)


def _exit_code(found: Review) -> int:
    wrong = [problem for problem in found.problems if problem.is_error]
    if unreadable(one for problem in wrong for one in problem.findings):
        return UNREADABLE
    return FOUND if wrong else CLEAN
