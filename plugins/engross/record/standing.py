"""What each version of a document is at an instant: in force, announced, superseded, withdrawn."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from engross.model import Version
from engross.record.history import Record


class Standing(StrEnum):
    """What a version is. RETIRED: it was the last, and the document is no longer published."""

    IN_FORCE = "in force"
    ANNOUNCED = "announced"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"


def standing(record: Record, version: Version, at: datetime) -> Standing:
    """What a version is at an instant. The record is that of the instant (`as_known`), or knows more."""
    document = version.id.document
    if version in record.announced(document, at):
        return Standing.ANNOUNCED
    # Withdrawn before it was ever in force, it was that as soon as it was said.
    withdrawn = version.withdrawn
    if withdrawn and (withdrawn <= at or withdrawn <= version.effective):
        return Standing.WITHDRAWN
    current = record.in_force(document, at)
    if current:
        return Standing.IN_FORCE if current.id == version.id else Standing.SUPERSEDED
    latest = record.latest(document)
    return Standing.RETIRED if latest and latest.id == version.id else Standing.SUPERSEDED
