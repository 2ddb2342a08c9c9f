"""What tests of the structure ask about modules, which are parsed once in a run: their imports and their lengths."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import engross

PACKAGE = Path(engross.__file__).parent
FOLDERS = (PACKAGE, Path(__file__).parent)
"""Where the modules are that are parsed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of an import statement, also within a function or for type checkers only.

    `module` is as it is written, after so many dots as `level` says. `name` is empty for `import module`.
    """

    line: int
    module: str
    level: int
    name: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A module: its number of lines, its imports, and each function's line, name and number of lines."""

    lines: int
    imports: tuple[Imported, ...]
    functions: tuple[tuple[int, str, int], ...]


def facts_of(text: str) -> Facts:
    """Parse a module."""
    nodes = list(ast.walk(ast.parse(text)))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return Facts(
        len(text.splitlines()),
        tuple(one for node in nodes for one in _imported(node)),
        tuple((one.lineno, one.name, (one.end_lineno or one.lineno) - one.lineno + 1) for one in functions),
    )


def _imported(node: ast.AST) -> Iterator[Imported]:
    if isinstance(node, ast.Import):
        yield from (Imported(node.lineno, one.name, 0, "", one.asname or one.name) for one in node.names)
    if isinstance(node, ast.ImportFrom):
        for one in node.names:
            yield Imported(node.lineno, node.module or "", node.level, one.name, one.asname or one.name)


def write_facts(folder: Path) -> None:
    """Write what `read_facts` reads."""
    paths = [path for found in FOLDERS for path in found.rglob("*.py")]
    facts = {str(path): asdict(facts_of(path.read_text("utf-8"))) for path in paths}
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")


def read_facts(folder: Path) -> Mapping[Path, Facts]:
    """The facts about each module, by its path."""
    return {
        Path(path): Facts(
            facts["lines"],
            tuple(Imported(**one) for one in facts["imports"]),
            tuple((line, name, lines) for line, name, lines in facts["functions"]),
        )
        for path, facts in json.loads((folder / "facts.json").read_text("utf-8")).items()
    }
