"""The content of the pages that Engross adds to a site as a whole, such as the page of defined terms.

`PageType` names them. To add one, name it there and give its content in `_CONTENT`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from mkdocs.structure.pages import Page

from engross.corpus import PageType
from engross.render import (
    PICK,
    SCRIPT,
    Redlines,
    file_of,
    redlines_to,
    render_defined_terms,
    render_in_force,
    render_since,
)
from engross.site.build import Build
from engross.site.files import GeneratedPage, generated_file
from engross.site.posted_changes import PostedSite, page_address


def add_generated_pages(build: Build, titles: Mapping[str, str]) -> None:
    """Add the generated pages that the site does not have itself; `titles` are those of the navigation, by path."""
    for kind in PageType:
        content = _CONTENT[kind]
        if not content.wanted(build) or build.files.get_file_from_path(kind.source):
            continue
        title = titles.get(kind.source, build.words[kind.title])
        file = generated_file(build.config, kind.source, title, build.settings_path)
        if kind.permanent:
            file.dest_uri = file_of(kind.address)
        build.files.append(file)
        GeneratedPage(title, file, build.config, partial(content.make, build))


def _defined_terms(build: Build, page: Page) -> str:
    assert build.terms is not None
    url, of_text = partial(build.document_url, page), build.languages.of_text
    return render_defined_terms(list(build.terms.sets), build.templates, build.words, url, of_text)


def _in_force(build: Build, page: Page) -> str:
    posted, settings, here = build.posted, build.project.settings, page_address(page)
    styles, script = [posted.style], posted.asset(SCRIPT, "js")[0]

    def make() -> str:
        return render_in_force(posted.pub, settings, posted.summaries, _redlines(posted), here, styles, script)

    return posted.kept(["in-force.html", PICK], [here, script, repr(settings.sets)], make)


def _since(build: Build, page: Page) -> str:
    posted, here = build.posted, page_address(page)
    styles, script = [posted.style], posted.asset(SCRIPT, "js")[0]

    def make() -> str:
        return render_since(posted.pub, posted.summaries, _redlines(posted), here, styles, script)

    return posted.kept(["since.html", PICK], [here, script], make)


def _redlines(posted: PostedSite) -> Redlines:
    record, found = posted.edition.record, {}
    for name, versions in record.versions.items():
        now = record.in_force(name, posted.pub.at)
        found[name] = frozenset((old.number, new.number) for new in versions for old in redlines_to(record, new, now))
    return found


@dataclass(frozen=True, slots=True)
class _Content:
    """The function that makes the HTML of a page once all documents are known, and whether a site has the page."""

    make: Callable[[Build, Page], str]
    wanted: Callable[[Build], bool] = lambda _: True


_CONTENT: Mapping[PageType, _Content] = {
    PageType.DEFINED_TERMS: _Content(_defined_terms, wanted=lambda build: build.options.link_terms),
    PageType.IN_FORCE: _Content(_in_force),
    PageType.SINCE: _Content(_since),
}
