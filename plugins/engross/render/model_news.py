"""What a model list says beside a model of its licence and its price: what changed last, and what is announced.

The licence is a fact of the list; prices may stand in a document that is published elsewhere, of whose changes notice
is given. Such a notice stands beside the models that its words name, or whose price is said to be found there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engross.corpus.models import Model
from engross.model import DocumentKind
from engross.record import addresses
from engross.record.posted import ChangeState, Effect, PostedChange
from engross.render.posted import Publication
from engross.render.state import Moment, moment
from engross.render.told import Told

FIELDS: Mapping[str, str] = {
    "eula.name": "licence",
    "eula.url": "licence_text",
    "eula.restrictions": "restrictions",
    "pricing": "pricing",
}
"""The facts that are told, as `models.json` has them, and the word for each."""


@dataclass(frozen=True, slots=True)
class ModelNews:
    """One change: `what` it is about, `old` and `new` where it is of a fact (else both are None), from when, whether
    that is to come; the change's `title`, its page, relative to the site's root, and how what it `said` begins.
    """

    what: str
    old: str | None
    new: str | None
    effective: Moment
    announced: bool
    title: str
    page: str
    said: str


def model_news(
    pub: Publication, told: Mapping[str, Told], document: str, models: Sequence[Model]
) -> Mapping[str, tuple[ModelNews, ...]]:
    """What to say beside each model of a list, by its id, the newest first: of each fact and of each document published
    elsewhere what changed last, and before it what is announced.
    """
    found: dict[str, list[ModelNews]] = {}
    done: set[tuple[str, str]] = set()
    for change in pub.posted.changes:
        state = change.state(pub.at)
        if state is ChangeState.WITHDRAWN:
            continue
        for model, key, news in _of_change(pub, told[change.slug], change, document, models):
            if (model, key) not in done:
                found.setdefault(model, []).append(news)
            if not news.announced:
                done.add((model, key))
    return {model: tuple(news) for model, news in found.items()}


def _of_change(
    pub: Publication, told: Told, change: PostedChange, document: str, models: Sequence[Model]
) -> Iterator[tuple[str, str, ModelNews]]:
    """(model, what is told only once, news) of one change."""
    for effect in change.effects:
        if effect.entry.effective is None:
            continue
        if effect.entry.document == document:
            for fact in _facts(told.facts.get("models", ())):
                field = str(fact["field"])
                news = _news(pub, told, change, effect, pub.words[FIELDS[field]], fact)
                yield fact["model"], field, news
        elif effect.document.kind is DocumentKind.NOTICE_ONLY:
            news = _news(pub, told, change, effect, effect.document.title)
            for model in _named(pub, change, effect, models):
                yield model, f"in {effect.entry.document}", news


def _facts(facts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The facts that are told, but for those of models that came or went; a licence's text goes with its name."""
    whole = {fact["model"] for fact in facts if fact["field"] == "name" and None in (fact.get("from"), fact.get("to"))}
    renamed = {fact["model"] for fact in facts if fact["field"] == "eula.name"}
    for fact in facts:
        with_name = fact["field"] == "eula.url" and fact["model"] in renamed
        if fact["field"] in FIELDS and fact["model"] not in whole and not with_name:
            yield fact


def _named(pub: Publication, change: PostedChange, effect: Effect, models: Sequence[Model]) -> Iterator[str]:
    """The models whose price is said to be in the document, and those that the note names."""
    note = pub.read(change)
    summary = " ".join(note.summary.split()) if note else ""
    there = effect.document.published
    for model in models:
        if model.name in summary or (model.pricing and there and model.pricing.startswith(there)):
            yield model.id


def _news(
    pub: Publication, told: Told, change: PostedChange, effect: Effect, what: str, fact: Mapping[str, Any] | None = None
) -> ModelNews:
    assert effect.entry.effective is not None
    return ModelNews(
        what,
        _shown(fact.get("from")) if fact else None,
        _shown(fact.get("to")) if fact else None,
        moment(effect.entry.effective, pub.site.zone),
        effect.entry.effective > pub.at,
        told.title,
        addresses.change_page(change.slug),
        told.short,
    )


def _shown(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str("" if value is None else value)
