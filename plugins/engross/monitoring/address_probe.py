"""Requests many addresses of a site, a few at a time, and reports those that do not answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from engross.common import EngrossError, error, now
from engross.model import Diagnostic
from engross.record import Answer, status_text

AT_ONCE = 8
"""How many addresses are asked at the same time."""

NEVER_CACHED = {"Cache-Control": "no-cache"}
"""The headers with which a cache between here and the host asks the host again."""

LONGEST = timedelta(hours=1)
"""The longest time for which the addresses of a site are asked."""
_SILENT = 16
"""After so many addresses of one run without an answer the host is taken to be gone."""
_NO_HEAD = (403, 405, 501)
"""What hosts answer that refuse HEAD requests."""
_NOT_FOUND = (404, 410)
_ABSENT = "engross-probe-of-an-address-that-does-not-exist/"


class Ask(Protocol):
    """Requests an address, as `record.ask` does."""

    def __call__(self, address: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer. Raises EngrossError if there is none."""


def full_address(site: str, name: str) -> str:
    """The address of something on a site by its address relative to the root, with other characters encoded."""
    return f"{site}{quote(name.lstrip('/'), safe='/%?&=#:@+,;~!$()*', errors='surrogatepass')}"


def ask_name(site: str, name: str, ask: Ask, method: str = "GET") -> Answer:
    """Ask an address of a site. Raises EngrossError if there is no answer.

    On a site without a folder for each page (`use_directory_urls: false`), the page of a document at `terms/` is
    `terms.html`.
    """
    answer = ask(full_address(site, name), method=method, headers=NEVER_CACHED)
    if answer.status in _NOT_FOUND and name.endswith("/"):
        flat = ask(full_address(site, f"{name[:-1]}.html"), method=method, headers=NEVER_CACHED)
        return flat if flat.status not in _NOT_FOUND else answer
    return answer


def failing_addresses(site: str, names: Sequence[str], ask: Ask, rule: str) -> list[Diagnostic]:
    """Request the addresses of a site, and return a finding for each that does not answer.

    A request that fails is repeated once. The finding also says when a host answers addresses that do not exist, since
    missing pages cannot be found then, and when it has stopped answering.
    """
    if found := list(_soft_404(site, ask, rule)):
        return found
    until = now() + LONGEST
    failed, left = _ask_all(site, names, ask, until)
    again, _ = _ask_all(site, list(failed), ask, until + LONGEST) if failed and not left else (failed, 0)
    found = [error(rule, full_address(site, name), 0, 0, why) for name, why in again.items()]
    if left:
        why = "the host answers too slowly" if now() >= until else "the host has stopped answering"
        message = f"{why}; {left} of {len(names)} addresses were not asked"
        found.append(error(rule, site, 0, 0, message))
    return found


def _soft_404(site: str, ask: Ask, rule: str) -> Iterator[Diagnostic]:
    why = _failure(site, _ABSENT, ask)
    if not why:
        message = (
            "the host answers 200 for an address that does not exist, so missing pages cannot be found; "
            "make it answer 404 with 404.html"
        )
        yield error(rule, full_address(site, _ABSENT), 0, 0, message)


def _ask_all(site: str, names: Sequence[str], ask: Ask, until: datetime) -> tuple[dict[str, str], int]:
    """The addresses that failed, with the reason; and how many were left out, for silence or at the instant `until`."""
    failed: dict[str, str] = {}
    step, silent = 4 * AT_ONCE, 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for begin in range(0, len(names), step):
            some = names[begin : begin + step]
            answers = list(pool.map(lambda name: _failure(site, name, ask), some))
            failed |= {name: why for name, why in zip(some, answers, strict=True) if why}
            silent = silent + sum(why.startswith(_SILENCE) for why in answers)
            if silent >= _SILENT or now() >= until:
                return failed, len(names) - begin - len(some)
    return failed, 0


_SILENCE = "no answer: "


def _failure(site: str, name: str, ask: Ask) -> str:
    """Why an address does not answer; empty if it does."""
    try:
        status = ask_name(site, name, ask, "HEAD").status
        if status in _NO_HEAD:
            status = ask_name(site, name, ask).status
    except EngrossError as failure:
        return _SILENCE + failure.diagnostics[0].message
    if status in _NOT_FOUND:
        return f"it answers {status_text(status)}, and this address is permanent; deploy the whole site again"
    return f"it answers {status_text(status)}" if status >= 300 else ""
