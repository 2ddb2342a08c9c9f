"""A small site with a record: tests change texts, write notes and release on given days."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from tests.record.playing import act_once

from engross.cli import main
from engross.corpus.folders import find_folders
from engross.model import Entry
from engross.record import Record, open_record, release

BEGIN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MKDOCS = """\
site_name: Test
repo_url: https://github.com/provider/terms
edit_uri: edit/main/docs/
plugins: [search, engross]
markdown_extensions: [engross.guard]
"""
DOCUMENTS = """\
timezone: America/New_York
sets: [{id: main, title: Main, agreement: agreement, incorporates: [data, models]}]
grounds:
  - {id: legal-requirement, title: The law requires it, cites: law}
  - id: reasonable
    title: Commercially reasonable
    conditions: [{id: security, text: Security is not lessened.}]
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md}
  - {id: data, title: Data Terms, kind: url-terms, file: terms/data.md, grounds: [legal-requirement, reasonable]}
  - {id: models, title: Model List, kind: catalogue, file: models.yml}
  - {id: pricing, title: Pricing, kind: notice-only, published: https://example.com/pricing}
"""
AGREEMENT = """\
# The Agreement

## Definitions

- **“Data”** means facts.
- **“Fee”** means a price.

## Use

Customer will not

(a) copy the Data;
(b) sell the Data; or
(c) rent the Data.

## Payment

Each Fee is due at once, and a Fee is final.
"""
DATA = "# Data Terms\n\n## Keeping\n\nThe provider keeps Data for a year.\n"
MODELS = """\
models:
  - id: alpha
    name: Alpha
    provider: Maker
    version: "1.0"
    eula: {spdx: MIT}
    modalities: {in: [text], out: [text]}
    retention: Kept for a day.
"""
FILES = {
    "mkdocs.yml": MKDOCS,
    "docs/documents.yml": DOCUMENTS,
    "docs/agreement.md": AGREEMENT,
    "docs/terms/data.md": DATA,
    "docs/models.yml": MODELS,
}


def engross(*args: str, input: str | None = None) -> Result:
    """Run a command; it must turn every exception into an exit code."""
    result = CliRunner().invoke(main, args, input=input)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def git(folder: Path, *args: str) -> None:
    """Run git in a folder, with an author."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


class Play:
    """A site in a folder, and what happens to it."""

    def __init__(self, root: Path) -> None:
        """Write the site's files; nothing is posted yet."""
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    @property
    def record(self) -> Record:
        """The record, verified."""
        return open_record(self.root / "record")

    def write(self, name: str, text: str) -> Path:
        """Write a file of the site."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, old: str, new: str, name: str = "docs/agreement.md") -> None:
        """Change some words of a file, which must be in it."""
        text = (self.root / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def note(self, slug: str, *facts: str, documents: str = "agreement", kind: str = "substantive") -> None:
        """Write a change note, effective immediately unless the facts say otherwise."""
        output = {"documents": f"[{documents}]", "class": kind, "effective": "immediately", "approved_by": "Counsel"}
        output |= {"material": "false"} if kind == "substantive" else {}
        output |= {"title": f"Change {slug}"}
        output |= dict(fact.split(": ", 1) for fact in facts if not fact.startswith(" "))
        lines = [f"{name}: {value}" for name, value in output.items() if value != "[]"]
        self.write(f"docs/changes/{slug}.md", "\n".join(["---", *lines, "---", "", f"The change {slug}.", ""]))

    def release(self, day: int) -> Sequence[Entry]:
        """Release, some days after the beginning."""
        at = BEGIN + timedelta(days=day)

        def act() -> Sequence[Entry]:
            return release(find_folders(self.root), at, at)

        return act_once(self.root, act, at)

    def posted(self) -> Play:
        """All documents, posted on the first day."""
        self.note("first", documents="agreement, data, models")
        self.release(0)
        return self

    def changed(self, old: str, new: str, slug: str, day: int, *facts: str) -> Play:
        """A second version of the agreement is posted."""
        self.change(old, new)
        self.note(slug, *facts)
        self.release(day)
        return self
