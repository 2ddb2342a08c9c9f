"""The only module that reads the clock: the instant a build is made for, and the rules of time zones.

`SOURCE_DATE_EPOCH` (reproducible-builds.org) sets it, so that one commit produces the same site on any day.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import engross.common.lazy_re as re
from engross.common.errors import EngrossError, error

# `int` would also accept signs, underscores and digits of other scripts.
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_LATEST = (1 << 32) - 1
"""The latest instant that gzip can store; MkDocs writes the sitemap in that format."""
_LONGEST_SHOWN = 40


def as_of(environment: Mapping[str, str] | None = None) -> datetime:
    """Return the instant for which pages are made, in UTC to the second: SOURCE_DATE_EPOCH if set, otherwise now.

    Raises EngrossError if SOURCE_DATE_EPOCH is not a whole number of seconds between 1970 and 2106; an empty value is
    not one.
    """
    written = (os.environ if environment is None else environment).get("SOURCE_DATE_EPOCH")
    if written is None:
        return datetime.now(UTC).replace(microsecond=0)
    if _SECONDS.fullmatch(written) and int(written) <= _LATEST:
        return datetime.fromtimestamp(int(written), UTC)
    shown = written if len(written) <= _LONGEST_SHOWN else written[:_LONGEST_SHOWN] + "…"
    message = (
        f"must be a whole number of seconds since 1970, at most {_LATEST} (the year 2106), not {shown!r}; correct it, "
        "or unset it to build for today"
    )
    raise EngrossError([error("environment", "SOURCE_DATE_EPOCH", 0, 0, message)])


def now() -> datetime:
    """Return the current instant in UTC, to the second. Posting always uses it, whatever SOURCE_DATE_EPOCH is."""
    return datetime.now(UTC).replace(microsecond=0)


@cache
def zone_rules(zone: str) -> str:
    """Return a time zone's name and the hash of its rules, which governments change; `zoneinfo` reads the same file."""
    # Few commands need these.
    import hashlib
    import zoneinfo
    from importlib.resources import files

    for root in (*map(Path, zoneinfo.TZPATH), files("tzdata") / "zoneinfo"):
        with suppress(OSError):
            return f"{zone} {hashlib.sha256((root / zone).read_bytes()).hexdigest()}"
    return zone
