"""Rules between the languages of a document in `documents.yml`: `language`, `translation_of` and `governing`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engross.common import meant, nearest, shown
from engross.corpus.yaml import KeyPath, YamlFile, named_texts
from engross.model import Diagnostic, DocumentKind


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
            message = f"{file.text((*one, 'id'))} must have a language, because it is one of several; add language: de"
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
