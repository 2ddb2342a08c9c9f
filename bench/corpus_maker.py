"""Makes contracts to measure with: as long and as dense as real ones, and the same on every run.

A page is planned first (its headings, its own terms), so that every cross-reference leads somewhere and every term that
is used is defined. Enumerated items are indented by less than four spaces: Engross nests them, and to Python-Markdown
they are paragraphs, so both have the same words to set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import Formatter

from bench import words

WORDS_PER_PAGE = 4_700
SECTIONS = 18
OWN_TERMS = 10
HALF_A_BLOCK = 36
QUALIFIERS, SUBJECTS = words.QUALIFIERS.split(), words.SUBJECTS.split()
ROMAN = ("i", "ii", "iii", "iv")


@dataclass(frozen=True)
class Plan:
    """What is settled about a page before its text is written; `sections` holds (heading, subheadings)."""

    id: str
    title: str
    terms: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Page:
    """A finished page: its id (the file's name without `.md`), its title and its Markdown."""

    id: str
    title: str
    markdown: str


def make_pages(count: int, seed: int = 1, own_terms: int = OWN_TERMS) -> list[Page]:
    """That many pages; the first is the agreement that defines the shared terms, each other defines `own_terms`."""
    plans = [_plan(number, seed, own_terms) for number in range(count)]
    return [Page(plan.id, plan.title, _Writer(plan, plans, Random(f"{seed}/{plan.id}")).page()) for plan in plans]


def write_docs(pages: list[Page], docs: Path) -> None:
    """Write the pages and the `documents.yml` that makes them one set: the agreement and the terms it incorporates."""
    docs.mkdir(parents=True, exist_ok=True)
    for page in pages:
        (docs / f"{page.id}.md").write_text(page.markdown, encoding="utf-8")
    (docs / "documents.yml").write_text(_documents_yml(pages), encoding="utf-8")


def edit_clause(docs: Path, page: Page, number: int) -> None:
    """Add a sentence to the last section of a page; it defines nothing and refers to nothing.

    It is a paragraph of its own: a page may end with a heading, which other documents can cite.
    """
    text = f"{page.markdown.rstrip()}\n\nThis clause was edited {number} times.\n"
    (docs / f"{page.id}.md").write_text(text, encoding="utf-8")


def _documents_yml(pages: list[Page]) -> str:
    agreement, *others = pages
    incorporated = ", ".join(page.id for page in others)
    return "\n".join(
        [
            "timezone: UTC",
            "sets:",
            "  - id: bench",
            "    title: Bench",
            f"    agreement: {agreement.id}",
            f"    incorporates: [{incorporated}]",
            "    precedence: []",
            "documents:",
            *(_entry(page, "agreement" if page is agreement else "url-terms") for page in pages),
            "",
        ]
    )


def _entry(page: Page, kind: str) -> str:
    return f"  - id: {page.id}\n    title: {page.title}\n    kind: {kind}\n    file: {page.id}.md\n    numbering: true"


def _plan(number: int, seed: int, own_terms: int) -> Plan:
    rng = Random(f"{seed}/plan/{number}")
    pairs = range(number * own_terms, (number + 1) * own_terms)
    terms = tuple(_own_term(pair) for pair in pairs)
    headings = sorted(rng.sample(range(len(words.HEADINGS)), SECTIONS - 1))
    sections = tuple((words.HEADINGS[index], _subheadings(rng)) for index in headings)
    return Plan(
        id=f"page-{number + 1:03}",
        title="Master Terms of Service" if number == 0 else f"Terms for the {terms[0]} Programme",
        terms=words.SHARED_TERMS if number == 0 else terms,
        sections=(("Definitions", ()), *sections),
    )


def _own_term(index: int) -> str:
    """The index-th of the 48 × 48 two-word terms; neighbours share neither word."""
    row, column = divmod(index, len(QUALIFIERS))
    return f"{QUALIFIERS[column]} {SUBJECTS[(column + row) % len(SUBJECTS)]}"


def _subheadings(rng: Random) -> tuple[str, ...]:
    return tuple(rng.sample(words.SUBHEADINGS, rng.choice((0, 0, 2, 3))))


def _with_article(term: str, article: str) -> str:
    return f"{article}{'n' if term[0] in 'AEIO' else ''} {term}"


class _Writer:
    """Writes one page; each `_…` method gives one block of Markdown without its blank lines."""

    def __init__(self, plan: Plan, plans: list[Plan], rng: Random) -> None:
        self.plan = plan
        self.plans = plans
        self.rng = rng
        self.pick = rng.choice
        self.terms = (*words.SHARED_TERMS, *plan.terms)
        self.slots = {
            "party": lambda: self.pick(words.PARTIES),
            "modal": lambda: self.pick(words.MODALS),
            "verb": lambda: self.pick(words.VERBS),
            "thing": lambda: self.fill(self.pick(words.THINGS)),
            "manner": lambda: self.fill(self.pick(words.MANNERS)),
            "condition": lambda: self.fill(self.pick(words.CONDITIONS)),
            "item": lambda: self.fill(self.pick(words.ITEMS)),
            "term": lambda: self.pick(self.terms),
            "a_term": lambda: _with_article(self.pick(self.terms), "a"),
            "A_term": lambda: _with_article(self.pick(self.terms), "A"),
            "days": lambda: str(self.pick((5, 10, 14, 30, 60, 90))),
            "reference": self._reference,
        }
        self.blocks = (self._paragraph,) * 6 + (self._enumeration,) * 3 + (self._run_in,) * 2 + (self._bullets,)

    def fill(self, pattern: str) -> str:
        """The pattern with each {slot} filled anew."""
        parts = Formatter().parse(pattern)
        return "".join(text + (self.slots[slot]() if slot else "") for text, slot, _, _ in parts)

    def page(self) -> str:
        """The whole page, of about WORDS_PER_PAGE words."""
        blocks = [f"# {self.plan.title}", self._opening()]
        written = 0
        for number, (heading, subheadings) in enumerate(self.plan.sections):
            blocks += [f"## {heading}"]
            budget = (WORDS_PER_PAGE - written) // (len(self.plan.sections) - number)
            body = [self._definitions()] if heading == "Definitions" else list(self._section(subheadings, budget))
            written += sum(len(block.split()) for block in body)
            blocks += body
        return "\n\n".join(blocks) + "\n"

    def _section(self, subheadings: tuple[str, ...], budget: int) -> Iterator[str]:
        parts = subheadings or ("",)
        for part in parts:
            if part:
                yield f"### {part}"
            left = budget // len(parts)
            block = self._paragraph()
            while left > HALF_A_BLOCK:
                yield block
                left -= len(block.split())
                block = self._table() if self.rng.random() < 0.02 else self.pick(self.blocks)()

    def _opening(self) -> str:
        agreement = self.plans[0]
        if self.plan is agreement:
            return (
                "These terms hold between the company that offers the Platform (“Provider”) and whoever accepts them "
                "(“Customer”), with all terms that they refer to (together, the “Agreement”)."
            )
        return (
            f"These terms (the “{self.plan.terms[0]} Terms”) form part of the {self._link(agreement)} and apply from "
            "the day on which Customer accepts them."
        )

    def _definitions(self) -> str:
        return "\n".join(f"- **“{term}”** {self.fill(self.pick(words.MEANINGS))}." for term in self.plan.terms)

    def _sentence(self) -> str:
        text = self.fill(self.pick(words.SENTENCES))
        return text[0].upper() + text[1:] + "."

    def _paragraph(self) -> str:
        lead = f"**{self.pick(words.SUBHEADINGS)}.** " if self.rng.random() < 0.15 else ""
        return lead + " ".join(self._sentence() for _ in range(self.rng.randint(1, 3)))

    def _enumeration(self) -> str:
        lead = self.fill(self.pick(words.LEADS))
        lines = [lead[0].upper() + lead[1:]]
        count = self.rng.randint(3, 6)
        for letter in "abcdef"[:count]:
            nested = self.rng.random() < 0.2
            stop = ":" if nested else "." if letter == "abcdef"[count - 1] else ";"
            lines.append(f"({letter}) {self.fill(self.pick(words.ITEMS))}{stop}")
            if nested:
                lines += [f"  ({numeral}) {self.fill(self.pick(words.ITEMS))};" for numeral in ROMAN[: count - 1]]
        return "\n\n".join(lines)

    def _run_in(self) -> str:
        return self.fill(self.pick(words.RUN_INS))

    def _bullets(self) -> str:
        return "\n".join(f"- {self.fill(self.pick(words.ITEMS))};" for _ in range(self.rng.randint(2, 4)))

    def _table(self) -> str:
        rows = "\n".join(self.fill("| {term} | {verb} {thing} | {days} days |") for _ in range(self.rng.randint(3, 6)))
        return f"| Subject | Measure | Time |\n| --- | --- | --- |\n{rows}"

    def _reference(self) -> str:
        """A section by number, with or without its subsection, by name, or another document by title or link."""
        index = self.rng.randrange(1, len(self.plan.sections))
        heading, subheadings = self.plan.sections[index]
        number = f"Section {index + 1}"
        forms = [number, number, f"the section {heading}", "this Section", self.pick(self.plans).title]
        if subheadings:
            forms += [f"{number}.{self.rng.randint(1, len(subheadings))}"] * 2
        return self.pick([*forms, self._link(self.pick(self.plans))])

    @staticmethod
    def _link(plan: Plan) -> str:
        return f"[{plan.title}]({plan.id}.md)"
