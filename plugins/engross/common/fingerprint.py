"""Fingerprints of the code that computes a result, so that the cache never returns results of other code.

A fingerprint covers the modules that a module imports, directly or not, wherever in the file; the data files in their
packages; and the installed versions of the packages that they import, with what those require. It does not cover the
rest of Engross: after a change of a command, the documents of a site need not be read again. Of a face, only the
modules are followed whose names are imported from it.

Fingerprints are kept beside the compiled modules of this package, as long as no file of it was touched and the same
packages are installed. That trusts the files no less than Python does, which compiles a module again if its size or
time is another.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import engross.common.lazy_re as re

_PACKAGE = Path(__file__).resolve().parent.parent
_NAME = _PACKAGE.name
# It begins with a character, so that the search can skip to it.
_IMPORT = re.compile(
    r"\n[ \t]*(?:from[ \t]+(?P<source>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#]+)"
    r"|import[ \t]+(?P<modules>[^\n#]+))"
)
_COMMENT = re.compile(r"#[^\n]*")
_LOADS_BY_NAME = "import_module("
_REQUIRED = re.compile(r"[\w.-]+")
_CODE = frozenset({".py", ".pyi", ".pyc"})
_SETTLED = 2_000_000_000  # nanoseconds
_DISTRIBUTIONS = {"markdown_it": "markdown-it-py", "yaml": "PyYAML", "ruamel": "ruamel.yaml"}
"""The distributions whose name is not that of their module."""


@cache
def fingerprint(*modules: str) -> bytes:
    """Return the hash of all that these modules (such as "engross.text.parser") compute with.

    Computed once per process. Raises ValueError if there is no such module of Engross.
    """
    if others := [module for module in modules if module.partition(".")[0] != _NAME]:
        raise ValueError(f"{others[0]} is no module of Engross")
    state, kept = _kept()
    name = " ".join(modules)
    if name not in kept:
        kept[name] = _computed(modules).hex()
        if state:
            _keep(state, kept)
    return bytes.fromhex(kept[name])


def _computed(modules: Iterable[str]) -> bytes:
    files, packages = _reached(modules)
    hasher = hashlib.sha256(repr((sys.implementation.cache_tag, sys.version)).encode())
    for row in sorted(map(_row, files)):
        hasher.update(row)
    for name, number in sorted(_versions(packages).items()):
        hasher.update(f"{name}\0{number}\0".encode())
    return hasher.digest()


@cache
def _kept() -> tuple[str, dict[str, str]]:
    """Return the state of the package, and the fingerprints that were computed for it, by their modules.

    The state is empty if fingerprints may not be kept: a file that was just written may change within the same tick.
    """
    newest, state = _state()
    stored: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        stored = json.loads(_path().read_bytes())
    fits = isinstance(stored, dict) and stored.get("state") == state
    settled = newest < time.time_ns() - _SETTLED and not sys.dont_write_bytecode
    return state if settled else "", stored["fingerprints"] if fits else {}


def _state() -> tuple[int, str]:
    """Return the time of the last change of a file of the package, and a hash of the sizes and times of all its files
    and of the names of all installed packages, which contain their versions.
    """
    rows, newest = [sys.version, sys.implementation.cache_tag or ""], 0
    for folder, folders, _ in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name.isidentifier() and name != "__pycache__"]
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file():
                    status = entry.stat()
                    newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
                    times = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
                    rows.append(f"{entry.path} {times}")
    for folder in sys.path:
        with suppress(OSError):
            rows += (name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
    return newest, hashlib.sha256("\n".join(sorted(rows)).encode(errors="surrogateescape")).hexdigest()


def _keep(state: str, fingerprints: dict[str, str]) -> None:
    path = _path()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        beside.write_text(json.dumps({"state": state, "fingerprints": fingerprints}), encoding="utf-8")
        beside.replace(path)


def _path() -> Path:
    """Return the file of the kept fingerprints, where Python keeps the compiled modules of this package."""
    return Path(cache_from_source(str(_PACKAGE / "common" / "fingerprint.py"))).with_suffix(".json")


@cache
def _row(path: Path) -> bytes:
    """The path of a file and the hash of its bytes; rows are sorted in a tenth of the time of paths."""
    return f"{path.relative_to(_PACKAGE).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest()


def _reached(modules: Iterable[str]) -> tuple[set[Path], set[str]]:
    """Return the files of the modules and of all that they import, and the names of other packages."""
    files, packages, seen = set[Path](), set[str](), set[str]()
    left = list(modules)
    while left:
        module = left.pop()
        if module in seen:
            continue
        seen.add(module)
        path = _file(module)
        if path is None:
            if module.partition(".")[0] == _NAME:
                raise ValueError(f"there is no module {module}")
            packages.add(module.partition(".")[0])
            continue
        files |= {path, *_data(path.parent)}
        left += _imports(module, path)
    return files, packages


def _file(module: str) -> Path | None:
    """Return the file of a module of Engross; None for modules of other packages."""
    return _files().get(module)


@cache
def _files() -> dict[str, Path]:
    """Return the file of each module of Engross. Thousands of names are looked up, most of which are no modules."""
    found = {}
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name.isidentifier()]
        path = Path(folder)
        package = ".".join((_NAME, *path.relative_to(_PACKAGE).parts))
        if "__init__.py" in names:
            found[package] = path / "__init__.py"
        modules = (name.removesuffix(".py") for name in names if name.endswith(".py") and name != "__init__.py")
        found |= {f"{package}.{name}": path / f"{name}.py" for name in modules}
    return found


@cache
def _data(folder: Path) -> tuple[Path, ...]:
    """Return the files in a package that are not code: lists of words and the like."""
    if folder == _PACKAGE:
        return ()
    found = (path for path in folder.rglob("*") if path.suffix not in _CODE and "__pycache__" not in path.parts)
    return tuple(path for path in found if path.is_file())


@cache
def _imports(module: str, path: Path) -> tuple[str, ...]:
    """Return the modules that a module imports."""
    return tuple(_imported(module, path))


def _imported(module: str, path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    yield package
    for source, names in _statements(text):
        absolute = _absolute(source, package)
        if absolute.partition(".")[0] != _NAME:
            yield absolute
            continue
        yield from _named(absolute, names)
    if _LOADS_BY_NAME in text:
        # The name may be that of a package below: "word.clean_copy".
        yield from (name for name in _files() if name.startswith(f"{package}."))


def _statements(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each imported module with the names imported from it; of a module as a whole, none."""
    for found in _IMPORT.finditer(f"\n{text}"):
        if found["modules"]:
            yield from ((one.split()[0], ()) for one in found["modules"].split(",") if one.split())
        else:
            names = _COMMENT.sub("", found["names"]).strip("()\n ").split(",")
            yield found["source"], tuple(one.split()[0] for one in names if one.split())


def _absolute(source: str, package: str) -> str:
    """Return the full name of a module that is written as in `from .parser import …`."""
    dots = len(source) - len(source.lstrip("."))
    if not dots:
        return source
    parents = package.split(".")[: len(package.split(".")) - dots + 1]
    return ".".join([*parents, *filter(None, [source[dots:]])])


def _named(source: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules in which names of a module or of a face are defined."""
    yield source
    faces = _face(source)
    for name in names or faces:
        if _file(f"{source}.{name}") is not None:
            yield f"{source}.{name}"
        elif name in faces:
            yield faces[name]


@cache
def _face(module: str) -> dict[str, str]:
    """Return the names that a package's face lists, with the modules that define them."""
    path = _file(module)
    stub = path.with_suffix(".pyi") if path else None
    if path is None or stub is None or not stub.is_file():
        return {}
    listed = _statements(stub.read_text(encoding="utf-8"))
    faces = ((name, _absolute(source, module)) for source, names in listed for name in names)
    return {name: found if _file(f"{found}.{name}") is None else f"{found}.{name}" for name, found in faces}


def _versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of each installed package and of those that it requires; the standard library has none."""
    found: dict[str, str] = {}
    left = [_DISTRIBUTIONS.get(name, name) for name in packages if name not in sys.stdlib_module_names]
    while left:
        name = left.pop()
        if name not in found:
            found[name], required = _installed(name)
            left += required
    return found


@cache
def _installed(name: str) -> tuple[str, list[str]]:
    """Return the version of a package and the names of those that it requires; "" if it is not installed."""
    from importlib.metadata import PackageNotFoundError, distribution  # it loads the reader of e-mails

    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return "", []
    required = (one for one in metadata.get_all("Requires-Dist", ()) if "extra ==" not in one)
    return metadata["Version"], [found[0] for found in map(_REQUIRED.match, required) if found]
