"""What a model list says beside a model of its licence, its price and its stage: what changed last, what is announced.

The licence is a fact of the list; prices may stand in a document that is published elsewhere, of whose changes notice
is given. Such a notice stands beside the models that its words name, or whose price is said to be found there. Of the
days of a model's life only what is announced is news: those that hold stand among its facts.

A notice that was put right later is shown with what is right, and after it as what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from engross.corpus import WORDS, Model
from engross.model import DocumentKind
from engross.record import ChangeState, Effect, PostedChange, addresses
from engross.render.changes.note_html import render_about
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import ChangeSummary
from engross.render.pages.state import Moment, moment

FIELDS = ("eula.name", "eula.url", "eula.restrictions", "pricing")
"""The facts that are told, as `models.json` has them."""

LIFE_DAYS = ("lifecycle.preview", "lifecycle.ga", "lifecycle.deprecated", "lifecycle.retires")
"""The days of a model's life."""

LIFE = (*LIFE_DAYS, "lifecycle.replacement")
"""The facts of a model's life, which are told while they are announced."""

_GONE = "name"
"""The fact that goes when a model leaves the list."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right, as HTML, from when on that is said, and the page that says it, relative to the site's root."""

    posted: Moment
    page: str
    said: Markup


@dataclass(frozen=True, slots=True)
class ModelNews:
    """One change: `what` it is about, `old` and `new` where it is of a fact (else both are None), from when, whether
    that is to come; the change's `title`, its page, relative to the site's root, and what it `said` of the model, as
    HTML. `corrections` are what put that right, the last first; `life` tells that it is about the model's stage.
    """

    what: str
    old: str | None
    new: str | None
    effective: Moment
    announced: bool
    title: str
    page: str
    said: Markup
    corrections: tuple[Correction, ...] = ()
    life: bool = False


def model_news(
    pub: Publication, told: Mapping[str, ChangeSummary], document: str, models: Sequence[Model]
) -> Mapping[str, tuple[ModelNews, ...]]:
    """What to say beside each model of a list, by its id, the newest first: of each fact and of each document published
    elsewhere what changed last, and before it what is announced.
    """
    found: dict[str, list[ModelNews]] = {}
    done: set[tuple[str, str]] = set()
    listed = _Listed.of(models)
    for change in pub.posted.changes:
        state = change.state(pub.at)
        if state is ChangeState.WITHDRAWN:
            continue
        for model, key, news in _of_change(pub, told[change.slug], change, document, listed):
            if (model, key) not in done:
                found.setdefault(model, []).append(news)
            if not news.announced:
                done.add((model, key))
    return {model: tuple(news) for model, news in found.items()}


def _of_change(
    pub: Publication, told: ChangeSummary, change: PostedChange, document: str, listed: _Listed
) -> Iterator[tuple[str, str, ModelNews]]:
    """(model, what is told only once, news) of one change."""
    for effect in change.effects:
        if effect.entry.effective is None:
            continue
        if effect.entry.document == document:
            yield from _of_list(pub, told, change, effect, listed)
        elif effect.document.kind is DocumentKind.NOTICE_ONLY:
            for model in _named(pub, change, effect, listed):
                news = _news(pub, told, change, effect, effect.document.title, _Named(model, listed))
                yield model.id, f"in {effect.entry.document}", news


def _of_list(
    pub: Publication, told: ChangeSummary, change: PostedChange, effect: Effect, listed: _Listed
) -> Iterator[tuple[str, str, ModelNews]]:
    """The same of a change of the list itself."""
    by_id = {model.id: model for model in listed.models}
    coming = effect.entry.effective is not None and effect.entry.effective > pub.at
    for fact in _facts(told.facts.get("models", ()), coming=coming):
        field, model = str(fact["field"]), by_id.get(fact["model"])
        if model:
            word = "model_leaves" if field == _GONE else WORDS[field]
            yield model.id, field, _news(pub, told, change, effect, pub.words[word], _Named(model, listed), fact)


def _facts(facts: Sequence[Mapping[str, Any]], *, coming: bool) -> Iterator[Mapping[str, Any]]:
    """The facts that are told, but for those of models that came or went; a licence's text goes with its name.

    That a model goes is told while it is `coming`, and so are the days of its life.
    """
    whole = {fact["model"] for fact in facts if fact["field"] == _GONE and None in (fact.get("from"), fact.get("to"))}
    renamed = {fact["model"] for fact in facts if fact["field"] == "eula.name"}
    told = {*FIELDS, *LIFE} if coming else {*FIELDS}
    for fact in facts:
        if fact["model"] in whole:
            if coming and fact["field"] == _GONE and fact.get("to") is None:
                yield fact
        elif fact["field"] in told and not (fact["field"] == "eula.url" and fact["model"] in renamed):
            yield fact


@dataclass(frozen=True, slots=True)
class _Listed:
    """The models of a list, and one pattern for the names of all: "Large 1" in "Large 10" names another."""

    models: Sequence[Model]
    names: re.Pattern[str]

    @staticmethod
    def of(models: Sequence[Model]) -> _Listed:
        """The list of these models."""
        names = sorted((model.name for model in models), key=len, reverse=True)
        return _Listed(models, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"))

    def named(self, words: str) -> frozenset[str]:
        """The names of models that words hold."""
        return frozenset(self.names.findall(" ".join(words.split())))


@dataclass(frozen=True, slots=True)
class _Named:
    """A model among others: which words name it."""

    model: Model
    listed: _Listed

    def __call__(self, words: str) -> bool:
        """Whether the words name the model."""
        return self.model.name in self.listed.named(words)


def _named(pub: Publication, change: PostedChange, effect: Effect, listed: _Listed) -> Iterator[Model]:
    """The models whose price is said to be in the document, and those that the note names."""
    note = pub.read(change)
    there, named = effect.document.published, listed.named(note.summary) if note else frozenset()
    for model in listed.models:
        if model.name in named or (model.pricing and there and model.pricing.startswith(there)):
            yield model


def _news(
    pub: Publication,
    told: ChangeSummary,
    change: PostedChange,
    effect: Effect,
    what: str,
    named: _Named,
    fact: Mapping[str, Any] | None = None,
) -> ModelNews:
    assert effect.entry.effective is not None
    shown = fact if fact and fact["field"] != _GONE else {}
    return ModelNews(
        what,
        _shown(pub, shown, "from") if shown else None,
        _shown(pub, shown, "to") if shown else None,
        moment(effect.entry.effective, pub.site.dates),
        effect.entry.effective > pub.at,
        told.title,
        addresses.change_page(change.slug),
        _said(pub, change, named),
        tuple(_corrections(pub, change, named)),
        fact is not None and fact["field"] not in FIELDS,
    )


def _corrections(pub: Publication, change: PostedChange, named: _Named) -> Iterator[Correction]:
    """What puts right what a change said, the last first, and what puts that right in turn before it."""
    for slug in reversed(change.corrected_by):
        correction = pub.posted.by_slug[slug]
        yield from _corrections(pub, correction, named)
        said = _said(pub, correction, named)
        yield Correction(moment(correction.posted, pub.site.dates), addresses.change_page(slug), said)


def _said(pub: Publication, change: PostedChange, named: _Named) -> Markup:
    """What a change's summary says of a model; its addresses begin with the mark for the site's root."""
    note = pub.read(change)
    return Markup(render_about(note.summary, note.source.path, pub.lead, named)) if note else Markup()


def _shown(pub: Publication, fact: Mapping[str, Any], side: str) -> str:
    value = fact.get(side)
    if value is None:
        return ""
    if fact["field"] in LIFE_DAYS:
        return pub.site.dates.day(date.fromisoformat(value))
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
