"""Small sites with a history of releases on given days."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from engross.common.errors import EngrossError
from engross.corpus.folders import Folders
from engross.model import Diagnostic, Entry, Severity, Tree, TreeClause
from engross.record import seals
from engross.record.history import Record
from engross.record.journal import Step
from engross.record.posting.releasing import State, read_state, release
from engross.record.sealed_files import sealed_tree
from engross.record.verification import open_record

T = TypeVar("T")

DAY_0 = datetime(2026, 1, 5, tzinfo=UTC)
"""Day 0 of every history, a Monday."""

DOCUMENTS = """\
timezone: UTC
sets:
  - {id: main, title: Main, agreement: agreement, incorporates: [rules, models]}
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md, published: agreement/}
  - {id: rules, title: Rules of Use, kind: url-terms, file: rules.md, published: rules/}
  - {id: models, title: Model List, kind: catalogue, file: models.yml, published: models/}
  - {id: pricing, title: Pricing, kind: notice-only, published: https://example.com/prices}
"""

AGREEMENT = """\
# The Agreement

Between Us and You.

## Use

You will not:

(a) copy the service;
(b) resell the service;
(c) harm the service; or
(d) hide who you are.

## Fees

You pay what the price list says, within thirty days.

## End

Either party may end it by notice.
"""

RULES = """\
# Rules of Use

## Conduct

Be kind to [others](https://example.com/others).

## Content

Post *nothing* unlawful.
"""

MODELS = """\
models:
  - id: small-1
    name: Small 1
    provider: Maker
    eula: {spdx: MIT, name: MIT License, url: https://example.com/mit}
    modalities: {in: [text], out: [text]}
    context_tokens: 4096
  - id: large-1
    name: Large 1
    provider: Maker
    eula: {spdx: MIT, name: MIT License, url: https://example.com/mit}
    modalities: {in: [text], out: [text]}
    context_tokens: 8192
"""


def day(number: float) -> datetime:
    """An instant so many days after day 0."""
    return DAY_0 + timedelta(days=number)


def instant(number: float) -> str:
    """The same, as written in a note."""
    return f"{day(number):%Y-%m-%dT%H:%MZ}"


def note_text(documents: str, *lines: str, summary: str = "What changes.", **facts: str) -> str:
    """A change note; `facts` take the place of the usual ones, an empty one leaves its line out."""
    usual = {"class": "substantive", "material": "false", "effective": "immediately", "approved_by": "Counsel"}
    values = {**usual, **{name.removesuffix("_"): value for name, value in facts.items()}}
    about = [f"documents: [{documents}]"] if documents else []
    own = [] if "title" in facts else ["title: What changes"]
    head = [*about, *(f"{name}: {value}" for name, value in values.items() if value), *lines, *own]
    return "\n".join(["---", *head, "---", "", summary, ""])


@dataclass
class Site:
    """A site in a folder, whose documents are written, edited and released."""

    root: Path
    now: datetime = DAY_0
    notes: int = 0

    @property
    def folders(self) -> Folders:
        docs = self.root / "docs"
        return Folders(self.root, docs, notes=docs / "changes", record=self.root / "record")

    @property
    def record(self) -> Record:
        return open_record(self.folders.record)

    def write(self, name: str, text: str) -> None:
        path = self.root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def read(self, name: str) -> str:
        return (self.root / "docs" / name).read_text(encoding="utf-8")

    def edit(self, name: str, *pairs: tuple[str, str]) -> None:
        """Replace words, each of which must occur once."""
        text = self.read(name)
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.write(name, text)

    def note(self, documents: str, *lines: str, slug: str = "", summary: str = "What changes.", **facts: str) -> str:
        """Write a change note, and return its name."""
        self.notes += 1
        slug = slug or f"note-{self.notes}"
        self.write(f"changes/{slug}.md", note_text(documents, *lines, summary=summary, **facts))
        return slug

    def at(self, number: float) -> "Site":
        """Continue on another day."""
        self.now = day(number)
        return self

    def release(self, run: Callable[[Step], None] | None = None, **options: object) -> tuple[Entry, ...]:
        return release(self.folders, self.now, run=run, **options)  # type: ignore[arg-type]

    def state(self) -> State:
        return read_state(self.folders, self.now)

    def findings(self, *rules: str) -> list[Diagnostic]:
        """The findings of the check, of some rules or all."""
        return [found for found in self.state().findings() if not rules or found.rule in rules]

    def post(self, documents: str, *lines: str, **facts: str) -> tuple[Entry, ...]:
        """Write a note and release."""
        self.note(documents, *lines, **facts)
        return act_once(self.root, self.release, self.now)

    def files(self) -> dict[str, bytes]:
        """All files of the record."""
        return files_below(self.folders.record)

    def tree(self, document: str = "agreement", number: int = 0) -> Tree:
        """The tree of a version, by default the last."""
        record = self.record
        return sealed_tree(record, record.versions[document][number - 1])

    def clauses(self, document: str = "agreement", number: int = 0) -> dict[str, TreeClause]:
        """The clauses of a version by their anchors."""
        return {clause.anchor: clause for clause in self.tree(document, number).clauses}


def make_site(root: Path, documents: str = DOCUMENTS, **files: str) -> Site:
    """A site with the usual documents, nothing posted; `files` are texts in place of the usual ones, by name."""
    site = Site(root)
    site.write("documents.yml", documents)
    texts = {"agreement": AGREEMENT, "rules": RULES, "models": MODELS, **files}
    for name, text in texts.items():
        site.write("models.yml" if name == "models" else f"{name}.md", text)
    return site


def posted_site(root: Path, documents: str = DOCUMENTS, **files: str) -> Site:
    """The same, everything posted on day 0."""
    site = make_site(root, documents, **files)
    site.note("agreement, rules, models, pricing", slug="first")
    act_once(root, site.release, site.now)
    return site


NEW_SALT = seals.new_salt
_ACTED: dict[tuple[Hashable, ...], tuple[dict[str, bytes], Any]] = {}


def forget_acts() -> None:
    """Forget what was done, for a test in which somebody else does the same."""
    _ACTED.clear()


def act_once(root: Path, act: Callable[[], T], *when: Hashable) -> T:
    """Do in a folder what was not done in this process to the same files at that time; else write what came of it then.

    A record made anew has other salts, and so other hashes. Where a test gives the salts, everything is made anew, and
    where a repository or a built site is in the folder.
    """
    if seals.new_salt is not NEW_SALT or (root / ".git").exists() or (root / "site").exists():
        return act()
    before = files_below(root)
    key = (act.__module__, act.__qualname__, *when, *before.items())
    if key not in _ACTED:
        given = act()
        _ACTED[key] = files_below(root), given
        return given
    after, given = _ACTED[key]
    for name in before.keys() - after.keys():
        (root / name).unlink()
    write_files(root, {name: data for name, data in after.items() if before.get(name) != data})
    return cast("T", given)


def files_below(folder: Path) -> dict[str, bytes]:
    """All files in a folder and below it, by name."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rules_of(found: list[Diagnostic]) -> list[str]:
    """The rules that some findings are of, errors only."""
    return [one.rule for one in found if one.severity is Severity.ERROR]


def complaints(work: Callable[[], object]) -> list[str]:
    """Every diagnostic with which some work fails, as printed."""
    try:
        work()
    except EngrossError as failure:
        return [str(found) for found in failure.diagnostics]
    return []


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a record's files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
