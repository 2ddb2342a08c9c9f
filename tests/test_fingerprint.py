"""The fingerprint of code: any change of what computes a result is noticed, and no other change."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import engross
from engross.common.fingerprint import (
    _data,
    _face,
    _files,
    _imports,
    _installed,
    _kept,
    _path,
    _reached,
    _row,
    fingerprint,
)

PARSER, BINDING, RULES = "engross.text.parser", "engross.terms.binding", "engross.drafting.rules"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package whose files a test may change."""
    copy = tmp_path / "engross"
    ignored = shutil.ignore_patterns("__pycache__", "templates", "schemas")
    shutil.copytree(Path(engross.__file__).parent, copy, ignore=ignored)
    monkeypatch.setattr("engross.common.fingerprint._PACKAGE", copy)
    forget()
    yield copy
    forget()


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have every test compute fingerprints."""
    monkeypatch.setattr("engross.common.fingerprint._path", lambda: tmp_path / "no folder" / "fingerprints.json")


@pytest.fixture
def kept(package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which fingerprints are kept, with one in it."""
    monkeypatch.setattr("engross.common.fingerprint._path", _path)
    monkeypatch.setattr("engross.common.fingerprint._SETTLED", 0)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (package / "common" / "__pycache__").mkdir()
    fingerprint(PARSER)
    assert _path().is_relative_to(package)
    return _path()


def forget() -> None:
    for function in (_data, _face, _files, _imports, _installed, _kept, _row, fingerprint):
        function.cache_clear()


def changed(module: str, path: Path, before: str = "", after: str = "\n# more\n") -> bool:
    """Whether a change of a file changes the fingerprint of a module."""
    forget()
    old, text = fingerprint(module), path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")
    forget()
    return fingerprint(module) != old


@pytest.mark.parametrize(
    ("module", "file"),
    [
        (PARSER, "text/parser.py"),
        (PARSER, "text/inline.py"),
        (PARSER, "model/text.py"),
        (PARSER, "common/message_format.py"),
        (BINDING, "terms/enumerators.py"),
        (BINDING, "language/data/de/references.toml"),
        (BINDING, "language/inflection.py"),
        (RULES, "drafting/detectors/capitals.py"),
        ("engross.fidelity.site_pages", "fidelity/source_rules.py"),
        ("engross.render.archive.writer", "redline/script_builder.py"),
    ],
)
def test_what_a_module_imports_or_reads_is_noticed(package: Path, module: str, file: str) -> None:
    assert changed(module, package / file)


@pytest.mark.parametrize(
    ("module", "file"),
    [
        (PARSER, "cli/check.py"),
        (PARSER, "language/data/de/references.toml"),
        (PARSER, "terms/binding.py"),
        (BINDING, "drafting/engine.py"),
        (RULES, "exporting/pdf.py"),
        ("engross.fidelity.site_pages", "text/parser.py"),
        ("engross.render.archive.writer", "site/plugin.py"),
    ],
)
def test_what_it_does_not_use_changes_nothing(package: Path, module: str, file: str) -> None:
    assert not changed(module, package / file)


def test_a_new_file_of_words_is_noticed(package: Path) -> None:
    old = fingerprint(BINDING)
    (package / "language" / "data" / "xx.toml").write_text("")
    forget()
    assert fingerprint(BINDING) != old


def test_an_import_inside_a_function_is_followed(package: Path) -> None:
    added = "\n\ndef late() -> None:\n    from engross.redline import (  # why\n        folded,\n    )\n"
    assert changed(PARSER, package / "text" / "parser.py", after=added)
    assert changed(PARSER, package / "redline" / "folding.py")


def test_modules_that_are_loaded_by_name_are_followed(package: Path) -> None:
    assert changed("engross.exporting.formats", package / "exporting" / "pdf.py")
    assert changed("engross.exporting.formats", package / "exporting" / "word" / "clean_copy.py")


@pytest.mark.parametrize("distribution", ["markdown-it-py", "mdurl"])
def test_the_versions_of_packages_and_of_what_they_require_are_noticed(
    monkeypatch: pytest.MonkeyPatch, distribution: str
) -> None:
    forget()
    old = fingerprint(PARSER)
    monkeypatch.setattr(
        "engross.common.fingerprint._installed",
        lambda name: ("0", _installed(name)[1]) if name == distribution else _installed(name),
    )
    forget()
    assert fingerprint(PARSER) != old
    forget()


def test_the_versions_of_other_packages_are_not() -> None:
    _, packages = _reached([PARSER])
    assert {"mkdocs", "pydantic", "click"}.isdisjoint(packages)


def test_a_fingerprint_is_kept_for_the_next_process(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = fingerprint(PARSER)
    forget()
    monkeypatch.setattr("engross.common.fingerprint._computed", lambda modules: pytest.fail(f"{modules}"))
    assert fingerprint(PARSER) == known
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


def test_a_change_that_leaves_size_and_time_is_noticed(kept: Path, package: Path) -> None:
    known, file = fingerprint(PARSER), package / "text" / "parser.py"
    before, text = file.stat(), file.read_text(encoding="utf-8")
    assert kept.is_file()
    file.write_text(f"X{text[1:]}", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    forget()
    assert fingerprint(PARSER) != known


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"{}"])
def test_a_damaged_file_of_fingerprints_is_not_used(kept: Path, data: bytes) -> None:
    known = fingerprint(PARSER)
    kept.write_bytes(data)
    forget()
    assert fingerprint(PARSER) == known


def test_a_fingerprint_of_files_that_were_just_written_is_not_kept(
    kept: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.unlink()
    monkeypatch.setattr("engross.common.fingerprint._SETTLED", 60_000_000_000)
    (package / "text" / "parser.py").touch()
    forget()
    fingerprint(PARSER)
    assert not kept.exists()


def test_no_module_of_that_name_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"there is no module engross\.nothing"):
        fingerprint("engross.nothing")
    with pytest.raises(ValueError, match="retirements is no module of Engross"):
        fingerprint("retirements")


READ = """
import sys
from engross.text import decode, parse
source = decode("# Terms\\n\\n“Fee” means money. See Section 4.\\n\\n- a\\n\\n(a) b".encode(), "a.md")
root = parse(source)
"""
CHECKED = """
from engross.drafting import check_subjects
from engross.drafting.check_inputs import lone_subject, lone_document
check_subjects([lone_subject(lone_document(source))])
"""


@pytest.mark.parametrize(
    ("code", "modules"),
    [(READ, (PARSER, "engross.text.source")), (READ + CHECKED, (PARSER, "engross.drafting.check_inputs"))],
)
def test_every_module_that_is_loaded_is_known(code: str, modules: tuple[str, ...]) -> None:
    listed = "print(*(name for name in sys.modules if name.startswith('engross.')))"
    loaded = subprocess.run([sys.executable, "-c", code + listed], capture_output=True, text=True, check=True).stdout
    files, _ = _reached(modules)
    folder = Path(engross.__file__).resolve().parent
    known = {".".join(("engross", *path.relative_to(folder).with_suffix("").parts)) for path in files}
    assert set(loaded.split()) - {name.removesuffix(".__init__") for name in known} == set()
