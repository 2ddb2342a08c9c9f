"""The UI strings of pages: one file per language in `templates/words/`, overridden by a site's own `words.yml`.

Shipped files are read by the fast loader, as text only; tests check them by the rules for a site's own file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import engross.common.lazy_re as re
from engross.common import error, shown
from engross.corpus.docs_files import shown_path
from engross.corpus.fields import DRAFT
from engross.corpus.yaml import YamlFile, read, require
from engross.model import Diagnostic
from engross.text import read_source

OWN_WORDS = "words.yml"
"""The name of a site's own file of UI strings, in its templates folder."""

RETIRED = frozenset(
    {
        "all_uses", "and", "change_kind", "class", "conditions", "corrects_nothing_else", "documents", "feed_entry",
        "feed_entry_without_summary", "lone_documents", "permanent_page", "precedence_rank",
        "program_file_models", "subscribe", "subscribe_changes",
    }
)  # fmt: skip
"""Keys of earlier versions that no page shows any more; a site's own file may still contain them."""


class Words(dict[str, str]):
    """The UI strings of one language by key. `language` is the tag of the language that their pages have."""

    def __init__(self, language: str, *strings: Mapping[str, str]) -> None:
        super().__init__()
        self.language = language
        for one in strings:
            self.update(one)


_OF_ROWS = "rows_"


def row_strings(words: Words) -> Words:
    """Return UI strings for a model list or another register, whose parts are rows and not clauses."""
    own = {key.removeprefix(_OF_ROWS): text for key, text in words.items() if key.startswith(_OF_ROWS)}
    return Words(words.language, words, own)


_PACKAGE = Path(__file__).resolve().parent.parent
_WORDS = TypeAdapter(dict[str, str])
_GAP = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def shipped_templates() -> Path:
    """Return the folder of the shipped templates: inside the package in a wheel, next to it in a checkout."""
    return next(folder for folder in (_PACKAGE / "templates", _PACKAGE.parent.parent / "templates") if folder.is_dir())


def shipped_hash() -> str:
    """Return the hash of all files in the folder of the shipped templates, which also has the UI strings."""
    root, made = shipped_templates(), hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            made.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode() + data)
    return made.hexdigest()


def ui_strings(language: str, own: Path | None = None) -> Words:
    """Return the UI strings of a site's language ("en", "de-CH") by key; English for missing strings and languages.

    Strings from the file `words.yml` in the site's templates folder, `own`, take precedence. Raises EngrossError if
    that file has an unknown key, a value that is not text, a placeholder ("{count}") that nothing fills, or any other
    brace.
    """
    return _with_own(language, own / OWN_WORDS if own else None)


def document_strings(language: str, site: Words, own: Path | None = None) -> Words:
    """Return the UI strings for the pages of a document in `language`: the `site`'s where Engross has no such language.

    Strings from the file `words.<language>.yml` in the folder `own` take precedence ("words.de.yml"). Raises
    EngrossError as `ui_strings`.
    """
    code = _primary(language)
    if code == _primary(site.language) or not _is_shipped(code):
        return site
    return _with_own(language, own / own_words(code) if own else None)


def own_words(code: str) -> str:
    """Return the name of a site's own file of UI strings for documents in a language that is not the site's."""
    return f"words.{code}.yml"


def _is_shipped(code: str) -> bool:
    """Return whether Engross has the UI strings of a language, given by its first subtag ("de")."""
    return bool(re.fullmatch("[a-z]+", code)) and (shipped_templates() / "words" / f"{code}.yml").is_file()


def _primary(language: str) -> str:
    return language.split("-")[0].lower()


def _with_own(language: str, path: Path | None) -> Words:
    shipped, own = _of_language(_primary(language)), read_own(path) if path and path.is_file() else {}
    # A site in a language that Engross does not have has English words, unless it brings most of them itself.
    is_known = _is_shipped(_primary(language)) or 2 * len(own) > len(shipped)
    return Words(language if is_known else "en", shipped, own)


def read_own(path: Path) -> dict[str, str]:
    """Read a file's strings by key, each checked against English. Raises EngrossError with all mistakes in it."""
    reading = read(read_source(path, shown_path(path)), _WORDS)
    found = reading.value or {}
    mistakes = (_mistake(reading.file, key, word) for key, word in found.items() if reading.file)
    checked = require(reading, [*reading.findings, *filter(None, mistakes)])[1]
    return {key: word for key, word in checked.items() if key not in RETIRED}


def words_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a site's `words.yml`: each key with its note for translators, and English."""
    properties = {key: _word_schema(text, note) for key, (text, note) in _noted(shipped_templates()).items()}
    retired = {key: {"type": "string", "deprecated": True, "description": _RETIRED} for key in sorted(RETIRED)}
    return {
        "$schema": DRAFT,
        "description": "The words of pages that a site replaces. Words that are not replaced stay as they are.",
        "type": "object",
        "properties": {**properties, **retired},
        "additionalProperties": False,
        "title": OWN_WORDS,
    }


_RETIRED = "No page shows these words any more."
_ANY_OTHER = "[^{}]"


def _word_schema(text: str, note: str) -> dict[str, Any]:
    gaps = list(dict.fromkeys(_GAP.findall(text)))
    filled = f" Engross fills {' and '.join(f'{{{gap}}}' for gap in gaps)}." if gaps else ""
    allowed = "|".join([_ANY_OTHER, *(rf"\{{{gap}\}}" for gap in gaps)])
    return {
        "type": "string",
        "pattern": f"^(?:{allowed})*$",
        "description": f"{note or 'Words that pages show.'}{filled}",
        "examples": [text],
    }


def _noted(templates: Path) -> dict[str, tuple[str, str]]:
    """Return each English text with the comment above its key; a comment above an empty line is a heading."""
    english = _of_language("en")
    found: dict[str, tuple[str, str]] = {}
    note: list[str] = []
    for line in (templates / "words" / "en.yml").read_text("utf-8").splitlines():
        key = line.partition(":")[0].strip('"')
        if line.startswith("#"):
            note.append(line.lstrip("# "))
        else:
            if key in english:
                found[key] = english[key], " ".join(note)
            note = []
    return found


@cache
def _of_language(language: str) -> Mapping[str, str]:
    english = {} if language == "en" else _of_language("en")
    if not _is_shipped(language):
        return english
    import yaml  # type: ignore[import-untyped]  # a check of Markdown needs no words

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    path = shipped_templates() / "words" / f"{language}.yml"
    dates = {} if language == "en" else _date_strings(language)
    return {**english, **dates, **yaml.load(path.read_bytes(), Loader=loader)}  # texts only: tags have no effect


_DATE_FIELD = re.compile(r"'([^']*)'|MMMM|M|d|y")
_DATE_GAPS = {"MMMM": "{month}", "M": "{month}", "d": "{day}", "y": "{year}"}


def _date_strings(language: str) -> dict[str, str]:
    """Return the form of dates, the names of months and the group of digits of a language, by the Unicode CLDR."""
    from babel import Locale, UnknownLocaleError  # English pages do not need it

    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return {}
    forms = {"date_form": locale.date_formats["long"].pattern, "month_form": locale.datetime_skeletons["yMMMM"].pattern}
    gaps = {key: _DATE_FIELD.sub(lambda field: _DATE_GAPS.get(field[0], field[1]), form) for key, form in forms.items()}
    months = locale.months["format"]["wide"]
    gaps["digit_group"] = locale.number_symbols["latn"]["group"]
    gaps["decimal_mark"] = locale.number_symbols["latn"]["decimal"]
    return gaps | {f"month_{number}": months[number] for number in range(1, 13)}


def _mistake(file: YamlFile, key: str, word: str) -> Diagnostic | None:
    """Return what is wrong with a string: its key is unknown, or nothing fills one of its placeholders."""
    english = _of_language("en")
    if key in RETIRED:
        return None
    if key not in english:
        near = get_close_matches(key, english, 1)
        message = f"{key}: there is no such key{f'; did you mean {near[0]}?' if near else ''}"
        return error("schema", file.source.path, *file.key_place((key,)), message)
    known = _GAP.findall(english[key])
    for braces in _BRACES.findall(word):
        gap = _GAP.fullmatch(braces)
        if not gap:
            return file.mistake((key,), _no_gap(braces, known))
        if gap[1] not in known:
            return file.mistake((key,), f"nothing fills {braces} here")
    return None


def _no_gap(braces: str, known: Sequence[str]) -> str:
    """Describe what is wrong with braces that are not a placeholder: they must never reach `str.format`."""
    allowed = " and ".join(f"{{{name}}}" for name in dict.fromkeys(known))
    here = f"the gaps of this key are {allowed}" if allowed else "this key has no gap"
    if braces in "{}":
        return f"this brace has no partner. A gap is a name in braces, no other brace is allowed, and {here}"
    return f"{shown(braces)} is not a gap. A gap is a name alone in braces, and {here}"
