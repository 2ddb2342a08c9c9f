"""The cover of a sealed version, and how to verify it: for its page on paper, and for the one file to keep.

Addresses into the site begin with a mark (`text.ROOT`), as those of its text do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from markupsafe import Markup

from engross.model import Version, VersionId
from engross.record.addresses import LEDGER_FILE, redline_page, version_file, version_page, versions_page
from engross.record.archive import SEAL, suffix
from engross.render.archive.frame import Site
from engross.render.archive.text import ROOT
from engross.render.paper import SHORT, Cover, Ending, code, link, set_titles, told, version_standing

Facts = Iterator[tuple[str, Markup]]


def version_cover(version: Version, sets: Iterable[str], ending: Ending | None, site: Site) -> Cover:
    """The cover of a version; `sets` are the titles of those that it belonged to, `ending` is what is recorded of its
    end.
    """
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
    yield words["archive_posted"], site.instant(version.posted)
    yield words["archive_effective"], site.instant(version.effective)
    if post.change_class:
        kind = words["archive_is_material" if post.material else "archive_not_material"]
        yield words["archive_change"], Markup("{}, {}").format(words[f"archive_class_{post.change_class}"], kind)
    for redaction in version.redactions:
        said = Markup("{}: {}. {}").format(site.instant(redaction.posted), redaction.clause, redaction.reason)
        yield words["archive_redacted"], said


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
    """An address of the site, led to where the site is known, and said in full as far as it is known."""
    return link(f"{ROOT}{site.file(address)}", site.full(address) or f"/{address}")


def verify_steps(version: Version, site: Site) -> tuple[Markup, ...]:
    """How to prove that a text is the one that was posted, step by step."""
    words = site.words
    source = version_file(version.id, suffix(version.entry))
    # What was redacted is proved by the entry that says so.
    entry = (version.post, *version.redactions)[-1]
    name = source.rpartition("/")[2]
    taken = told(words["verify_source"], address=_printed(site, source), file=name, hash=code(version.sealed.source))
    proof = {"address": _printed(site, LEDGER_FILE), "seq": entry.seq, "hash": code(entry.hash)}
    chain = told(words["verify_chain"])
    if not version.sealed.seal:
        return taken, told(words["verify_ledger"], **proof), chain
    seal = version_file(version.id, SEAL)
    facts = {"address": _printed(site, seal), "file": seal.rpartition("/")[2], "hash": code(version.sealed.seal)}
    return taken, told(words["verify_seal"], **facts), told(words["verify_sealed_ledger"], **proof), chain
