"""What Engross adds to a build: the same pages built with it and by plain MkDocs and Material, in CPU time.

Three times: without linking and drafting check (parsing, anchors, permanent links, clause search and the check of the
finished text are in), with everything on, and with everything on after one clause was edited, with the cache of the
build before. The first two begin without a cache.

Plain and with Engross alternate, each in its own process, and what counts is the ratio within a pair: a machine that
slows down for a minute slows both. `python -m bench.build --help` lists what can be varied.
"""

import argparse
import compileall
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.corpus_maker import Page, edit_clause, make_pages, write_docs
from bench.figures import Figure, at_most, table

PAGES = 200
PAIRS = 3
TARGET_RATIO = 0.75
ALL_TARGET_RATIO = 1.0
EDITED_TARGET_RATIO = 0.3
TEXT_ONLY = "search, engross: {link_terms: false, check: false}"
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Pair:
    """The CPU seconds of the two builds of one pair."""

    plain: float
    engross: float

    @property
    def ratio(self) -> float:
        """How many times as long the build with Engross took."""
        return self.engross / self.plain

    def __str__(self) -> str:
        return f"plain {self.plain:.2f} s, with Engross {self.engross:.2f} s, ratio {self.ratio:.3f}"


def run(pages: int = PAGES, pairs: int = PAIRS) -> list[Figure]:
    """The figures of `pairs` rounds of builds of `pages` pages; each round is printed as it is measured."""
    made = make_pages(pages)
    compileall.compile_dir(ROOT / "plugins", quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        plain = make_site(Path(folder) / "plain", made, "search")
        text_only = make_site(Path(folder) / "text", made, TEXT_ONLY)
        everything = make_site(Path(folder) / "all", made, "search, engross")
        measured = [_round(number, plain, text_only, everything, made[-1]) for number in range(pairs)]
    return [
        Figure(f"CPU time of a plain build, {pages} pages", median(text.plain for text, _, _ in measured), unit="s"),
        Figure("with Engross, neither linking nor check", median(text.engross for text, _, _ in measured), unit="s"),
        at_most("against plain", median(text.ratio for text, _, _ in measured), TARGET_RATIO, "×"),
        Figure("with Engross, everything on", median(whole.engross for _, whole, _ in measured), unit="s"),
        at_most("everything on against plain", median(whole.ratio for _, whole, _ in measured), ALL_TARGET_RATIO, "×"),
        Figure("everything on, one clause edited", median(edited.engross for _, _, edited in measured), unit="s"),
        at_most("against plain", median(edited.ratio for _, _, edited in measured), EDITED_TARGET_RATIO, "×"),
    ]


def _round(number: int, plain: Path, text_only: Path, everything: Path, page: Page) -> tuple[Pair, Pair, Pair]:
    text = measure(plain, text_only, plain_first=number % 2 == 0)
    print(f"  round {number + 1}, without linking and check: {text}", file=sys.stderr, flush=True)
    whole = Pair(text.plain, build_cold(everything))
    print(f"  round {number + 1}, everything on: {whole}", file=sys.stderr, flush=True)
    edit_clause(everything.parent / "docs", page, number + 1)
    edited = Pair(text.plain, build_once(everything))
    print(f"  round {number + 1}, one clause edited: {edited}", file=sys.stderr, flush=True)
    return text, whole, edited


def measure(plain: Path, engross: Path, *, plain_first: bool) -> Pair:
    """Build both sites, one after the other; the order changes so that neither profits from coming second."""
    seconds = {config: build_cold(config) for config in ((plain, engross) if plain_first else (engross, plain))}
    return Pair(seconds[plain], seconds[engross])


def make_site(folder: Path, pages: list[Page], plugins: str) -> Path:
    """Write one site with these plugins and give its mkdocs.yml."""
    write_docs(pages, folder / "docs")
    config = folder / "mkdocs.yml"
    config.write_text(
        "site_name: Bench\n"
        "site_url: https://example.com/\n"
        "theme: {name: material, font: false}\n"
        f"plugins: [{plugins}]\n"
        f"nav: [{', '.join(f'{page.id}.md' for page in pages)}]\n",
        encoding="utf-8",
    )
    return config


def build_cold(config: Path) -> float:
    """The CPU seconds of one build without a cache."""
    shutil.rmtree(config.parent / ".cache", ignore_errors=True)
    return build_once(config)


def build_once(config: Path, profile: str = "") -> float:
    """The CPU seconds of one build in a process of its own; RuntimeError with its output where it fails."""
    return measured_build(config, profile)[0]


def measured_build(config: Path, profile: str = "") -> tuple[float, float]:
    """The CPU seconds of one build in a process of its own, and its peak memory in MB; errors as in `build_once`."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "bench.build_once", str(config), *filter(None, [profile])]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"the build of {config} failed:\n{result.stdout}{result.stderr}")
    seconds, memory = map(float, result.stdout.split()[-2:])
    return seconds, memory


def print_profile(pages: int, *, lines: int = 40) -> None:
    """Print where the time of one build with Engross goes, by own time and by time with what is called."""
    with tempfile.TemporaryDirectory() as folder:
        engross = make_site(Path(folder), make_pages(pages), "search, engross")
        stats = str(Path(folder) / "stats")
        build_once(engross, stats)
        pstats.Stats(stats).sort_stats("tottime").print_stats(lines).sort_stats("cumtime").print_stats(lines)


def main() -> None:
    """Run this benchmark by itself."""
    parser = argparse.ArgumentParser(prog="python -m bench.build", description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help="how many pages to build (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="how many pairs to measure (default: %(default)s)")
    parser.add_argument("--profile", action="store_true", help="show where the time of a build with Engross goes")
    options = parser.parse_args()
    if options.profile:
        print_profile(options.pages)
        return
    print(table(run(options.pages, options.pairs)))


if __name__ == "__main__":
    main()
