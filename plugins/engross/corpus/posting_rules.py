"""What must fit together in what `documents.yml` says about posting changes: grounds, and who names feed entries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.corpus.repeats import repeated, written
from engross.corpus.words import meant, nearest, shown
from engross.corpus.yaml import YamlFile
from engross.model import Diagnostic

# RFC 4151: a host name or an e-mail address, a comma, and a year, month or day.
_AUTHORITY = re.compile(r"(?:[\w.+-]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def check_grounds(file: YamlFile) -> Iterator[Diagnostic]:
    """That ids of grounds, and of conditions of one ground, are given once, and that documents name known grounds."""
    known = [name for _, name in written(file, "grounds", "id")]
    yield from repeated(file, written(file, "grounds", "id"))
    for path in file.items(("grounds",)):
        conditions = file.items((*path, "conditions"))
        yield from repeated(file, (found for at in conditions for found in file.texts((*at, "id"))))
    for path in file.items(("documents",)):
        for at, name in file.texts((*path, "grounds")):
            if name not in known:
                message = f"there is no ground {shown(name)}{meant(name, known)}"
                yield file.mistake(at, message, fix=nearest(name, known))


def check_authority(file: YamlFile) -> Iterator[Diagnostic]:
    """That the authority has the form that tag URIs want."""
    name = file.text(("authority",))
    if name and not _AUTHORITY.fullmatch(name):
        yield file.mistake(
            ("authority",), f"{shown(name)} will not do: a host name, a comma and a year, such as example.com,2026"
        )
