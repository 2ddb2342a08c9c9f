"""A small provider whose site is in every state at once, on its day: announced, withdrawn, corrected, redacted, moved,
retired, and, built as a draft, not posted at all. Small, so that each page can be looked at many times over."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.site.building import build

from engross.corpus.folders import find_folders
from engross.model import VersionId
from engross.record import read_state, release
from engross.record.journal import locked
from engross.record.posting.sealing import write
from engross.record.redact.redaction import Order, plan_redaction

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
DAY = "1790000000"
"""The site's day, 2026-09-21, as SOURCE_DATE_EPOCH."""

MKDOCS = """\
site_name: Terms of Tern
site_url: https://tern.example/
strict: true
theme:
  name: material
  font: false
  features: [navigation.expand, navigation.footer, navigation.top, search.highlight, search.suggest, toc.follow]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, primary: custom, accent: custom,
       toggle: {icon: material/weather-night, name: Switch to dark}}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, primary: custom, accent: custom,
       toggle: {icon: material/weather-sunny, name: Switch to light}}
plugins: [search, {engross: {edition: !ENV [ENGROSS_EDITION, auto]}}]
nav:
  - Home: index.md
  - Agreement: agreement.md
  - Terms incorporated by URL: [{Data: terms/data.md}, {Conduct: terms/conduct.md}]
  - Models: models.md
  - Defined terms: defined-terms.md
  - Posted changes: changes.md
  - What changed since you agreed: since.md
"""

PREVIEWS = "  - {id: previews, title: Preview Terms, kind: policy, file: previews.md, changes: changes.md}\n"
DOCUMENTS = f"""\
authority: tern.example,2025
notice: Nothing on this site is a real contract.
grounds:
  - {{id: law, title: The law requires it, cites: law}}
  - id: reasonable
    title: It is reasonable
    conditions: [{{id: fair, text: It is fair.}}, {{id: safe, text: It makes nothing less safe.}}]
sets:
  - {{id: main, title: For customers of Tern, agreement: agreement, incorporates: [data, conduct, models],
     precedence: [data, agreement, conduct]}}
documents:
  - {{id: agreement, title: Tern Agreement, kind: agreement, file: agreement.md, changes: changes.md, numbering: true,
     policy: Every change is posted., description: The contract between Tern and its customers.}}
  - {{id: data, title: Data Terms, kind: url-terms, file: terms/data.md, changes: terms/data.md, numbering: true,
     grounds: [law, reasonable], policy: Posted on the page of the terms themselves., description: What is kept.}}
  - {{id: conduct, title: Rules of Conduct, kind: url-terms, file: terms/conduct.md, changes: changes.md,
     description: How to behave.}}
  - {{id: models, title: Model list, kind: catalogue, file: models.yml, changes: changes.md, description: What runs.}}
  - {{id: pricing, title: Prices, kind: notice-only, published: https://tern.example/prices, changes: changes.md}}
{PREVIEWS}"""

AGREEMENT = """\
# Tern Agreement

This agreement binds the person who accepts it (“Customer”), with the Rules of Conduct, the Data Terms and the models of
the Model list.

## Definitions

- **“Affiliate”** means any entity under the Control of Customer.
- **“Control”** means ownership of more than half of the votes.
- **“Services”** means what is offered to Customer and each Affiliate.

## Use

Customer uses the Services as it wishes. The Services are for Customer and each Affiliate alone.

### Restrictions

Customer will not

(a) copy the Services; or
(b) let others reach the Services
    (i) for harm, see the [rules](terms/conduct.md#rules); or
    (ii) to place calls, except
        (A) to an Affiliate.

## Ending

Customer may end this (a) at the end of a month, or (b) at once where the Services fail. See Restrictions.

1. As before.
2. With a reason.

| When | What | How much of the price is given back to Customer |
| --- | --- | --: |
| Day 1 | all | 100 percent |
"""

DATA = """\
# Data Terms

## Keeping

Tern keeps what Customer sends through the Services for ten days.

1. What law requires is kept for longer.
2. Nothing else is.
"""

CONDUCT = """\
# Rules of Conduct

## Rules

The Services are for work. “Abuse” means harm done to the Services. Abuse is not allowed. Ask Ms Varndell.
"""

MODELS = """\
models:
  - id: small-1
    name: Small 1
    api_id: tern/small-1-instruct-0425-with-a-name-that-is-long
    provider: Maker & Co
    eula: {spdx: MIT, retrieved: 2025-01-31, restrictions: [Not for weapons.]}
    modalities: {in: [text], out: [text]}
    lifecycle: {ga: 2025-01-01, deprecated: 2026-06-01, replacement: large-1}
    context_tokens: 131072
    pricing: https://tern.example/prices#small-1
  - id: large-1
    name: Large 1
    provider: Other
    eula: {spdx: Apache-2.0}
    modalities: {in: [text, image], out: [text]}
"""

CHANGES = "# Changes\n\nEverything that was posted.\n\n<!-- engross: posted changes -->\n"

FILES = {
    "mkdocs.yml": MKDOCS,
    "docs/documents.yml": DOCUMENTS,
    "docs/agreement.md": AGREEMENT,
    "docs/terms/data.md": DATA,
    "docs/terms/conduct.md": CONDUCT,
    "docs/models.yml": MODELS,
    "docs/previews.md": "# Preview Terms\n\nWhat is new is tried out before it is offered to all.\n",
    "docs/changes.md": CHANGES,
    "docs/index.md": "# Welcome\n\nWhat the Services are.\n\n<!-- engross: documents -->\n",
}

LICENCE = MODELS.replace("spdx: MIT, retrieved: 2025-01-31", "spdx: BSL-1.0, retrieved: 2026-02-28").replace(
    "prices#small-1", "prices#small-1-since-march"
)


def note(documents: str, summary: str, **facts: object) -> str:
    head = {"class": "substantive", "material": "true", "effective": "immediately", "approved_by": "General Counsel"}
    head["title"] = json.dumps(re.sub(r"[*<>]", "", summary.split(". ")[0]).strip(".")[:80], ensure_ascii=False)
    lines = [f"{key}: {value}" for key, value in {**head, **facts}.items()]
    return "\n".join(["---", f"documents: [{documents}]", *lines, "---", "", summary, ""])


def put(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")


def post(folder: Path, day: int, slug: str, text: str, files: dict[str, str] | None = None) -> None:
    put(folder, {f"docs/changes/{slug}.md": text, **(files or {})})
    posted = START + timedelta(days=day)
    release(find_folders(folder), posted, posted)


def redact(folder: Path, day: int) -> None:
    """Redact the words that name a person from the sealed first version only."""
    folders = find_folders(folder)
    order = Order((VersionId("conduct", 1),), "rules.p1", "order of the court of Port Sallow")
    with locked(folders.record):
        plan = read_state(folders, START + timedelta(days=day)).plan
        write(plan.record, plan_redaction(plan, order).sealing)


def write_states(folder: Path) -> None:
    """The provider's docs and record, a change in every state by its day."""
    put(folder, FILES)
    law, met = (
        "{ground: law, cites: Act 12}",
        "{ground: reasonable, conditions: {fair: It is fair to all., safe: No one is any the less safe.}}",
    )
    terms = "docs/agreement.md"
    post(folder, 0, "first", note("agreement, data, conduct, models, previews", "All is posted for the *first* time."))
    reworded = AGREEMENT.replace("as it wishes", "within the law").replace("at once where", "at once if")
    why = note("agreement", "See [Restrictions](../agreement.md#restrictions).", reference="T-1")
    post(folder, 30, "reworded", why, {terms: reworded})
    longer = DATA.replace("ten days", "twelve days")
    facts = {"grounds": f"[{law}, {met}]"}
    post(folder, 60, "kept-longer", note("data", "Data is kept longer.", **facts), {"docs/terms/data.md": longer})
    post(
        folder, 120, "prices", note("pricing", "Prices rise by **2 crowns**.", effective="2025-08-01", material="false")
    )
    post(folder, 150, "wrong-word", note("agreement", "The rewording meant *if*.", corrects=7))
    second = reworded.replace("of a month", "of a year")
    post(folder, 200, "years", note("agreement", "Never to be.", effective="2025-12-01"), {terms: second})
    post(folder, 210, "no-years", note("agreement", "It will not be.", withdraws="agreement@3"), {terms: reworded})
    post(folder, 300, "named", note("conduct", "No one is named."), {"docs/terms/conduct.md": conduct_unnamed()})
    post(
        folder, 365, "licence", note("models", "A licence and a price.", material="false"), {"docs/models.yml": LICENCE}
    )
    sooner = reworded.replace("Day 1", "Day 2")
    urgent = {
        "class": "editorial",
        "material": "false",
        "emergency": "Friday night",
        "editorial_because": "It was the day meant.",
    }
    post(folder, 400, "typo", note("agreement", "A **typo** & <https://tern.example/>.", **urgent), {terms: sooner})
    (folder / "docs/previews.md").unlink()
    gone = DOCUMENTS.replace(PREVIEWS, "")
    ended = note("previews", "There are no previews.", replaced_by="{previews: data}")
    post(folder, 420, "no-previews", ended, {"docs/documents.yml": gone})
    moved = gone.replace("file: terms/conduct.md,", "file: terms/conduct.md, published: conduct/,")
    post(folder, 440, "moved", note("conduct", "The rules moved."), {"docs/documents.yml": moved})
    redact(folder, 450)
    coming = sooner.replace("copy the Services;", "copy, or sell, the Services;")
    post(folder, 560, "coming", note("agreement", "From next year.", effective="2027-01-01"), {terms: coming})


def conduct_unnamed() -> str:
    return CONDUCT.replace(" Ask Ms Varndell.", "")


def write_draft(folder: Path) -> None:
    """An unposted text, with its pending note."""
    text = (
        (folder / "docs/agreement.md").read_text("utf-8").replace("The Services are for", "The Services shall be for")
    )
    told = note("agreement", "Not posted yet.", effective="2027-02-01")
    put(folder, {"docs/agreement.md": text, "docs/changes/drafted.md": told})


def build_site(folder: Path, edition: str = "in-force") -> Path:
    """Build an edition of a folder's site, strictly, for its day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", DAY)
        patch.setenv("ENGROSS_EDITION", edition)
        built = build(folder, f"site-{edition}")
    assert (built.status, built.messages) == (0, [])
    return built.site
