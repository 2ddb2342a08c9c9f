"""`engross lock`: pin every package that builds a site, with hashes, so that one commit always builds one site.

uv is used if it is installed: it locks for every system. Otherwise pip locks for the system that CI runs, and for this
one. Both only resolve: nothing is installed.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import is_zipfile

import click
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

import engross.common.lazy_re as re
from engross.cli.printing import say
from engross.cli.site import site_here
from engross.common import EngrossError, error, value_class
from engross.record import run_openly
from engross.text import read_source

SOURCE, TARGET, WHEELS = "requirements.in", "requirements.txt", "wheels"
_OWN = re.compile(r"(?:engross\b(?![-.\w])[^\n]*|\.?/?wheels/engross-[^\n]*\.whl[^\n]*)")
_LOCKED_OWN = re.compile(r"^engross(?:==| @ )\S+(?:[ \t]+\\\n[ \t]+--hash=\S+)*", re.MULTILINE)
"""The entry of Engross in requirements.txt, as uv writes it and as we do."""
_SYSTEMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")
_CI = (
    *("--python-version", "3.12", "--implementation", "cp", "--only-binary", ":all:"),
    *(word for system in _SYSTEMS for word in ("--platform", system)),
)
"""The system on which the workflows of `engross init --ci` run, as pip names it."""
_HEAD = """\
# Made by engross lock from requirements.in, {systems}.
# Commit both files. To update the packages, run engross lock again.
"""
_FAILED = (
    "{program} cannot resolve requirements.in; see above. If your package index has no release of Engross, build or "
    "download its wheel, and run: engross lock --wheel FILE"
)


@click.command()
@click.option(
    "--wheel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this wheel of Engross; it is copied into wheels/, and requirements.in names it from then on.",
)
def lock(wheel: Path | None) -> None:
    """Pin every package that builds the site: write requirements.txt from requirements.in, with hashes.

    Uses uv if it is installed, or else pip. Exits with 0 if requirements.txt is written, and with 1 if it is not; no
    file has changed then.
    """
    root = site_here().root
    source = root / SOURCE
    if not source.exists():
        raise _failure(SOURCE, 'it is missing; engross init --ci writes it, or write it with the line "engross"')
    text = read_source(source, SOURCE).text
    own = _own_wheel(root, text, wheel)
    if wheel:
        text = _with_wheel(text, f"./{WHEELS}/{wheel.name}")
    with TemporaryDirectory() as folder:
        locked = _resolve(_absolute(text, own), root, Path(folder))
    if own:
        pinned = f"./{WHEELS}/{own.name} \\\n    --hash=sha256:{sha256(own.read_bytes()).hexdigest()}"
        locked = _LOCKED_OWN.sub(lambda _: pinned, locked)
    if wheel and own and own.resolve() != (root / WHEELS / own.name).resolve():
        (root / WHEELS).mkdir(exist_ok=True)
        shutil.copyfile(own, root / WHEELS / own.name)
    _write(source, text)
    _write(root / TARGET, locked)
    files = f"{SOURCE}, {TARGET} and {WHEELS}/" if own else f"{SOURCE} and {TARGET}"
    say(f"wrote {TARGET}, with {locked.count('--hash=')} hashes; commit {files}")


def _own_wheel(root: Path, text: str, wheel: Path | None) -> Path | None:
    """Return the wheel of Engross to lock: the one given, or the one that requirements.in names."""
    line = _own_line(text)
    named = root / line.split()[0] if line and line.split()[0].endswith(".whl") else None
    found = wheel or named
    if not found:
        return None
    try:
        name = parse_wheel_filename(found.name)[0]
    except InvalidWheelFilename:
        name = None
    if name != "engross" or not is_zipfile(found):
        raise _failure(str(found), "it is not a wheel of Engross, such as engross-0.1.0-py3-none-any.whl")
    return found


def _own_line(text: str) -> str:
    """Return the line about Engross in requirements.in. Raises EngrossError if there is not exactly one."""
    lines = [line for line in text.splitlines() if _OWN.fullmatch(line.strip())]
    if len(lines) != 1:
        raise _failure(SOURCE, f'exactly one line must name Engross, such as "engross"; it has {len(lines)}')
    return lines[0].strip()


def _with_wheel(text: str, wheel: str) -> str:
    """Return the text of requirements.in with a wheel in the line about Engross."""
    own = _own_line(text)
    return "\n".join(wheel if line.strip() == own else line for line in text.split("\n"))


def _absolute(text: str, own: Path | None) -> str:
    """Return the requirements as they are resolved: the wheel by its full path."""
    return _with_wheel(text, f"engross @ {own.resolve().as_uri()}") if own else text


def _resolve(text: str, root: Path, folder: Path) -> str:
    """Return the text of requirements.txt; `folder` is for files in between. Raises EngrossError if that fails."""
    wanted = folder / SOURCE
    wanted.write_text(text, encoding="utf-8")
    if uv := shutil.which("uv"):
        made = folder / TARGET
        options = ("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade")
        command = (uv, "pip", "compile", *options, "--no-annotate", "--no-header", "--no-emit-index-url")
        _run((*command, "--output-file", str(made), str(wanted)), root, "uv")
        return _HEAD.format(systems="for every system") + made.read_text("utf-8")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    if not find_spec("pip"):
        raise _failure("pip", f"neither uv nor pip is installed. Install one: {sys.executable} -m ensurepip")
    install = (*pip, "install", "--dry-run", "--ignore-installed", "--requirement", str(wanted), "--report")
    _run((*install, str(folder / "ci"), "--target", str(folder / "target"), *_CI), root, "pip")
    _run((*install, str(folder / "here")), root, "pip")
    ci, here = (_read_report(folder / name) for name in ("ci", "here"))
    return _HEAD.format(systems="for Python 3.12 on Linux (x86-64) and for the system it ran on") + _listed(ci, here)


@value_class(frozen=True, slots=True)
class _Package:
    version: str
    hash: str


def _read_report(path: Path) -> dict[str, _Package]:
    """Return the packages in pip's report (format 1), by name."""
    report = json.loads(path.read_bytes())
    return {
        re.sub(r"[-_.]+", "-", one["metadata"]["name"]).lower(): _Package(
            one["metadata"]["version"], one["download_info"]["archive_info"]["hashes"]["sha256"]
        )
        for one in report["install"]
    }


def _listed(ci: dict[str, _Package], here: dict[str, _Package]) -> str:
    """Return the lines for pip; what only this system needs is left out, so that CI decides the versions."""
    lines = []
    for name, package in sorted(ci.items()):
        other = here.get(name)
        hashes = {package.hash, other.hash} if other and other.version == package.version else {package.hash}
        pinned = (f"    --hash=sha256:{one}" for one in sorted(hashes))
        lines.append(" \\\n".join([f"{name}=={package.version}", *pinned]))
    return "\n".join(lines) + "\n"


def _run(command: Sequence[str], root: Path, program: str) -> None:
    if run_openly(command, root, {}):
        raise _failure(SOURCE, _FAILED.format(program=program))


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)


def _failure(path: str, why: str) -> EngrossError:
    return EngrossError([error("lock", path, 0, 0, why)])
