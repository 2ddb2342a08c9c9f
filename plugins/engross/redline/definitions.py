"""Which terms either side defines, as far as a redline must tell that a definition was added or dropped.

A definition is known here by its form alone: a quoted or bold term at the start of a clause, with the verb of a
definition after it; or quoted terms in brackets. Binding (`terms/`) knows more, but needs a whole set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engross.model import MarkKind
from engross.redline.outline import Node
from engross.redline.script import Fact, FactKind
from engross.values import dataclass

_VERB = r"\s+(?:shall\s+)?(?:means?|has\s+the\s+meaning|have\s+the\s+meanings?|includes?|refers?\s+to|is\s+defined)\b"
_QUOTED = re.compile(r"[“\"]([^“”\"]{1,80}?),?[”\"]")
_LISTED = re.compile(
    rf"\W{{0,3}}[“\"](?P<term>[^“”\"]{{1,80}})[”\"](?P<more>[^“”\"]{{1,8}}[“\"][^“”\"]{{1,80}}[”\"])*{_VERB}"
)
_BRACKETED = re.compile(r"\((?:[^()“”\"]{0,60})[“\"][^()]{1,200}[”\"]\)")
_MEANS = re.compile(_VERB)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that only one side defines."""

    added: frozenset[str]
    dropped: frozenset[str]

    def facts(self, old: Node | None, new: Node | None) -> tuple[Fact, ...]:
        """What a block tells of these terms: those it defined before, those it defines now."""
        gone = [term for term in defined(old) if term in self.dropped] if old and self.dropped else []
        come = [term for term in defined(new) if term in self.added] if new and self.added else []
        return (
            *(Fact(FactKind.DEFINITION_DROPPED, term, "") for term in gone),
            *(Fact(FactKind.DEFINITION_ADDED, "", term) for term in come),
        )


def find_terms(old: Iterable[Node], new: Iterable[Node]) -> Terms:
    """Compare what two documents define. What stands in both is looked at only where it could decide something."""
    before, after = _texts(old), _texts(new)
    gone = _all(node for number, node in before.items() if number not in after)
    come = _all(node for number, node in after.items() if number not in before)
    dropped, added = gone - come, come - gone
    if dropped or added:
        kept = _all(node for number, node in before.items() if number in after)
        dropped, added = dropped - kept, added - kept
    return Terms(frozenset(added), frozenset(dropped))


def _texts(nodes: Iterable[Node]) -> dict[int, Node]:
    """A block with text for every different content."""
    return {node.full: node for top in nodes for node in top.walk() if node.text}


def _all(nodes: Iterable[Node]) -> set[str]:
    return {term for node in nodes for term in defined(node)}


def defined(node: Node) -> list[str]:
    """The terms that a block's own text defines, in order, none twice."""
    text, found = node.text, dict[str, None]()
    if "“" in text or '"' in text:
        listed = _LISTED.match(text)
        if listed:
            found.update(dict.fromkeys(term for term in _QUOTED.findall(listed[0])))
        for bracket in _BRACKETED.finditer(text):
            found.update(dict.fromkeys(_QUOTED.findall(bracket[0])))
    if node.pieces and any(style.kind is MarkKind.STRONG for style in node.pieces[0].styles):
        term = node.pieces[0].text
        if len(term) <= 80 and _MEANS.match(text, len(term)):
            found[term.strip(' “”"')] = None
    return list(found)
