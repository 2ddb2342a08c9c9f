"""The addresses of the links of a page that is kept in the cache: asked for again, and no link twice.

MkDocs reports a broken link when its address is asked for. So the links of a kept page are asked for as often as they
are written, also where the page turns out to have changed and is made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence


class LinkAnswers:
    """Asks `resolve` for the addresses of links, and remembers which it was asked for, in order."""

    def __init__(self, resolve: Callable[[str], str]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._resolve = resolve
        self._known: dict[str, list[str]] = defaultdict(list)

    def __call__(self, target: str) -> str:
        """Return the address of a link."""
        known = self._known[target]
        address = known.pop(0) if known else self._resolve(target)
        self.asked.append((target, address))
        return address

    def are_same(self, asked: Iterable[Sequence[str]]) -> bool:
        """Return whether links that were asked for have the same addresses; otherwise these are given once more."""
        before = [(target, address) for target, address in asked]
        found = [(target, self(target)) for target, _ in before]
        if found == before:
            return True
        del self.asked[len(self.asked) - len(found) :]
        for target, address in found:
            self._known[target].append(address)
        return False
