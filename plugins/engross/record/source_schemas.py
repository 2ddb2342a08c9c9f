"""The JSON Schemas of the files that people write, for editors: in the package, on each site, and beside its sources.

`python -m engross.record.source_schemas` writes them into the package's folder `schemas/`, from the same declarations
with which Engross reads these files; and into `schemas/published/` those of the files that sites publish.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engross.corpus import documents_schema, models_schema, register_source_schema, words_schema
from engross.model import BUILT_IN
from engross.record.addresses import schema
from engross.record.notes.reader import notes_schema
from engross.record.views.json_files import published_schemas

FOLDER = Path(__file__).parent.parent / "schemas"
PUBLISHED = "published"


@cache
def source_schemas() -> Mapping[str, dict[str, Any]]:
    """Return the JSON Schema (2020-12) of each kind of file that people write, by its name. Nobody may change it."""
    return {
        "documents": documents_schema(written=True),
        "models": models_schema(written=True),
        "note": notes_schema(written=True),
        "words": words_schema(),
        **{name: register_source_schema(schema) for name, schema in BUILT_IN.items()},
    }


def site_schema_files() -> dict[str, str]:
    """Return the text of each schema as it is in the package, by its address on a site.

    To make them takes pydantic longer than to read them.
    """
    return {schema(path.name.partition(".")[0]): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.json"))}


def schema_files() -> dict[str, str]:
    """Return the text of each schema, by the path of its file in the folder."""
    written = {Path(schema(name)).name: found for name, found in source_schemas().items()}
    published = {f"{PUBLISHED}/{Path(schema(name)).name}": found for name, found in published_schemas().items()}
    return {
        name: json.dumps(found, ensure_ascii=False, indent=2) + "\n" for name, found in (written | published).items()
    }


if __name__ == "__main__":
    (FOLDER / PUBLISHED).mkdir(exist_ok=True)
    for name, text in schema_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
