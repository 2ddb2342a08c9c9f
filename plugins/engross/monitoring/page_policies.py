"""Checks what a host sends with pages: their type, their content security policy, security headers, caching.

Each page has its policy in a `<meta>`, made from the finished page. A host that changes pages on their way breaks it. A
missing header that hosts set from `_headers` is only a warning, because some hosts cannot set any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import urlsplit

import engross.common.lazy_re as re
from engross.common import EngrossError, error, policy_of_page
from engross.model import Diagnostic, Severity
from engross.monitoring.address_probe import Ask, ask_name, full_address
from engross.record import Answer, status_text

HEADERS, POLICY, CACHING = "live-headers", "live-policy", "live-caching"
"""The rules of findings."""

LONGEST_CACHED = 3600
"""The longest time in seconds for which a cache may keep a page or the manifest without a warning."""

_META = re.compile(
    r"""<meta http-equiv=["']?Content-Security-Policy["']? content=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_AGE = re.compile(r"\b(?:s-maxage|max-age)\s*=\s*\"?([0-9]{1,12})", re.IGNORECASE)
_SENT = ("x-content-type-options", "content-security-policy")
_FRAMES = "frame-ancestors"


def check_pages(site: str, manifest: Answer, pages: Sequence[str], ask: Ask) -> Iterator[Diagnostic]:
    """Yield what is wrong with the headers of a site's manifest and with some of its pages, by relative address."""
    yield from _type_of(manifest, "json")
    yield from _cached(manifest)
    sent = False
    for name in dict.fromkeys(pages):
        address = full_address(site, name)
        try:
            answer = ask_name(site, name, ask)
        except EngrossError as failure:
            yield error(HEADERS, address, 0, 0, failure.diagnostics[0].message)
            continue
        if answer.status >= 300:
            yield error(HEADERS, address, 0, 0, f"it answers {status_text(answer.status)}")
            continue
        yield from _type_of(answer, "text/html")
        yield from _policy(address, answer)
        if not sent:
            # A host sets the same headers for all pages: one finding is enough.
            yield from _cached(answer)
            yield from _sent(answer)
            sent = True


def _type_of(answer: Answer, wanted: str) -> Iterator[Diagnostic]:
    sent = answer.headers.get("content-type", "")
    if wanted not in sent.lower():
        message = f"its Content-Type is {sent[:80]!r}, and must contain {wanted}: set the host's media types"
        yield error(HEADERS, answer.address, 0, 0, message)


def _cached(answer: Answer) -> Iterator[Diagnostic]:
    control = answer.headers.get("cache-control", "")
    seconds = max(map(int, _AGE.findall(control)), default=0)
    if seconds > LONGEST_CACHED or "immutable" in control.lower():
        message = (
            f"Cache-Control is {control[:80]!r}: readers may see the old page for that long after a change; "
            f"let pages and JSON files be kept for at most {LONGEST_CACHED} seconds"
        )
        yield _warning(CACHING, answer.address, message)


def _sent(answer: Answer) -> Iterator[Diagnostic]:
    missing = [name for name in _SENT if not answer.headers.get(name)]
    if _FRAMES not in answer.headers.get(_SENT[1], "") and _SENT[1] not in missing:
        missing.append(f"{_SENT[1]} with {_FRAMES}")
    if missing:
        message = f"the host does not send {', '.join(missing)}; hosts that read _headers take them from there"
        yield _warning(HEADERS, answer.address, message)


def _policy(address: str, answer: Answer) -> Iterator[Diagnostic]:
    """Yield whether the page's own policy is the one of what the page has, and whether the host's forbids any of it."""
    html = answer.data.decode("utf-8", "replace").replace("\r\n", "\n")
    found = _META.search(html)
    if not found:
        message = "the page has no content security policy of its own; csp is off in mkdocs.yml, or the host removed it"
        yield _warning(POLICY, address, message)
        return
    own = unescape(found[1] or found[2])
    if policy_of_page(html, own) != own:
        message = (
            "the page is not the one that was built: its policy does not fit its scripts; the host adds or changes some"
        )
        yield error(POLICY, address, 0, 0, message)
    for name, sources in _directives(own).items():
        # Several policies, joined with commas, apply all together.
        for sent in map(_directives, answer.headers.get(_SENT[1], "").split(",")):
            allowed = sent.get(name, sent.get("default-src"))
            missing = [one for one in sources if allowed is not None and not _allows(allowed, one, address)]
            if missing:
                message = f"the host's policy forbids what the page uses: {name} {missing[0]}"
                yield error(POLICY, address, 0, 0, message)


def _allows(allowed: Sequence[str], source: str, address: str) -> bool:
    """Whether the sources of a directive allow one source of a page at an address."""
    if source in (*allowed, "'none'"):
        return True
    if source.startswith("'") and source != "'self'":
        return "'unsafe-inline'" in allowed
    try:
        parts = urlsplit(address if source == "'self'" else source)
    except ValueError:
        return False
    return bool(parts.netloc) and any(
        one in ("*", f"{parts.scheme}:", f"{parts.scheme}://{parts.netloc}", parts.netloc) for one in allowed
    )


def _directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";"))
    return {part[0].lower(): part[1:] for part in parts if part}


def _warning(rule: str, path: str, message: str) -> Diagnostic:
    return Diagnostic(rule, Severity.WARNING, path, 0, 0, message)
