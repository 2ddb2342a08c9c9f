"""The manual builds strictly and names all rules, options and commands. Links in the repository lead to files."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import click
import pytest

from engross.cli import main
from engross.corpus import documents_schema, models_schema
from engross.drafting import RULES
from engross.record import RULES as OF_RECORD, notes_schema
from engross.site.options import EngrossConfig

ROOT = Path(__file__).parent.parent.parent
MANUAL = ROOT / "manual"
IMAGE_BYTES = 150_000
# Markdown that is read where it lies, in the repository.
READ_IN_PLACE = sorted([*ROOT.glob("*.md"), *MANUAL.glob("decisions/*.md"), *ROOT.glob("examples/*/README.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
NAMED_FILE = re.compile(r"`((?:\w+/)*\w+\.py)`")


def build_manual(folder: Path) -> None:
    command = ["mkdocs", "build", "--strict", "--config-file", str(MANUAL / "mkdocs.yml"), "--site-dir", str(folder)]
    result = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def manual(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The built manual; no test writes there."""
    return once("manual", build_manual)


def text_of(html: str) -> str:
    """The text of a page without markup, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, by its words on the command line."""
    context = click.Context(group, info_name=name)
    for inner in group.list_commands(context):
        command = group.get_command(context, inner)
        assert command
        yield f"{name} {inner}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {inner}")


def keys(schema: dict) -> set[str]:
    return {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}


@pytest.mark.slow
def test_the_manual_names_every_rule_with_an_address_of_its_own(manual: Path) -> None:
    html = (manual / "reference/rules/index.html").read_text("utf-8")
    missing = [rule.name for rule in (*RULES, *OF_RECORD) if f'<h3 id="{rule.name}">' not in html]
    assert missing == []


@pytest.mark.slow
def test_the_manual_names_every_setting(manual: Path) -> None:
    html = (manual / "reference/settings/index.html").read_text("utf-8")
    schemas = (documents_schema(), models_schema(), notes_schema())
    wanted = {name for name, _ in EngrossConfig._schema}.union(*map(keys, schemas))
    assert len(wanted) > 70
    assert [key for key in sorted(wanted) if f"<td><code>{key}</code></td>" not in html] == []


@pytest.mark.slow
def test_the_manual_names_every_command_and_option(manual: Path) -> None:
    text = text_of((manual / "reference/commands/index.html").read_text("utf-8"))
    found = dict(commands(main, "engross"))
    assert {"engross change rebase", "engross redact"} <= set(found)
    for name, command in found.items():
        section = text.rpartition(f"{name}¶ ")[2]
        assert section != text, name
        options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        assert [option for option in sorted(options) if option not in section] == [], name


@pytest.mark.slow
def test_every_page_of_the_manual_is_in_its_navigation(manual: Path) -> None:
    pages = {path.parent.relative_to(manual).as_posix() for path in manual.rglob("index.html")}
    home = (manual / "index.html").read_text("utf-8")
    assert len(pages) > 14
    assert [page for page in sorted(pages - {"."}) if f'href="{page}/" class="md-nav__link"' not in home] == []


def test_images_of_the_manual_are_small_and_shown() -> None:
    images = sorted(MANUAL.glob("docs/images/*"))
    assert images
    shown = "".join(path.read_text("utf-8") for path in (ROOT / "README.md", *MANUAL.rglob("*.md")))
    assert [path.name for path in images if path.stat().st_size > IMAGE_BYTES or path.name not in shown] == []


def test_the_help_of_a_new_site_is_that_of_the_project() -> None:
    assert (ROOT / "docs/help.md").read_bytes() == (ROOT / "templates/init/site/docs/help.md").read_bytes()


def test_the_first_page_of_the_manual_leads_to_every_other_page() -> None:
    pages = {path.relative_to(MANUAL / "docs").as_posix() for path in MANUAL.glob("docs/**/*.md")}
    assert {
        page for page in pages - {"index.md"} if f"]({page})" not in (MANUAL / "docs/index.md").read_text("utf-8")
    } == set()


def test_the_readme_counts_the_rules_that_there_are() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert f"{len(RULES)} rules for drafting and {len(OF_RECORD)} rules for what may be posted" in text
    assert f"with {len(list((ROOT / 'examples/tour/history').iterdir()))} postings" in text


INVENTED = {"templates/words/da.yml"}
"""A file that the reader of an example would add."""


def test_the_architecture_names_files_and_functions_that_there_are() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    names = set(re.findall(r"`([\w./-]+)`", text)) - INVENTED
    files = [
        *ROOT.glob("*.md"),
        *(one for top in ("plugins", "templates", "tests") for one in (ROOT / top).rglob("*.*")),
    ]
    paths = "\n".join(f"/{path.relative_to(ROOT).as_posix()}" for path in files) + "\n"
    named = {name for name in names if re.search(r"\.(?:py|pyi|js|css|yml|html|txt|md)$", name)}
    assert {name for name in named if f"/{name}\n" not in paths} == set()
    code = "".join(
        path.read_text("utf-8") for top in ("plugins", "tests", "bench") for path in (ROOT / top).rglob("*.py")
    )
    assert {name for name in names if name.isidentifier()} - {*re.findall(r"\w+", code)} == set()


def test_every_decision_has_its_three_parts_and_is_listed() -> None:
    listed = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    decisions = sorted(MANUAL.glob("decisions/*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
        assert f"(manual/decisions/{path.name})" in listed
        assert text.startswith(f"# {int(path.name[:4])}. ")


def test_the_modules_that_texts_and_docstrings_name_exist() -> None:
    """The change log names those of its time."""
    texts = [*(path for path in READ_IN_PLACE if path.name != "CHANGELOG.md"), *ROOT.glob("plugins/engross/**/*.py")]
    files = [path.as_posix() for folder in ("plugins", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    named = {(path.name, name) for path in texts for name in NAMED_FILE.findall(path.read_text("utf-8"))}
    assert len(named) > 100
    assert [one for one in sorted(named) if not any(path.endswith(f"/{one[1]}") for path in files)] == []


@pytest.mark.parametrize("path", READ_IN_PLACE, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_there_are(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    targets = [first or second for first, second in LINK.findall(text)]
    assert [target for target in targets if ":" not in target and not leads_somewhere(path, target)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether there is the file that a link names, and the heading in it where the link names one."""
    name, _, anchor = target.partition("#")
    file = page.parent / name if name else page
    if not anchor or file.suffix != ".md":
        return file.exists()
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
