"""The one door to the clock: the instant a build is made for.

`SOURCE_DATE_EPOCH` (reproducible-builds.org) sets it, so that one commit gives one site on any day.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from engross.common.errors import EngrossError, error

# `int` reads signs, underscores and digits of other scripts as well.
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_LATEST = (1 << 32) - 1
"""The latest instant that the gzip format, in which MkDocs writes the sitemap, can hold."""
_LONGEST_SHOWN = 40


def as_of(environment: Mapping[str, str] | None = None) -> datetime:
    """The instant, in UTC and to the second, for which pages are made: SOURCE_DATE_EPOCH where it is set, else now.

    Raises EngrossError where SOURCE_DATE_EPOCH is set to anything but a whole number of seconds from 1970 to 2106; an
    empty value is none.
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
    """The real instant, in UTC and to the second: what is posted is posted now, for whatever day pages are made."""
    return datetime.now(UTC).replace(microsecond=0)
