"""Requests the licences of models where their providers publish them, and reports what changed.

The visible text is compared with the kept copy or with the hash in the list. If it differs, the address is requested
again: an address that answers differently each time is unstable and proves no change. The result is a redline; people
judge it.

A kept copy is the visible text of a licence, named by its hash: published in the docs folder, or private. A private
copy is only for comparing: it is outside the docs folder, in a folder that git ignores unless its owner decides
otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engross.common import EngrossError, error, read_file, shown, value_class, write_file
from engross.corpus import MOST_OF_COPY, Catalogue, Eula, copy_path, missing_quotes
from engross.importing import visible_text
from engross.model import Clause, ClauseKind, Diagnostic, Inline, Severity
from engross.monitoring.address_probe import Ask
from engross.record import status_text
from engross.redline import Redline, Side, redline

PAUSE = 2.0
"""The time in seconds between two requests to the same host."""
_GONE = (404, 410)
_NAMED = 3
"""How many models a finding names."""
PRIVATE = "licences"
"""The folder of private copies, beside mkdocs.yml."""


class State(StrEnum):
    """What was found at the address of a licence."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    UNSTABLE = "unstable"
    UNREACHABLE = "unreachable"


@value_class(frozen=True, slots=True)
class Entry:
    """A model with this licence: the list that has it, and its place there."""

    catalogue: Catalogue
    index: int

    @property
    def model(self) -> str:
        """The model's id."""
        return self.catalogue.models[self.index].id

    @property
    def eula(self) -> Eula:
        """What the list says of the licence."""
        return self.catalogue.models[self.index].eula

    def finding(
        self, rule: str, severity: Severity, key: str, message: str, models: tuple[str, ...] = ()
    ) -> Diagnostic:
        """A finding at a key of the licence in the list, about these models, or about this one alone."""
        file = self.catalogue.file
        line, column = file.place(("models", self.index, "eula", key))
        names = models or (self.model,)
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        about = f"{', '.join(names[:_NAMED])}{more}"
        return Diagnostic(rule, severity, file.source.path, line, column, f"{about}: {message}")


@value_class(frozen=True, slots=True)
class Watched:
    """What was found at one address: the `entries` that name it, where it led, its visible text and that text's hash.

    `script` is what changed; None if nothing did, or if no copy of the text before is kept.
    """

    address: str
    entries: tuple[Entry, ...]
    state: State
    led_to: str = ""
    text: str = ""
    sha256: str = ""
    script: Redline | None = None
    findings: tuple[Diagnostic, ...] = ()


@value_class
class Watcher:
    """Asks the addresses one after another. `ask` requests one; `wait` waits some seconds."""

    kept: KeptTexts
    ask: Ask
    wait: Callable[[float], None]
    asked: set[str] = field(default_factory=set)

    def watch(self, catalogues: Iterable[Catalogue], only: frozenset[str] = frozenset()) -> Iterator[Watched]:
        """Yield what is found at each address, in the order of the lists. Models without an address are left out.

        With `only`, addresses without any of these models are left out too.
        """
        for address, entries in _by_address(catalogues).items():
            if not only or only.intersection(one.model for one in entries):
                yield self._watched(address, entries)

    def _watched(self, address: str, entries: tuple[Entry, ...]) -> Watched:
        try:
            first = self._read(address)
            if not isinstance(first, _Text):
                return _failed(address, entries, State.GONE, first)
            if all(one.eula.sha256 in first.hashes for one in entries):
                return _found(address, entries, State.UNCHANGED, first, None)
            second = self._read(address)
        except EngrossError as failure:
            return _failed(address, entries, State.UNREACHABLE, failure.diagnostics[0].message)
        if not isinstance(second, _Text) or second.text != first.text:
            return _found(address, entries, State.UNSTABLE, first, None)
        before = next((one.eula for one in entries if one.eula.sha256 and one.eula.sha256 not in first.hashes), None)
        if before is None or not before.sha256:
            return _found(address, entries, State.NEW, first, None)
        old = self.kept.read(before.sha256)
        script = redline(_side(_since(before.retrieved), old), _side("now", first.text)) if old is not None else None
        return _found(address, entries, State.CHANGED, first, script)

    def _read(self, address: str) -> _Text | str:
        """The text at an address; why there is none if it is gone. Raises EngrossError if it cannot be read."""
        host = urlsplit(address).netloc
        if host in self.asked:
            self.wait(PAUSE)
        self.asked.add(host)
        answer = self.ask(address)
        if answer.status in _GONE:
            return f"it answers {status_text(answer.status)}"
        if answer.status != 200:
            raise EngrossError([_unread(address, f"it answers {status_text(answer.status)}")])
        text = visible_text(answer.data, address, answer.headers.get("content-type", ""))
        if not text:
            raise EngrossError([_unread(address, "it has no visible text; name an address that needs no script")])
        return _Text(answer.address, text, frozenset((hashlib.sha256(answer.data).hexdigest(), text_sha256(text))))


@value_class(frozen=True, slots=True)
class _Text:
    """A text as it was read: where the address led, and the hashes of its bytes and of its words."""

    led_to: str
    text: str
    hashes: frozenset[str]


def _by_address(catalogues: Iterable[Catalogue]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for catalogue in catalogues:
        for index, model in enumerate(catalogue.models):
            if model.eula.url:
                found[model.eula.url] = (*found.get(model.eula.url, ()), Entry(catalogue, index))
    return found


def _since(day: date | None) -> str:
    return f"retrieved {day}" if day else "kept"


def _side(name: str, text: str) -> Side:
    """A text as a side of a redline: a paragraph for each line. Signs that Markdown would read are words here."""
    clauses, at = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        inline = Inline(line, (), ((0, at),))
        clauses.append(Clause(ClauseKind.PARAGRAPH, (number, number), label=f"paragraph {number}", inline=inline))
        at += len(line) + 1
    return Side(name, text, Clause(ClauseKind.DOCUMENT, (1, max(1, len(clauses))), children=tuple(clauses)))


def _unread(address: str, why: str) -> Diagnostic:
    return Diagnostic("outside", Severity.ERROR, address, 0, 0, why)


NEW = "licence-new"
"""The rule of findings about a licence of which no hash is kept."""
_MESSAGES = {
    State.CHANGED: ("licence-changed", Severity.ERROR, "the licence at {address} was changed{since}{copy}"),
    State.NEW: (
        NEW,
        Severity.WARNING,
        "no hash of the licence at {address} is kept, so a change cannot be seen; run engross watch --write",
    ),
    State.UNSTABLE: (
        "licence-unstable",
        Severity.WARNING,
        "{address} answers differently each time, so it cannot be compared; name an address of the text alone",
    ),
    State.GONE: (
        "licence-gone",
        Severity.ERROR,
        "the licence is no longer at {address} ({why}); ask {provider} where it is, and correct url",
    ),
    State.UNREACHABLE: ("licence-unreachable", Severity.ERROR, "{address} could not be read: {why}"),
}


def _failed(address: str, entries: tuple[Entry, ...], state: State, why: str) -> Watched:
    return Watched(address, entries, state, findings=tuple(_findings(entries, state, address=address, why=why)))


def _found(address: str, entries: tuple[Entry, ...], state: State, text: _Text, script: Redline | None) -> Watched:
    findings: list[Diagnostic] = []
    copy = "" if script else "; no copy of the text before is kept, so its changes cannot be shown"
    differing = tuple(one for one in entries if one.eula.sha256 not in text.hashes)
    if state is State.CHANGED:
        # Models with the same licence, of which no hash is kept yet.
        findings += _findings((one for one in differing if not one.eula.sha256), State.NEW, address=address)
        differing = tuple(one for one in differing if one.eula.sha256)
    if state in _MESSAGES:
        findings += _findings(differing, state, address=address, copy=copy)
    if state is not State.UNSTABLE:
        findings += (found for one in entries for found in _quotes(one, address, text.text))
    if text.led_to != address:
        message = f"{address} leads to {text.led_to}; look whether that is the same licence, and write that address"
        findings.append(entries[0].finding("licence-moved", Severity.WARNING, "url", message))
    sha256 = text_sha256(text.text)
    return Watched(address, entries, state, text.led_to, text.text, sha256, script, tuple(findings))


def _findings(entries: Iterable[Entry], state: State, **facts: str) -> Iterator[Diagnostic]:
    """Yield one finding for all models of a list that have the licence since the same day, at the first of them."""
    groups: dict[tuple[str, date | None], list[Entry]] = {}
    for one in entries:
        groups.setdefault((one.catalogue.file.source.path, one.eula.retrieved), []).append(one)
    rule, severity, message = _MESSAGES[state]
    for (_, day), group in groups.items():
        first, provider = group[0], group[0].catalogue.models[group[0].index].provider
        text = message.format(provider=provider, since=f" since {day}" if day else "", **facts)
        yield first.finding(rule, severity, "url", text, models=tuple(one.model for one in group))


def _quotes(entry: Entry, address: str, text: str) -> Iterator[Diagnostic]:
    for quote in missing_quotes(entry.eula, text):
        message = (
            f"the quote about {quote.about} is not in the text at {address}: “{shown(quote.words)}”; "
            "quote it letter for letter, or remove it"
        )
        yield entry.finding("licence-quote", Severity.ERROR, "quotes", message)


def watched_json(one: Watched, changes: Any) -> dict[str, Any]:
    """What was found at an address as plain values; `changes` is the redline as JSON, None without one."""
    facts: dict[str, Any] = {
        "address": one.address,
        "state": one.state.value,
        "models": [entry.model for entry in one.entries],
        "kept": [entry.eula.sha256 for entry in one.entries if entry.eula.sha256],
    }
    known = {"led_to": one.led_to, "sha256": one.sha256, "redline": changes}
    return {**facts, **{key: value for key, value in known.items() if value}}


def text_sha256(text: str) -> str:
    """The hash of a visible text: that of its copy, byte for byte."""
    return hashlib.sha256(text.encode()).hexdigest()


@value_class(frozen=True, slots=True)
class KeptTexts:
    """The docs folder, and the folder of private copies."""

    docs: Path
    private: Path

    def read(self, sha256: str) -> str | None:
        """The kept text with a hash; None if no copy of it is kept, or if it was altered."""
        for path in (self.docs / copy_path(sha256), self._private(sha256)):
            try:
                data = read_file(path, MOST_OF_COPY)
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                return data.decode("utf-8")
        return None

    def write(self, text: str, *, published: bool) -> Path:
        """Keep a text, and return its path. Raises EngrossError if the folder is a link, which may lead anywhere."""
        sha256 = text_sha256(text)
        path = self.docs / copy_path(sha256) if published else self._private(sha256)
        if path.parent.is_symlink():
            message = "this folder is a link; replace it with a folder, or name the folder that it leads to (--copies)"
            raise EngrossError([error("watch", path.parent.as_posix(), 0, 0, message)])
        write_file(path, text.encode())
        return path

    def _private(self, sha256: str) -> Path:
        return self.private / f"{sha256}.txt"
