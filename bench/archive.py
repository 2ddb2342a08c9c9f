"""What a long record costs a build: the same site with 1,000 posted versions against 10, cold and warm, in CPU time.

The ledger and its sealed files are written straight away: a thousand releases would take longer than what is measured.
Builds with few and with many versions alternate, each in its own process; what counts is the ratio within a pair. Cold
is a build that finds nothing made before.
"""

import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.build import make_site, measured_build
from bench.corpus_maker import Page, make_pages
from bench.figures import Figure, at_most, table
from engross.corpus.project import Project, read_project
from engross.model import READER, ChangeClass, Clause, Entry, EntryKind, SetEntry, Tree, VersionId
from engross.record.history import LEDGER
from engross.record.ledger.file import chained, ledger_bytes
from engross.record.posting.sealing import note_files, sealed_files
from engross.record.trees import addressed, first_tree, text_hash
from engross.record.verification import verify
from engross.render import MARKER
from engross.text import decode, parse

DOCUMENTS = 10
FEW, MANY = 10, 1_000
PAIRS = 3
TARGET_RATIO = 1.1
TARGET_VERIFY = 1.0
TARGET_PAGE = 500
TARGET_MEMORY = 400
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
DAY = "1893456000"
"""The day that all builds are made for: after every version."""
NOTE = (
    "---\ndocuments: [{id}]\nclass: editorial\neffective: immediately\napproved_by: Counsel\n"
    "title: Version {number}\n---\n\nVersion {number}.\n"
)


def run(few: int = FEW, many: int = MANY, pairs: int = PAIRS) -> list[Figure]:
    """The figures; each build is printed as it is measured."""
    os.environ["SOURCE_DATE_EPOCH"] = DAY
    with tempfile.TemporaryDirectory() as folder:
        small, large = (make_posted_site(Path(folder) / str(count), count) for count in (few, many))
        cold, memory = zip(*(_build(config, "cold") for config in (small, large)), strict=True)
        warm = [(_build(small, "warm")[0], _build(large, "warm")[0]) for _ in range(pairs)]
        began = time.process_time()
        _, problems = verify(large.parent / "record")
        verified = time.process_time() - began
        largest, weights = largest_list(large.parent / "site"), _weights(large.parent / "site")
    if problems:
        raise RuntimeError(str(problems[0]))
    return [
        Figure(f"build of {DOCUMENTS} documents with {few:,} versions, warm", median(a for a, _ in warm), unit="s"),
        Figure(f"with {many:,} versions, warm", median(b for _, b in warm), unit="s"),
        at_most("warm, against few", median(b / a for a, b in warm), TARGET_RATIO, "×"),
        Figure(f"with {many:,} versions, cold", cold[1], unit="s"),
        Figure("cold, for each version more", (cold[1] - cold[0]) / (many - few) * 1000, unit="ms"),
        at_most(f"peak memory with {many:,} versions, cold", memory[1], TARGET_MEMORY, "MB"),
        at_most(f"verify of {many:,} versions", verified, TARGET_VERIFY, "s"),
        at_most("largest page that lists versions or changes", largest / 1000, TARGET_PAGE, "kB"),
        *weights,
    ]


def largest_list(site: Path) -> int:
    """The bytes of the largest page that grows with the record."""
    pages = [*site.glob("*/versions/**/index.html"), *site.glob("since/**/index.html"), *site.glob("changes/**/*.html")]
    return max(page.stat().st_size for page in pages if not _ONE_VERSION.search(page.as_posix()))


_ONE_VERSION = re.compile(r"/versions/\d+/")


def _weights(site: Path) -> list[Figure]:
    """The bytes of the files of a version on average, by kind."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for path in site.glob("*/versions/**/*"):
        name = path.as_posix().rpartition("/versions/")[2]
        if path.is_file() and name[0].isdigit():
            sizes[re.sub(r"\d+", "N", name)].append(path.stat().st_size)
    return [Figure(f"{name}, each", sum(found) / len(found) / 1000, unit="kB") for name, found in sorted(sizes.items())]


def _build(config: Path, kind: str) -> tuple[float, float]:
    """The CPU seconds of a build, and its peak memory in MB."""
    seconds, memory = measured_build(config)
    print(f"  {kind}, {config.parent.name} versions: {seconds:.2f} s, {memory:.0f} MB", file=sys.stderr, flush=True)
    return seconds, memory


def make_posted_site(folder: Path, versions: int) -> Path:
    """Write a site whose record has that many versions, as many of each document; give its mkdocs.yml."""
    pages = make_pages(DOCUMENTS)
    config = make_site(folder, pages, "search, engross: {check: false}")
    (folder / "docs" / "changes.md").write_text(f"# Changes\n\n{MARKER}\n", encoding="utf-8")
    writer = _Writer(folder, read_project(folder / "docs"))
    for at in range(versions):
        writer.post(pages[at % len(pages)], at // len(pages) + 1)
    writer.close()
    return config


@dataclass
class _Writer:
    """Writes a record version by version; each but the first of a document changes one paragraph."""

    folder: Path
    project: Project
    entries: list[Entry] = field(default_factory=list)
    trees: dict[str, tuple[Tree, Mapping[str, str]]] = field(default_factory=dict)

    def post(self, page: Page, number: int) -> None:
        """Seal the version of that number of a page."""
        data = _edited(page.markdown, number).encode()
        document = self.project.documents[page.id]
        root = parse(decode(data, page.id), numbering=True)
        of, entry = VersionId(page.id, number), replace(document.entry, line=0)
        sealed, files = sealed_files(of, entry, data, text_hash(root), self._tree(page.id, root, number))
        ref, noted = note_files(f"{page.id}-{number}", NOTE.format(id=page.id, number=number).encode())
        for name, content in (files | noted).items():
            self._write(name, content)
        at = BEGAN + timedelta(days=len(self.entries))
        if not self.entries:
            self.entries += [self._set(one, at) for one in self.project.settings.sets]
        self.entries.append(
            Entry(
                0, EntryKind.POST, at, page.id, "", "", number, at, sealed, entry=entry, notes=(ref,),
                change_class=ChangeClass.EDITORIAL, supersedes=number - 1, reader=READER,
            )
        )  # fmt: skip
        (self.folder / "docs" / f"{page.id}.md").write_bytes(data)

    def _set(self, entry: SetEntry, at: datetime) -> Entry:
        of_set = replace(entry, line=0)
        return Entry(
            0, EntryKind.SET, at, "", "", "", effective=at, set=of_set, change_class=ChangeClass.EDITORIAL
        )  # fmt: skip

    def close(self) -> None:
        """Write the ledger."""
        self._write(LEDGER, ledger_bytes(chained((), self.entries)))

    def _tree(self, name: str, root: Clause, number: int) -> Tree:
        words = {clause.anchor: clause.inline.text for clause in root.walk() if clause.anchor}
        if number == 1:
            tree = first_tree(addressed(replace(self.project.documents[name], root=root)))
        else:
            tree, before = self.trees[name]
            clauses = (
                replace(one, changed=number) if words.get(one.anchor) != before.get(one.anchor) else one
                for one in tree.clauses
            )
            tree = replace(tree, clauses=tuple(clauses))
        self.trees[name] = tree, words
        return tree

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / "record" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _edited(markdown: str, number: int) -> str:
    """The text of a version: in one paragraph after another a sentence was put at the end."""
    blocks = markdown.split("\n\n")
    plain = [at for at, block in enumerate(blocks) if block[0].isalpha() and block.endswith(".")]
    for step in range(2, number + 1):
        at = plain[step * 7 % len(plain)]
        blocks[at] += f" This was worded anew for the {step}. time."
    return "\n\n".join(blocks)


if __name__ == "__main__":
    print(table(run()))
