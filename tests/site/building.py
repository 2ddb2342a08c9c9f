"""Small sites, written into a folder and really built."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

MKDOCS = """\
site_name: Test
site_url: https://example.com/
strict: true
theme: {name: material, font: false}
plugins: [search, {engross: {check: false}}]
validation:
  anchors: warn
  links: {not_found: warn, anchors: warn, absolute_links: warn, unrecognized_links: warn}
nav:
  - Home: index.md
  - The contract: agreement.md
  - Rules: terms/rules.md
  - List: models.md
  - Changes: changes.md
"""

DOCUMENTS = """\
sets:
  - {id: main, title: Main, agreement: agreement, incorporates: [rules, models], precedence: [rules, agreement]}
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md, changes: changes.md, numbering: true}
  - {id: rules, title: Rules of Use, kind: url-terms, file: terms/rules.md, description: How to behave.}
  - {id: models, title: Model list, kind: catalogue, file: models.yml}
"""

AGREEMENT = """\
# The Agreement

Between “Us” and *You*.

## Definitions

- **“Data”** means facts & figures, <https://example.com/> or not.
- **“Term”** means (a) the first year, and (b) each year after it.

## Use

### Restrictions

You will not

(a) copy;
(h) access
    (i) for harm; or
    (iv) to call, see the [rules](terms/rules.md#conduct) and [Definitions](#definitions).

## End

Either party may end it.

| When | What |
| --- | --: |
| Day 1 | all |
"""

RULES = """\
# Rules of Use

## Conduct

1. Be kind.
2. Read [the contract](../agreement.md#restrictions.h.iv).
"""

MODELS = """\
models:
  - id: small-1
    name: Small 1
    provider: Maker & Co
    eula: {spdx: MIT, retrieved: 2026-01-31}
    modalities: {in: [text], out: [text]}
    lifecycle: {ga: 2026-01-01, deprecated: 2026-06-01}
  - id: large-1
    name: Large 1
    provider: Other
    eula: {spdx: Apache-2.0}
    modalities: {in: [text, image], out: [text]}
"""

SITE: Mapping[str, str | bytes] = {
    "mkdocs.yml": MKDOCS,
    "docs/documents.yml": DOCUMENTS,
    "docs/agreement.md": AGREEMENT,
    "docs/terms/rules.md": RULES,
    "docs/models.yml": MODELS,
    "docs/index.md": "# Home\n\nSee [Restrictions](agreement.md#restrictions.h.iv) and [small](models.md#small-1).\n",
    "docs/changes.md": "# Changes\n\nNone.\n",
}

DAY = {"SOURCE_DATE_EPOCH": "1790000000"}


@dataclass(frozen=True)
class Built:
    """How a build ended: its status, the messages of warnings and errors, the site, and the error that ended it."""

    status: int
    messages: list[str]
    site: Path
    raised: str = ""

    def page(self, address: str) -> str:
        """The HTML of a page, by the name of its file."""
        return (self.site / address).read_text("utf-8")

    def files(self) -> set[str]:
        """The files of the site, without those of the theme."""
        found = (path.relative_to(self.site).as_posix() for path in self.site.rglob("*") if path.is_file())
        return {name for name in found if not re.match(r"assets/(javascripts|stylesheets|images)/|css/|js/|img/", name)}


class _Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.extend(record.getMessage().splitlines())


def write_site(folder: Path, changed: Mapping[str, str | bytes | None] | None = None) -> None:
    """Write the test site, with some files changed, added, or (None) left out."""
    for name, content in {**SITE, **(changed or {})}.items():
        path = folder / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def build(folder: Path, site: str = "site", *, strict: bool | None = None) -> Built:
    """Build the site of a folder in this process, as `mkdocs build --site-dir site` there would, or with `--strict`."""
    messages, log = _Messages(), logging.getLogger("mkdocs")
    log.addHandler(messages)
    back = Path.cwd()
    os.chdir(folder)
    try:
        mkdocs_build(load_config(config_file="mkdocs.yml", site_dir=site, strict=strict))
        status, raised = 0, ""
    except click.ClickException as failure:
        status, raised = failure.exit_code, failure.format_message()
    finally:
        os.chdir(back)
        log.removeHandler(messages)
    return Built(status, messages.heard, folder / site, raised)


def build_apart(folder: Path, engine: str = "mkdocs", **environment: str) -> Built:
    """Build the site of a folder by the command of a site engine, in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-m", engine, "build"],
        cwd=folder,
        env=os.environ | DAY | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # Notices are for people: they stop nothing. The lines below one belong to it.
    stderr = re.sub(r"^NOTICE.*\n(?:  .*\n)*", "", result.stderr, flags=re.MULTILINE)
    messages = [line for line in stderr.splitlines() if not line.startswith("INFO")]
    return Built(result.returncode, messages, folder / "site")
