"""`engross restore`: restore the text of a sealed version in the docs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engross.cli.printing import say
from engross.cli.site import VERSION, known_version, site_here
from engross.common import EngrossError, error, now
from engross.corpus import shown_path
from engross.drafting import write
from engross.model import Version, VersionId
from engross.record import (
    Draft,
    Plan,
    leaves_docs,
    picture_hash,
    picture_path,
    read_state,
    sealed_document,
    sealed_pictures,
    sealed_source,
    sha256,
    shown_pictures,
)


@click.command()
@click.argument("of", type=VERSION, metavar="DOC@N")
@click.option("--force", is_flag=True, help="Restore even if changes that were not posted would be lost.")
def restore(of: VersionId, force: bool) -> None:
    """Restore the sealed text of a version and its pictures in the docs, byte for byte, to post them again.

    The command posts nothing: a change note states which text is restored, and which announced versions are withdrawn.
    """
    plan = read_state(site_here(), now()).plan
    version = known_version(plan.record, of)
    draft = _draft(plan, of)
    path = Path(draft.document.source.path) if draft.document.source else Path()
    data = sealed_source(plan.record, version).data
    text_differs = draft.document.source is None or draft.document.source.data != data
    pictures = _other_pictures(plan, draft, version)
    lost = [path] if text_differs and _has_unposted(plan, draft) else []
    lost += [one for one in pictures if one.exists() and not _is_sealed(plan, one)]
    if lost and not force:
        message = f"has changes that were not posted and would be lost; save them elsewhere, then restore {of} --force"
        raise EngrossError([error("restore", one.as_posix(), 0, 0, message) for one in lost])
    if text_differs:
        write(path, data)
        say(f"wrote {path}: the text of {of}")
    else:
        say(f"{path} is the text of {of} already")
    for one, picture in pictures.items():
        one.parent.mkdir(parents=True, exist_ok=True)
        one.touch()
        write(one, picture)
        say(f"wrote {one}: a picture of {of}")
    for line in _next(plan, version):
        say(line)


def _other_pictures(plan: Plan, draft: Draft, version: Version) -> dict[Path, bytes]:
    """Return the sealed pictures of a version that the docs folder does not have, by the files to write.

    Raises EngrossError if such a file would be outside the docs folder.
    """
    sealed, docs, found = sealed_pictures(plan.record, version), plan.project.docs, dict[Path, bytes]()
    for shown in shown_pictures(sealed_document(plan.record, version)) if sealed else ():
        path, data = picture_path(draft.entry.file, shown.target), sealed.get(shown.path)
        if data is not None and leaves_docs(path):
            path = draft.document.source.path if draft.document.source else draft.entry.file
            raise EngrossError([error("restore", path, 0, 0, _OUTSIDE.format(shown.target, version.id))])
        if data is not None and picture_hash(docs, path) != sha256(data):
            found[Path(shown_path(docs / path))] = data
    return found


_OUTSIDE = (
    "the picture {} of {} would be outside the docs folder, since the document was in another folder then; move the "
    "document back to that folder in documents.yml, then restore it"
)


def _is_sealed(plan: Plan, path: Path) -> bool:
    """Whether a picture was sealed with any version, so that overwriting its file loses nothing."""
    versions = (version for one in plan.record.versions.values() for version in one)
    known = {picture.sha256 for version in versions for picture in version.sealed.pictures}
    return path.is_file() and sha256(path.read_bytes()) in known


def _draft(plan: Plan, of: VersionId) -> Draft:
    draft = plan.drafts.documents.get(of.document)
    if draft is None or not draft.has_text:
        path = plan.project.settings.file.source.path
        message = f"documents.yml lists no file for {of.document}; restore its entry first"
        raise EngrossError([error("restore", path, 0, 0, message)])
    return draft


def _has_unposted(plan: Plan, draft: Draft) -> bool:
    """Whether the text in the docs is that of no posted version."""
    source = draft.document.source
    versions = plan.record.versions.get(draft.entry.id, ())
    return source is not None and sha256(source.data) not in {one.sealed.source for one in versions}


def _next(plan: Plan, version: Version) -> Iterator[str]:
    """Yield the next steps to bring the text into force, line by line."""
    if version.redactions:
        yield f"{version.id} was redacted: the text does not have the redacted words"
    announced = _announced(plan, version)
    withdrawn = frozenset(one.id for one in announced)
    last = plan.record.latest(version.id.document, withdrawn)
    if last and last.id == version.id and not announced:
        yield f"{version.id} is the last posted version; there is nothing to post"
        return
    options = [f"--withdraws {one.id}" for one in announced]
    if last is None or last.id != version.id:
        options.append(f"--restores {version.id}")
    facts = [f"withdraws: [{', '.join(str(one.id) for one in announced)}]"] if announced else []
    facts += [f"restores: {version.id}"] if last is None or last.id != version.id else []
    yield f"To post it, write a change note with {' and '.join(facts)}:"
    yield f"  engross change new --document {version.id.document} {' '.join(options)}"
    if announced and version.effective <= plan.posted:
        listed = " and ".join(str(one.id) for one in announced)
        yield f"To make a small fix in it and announce {listed} again, make the fix, then:"
        yield f"  engross change rebase {version.id.document}"


def _announced(plan: Plan, version: Version) -> tuple[Version, ...]:
    """Return the announced versions that would replace the restored text."""
    coming = plan.record.scheduled(version.id.document, plan.posted)
    return tuple(one for one in coming if one.id != version.id and one.withdrawal is None)
