"""The data of the record's pages for programs: the list of versions, redlines by clause id, hashes of files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engross.model import Version
from engross.record import (
    SCHEMA_VERSION,
    SEAL,
    ChangedClause,
    DocumentHashes,
    HashesFile,
    ListedVersion,
    Record,
    RedlineChange,
    RedlineFile,
    VersionsFile,
    format_fixed,
    format_instant,
    published_json,
    redline_data,
    suffix,
    version_file,
    version_page,
    versions_page,
)
from engross.redline import Block, Redline, State, find_changes

Ids = tuple[Mapping[str, str], Mapping[str, str]]
"""The ids of the clauses of two versions, by anchor."""

PREFIX = 12
"""How many characters of a hash are listed: enough to find a file, and too few to prove that it is the same."""


def compact_json(value: Mapping[str, object]) -> bytes:
    """A published JSON file without blanks."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def versions_json(record: Record, document: str) -> dict[str, object]:
    """The content of `versions.json` (`VersionsFile`)."""
    retired = record.retired(document)
    ended = format_instant(retired.effective) if retired and retired.effective else None
    versions = tuple(_listed(version) for version in record.versions[document])
    return published_json(
        VersionsFile(schema_version=SCHEMA_VERSION, document=document, retired=ended, versions=versions)
    )


def _listed(version: Version) -> ListedVersion:
    post, name = version.post, version.id
    old = type(name)(name.document, post.supersedes)
    return ListedVersion(
        **{"class": post.change_class},
        version=version.number,
        posted=format_instant(version.posted),
        effective=format_fixed(version.effective),
        withdrawn=format_instant(version.withdrawn) if version.withdrawn else None,
        imported=version.imported or None,
        material=post.material if post.change_class else None,
        supersedes=post.supersedes or None,
        redacted=True if version.redactions else None,
        address=version_page(name),
        data=version_file(name, ".json"),
        redline=redline_data(old, version.number) if post.supersedes else None,
    )


def redline_json(script: Redline, old: Version, new: Version, ids: Ids) -> dict[str, object]:
    """The content of a redline's JSON file (`RedlineFile`); `ids` are the ids of the clauses of both versions."""
    changes = tuple(
        RedlineChange(
            where=change.where,
            clauses=tuple(_clauses(change.blocks, ids)),
            kinds=tuple(change.kinds),
            old=change.old or None,
            new=change.new or None,
        )
        for change in find_changes(script)
    )
    affected = dict.fromkeys(clause.id for change in changes for clause in change.clauses if clause.id)
    return published_json(
        RedlineFile(
            **{"from": old.number, "to": new.number},
            schema_version=SCHEMA_VERSION,
            document=new.id.document,
            affected=tuple(affected),
            changes=changes,
            pictures=script.pictures,
        )
    )


def _clauses(blocks: Iterable[Block], ids: Ids) -> Iterator[ChangedClause]:
    """The clauses of a change, each once: those of the new version, or of the old one where they were removed."""
    seen = set()
    for block in (inner for outer in blocks for inner in outer.walk()):
        if block.state is State.SAME:
            continue
        face, side = (block.new, 1) if block.new else (block.old, 0)
        if face and face.anchor and (face.anchor, side) not in seen:
            seen.add((face.anchor, side))
            yield ChangedClause(id=ids[side].get(face.anchor), anchor=face.anchor, side="to" if side else "from")


def hashes_json(record: Record, files: Mapping[str, str], endings: Sequence[str]) -> dict[str, object]:
    """The content of `hashes.json` (`HashesFile`).

    `files` are the SHA-256 of published files by name, `endings` those of the formats that the site offers.
    """
    documents = {
        name: DocumentHashes(
            title=(record.last_entry(name) or versions[-1].entry).title, files=_files(versions, files, endings)
        )
        for name, versions in record.versions.items()
    }
    beginning = tuple(f"{versions_page(name)}set-" for name in record.versions)
    sets = {name: sha[:PREFIX] for name, sha in files.items() if name.startswith(beginning)}
    return published_json(HashesFile(schema_version=SCHEMA_VERSION, length=PREFIX, documents=documents, sets=sets))


def _files(versions: Sequence[Version], files: Mapping[str, str], endings: Sequence[str]) -> dict[str, str]:
    sources = [suffix(version.entry) for version in versions]
    found = {}
    for ending in dict.fromkeys((*sources, *endings, SEAL, ".json")):
        hashes = (files.get(version_file(version.id, ending), "")[:PREFIX] for version in versions)
        found[ending] = "".join(sha or "-" * PREFIX for sha in hashes)
    return {ending: listed for ending, listed in found.items() if listed.strip("-")}
