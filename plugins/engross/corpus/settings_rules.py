"""Rules between values of `documents.yml`: unique ids, files and addresses; references that exist; grounds; time zone;
the languages of a document. `docs_files` checks that files exist.

The rules read the YAML file value by value and skip values of the wrong type, which the schema reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

import engross.common.lazy_re as re
from engross.common import meant, nearest, shown
from engross.corpus.fields import (
    MARKDOWN,
    address_mistake,
    derived_address,
    file_mistake,
    https_mistake,
    suffix_mistake,
)
from engross.corpus.yaml import KeyPath, YamlFile, check_unique, named_texts
from engross.model import Diagnostic, DocumentKind

KINDS = {kind.value: kind for kind in DocumentKind}

RESERVED_IDS = {"changes": "all posted changes", "material": "material changes"}
"""Ids that no document may have, because feeds and the folder of posted notes use these names."""


def check_timezone(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that the time zone is in the time zone database."""
    name = file.text(("timezone",))
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        zone = _nearest_zone(name)
        hint = f'; did you mean "{zone}"?' if zone else ""
        yield file.mistake(("timezone",), f"{shown(name)} is not a time zone of the IANA database{hint}", fix=zone)


def _nearest_zone(name: str) -> str:
    zones = {zone.lower(): zone for zone in sorted(available_timezones())}
    return zones.get(nearest(name, zones), "")


def check_documents(file: YamlFile) -> Iterator[Diagnostic]:
    """Check each document, and that no two documents have the same id, file or address."""
    for path in file.items(("documents",)):
        kind = KINDS.get(file.text((*path, "kind")))
        yield from _check_file(file, path, kind)
        yield from _check_published(file, path, kind)
        yield from _check_changes(file, path)
    for at, name in named_texts(file, "documents", "id"):
        if name in RESERVED_IDS:
            yield file.mistake(at, f"{name} is the name of the feed of {RESERVED_IDS[name]}; choose another id")
    yield from check_unique(file, named_texts(file, "documents", "id"))
    yield from check_unique(file, named_texts(file, "documents", "file"))
    yield from check_unique(file, _addresses(file))
    yield from _check_row_pages(file)


def _check_file(file: YamlFile, path: KeyPath, kind: DocumentKind | None) -> Iterator[Diagnostic]:
    at, name = (*path, "file"), file.text((*path, "file"))
    if not name:
        if kind not in (None, DocumentKind.NOTICE_ONLY) and file.node(at) is None:
            yield file.mistake(at, f"is missing; a document of kind {kind} must have a file")
        return
    problem = file_mistake(name) or (suffix_mistake(name, kind) if kind else "")
    if problem:
        yield file.mistake(at, f"{shown(name)} is not valid: {problem}")


def _check_published(file: YamlFile, path: KeyPath, kind: DocumentKind | None) -> Iterator[Diagnostic]:
    at, address = (*path, "published"), file.text((*path, "published"))
    notice_only = kind is DocumentKind.NOTICE_ONLY
    if not address:
        if notice_only and file.node(at) is None:
            yield file.mistake(at, "is missing; a notice-only document must have the address where it is published")
        return
    if notice_only and ":" in address:
        problem, fix = https_mistake(address), ""
    else:
        problem, fix = address_mistake(address)
    if problem:
        yield file.mistake(at, f"{shown(address)} is not valid: {problem}", fix=fix)


def _check_changes(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    at, page = (*path, "changes"), file.text((*path, "changes"))
    problem = file_mistake(page) if page else ""
    if page and not problem and not page.lower().endswith(MARKDOWN):
        problem = "name a Markdown page (.md or .markdown)"
    if problem:
        yield file.mistake(at, f"{shown(page)} is not valid: {problem}")


def _addresses(file: YamlFile) -> Iterator[tuple[KeyPath, str]]:
    """Yield the address of each document; without `published`, the one derived from its file, once for each file."""
    files = set()
    for path in file.items(("documents",)):
        address, name = file.text((*path, "published")), file.text((*path, "file"))
        if address:
            yield (*path, "published"), address
        elif name and name.casefold() not in files:
            yield (*path, "file"), derived_address(name)
        files.add(name.casefold())


def _check_row_pages(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that no document has an address at which a long register has its further pages."""
    known = list(_addresses(file))
    registers = [
        address for at, address in known if file.node((*at[:-1], "register")) is not None and ":" not in address
    ]
    for at, address in known:
        for register in registers:
            base = f"{register.casefold().removeprefix('./')}rows/"
            if address.casefold().startswith(base) and address[len(base) :].rstrip("/").isdecimal():
                message = f"{shown(address)} is for further pages of the register at {register}; choose another address"
                yield file.mistake(at, message)


def check_sets(file: YamlFile) -> Iterator[Diagnostic]:
    """Check what each set says about documents, and that no two sets have the same id."""
    known = [name for _, name in named_texts(file, "documents", "id")]
    yield from check_unique(file, named_texts(file, "sets", "id"))
    # If no document has an id, report that mistake only, and not every reference to a document.
    for path in file.items(("sets",)) if known else ():
        yield from _check_agreement(file, (*path, "agreement"), known)
        yield from _check_incorporates(file, path, known)
        yield from _check_precedence(file, path, known)


def check_exceptions(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that every exception names an existing document."""
    known = [name for _, name in named_texts(file, "documents", "id")]
    for at, name in named_texts(file, "exceptions", "document") if known else ():
        if name not in known:
            yield _unknown(file, at, name, known)


def _check_agreement(file: YamlFile, at: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    name = file.text(at)
    if name and name not in known:
        yield _unknown(file, at, name, known)
    elif name:
        documents = named_texts(file, "documents", "id")
        kind = next(file.text((*path[:-1], "kind")) for path, document in documents if document == name)
        if kind in KINDS and kind != DocumentKind.AGREEMENT:
            yield file.mistake(at, f"{name} is a document of kind {kind}; name one of kind agreement")


def _check_incorporates(file: YamlFile, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    agreement, seen = file.text((*path, "agreement")), set()
    for at, name in file.texts((*path, "incorporates")):
        if name not in known:
            yield _unknown(file, at, name, known)
        elif name == agreement:
            yield file.mistake(at, f"{name} is the agreement, which cannot incorporate itself; remove it")
        elif name in seen:
            yield file.mistake(at, f"{name} is listed twice; remove one")
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
            yield file.mistake(at, f"{name} is listed twice; remove one")
        seen.add(name)


def _unknown(file: YamlFile, at: KeyPath, name: str, known: list[str]) -> Diagnostic:
    return file.mistake(at, f"there is no document {shown(name)}{meant(name, known)}", fix=nearest(name, known))


# RFC 4151: a host name or an e-mail address, a comma, and a date (a year, month or day).
_AUTHORITY = re.compile(r"(?:[\w.+-]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def check_grounds(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that ids of grounds and of their conditions are unique, and that documents name existing grounds."""
    known = [name for _, name in named_texts(file, "grounds", "id")]
    yield from check_unique(file, named_texts(file, "grounds", "id"))
    for path in file.items(("grounds",)):
        conditions = file.items((*path, "conditions"))
        yield from check_unique(file, (found for at in conditions for found in file.texts((*at, "id"))))
    for path in file.items(("documents",)):
        for at, name in file.texts((*path, "grounds")):
            if name not in known:
                message = f"there is no ground {shown(name)}{meant(name, known)}"
                yield file.mistake(at, message, fix=nearest(name, known))


def check_authority(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that the authority has the form that tag URIs require."""
    name = file.text(("authority",))
    if name and not _AUTHORITY.fullmatch(name):
        yield file.mistake(
            ("authority",), f"{shown(name)} is not valid: write a host name, a comma and a year: example.com,2026"
        )


def check_baseline(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that the baseline is a JSON file inside the docs folder."""
    name = file.text(("baseline",))
    if name and (problem := file_mistake(name) or ("" if name.endswith(".json") else "a baseline is a .json file")):
        yield file.mistake(("baseline",), f"{shown(name)} is not valid: {problem}")


def check_translations(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that translations name a document of the same kind, that languages differ, and which one governs."""
    places = {name: at[:-1] for at, name in named_texts(file, "documents", "id")}
    written: dict[str, dict[str, str]] = defaultdict(dict)
    for name, path in places.items():
        original = file.text((*path, "translation_of"))
        has_rows = file.text((*path, "kind")) in (DocumentKind.CATALOGUE, DocumentKind.REGISTER)
        if has_rows and file.node((*path, "language")) is not None:
            yield file.mistake((*path, "language"), "a register has the language of the site; remove this line")
        if original:
            yield from _check_original(file, path, original, places)
        language, group = file.text((*path, "language")).lower(), written[original or name]
        if language and language in group:
            message = f"{group[language]} is the text in this language already; name another language"
            yield file.mistake((*path, "language"), message)
        group.setdefault(language, name)
    for name, path in places.items():
        if file.node((*path, "governing")) is not None:
            yield from _check_governing(file, path, list(written[name]))


def _check_original(file: YamlFile, path: KeyPath, original: str, places: dict[str, KeyPath]) -> Iterator[Diagnostic]:
    at, name = (*path, "translation_of"), file.text((*path, "id"))
    if original not in places:
        message = f"there is no document {shown(original)}{meant(original, list(places))}"
        yield file.mistake(at, message, fix=nearest(original, list(places)))
        return
    first = places[original]
    if original == name:
        yield file.mistake(at, "a document is not its own translation; remove this line")
    elif earlier := file.text((*first, "translation_of")):
        yield file.mistake(at, f"{original} is a translation itself; name {earlier}", fix=earlier)
    elif (kind := file.text((*first, "kind"))) != file.text((*path, "kind")):
        yield file.mistake(at, f"{original} is a document of kind {kind}; give both the same kind")
    for one in (path, first):
        if not file.text((*one, "language")):
            must = f"{file.text((*one, 'id'))} must have a language, because it is one of several"
            message = f"{must}; add the language of its text, such as language: en"
            yield file.mistake((*one, "id"), message)


def _check_governing(file: YamlFile, path: KeyPath, languages: list[str]) -> Iterator[Diagnostic]:
    at = (*path, "governing")
    original = file.text((*path, "translation_of"))
    if original:
        yield file.mistake(at, f"a translation cannot say which language governs; move this to {original}")
        return
    language = file.text((*at, "language")).lower()
    if len(languages) < 2:
        yield file.mistake(at, "no document is a translation of this one; remove this, or add translation_of there")
    elif language and all(languages) and language not in languages:
        listed = " and ".join(sorted(languages))
        yield file.mistake((*at, "language"), f"no text is in {shown(language)}; the languages are {listed}")
