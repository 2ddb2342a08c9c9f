"""Processes fill the cache with what one process would compute; each test runs in a process with one thread."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engross.common import EngrossError, wanted_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")

MAKE = """
import os, sys, threading, time
from pathlib import Path
from engross.common import Cache, fill, key_of
folder = Path(sys.argv[1])
cache, items = Cache(folder / "cache"), list(range(40))

def key(item):
    return key_of("engross.text.parser", str(item))

def make(item):
    if item == 7:
        raise ValueError("this one fails")
    cache.put(key(item), str(os.getpid()).encode())

def made():
    return [cache.get(key(item)) for item in items]
"""
SITE = """
import sys
from pathlib import Path
from engross.common import Cache
from engross.corpus import read_project
from engross.drafting import Subject, check_subjects
from engross.terms import Readings, bind
folder = Path(sys.argv[1])
cache = Cache(folder / f"cache{sys.argv[2]}")
project = read_project(folder, cache=cache)
binding = bind(project.editions[0], readings=Readings(cache))
print(sorted(path.name for path in cache.folder.rglob("*") if path.is_file()).__len__() > 40)
print(binding.definitions, binding.references, binding.uses, check_subjects([Subject(binding, cache=cache)]))
"""


def run(code: str, *arguments: object, **environment: str) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_several_processes_make_all_but_what_fails(tmp_path: Path) -> None:
    code = (
        MAKE
        + "fill(cache, items, lambda item: cache.has(key(item)), make, '')\nprint(len(set(made())), made().index(None))"
    )
    # Two processes and None.
    assert run(code, tmp_path, ENGROSS_PROCESSES="2") == "3 7\n"


def test_this_process_makes_its_share_and_keeps_it(tmp_path: Path) -> None:
    code = (
        MAKE
        + """
def own(item):
    make(item)
    return os.getpid() if item % 2 == 0 else None
found = fill(cache, items, lambda item: cache.has(key(item)), own, "Making")
kept = [int(one) for one in made() if one]
print([*found], {*found.values()} == {os.getpid()}, kept.count(os.getpid()), len(kept), len({*kept}))
"""
    )
    expected = f"{list(range(0, 40, 2))} True 20 39 2\n"
    assert run(code, tmp_path, ENGROSS_PROCESSES="2") == expected


@pytest.mark.parametrize(
    ("before", "number"),
    [
        ("", "1"),
        ("make(20)\nitems = items[:]\n", "2"),  # a sample is in the cache
        ("items = items[:31]\n", "2"),
        ("cache = Cache()\n", "2"),
        ("threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n", "2"),
    ],
)
def test_nothing_is_made_ahead_where_it_does_not_pay_or_is_not_safe(tmp_path: Path, before: str, number: str) -> None:
    code = (
        MAKE + before + "fill(cache, items, lambda item: cache.has(key(item)), make, '')\nprint(len(set(made())) <= 2)"
    )
    code += "\nassert sum(one is not None for one in made()) <= 1"
    assert run(code, tmp_path, ENGROSS_PROCESSES=number) == "True\n"


def test_an_interrupt_ends_all_processes(tmp_path: Path) -> None:
    slow = "def make(item):\n    if item:\n        os.write(1, f'{os.getpid()}\\n'.encode())\n        time.sleep(60)\n"
    # Who starts the tests may have it ignore interrupts, which a process inherits.
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code = MAKE + heard + slow + "fill(cache, items, lambda item: False, make, 'Making')"
    command = [sys.executable, "-c", code, str(tmp_path)]
    environment = os.environ | {"ENGROSS_PROCESSES": "2"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        processes = [int(parent.stdout.readline()) for _ in range(2)]
        parent.send_signal(signal.SIGINT)
        _, shown = parent.communicate()
    assert "KeyboardInterrupt" in shown
    assert not any(Path(f"/proc/{one}").exists() for one in processes)


def test_results_come_as_processes_compute_them_also_if_one_is_killed(tmp_path: Path) -> None:
    code = (
        MAKE
        + """
from engross.common import spread
def compute(item):
    if item == 7:
        raise ValueError("this one fails")
    if item == 35:
        os.kill(os.getpid(), 9)
    return str(item).encode() * 50_000
found = list(spread([items[:20], items[20:]], compute, "Making"))
print(len(found), all(len(one) >= 50_000 for one in found))
"""
    )
    assert run(code, tmp_path) == "34 True\n"


ARCHIVE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from engross.common import processes
from engross.render.archive import parallel, writer
from test_packing import publish
processes.SMALLEST = 4
before, parts = parallel.spread, []
parallel.spread = lambda *given: parts.extend(given[0]) or before(*given)
folder = Path(sys.argv[1])
several = publish(folder / "several", folder / "first", packs=True)
print(len(parts))
writer.by_processes = lambda archive, store: None
one = publish(folder / "one", folder / "second", packs=True)
print(several == one, len(one) > 50)
"""


@pytest.mark.long
def test_several_processes_make_the_pages_that_one_makes(tmp_path: Path) -> None:
    made = run(ARCHIVE, tmp_path, Path(__file__).parent / "render", ENGROSS_PROCESSES="3")
    assert made == "3\nTrue True\n"


@pytest.mark.long
def test_a_set_is_read_bound_and_checked_as_by_one_process(tmp_path: Path) -> None:
    names = [f"d{number}" for number in range(40)]
    for number, name in enumerate(names):
        defined = f"“Term {number}” means the the money. See Section 2 of Part {number - 1}."
        text = f"# Part {number}\n\n{defined}\n\n## 2. More\n\nTerm {number} and Term {number + 1}. (open\n"
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    kinds = ["agreement", *["policy"] * (len(names) - 1)]
    entry = "  - {{id: {0}, title: Part {0}, kind: {1}, file: {0}.md}}\n"
    listed = "".join(entry.format(name, kind) for name, kind in zip(names, kinds, strict=True))
    sets = f"sets:\n  - {{id: s, title: S, agreement: d0, incorporates: [{', '.join(names[1:])}]}}\n"
    (tmp_path / "documents.yml").write_text(f"{sets}documents:\n{listed}", "utf-8")
    one, two = (run(SITE, tmp_path, number, ENGROSS_PROCESSES=number) for number in ("1", "2"))
    assert one == two
    assert one.startswith("True")
    assert "repeated-word" in one


@pytest.mark.parametrize("wanted", ["0", "-1", "two", "1.5", "257", "9" * 5000, " ", "٣"])
def test_a_number_of_processes_that_is_none(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGROSS_PROCESSES", wanted)
    with pytest.raises(EngrossError, match="ENGROSS_PROCESSES: must be a whole number from 1 to 256, not "):
        wanted_processes()


def test_the_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGROSS_PROCESSES", "256")
    assert wanted_processes() == 256
    monkeypatch.setenv("ENGROSS_PROCESSES", "")
    assert wanted_processes() >= 1


def test_a_system_that_starts_no_more_processes(tmp_path: Path) -> None:
    code = (
        MAKE
        + """
from engross.common import spread
real, started = os.fork, []
def fork():
    started.append(1)
    if len(started) > 1:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return real()
os.fork = fork
items += range(40, 48)
before = len(os.listdir("/proc/self/fd"))
fill(cache, items, lambda item: cache.has(key(item)), make, "")
print(sum(one is not None for one in made()))
started.clear()
print(len(list(spread([items[:20], items[20:]], lambda item: b"x", ""))))
print(len(os.listdir("/proc/self/fd")) - before)
"""
    )
    # Of three processes, this one and one other: each a third of 48 items, without the one that fails.
    assert run(code, tmp_path, ENGROSS_PROCESSES="3") == "31\n20\n0\n"
