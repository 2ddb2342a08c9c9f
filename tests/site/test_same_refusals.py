"""What one of `check`, `release` and a strict build refuses, the others refuse with the same message.

A change with a valid note is pending; each mistake is made beside it. Builds are run up to their files (`on_files`),
where all findings are known but those about finished pages: a few builds are run as a whole for these. A build that
publishes what is in force (`edition: in-force`) refuses nothing that waits, since it shows none of it.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from building import MKDOCS, MODELS, build, write_site
from click.testing import CliRunner
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import get_files
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post

from engross.cli import main

TEXT = """\
# The Agreement

## Definitions

- **“Fee”** means a price.

## Payment

The Fee is due, see the [rules](terms/rules.md). A Fee is final.
"""
CONFIG = MKDOCS.replace("check: false", "check: true")
DOCUMENTS = DOCUMENTS_POSTED.replace(", numbering: true", "")
FILES = {**POSTED_SITE, "mkdocs.yml": CONFIG, "docs/agreement.md": TEXT, "docs/documents.yml": DOCUMENTS}
FILES["docs/index.md"] = "# Home\n"
FILES["docs/terms/rules.md"] = "# Rules of Use\n\n## Conduct\n\nBe kind.\n"
PENDING = f"{TEXT}\nMore.\n"
NOTE = note("agreement", "It says more.")
RETIRED = MODELS.replace("ga: 2026-01-01, deprecated: 2026-06-01", "deprecated: 2025-01-01, replacement: large-1")
RETIRED += "    lifecycle: {retires: 2025-02-01}\n"
NEW_ROW = "  - {id: new, title: New, kind: policy, file: new.md}\n"

SUBS_ROW = "  - {id: subs, title: Subs, kind: register, register: subprocessors, file: subs.yml}\n"
SUBS = "rows:\n  - {id: a, entity: Ann, activity: Mail, data: Mail, location: DE, start: 2025-01-01}\n"

Files = dict[str, str | bytes | None]

BESIDE: Files = {
    "docs/changes/second.md": note("agreement", "It says more.", effective="2099-06-01"),
    "docs/changes/third.md": note("agreement", "Before.", effective="2099-01-01", own_text="[agreement]"),
}
"""A note with its own text, before that of the text in the docs."""


def agreement(text: str) -> Files:
    """A mistake in the document that changes."""
    return {"docs/agreement.md": f"{PENDING}\n{text}\n"}


def settings(old: str, new: str) -> Files:
    """A mistake in documents.yml."""
    assert old in DOCUMENTS
    return {"docs/documents.yml": DOCUMENTS.replace(old, new)}


REFUSED: dict[str, tuple[Files, str]] = {
    "a drafting error": (agreement("See [LINK]."), "[LINK] was never filled in"),
    "a drafting warning": (agreement("It is the the price."), "“the the”: the word “the” is repeated"),
    "a reference that leads nowhere": (agreement("See Section 9 of this Agreement, and Section 12."), "Section 9"),
    "a link that leads nowhere": (agreement("See [a](gone.md)."), "a link 'gone.md', but the target is not found"),
    "a link to a page that is left out": (
        {
            **agreement("See [a](terms/out.md#x)."),
            "docs/terms/out.md": "# Out\n",
            "mkdocs.yml": f"{CONFIG}exclude_docs: |\n  out.md\n",
        },
        "contains a link to 'terms/out.md' which is excluded from the built site.",
    ),
    "a link to a draft of a page": (
        {**agreement("See [a](out.md)."), "docs/out.md": "# Out\n", "mkdocs.yml": f"{CONFIG}draft_docs: out.md\n"},
        "contains a link to 'out.md' which is excluded from the built site.",
    ),
    "a link of a note to a page that is left out": (
        {
            "docs/changes/second.md": NOTE.replace("more.", "more, see [a](../out.md)."),
            "docs/out.md": "# Out\n",
            "mkdocs.yml": f"{CONFIG}exclude_docs: out.md\n",
        },
        "contains a link to 'out.md' which is excluded from the built site.",
    ),
    "an anchor that is nowhere": (agreement("See [a](#gone)."), "contains a link '#gone', but there is no such anchor"),
    "an absolute link": (agreement("See [a](/terms/)."), "contains an absolute link '/terms/', it was left as is."),
    "raw HTML": (agreement("A <b>fee</b>."), "raw HTML"),
    "a hidden character": (agreement("A hid\u200bden word."), "which is invisible"),
    "a character that turns text": (agreement("A \u202eword."), "U+202E changes the direction"),
    "a mixed script": (agreement("A w\u043erd."), "mixes Latin and Cyrillic letters"),
    "a text of two readings": (agreement("(a) one\n(b) two\n==="), "this can be read in two ways"),
    "front matter that may be text": (
        {"docs/agreement.md": f"---\n\ntitle: A\n---\n{PENDING}"},
        "may be settings or text",
    ),
    "a text that is not UTF-8": ({"docs/agreement.md": b"# A\n\ncaf\xe9\n"}, "not UTF-8"),
    "an empty document": ({"docs/agreement.md": ""}, "the document has no text"),
    "a picture that is not there": (agreement("![a](a.png)"), "contains a link 'a.png', but the target is not found"),
    "a picture of another kind": ({**agreement("![a](a.bmp)"), "docs/a.bmp": b"x"}, "its suffix is none of"),
    "a hidden character in a list": (
        {"docs/models.yml": MODELS.replace("Small 1", "Sm\u200ball"), "docs/changes/third.md": note("models", "Less.")},
        "docs/models.yml:3:13: “Sm<U+200B>all” contains U+200B, which is invisible",
    ),
    "a mixed script in a register": (
        {
            "docs/documents.yml": f"{DOCUMENTS}{SUBS_ROW}",
            "docs/subs.yml": SUBS.replace("Ann", "\u0410nn"),
            "docs/changes/third.md": note("subs", "A list."),
        },
        "docs/subs.yml:2:21: “Аnn” mixes Cyrillic and Latin letters",
    ),
    "a hidden character in a note": (
        {"docs/changes/second.md": NOTE.replace("It says", "It s\u200bays")},
        "docs/changes/second.md:10:5: “s<U+200B>ays” contains U+200B, which is invisible",
    ),
    "a mixed script in a note": (
        {"docs/changes/second.md": NOTE.replace("It says", "It s\u0430ys")},
        "docs/changes/second.md:10:4: “sаys” mixes Latin and Cyrillic letters",
    ),
    "no note": ({"docs/changes/second.md": None}, "no change note names agreement"),
    "a gap in a note": (
        {"docs/changes/second.md": NOTE.replace("It says more.", "<what changes for customers>")},
        "what changes for customers",
    ),
    "an unknown key in a note": ({"docs/changes/second.md": NOTE.replace("class:", "klass:")}, "klass: unknown key"),
    "a note without a change": ({"docs/changes/third.md": note("models", "Nothing.")}, "nothing of models differs"),
    "a text beside no note": ({"docs/changes/none.agreement.md": TEXT}, "no pending note of that name"),
    "a mistake in a text beside a note": (
        {
            **BESIDE,
            "docs/changes/third.agreement.md": f"{TEXT}\nSee [LINK] and [a](gone.md).\n",
        },
        "docs/changes/third.agreement.md:11:5: Payment, paragraph 2: [LINK] was never filled in",
    ),
    "a broken link in a text beside a note": (
        {
            **BESIDE,
            "docs/changes/third.agreement.md": f"{TEXT}\nSee [a](gone.md).\n",
        },
        "docs/changes/third.agreement.md:11:6: Payment, paragraph 2: Doc file 'agreement.md' contains a link 'gone.md'",
    ),
    "a file that is not there": (settings("file: agreement.md", "file: agrement.md"), "there is no file agrement.md"),
    "an unknown key": (settings("sets:", "zone: UTC\nsets:"), "zone: unknown key"),
    "a page of changes that is not there": (settings("changes: changes.md", "changes: no.md"), "there is no page no"),
    "two pages of one address": ({"docs/agreement/index.md": "# A\n"}, "address of the page agreement/index.md too"),
    "a document that is left out": (
        {"mkdocs.yml": f"{CONFIG}exclude_docs: agreement.md\n"},
        "exclude_docs in mkdocs.yml keeps agreement.md out of the site",
    ),
    "an exception of no rule": (
        {"docs/documents.yml": f"{DOCUMENTS}exceptions: [{{rule: plceholder, document: rules, because: x}}]\n"},
        "there is no rule plceholder",
    ),
    "an exception for nothing": (
        {"docs/documents.yml": f"{DOCUMENTS}exceptions: [{{rule: placeholder, document: rules, because: x}}]\n"},
        "placeholder finds nothing in rules; delete this exception",
    ),
    "a baseline that is not there": ({"docs/documents.yml": f"{DOCUMENTS}baseline: b.json\n"}, "there is no file b"),
    "a baseline that is none": (
        {"docs/documents.yml": f"{DOCUMENTS}baseline: b.json\n", "docs/b.json": "{}"},
        "docs/b.json:1:1: this is no baseline of engross check",
    ),
    "a new document without a note": (
        {"docs/documents.yml": DOCUMENTS + NEW_ROW, "docs/new.md": "# New\n\nText.\n"},
        "docs/new.md:1:1: this document was never posted; a change note must name it",
    ),
    "a foreign file in the record": ({"record/x.txt": "x"}, "record/x.txt"),
    "a model list of another form": ({"docs/models.yml": MODELS.replace("name:", "nme:")}, "nme: unknown key"),
    "a replacement that is retired": (
        {"docs/models.yml": RETIRED, "docs/changes/third.md": note("models", "Less.")},
        "large-1 is itself retired on that day",
    ),
    "unknown words": ({"templates/words.yml": "foo: bar\n"}, "templates/words.yml:1:1: foo: there is no such key"),
    "words that are no YAML": ({"templates/words.yml": "draft: [\n"}, "templates/words.yml:"),
    "a template with a mistake": ({"templates/about.html": "\n{% if %}\n"}, "templates/about.html:2:"),
    "a page that turns text": ({"docs/index.md": "# Home\n\nA \u202eword.\n"}, "docs/index.md:3:3: the char"),
    "a name that turns text": ({"docs/a\u202eb.md": "# A\n"}, "contains the character U+202E"),
}  # fmt: skip

PASSED: dict[str, tuple[Files, str]] = {
    "nothing": ({}, ""),
    "a new document with a note": (
        {
            "docs/documents.yml": DOCUMENTS + NEW_ROW,
            "docs/new.md": "# New\n\nText.\n",
            "docs/changes/third.md": note("new", "A new document."),
        },
        "",
    ),
    "a mixed script in a list and its note, with an exception": (
        {
            "docs/documents.yml": f"{DOCUMENTS}{SUBS_ROW}exceptions:\n  - {{rule: mixed-script, document: subs, "
            "text: \u0410nn, because: It is the name of the company.}\n",
            "docs/subs.yml": SUBS.replace("Ann", "\u0410nn"),
            "docs/changes/third.md": note("subs", "\u0410nn sends mail."),
        },
        "",
    ),
    "a drafting warning where builds are not strict": (
        {**agreement("It is the the price."), "mkdocs.yml": CONFIG.replace("strict: true\n", "")},
        "“the the”: the word “the” is repeated",
    ),
    "a link that the site lets pass": (
        {**agreement("See [a](gone.md)."), "mkdocs.yml": CONFIG.replace("not_found: warn", "not_found: info")},
        "",
    ),
    "a link to a page that is left out, which the site lets pass": (
        {
            **agreement("See [a](out.md)."),
            "docs/out.md": "# Out\n",
            "mkdocs.yml": CONFIG.replace("not_found: warn", "not_found: info") + "exclude_docs: out.md\n",
        },
        "",
    ),
    "a link to a document and to a page that Engross makes": (
        {**agreement("See [a](since.md)."), "mkdocs.yml": f"{CONFIG}exclude_docs: since.md\n"},
        "",
    ),
}


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, posted."""
    folder = tmp_path_factory.mktemp("posted")
    write_site(folder, FILES)
    post(folder, 0, "first", note("agreement, rules, models", "First."))
    return folder


@pytest.fixture
def make(posted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Files], Path]:
    """Copy the site into the working folder, with a pending change and other files changed."""

    def made(changed: Files) -> Path:
        folder = tmp_path / "site-of-a-case"
        copytree(posted, folder)
        for name, content in {"docs/agreement.md": PENDING, "docs/changes/second.md": NOTE, **changed}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.chdir(folder)
        return folder

    return made


def engross(*args: str) -> tuple[bool, str]:
    """Whether a command refuses, and what it says."""
    result = CliRunner().invoke(main, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code != 0, result.output


def begun(edition: str) -> tuple[bool, str]:
    """Whether a strict build of an edition refuses the site before it renders pages, and what it logs."""
    heard, log = Heard(), logging.getLogger("mkdocs")
    log.addHandler(heard)
    config = load_config(config_file="mkdocs.yml")
    config.plugins["engross"].config["edition"] = edition
    try:
        config.plugins.on_startup(command="build", dirty=False)
        config = config.plugins.on_config(config)
        config.plugins.on_files(get_files(config), config=config)
    except PluginError as refusal:
        return True, str(refusal)
    finally:
        log.removeHandler(heard)
        config.plugins.on_build_error(error=PluginError(""))
    return bool(config.strict and heard.messages), "\n".join(heard.messages)


class Heard(logging.Handler):
    """What a strict build fails on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


RENDERED = {
    "a link that leads nowhere", "an anchor that is nowhere", "an absolute link", "a picture that is not there",
    "a text of two readings", "front matter that may be text",
}  # fmt: skip
"""What a build of the draft finds in the pages."""


# One in three at once; each takes four commands.
SAMPLED = [
    pytest.param(*given, id=name, marks=[] if at % 3 == 0 else [pytest.mark.long])
    for at, (name, given) in enumerate(REFUSED.items())
]


@pytest.mark.parametrize(("changed", "messages"), SAMPLED)
def test_what_one_refuses_the_others_refuse(
    make: Callable[[Files], Path], request: pytest.FixtureRequest, changed: Files, messages: str
) -> None:
    make(changed)
    outcomes = {"check": engross("check"), "release": engross("release", "--dry-run"), "build": begun("auto")}
    if request.node.callspec.id not in RENDERED:
        outcomes["draft"] = begun("draft")
    assert {name: (refused, messages in text) for name, (refused, text) in outcomes.items()} == dict.fromkeys(
        outcomes, (True, True)
    ), outcomes


@pytest.mark.parametrize(("changed", "messages"), PASSED.values(), ids=PASSED.keys())
def test_what_one_lets_pass_the_others_let_pass(make: Callable[[Files], Path], changed: Files, messages: str) -> None:
    make(changed)
    outcomes = {
        "check": engross("check"), "release": engross("release", "--dry-run"), "build": begun("auto"),
        "draft": begun("draft"),
    }  # fmt: skip
    assert {name: (refused, messages in text) for name, (refused, text) in outcomes.items()} == dict.fromkeys(
        outcomes, (False, True)
    ), outcomes


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a link that leads nowhere", "a picture that is not there", "a text of two readings"])
def test_the_build_of_a_draft_refuses_in_its_pages_what_check_refuses(make: Callable[[Files], Path], name: str) -> None:
    changed, messages = REFUSED[name]
    folder = make({**changed, "mkdocs.yml": CONFIG.replace("check: true", "check: true, edition: draft")})
    built = build(folder)
    assert (built.status, any(messages in message for message in built.messages)) == (1, True), built.messages


@pytest.mark.slow
def test_a_change_that_passes_is_built_whole(make: Callable[[Files], Path]) -> None:
    built = build(make(PASSED["a new document with a note"][0]))
    assert (built.status, built.messages) == (0, [])


def test_known_findings_pass_until_their_clause_changes(make: Callable[[Files], Path]) -> None:
    """An agreement with mistakes is posted on the first day, and corrected later."""
    named = {"docs/documents.yml": f"{DOCUMENTS}baseline: known.json\n"}
    folder = make({**agreement("It is is so, see [LINK]."), **named})
    assert not engross("check", "--write-baseline", "docs/known.json")[0]
    passed = engross("check"), engross("release", "--dry-run"), begun("auto"), begun("draft")
    assert [refused for refused, _ in passed] == [False] * 4, passed
    text = folder / "docs/agreement.md"
    text.write_text(text.read_text("utf-8").replace("so, see", "so; see"), "utf-8")
    changed = engross("check"), engross("release", "--dry-run"), begun("auto"), begun("draft")
    assert [(refused, "[LINK] was never filled in" in messages) for refused, messages in changed] == [(True, True)] * 4
