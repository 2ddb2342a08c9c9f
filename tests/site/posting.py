"""A small site with a history of postings that has a change in every state."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from building import AGREEMENT, DOCUMENTS, MKDOCS, MODELS, RULES, SITE, write_site
from tests.record.playing import act_once

from engross.corpus.folders import find_folders
from engross.model import Entry
from engross.record import release, seals

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
"""When the first change was posted; days of the history count from here."""

NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
"""The instant for which the site is built (`building.DAY`)."""

DOCUMENTS_POSTED = (
    DOCUMENTS.replace(
        "sets:",
        """\
authority: example.com,2025
grounds:
  - {id: law, title: The law requires it, cites: law}
  - id: reasonable
    title: It is reasonable
    conditions: [{id: fair, text: It is fair.}, {id: safe, text: It is safe.}]
sets:""",
    )
    .replace(
        "file: terms/rules.md,",
        "file: terms/rules.md, changes: terms/rules.md, grounds: [law, reasonable], policy: Posted on this page.,",
    )
    .replace("file: models.yml}", "file: models.yml, changes: changes.md}")
    + "  - {id: pricing, title: Prices, kind: notice-only, published: https://example.com/prices, changes: changes.md, "
    "policy: Posted by choice.}\n"
)

CHANGES = "# Changes\n\nBefore the list.\n\n<!-- engross: posted changes -->\n\n## After\n\nAfter the list.\n"

POSTED_SITE: Mapping[str, str | bytes] = {
    **SITE,
    "docs/documents.yml": DOCUMENTS_POSTED,
    "docs/changes.md": CHANGES,
    "mkdocs.yml": MKDOCS + "  - In force: in-force.md\n",
}


def note(documents: str, summary: str, **facts: object) -> str:
    """A change note; `facts` are its other keys."""
    head = {"class": "substantive", "material": "true", "effective": "immediately", "approved_by": "General Counsel"}
    head["title"] = json.dumps(re.sub(r"[*<>]", "", summary.split(". ")[0]).strip(".")[:80], ensure_ascii=False)
    lines = [f"{key}: {value}" for key, value in {**head, **facts}.items()]
    return "\n".join(["---", f"documents: [{documents}]", *lines, "---", "", summary, ""])


def post(folder: Path, day: float, slug: str, text: str, **changed: str | None) -> tuple[Entry, ...]:
    """Post a note on a day of the history; `changed` are files of the docs folder, "/" written "__" and "." "_DOT_"."""
    for name, content in changed.items():
        path = folder / "docs" / name.replace("__", "/").replace("_DOT_", ".")
        if content is None:
            path.unlink()
        else:
            path.write_text(content, "utf-8")
    notes = folder / "docs" / "changes"
    notes.mkdir(exist_ok=True)
    (notes / f"{slug}.md").write_text(text, "utf-8")
    posted = START + timedelta(days=day)

    def act() -> tuple[Entry, ...]:
        with pytest.MonkeyPatch.context() as patch:
            # The same history has the same hashes, which pages show.
            patch.setattr(seals, "new_salt", lambda: "5a" * 32)
            return release(find_folders(folder), posted, posted)

    return act_once(folder, act, posted)


def write_history(folder: Path) -> None:
    """The site, with a change in every state by `NOW`."""
    write_site(folder, POSTED_SITE)
    post(folder, 0, "first", note("agreement, rules, models", "Everything is posted for the *first* time."))
    reworded = AGREEMENT.replace("You will not", "You must not")
    post(
        folder,
        30,
        "reworded",
        note("agreement", "See [Restrictions](../agreement.md#restrictions) and [gone](../gone.md).", reference="T-1"),
        agreement_DOT_md=reworded,
    )
    met = "{ground: reasonable, conditions: {fair: It is fair to all., safe: No one is hurt.}}"
    kind = RULES.replace("Be kind", "Be very kind")
    post(
        folder,
        60,
        "kinder",
        note("rules", "Kinder rules.", grounds=f"[{{ground: law, cites: Act 12}}, {met}]"),
        terms__rules_DOT_md=kind,
    )
    dearer = MODELS.replace("Small 1", "Small One").replace("deprecated: 2026-06-01", "deprecated: 2026-05-01")
    post(folder, 90, "models", note("models", "One model renamed.", material="false"), models_DOT_yml=dearer)
    post(folder, 120, "prices", note("pricing", "Prices rise.", effective="2025-08-01"))
    post(folder, 150, "wrong-word", note("agreement", "The note of the rewording meant *must*.", corrects=5))
    second = reworded.replace("Either party may end it.", "Each party may end it.")
    post(folder, 200, "withdrawn", note("agreement", "Never to be.", effective="2025-12-01"), agreement_DOT_md=second)
    undone = note("agreement", "It will not be.", withdraws="agreement@3")
    post(folder, 210, "undone", undone, agreement_DOT_md=reworded)
    third = reworded.replace("Day 1", "Day 2")
    words = note(
        "agreement",
        "A **typo** & <https://example.com/>.",
        **{"class": "editorial"},
        material="false",
        emergency="Friday night",
        editorial_because="Day 1 & Day 2 are the same day.",
    )
    post(folder, 400, "typo", words, agreement_DOT_md=third)
    coming = third.replace("copy;", "copy, or sell;")
    post(folder, 560, "coming", note("agreement", "From next year.", effective="2027-01-01"), agreement_DOT_md=coming)
