"""The package as people install it: the wheel carries the templates, and they are found wherever it was installed."""

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import engross
from engross.render.archive.writer import MADE_WITH
from module_facts import PACKAGE, Facts

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
WHERE = (
    "from engross.render.templates import template_folders; import engross; "
    "print(engross.__file__, *template_folders(), sep='\\n')"
)

pytestmark = pytest.mark.slow


def run(*args: str, cwd: Path, **environment: str) -> str:
    """The output of a command that runs outside the checkout, so that it uses only the installed package."""
    result = subprocess.run(args, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def templates_in(folder: Path) -> set[str]:
    """The paths of all files below a folder, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT), cwd=target)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was installed."""
    target = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=target)
    return target


def test_the_wheel_carries_every_template_and_the_type_marker(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {f"engross/templates/{name}" for name in templates_in(TEMPLATES)}
    assert wanted
    assert {*wanted, "engross/py.typed", "engross/model/__init__.py"} <= names
    assert not [name for name in names if not name.startswith(("engross/", "engross-"))]


@pytest.mark.long
def test_an_installed_wheel_finds_its_templates(installed: Path) -> None:
    module, *folders = run(sys.executable, "-c", WHERE, cwd=installed, PYTHONPATH=str(installed)).splitlines()
    assert Path(module).is_relative_to(installed)
    assert installed / "engross" / "templates" in map(Path, folders)
    assert set().union(*(templates_in(Path(folder)) for folder in folders)) == templates_in(TEMPLATES)


def test_an_editable_install_finds_the_templates_of_the_checkout(tmp_path: Path) -> None:
    assert Path(engross.__file__).is_relative_to(ROOT), "these tests need an editable install"
    module, *folders = run(sys.executable, "-c", WHERE, cwd=tmp_path).splitlines()
    assert Path(module).is_relative_to(ROOT)
    assert [Path(folder).resolve() for folder in folders] == [TEMPLATES]


@pytest.mark.parametrize("name", ["site.txt", "test.txt"])
def test_what_is_locked_can_be_installed_with_the_oldest_python_that_is_promised(name: str) -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    oldest = {"python_full_version": f"{promised.removeprefix('>=')}.0", "python_version": promised.removeprefix(">=")}
    needed = {canonicalize_name(one.name): one.metadata.get("Requires-Python") for one in distributions()}
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    locked = [Requirement(line.removesuffix("\\")) for line in lines if line and line[0] not in " #"]
    assert locked
    for one in locked:
        if one.marker is None or one.marker.evaluate(oldest):
            there = [other for other in distributions(name=one.name) if other.version in one.specifier]
            assert not there or oldest["python_full_version"] in SpecifierSet(needed[canonicalize_name(one.name)] or "")
    assert "pymdown-extensions" in {one.name for one in locked if not one.marker or one.marker.evaluate(oldest)}


def test_what_is_imported_is_required_and_what_is_required_is_imported(modules: Mapping[Path, Facts]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    used = {
        one.module.split(".")[0]
        for path, facts in modules.items()
        for one in facts.imports
        if PACKAGE in path.parents and not one.level
    }
    known = packages_distributions()
    imported = {
        canonicalize_name(known[name][0]) for name in used - sys.stdlib_module_names - {"engross"} if name in known
    }
    # The theme is named in mkdocs.yml; the time zones are data. These come with what is required.
    assert required - imported == {"mkdocs-material", "tzdata"}
    extras = {
        canonicalize_name(Requirement(line).name)
        for extra in ("word", "html", "notice", "pdf", "cluster")
        for line in project["optional-dependencies"][extra]
    }
    assert imported - required - extras <= {"pydantic-core", "markupsafe", "markdown", "babel", "pathspec", "watchdog"}
    assert {canonicalize_name(name) for name in MADE_WITH} <= required
