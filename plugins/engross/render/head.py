"""What the head of a page says to programs: its address, its other forms, and how it is shown where it is shared.

What a theme or another plugin has put there already stays, and is not said twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment

_END = re.compile(r"</head\s*>", re.IGNORECASE)
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical\b", re.IGNORECASE)
_SHARED = re.compile(r"<meta\b[^>]*\bproperty=[\"']?og:title\b", re.IGNORECASE)
_ROBOTS = re.compile(r"<meta\b[^>]*\bname=[\"']?robots\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of a page: its address as seen from the page, its media type, and what it is called."""

    address: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class Shared:
    """How a page is shown where it is shared, in the terms of the Open Graph protocol (ogp.me).

    `type` is "website" for a site's home page, "article" for any other; `url` is "" where the site's address is not
    known.
    """

    type: str
    site: str
    title: str
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; `canonical` is its whole address, `robots` what search engines may do with it."""

    shared: Shared
    canonical: str = ""
    robots: str = ""
    alternates: tuple[Alternate, ...] = ()


def with_head(html: str, head: Head, templates: Environment) -> str:
    """A finished page with what it lacks in its head."""
    end = _END.search(html)
    if end is None:
        return html
    written = html[: end.start()]
    tags = templates.get_template("head.html").render(
        canonical="" if _CANONICAL.search(written) else head.canonical,
        robots="" if _ROBOTS.search(written) else head.robots,
        alternates=head.alternates,
        shared=None if _SHARED.search(written) else head.shared,
    )
    lines = "\n".join(line for line in tags.splitlines() if line)
    return f"{written}{lines}\n{html[end.start() :]}"
