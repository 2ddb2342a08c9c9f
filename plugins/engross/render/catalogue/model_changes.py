"""Changes of a model's licence, price and stage, shown beside the model in a model list: the last and the announced.

The licence is a fact of the list. Prices may be in a document that is published elsewhere, with notices of its changes:
a notice is shown beside the models that it names, and those whose price is in that document. Dates of a model's life
are shown only while they are announced.

A corrected notice is shown with the correction first, then its original text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import FACTS, WORDS, Model
from engross.model import DocumentKind
from engross.record import ChangeState, Effect, PostedChange, addresses
from engross.render.changes.note_html import render_about
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import ChangeSummary
from engross.render.date_format import Moment

FIELDS = ("eula.name", "eula.url", "eula.restrictions", "price.input", "price.output", "price.cached_input", "pricing")
"""The facts whose changes are shown, by their names in `models.json`."""

_LIFE = tuple(name for name in WORDS if name.startswith("lifecycle."))
"""The facts of a model's life, which are shown only while they are announced."""

_DAYS = frozenset(".".join(fact.path) for fact in FACTS if fact.form == "day")

_GONE = "name"
"""The fact that is removed when a model leaves the list."""

_ENDS = (_GONE, "lifecycle.retires")
"""The facts about the end of the offer of a model. The table of models shows them too while they are announced."""


@value_class(frozen=True, slots=True)
class Correction:
    """A correction: its summary as HTML, when it was posted, and its page, relative to the site's root."""

    posted: Moment
    page: str
    summary: Markup

    @property
    def said(self) -> Markup:
        """The summary, for templates of sites that use this name."""
        return self.summary


@value_class(frozen=True, slots=True)
class ModelNews:
    """One change of a model.

    `what` is its subject; `old` and `new` are the values of a changed fact, else None. `title` and `page` (relative to
    the site's root) are those of the change; `summary` is the part of its summary about the model, as HTML.
    `corrections` are its corrections, the last first; `life`: it is about the model's stage; `ends`: it is about the
    end of the offer.
    """

    what: str
    old: str | None
    new: str | None
    effective: Moment
    announced: bool
    title: str
    page: str
    summary: Markup
    corrections: tuple[Correction, ...] = ()
    life: bool = False
    ends: bool = False

    @property
    def said(self) -> Markup:
        """The summary, for templates of sites that use this name."""
        return self.summary


def model_news(
    pub: Publication, summaries: Mapping[str, ChangeSummary], document: str, models: Sequence[Model]
) -> Mapping[str, tuple[ModelNews, ...]]:
    """The changes to show beside each model of a list, by its id, newest first: for each fact and each document
    published elsewhere the announced changes and the last one in force.
    """
    found: dict[str, list[ModelNews]] = {}
    done: set[tuple[str, str]] = set()
    listed = _Listed.of(models)
    for change in pub.posted.changes:
        state = change.state(pub.at)
        if state is ChangeState.WITHDRAWN:
            continue
        for model, key, news in _of_change(pub, summaries[change.slug], change, document, listed):
            if (model, key) not in done:
                found.setdefault(model, []).append(news)
            if not news.announced:
                done.add((model, key))
    return {model: tuple(news) for model, news in found.items()}


def _of_change(
    pub: Publication, summary: ChangeSummary, change: PostedChange, document: str, listed: _Listed
) -> Iterator[tuple[str, str, ModelNews]]:
    """The news of one change: model, key of the fact or document, news."""
    for effect in change.effects:
        if effect.entry.effective is None:
            continue
        if effect.entry.document == document:
            yield from _of_list(pub, summary, change, effect, listed)
        elif effect.document.kind is DocumentKind.NOTICE_ONLY:
            for model in _named(pub, change, effect, listed):
                news = _news(pub, summary, change, effect, effect.document.title, _Named(model, listed))
                yield model.id, f"in {effect.entry.document}", news


def _of_list(
    pub: Publication, summary: ChangeSummary, change: PostedChange, effect: Effect, listed: _Listed
) -> Iterator[tuple[str, str, ModelNews]]:
    """The same for a change of the list itself."""
    by_id = {model.id: model for model in listed.models}
    coming = effect.entry.effective is not None and effect.entry.effective > pub.at
    for fact in _facts(summary.facts.get("models", ()), coming=coming):
        field, model = str(fact["field"]), by_id.get(fact["model"])
        if model:
            word = "model_leaves" if field == _GONE else WORDS[field]
            yield model.id, field, _news(pub, summary, change, effect, pub.words[word], _Named(model, listed), fact)


def _facts(facts: Sequence[Mapping[str, Any]], *, coming: bool) -> Iterator[Mapping[str, Any]]:
    """Select the changed facts to show, without models that were added or removed. A licence's name includes its text.

    The removal of a model and the dates of its life are shown only while they are `coming`.
    """
    whole = {fact["model"] for fact in facts if fact["field"] == _GONE and None in (fact.get("from"), fact.get("to"))}
    renamed = {fact["model"] for fact in facts if fact["field"] == "eula.name"}
    fields = {*FIELDS, *_LIFE} if coming else {*FIELDS}
    for fact in facts:
        if fact["model"] in whole:
            if coming and fact["field"] == _GONE and fact.get("to") is None:
                yield fact
        elif fact["field"] in fields and not (fact["field"] == "eula.url" and fact["model"] in renamed):
            yield fact


@value_class(frozen=True, slots=True)
class _Listed:
    """The models of a list, and one pattern for all names, so that "Large 10" does not count as "Large 1"."""

    models: Sequence[Model]
    names: re.Pattern[str]

    @staticmethod
    def of(models: Sequence[Model]) -> _Listed:
        """Make the pattern of the names of some models."""
        names = sorted((model.name for model in models), key=len, reverse=True)
        return _Listed(models, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"))

    def named(self, words: str) -> frozenset[str]:
        """The names of models in a text."""
        return frozenset(self.names.findall(" ".join(words.split())))


@value_class(frozen=True, slots=True)
class _Named:
    """Decides whether a text names a model."""

    model: Model
    listed: _Listed

    def __call__(self, words: str) -> bool:
        """Whether a text names the model."""
        return self.model.name in self.listed.named(words)


def _named(pub: Publication, change: PostedChange, effect: Effect, listed: _Listed) -> Iterator[Model]:
    """The models whose price is in the changed document, and those that the note names."""
    note = pub.read(change)
    there, named = effect.document.published, listed.named(note.summary) if note else frozenset()
    for model in listed.models:
        if model.name in named or (model.pricing and there and model.pricing.startswith(there)):
            yield model


def _news(
    pub: Publication,
    summary: ChangeSummary,
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
        pub.site.dates.moment(effect.entry.effective),
        effect.entry.effective > pub.at,
        summary.title,
        addresses.change_page(change.slug),
        _summary_about(pub, change, named),
        tuple(_corrections(pub, change, named)),
        fact is not None and fact["field"] not in FIELDS,
        fact is not None and fact["field"] in _ENDS,
    )


def _corrections(pub: Publication, change: PostedChange, named: _Named) -> Iterator[Correction]:
    """The corrections of a change, the last first; corrections of a correction come before it."""
    for slug in reversed(change.corrected_by):
        correction = pub.posted.by_slug[slug]
        yield from _corrections(pub, correction, named)
        summary = _summary_about(pub, correction, named)
        yield Correction(pub.site.dates.moment(correction.posted), addresses.change_page(slug), summary)


def _summary_about(pub: Publication, change: PostedChange, named: _Named) -> Markup:
    """The part of a change's summary about a model; its addresses begin with `ROOT`."""
    note = pub.read(change)
    return Markup(render_about(note, pub.lead, named)) if note else Markup()


def _shown(pub: Publication, fact: Mapping[str, Any], side: str) -> str:
    value = fact.get(side)
    if value is None:
        return ""
    if fact["field"] in _DAYS:
        return pub.site.dates.day_or_month(value if len(value) == len("2026-10") else date.fromisoformat(value))
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
