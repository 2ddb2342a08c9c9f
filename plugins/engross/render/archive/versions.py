"""The files of a sealed version: its page, its self-contained HTML copy, its source, and its facts as JSON.

They never change once the version has taken effect, so they do not state whether it is in force: the list does. On
paper and in the copy, a cover and the steps to verify the text are added. Addresses into the site begin with
`text.ROOT`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from engross.common import EngrossError, value_class
from engross.corpus import LAST_DAY_TO_OBJECT, PageType, Words, verbatim_document
from engross.fidelity import check_site_page
from engross.model import Document, Entry, Sealed, Version, VersionId
from engross.record import (
    LEDGER_FILE,
    SEAL,
    Record,
    change_page,
    compare_page,
    data_address,
    days_to_object,
    format_fixed,
    format_instant,
    redline_page,
    sealed_pictures,
    sealed_seal,
    sealed_source,
    sealed_tree,
    suffix,
    version_file,
    version_page,
    version_pictures,
    versions_page,
)
from engross.render.archive.frame import Site, archive_page, file_of
from engross.render.archive.imports import claimed_date, effective_date, imported_from
from engross.render.archive.linked_data import linked_data
from engross.render.archive.sealed_texts import SealedTexts, own_sets
from engross.render.archive.version_html import ROOT, Text, kept, placed, render_text
from engross.render.archive.version_languages import VersionLanguages, version_languages
from engross.render.languages import language_attributes
from engross.render.pages.document_page import contents, title_clause
from engross.render.pages.other_languages import with_languages
from engross.render.pages.print import SHORT, Cover, Ending, code, fill_sentence, link, set_titles, version_standing

Facts = Iterator[tuple[str, Markup]]


def version_cover(version: Version, sets: Iterable[str], ending: Ending | None, site: Site) -> Cover:
    """The cover of a version; `sets` are the titles of the sets that it belonged to, `ending` is its recorded end."""
    words, entry = site.words, version.entry
    return Cover(
        words[f"kind_{entry.kind}"],
        entry.title,
        words["archive_version_title"].format(title=entry.title, number=version.number),
        set_titles(entry.title, sets),
        version_standing(version, ending, words, site.instant),
        (*_when(version, site), *_proof(version, site), *_where(version, site)),
        version.sealed.text[:SHORT],
    )


def _when(version: Version, site: Site) -> Facts:
    words, post = site.words, version.post
    yield words["archive_version"], Markup(version.number)
    if version.imported:
        yield words["imported_source"], Markup(escape(imported_from(post, words)))
        yield words["imported_date"], claimed_date(post, site.dates)
        yield words["imported_sealed"], site.instant(version.posted)
    else:
        yield words["archive_posted"], site.instant(version.posted)
        yield words["archive_effective"], effective_date(version, site.dates)
    if version.imported and not post.change_class:
        yield words["archive_change"], Markup(escape(words["imported_not_classified"]))
        yield words["approved_by"], Markup(escape(words["imported_approval"]))
    if post.change_class:
        kind = words["archive_is_material" if post.material else "archive_not_material"]
        yield words["archive_change"], Markup("{}, {}").format(words[f"archive_class_{post.change_class}"], kind)
    for redaction in version.redactions:
        redacted = Markup("{}: {}. {}").format(site.instant(redaction.posted), redaction.clause, redaction.reason)
        yield words["archive_redacted"], redacted


def _proof(version: Version, site: Site) -> Facts:
    words, post = site.words, version.post
    yield words["paper_short_hash"], code(version.sealed.text[:SHORT])
    yield words["paper_text_hash"], code(version.sealed.text)
    yield words["paper_source_hash"], code(version.sealed.source)
    if version.sealed.seal:
        yield words["archive_seal_hash"], code(version.sealed.seal)
    yield words["archive_ledger_entry"], Markup("{}, {}").format(post.seq, code(post.hash))


def _where(version: Version, site: Site) -> Facts:
    words, document = site.words, version.id.document
    to = partial(_printed, site)
    yield words["paper_this_version"], to(version_page(version.id))
    yield words["paper_list"], to(versions_page(document))
    if version.post.supersedes:
        before = VersionId(document, version.post.supersedes)
        yield words["archive_redlines"], to(redline_page(before, version.number))


def _printed(site: Site, address: str) -> Markup:
    """An address of the site as a link; its text is the full address if known."""
    return link(f"{ROOT}{site.file(address)}", site.full(address) or f"/{address}")


def verify_steps(version: Version, site: Site) -> tuple[Markup, ...]:
    """The steps to prove that a text is the one that was posted."""
    words = site.words
    source = version_file(version.id, suffix(version.entry))
    # A redacted text is proved by the entry of its last redaction.
    entry = (version.post, *version.redactions)[-1]
    name = source.rpartition("/")[2]
    download = fill_sentence(
        words["verify_source"], address=_printed(site, source), file=name, hash=code(version.sealed.source)
    )
    proof = {"address": _printed(site, LEDGER_FILE), "seq": entry.seq, "hash": code(entry.hash)}
    chain = fill_sentence(words["verify_chain"])
    if not version.sealed.seal:
        return download, fill_sentence(words["verify_ledger"], **proof), chain
    seal = version_file(version.id, SEAL)
    facts = {"address": _printed(site, seal), "file": seal.rpartition("/")[2], "hash": code(version.sealed.seal)}
    return (
        download,
        fill_sentence(words["verify_seal"], **facts),
        fill_sentence(words["verify_sealed_ledger"], **proof),
        chain,
    )


FORMAT = 1
"""Rises when `<n>.json` changes incompatibly."""


@value_class(frozen=True)
class VersionPages:
    """The published files of one version; and the docs files that its text links to, with their addresses."""

    files: dict[str, bytes]
    asked: dict[str, str]


def version_pages(
    texts: SealedTexts, version: Version, site: Site, style: str, ending: Ending | None = None
) -> VersionPages:
    """Make all files of a version. `style` is the style sheet of the self-contained copy, `ending` its recorded end.

    Raises EngrossError if a page would not have the sealed text.
    """
    text = render_text(texts, version, site)
    source = (text.document and text.document.source) or sealed_source(texts.record, version)
    heading, body = text.parts if not text.verbatim else (Markup(), Markup())
    address = version_page(version.id)
    context = _context(version, text, site, source.text if text.verbatim else "")
    languages = version_languages(texts, version, site)
    context |= {"heading": heading, "body": body, "languages": languages.all, "governing": languages.governing}
    context |= _paper(texts, version, ending, text, site, languages)
    data = linked_data(version, version.entry, ending.at if ending else None, site, address)
    page = archive_page(site, "version.html", address, **context, data=data)
    page = placed(page, "../" * address.count("/"))
    pictures = _pictures(texts.record, version)
    made = {file_of(address): page}
    if ("html", ".html") in site.offers:
        file = version_file(version.id, ".html")
        alone = archive_page(site, "version.html", file, **context, data="", inline=style)
        made[file] = kept(alone, site.url, {name: data_address(name, data) for name, data in pictures.items()})
    for html in made.values():
        _check(text.document or verbatim_document(version.entry, source), html, site.words)
    return VersionPages(
        {
            **{name: html.encode() for name, html in made.items()},
            version_file(version.id, suffix(version.entry)): source.data,
            version_file(version.id, ".json"): _json(version_json(texts.record, version, site)),
            **pictures,
            **({version_file(version.id, SEAL): sealed_seal(texts.record, version)} if version.sealed.seal else {}),
        },
        dict(text.asked),
    )


def _pictures(record: Record, version: Version) -> dict[str, bytes]:
    """The pictures sealed with a version, by address."""
    addresses = version_pictures(version)
    return {addresses[path]: data for path, data in sealed_pictures(record, version).items()}


def _check(document: Document, html: str, words: Words) -> None:
    """Apply the text law to a page of a sealed version, which has values of registers in these words."""
    if finding := check_site_page(document, html, words):
        raise EngrossError([finding])


def _context(version: Version, text: Text, site: Site, verbatim: str) -> dict[str, Any]:
    document, post = version.id.document, version.post
    current = site.current.get(document, versions_page(document))
    old = VersionId(document, post.supersedes) if post.supersedes else None
    return {
        "title": site.words["archive_version_title"].format(title=version.entry.title, number=version.number),
        "canonical": current,
        "crumbs": [(version.entry.title, current), (site.words["archive_all_versions"], versions_page(document))],
        "to": lambda address: f"{ROOT}{site.file(address)}",
        "page": lambda text, address: link(f"{ROOT}{site.file(address)}", text),
        "version": version,
        "post": post,
        "list": versions_page(document),
        "compare": compare_page(document),
        "since": PageType.SINCE.address,
        "of_words": language_attributes(site.language, site.text or site.language),
        "address": version_page(version.id),
        "before": version_page(old) if old else "",
        "redline": redline_page(old, version.number) if old else "",
        "restored": version_page(VersionId(document, post.restores)) if post.restores else "",
        "notes": [(site.title_of(note.slug), change_page(note.slug)) for note in post.notes],
        "downloads": list(_downloads(version, site)),
        "has_title": text.has_title,
        "pictures": list(zip(version.sealed.pictures, version_pictures(version).values(), strict=True)),
        "unsealed": text.unsealed,
        "verbatim": verbatim,
    }


def _downloads(version: Version, site: Site) -> Iterator[tuple[str, str]]:
    for word, ending in (*site.offers, ("source", suffix(version.entry)), ("json", ".json")):
        yield word, version_file(version.id, ending)
    if version.sealed.seal:
        yield "seal", version_file(version.id, SEAL)


def _paper(
    texts: SealedTexts, version: Version, ending: Ending | None, text: Text, site: Site, languages: VersionLanguages
) -> dict[str, Any]:
    """The context of the parts that only print and the self-contained copy show."""
    root = text.document.root if text.document else None
    sets = [one.title for one in own_sets(texts.record, version)]
    cover = version_cover(version, sets, ending, site)
    cover = with_languages(cover, languages.all, languages.governing, site.words)
    return {
        "cover": cover,
        "proof": site.words["paper_hash"].format(hash=cover.hash),
        "sections": contents(root, title_clause(root)) if root else (),
        "endnotes": text.endnotes,
        "verify": verify_steps(version, site),
    }


def version_json(record: Record, version: Version, site: Site) -> dict[str, Any]:
    """The content of `<n>.json` (`VersionFacts`): plain values in a fixed order; missing facts are absent."""
    post, tree, days = version.post, sealed_tree(record, version), days_to_object(record, version, site.zone)
    seal = version_file(version.id, SEAL)
    facts = {
        "format": FORMAT,
        "document": version.id.document,
        "version": version.number,
        "title": version.entry.title,
        "kind": str(version.entry.kind),
        "language": site.text or site.language,
        "url": site.full(version_page(version.id)) or version_page(version.id),
        "posted": format_instant(version.posted),
        "effective": format_fixed(version.effective),
        "imported": _import_facts(post) if version.imported else None,
        "class": str(post.change_class) if post.change_class else None,
        "material": post.material if post.change_class else None,
        "supersedes": post.supersedes or None,
        "restores": post.restores or None,
        "sha256": _hashes(version.sealed),
        "seal": (site.full(seal) or seal) if version.sealed.seal else None,
        "pictures": _picture_facts(version, site),
        "ledger": {"seq": post.seq, "hash": post.hash},
        "notes": [
            {"slug": one.slug, "title": site.title_of(one.slug), "sha256": one.sha256,
             "url": site.full(change_page(one.slug)) or change_page(one.slug)}
            for one in map(record.note, post.notes)
        ],
        "redactions": [_redaction(entry) for entry in version.redactions],
        "clauses": [
            {"id": one.id, "anchor": one.anchor, "label": one.label, "kind": one.kind, "since": one.since,
             "changed": one.changed, "called": one.called}
            | ({LAST_DAY_TO_OBJECT: days[one.anchor].isoformat()} if one.anchor in days else {})
            for one in tree.clauses
        ],
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}


def _import_facts(post: Entry) -> dict[str, Any]:
    assert post.claimed is not None
    assert post.source is not None
    source = {"kind": str(post.source.kind), "path": post.source.path}
    more = {"commit": post.source.commit, "sha256": post.source.sha256}
    return {
        "claimed": {"date": post.claimed.date, "kind": str(post.claimed.kind)},
        "source": source | {name: value for name, value in more.items() if value},
    }


def _picture_facts(version: Version, site: Site) -> list[dict[str, str]] | None:
    addresses = version_pictures(version)
    return [
        {"path": one.path, "sha256": one.sha256, "url": site.full(addresses[one.path]) or addresses[one.path]}
        for one in version.sealed.pictures
    ] or None


def _redaction(entry: Entry) -> dict[str, Any]:
    assert entry.was is not None
    return {
        "posted": format_instant(entry.posted),
        "clause": entry.clause,
        "reason": entry.reason,
        "was": _hashes(entry.was),
        "ledger": {"seq": entry.seq, "hash": entry.hash},
    }


def _hashes(sealed: Sealed) -> dict[str, str]:
    found = {"source": sealed.source, "text": sealed.text, "seal": sealed.seal}
    return {name: sha for name, sha in found.items() if sha}


def _json(facts: dict[str, Any]) -> bytes:
    """The facts of a version with an indent of one; their clauses are last.

    Clauses are written by the encoder in C: the one for indented values, in Python, takes ten times as long.
    """
    text = json.dumps(facts | {"clauses": []}, ensure_ascii=False, indent=1)
    if facts["clauses"]:
        # Only separators have a line end: those in texts are escaped.
        rows = _ROWS.encode(facts["clauses"])[2:-2].replace("},\n   {", "\n  },\n  {\n   ")
        text = text.removesuffix("[]\n}") + f"[\n  {{\n   {rows}\n  }}\n ]\n}}"
    return f"{text}\n".encode()


_ROWS = json.JSONEncoder(ensure_ascii=False, separators=(",\n   ", ": "))
