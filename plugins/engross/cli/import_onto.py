"""`engross import EDITED.docx --onto FILE`: merge a Word file that was edited back into the document it came from.

What somebody negotiated must not become public by accident. So the result is written beside the docs, to a folder that
git ignores, and names and comments are left out unless they are asked for.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from engross.cli.export import Exports
from engross.cli.printing import say
from engross.cli.site import ignore, site_here
from engross.common import EngrossError, as_of, error, now, read_file, write_file
from engross.corpus import Folders, shown_path
from engross.exporting import DRAFT, Copy, draft_copy
from engross.importing import Edited, Origin, merge_edited, origin_of
from engross.model import Clause, Document, Source
from engross.record import NoteRequest, note_draft, note_markdown, read_state, sha256, tracked
from engross.text import parse, read_source

FOLDER = "negotiated"
"""The folder of merged texts, beside mkdocs.yml, which git ignores."""
_MOST = 64 * 1024 * 1024


def import_onto(
    edited: Path, onto: Path, tracking: str, *, base: Path | None, in_place: bool, keep_comments: bool, force: bool
) -> None:
    """Merge an edited Word file into the document whose text is the file `onto`, and write the result.

    `tracking` is what to do with tracked changes. `base` is the text that the file was exported from, if neither the
    docs nor the record have it, or the file does not say it. With `in_place` the document itself is changed. `force`
    replaces an earlier result. Raises EngrossError, and then nothing was written.
    """
    folders = site_here()
    exports = Exports(folders, as_of())
    document = _document(exports, onto)
    assert document.source is not None
    data, name = _read(edited), edited.as_posix()
    origin = origin_of(data, name)
    copy, known = _base(exports, document, origin, base, edited)

    def read(source: Source) -> Clause:
        return parse(source, numbering=document.entry.numbering)

    site = exports.around.site.url
    result = merge_edited(data, name, copy, document.source, read, tracked=tracking, known=known, site=site)
    if result.data == document.source.data:
        say(f"{edited} has no changes of {shown_path(onto)}; nothing was written")
        return
    files = _files(exports, document, result, in_place=in_place, keep_comments=keep_comments, folders=folders)
    _refuse_tracked(files, folders)
    _refuse_existing(files, folders, force=force)
    if not in_place or keep_comments:
        path = folders.root / ".gitignore"
        ignore(path, [f"/{FOLDER}/"], shown_path(path))
    for path, content in files.items():
        write_file(path, content)
    _report(edited, result, known=known, keep_comments=keep_comments)
    for path in files:
        say(f"wrote {shown_path(path)}")


def _document(exports: Exports, onto: Path) -> Document:
    """Return the document with a file. Raises click's UsageError if the site has none."""
    for document in exports.project.documents.values():
        if document.source is not None and (exports.project.docs / document.entry.file).resolve() == onto.resolve():
            return document
    texts = (exports.project.docs / one.entry.file for one in exports.project.documents.values() if one.source)
    known = ", ".join(shown_path(path) for path in texts)
    raise click.UsageError(f"--onto {onto} is the text of no document (known: {known})")


def _read(path: Path) -> bytes:
    try:
        return read_file(path, _MOST)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise EngrossError([error("unreadable-file", path.as_posix(), 0, 0, reason)]) from None


def _base(exports: Exports, document: Document, origin: Origin, base: Path | None, edited: Path) -> tuple[Copy, bool]:
    """Return the text that a file was exported from, and whether the file itself says so."""
    if origin.document and origin.document != document.id:
        message = f"it is an edited copy of {origin.document}, not of {document.id}; name that document with --onto"
        raise EngrossError([error("import", edited.as_posix(), 0, 0, message)])
    assert document.source is not None
    if base is not None:
        source = read_source(base, shown_path(base))
        if origin.source and sha256(source.data) != origin.source:
            message = f"{base} is not the text it was exported from: the hashes differ"
            raise EngrossError([error("import", edited.as_posix(), 0, 0, message)])
        return _draft(exports, document, source), bool(origin.source)
    if not origin.source:
        path = exports.project.docs / document.entry.file
        message = (
            "it does not say which text it was exported from, so its own changes cannot be distinguished from later "
            f"ones in the docs; name that text with --base, such as --base {shown_path(path)} if the docs are still "
            "the same"
        )
        raise EngrossError([error("import", edited.as_posix(), 0, 0, message)])
    versions = exports.record.versions.get(document.id, ())
    exported = [one for one in versions if one.sealed.source == origin.source]
    # The file of a version has other links than that of a draft with the same text.
    version = next((one for one in exported if str(one.id) == origin.version), exported[0] if exported else None)
    if origin.version == DRAFT and sha256(document.source.data) == origin.source:
        return _draft(exports, document, document.source), True
    if version is not None:
        return exports.version(version), True
    message = (
        f"it was exported from a text of {document.id} that is neither in the docs nor in the record "
        f"(SHA-256 {origin.source[:12]}…): pass that text, from the history of the repository, as --base FILE"
    )
    raise EngrossError([error("import", edited.as_posix(), 0, 0, message)])


def _draft(exports: Exports, document: Document, source: Source) -> Copy:
    text = replace(document, source=source, root=parse(source, numbering=document.entry.numbering))
    return draft_copy(exports.project, text, exports.at, exports.around, exports.options)


def _files(
    exports: Exports, document: Document, result: Edited, *, in_place: bool, keep_comments: bool, folders: Folders
) -> dict[Path, bytes]:
    """Return the files to write: the text, a draft of its change note, and the review if it is asked for."""
    aside = folders.root / FOLDER
    text = exports.project.docs / document.entry.file if in_place else aside / document.entry.file
    slug, note = _note(exports, document, result, folders)
    files = {text: result.data, (folders.notes if in_place else aside / "changes") / f"{slug}.md": note.encode("utf-8")}
    if keep_comments and result.review:
        files[aside / f"{document.id}.review.md"] = result.review.encode("utf-8")
    return files


def _note(exports: Exports, document: Document, result: Edited, folders: Folders) -> tuple[str, str]:
    """Return the name and the text of a draft change note, as if the merged text were in the docs."""
    assert document.source is not None
    source = replace(document.source, text=result.data.decode("utf-8-sig").replace("\r\n", "\n"), data=result.data)
    merged = replace(document, source=source, root=parse(source, numbering=document.entry.numbering))
    project = replace(exports.project, documents={**exports.project.documents, document.id: merged})
    plan = read_state(folders, now(), project, exports.record).plan
    draft = note_draft(plan, NoteRequest(documents=(document.id,)))
    return f"{as_of():%Y-%m-%d}-{document.id}-from-word", note_markdown(draft)


def _refuse_tracked(files: dict[Path, bytes], folders: Folders) -> None:
    """Raise EngrossError if git tracks a file of the folder that must not be in the repository, or a note exists."""
    aside = folders.root / FOLDER
    for path in files:
        link = next((one for one in (path, *path.parents) if one.is_relative_to(aside) and one.is_symlink()), None)
        if link:
            message = f"this is a symbolic link, and {FOLDER}/ must be a folder that git ignores; remove the link"
            raise EngrossError([error("import", shown_path(link), 0, 0, message)])
        if path.is_relative_to(aside) and tracked(path):
            message = f"git tracks this file, and {FOLDER}/ must not be in the repository; run git rm --cached on it"
            raise EngrossError([error("import", shown_path(path), 0, 0, message)])
        if path.parent == folders.notes and path.exists():
            message = "this note exists already, and is not overwritten; rename or delete it"
            raise EngrossError([error("import", shown_path(path), 0, 0, message)])


def _refuse_existing(files: dict[Path, bytes], folders: Folders, *, force: bool) -> None:
    """Raise EngrossError if an earlier result is in the way: it may be that of another negotiation."""
    found = [path for path in files if path.is_relative_to(folders.root / FOLDER) and path.exists()]
    if found and not force:
        message = "this is the result of an earlier import; move it, or replace it with --force"
        raise EngrossError([error("import", shown_path(path), 0, 0, message) for path in found])


def _report(edited: Path, result: Edited, *, known: bool, keep_comments: bool) -> None:
    """Print what was merged, and what was left out."""
    if not known:
        say(f"note: {edited} does not say which text it was exported from; it was compared with that of --base")
    for label, line in result.touched:
        say(f"changed: {label}{f' (line {line})' if line else ''}")
    for label in result.deleted:
        say(f"deleted: {label}")
    for label in result.untracked:
        say(f"note: changed without tracking: {label}")
    for remark in result.remarks:
        say(f"note: {remark}")
    if result.review and not keep_comments:
        say("note: who changed what, and the comments, were left out; --keep-comments writes them to a review file")
