"""A small site with imported versions, and nothing else posted."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engross.common import Cache
from engross.corpus.settings import read_settings
from engross.importing import folder_history, plan_history, read_notes_file
from engross.model import DateKind
from engross.record import import_texts
from engross.text import decode, read_source

SEALED = datetime(2025, 3, 1, 9, tzinfo=UTC)
MKDOCS = """\
site_name: Test
site_url: https://example.com/
strict: true
theme: {name: material, font: false}
plugins: [search, {engross: {edition: in-force}}]
validation: {links: {not_found: warn, anchors: warn, absolute_links: warn}}
nav: [index.md, agreement.md, changes.md, since.md]
"""
DOCUMENTS = """\
authority: example.com,2025
sets: [{id: main, title: Main, agreement: agreement}]
documents: [{id: agreement, title: The Agreement, kind: agreement, file: agreement.md, changes: changes.md}]
"""
TEXT = "# The Agreement\n\n## Use\n\nSee [the law](/law) & [gone](gone.md).\n\n## Fees\n\nPay in {} days.\n"
NOTES = """\
agreement-2019-05-01.md:
  title: Ten days to pay
  class: substantive
  material: true
  summary: You pay in *ten* days.
"""


def write_imported_site(folder: Path) -> None:
    """Write the site, and import three texts of its agreement on the day `SEALED`."""
    files = {"mkdocs.yml": MKDOCS, "docs/documents.yml": DOCUMENTS, "docs/agreement.md": TEXT.format("nine")}
    files |= {"docs/index.md": "# Home\n", "docs/changes.md": "# Changes\n\n<!-- engross: posted changes -->\n"}
    for day, count in (("2018-04-01", "thirty"), ("2019-05-01", "ten"), ("2020-06-01", "nine")):
        files[f"old/agreement-{day}.md"] = TEXT.format(count)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    entry = read_settings(read_source(folder / "docs/documents.yml")).document("agreement")
    notes = read_notes_file(decode(NOTES.encode(), "notes.yml"))
    plan = plan_history(folder_history(folder / "old", DateKind.PUBLISHED), entry, ZoneInfo("UTC"), notes=notes)
    import_texts(folder / "record", plan.texts, (), SEALED, Cache())
