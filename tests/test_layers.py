"""Each folder of the package knows only those that come before it in the flow, and MkDocs is known to site/ alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import engross

PACKAGE = Path(engross.__file__).parent
COMMON = 0
COMMON_GROUND = {"model"}
FLOW = ("text", "corpus", "guard", "terms", "redline", "record", "checks", "render")
LAYERS = {name: rank for rank, name in enumerate(FLOW, start=COMMON + 1)} | {"site": 100, "cli": 100}
SITE_ENGINES = {"mkdocs", "properdocs", "material"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(module: str) -> str:
    """The folder that a dotted module name stands in; "" for common ground.

    The nouns (`engross.model`) and what stands directly in the package (`errors`, `clock`) are common ground: every
    layer may import them, and they import none.
    """
    parts = module.split(".")
    folder = parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else ""
    return "" if folder in COMMON_GROUND else folder


def dotted(path: Path) -> str:
    """The module name of a file: plugins/engross/text/lists.py is engross.text.lists."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute module name) of every import, also those inside functions and for type checkers only."""
    package = dotted(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def may_import(importer: str, imported: str) -> bool:
    """Whether one layer may know another: itself, common ground, or one that comes earlier in the flow."""
    if imported in ("", importer):
        return True
    return LAYERS[imported] < LAYERS.get(importer, COMMON)


def test_every_folder_has_its_place_in_the_flow() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(LAYERS) | COMMON_GROUND, "give the new folder its place in FLOW above and in ARCHITECTURE.md"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_in_one_direction(path: Path) -> None:
    importer = layer(dotted(path))
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for line, name in imports(path)
        if name.split(".")[0] == "engross" and not may_import(importer, layer(name))
    ]
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_site_adapter_knows_a_site_engine(path: Path) -> None:
    if layer(dotted(path)) == "site":
        return
    assert not [name for _, name in imports(path) if name.split(".")[0] in SITE_ENGINES]


@pytest.mark.parametrize("module", ["engross", "engross.cli", "engross.guard"])
def test_importing_the_library_does_not_load_mkdocs(module: str) -> None:
    code = f"import {module}, sys; sys.exit(', '.join({SITE_ENGINES} & set(sys.modules)) or 0)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("module", "folder"),
    [
        ("engross", ""),
        ("engross.errors", ""),
        ("engross.model", ""),
        ("engross.model.text.Clause", ""),
        ("engross.text.parse", "text"),
        ("engross.site", "site"),
    ],
)
def test_the_nouns_are_common_ground(module: str, folder: str) -> None:
    assert layer(module) == folder


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("", "", True),
        ("", "text", False),
        ("text", "", True),
        ("text", "text", True),
        ("corpus", "text", True),
        ("text", "corpus", False),
        ("render", "checks", True),
        ("checks", "render", False),
        ("site", "render", True),
        ("cli", "render", True),
        ("cli", "site", False),
        ("site", "cli", False),
    ],
)
def test_the_rule_itself(importer: str, imported: str, allowed: bool) -> None:
    assert may_import(importer, imported) is allowed
