"""What a site decides about linking: which names link, and whether compounds do."""

from __future__ import annotations

from engross.terms.wordlist import wordlist
from engross.values import dataclass

PRONOUNS = wordlist(
    "I Me My Mine Myself We Us Our Ours Ourselves You Your Yours Yourself Yourselves He Him His Himself She Her Hers "
    "Herself It Its Itself They Them Their Theirs Themselves One"
)


@dataclass(frozen=True, slots=True)
class TermOptions:
    """Which names of definitions become links.

    A pronoun, or a name without a capital letter (`including`), would drown the page and does not link by itself;
    `link` names those that shall, `unlink` those names that shall not although they would. Names are written as they
    are defined. `compounds` lets a term link after a hyphen ("Non-Customer Data").
    """

    link: frozenset[str] = frozenset()
    unlink: frozenset[str] = frozenset()
    compounds: bool = False

    def links(self, name: str) -> bool:
        """Whether a name of a definition becomes a link where it is used."""
        if name in self.unlink:
            return False
        return name in self.link or (name not in PRONOUNS and name != name.lower())


DEFAULT_OPTIONS = TermOptions()
