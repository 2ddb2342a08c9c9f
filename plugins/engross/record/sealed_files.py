"""The folder `record/`: the name of each sealed file, the functions that read them, and the format of trees.

ledger.jsonl                         the ledger
<document>/<n>-<sha12>.md or .yml    a sealed text, byte for byte
<document>/<n>-<sha12>.tree.json     its tree
<document>/<n>-<sha12>.seal.json     its seal file, whose hash names the three (format 2)
changes/<sha12>.md                   a posted change note
changes/<sha12>.seal.json            its seal file, whose hash names both (format 2)
pictures/<sha256>.<suffix>           a picture that a sealed text shows
.release                             during a release: its lock and its journal
.release.ledger                      during a release: the new ledger
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

import engross.common.lazy_re as re
from engross.common import EngrossError, error, read_file
from engross.corpus import shown_path
from engross.model import Alias, DocumentEntry, NoteRef, Picture, Sealed, Source, Tree, TreeClause, Version, VersionId
from engross.record.encoding import SHORT, STRICT, Count, canonical, sha256
from engross.record.history import LEDGER, Record
from engross.record.ledger.file import RULE
from engross.text import decode


class _ClauseRow(BaseModel):
    """A clause in the file of a tree. `changed` and `called` are left out if they equal `since`."""

    model_config = STRICT

    id: str
    anchor: str
    label: str
    kind: str
    words: str
    since: Count
    changed: Count = 0
    called: Count = 0
    named: bool = False


class _TreeFile(BaseModel):
    """The file of a tree. Fields with their default value are left out to keep it small."""

    model_config = STRICT

    format: Annotated[int, Field(ge=1, le=1)]
    next: Count
    clauses: tuple[_ClauseRow, ...]
    aliases: tuple[Alias, ...]
    reused: dict[str, Count]
    former: dict[str, tuple[str, Count]] = {}


_TREE_MISTAKES = {
    "format": "it is not a tree of format 1",
    "next": 'its "next" is not a number from 1',
    "clauses": 'its "clauses" is not a list',
    "aliases": 'its "aliases" is not a list',
    "reused": 'its "reused" does not give an earlier version for each anchor',
    "former": 'its "former" does not give a hash and a version for each anchor',
}
_ITEM = 'item {} of its "{}" is not as Engross writes it'


def tree_bytes(tree: Tree) -> bytes:
    """The file of a tree: canonical JSON on one line."""
    file = _TreeFile.model_construct(
        format=1,
        next=tree.next,
        clauses=tuple(map(_row, tree.clauses)),
        aliases=tree.aliases,
        reused=tree.reused,
        former=tree.former,
    )
    return canonical(file.model_dump(mode="json", exclude_defaults=True)) + b"\n"


def _row(clause: TreeClause) -> _ClauseRow:
    values = {name: getattr(clause, name) for name in _ClauseRow.model_fields}
    later = {name: 0 for name in ("changed", "called") if values[name] == clause.since}
    return _ClauseRow.model_construct(**{**values, **later})


@lru_cache(maxsize=64)
def read_tree(data: bytes, number: int) -> Tree:
    """Read the tree of version `number` from bytes whose hash was checked before. The pages of a version ask for it
    several times.

    Raises ValueError with a message for people if they are not a tree: whoever rewrites the ledger can seal any bytes.
    """
    try:
        file = _TreeFile.model_validate_json(data)
        # Engross writes only the escapes that JSON requires.
        if b"\\" in data and canonical(json.loads(data)) + b"\n" != data:
            raise ValueError("it is not canonical JSON")
    except ValidationError as wrong:
        raise ValueError(_tree_mistake(wrong)) from None
    former = [last for _, last in file.former.values()]
    for name, versions in (("reused", file.reused.values()), ("former", former)):
        if any(last >= number for last in versions):
            raise ValueError(f'its "{name}" does not give an earlier version for each anchor')
    for at, alias in enumerate(file.aliases, 1):
        if not 0 < alias.gone <= number:
            raise ValueError(_ITEM.format(at, "aliases"))
    clauses = tuple(_clause(row, at, number) for at, row in enumerate(file.clauses, 1))
    return Tree(clauses, file.aliases, file.next, file.reused, file.former)


def _tree_mistake(wrong: ValidationError) -> str:
    """The first mistake in the file of a tree, for people."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
    if found["type"] == "json_invalid":
        return "it is not canonical JSON"
    name, *place = found["loc"] or ("format",)
    if place and name in ("clauses", "aliases"):
        return _ITEM.format(int(place[0]) + 1, name)
    return _TREE_MISTAKES.get(str(name), f'it has a "{name}", which no tree has')


def _clause(row: _ClauseRow, at: int, number: int) -> TreeClause:
    since, changed, called = row.since, row.changed or row.since, row.called or row.since
    if not since <= changed <= number >= called >= since:
        raise ValueError(_ITEM.format(at, "clauses"))
    return TreeClause(row.id, row.anchor, row.label, row.kind, row.words, since, changed, called, row.named)


NOTES = "changes"
FOR_GIT: Mapping[str, bytes] = {".gitattributes": b"* -text\n", ".gitignore": b".release*\n"}
"""Files that keep git from changing sealed files and from storing the lock of a release."""
JOURNAL = ".release"
NEXT_LEDGER = ".release.ledger"
_YAML = (".yml", ".yaml")
PICTURES = "pictures"
SEAL = ".seal.json"
"""The end of a seal file's name."""
_SEALED_NAME = re.compile(
    rf"""{NOTES}/[0-9a-f]{{{SHORT}}}\.(md|seal\.json)
    | {PICTURES}/[0-9a-f]{{64}}(\.[a-z0-9]+)?
    | [a-z0-9][a-z0-9-]*/[1-9][0-9]*-[0-9a-f]{{{SHORT}}}\.(md|yml|tree\.json|seal\.json)""",
    re.VERBOSE,
)


def suffix(entry: DocumentEntry) -> str:
    """The suffix of a document's sealed texts."""
    return ".yml" if PurePosixPath(entry.file).suffix.lower() in _YAML else ".md"


def text_name(id: VersionId, sealed: Sealed, entry: DocumentEntry) -> str:
    """The name of a sealed text, relative to the record's folder."""
    return f"{_stem(id, sealed)}{suffix(entry)}"


def tree_name(id: VersionId, sealed: Sealed) -> str:
    """The name of the tree of a sealed text."""
    return f"{_stem(id, sealed)}.tree.json"


def seal_name(id: VersionId, sealed: Sealed) -> str:
    """The name of the seal file of a text of format 2."""
    return f"{_stem(id, sealed)}{SEAL}"


def _stem(id: VersionId, sealed: Sealed) -> str:
    return f"{id.document}/{id.number}-{sealed.ledger_hash[:SHORT]}"


def note_name(note: NoteRef) -> str:
    """The name of a posted note."""
    return f"{NOTES}/{note.ledger_hash[:SHORT]}.md"


def note_seal_name(note: NoteRef) -> str:
    """The name of the seal file of a note of format 2."""
    return f"{NOTES}/{note.ledger_hash[:SHORT]}{SEAL}"


def picture_name(picture: Picture) -> str:
    """The name of a sealed picture."""
    return f"{PICTURES}/{picture.sha256}{PurePosixPath(picture.path).suffix.lower()}"


def version_names(id: VersionId, sealed: Sealed, entry: DocumentEntry) -> dict[str, str]:
    """The files of one version without its pictures: name → hash. A hash is empty if its seal file was not read."""
    names = {text_name(id, sealed, entry): sealed.source, tree_name(id, sealed): sealed.tree}
    return {**names, seal_name(id, sealed): sealed.seal} if sealed.seal else names


def note_names(note: NoteRef) -> dict[str, str]:
    """The files of a posted note: name → hash. A hash is empty if its seal file was not read."""
    names = {note_name(note): note.sha256}
    return {**names, note_seal_name(note): note.seal} if note.seal else names


def listed(record: Record) -> dict[str, tuple[str, str]]:
    """Every sealed file that the ledger lists: name → its hash, and the name of the entry that lists it."""
    names: dict[str, tuple[str, str]] = {}
    for versions in record.versions.values():
        for version in versions:
            by = (version.redactions or (version.post,))[-1].name
            files = version_names(version.id, version.sealed, version.entry)
            names |= {name: (sha, by) for name, sha in files.items()}
            for picture in version.sealed.pictures:
                names.setdefault(picture_name(picture), (picture.sha256, by))
    for entry in record.entries:
        for note in entry.notes:
            by = record.note_redactions.get(note.slug, (entry,))[-1].name
            for name, sha in note_names(record.note(note)).items():
                names.setdefault(name, (sha, by))
    return names


def present(folder: Path) -> Iterator[str]:
    """The names of all files in the record's folder except the ledger, a journal and the files for git.

    Folders are left out.
    """
    return (name for name, _ in every_file(folder) if name not in (LEDGER, JOURNAL, NEXT_LEDGER, *FOR_GIT))


def every_file(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files in the record's folder, each with its name relative to it. A link is a file, whatever it leads to."""
    left = [""]
    while left:
        within = left.pop()
        for entry in os.scandir(f"{folder}/{within}"):
            if entry.is_dir(follow_symlinks=False):
                left.append(f"{within}{entry.name}/")
            else:
                yield f"{within}{entry.name}", entry


def is_written_name(name: str) -> bool:
    """Whether a release writes files with such a name."""
    return name in FOR_GIT or _SEALED_NAME.fullmatch(name) is not None


def sound_for_git(folder: Path) -> set[str]:
    """The files for git that exist with the right content."""
    return {name for name, data in FOR_GIT.items() if (folder / name).is_file() and read_file(folder / name) == data}


def read_sealed(record: Record, name: str, expected: str) -> bytes:
    """Read a sealed file. Raises EngrossError if it cannot be read, or is not the file that was sealed."""
    try:
        return checked_bytes(record.folder / name, expected)
    except ValueError as mistake:
        raise EngrossError([error(RULE, f"{record.shown}/{name}", 0, 0, str(mistake))]) from None


def checked_bytes(path: Path, wanted: str) -> bytes:
    """Read a sealed file. Raises ValueError with a message for people if it is not the file that was sealed."""
    try:
        if path.is_symlink():
            raise ValueError("its sealed file is a link; restore the file itself from the version history")
        data = read_file(path)
    except FileNotFoundError:
        raise ValueError(f"its sealed file is missing; {RESTORE}") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise ValueError(f"its sealed file cannot be read: {reason}; {RESTORE}") from None
    if sha256(data) != wanted:
        raise ValueError(ALTERED)
    return data


RESTORE = "restore it from the version history"
ALTERED = f"this sealed file was altered: its hash is not the one in the ledger; {RESTORE}"


def sealed_bytes(record: Record, version: Version) -> bytes:
    """The bytes of a version's text. Raises EngrossError as `read_sealed` does."""
    return read_sealed(record, text_name(version.id, version.sealed, version.entry), version.sealed.source)


def sealed_source(record: Record, version: Version, reader: int = 0) -> Source:
    """The sealed text of a version, to be read by the generation `reader` of the parser; by default its own.

    Raises EngrossError as `read_sealed` does, and if it is not text.
    """
    data, name = sealed_bytes(record, version), text_name(version.id, version.sealed, version.entry)
    source = decode_sealed(data, shown_path(record.folder / name), f"{version.id}: its sealed text")
    return replace(source, reader=reader or version.post.reader)


def decode_sealed(data: bytes, path: str, what: str, name: str = "") -> Source:
    """Decode sealed bytes; `name` is the name of the source if it is not `path`.

    Raises EngrossError that names `what` cannot be decoded, without the advice for drafts to save the file otherwise.
    """
    try:
        return decode(data, name or path, sealed=True)
    except EngrossError as failure:
        found = failure.diagnostics[0]
        message = f"{what} cannot be read: {found.message.rpartition(';')[0]}; {RESTORE}"
        raise EngrossError([error(found.rule, path, found.line, found.column, message)]) from None


def sealed_tree(record: Record, version: Version) -> Tree:
    """The sealed tree of a version. Raises EngrossError as `read_sealed` does, and if it is not a tree."""
    name = tree_name(version.id, version.sealed)
    data = read_sealed(record, name, version.sealed.tree)
    try:
        return read_tree(data, version.number)
    except ValueError as mistake:
        message = f"{version.id}: its sealed tree cannot be read: {mistake}; {RESTORE}"
        raise EngrossError([error(RULE, f"{record.shown}/{name}", 0, 0, message)]) from None


def sealed_seal(record: Record, version: Version) -> bytes:
    """The seal file of a version of format 2. Raises EngrossError as `read_sealed` does."""
    return read_sealed(record, seal_name(version.id, version.sealed), version.sealed.seal)


def sealed_note(record: Record, note: NoteRef) -> bytes:
    """The bytes of a posted note after redactions. Raises EngrossError as `read_sealed` does."""
    now = record.note(note)
    return read_sealed(record, note_name(now), now.sha256)


def sealed_pictures(record: Record, version: Version) -> dict[str, bytes]:
    """The pictures that are sealed with a text, by path. Raises EngrossError as `read_sealed` does."""
    pictures = version.sealed.pictures
    return {picture.path: read_sealed(record, picture_name(picture), picture.sha256) for picture in pictures}


Files = Mapping[str, bytes]
"""Files of a record by name, relative to its folder."""
