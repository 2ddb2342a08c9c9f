"""The page of a model list: a table with filters, an entry for each model, and the style sheet of the filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from math import inf
from zoneinfo import ZoneInfo

from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import FACTS, Catalogue, Model, Project, Stage, stage
from engross.model import DocumentEntry
from engross.render.catalogue.filters import Filter, Option, filter_rules
from engross.render.catalogue.model_changes import ModelNews
from engross.render.changes.posted import ROOT
from engross.render.date_format import ShownDates
from engross.render.pages.document_page import Surroundings, about
from engross.render.pages.state import row_states
from engross.text import slug


@value_class(frozen=True, slots=True)
class ModelView:
    """A model for the templates: the stage that it `reached` and its label (empty if unknown), and the keys of its
    values by filter.
    """

    model: Model
    reached: str
    stage: str
    keys: Mapping[str, str]

    def order(self, column: str) -> float | int | None:
        """The value by which a column is sorted, or None if it is sorted by its text."""
        match column:
            case "context_tokens":
                return self.model.context_tokens or 0
            case "stage":
                return (*Stage, "").index(self.reached)
            case "price":
                return float(self.model.price.input or 0) if self.model.price else inf
            case _:
                return None


_FROM_ROOT = re.compile(rf'{ROOT}([^"]*)')
_FILTERS = ("modality", "licence", "provider", "stage")
_COLUMNS: Mapping[str, Callable[[Model], object]] = {
    "model": lambda model: model.id,
    "modalities": lambda model: model.modalities,
    "context_tokens": lambda model: model.context_tokens,
    "licence": lambda model: model.eula,
    "stage": lambda model: model.lifecycle,
    "price": lambda model: model.price or model.pricing,
}
"""The columns of the table, and what a model has to show there; a column in which no model has anything is left out."""


def render_catalogue(
    project: Project,
    entry: DocumentEntry,
    catalogue: Catalogue,
    day: date,
    around: Surroundings,
    files: Mapping[str, str],
    news: Mapping[str, tuple[ModelNews, ...]],
) -> str:
    """Render the content of a model list's page.

    `files` has the addresses of its JSON, its schema and its style sheet; `news` the changes of licence and price to
    show beside a model, by its id.
    """
    views = [_view(model, day, around.words) for model in catalogue.models]
    return around.templates.get_template("catalogue.html").render(
        about(project, entry, around),
        catalogue=catalogue,
        models=views,
        filters=filters(catalogue, day, around.words),
        columns=[name for name, known in _COLUMNS.items() if any(map(known, catalogue.models))],
        day=day,
        date=ShownDates(ZoneInfo(project.settings.timezone), around.words).day_or_month,
        grouped=partial(grouped, around.words),
        files=files,
        timezone=project.settings.timezone,
        **row_states(around.state),
        news=news,
        facts=FACTS,
        placed=partial(_placed, around.site_url),
    )


def grouped(words: Mapping[str, str], number: int) -> str:
    """A number in groups of three digits."""
    return f"{number:,}".replace(",", words["digit_group"])


def _placed(site_url: Callable[[str], str], piece: Markup) -> Markup:
    """Make the addresses of a piece of HTML relative to the page."""
    return Markup(_FROM_ROOT.sub(lambda found: site_url(found[1]), piece))


def filters(catalogue: Catalogue, day: date, words: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters of a catalogue on a day; none where all models have the same value."""
    found = (Filter(name, _options(name, catalogue, day, words)) for name in _FILTERS)
    return tuple(one for one in found if len(one.options) > 1)


def filter_style(catalogue: Catalogue, day: date, words: Mapping[str, str]) -> str:
    """The CSS rules of the filters of a model list on a day."""
    keys = (_view(model, day, words).keys for model in catalogue.models)
    return filter_rules(filters(catalogue, day, words), keys)


def _options(name: str, catalogue: Catalogue, day: date, words: Mapping[str, str]) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for model in catalogue.models:
        for title in _values(name, model, day, words):
            found.setdefault(slug(title), Option(slug(title), title))
    return tuple(found.values())


def _values(name: str, model: Model, day: date, words: Mapping[str, str]) -> Iterable[str]:
    match name:
        case "modality":
            return dict.fromkeys((*model.modalities.takes, *model.modalities.gives))
        case "licence":
            return (model.eula.title,)
        case "provider":
            return (model.provider,)
        case _:
            return (_stage(model, day, words) or words["not_stated"],)


def _view(model: Model, day: date, words: Mapping[str, str]) -> ModelView:
    keys = {name: " ".join(slug(value) for value in _values(name, model, day, words)) for name in _FILTERS}
    return ModelView(model, stage(model, day) or "", _stage(model, day, words), keys)


def _stage(model: Model, day: date, words: Mapping[str, str]) -> str:
    """The label of a model's stage; empty if unknown."""
    reached = stage(model, day)
    return words[f"stage_{reached}"] if reached else ""
