"""Clauses as people cite them in a note: "Restrictions (h)(iv)", "Section 4.2", "#fees", "Fees of the Agreement"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from engross.model import Clause, ClauseKind, Document

_KIND = re.compile(
    r"(?:sections?|clauses?|articles?|paragraphs?|sec\.|cl\.|art\.|para\.|§+|abschnitt|ziffer|artikel|absatz"
    r"|paragraphe|alinéa|sección|cláusula|artículo|apartado)\s*",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_BESIDE_BRACKET = re.compile(r"\s+(?=\()|(?<=\))\s+(?=\()")
_EDGES = " .,;:“”„\"'‘’«»"
_SEVERAL = re.compile(r"\s*;\s*|\s*,\s+|\s+(?:and|und|et|y)\s+")
_OF = r"(?:\s*,\s*|\s*:\s*|\s+(?:of|in|to|der|des|du|de la|del)\s+)(?:the\s+|our\s+)?"
_MOST_NEAREST = 3
_LIKENESS = 0.5


class CitedClauses:
    """What may be cited in some documents: the first are meant where none is named, `others` where they are named."""

    def __init__(self, documents: Iterable[Document], others: Iterable[Document]) -> None:
        self._own = [(document, _names(document)) for document in documents]
        self._all = [*self._own, *((document, _names(document)) for document in others)]

    def holds(self, cited: str) -> bool:
        """Whether a text cites a clause that there is, or several."""
        if self._is_clause(cited):
            return True
        parts = [part for part in _SEVERAL.split(cited) if part]
        return len(parts) > 1 and all(map(self._is_clause, parts))

    def _is_clause(self, cited: str) -> bool:
        if any(_plain(cited) in names for _, names in self._own):
            return True
        return any(
            _plain(rest) in names for document, names in self._all for rest in _without_document(cited, document)
        )

    def nearest(self, cited: str) -> list[str]:
        """The labels of the clauses that are named most like what was cited; the first ones where none is like it."""
        labels = {name: label for _, names in reversed(self._own) for name, label in names.items()}
        close = get_close_matches(_plain(cited)[:80], list(labels), n=9, cutoff=_LIKENESS)
        found = [labels[name] for name in close] or list(labels.values())
        return list(dict.fromkeys(found))[:_MOST_NEAREST]


def _names(document: Document) -> Mapping[str, str]:
    """Every way of citing a clause of a document, plainly written, with its label."""
    found: dict[str, str] = {}
    titles = [one for one in document.root.children if one.kind is ClauseKind.SECTION and one.level == 1]
    for clause, section in _with_section(document.root, None):
        if len(titles) == 1 and clause is titles[0]:
            continue
        label = clause.label or clause.name or clause.inline.text
        if clause.anchor or clause.kind is ClauseKind.SECTION:
            for name in _ways(clause, section):
                found.setdefault(_plain(name), label)
    found.pop("", None)
    return found


def _with_section(clause: Clause, section: Clause | None) -> Iterator[tuple[Clause, Clause | None]]:
    stack = [(clause, section)]
    while stack:
        clause, section = stack.pop()
        yield clause, section
        inner = clause if clause.kind is ClauseKind.SECTION else section
        stack.extend((child, inner) for child in reversed(clause.children))


def _ways(clause: Clause, section: Clause | None) -> Iterator[str]:
    yield from (clause.anchor, clause.label, clause.number)
    if clause.kind is ClauseKind.SECTION:
        yield from (clause.name, clause.inline.text)
        if section:
            yield f"{section.name}: {clause.name}"
    if clause.number and clause.name:
        yield from (
            f"{clause.number} {clause.name}",
            f"{clause.number} ({clause.name})",
            f"{clause.name} ({clause.number})",
        )
    # Section 4(b) for what is labelled "Restrictions (b)".
    if section and section.number and section.label and clause.label.startswith(f"{section.label} ("):
        yield f"{section.number}{clause.label[len(section.label) :]}"


def _without_document(cited: str, document: Document) -> Iterator[str]:
    """What is left of a citation that names a document, by its title, its id or both ends of an address."""
    anchor = cited.strip().removeprefix(f"{document.id}#")
    if anchor != cited.strip():
        yield anchor
    for name in (document.entry.title, document.entry.title.removeprefix("The "), document.id):
        named = re.escape(name)
        for pattern in (rf"(?P<rest>.+?){_OF}{named}", rf"(?:the\s+)?{named}{_OF}(?P<rest>.+)"):
            found = re.fullmatch(pattern, cited.strip(_EDGES), re.IGNORECASE)
            if found:
                yield found["rest"]


def _plain(text: str) -> str:
    text = _BLANKS.sub(" ", text).strip(_EDGES).removeprefix("#")
    kind = _KIND.match(text)
    # "Sections" may be a heading: a kind is followed by something.
    text = text[kind.end() :] if kind and kind.end() < len(text) else text
    return _BESIDE_BRACKET.sub("", text).strip(_EDGES).casefold()
