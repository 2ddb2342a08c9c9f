"""`engross archive`: the pages of versions of many sites, made by local processes or a cluster.

The settings of each site are read as its build reads them: by MkDocs, with all plugins, up to the list of its files.
Then its order is placed (`archive_orders`), its versions are made in blocks by workers, and this process writes the
pages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import field
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import extract_tb

from jinja2 import TemplateError
from mkdocs.config import load_config
from mkdocs.config.config_options import Plugins
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import get_files

from engross.common import NO_CACHE, Cache, EngrossError, error, new_folder, shared_cache, steps, value_class
from engross.render import Archive, SealedTexts, Store
from engross.site.archive_orders import (
    BLOCK,
    OtherCodeError,
    code_hash,
    make_versions,
    place_order,
    result_key,
    results,
)
from engross.site.build import ARCHIVE, Build
from engross.site.plugin import EngrossPlugin
from engross.site.post_build import archive_cache, record_pages
from engross.site.record_pages import RecordPages

AHEAD = 16
"""The most sites whose versions are made at a time: what is known of them is in memory."""


@value_class(frozen=True, slots=True)
class Workers:
    """Processes that make pages; none if there is no `executor`. `address` is that of the cache that they share."""

    executor: Executor | None
    address: str

    @property
    def cache(self) -> Cache:
        """The shared cache."""
        return shared_cache(self.address)

    def submit(self, work: Callable[..., int], *arguments: object) -> Future[int]:
        """Have a worker call `work`. The result has failed where none takes the task, such as after one was killed."""
        assert self.executor is not None
        try:
            return self.executor.submit(work, *arguments)
        except Exception as problem:  # each kind of executor has its own
            failed: Future[int] = Future()
            failed.set_exception(problem)
            return failed


@value_class
class SiteArchive:
    """The pages of one site's versions: `config` is its mkdocs.yml, `folder` where to write them; without it, only the
    site's cache is filled. `ordered` counts the versions that workers make, `lost` those that did not arrive, and
    `reason` is why, as far as it is known.
    """

    config: Path
    folder: Path | None
    versions: int = 0
    ordered: int = 0
    lost: int = 0
    reason: str = ""
    _pages: RecordPages | None = None
    _cache: Cache = NO_CACHE
    _blocks: list[tuple[list[Pieces], Future[int] | None]] = field(default_factory=list)

    def begin(self, workers: Workers) -> None:
        """Read the site, and have workers make the versions that its cache lacks.

        Raises MkDocs' errors or EngrossError if the site cannot be read, or its record is wrong.
        """
        build = read_site(self.config)
        self._pages, self._cache = record_pages(build), archive_cache(build)
        if not self._pages.record.versions:
            return
        archive = self._pages.archive()
        missing = _missing(archive, self._cache)
        self.versions = len(archive.in_order)
        order = place_order(self._pages, workers.cache) if missing and workers.executor else ""
        for start in range(0, len(missing) if order else 0, BLOCK):
            block = missing[start : start + BLOCK]
            places = [place for place, pieces in block if not workers.cache.has(result_key(pieces))]
            work = (make_versions, workers.address, code_hash(), order, places)
            task = workers.submit(*work) if places else None
            self.ordered += len(places)
            self._blocks.append(([pieces for _, pieces in block], task))

    def finish(self, workers: Workers) -> None:
        """Write the pages: those that workers made, and all others.

        Raises EngrossError where a page would not show what was sealed, or a worker has other code.
        """
        if self._pages is None:
            return

        def elsewhere(_: Archive, store: Store) -> None:
            """Add the pages that workers made to a store, as they are ready; count those that were lost."""
            with steps(f"Pages of versions of {self.config.parent.name}", self.versions) as step:
                for block, task in self._blocks:
                    if task:
                        self._wait(task)
                    for pieces in block:
                        found = [*results(workers.cache, pieces)]
                        self.lost += not found
                        self.reason = self.reason or ("" if found or task is None else _NOT_ARRIVED)
                        for key, made in found:
                            store.add(key, made)
                        step.advance()

        nowhere = TemporaryDirectory(dir=_made(self._cache.folder))
        with nowhere, new_folder(self.folder or Path(nowhere.name) / "pages") as folder:
            self._pages.write(folder, self._cache, elsewhere=elsewhere)

    def _wait(self, task: Future[int]) -> None:
        """Wait for a task. What it could not make is made by this process."""
        try:
            task.result()
        except OtherCodeError as problem:
            raise EngrossError([error("outside", "--scheduler", 0, 0, f"a worker is refused: {problem}")]) from None
        except Exception as problem:  # a worker can fail in any way
            self.reason = self.reason or str(problem) or type(problem).__name__


Pieces = Sequence[str]
"""The keys of all pages of a version."""


_NOT_ARRIVED = "their results are not in the cache, to which all workers must be able to write"


def _made(folder: Path | None) -> Path:
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _missing(archive: Archive, cache: Cache) -> list[tuple[int, Pieces]]:
    """The places of the versions, in the order of effect, of which a page is not in the cache; with all their keys."""
    store, texts = Store(cache, archive.answer), SealedTexts(archive.record)
    store.open()
    every = [[key for key, _ in archive.pieces_of(texts, version)] for version in archive.in_order]
    return [(place, keys) for place, keys in enumerate(every) if not all(map(store.has, keys))]


def read_site(path: Path) -> Build:
    """Read a site's mkdocs.yml, its documents and its record, as a build does before it makes pages.

    Raises MkDocs' errors, or EngrossError.
    """
    _forget_plugins()
    config = load_config(str(path))
    # A command that MkDocs does not have: nothing is staged, and the site of the last build stays as it is.
    config.plugins.on_startup(command=ARCHIVE, dirty=False)  # type: ignore[arg-type]
    plugins = [plugin for plugin in config.plugins.values() if isinstance(plugin, EngrossPlugin)]
    if not plugins:
        raise EngrossError([error("site-setup", str(path), 0, 0, "its plugins do not list engross")])
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    files = get_files(config)
    files.add_files_from_theme(config.theme.get_env(), config)
    config.plugins.on_files(files, config=config)
    _forget_plugins()
    return plugins[0].build


def _forget_plugins() -> None:
    """Have the next configuration make plugins of its own: MkDocs keeps them for later builds of the same site."""
    option = dict(MkDocsConfig._schema)["plugins"]
    assert isinstance(option, Plugins)
    option.plugin_cache.clear()


def make_archives(sites: Iterable[SiteArchive], workers: Workers) -> Iterator[tuple[SiteArchive, Exception | None]]:
    """Make the pages of sites, and yield each when it is done, in order; with what went wrong, if anything."""
    begun: deque[tuple[SiteArchive, Exception | None]] = deque()
    left = iter(sites)
    while True:
        while len(begun) < AHEAD and (site := next(left, None)):
            begun.append((site, _failure(site.begin, workers)))
        if not begun:
            return
        site, failed = begun.popleft()
        yield site, failed or _failure(site.finish, workers)


def _failure(step: Callable[..., None], *arguments: object) -> Exception | None:
    try:
        step(*arguments)
    except (EngrossError, MkDocsException, TemplateError, OSError) as problem:
        return problem if isinstance(problem, Exception) else None
    except (Exception, SystemExit) as problem:  # of a plugin or a hook
        place = extract_tb(problem.__traceback__)[-1]
        message = f"a plugin or a hook fails with {type(problem).__name__}: {problem}; correct it, or build without it"
        return EngrossError([error("site-setup", place.filename, place.lineno or 0, 0, message)])
    return None
