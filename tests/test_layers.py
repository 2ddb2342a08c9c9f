"""A package imports only from packages before it in the flow, and only public names. Only site/ imports MkDocs."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from module_facts import PACKAGE, Facts, Imported, facts_of

OPEN = ("model", "common")
"""Common ground: any module may import any module of these."""
FLOW = (
    *("hosting", "text", "corpus", "guard", "language", "terms", "redline", "record", "fidelity", "drafting", "render"),
    "review",
    "exporting",
    "importing",
    "monitoring",
)
LAYERS = {name: rank for rank, name in enumerate(FLOW, start=1)} | {"site": 100, "cli": 101}
FACES = ("common", *(name for name in FLOW if name not in ("hosting", "guard")), "site")
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 40
SITE_ENGINES = {"mkdocs", "properdocs", "material"}


def layer(module: str) -> str:
    """The package of a dotted module name, such as "text"; "" for common ground and for modules of other projects."""
    parts = module.split(".")
    name = parts[1] if parts[0] == "engross" and len(parts) > 1 else ""
    return name if name in LAYERS else ""


def dotted(path: Path) -> str:
    """The module name of a file: plugins/engross/text/lists.py is engross.text.lists."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, facts: Facts) -> Iterator[tuple[int, str, str]]:
    """(line, module, name) of every import, including those in functions and those for type checkers only."""
    package = dotted(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    for one in facts.imports:
        base = package[: len(package) - one.level + 1] if one.level else []
        yield one.line, ".".join([*base, *filter(None, [one.module])]), one.name


def mistake(importer: str, module: str, name: str) -> str:
    """What is wrong with an import by a package; an empty string where it is allowed."""
    top = module.split(".")[0]
    if top in SITE_ENGINES:
        return "" if importer == "site" else "only site/ may import a site engine"
    imported = layer(module if layer(module) else f"{module}.{name}")
    if top != "engross" or imported in ("", importer):
        return ""
    if LAYERS[imported] >= LAYERS.get(importer, 0):
        return "comes later in the flow"
    is_face = module == f"engross.{imported}" or imported == "guard"
    return "" if is_face else f"is not public; import it from engross.{imported}, and name it in its __init__.pyi"


def test_every_package_has_its_place_in_the_flow() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages == {*LAYERS, *OPEN}, "give the new package its place in FLOW above and in ARCHITECTURE.md"


def own(modules: Mapping[Path, Facts]) -> dict[Path, Facts]:
    """The modules of Engross without those of the tests."""
    return {path: facts for path, facts in modules.items() if PACKAGE in path.parents}


def test_every_module_is_checked(modules: Mapping[Path, Facts]) -> None:
    assert set(own(modules)) == set(PACKAGE.rglob("*.py"))
    assert Path(__file__) in modules
    assert facts_of("\n\nimport a.b as c\n\n\ndef f():\n    from . import d\n    from ..e import g\n") == Facts(
        8,
        (Imported(3, "a.b", 0, "", "c"), Imported(7, "", 1, "d", "d"), Imported(8, "e", 2, "g", "g")),
        ((6, "f", 3),),
    )


def test_imports_follow_the_flow_and_use_public_names(modules: Mapping[Path, Facts]) -> None:
    found = [(path, *one) for path, facts in own(modules).items() for one in imports(path, facts)]
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {module}.{name} {wrong}"
        for path, line, module, name in found
        if (wrong := mistake(layer(dotted(path)), module, name))
    ]
    assert sorted(wrong) == []
    assert len(found) > 1000


def test_public_names_exist_and_are_used(modules: Mapping[Path, Facts]) -> None:
    used = {
        (layer(module), name) for path, facts in modules.items() for _, module, name in _library_imports(path, facts)
    }
    for package in FACES:
        face = import_module(f"engross.{package}")
        names = set(face.__all__)
        assert names
        for name in names:
            assert getattr(face, name) is not None
        assert not [name for name in names if package != "common" and (package, name) not in used]


def _library_imports(path: Path, facts: Facts) -> Iterator[tuple[int, str, str]]:
    return imports(path, facts) if PACKAGE in path.parents else _absolute(facts)


def _absolute(facts: Facts) -> Iterator[tuple[int, str, str]]:
    for one in facts.imports:
        if one.name and not one.level:
            yield one.line, one.module, one.name


def too_long(facts: Facts) -> Iterator[tuple[int, str]]:
    """(line, what is too long) of a module: itself, and each of its functions with their signature."""
    if facts.lines > MOST_LINES:
        yield 1, f"the file has {facts.lines} lines"
    for line, name, lines in facts.functions:
        if lines > MOST_LINES_OF_A_FUNCTION:
            yield line, f"{name} has {lines} lines"


def test_files_and_functions_are_short(modules: Mapping[Path, Facts]) -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{line}": wrong
        for path, facts in own(modules).items()
        for line, wrong in too_long(facts)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (38, []),
        (39, []),
        (40, [(2, "long has 41 lines")]),
        (399, [(1, "the file has 401 lines"), (2, "long has 400 lines")]),
    ],
)
def test_what_is_too_long(lines: int, found: list[tuple[int, str]]) -> None:
    assert list(too_long(facts_of("\ndef long():\n" + "    pass\n" * lines))) == found


def test_classes_and_patterns_are_compiled_when_they_are_first_used(modules: Mapping[Path, Facts]) -> None:
    found = [
        (path.name, one.module)
        for path, facts in own(modules).items()
        for one in facts.imports
        if (one.module, one.name) == ("dataclasses", "dataclass")
        or (one.module == "re" and "re.compile(" in path.read_text("utf-8"))
    ]
    allowed = {"values.py", "lazy_re.py", *(path.name for path in (PACKAGE / "hosting").glob("*.py"))}
    assert [one for one in found if one[0] not in allowed] == []


def test_importing_the_library_does_not_load_mkdocs() -> None:
    code = (
        f"import engross, engross.cli, engross.guard, sys; sys.exit(', '.join({SITE_ENGINES} & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("importer", "module", "name", "allowed"),
    [
        ("text", "engross.common.errors", "error", True),
        ("text", "engross.model", "Clause", True),
        ("text", "engross.text.parser", "parse", True),
        ("corpus", "engross.text", "parse", True),
        ("corpus", "engross.text.parser", "parse", False),
        ("", "engross.text", "parse", False),
        ("text", "engross.corpus", "Project", False),
        ("text", "engross", "site", False),
        ("drafting", "engross.render", "escape", False),
        ("render", "engross.drafting", "Rule", True),
        ("cli", "engross.site.plugin", "EngrossPlugin", False),
        ("site", "engross.cli", "main", False),
        ("site", "mkdocs.config", "base", True),
        ("render", "properdocs", "", False),
        ("cli", "mkdocs", "", False),
        ("text", "pathlib", "Path", True),
    ],
)
def test_the_rule_itself(importer: str, module: str, name: str, allowed: bool) -> None:
    assert (mistake(importer, module, name) == "") is allowed
