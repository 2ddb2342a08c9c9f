"""The languages of a version: links to the versions in the other languages that were in force with it.

Which documents are one document in several languages, and which language governs, is not sealed: pages of versions show
what documents.yml says now. The clause that says which language governs must be in the text that was in force then.
"""

from __future__ import annotations

from collections.abc import Iterator

from engross.common import value_class
from engross.corpus import clause_named
from engross.model import Version
from engross.record import Record, version_page
from engross.render.archive.frame import Site, Translations
from engross.render.archive.sealed_texts import SealedTexts
from engross.render.archive.version_html import ROOT
from engross.render.pages.other_languages import Governing, OtherLanguage, language_name


@value_class(frozen=True, slots=True)
class VersionLanguages:
    """The languages of a version, the original first (none if it has only one), and the one that governs.

    Addresses begin with `ROOT`.
    """

    all: tuple[OtherLanguage, ...] = ()
    governing: Governing | None = None


def version_languages(texts: SealedTexts, version: Version, site: Site) -> VersionLanguages:
    """The languages that a version had when it took effect."""
    group = site.translations.get(version.id.document)
    if group is None:
        return VersionLanguages()
    found = tuple(_all(texts.record, version, site))
    if len(found) < 2:
        return VersionLanguages()
    return VersionLanguages(found, _governing(texts, version, group, site))


def with_version(record: Record, version: Version, site: Site) -> Iterator[tuple[str, Version]]:
    """Yield the language and version of each text of a document that was in force with a version, itself included."""
    group = site.translations.get(version.id.document)
    for tag, name in group.languages if group else ():
        there = version if name == version.id.document else _then(record, name, version)
        if there is not None:
            yield tag, there


def _then(record: Record, document: str, version: Version) -> Version | None:
    return record.in_force(document, version.effective) if document in record.versions else None


def _all(record: Record, version: Version, site: Site) -> Iterator[OtherLanguage]:
    for tag, there in with_version(record, version, site):
        address = "" if there is version else f"{ROOT}{site.file(version_page(there.id))}"
        yield OtherLanguage(tag, language_name(tag), address, {})


def _governing(texts: SealedTexts, version: Version, group: Translations, site: Site) -> Governing | None:
    original = group.languages[0][1]
    there = version if original == version.id.document else _then(texts.record, original, version)
    document = texts.document(there) if there and group.governing else None
    clause = clause_named(document.root, group.governing[1]) if document and group.governing else None
    if there is None or clause is None or group.governing is None:
        return None
    address = "" if there is version else f"{ROOT}{site.file(version_page(there.id))}"
    return Governing(language_name(group.governing[0], site.language), clause.label, f"{address}#{clause.anchor}")
