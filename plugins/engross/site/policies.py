"""The content security policy of each finished page.

A page gets its policy before MkDocs writes it. When all plugins are done, every page is read once: a policy is computed
again only where a plugin changed the page since, or where a page did not pass through MkDocs' templates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from engross.common import value_class
from engross.common.csp import HEADERS, Sources, headers_file, page_sources, policy, with_policy, without_policy


@value_class(frozen=True, slots=True)
class SecuredPage:
    """What a page with its policy loads and runs, and the SHA-256 of the page's bytes."""

    sources: Sources
    sha256: bytes


def secure_page(html: str) -> tuple[str, SecuredPage]:
    """Put its policy into a page that MkDocs is about to write."""
    sources = _sources(html)
    html = with_policy(html, policy(sources))
    # As MkDocs encodes pages.
    return html, SecuredPage(sources, sha256_of(html.encode("utf-8", errors="xmlcharrefreplace")))


def write_policies(
    site: Path, secured: Mapping[str, SecuredPage], others: Iterable[Sources] = (), *, listed: bool = True
) -> list[str]:
    """Put the right policy into every page below a folder that lacks it, and write `_headers` where there is none.

    `secured` are the pages that were given their policy, by the names of their files. `others` is what pages need that
    are written later, with a policy of their own. Returns the names of the pages that had to be written.
    """
    found, written = list(others), []
    for path in sorted(site.rglob("*.html")):
        name, data = path.relative_to(site).as_posix(), path.read_bytes()
        page = secured.get(name)
        if page and page.sha256 == sha256_of(data):
            found.append(page.sources)
            continue
        html = data.decode("utf-8")
        found.append(_sources(html))
        right = policy(found[-1])
        # A build of changed pages only ("--dirty") meets pages that have their policy from a build before.
        html = with_policy(without_policy(html, policy(page.sources) if page else right), right)
        if html.encode("utf-8") != data:
            path.write_bytes(html.encode("utf-8"))
            written.append(name)
    headers = site / HEADERS
    if not headers.exists():
        hidden = "" if listed else "  X-Robots-Tag: noindex\n"
        headers.write_text(headers_file(found) + hidden, encoding="utf-8", newline="\n")
    return written


def _sources(html: str) -> Sources:
    # A browser reads line ends as \n before it computes a hash.
    return page_sources(html.replace("\r\n", "\n") if "\r" in html else html)


def sha256_of(data: bytes) -> bytes:
    """Return the hash by which a written page is recognized."""
    return hashlib.sha256(data).digest()
