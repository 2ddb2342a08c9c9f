"""`engross restore`: puts the text of a sealed version back into the docs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engross.checks.fixes import write
from engross.cli.site import VERSION, known_version, site_here
from engross.clock import now
from engross.errors import EngrossError, error
from engross.model import Version, VersionId
from engross.record import read_state
from engross.record.archive import sealed_source
from engross.record.drafts import Draft
from engross.record.plan import Plan


@click.command()
@click.argument("of", type=VERSION, metavar="DOC@N")
@click.option("--force", is_flag=True, help="Put it back also where changes that were not posted would be lost.")
def restore(of: VersionId, force: bool) -> None:
    """Put the sealed text of a version back into the docs, byte for byte, to be posted again.

    Nothing is posted by it: a change note says that the text is restored, and which announced versions are withdrawn.
    """
    plan = read_state(site_here(), now()).plan
    version = known_version(plan.record, of)
    draft = _draft(plan, of)
    path = Path(draft.document.source.path) if draft.document.source else Path()
    data = sealed_source(plan.record, version).data
    if draft.document.source and draft.document.source.data == data:
        click.echo(f"{path} is the text of {of} already")
    elif _has_unposted(plan, draft) and not force:
        message = f"has changes that were not posted and would be lost; keep them elsewhere, then restore {of} --force"
        raise EngrossError([error("restore", path.as_posix(), 0, 0, message)])
    else:
        write(path, data)
        click.echo(f"wrote {path}: the text of {of}")
    for line in _next(plan, version):
        click.echo(line)


def _draft(plan: Plan, of: VersionId) -> Draft:
    draft = plan.drafts.documents.get(of.document)
    if draft is None or not draft.has_text:
        path = plan.project.settings.file.source.path
        message = f"{of.document} is not listed with a file; put its entry back before its text"
        raise EngrossError([error("restore", path, 0, 0, message)])
    return draft


def _has_unposted(plan: Plan, draft: Draft) -> bool:
    """Whether the text in the docs is that of no version."""
    source = draft.document.source
    versions = plan.record.versions.get(draft.entry.id, ())
    return source is not None and all(sealed_source(plan.record, one).data != source.data for one in versions)


def _next(plan: Plan, version: Version) -> Iterator[str]:
    """What is to be done for the text to be in force, line by line."""
    if version.redactions:
        yield f"{version.id} was redacted: what was taken out of it is not in the text"
    announced = _announced(plan, version)
    withdrawn = frozenset(one.id for one in announced)
    last = plan.record.latest(version.id.document, withdrawn)
    if last and last.id == version.id and not announced:
        yield f"{version.id} is what was posted last; there is nothing to post"
        return
    options = [f"--withdraws {one.id}" for one in announced]
    if last is None or last.id != version.id:
        options.append(f"--restores {version.id}")
    facts = [f"withdraws: [{', '.join(str(one.id) for one in announced)}]"] if announced else []
    facts += [f"restores: {version.id}"] if last is None or last.id != version.id else []
    yield f"To post it, write a change note that says {' and '.join(facts)}:"
    yield f"  engross change new --document {version.id.document} {' '.join(options)}"
    if announced and version.effective <= plan.posted:
        listed = " and ".join(str(one.id) for one in announced)
        yield f"To make a small fix in it and announce {listed} again, make the fix, then:"
        yield f"  engross change rebase {version.id.document}"


def _announced(plan: Plan, version: Version) -> tuple[Version, ...]:
    """What is announced for the document, and would take the place of the text that is restored."""
    coming = plan.record.announced(version.id.document, plan.posted)
    return tuple(one for one in coming if one.id != version.id and one.withdrawal is None)
