"""What changed from one sealed model list to another, fact by fact, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engross.corpus.catalogue import Catalogue, read_catalogue
from engross.corpus.published import model_facts
from engross.model import DocumentKind, EntryKind
from engross.record.archive import sealed_source
from engross.record.history import Record
from engross.record.posted import Effect, PostedChange


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of a model that changed: `field` as `models.json` has it, with dots between the keys that lead to it.

    `old` is None where the fact was not there, `new` where it is no more: a model that came changed all its facts.
    """

    model: str
    field: str
    old: Any
    new: Any
    effective: datetime


def fact_changes(record: Record, change: PostedChange) -> tuple[FactChange, ...]:
    """What a posted change changed in model lists; the first posting of one changes nothing."""
    return tuple(found for effect in change.effects if _is_about_models(effect) for found in _changes(record, effect))


def _is_about_models(effect: Effect) -> bool:
    """Whether a list took the place of a list."""
    return (
        effect.kind is EntryKind.POST
        and effect.superseded is not None
        and effect.document.kind is DocumentKind.CATALOGUE
    )


def _changes(record: Record, effect: Effect) -> Iterator[FactChange]:
    assert effect.version is not None
    assert effect.superseded is not None
    before = record.version(effect.superseded)
    if before.entry.kind is not DocumentKind.CATALOGUE:
        return
    lists = (read_catalogue(sealed_source(record, version)) for version in (before, effect.version))
    for model, field, old, new in compare_catalogues(*lists):
        yield FactChange(model, field, old, new, effect.version.effective)


def compare_catalogues(old: Catalogue, new: Catalogue) -> Iterator[tuple[str, str, Any, Any]]:
    """(model, field, old, new) of each fact that differs: models of the new list in its order, then those that went."""
    before = {model.id: dict(_flat(model_facts(model))) for model in old.models}
    after = {model.id: dict(_flat(model_facts(model))) for model in new.models}
    for model in (*after, *(name for name in before if name not in after)):
        was, now = before.get(model, {}), after.get(model, {})
        for field in sorted(set(was) | set(now)):
            if was.get(field) != now.get(field):
                yield model, field, was.get(field), now.get(field)


def _flat(facts: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, value
