"""Sites whose changes count from the delivery of their notices, and receipts of it."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common import EngrossError
from engross.model import Entry
from engross.record.delivery import check_receipts, notices
from engross.record.history import Record
from engross.record.ledger.file import chained
from engross.record.ledger.invariants import check_invariants
from engross.record.posting.receipts import add_receipts

from .playing import DOCUMENTS, Site, day, posted_site

UTC_ZONE = ZoneInfo("UTC")
OLD = "within thirty days"
DELIVERED = DOCUMENTS.replace("published: agreement/}", "published: agreement/, delivery: active, notice: {count: 30}}")
TWO_SETS = DELIVERED.replace(
    "sets:\n", "sets:\n  - {id: second, title: Second, agreement: agreement, incorporates: [rules]}\n"
)


def site_with(root: Path, documents: str = DELIVERED) -> Site:
    """A posted site whose agreement is changed on day 10, with notice from delivery."""
    site = posted_site(root, documents).at(10)
    site.edit("agreement.md", (OLD, "within twenty days"))
    return site


def announced(root: Path, documents: str = DELIVERED) -> Site:
    site = site_with(root, documents)
    site.post("agreement", material="true", effective="")
    return site


def write_receipt(site: Site, number: int = 0, **facts: object) -> Path:
    """Write the receipt of a contractual notice of the last change: sent on day 12, 100 messages."""
    found = [one for one in notices(site.record) if one.change.posted == day(10)]
    values = {"notice": found[number].hash if found else "0" * 64, "sent": "2026-01-17T09:30:00Z", "count": 100}
    path = site.root / f"receipt{number}.json"
    path.write_text(json.dumps(values | facts), "utf-8")
    return path


def receive(site: Site, *paths: Path, at: float = 13) -> tuple[Entry, ...]:
    return add_receipts(site.folders, paths, UTC_ZONE, day(at), dry_run=False).entries


def refusal(site: Site, path: Path, at: float = 13) -> str:
    before = site.files()
    with pytest.raises(EngrossError) as refused:
        receive(site, path, at=at)
    assert site.files() == before
    return "\n".join(one.message for one in refused.value.diagnostics)


def forged(record: Record, *changes: Entry) -> list[str]:
    """What the laws say of entries added to a record, and what verify adds."""
    new = chained(record.entries, changes)
    found = [one.message for one in check_invariants((*record.entries, *new), "ledger")]
    whole = Record(record.folder, record.shown, (*record.entries, *new))
    return found or [one.message for one in check_receipts(whole)]
