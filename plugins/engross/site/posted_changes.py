"""Posted changes on a site: lists in its pages, a page for each, feeds and files for programs."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache, partial
from pathlib import Path

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from engross.common import Cache, EngrossError, error, key_of, mode_of_files, read_file, site_cache, value_class
from engross.corpus import PageType
from engross.model import Change
from engross.record import (
    Plan,
    PostedChange,
    acceptance_json,
    addresses,
    manifest_json,
    posted_changes,
    read_posted,
    site_schema_files,
    upcoming_json,
)
from engross.render import (
    ATOM,
    JSON,
    MARKER,
    SCRIPT,
    STYLE,
    TYPES,
    Alerts,
    Alternate,
    ChangeSummary,
    Frame,
    Pending,
    Publication,
    Site,
    alerts_about,
    asset,
    atom,
    cached_text,
    calendars,
    change_pages,
    escape,
    feeds,
    file_of,
    filter_rules,
    json_feed,
    material_slugs,
    objections,
    older_lists,
    pending_changes,
    render_list,
    retirements,
    since_files,
    summarize_changes,
    worded,
)
from engross.site.editions import SiteEdition
from engross.site.files import hashed_name, json_text, put_file, style_name
from engross.site.pages import DocumentPage


@value_class(frozen=True)
class PostedSite:
    """What a build shows of posted changes. `summaries` are by the slugs of changes.

    `lists` are the pages that hold a list, by their path in the docs folder, each with the ids of the documents it is
    about; `own_templates` is the site's own folder of templates. `pending` is what a preview shows of pending notes.
    """

    pub: Publication
    edition: SiteEdition
    summaries: Mapping[str, ChangeSummary] = field(repr=False)
    lists: Mapping[str, tuple[str, ...]]
    cache: Cache
    own_templates: Path
    pending: Pending | None = None

    @property
    def site(self) -> Site:
        """The settings and addresses of the site that pages of the record need."""
        return self.pub.site

    def changes_on(self, path: str) -> tuple[PostedChange, ...]:
        """The changes that a page lists."""
        return self.pub.posted.about(self.lists[path])

    @property
    def main(self) -> str:
        """The first page that lists the changes of all documents; "" without one."""
        everything = set(self.pub.entries) | set(self.pub.posted.titles)
        return next((path for path, documents in self.lists.items() if everything <= set(documents)), "")

    @property
    def home(self) -> str:
        """The address of that page; the site's home without one."""
        return self.site.pages.get(self.main, "")

    def kept(self, maker: str, templates: Sequence[str], parts: Sequence[str], make: Callable[[], str]) -> str:
        """Make a text from all posted changes, or take it from the cache; `maker` is the module that makes it."""
        return cached_text(self.pub, self.cache, maker, templates, [self.style, *parts], make)

    def asset(self, name: str, suffix: str) -> tuple[str, bytes]:
        """A shipped file: the name that it is published under, and its content."""
        data = asset(f"{name}.{suffix}", self.own_templates)
        return hashed_name(f"{name}.{suffix}", data), data

    @property
    def style(self) -> str:
        """The address of the style sheet of posted changes."""
        return self.asset(STYLE, "css")[0]

    def alerts(self, documents: Sequence[str], here: str) -> Alerts:
        """How the readers of the page with the address `here` are notified of changes of some documents."""
        settings, words = self.edition.project.settings, self.pub.words
        if self.site.preview:
            # Feeds point to the published site, and a preview is not published.
            return Alerts(email_list=settings.email_list)
        titles = ((name, self.pub.title_of(name)) for name in documents)
        return alerts_about(titles, words, partial(self.site.link, here), settings.email_list)

    def rules(self, path: str) -> tuple[str, bytes]:
        """The style sheet of a page's filters: the name that it is published under, and its content."""
        summaries = {change.slug: self.summaries[change.slug] for change in self.changes_on(path)}
        summaries |= self.pending.summaries if self.pending else {}
        data = filter_rules(summaries, material_slugs(self.pub, summaries)).encode()
        return style_name(data, "engross-filters"), data


def posted_site(
    edition: SiteEdition,
    site: Site,
    config: MkDocsConfig,
    files: Files,
    notes: str,
    own_templates: Path,
    plan: Plan | None = None,
) -> PostedSite:
    """Collect what a build shows of posted changes; `notes` is the folder of notes in the docs folder.

    A preview shows what a `plan` would post as well.
    """
    kept = site_cache(Path(config.config_file_path or ".").parent)
    settings = edition.project.settings
    posted = posted_changes(edition.record)
    pub = Publication(
        posted,
        site,
        edition.at,
        cache(partial(_read, edition, site, kept)),
        {entry.id: entry for entry in settings.documents},
        {ground.id: ground for ground in settings.grounds},
        notes,
        settings.authority,
        settings.publish_reference,
    )
    pending = pending_changes(pub, plan) if plan else None
    return PostedSite(pub, edition, summarize_changes(pub, kept), _lists(pub, files), kept, own_templates, pending)


def _read(edition: SiteEdition, site: Site, kept: Cache, change: PostedChange) -> Change | None:
    return read_posted(edition.record, change.note, site.zone, kept) if change.note else None


def _lists(pub: Publication, files: Files) -> Mapping[str, tuple[str, ...]]:
    """Which pages list the changes of which documents.

    Pages with the marker list those of all documents; without such a page, the page that most documents name does. Any
    other page lists those of the documents that name it.
    """
    named = Counter(entry.changes for entry in pub.entries.values() if entry.changes)
    own = {entry.file for entry in pub.entries.values()}
    texts = {file.src_uri: file.content_string for file in files.documentation_pages() if file.src_uri not in own}
    marked = [path for path, text in texts.items() if MARKER in text]
    whole = marked or [path for path, _ in named.most_common(1)]
    everything = tuple(dict.fromkeys((*pub.entries, *pub.posted.titles)))
    lists = {path: tuple(entry.id for entry in pub.entries.values() if entry.changes == path) for path in named}
    return lists | dict.fromkeys(whole, everything)


def add_posted_files(posted: PostedSite, files: Files, config: MkDocsConfig) -> None:
    """Add feeds, files for programs, style sheets and scripts."""
    for name, data in _files(posted):
        put_file(files, File.generated(config, name, content=data))


def _files(posted: PostedSite) -> Iterator[tuple[str, str | bytes]]:
    """The files for programs and the style sheets, each by its address."""
    record, at, url = posted.edition.record, posted.pub.at, posted.site.url
    settings = posted.edition.project.settings
    yield addresses.MANIFEST, json_text(manifest_json(record, settings, at, url))
    yield addresses.UPCOMING, json_text(upcoming_json(record, at))
    for entry in settings.documents:
        if accepted := acceptance_json(record, (entry.id,), at, url):
            yield addresses.acceptance(entry.id), json_text(accepted)
    for one in settings.sets:
        if accepted := acceptance_json(record, one.documents, at, url, one.id):
            yield addresses.set_acceptance(one.id), json_text(accepted)
    yield from site_schema_files().items()
    # A feed points to the published site, and a preview is not published.
    for feed in () if posted.site.preview else feeds(posted.pub, posted.summaries, posted.home):
        names = {suffix: addresses.feed(feed.name, suffix) for suffix in TYPES}
        yield names[ATOM], atom(feed, posted.site.full(names[ATOM]))
        yield names[JSON], json_text(json_feed(feed, posted.site.full(names[JSON])))
    others = () if posted.site.preview else (*retirements(posted.pub, posted.cache), *objections(posted.pub))
    yield from () if posted.site.preview else calendars(posted.pub, posted.summaries, others)
    yield posted.asset(STYLE, "css")
    yield posted.asset(STYLE, "js")
    yield posted.asset(SCRIPT, "js")
    yield from dict(posted.rules(path) for path in posted.lists).items()


def page_address(page: Page) -> str:
    """A page's address relative to the site's root, empty for the home page."""
    return page.url.removeprefix("./")


def put_list(posted: PostedSite, page: Page, within: Markup) -> None:
    """Put the list of posted changes into a page that has one, below a document's text. `within` are the attributes of
    an element with words of the site.

    To be called when the search plugin has read the page, or it would index every change as a part of that page.
    """
    path = page.file.src_uri
    if path not in posted.lists or page.content is None:
        return
    alone = isinstance(page, DocumentPage)
    marked = not alone and MARKER in page.content
    title = posted.pub.words["posted_here"] if alone else "" if marked else posted.pub.words["posted_changes"]
    pending, documents, here = posted.pending, posted.lists[path], page_address(page)
    frame = Frame(
        title,
        [posted.style, posted.rules(path)[0]],
        posted.asset(STYLE, "js")[0],
        # The page of a document offers its alerts at its top.
        Alerts() if alone else posted.alerts(documents, here),
    )
    summaries = {**posted.summaries, **(pending.summaries if pending else {})}
    coming = pending.about(documents) if pending else ()
    silent = pending.undescribed_of(documents) if pending else ()
    made = render_list(posted.pub, summaries, documents, here, frame, coming, silent)
    before, _, after = page.content.partition(MARKER) if marked else (page.content, "", "")
    page.content = f"{before}{worded(within, made.html)}{after}"
    _add_headings(page, before, made.headings, below=bool(title))


def _add_headings(page: Page, before: str, headings: Iterable[tuple[str, str]], *, below: bool) -> None:
    """Add headings to the page's table of contents after those in `before`, the HTML before the list.

    With `below`, all but the first are put under the first.
    """
    links = [AnchorLink(escape(text), anchor, 2) for text, anchor in headings]
    if below and links:
        links[0].children = links[1:]
        for child in links[1:]:
            child.level = 3
        links = links[:1]
    items = page.toc.items
    siblings = items[0].children if len(items) == 1 and items[0].level == 1 else items
    at = sum(f'id="{link.id}"' in before for link in siblings)
    siblings[at:at] = links


def write_change_pages(posted: PostedSite, folder: Path, before: Path | None = None) -> list[str]:
    """Write the page of each change into the site's folder.

    Pages that the site of the last build, `before`, already has are not written: removing and making a folder costs
    more than all the rest, and there may be thousands. Returns the folders of those, relative to the site.
    """
    crumbs = [(posted.pub.words["posted_changes"], posted.home)] if posted.main else []
    pages = change_pages(posted.pub, posted.summaries, crumbs, posted.style, posted.cache)
    key = key_of(__name__, "states", pages.key, str(mode_of_files()))
    known = json.loads(posted.cache.get(key) or b"{}") if before else {}
    if before and known and all(_state(before / name) == state for name, state in known.items()):
        return [name.removesuffix("/index.html") for name in known]
    unchanged, written = [], {}
    for address, html in pages.read().items():
        name, data = file_of(address), html.encode("utf-8")
        if before and name.endswith("/index.html") and _is_only(before / name, data):
            unchanged.append(address.rstrip("/"))
            written[name] = _state(before / name)
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written[name] = _state(path)
    if written and all(name.endswith("/index.html") for name in written):
        posted.cache.put(key, json.dumps(written).encode())
    return unchanged


def _state(file: Path) -> list[int]:
    """What changes if somebody edits a file, or puts another one beside it; nothing if it is not there."""
    try:
        status, around = os.lstat(file), os.lstat(file.parent)
    except OSError:
        return []
    times = (status.st_mtime_ns, status.st_ctime_ns, around.st_mtime_ns)
    return [status.st_mode, status.st_size, status.st_ino, around.st_ino, around.st_mode, *times]


_LISTS, SINCE_MAKER = "engross.render.changes.posted_page", "engross.render.changes.dates"
"""The modules that make the lists of posted changes, and the page "What changed since you agreed"."""


def write_older_lists(posted: PostedSite, files: Files, folder: Path) -> None:
    """Write the pages of older changes that long lists lead to, also those of the page "What changed since you agreed".

    `files` are those of the site; raises EngrossError where one of them has such an address.
    """
    found: dict[str, str] = {}
    for path, documents in posted.lists.items():
        entry = next((one for one in posted.pub.entries.values() if one.file == path), None)
        here = (posted.site.current.get(entry.id) if entry else posted.site.pages.get(path)) or ""
        title = posted.pub.title_of(entry.id) if entry else posted.pub.words["posted_changes"]
        frame = Frame(title, [posted.style, posted.rules(path)[0]], posted.asset(STYLE, "js")[0], Alerts())
        pages = partial(older_lists, posted.pub, posted.summaries, documents, here, frame)
        found |= _kept_files(
            posted, _LISTS, ["posted-changes.html", "archive/changes-older.html"], [here, repr(frame)], pages
        )
    page = files.get_file_from_path(PageType.SINCE.source)
    if page and page.generated_by:
        parts = partial(since_files, posted.pub, posted.summaries, posted.style, posted.site.compare)
        found |= _kept_files(posted, SINCE_MAKER, ["archive/since-older.html"], [posted.site.compare], parts)
    theirs = {file.dest_uri: file.src_uri for file in files} if found else {}
    for address, text in found.items():
        name = file_of(address)
        if name in theirs:
            raise EngrossError([error("file", theirs[name], 0, 0, _TAKEN.format(address=address))])
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


_TAKEN = "a page of older posted changes has the address {address}: give this file another name"


def _kept_files(
    posted: PostedSite, maker: str, templates: Sequence[str], parts: Sequence[str], make: Callable[[], dict[str, str]]
) -> dict[str, str]:
    """Make files by address from all posted changes, or take them from the cache; `maker` is the module that makes
    them.
    """
    made = posted.kept(maker, templates, [*posted.site.frame, *parts], lambda: json.dumps(make()))
    return dict(json.loads(made))


def _is_only(file: Path, data: bytes) -> bool:
    """Whether a file is there with these bytes, as a new one would be, and nothing else in its folder."""
    try:
        status = file.lstat()
        known = stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == mode_of_files()
        return known and os.listdir(file.parent) == [file.name] and read_file(file) == data
    except OSError:
        return False


def feed_links(posted: PostedSite, page: Page) -> tuple[Alternate, ...]:
    """The feeds for a page's head: all changes, material ones, and those of its own document; none in a preview."""
    if posted.site.preview:
        return ()
    words, here = posted.pub.words, page_address(page)
    wanted = [(words["feed_all"], "changes"), (words["feed_material"], "material")]
    if isinstance(page, DocumentPage):
        entry = page.document.entry
        wanted.append((words["feed_document"].format(title=entry.title), entry.id))
    return tuple(
        Alternate(posted.site.link(here, addresses.feed(name, suffix)), media, title)
        for title, name in wanted
        for suffix, media in TYPES.items()
    )
