"""Measure how well contracts are understood: `python -m bench.gold FOLDER` compares with documents marked by hand.

Beside a document `NAME.md` is what a person found in it, `NAME.gold.yml`. All lines are 1-based and are those of the
source; the same line twice means two places in it.

    set: other-name                     # optional: read together with another document of the folder, its agreement
    definitions:
      - {line: 12, names: [Services, Service]}
    uses:
      Services: [14, 14, 20]            # a term by its first name, or by any name of another document of its set
    references:
      - {line: 20, text: "Section 4.2", to: 31}        # the line where the heading, paragraph or item begins
      - {line: 22, text: "the DPA", to: "dpa.md:1"}    # in another document; line 1 is the whole document
      - {line: 23, text: "RFC 3647, Section 4", to: external}
      - {line: 24, text: "Section 99", to: nothing}    # what it names is not there
    findings:                           # optional: what the drafting check should say, nothing else
      - {rule: missing-reference, line: 24}

A reference of a clause to itself ("this Section 8") need not be marked; it counts as found if it is. So does one that
the author of the text has linked: readers follow that link.

A use at the place of its definition is not marked, nor is a use in a heading. Uses marked under a pronoun (You, Us) do
not count, because Engross links no pronouns unless `documents.yml` asks for it. A reference that leads outside the set
may be found or not; it is an error if it counts as one within the set or to nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ruamel.yaml import YAML

from engross.drafting import RULES, check_subjects, read_inputs
from engross.language import forms, key, shipped
from engross.model import Binding, ClauseKind, Diagnostic, Document, Place, ReferenceKind, Severity
from engross.terms import PRONOUNS

SUFFIX = ".gold.yml"
KINDS = ("definitions", "uses", "references in the set", "references to nothing")
_MOST_LINES = 3
"""So many lines after its first name another name of a definition may be."""
_Z = 1.96  # of a confidence of 95 %
_FOREIGN_PRONOUNS = frozenset().union(*(grammar.pronouns for grammar in shipped().values()))
_ARTICLE = re.compile(r"\A(?:(?:the|an?|el|las?|los|les?|der|die|das)\s+|l[’'])(?=\w)")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found or marked. `what` are the names of a definition, the term of a use, or the target of a reference.

    Names are in small letters, without articles and in one number: people mark “Software” where a contract defines
    SOFTWARE for both. The words of a reference do not count, since people differ in where it begins and ends.
    """

    file: str
    line: int
    what: object
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        shown = " | ".join(sorted(self.what)) if isinstance(self.what, frozenset) else str(self.what)
        return f"{self.file}:{self.line}: " + (f"{self.text} → {shown}" if self.text else shown)


@dataclass
class Score:
    """Counts of one kind: found and marked, found only, marked only; the items of the last two."""

    right: int = 0
    extra: list[Item] = field(default_factory=list)
    missed: list[Item] = field(default_factory=list)

    def add(self, found: Iterable[Item], marked: Iterable[Item]) -> None:
        """Compare two lists of items, each as often as it occurs."""
        got, wanted = Counter(found), Counter(marked)
        self.right += (got & wanted).total()
        self.extra += (got - wanted).elements()
        self.missed += (wanted - got).elements()

    @property
    def precision(self) -> tuple[int, int]:
        """How many were right, of how many found."""
        return self.right, self.right + len(self.extra)

    @property
    def recall(self) -> tuple[int, int]:
        """How many were found, of how many marked."""
        return self.right, self.right + len(self.missed)


def interval(right: int, total: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % for a share; (0, 1) where there is nothing."""
    if not total:
        return 0.0, 1.0
    share, square = right / total, _Z * _Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _Z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def read_marks(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the marks of every document in a folder, by the document's file name."""
    reader = YAML(typ="safe")
    return {
        f"{path.name.removesuffix(SUFFIX)}.md": reader.load(path.read_text(encoding="utf-8")) or {}
        for path in sorted(folder.glob(f"*{SUFFIX}"))
    }


def read_sets(marks: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Return the documents that are read together, the agreement first."""
    sets: dict[str, list[str]] = {name: [name] for name, marked in marks.items() if "set" not in marked}
    for name, marked in marks.items():
        if "set" in marked:
            sets[f"{marked['set']}.md"].append(name)
    return list(sets.values())


def measure(folder: Path) -> tuple[dict[str, Score], dict[str, Score]]:
    """Return the scores by kind, and those of the findings by rule."""
    scores = {kind: Score() for kind in KINDS}
    rules: dict[str, Score] = {}
    marks = read_marks(folder)
    for names in read_sets(marks):
        inputs = read_inputs([folder / name for name in names], folder, together=True)
        if inputs.problems:
            raise RuntimeError("\n".join(map(str, inputs.problems)))
        (subject,) = inputs.subjects
        of_set = {name: marks[name] for name in names}
        for kind, found in found_in(subject.binding, first_names(of_set)).items():
            marked = [item for name in names for item in marked_in(kind, name, of_set)]
            others = (
                [*self_references(subject.binding), *linked_references(subject.binding)] if kind == KINDS[2] else ()
            )
            known = Counter(marked) & Counter(others) - Counter(found)
            found = as_marked(found, marked) if kind == KINDS[0] else found
            scores[kind].add([*found, *known.elements()], marked)
        judged = [one.diagnostic for one in check_subjects(inputs.subjects, rules=RULES)]
        _score_findings(rules, names, marks, judged)
    return scores, rules


def _score_findings(
    rules: dict[str, Score], names: Iterable[str], marks: Mapping[str, Any], judged: Iterable[Diagnostic]
) -> None:
    """Add the findings of a set, without notes, to the scores by rule; only of documents whose findings are marked."""
    for name in names:
        if "findings" not in marks[name]:
            continue
        found = [one for one in judged if Path(one.path).name == name and one.severity > Severity.NOTE]
        wanted = marks[name]["findings"] or ()
        for rule in sorted({*(one.rule for one in found), *(one["rule"] for one in wanted)}):
            got = [Item(name, one.line, rule, one.message) for one in found if one.rule == rule]
            expected = [Item(name, one["line"], rule) for one in wanted if one["rule"] == rule]
            rules.setdefault(rule, Score()).add(got, expected)


def first_names(marks: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the first name of each definition marked in a set, by each of its names, all in small letters."""
    defined = [one["names"] for marked in marks.values() for one in marked.get("definitions") or ()]
    return {_compared(name): _compared(names[0]) for names in defined for name in names}


def found_in(binding: Binding, first: Mapping[str, str]) -> dict[str, list[Item]]:
    """Return what the program found, by kind; `first` are the names under which uses are marked."""
    documents = {document.id: document for document in binding.edition.documents}
    found: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    for definition in binding.definitions:
        line = _line_of_name(documents[definition.place.document], definition.place)
        found["definitions"].append(Item(Path(definition.place.path).name, line, _small(definition.names)))
    for use in binding.uses:
        names = [_compared(name) for name in (use.definition.term, *use.definition.names)]
        text = _small([" ".join(use.text.split())])
        written = [name for name in names if _small([name]) == text]
        term = next((first[name] for name in (*written, *names) if name in first), names[0])
        found["uses"].append(_item(use.place, term))
    for one in binding.references:
        if one.target is None:
            if one.kind is not ReferenceKind.EXTERNAL:
                found["references to nothing"].append(_item(one.place, "nothing", one.text))
        elif one.kind is not ReferenceKind.SELF:
            found["references in the set"].append(_item(one.place, target_line(documents, one.target), one.text))
    return found


def as_marked(found: Iterable[Item], marked: Iterable[Item]) -> list[Item]:
    """Return definitions as they are marked, where one that is found has all names of those marked in its lines.

    "Chief Executive Officer (the “CEO”)" defines both names, of which people mark one; “you” and “user” have one
    meaning, of which people mark two. Names that are found but not marked show in the uses.
    """
    rest = Counter(marked)
    result = []
    for item in found:
        near = [
            one
            for one in rest.elements()
            if one.file == item.file and 0 <= one.line - item.line <= _MOST_LINES and _names_of(one) <= _names_of(item)
        ]
        whole = [item] if item in near else near
        rest -= Counter(whole)
        result += whole or [item]
    return result


def _names_of(item: Item) -> frozenset[str]:
    return item.what if isinstance(item.what, frozenset) else frozenset()


def _line_of_name(document: Document, place: Place) -> int:
    """Return the line of the first letter of a name; its quotation mark may be on the line before."""
    lines = document.source.text.split("\n")[place.line - 1 :] if document.source else []
    for number, line in enumerate(lines):
        if re.search(r"\w", line[0 if number else place.column - 1 :]):
            return place.line + number
    return place.line


def self_references(binding: Binding) -> list[Item]:
    """Return the references of clauses to themselves, which are right where they are marked and never wrong."""
    documents = {document.id: document for document in binding.edition.documents}
    return [
        _item(one.place, target_line(documents, one.target), one.text)
        for one in binding.references
        if one.kind is ReferenceKind.SELF and one.target is not None
    ]


def linked_references(binding: Binding) -> list[Item]:
    """Return the links that authors have set to headings of the same document, each as a reference.

    A heading has the anchor of Engross and those of others, which the drafting check understands: "fees", "4-fees" and
    "4_Fees" for "4. Fees".
    """
    found = []
    for document in binding.edition.documents:
        clauses = list(document.root.walk())
        anchors = {_github_anchor(clause.inline.text): clause.anchor for clause in clauses if clause.name}
        anchors.update({clause.anchor: clause.anchor for clause in clauses if clause.anchor})
        for clause in clauses if document.source else ():
            for mark in clause.inline.marks:
                wanted = mark.target[1:] if mark.target.startswith("#") else ""
                to = anchors.get(wanted) or anchors.get(_github_anchor(unquote(wanted)))
                if to and document.source:
                    line, _ = document.source.position(clause.inline.source_offset(mark.start))
                    target = target_line({document.id: document}, (document.id, to))
                    found.append(Item(Path(document.source.path).name, line, target))
    return found


def _github_anchor(heading: str) -> str:
    return re.sub(r"[^\w\s-]", "", heading.strip().lower()).replace(" ", "-").replace("_", "-")


def _compared(name: str) -> str:
    """A name in small letters, without an article: people mark “El Cliente” and “Cliente”."""
    return _ARTICLE.sub("", name.casefold())


def _small(names: Iterable[str]) -> frozenset[str]:
    """Return names in small letters and in one number: people mark “Products” as one name or as two, with “Product”."""
    small = map(_compared, names)
    return frozenset(min([name, *forms(key(name))], key=len) for name in small)


def _item(place: Place, what: object, text: str = "") -> Item:
    return Item(Path(place.path).name, place.line, what, " ".join(text.split()))


def target_line(documents: Mapping[str, Document], target: tuple[str, str]) -> str:
    """Return the file name and the line of a target, such as "dpa.md:7"; line 1 for a whole document."""
    document = documents[target[0]]
    name = Path(document.source.path).name if document.source else document.id
    for clause in document.root.walk() if target[1] else ():
        if clause.anchor == target[1] and clause.kind is not ClauseKind.DOCUMENT:
            return f"{name}:{clause.lines[0]}"
    return f"{name}:1"


def marked_in(kind: str, name: str, marks: Mapping[str, Mapping[str, Any]]) -> Iterator[Item]:
    """Yield what a person marked in one document, by kind; terms by their first name."""
    marked = marks[name]
    if kind == "definitions":
        for one in marked.get("definitions") or ():
            yield Item(name, one["line"], _small(one["names"]))
    elif kind == "uses":
        first = first_names(marks)
        for term, lines in (marked.get("uses") or {}).items():
            if term not in PRONOUNS and term.lower() not in _FOREIGN_PRONOUNS:
                small = _compared(term)
                yield from (Item(name, line, first.get(small, small)) for line in lines)
    else:
        for one in marked.get("references") or ():
            to = one["to"]
            if to != "external" and (to == "nothing") == (kind == "references to nothing"):
                yield Item(name, one["line"], f"{name}:{to}" if isinstance(to, int) else to, one["text"])


def report(scores: Mapping[str, Score], title: str) -> Iterator[str]:
    """Yield the figures as lines of a table, then every miss."""
    yield f"{title:<28} {'precision':>28} {'recall':>28}"
    for kind, score in scores.items():
        yield f"{kind:<28} {_share(*score.precision):>28} {_share(*score.recall):>28}"
    for kind, score in scores.items():
        for sign, items in (("extra", score.extra), ("missed", score.missed)):
            yield from (f"{kind}: {sign}: {item}" for item in sorted(items, key=lambda one: (one.file, one.line)))


def _share(right: int, total: int) -> str:
    low, high = interval(right, total)
    return f"{right}/{total} {right / total:.1%} ({low:.0%}–{high:.0%})" if total else "none"


def main(words: list[str]) -> int:
    """Print precision and recall; 1 where the folder has no marked document."""
    parser = argparse.ArgumentParser(prog="python -m bench.gold", description="Compare with documents marked by hand.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(words).folder
    if not read_marks(folder):
        print(f"no *{SUFFIX} in {folder}", file=sys.stderr)
        return 1
    scores, rules = measure(folder)
    print("\n".join([*report(scores, "found"), "", *report(rules, "findings by rule")]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
