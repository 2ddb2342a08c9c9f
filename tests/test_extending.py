"""The changes that ARCHITECTURE.md describes, each made in a copy of the package, and seen to work.

An edit is (file, anchor, text): the text replaces the anchor, or is the whole of a new file. CONTRIBUTING.md points
here, so these edits are also examples. A change that takes more files than it says is a fault of the design.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
PACKAGE = "plugins/engross/"


@dataclass(frozen=True)
class Example:
    """A change: its row in ARCHITECTURE.md, its edits, and a program that shows it, with what it prints."""

    row: str
    edits: tuple[tuple[str, str, str], ...]
    program: str
    prints: str


RULE = Example(
    "a check rule",
    (
        (
            PACKAGE + "drafting/rules/slips.py",
            "REPEATED_WORD = Rule(",
            """def _check_shouting(subject: Subject) -> Iterator[Finding]:
    for passage in subject.passages:
        for found in re.finditer("!!+", passage.text):
            yield passage.finding(found.start(), "more than one exclamation mark", text=found[0])


SHOUTING = Rule(
    name="shouting",
    severity=Severity.NOTE,
    summary="More than one exclamation mark.",
    why="It is not the tone of a contract.",
    bad="# Terms\\n\\nPay at once!!",
    good="# Terms\\n\\nPay at once.",
    check=_check_shouting,
)

REPEATED_WORD = Rule(""",
        ),
        (
            PACKAGE + "drafting/rules/__init__.py",
            "    slips.REPEATED_WORD,\n",
            "    slips.REPEATED_WORD,\n    slips.SHOUTING,\n",
        ),
    ),
    "open('a.md', 'w').write('# A\\n\\nPay!!\\n'); from engross.cli import main; main(['check', 'a.md'])",
    "a.md:3:4: A: more than one exclamation mark [shouting]\n1 note\n",
)
MODEL_FIELD = Example(
    "a field of `models.yml`",
    (
        (
            PACKAGE + "corpus/models.py",
            "    residency: ",
            '    languages: Text | None = Field(default=None, description="Its languages.", examples=["Danish"])\n'
            "    residency: ",
        ),
        (
            PACKAGE + "corpus/models.py",
            '    Fact("residency",',
            '    Fact("languages", "Languages", ("languages",), _plain("languages")),\n    Fact("residency",',
        ),
        ("templates/words/en.yml", "residency:", 'languages: "Languages"\nresidency:'),
    ),
    """
from engross.corpus import catalogue_tree, read_catalogue
from engross.corpus.models import labelled
from engross.corpus.ui_text import ui_strings
from engross.text import decode
text = '''models:
- {id: a, name: A, provider: P, languages: Danish, eula: {spdx: MIT}, modalities: {in: [text], out: [text]}}
'''
source = decode(text.encode(), "models.yml")
tree = labelled(catalogue_tree(read_catalogue(source), source), ui_strings("en"))
print([(clause.name, clause.inline.text) for clause in tree.walk() if "Danish" in clause.inline.text])
""",
    "[('Languages', 'Danish')]\n",
)
EXPORT = Example(
    "an export format",
    (
        (
            PACKAGE + "drafting/outputs.py",
            "def to_json(",
            '''def to_lines(findings: Sequence[Diagnostic]) -> str:
    """Return one line for each finding: rule and place, separated by a tab."""
    return "\\n".join(f"{found.rule}\\t{found.place}" for found in findings)


def to_json(''',
        ),
        (
            PACKAGE + "drafting/__init__.pyi",
            "    to_json as to_json,\n",
            "    to_json as to_json,\n    to_lines as to_lines,\n",
        ),
        (PACKAGE + "cli/output.py", "to_gitlab, to_json,", "to_gitlab, to_json, to_lines,"),
        (
            PACKAGE + "cli/output.py",
            '    "json": lambda',
            '    "lines": lambda findings: say_made(to_lines(findings)),\n    "json": lambda',
        ),
    ),
    "open('a.md', 'w').write('# A\\n\\nThe the fee.\\n'); from engross.cli import main; "
    "main(['check', '--format', 'lines', 'a.md'])",
    "repeated-word\ta.md:3:5:\n",
)
ENUMERATOR = Example(
    "an enumerator style, such as `(a)`",
    (
        (PACKAGE + "text/numbering.py", 'BRACKETED = r"', 'BRACKETED = r"\\[[A-Za-z]\\]|'),
        (
            PACKAGE + "text/numbering.py",
            'elif text[-1:] in (")", "."):',
            'elif text.startswith("[") and text.endswith("]"):\n        inner, form = text[1:-1], "[]"\n'
            '    elif text[-1:] in (")", "."):',
        ),
        (PACKAGE + "model/text.py", "READER = 5", "READER = 6"),
        (PACKAGE + "fidelity/source_text.py", '_ENUMERATOR = r"', '_ENUMERATOR = r"\\[[A-Za-z]\\]|'),
    ),
    "from engross.text import decode, parse; "
    "tree = parse(decode(b'# Terms\\n\\nCustomer will\\n\\n[a] pay;\\n\\n[b] return.\\n', 'a.md')); "
    "print([clause.label for clause in tree.walk() if clause.marker])",
    "['Terms (a)', 'Terms (b)']\n",
)
NOTE_FIELD = Example(
    "a field of a change note",
    (
        (
            PACKAGE + "record/notes/schema.py",
            "    reference: Text | None",
            "    discussed: date | None = Field(\n"
            '        default=None, description="The day of the discussion.", examples=["2026-01-02"]\n'
            "    )\n"
            "    reference: Text | None",
        ),
        (
            PACKAGE + "model/record.py",
            '    reference: str = ""\n',
            '    reference: str = ""\n    discussed: date | None = None\n',
        ),
        (PACKAGE + "model/record.py", "from datetime import UTC, datetime", "from datetime import UTC, date, datetime"),
        (
            "templates/posted-change.html",
            "{% if view.note.reference %}",
            "{% if view.note.discussed %}<div><dt>{{ words.discussed }}</dt><dd>{{ view.note.discussed }}</dd></div>"
            "{% endif %}{% if view.note.reference %}",
        ),
        ("templates/words/en.yml", "reference:", 'discussed: "Discussed on"\nreference:'),
    ),
    """
from zoneinfo import ZoneInfo
from engross.model import NoteRef
from engross.record.notes.files import change_bytes, change_from
from engross.record.notes.reader import read_note
from engross.text import decode
lines = ["---", "documents: a", "class: editorial", "effective: immediately", "approved_by: Counsel",
         "discussed: 2026-01-02", "---", "", "Spelling.", ""]
note = read_note(decode("\\n".join(lines).encode(), "changes/spelling.md"), ZoneInfo("UTC"))
again = change_from(change_bytes(note), note.source, NoteRef("spelling", note.sha256))
print(note.discussed, again == note)
""",
    "2026-01-02 True\n",
)
LANGUAGE = Example(
    "a language of pages",
    (("templates/words/da.yml", "", 'search: "Søg"\n'),),
    "from engross.corpus.ui_text import ui_strings; words = ui_strings('da'); print(words['search'], words['menu'])",
    "Søg Menu\n",
)
POPOVER = Example(
    "the popover of a defined term",
    (("templates/assets/engross.js", "BEFORE_OPENING = 150", "BEFORE_OPENING = 40"),),
    "from engross.render import asset; print(b'BEFORE_OPENING = 40' in asset('engross.js'))",
    "True\n",
)
PAGE_TYPE = Example(
    "a page type",
    (
        (
            PACKAGE + "corpus/page_types.py",
            '    SINCE = ("since.md", "since_title", True)\n',
            '    SINCE = ("since.md", "since_title", True)\n'
            '    ALL_DOCUMENTS = ("all-documents.md", "all_documents", True)\n',
        ),
        (
            PACKAGE + "site/generated_pages.py",
            "def _since(",
            """def _all_documents(build: Build, page: Page) -> str:
    entries, url = build.project.settings.documents, partial(build.document_url, page)
    return build.templates.get_template("all-documents.html").render(words=build.words, documents=entries, url=url)


def _since(""",
        ),
        (
            PACKAGE + "site/generated_pages.py",
            "    PageType.SINCE: _Content(_since),\n",
            "    PageType.SINCE: _Content(_since),\n    PageType.ALL_DOCUMENTS: _Content(_all_documents),\n",
        ),
        (
            "templates/all-documents.html",
            "",
            "<h1>{{ words.all_documents }}</h1>\n"
            '{% for one in documents %}<p><a href="{{ url(one) }}">{{ one.title }}</a></p>\n{% endfor %}',
        ),
        ("templates/words/en.yml", "since_title:", 'all_documents: "All documents"\nsince_title:'),
    ),
    """
from pathlib import Path
import logging
from mkdocs.commands.build import build
from mkdocs.config import load_config
logging.basicConfig(level=logging.ERROR)
Path("docs").mkdir()
Path("docs/documents.yml").write_text('''sets:
  - {id: main, title: Main, agreement: a, incorporates: [], precedence: [a]}
documents:
  - {id: a, title: Terms & More, kind: agreement, file: a.md}
''')
Path("docs/a.md").write_text("# Terms & More\\n\\nPay. See [all documents](all-documents.md).\\n")
Path("docs/index.md").write_text("# Home\\n")
Path("mkdocs.yml").write_text("site_name: S\\nstrict: true\\ntheme: mkdocs\\nplugins: [engross]\\n")
build(load_config("mkdocs.yml"))
page = Path("site/all-documents/index.html").read_text()
print([line for line in page.splitlines() if "Terms &amp; More</a></p>" in line or "<h1>" in line])
print('href="../all-documents/"' in Path("site/a/index.html").read_text())
""",
    "['<h1>All documents</h1>', '<p><a href=\"../a/\">Terms &amp; More</a></p>']\nTrue\n",
)
EXAMPLES = (RULE, PAGE_TYPE, MODEL_FIELD, POPOVER, NOTE_FIELD, EXPORT, ENUMERATOR, LANGUAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.row)
def test_a_change_is_made_where_the_architecture_says(example: Example, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    for name, anchor, text in example.edits:
        path = tmp_path / name
        before = path.read_text("utf-8") if anchor else ""
        assert before.count(anchor) == 1 or not anchor, f"{name}: {anchor}"
        path.write_text(before.replace(anchor, text) if anchor else text, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "plugins")}
    command = [sys.executable, "-c", example.program]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.stdout == example.prints, result.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.row)
def test_the_architecture_names_the_files_of_a_change(example: Example) -> None:
    table = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    row = next(line for line in table.splitlines() if line.startswith(f"| {example.row} |"))
    named = set(re.findall(r"`([\w/.-]+)`", row))
    for name in {name for name, _, _ in example.edits}:
        path = Path(name.removeprefix(PACKAGE))
        assert named & {str(path), f"{path.parent}/", path.name}, f"{path} is not in the row of {example.row}"
    assert len({name for name, _, _ in example.edits}) <= 4
