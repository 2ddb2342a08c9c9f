"""Computes the Content-Security-Policy of each finished page: it allows what the page uses and nothing else.

Inline scripts and styles are allowed by their hashes. Each page has its policy in a `<meta>`. Hosts that read a
`_headers` file at the site's root also send one policy for all pages together; browsers apply both, so the page's own
policy still limits it. Sources: CSP Level 3, sections 3.3 (meta) and 6.7 (hashes).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

import engross.common.lazy_re as re
from engross.common.values import value_class

HEADERS = "_headers"
"""The file at a site's root from which several hosts read response headers."""

LONGEST_HEADER = 2000
"""The longest line of `_headers` that all hosts with such a file accept."""

# A tag ends at the first ">" outside quoted attribute values; quotes open a value only after "=" (HTML, 13.2.5).
_REST = r"""(?=[\s/>])((?>(?:[^>=]++|=\s*+(?>(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?))*))>"""
_ATTRIBUTE = re.compile(r"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_SCRIPT = re.compile(rf"<script{_REST}(.*?)</script(?=[\s/>])[^>]*>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(rf"<style{_REST}(.*?)</style(?=[\s/>])[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rf"<[a-z][^\s/>]*{_REST}", re.IGNORECASE)
_STYLE_ATTRIBUTE = re.compile(rb"style\s*=")
# The first letters are checked before the names, because two letters rule out most tags of a page.
_LOADING = re.compile(
    r"<(?=[SsLlIiVvAa][CcIiMmFfOoUu])"
    rf"(script|link|img|iframe|source|video|audio){_REST}",
    re.IGNORECASE,
)
_CHARSET = re.compile(rf"<meta(?=\s+charset=){_REST}", re.IGNORECASE)
_META = re.compile(rf"<meta{_REST}", re.IGNORECASE)
_HEAD = re.compile(rf"<head{_REST}", re.IGNORECASE)

# The directive that allows what each element loads. A page that preconnects to a host does so for the fonts of its
# style sheets.
_DIRECTIVES = {"script": "scripts", "img": "images", "source": "media", "video": "media", "audio": "media"}
_RELATIONS = {"stylesheet": "styles", "icon": "images", "preconnect": "fonts"}


@value_class(frozen=True, slots=True)
class Sources:
    """What a page uses besides the files of its own site: hashes of inline scripts and styles, and origins."""

    script_hashes: frozenset[str] = frozenset()
    style_hashes: frozenset[str] = frozenset()
    attribute_hashes: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    fonts: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    frames: frozenset[str] = frozenset()


def page_sources(html: str) -> Sources:
    """Return what the policy of a finished page must allow."""
    external: dict[str, set[str]] = {}
    for tag, attributes in _LOADING.findall(html):
        directive, origin = _loaded(tag.lower(), attributes)
        if directive and origin:
            external.setdefault(directive, set()).add(origin)
    lower = html.encode().lower()  # bytes: a text with typographic quotation marks takes four times as long
    # Few pages have style attributes, and searching tag by tag would be most of the work.
    tags = _TAG.findall(html) if _STYLE_ATTRIBUTE.search(lower) else ()
    styled = filter(None, (_attributes(tag).get("style") for tag in tags if "style" in tag.lower()))
    inline = (body for attributes, body in _SCRIPT.findall(html) if _runs_inline(attributes))
    return Sources(
        script_hashes=frozenset(map(_hash, inline)),
        style_hashes=frozenset(_hash(body) for _, body in (_STYLE.findall(html) if b"<style" in lower else ())),
        attribute_hashes=frozenset(map(_hash, styled)),
        **{directive: frozenset(origins) for directive, origins in external.items()},
    )


def combined(pages: Iterable[Sources]) -> Sources:
    """Return what a policy for all of these pages must allow."""
    every = list(pages)
    return Sources(*(frozenset().union(*(getattr(page, kind.name) for page in every)) for kind in fields(Sources)))


def policy(sources: Sources) -> str:
    """Return the policy that allows these sources and the site's own files, as written in a `<meta>`."""
    attributes = ["'unsafe-hashes'", *sorted(sources.attribute_hashes)] if sources.attribute_hashes else []
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *sorted(sources.script_hashes), *sorted(sources.scripts)],
        "style-src": ["'self'", *sorted(sources.style_hashes), *attributes, *sorted(sources.styles)],
        # Themes embed their icons in style sheets as data: addresses.
        "img-src": ["'self'", "data:", *sorted(sources.images)],
        "font-src": ["'self'", "data:", *sorted(sources.fonts)],
        "media-src": ["'self'", *sorted(sources.media)] if sources.media else [],
        "frame-src": ["'self'", *sorted(sources.frames)] if sources.frames else [],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items() if values)


def with_policy(html: str, policy: str) -> str:
    """Insert a policy into a page before everything it covers, but after the charset, which browsers expect first."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">'
    place = _CHARSET.search(html) or _HEAD.search(html)
    return f"{html[: place.end()]}{tag}{html[place.end() :]}" if place else html


def without_policy(html: str, policy: str) -> str:
    """A page without the `<meta>` that holds this policy, however its quotes were rewritten since."""
    for tag in _META.finditer(html):
        if _attributes(tag[1]).get("content") == policy:
            return html[: tag.start()] + html[tag.end() :]
    return html


def secured(html: str) -> str:
    """Insert into a page the policy that allows exactly what the page uses."""
    return with_policy(html, policy(page_sources(html)))


def policy_of_page(html: str, own: str) -> str:
    """Return the policy that a finished page should have, which has the policy `own` in a `<meta>`."""
    return policy(page_sources(without_policy(html, own)))


def headers_file(pages: Iterable[Sources]) -> str:
    """Return the text of `_headers`: one policy for all pages, and what only a header can set (who may frame them).

    If the line would be too long, the header omits scripts and styles, which the pages' own policies cover.
    """
    whole = f"  Content-Security-Policy: {policy(combined(pages))}; frame-ancestors 'self'\n"
    short = "  Content-Security-Policy: object-src 'none'; base-uri 'self'; frame-ancestors 'self'\n"
    return f"/*\n{whole if len(whole) <= LONGEST_HEADER else short}  X-Content-Type-Options: nosniff\n"


@lru_cache(maxsize=4096)
def _loaded(tag: str, attribute_text: str) -> tuple[str, str]:
    """Return (directive, origin) of what an element loads from another origin; cached, as pages repeat elements."""
    attributes = _attributes(attribute_text)
    origin = _origin(attributes.get("href" if tag == "link" else "src", ""))
    return (_directive(tag, attributes), origin) if origin else ("", "")


def _attributes(attribute_text: str) -> dict[str, str]:
    """Return the attributes of a tag by lower-case name; the first wins if a name occurs twice."""
    found = reversed(_ATTRIBUTE.findall(attribute_text))
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


@lru_cache(maxsize=256)
def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _runs_inline(attribute_text: str) -> bool:
    """Return whether a script is inline and executed: it has no `src` and is not data such as JSON."""
    attributes = _attributes(attribute_text)
    kind = attributes.get("type", "").lower()
    return "src" not in attributes and ("json" not in kind or "importmap" in kind)


def _directive(tag: str, attributes: Mapping[str, str]) -> str:
    """Return the kind of source that an element loads, or an empty string if it loads nothing."""
    if tag == "link":
        relations = attributes.get("rel", "").lower().split()
        return next((_RELATIONS[relation] for relation in relations if relation in _RELATIONS), "")
    return _DIRECTIVES.get(tag, "frames")


def _origin(address: str) -> str:
    """Return the origin of an address on another host; an empty string for local or invalid addresses."""
    parts = urlsplit(address)
    if not parts.netloc or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
        return ""
    return f"{parts.scheme or 'https'}://{parts.netloc}"
