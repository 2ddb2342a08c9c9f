"""Golden cases: `tests/cases/terms/<name>.md` is bound, and the result is in `<name>.txt` next to it.

A case may hold several documents, each after a line `%%% id | Title`; the first is the agreement of the set. Words
after a second bar are options: `numbering` generates section numbers. A line `%%options link=… unlink=… compounds`
gives the options of binding, names separated by commas and written with _ for a space.
"""

from __future__ import annotations

import re
from pathlib import Path

from engross.model import Binding, Document, DocumentEntry, DocumentKind, Edition, Place, SetEntry, Source
from engross.terms import TermOptions, bind
from engross.text import parse

CASES = Path(__file__).parent.parent / "cases" / "terms"
_DOCUMENT = re.compile(r"^%%% (?P<id>[\w-]+) \| (?P<title>[^|\n]+?)(?: \| (?P<how>.*))?\n", re.MULTILINE)
_OPTIONS = re.compile(r"^%%options (.*)\n", re.MULTILINE)


def document(id: str, title: str, text: str, *, numbering: bool = False) -> Document:
    """A document made of a text; its file is `<id>.md`."""
    source = Source(f"{id}.md", text, text.encode())
    entry = DocumentEntry(id, title, DocumentKind.URL_TERMS, f"{id}.md", f"{id}/", numbering=numbering)
    return Document(entry, source, parse(source, numbering=numbering, through_html=True))


def edition(*documents: Document) -> Edition:
    """A set of documents, the agreement first."""
    first, *others = documents
    return Edition(SetEntry("set", "Set", first.id, tuple(other.id for other in others)), documents)


def bound(text: str, options: TermOptions | None = None) -> Binding:
    """A text bound as a lone document."""
    return bind(edition(document("agreement", "Agreement", text)), options or TermOptions())


def read_case(text: str) -> Binding:
    """A case file bound."""
    options, text = _options(text)
    heads = list(_DOCUMENT.finditer(text))
    if not heads:
        return bound(text, options)
    ends = [head.start() for head in heads[1:]] + [len(text)]
    documents = [
        document(head["id"], head["title"], text[head.end() : end], numbering="numbering" in (head["how"] or ""))
        for head, end in zip(heads, ends, strict=True)
    ]
    return bind(edition(*documents), options)


def _options(text: str) -> tuple[TermOptions, str]:
    found = _OPTIONS.search(text)
    if not found:
        return TermOptions(), text
    given = dict(word.partition("=")[::2] for word in found[1].split())
    names = {
        what: frozenset(name.replace("_", " ") for name in given.get(what, "").split(",") if name)
        for what in ("link", "unlink")
    }
    return TermOptions(names["link"], names["unlink"], "compounds" in given), text[: found.start()] + text[
        found.end() :
    ]


def listing(binding: Binding) -> str:
    """A binding as readable text."""
    lines = ["definitions"]
    for one in binding.definitions:
        scope = one.scope.value + "".join(f" {anchor}" for anchor in one.scope_anchors)
        target = f" -> {_target(one.target)}" if one.target else ""
        lines.append(f"  {_at(one.place)} {' | '.join(one.names)} [{one.given.value}, {scope}] #{one.anchor}{target}")
    lines.append("uses")
    for use in binding.uses:
        text = use.text.replace("\n", "\\n")
        term = "" if use.definition.term == use.text else f" -> {use.definition.term}"
        lines.append(f"  {_at(use.place)} {text}{term} @{use.definition.place.line} ({use.place.label})")
    lines.append("references")
    for one in binding.references:
        problem = f" ! {one.problem}" if one.problem else ""
        lines.append(f"  {_at(one.place)} {one.text} [{one.kind.value}] -> {_target(one.target)}{problem}")
    return "\n".join(lines) + "\n"


def _at(place: Place) -> str:
    return f"{place.document}:{place.line}:{place.column}"


def _target(target: tuple[str, str] | None) -> str:
    return "none" if target is None else "#".join(target)
