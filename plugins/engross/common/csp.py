"""The Content-Security-Policy of each page, computed over the finished pages: what they do themselves, and no more.

Every inline script and style of a page is allowed by its hash, and nothing else inline. The policy stands in each page
as a `<meta>`, and in one `_headers` file at the site's root for hosts that read one: there it covers all pages
together. Both hold at once, so a page is bound by its own. Sources: CSP Level 3, sections 3.3 (meta), 6.7 (hashes).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

HEADERS = "_headers"
"""The file at a site's root that several hosts read for the headers of their answers."""

LONGEST_HEADER = 2000
"""The longest line of `_headers` that all hosts which read one accept."""

# A tag ends at the first ">" outside the quotes of its attributes, and quotes are such only after "=" (HTML, 13.2.5).
_REST = r"""(?=[\s/>])((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)*+)>"""
_ATTRIBUTE = re.compile(r"""([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_SCRIPT = re.compile(rf"<script{_REST}(.*?)</script(?=[\s/>])[^>]*>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(rf"<style{_REST}(.*?)</style(?=[\s/>])[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rf"<[a-z][^\s/>]*{_REST}", re.IGNORECASE)
_STYLE_ATTRIBUTE = re.compile(rb"style\s*=")
# The first letters are looked at before the names: most tags of a page are others, and told from these by two.
_LOADING = re.compile(
    r"<(?=[Ss][Cc]|[Ll][Ii][Nn]|[Ii][Mm]|[Ii][Ff]|[Ss][Oo]|[Vv]|[Aa][Uu])"
    rf"(script|link|img|iframe|source|video|audio){_REST}",
    re.IGNORECASE,
)
_CHARSET = re.compile(rf"<meta(?=\s+charset=){_REST}", re.IGNORECASE)
_META = re.compile(rf"<meta{_REST}", re.IGNORECASE)
_HEAD = re.compile(rf"<head{_REST}", re.IGNORECASE)

# Which directive lets a page load what an element names. Where a page asks a host to be connected to in advance, its
# style sheets are about to fetch fonts there.
_DIRECTIVES = {"script": "scripts", "img": "images", "source": "media", "video": "media", "audio": "media"}
_RELATIONS = {"stylesheet": "styles", "icon": "images", "preconnect": "fonts"}


@dataclass(frozen=True, slots=True)
class Sources:
    """What a page runs, wears and loads besides its own site's files: hashes of inline pieces, and origins."""

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
    """What a finished page needs to be allowed."""
    outside: dict[str, set[str]] = {}
    for tag, attributes in _LOADING.findall(html):
        directive, origin = _loaded(tag.lower(), attributes)
        if directive and origin:
            outside.setdefault(directive, set()).add(origin)
    # Few pages have such an attribute, and looking for it tag by tag is most of the work.
    tags = _TAG.findall(html) if _STYLE_ATTRIBUTE.search(html.encode().lower()) else ()
    styled = filter(None, (_attributes(tag).get("style") for tag in tags if "style" in tag.lower()))
    inline = (body for attributes, body in _SCRIPT.findall(html) if _runs_inline(attributes))
    return Sources(
        script_hashes=frozenset(map(_hash, inline)),
        style_hashes=frozenset(_hash(body) for _, body in _STYLE.findall(html)),
        attribute_hashes=frozenset(map(_hash, styled)),
        **{directive: frozenset(origins) for directive, origins in outside.items()},
    )


def together(pages: Iterable[Sources]) -> Sources:
    """What all of these pages need."""
    every = list(pages)
    return Sources(*(frozenset().union(*(getattr(page, kind.name) for page in every)) for kind in fields(Sources)))


def policy(sources: Sources) -> str:
    """The policy that allows these sources and the site's own files, as it stands in a `<meta>`."""
    attributes = ["'unsafe-hashes'", *sorted(sources.attribute_hashes)] if sources.attribute_hashes else []
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *sorted(sources.script_hashes), *sorted(sources.scripts)],
        "style-src": ["'self'", *sorted(sources.style_hashes), *attributes, *sorted(sources.styles)],
        # Themes draw their icons from style sheets, as data.
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
    """A page with its policy before all that the policy is about; the encoding stays first, where browsers seek it."""
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
    """A page with the policy that it needs and no more."""
    return with_policy(html, policy(page_sources(html)))


def headers_file(pages: Iterable[Sources]) -> str:
    """The `_headers` of a site: one policy for all pages, and what only a header can say (who may frame them).

    Where that would be too long a line it is left to the pages' own policies to say what may run.
    """
    whole = f"  Content-Security-Policy: {policy(together(pages))}; frame-ancestors 'self'\n"
    short = "  Content-Security-Policy: object-src 'none'; base-uri 'self'; frame-ancestors 'self'\n"
    return f"/*\n{whole if len(whole) <= LONGEST_HEADER else short}  X-Content-Type-Options: nosniff\n"


@lru_cache(maxsize=4096)
def _loaded(tag: str, written: str) -> tuple[str, str]:
    """What an element loads from elsewhere: (directive, origin). Page after page of a site loads the same."""
    attributes = _attributes(written)
    origin = _origin(attributes.get("href" if tag == "link" else "src", ""))
    return (_directive(tag, attributes), origin) if origin else ("", "")


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag, by their names in small letters; of two of a name the first counts."""
    found = reversed(_ATTRIBUTE.findall(written))
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


@lru_cache(maxsize=256)
def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _runs_inline(written: str) -> bool:
    """Whether a script stands in the page and is run: what has an address does not, nor does data such as JSON."""
    attributes = _attributes(written)
    kind = attributes.get("type", "").lower()
    return "src" not in attributes and ("json" not in kind or "importmap" in kind)


def _directive(tag: str, attributes: Mapping[str, str]) -> str:
    """The kind of source that an element loads; an empty string where it loads nothing."""
    if tag == "link":
        relations = attributes.get("rel", "").lower().split()
        return next((_RELATIONS[relation] for relation in relations if relation in _RELATIONS), "")
    return _DIRECTIVES.get(tag, "frames")


def _origin(address: str) -> str:
    """The origin of an address elsewhere; an empty string for one within the site, or one that is no origin's."""
    parts = urlsplit(address)
    if not parts.netloc or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
        return ""
    return f"{parts.scheme or 'https'}://{parts.netloc}"
