"""What must fit together in `documents.yml`: ids, files, addresses, references, grounds.

What must fit together in `documents.yml`: ids, files and addresses given once, references that lead somewhere.

The rules look at what was written, value by value: what is of the wrong type is the schema's affair and is skipped.

What must fit together in what `documents.yml` says about posting changes: grounds, and who names feed entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from engross.common import meant, nearest, shown
from engross.corpus.fields import (
    MARKDOWN,
    address_mistake,
    derived_address,
    file_mistake,
    https_mistake,
    suffix_mistake,
)
from engross.corpus.yaml import KeyPath, YamlFile, repeated, written
from engross.model import Diagnostic, DocumentKind

KINDS = {kind.value: kind for kind in DocumentKind}

TAKEN = {"changes": "all posted changes", "material": "material changes"}
"""Ids that no document may have: feeds, and the folder of posted notes, are called so."""


def check_timezone(file: YamlFile) -> Iterator[Diagnostic]:
    """That the time zone is one that the time zone database knows."""
    name = file.text(("timezone",))
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        zone = _nearest_zone(name)
        hint = f'; did you mean "{zone}"?' if zone else ""
        yield file.mistake(("timezone",), f"{shown(name)} is no time zone of the IANA database{hint}", fix=zone)


def _nearest_zone(name: str) -> str:
    zones = {zone.lower(): zone for zone in sorted(available_timezones())}
    return zones.get(nearest(name, zones), "")


def check_documents(file: YamlFile) -> Iterator[Diagnostic]:
    """What is said of each document, and that no two claim the same id, file or address."""
    for path in file.items(("documents",)):
        kind = KINDS.get(file.text((*path, "kind")))
        yield from _check_file(file, path, kind)
        yield from _check_published(file, path, kind)
        yield from _check_changes(file, path)
    for at, name in written(file, "documents", "id"):
        if name in TAKEN:
            yield file.mistake(at, f"{name} will not do: the feed of {TAKEN[name]} is called so; choose another id")
    yield from repeated(file, written(file, "documents", "id"))
    yield from repeated(file, written(file, "documents", "file"))
    yield from repeated(file, _addresses(file))


def _check_file(file: YamlFile, path: KeyPath, kind: DocumentKind | None) -> Iterator[Diagnostic]:
    at, name = (*path, "file"), file.text((*path, "file"))
    if not name:
        if kind not in (None, DocumentKind.NOTICE_ONLY) and file.node(at) is None:
            yield file.mistake(at, f"is missing, and a document of kind {kind} has one")
        return
    wrong = file_mistake(name) or (suffix_mistake(name, kind) if kind else "")
    if wrong:
        yield file.mistake(at, f"{shown(name)} will not do: {wrong}")


def _check_published(file: YamlFile, path: KeyPath, kind: DocumentKind | None) -> Iterator[Diagnostic]:
    at, address = (*path, "published"), file.text((*path, "published"))
    notice_only = kind is DocumentKind.NOTICE_ONLY
    if not address:
        if notice_only and file.node(at) is None:
            yield file.mistake(at, "is missing, and a notice-only document says where it is published")
        return
    if notice_only and ":" in address:
        wrong, fix = https_mistake(address), ""
    else:
        wrong, fix = address_mistake(address)
    if wrong:
        yield file.mistake(at, f"{shown(address)} will not do: {wrong}", fix=fix)


def _check_changes(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    at, page = (*path, "changes"), file.text((*path, "changes"))
    wrong = file_mistake(page) if page else ""
    if page and not wrong and not page.lower().endswith(MARKDOWN):
        wrong = "a Markdown page (.md or .markdown) is wanted"
    if wrong:
        yield file.mistake(at, f"{shown(page)} will not do: {wrong}")


def _addresses(file: YamlFile) -> Iterator[tuple[KeyPath, str]]:
    """The address of each document; where none is written, the one that its file leads to, once for each file."""
    files = set()
    for path in file.items(("documents",)):
        address, name = file.text((*path, "published")), file.text((*path, "file"))
        if address:
            yield (*path, "published"), address
        elif name and name.casefold() not in files:
            yield (*path, "file"), derived_address(name)
        files.add(name.casefold())


def check_sets(file: YamlFile) -> Iterator[Diagnostic]:
    """What each set says of the documents, and that no two sets have one id."""
    known = [name for _, name in written(file, "documents", "id")]
    yield from repeated(file, written(file, "sets", "id"))
    # Where no document has an id, that is the mistake to tell, and not each reference that it leaves hanging.
    for path in file.items(("sets",)) if known else ():
        yield from _check_agreement(file, (*path, "agreement"), known)
        yield from _check_incorporates(file, path, known)
        yield from _check_precedence(file, path, known)


def check_exceptions(file: YamlFile) -> Iterator[Diagnostic]:
    """That every exception is for a document that there is."""
    known = [name for _, name in written(file, "documents", "id")]
    for at, name in written(file, "exceptions", "document") if known else ():
        if name not in known:
            yield _unknown(file, at, name, known)


def _check_agreement(file: YamlFile, at: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    name = file.text(at)
    if name and name not in known:
        yield _unknown(file, at, name, known)
    elif name:
        documents = written(file, "documents", "id")
        kind = next(file.text((*path[:-1], "kind")) for path, document in documents if document == name)
        if kind in KINDS and kind != DocumentKind.AGREEMENT:
            yield file.mistake(at, f"{name} is a document of kind {kind}, and one of kind agreement is wanted")


def _check_incorporates(file: YamlFile, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    agreement, seen = file.text((*path, "agreement")), set()
    for at, name in file.texts((*path, "incorporates")):
        if name not in known:
            yield _unknown(file, at, name, known)
        elif name == agreement:
            yield file.mistake(at, f"{name} is the agreement, which does not incorporate itself")
        elif name in seen:
            yield file.mistake(at, f"{name} is named twice")
        seen.add(name)


def _check_precedence(file: YamlFile, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    members = [file.text((*path, "agreement")), *(name for _, name in file.texts((*path, "incorporates")))]
    certain = all(member in known for member in members)
    seen = set()
    for at, name in file.texts((*path, "precedence")):
        if name not in known:
            yield _unknown(file, at, name, known)
        elif certain and name not in members:
            yield file.mistake(at, f"{name} is not a document of this set{meant(name, members)}")
        elif name in seen:
            yield file.mistake(at, f"{name} is named twice")
        seen.add(name)


def _unknown(file: YamlFile, at: KeyPath, name: str, known: list[str]) -> Diagnostic:
    return file.mistake(at, f"there is no document {shown(name)}{meant(name, known)}", fix=nearest(name, known))


# RFC 4151: a host name or an e-mail address, a comma, and a year, month or day.
_AUTHORITY = re.compile(r"(?:[\w.+-]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def check_grounds(file: YamlFile) -> Iterator[Diagnostic]:
    """That ids of grounds, and of conditions of one ground, are given once, and that documents name known grounds."""
    known = [name for _, name in written(file, "grounds", "id")]
    yield from repeated(file, written(file, "grounds", "id"))
    for path in file.items(("grounds",)):
        conditions = file.items((*path, "conditions"))
        yield from repeated(file, (found for at in conditions for found in file.texts((*at, "id"))))
    for path in file.items(("documents",)):
        for at, name in file.texts((*path, "grounds")):
            if name not in known:
                message = f"there is no ground {shown(name)}{meant(name, known)}"
                yield file.mistake(at, message, fix=nearest(name, known))


def check_authority(file: YamlFile) -> Iterator[Diagnostic]:
    """That the authority has the form that tag URIs want."""
    name = file.text(("authority",))
    if name and not _AUTHORITY.fullmatch(name):
        yield file.mistake(
            ("authority",), f"{shown(name)} will not do: a host name, a comma and a year, such as example.com,2026"
        )
