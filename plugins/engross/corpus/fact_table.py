"""The facts of a model, in one table: where `models.yml` has each, what it is called, and how it is written.

A fact has two names. `word` is the key of its label in the words of pages. `sealed` is its name in the tree of a model
list; the text hash of every posted list depends on it, so it never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engross.corpus.models import Model
from engross.model import Clause, ClauseKind


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its label's key, its sealed name, its path in `models.yml`, and its text, empty where it is not known.

    `form` tells pages how to show it: as "text", "list", "day", "address", "answer" (yes or no), "model" (the id of
    another) or "licence"; "" where it is shown with another fact.
    """

    word: str
    sealed: str
    path: tuple[str, ...]
    text: Callable[[Model], str]
    form: str = "text"

    def of(self, model: Model) -> object:
        """The value itself, None where it is not known."""
        value: object = model
        for key in self.path:
            value = getattr(value, {"in": "takes", "out": "gives"}.get(key, key), None)
        return value


def _plain(key: str) -> Callable[[Model], str]:
    return lambda model: str(getattr(model, key) or "")


def _count(key: str) -> Callable[[Model], str]:
    return lambda model: f"{getattr(model, key):,}" if getattr(model, key) else ""


def _day(key: str) -> Callable[[Model], str]:
    return lambda model: str(dict(model.lifecycle.days).get(key, "")) if model.lifecycle else ""


def _replacement(model: Model) -> str:
    return (model.lifecycle.replacement or "") if model.lifecycle else ""


def _trains(model: Model) -> str:
    return {True: "yes", False: "no", None: ""}[model.trains_on_input]


FACTS: tuple[Fact, ...] = (
    Fact("provider", "Provider", ("provider",), _plain("provider")),
    Fact("task", "Task", ("task",), _plain("task")),
    Fact("api_id", "Name in requests", ("api_id",), _plain("api_id")),
    Fact("base_model", "Base model", ("base_model",), _plain("base_model")),
    Fact("version", "Version", ("version",), _plain("version")),
    Fact("licence", "Licence", ("eula", "name"), lambda model: model.eula.title, "licence"),
    Fact("licence_id", "Licence id", ("eula", "spdx"), lambda model: model.eula.spdx, ""),
    Fact("licence_text", "Licence text", ("eula", "url"), lambda model: model.eula.address, ""),
    Fact(
        "restrictions",
        "Restrictions",
        ("eula", "restrictions"),
        lambda model: "; ".join(model.eula.restrictions),
        "list",
    ),
    Fact("retrieved", "Licence retrieved", ("eula", "retrieved"), lambda model: str(model.eula.retrieved or ""), "day"),
    Fact("sha256", "Licence SHA-256", ("eula", "sha256"), lambda model: model.eula.sha256 or ""),
    Fact("takes", "Takes", ("modalities", "in"), lambda model: ", ".join(model.modalities.takes)),
    Fact("gives", "Gives", ("modalities", "out"), lambda model: ", ".join(model.modalities.gives)),
    Fact("day_preview", "Preview", ("lifecycle", "preview"), _day("preview"), "day"),
    Fact("day_ga", "Generally available", ("lifecycle", "ga"), _day("ga"), "day"),
    Fact("day_deprecated", "Deprecated", ("lifecycle", "deprecated"), _day("deprecated"), "day"),
    Fact("day_retires", "Retires", ("lifecycle", "retires"), _day("retires"), "day"),
    Fact("replacement", "Replacement", ("lifecycle", "replacement"), _replacement, "model"),
    Fact("parameters", "Parameters", ("parameters",), lambda model: ", ".join(model.parameters)),
    Fact("context_tokens", "Context, tokens", ("context_tokens",), _count("context_tokens")),
    Fact("output_tokens", "Output, tokens", ("output_tokens",), _count("output_tokens")),
    Fact("residency", "Residency", ("residency",), _plain("residency")),
    Fact("retention", "Retention", ("retention",), _plain("retention")),
    Fact("trains_on_input", "Trains on input", ("trains_on_input",), _trains, "answer"),
    Fact("pricing", "Pricing", ("pricing",), _plain("pricing"), "address"),
    Fact("docs", "Documentation", ("docs",), _plain("docs"), "address"),
    Fact("source", "Source", ("source",), _plain("source"), "address"),
)
"""Every fact that a model list shows of a model, in the order of its sealed tree."""

WORDS: Mapping[str, str] = {".".join(fact.path): fact.word for fact in FACTS}
"""The key of a fact's label, by the name that `models.json` has for it, with dots: "eula.url"."""

_BY_SEALED = {fact.sealed: fact for fact in FACTS}


def label(sealed: str, words: Mapping[str, str]) -> str:
    """What pages call the fact that a tree names so; the name itself where no fact has it."""
    fact = _BY_SEALED.get(sealed)
    return words[fact.word] if fact else sealed


def labelled(root: Clause, words: Mapping[str, str]) -> Clause:
    """The tree of a model list with its facts called as pages call them: to be shown, never to be hashed."""
    return replace(root, children=tuple(_labelled(one, words) for one in root.children))


def _labelled(section: Clause, words: Mapping[str, str]) -> Clause:
    if section.kind is not ClauseKind.SECTION:
        return section
    facts = []
    for one in section.children:
        name = label(one.name, words)
        facts.append(replace(one, name=name, label=f"{section.label}: {name}"))
    return replace(section, children=tuple(facts))
