"""The languages of a site: its own, and that of each document, with the words of their pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from markupsafe import Markup

from engross.common import Cache, key_of, value_class
from engross.corpus import Project, Words, document_strings, row_strings
from engross.language import Recognized, language_of, recognize, remember, text_language
from engross.record import Record, sealed_source
from engross.render import PageLanguage, language_attributes


@value_class(frozen=True, slots=True)
class SiteLanguages:
    """The words of the site's own pages, and of the pages of each document, by its id."""

    words: Words
    documents: Mapping[str, PageLanguage] = field(default_factory=dict)

    def of(self, document: str) -> PageLanguage:
        """The language of a document's pages; the site's for a document that is not known."""
        return self.documents.get(document) or PageLanguage(self.words, self.words.language)

    def of_text(self, document: str) -> Markup:
        """The attributes of an element with text of a document, on a page of the site."""
        return language_attributes(self.of(document).text, self.words.language)


def site_languages(project: Project, record: Record, words: Words, own: Path, cache: Cache) -> SiteLanguages:
    """Find the language of each document of a project and of a record; `words` are those of the site.

    The folder `own` may have a site's own words for documents in other languages. The `cache` knows what the texts of
    the last build were recognized as. Raises EngrossError if the words have mistakes.
    """
    if cache.folder:
        documents = (one for one in project.documents.values() if not one.entry.kind.has_rows)
        _recognize_all((one.source.text for one in documents if one.source), cache)
    found = {name: language_of(document) for name, document in project.documents.items()}
    kinds = {name: document.entry.kind for name, document in project.documents.items()}
    for name, versions in record.versions.items():
        if not versions:
            continue
        entry = record.last_entry(name) or versions[-1].entry
        kinds.setdefault(name, entry.kind)
        if not found.get(name):
            found[name] = text_language(entry, sealed_source(record, versions[-1]))
    strings = {language: document_strings(language, words, own) for language in set(found.values()) if language}
    strings[words.language] = words
    of_rows = {language: row_strings(one) for language, one in strings.items()}
    pages = {}
    for name, language in found.items():
        if kinds[name].has_rows:
            pages[name] = PageLanguage(of_rows[language or words.language], language or words.language)
        elif language:
            pages[name] = PageLanguage(strings[language], language)
    return SiteLanguages(words, pages)


def _recognize_all(texts: Iterable[str], cache: Cache) -> None:
    """Recognize the languages of texts; those of the last build are in one entry of the cache, by their hashes."""
    every = list(texts)
    key = key_of("engross.language.detection", "languages")
    known: dict[str, tuple[str, bool, list[str]]] = json.loads(cache.get(key) or b"{}")
    used = {}
    for text in every:
        name = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        if name in known:
            code, english, mixed = known[name]
            remember(text, Recognized(code, english, frozenset(mixed)))
        found = recognize(text)
        used[name] = (found.code, found.english, sorted(found.mixed))
    if used.keys() != known.keys():
        cache.put(key, json.dumps(used).encode())
