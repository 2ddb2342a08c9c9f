"""The folder `record/`: where each sealed file lies, and the one door through which it is read.

ledger.jsonl                         the ledger
<document>/<n>-<sha12>.md or .yml    a sealed text, byte for byte
<document>/<n>-<sha12>.tree.json     its tree
changes/<sha12>.md                   a posted change note
.release                             while a release is under way: its lock, and what it is about to write
.release.ledger                      the ledger it is about to put in place
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from engross.corpus.project import shown_path
from engross.errors import EngrossError, error
from engross.model import DocumentEntry, NoteRef, Sealed, Source, Tree, Version, VersionId
from engross.record.canonical import SHORT, sha256
from engross.record.history import LEDGER, Record
from engross.record.ledger import RULE
from engross.record.trees_json import read_tree
from engross.text import decode

NOTES = "changes"
FOR_GIT: Mapping[str, bytes] = {".gitattributes": b"* -text\n", ".gitignore": b".release*\n"}
"""What the tool keeps in the record's folder so that git alters no byte of it, and stores no lock."""
JOURNAL = ".release"
NEXT_LEDGER = ".release.ledger"
_YAML = (".yml", ".yaml")
_SEALED_NAME = re.compile(
    rf"{NOTES}/[0-9a-f]{{{SHORT}}}\.md|[a-z0-9][a-z0-9-]*/[1-9][0-9]*-[0-9a-f]{{{SHORT}}}\.(md|yml|tree\.json)"
)


def suffix(entry: DocumentEntry) -> str:
    """How the name of a document's sealed texts ends."""
    return ".yml" if PurePosixPath(entry.file).suffix.lower() in _YAML else ".md"


def text_name(id: VersionId, sealed: Sealed, entry: DocumentEntry) -> str:
    """Where a sealed text lies, relative to the record's folder."""
    return f"{id.document}/{id.number}-{sealed.source[:SHORT]}{suffix(entry)}"


def tree_name(id: VersionId, sealed: Sealed) -> str:
    """Where the tree of a sealed text lies."""
    return f"{id.document}/{id.number}-{sealed.source[:SHORT]}.tree.json"


def note_name(sha: str) -> str:
    """Where a posted note lies."""
    return f"{NOTES}/{sha[:SHORT]}.md"


def listed(record: Record) -> dict[str, tuple[str, str]]:
    """Every sealed file that the record tells of: its name → its hash, and the name of the entry that lists it."""
    names: dict[str, tuple[str, str]] = {}
    for versions in record.versions.values():
        for version in versions:
            by = (version.redactions or (version.post,))[-1].name
            names[text_name(version.id, version.sealed, version.entry)] = (version.sealed.source, by)
            names[tree_name(version.id, version.sealed)] = (version.sealed.tree, by)
    for entry in record.entries:
        for note in entry.notes:
            names.setdefault(note_name(note.sha256), (note.sha256, entry.name))
    return names


def present(folder: Path) -> Iterator[str]:
    """Whatever lies in the record's folder but the ledger and the journal of a release, relative to it. Links are what
    they are, and not what they lead to; folders are told by what is in them.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name not in (LEDGER, JOURNAL, NEXT_LEDGER, *FOR_GIT) and (path.is_symlink() or not path.is_dir()):
            yield name


def is_written_name(name: str) -> bool:
    """Whether a release could have written a file of such a name."""
    return name in FOR_GIT or _SEALED_NAME.fullmatch(name) is not None


def sound_for_git(folder: Path) -> set[str]:
    """Which of the files for git are there, as the tool writes them."""
    return {
        name for name, data in FOR_GIT.items() if (folder / name).is_file() and (folder / name).read_bytes() == data
    }


def is_sealed(folder: Path, document: str, data: bytes) -> bool:
    """Whether some bytes lie in the record's folder as a text of a document."""
    named = (folder / document).glob(f"*-{sha256(data)[:SHORT]}.*")
    return any(found.read_bytes() == data for found in named)


def read_sealed(record: Record, name: str, expected: str) -> bytes:
    """The bytes of a sealed file. Raises EngrossError where it is missing, or is not what was sealed."""
    path = f"{record.shown}/{name}"
    try:
        data = (record.folder / name).read_bytes()
    except OSError as problem:
        reason = (problem.strerror or "it cannot be read").lower()
        raise EngrossError([error(RULE, path, 0, 0, f"a sealed file is missing: {reason}")]) from None
    if sha256(data) != expected:
        raise EngrossError([error(RULE, path, 0, 0, ALTERED)])
    return data


ALTERED = "this sealed file was altered: its hash is not the one in the ledger; restore it from the version history"


def sealed_source(record: Record, version: Version) -> Source:
    """The sealed text of a version. Raises EngrossError as `read_sealed` does."""
    name = text_name(version.id, version.sealed, version.entry)
    return decode(read_sealed(record, name, version.sealed.source), shown_path(record.folder / name))


def sealed_tree(record: Record, version: Version) -> Tree:
    """The tree of a version, as it was sealed. Raises EngrossError as `read_sealed` does."""
    return read_tree(read_sealed(record, tree_name(version.id, version.sealed), version.sealed.tree))


def sealed_note(record: Record, note: NoteRef) -> bytes:
    """The bytes of a posted note. Raises EngrossError as `read_sealed` does."""
    return read_sealed(record, note_name(note.sha256), note.sha256)


Files = Mapping[str, bytes]
"""Files of the record by name, relative to its folder."""
