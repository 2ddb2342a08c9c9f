"""The one door to the clock: the instant a build is made for.

`SOURCE_DATE_EPOCH` (reproducible-builds.org) sets it, so that one commit gives one site on any day.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engross.errors import EngrossError, error


def as_of(environment: Mapping[str, str] | None = None) -> datetime:
    """The instant, in UTC and to the second, for which pages are made: SOURCE_DATE_EPOCH where it is set, else now.

    Raises EngrossError where SOURCE_DATE_EPOCH is not a whole number of seconds that a calendar can hold.
    """
    written = (os.environ if environment is None else environment).get("SOURCE_DATE_EPOCH", "")
    if not written:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        instant = datetime.fromtimestamp(int(written), UTC)
        # Clocks of every time zone must have a day for it.
        _ = instant - timedelta(days=1), instant + timedelta(days=1)
        return instant
    except (ValueError, OverflowError, OSError):
        message = f"must be a whole number of seconds since 1970, not {written!r}"
        raise EngrossError([error("environment", "SOURCE_DATE_EPOCH", 0, 0, message)]) from None


def now() -> datetime:
    """The real instant, in UTC and to the second: what is posted is posted now, for whatever day pages are made."""
    return datetime.now(UTC).replace(microsecond=0)
