"""Every word the templates show, in one catalogue, by the language of the site's theme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import TypeAdapter

from engross.common import error, shown
from engross.corpus import YamlFile, read, require, shown_path
from engross.model import Diagnostic
from engross.render import archive_words, paper_words, posted_words, redline_words
from engross.text import read_source

ENGLISH: Mapping[str, str] = {
    "kind_agreement": "Agreement",
    "kind_url-terms": "Terms incorporated by reference",
    "kind_policy": "Policy",
    "kind_catalogue": "Catalogue",
    "kind_notice-only": "Published elsewhere",
    "about": "About this document",
    "more_about": "More about this document",
    "precedence": "Where they conflict",
    "from_high_to_low": "What stands first prevails:",
    "this_document": "this document",
    "download": "Download",
    "download_source": "the text as Markdown",
    "download_html": "version {version} as one HTML file",
    "download_json": "the list as JSON",
    "part_of": "Part of",
    "incorporated_by": "Incorporated by",
    "incorporates": "Incorporates",
    "stands_alone": "Stands by itself: no agreement incorporates it",
    "changes": "Changes are posted on",
    "changes_page": "the page of posted changes",
    "this_page": "this page",
    "and": "and",
    "notice": "Please note",
    "illustrative": "This list is illustrative.",
    "as_of": "As of",
    "models": "Models",
    "model": "Model",
    "provider": "Provider",
    "task": "Task",
    "modalities": "Takes and gives",
    "modality": "Modality",
    "licence": "Licence",
    "licence_text": "Text of the licence",
    "stage": "Stage",
    "all": "All",
    "filter": "Show only",
    "show_all": "Show all",
    "none_match": "No model in this list matches all of these.",
    "takes": "Takes",
    "gives": "Gives",
    "id": "Id",
    "api_id": "Name in requests",
    "version": "Version",
    "base_model": "Made from",
    "restrictions": "What the licence asks",
    "retrieved": "Licence read on",
    "sha256": "SHA-256 of the licence",
    "parameters": "Parameters",
    "context_tokens": "Tokens in context",
    "output_tokens": "Tokens given at most",
    "residency": "Processed in",
    "retention": "Kept for",
    "trains_on_input": "Trains on input",
    "yes": "yes",
    "no": "no",
    "pricing": "Price",
    "docs": "Documentation",
    "source": "Published by its maker at",
    "replacement": "Replaced by",
    "day_preview": "Preview from",
    "day_ga": "Available from",
    "day_deprecated": "Deprecated from",
    "day_retires": "Retires on",
    "model_leaves": "Leaves this list",
    "not_stated": "not stated",
    "stage_announced": "announced",
    "stage_preview": "preview",
    "stage_available": "available",
    "stage_deprecated": "deprecated",
    "stage_retired": "retired",
    "defined_terms": "Defined terms",
    "letters": "Letters",
    "defined_in": "Defined in",
    "scope_document": "for that document only",
    "scope_section": "for that section only",
    "scope_clause": "for that clause only",
    "used_times": "Used {count} times",
    "used_once": "Used once",
    "used_never": "Not used",
    "all_uses": "all {count} clauses that use it",
    "draft": "Draft",
    "draft_unposted": "No version has been posted: this text is not in force.",
    "draft_differs": "This is what is being drafted. It is not in force, and may never be.",
    "draft_same": "This page is part of a draft; its text is the one that was posted last.",
    "draft_in_force": "Version {version}, in force",
    "retired": "No longer published",
    "retired_since": "This document is not in force since",
    "not_in_force": "No version of this document is in force",
    "announced": "Announced",
    "announced_from": "Version {version} takes effect on",
    "announced_text": "read it",
    "posted": "posted",
    "in_force_since": "In force since",
    "in_force_since_lower": "in force since",
    "version_lower": "version",
    "all_versions": "All versions",
    "hash": "Hashes (SHA-256)",
    "hash_text": "of the words and their structure",
    "hash_source": "of the source file",
    "clause_changed": "Changed in version {version}",
    "clause_new": "New in version {version}",
    "clause_history": "History of this clause",
    "label_reused": "Until version {version}, this label stood beside other words.",
    "subscribe_changes": "Subscribe to changes",
    "propose": "For editors",
    "write_note": "write a change note",
    "moved_to": "This document is now at",
    "gone": "Addresses that are no more",
    "gone_anchor": "The address #{anchor} was given up in version {version}.",
    "gone_leads": "It now leads here.",
    "link_to": "Link to {label}",
    "contents": "Contents",
    "reading": "Reading",
    "term_links": "Links to definitions",
    "term_links_all": "all uses",
    "term_links_first": "first use in each section",
    "term_links_off": "none",
    "key_list": "Keys",
    "keys_clause": "next and previous clause",
    "keys_section": "next and previous section",
    "keys_controls": "along the controls of the clauses, once one of them has the focus",
    "keys_links": "to the terms and references within the clause, and back",
    "keys_definition": "from a term into the definition shown for it",
    "keys_menu": "on the control of a clause: link, citation, text",
    "keys_close": "close what is open",
    "keys_letters": "Use the letter keys",
    "copy_link": "Copy link",
    "copy_citation": "Copy citation",
    "copy_text": "Copy text",
    "copied_link": "Link copied",
    "copied_citation": "Citation copied",
    "copied_text": "Text copied",
    "copy_refused": "The browser refused to copy",
    "cite": "Cite {label}",
    "cite_version": "version {version}",
    "cite_effective": "in force from {effective}",
    "cite_draft": "draft, not in force",
    "cite_hash": "SHA-256 {hash}",
    "definition_of": "Definition: {term}",
    "into_definition": "↓ into the definition, Esc closes it",
    "machine_readable": "The same list for programs",
    "schema": "its schema",
    **archive_words.ENGLISH,
    **posted_words.ENGLISH,
    **paper_words.ENGLISH,
    **redline_words.ENGLISH,
    "search": "Search",
    "menu": "Menu",
    "precedence_rank": "Where they conflict: place {rank} of {ranks}",
    "other_documents": "Other documents",
    "missing": "This page does not exist",
    "missing_explained": "The address may be mistyped, or what it led to was never published. These are the documents:",
    "search_documents": "Search all documents",
    "all_as_json": "what is in force of each document: version, dates and hashes",
    "precedence_order": "Where they conflict, they prevail in this order:",
}

FILE = "words.yml"
"""The file of a site's own words, in its folder of templates."""

_WORDS = TypeAdapter(dict[str, str])
_GAP = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


def ui_strings(language: str, own: Path | None = None) -> Mapping[str, str]:
    """The catalogue of a language ("en", "de-CH"); English where there is none for it.

    A site's own words win: those of the file `words.yml` in its folder of templates, `own`. Raises EngrossError where
    the file has an unknown key, a word that is no text, a gap ("{count}") that nothing fills, or any other brace.
    """
    shipped = _LANGUAGES.get(language.split("-")[0].lower(), ENGLISH)
    path = own / FILE if own else None
    return {**shipped, **_read(path)} if path and path.is_file() else shipped


def _read(path: Path) -> dict[str, str]:
    reading = read(read_source(path, shown_path(path)), _WORDS)
    found = reading.value or {}
    mistakes = (_mistake(reading.file, key, word) for key, word in found.items() if reading.file)
    return require(reading, [*reading.findings, *filter(None, mistakes)])[1]


def _mistake(file: YamlFile, key: str, word: str) -> Diagnostic | None:
    """What is wrong with a word: its key is unknown, or it has a gap that nothing fills."""
    if key not in ENGLISH:
        near = get_close_matches(key, ENGLISH, 1)
        said = f"{key}: the catalogue has no such word{f'; did you mean {near[0]}?' if near else ''}"
        return error("schema", file.source.path, *file.key_place((key,)), said)
    known = _GAP.findall(ENGLISH[key])
    for braces in _BRACES.findall(word):
        gap = _GAP.fullmatch(braces)
        if not gap:
            return file.mistake((key,), _no_gap(braces, known))
        if gap[1] not in known:
            return file.mistake((key,), f"{braces} is filled with nothing here")
    return None


def _no_gap(braces: str, known: Sequence[str]) -> str:
    """What is wrong with braces that are no gap: what `str.format` would make of them must never be asked."""
    allowed = " and ".join(f"{{{name}}}" for name in dict.fromkeys(known))
    here = f"here {allowed} may stand" if allowed else "this word has no gap"
    if braces in "{}":
        return f"a brace without its partner; a gap is a name in braces, no other brace may stand in a word, and {here}"
    return f"{shown(braces)} is no gap: a gap is a name alone in braces, and {here}"
