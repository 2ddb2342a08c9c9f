"""Which names of licences are good: those of the SPDX list, and `LicenseRef-…` for a licence that is not on it.

`spdx.txt` is the list, an id a line; its header says which version it is and how it was made.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from engross.corpus.fields import Text
from engross.corpus.mistakes import mistake
from engross.corpus.words import nearest, shown

CUSTOM = "LicenseRef-"
"""How the name of a licence begins that is not on the SPDX list (SPDX 2.3, annex D)."""

_CUSTOM = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


@cache
def spdx_ids() -> dict[str, str]:
    """The ids of the SPDX licence list, by their lower-case form (case does not count: SPDX 2.3, annex D)."""
    lines = files("engross.corpus").joinpath("spdx.txt").read_text(encoding="utf-8").splitlines()
    return {line.lower(): line for line in lines if line and not line.startswith("#")}


def _check_licence(value: str) -> str:
    known = spdx_ids()
    if _CUSTOM.fullmatch(value) or known.get(value.lower()) == value:
        return value
    guess = known.get(value.lower()) or known.get(nearest(value, known), "")
    hint = f'; did you mean "{guess}"?' if guess else ""
    what = f"{shown(value)} is neither on the SPDX licence list nor of the form {CUSTOM}name{hint}"
    raise mistake(what, guess)


LicenceId = Annotated[Text, AfterValidator(_check_licence), WithJsonSchema({"type": "string", "minLength": 1})]
"""An id of the SPDX licence list, or `LicenseRef-` and a name."""


def spdx_page(id: str) -> str:
    """The address of a licence's text at SPDX; an empty string for one that is not on its list."""
    return "" if id.startswith(CUSTOM) else f"https://spdx.org/licenses/{id}.html"
