"""The page of a model list: a table with filters, an entry for each model, and the style sheet of the filters.

Filters work without scripts: each is a `select`, and for each option a CSS rule with `:has()` hides models with another
value. Values become safe keys, so that no text of the YAML reaches the style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from markupsafe import Markup

from engross.corpus import FACTS, Catalogue, Model, Project, stage
from engross.model import DocumentEntry
from engross.render.catalogue.model_changes import ModelNews
from engross.render.changes.posted import ROOT
from engross.render.date_format import ShownDates
from engross.render.pages.document_page import Surroundings, about
from engross.render.pages.state import ClauseState, clause_state, earlier_anchors
from engross.text import slug


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a filter: the key that page and style sheet share, and its label."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its name and its options, in the order in which values first occur."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model for the templates: its stage (empty if unknown), and the keys of its values by filter."""

    model: Model
    stage: str
    keys: Mapping[str, str]


_FROM_ROOT = re.compile(rf'{ROOT}([^"]*)')
_FILTERS = ("modality", "licence", "provider", "stage")


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
        day=day,
        date=ShownDates(ZoneInfo(project.settings.timezone), around.words).day,
        files=files,
        timezone=project.settings.timezone,
        changed=_changed(around),
        news=news,
        facts=FACTS,
        placed=partial(_placed, around.site_url),
        earlier=earlier_anchors(around.state.tree) if around.state and around.state.tree else {},
    )


def _placed(site_url: Callable[[str], str], piece: Markup) -> Markup:
    """Make the addresses of a piece of HTML relative to the page."""
    return Markup(_FROM_ROOT.sub(lambda found: site_url(found[1]), piece))


def _changed(around: Surroundings) -> Mapping[str, ClauseState]:
    """The version that added or last changed each model, by its id."""
    if not around.state or not around.state.tree:
        return {}
    states = ((clause.anchor, clause_state(around.state.tree, clause)) for clause in around.state.tree.clauses)
    return {anchor: state for anchor, state in states if state}


def filters(catalogue: Catalogue, day: date, words: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters of a catalogue on a day."""
    return tuple(Filter(name, _options(name, catalogue, day, words)) for name in _FILTERS)


def filter_style(catalogue: Catalogue, day: date, words: Mapping[str, str]) -> str:
    """The CSS rules of the filters: hide models that do not match, and show a message if none matches.

    The target of the address is always shown.
    """
    hiding = "".join(
        f'.eg-models:has(select[name="{kind.name}"] option[value="{option.key}"]:checked) '
        f'[data-{kind.name}]:not([data-{kind.name}~="{option.key}"], :has(:target)){{display:none}}\n'
        for kind in filters(catalogue, day, words)
        for option in kind.options
    )
    shown = dict.fromkeys(_while_shown(_view(model, day, words).keys) for model in catalogue.models)
    nothing = "".join(f".eg-models{condition} .eg-none.eg-none{{display:none}}\n" for condition in shown)
    shown_where_none = f".eg-models .eg-none.eg-none{{display:block}}\n{nothing}"
    # Print shows everything, because the filters are not visible there.
    return f"@media screen {{\n{hiding}@supports selector(:has(*)) {{\n{shown_where_none}}}\n}}\n"


def _while_shown(keys: Mapping[str, str]) -> str:
    """The `:has()` selectors of filter choices that show a model with these keys."""
    conditions = []
    for name, own in keys.items():
        values = ",".join(f'[value="{key}"]' for key in ("", *own.split()))
        conditions.append(f':has(select[name="{name}"] option:is({values}):checked)')
    return "".join(conditions)


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
    return ModelView(model, _stage(model, day, words), keys)


def _stage(model: Model, day: date, words: Mapping[str, str]) -> str:
    """The label of a model's stage; empty if unknown."""
    reached = stage(model, day)
    return words[f"stage_{reached}"] if reached else ""
