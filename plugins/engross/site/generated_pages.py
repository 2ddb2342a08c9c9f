"""The content of the pages that Engross adds to a site as a whole, such as the page of defined terms.

`PageType` names them. To add one, name it there and give its content in `_CONTENT`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial

from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.common import value_class
from engross.corpus import PageType
from engross.exporting import archive_declaration, published_addresses, schema_address
from engross.record import addresses
from engross.render import (
    SCRIPT,
    VERIFY_SCRIPT,
    TermsPart,
    asset,
    escape,
    file_of,
    render_defined_terms,
    render_since,
    render_terms_part,
    render_verify,
    worded,
)
from engross.site.build import Build
from engross.site.files import GeneratedPage, destination, generated_file, hashed_name, put_file
from engross.site.kept_content import kept_terms
from engross.site.posted_changes import SINCE_MAKER, page_address
from engross.site.program_files import document_pages, published_site


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
        if kind in _NOT_IN_NAV:
            file.inclusion = InclusionLevel.NOT_IN_NAV
        build.files.append(file)
        GeneratedPage(title, file, build.config, partial(_worded, build, content.make))
        if kind is PageType.DEFINED_TERMS:
            _add_terms_parts(build, file)


def _worded(build: Build, make: Callable[[Build, Page], str], page: Page) -> str:
    return worded(build.within, make(build, page))


_SCRIPT = "engross-terms.js"


def _defined_terms(build: Build, page: Page) -> str:
    assert build.terms is not None
    url, of_text = partial(build.document_url, page), build.languages.of_text

    def part_url(part: TermsPart) -> str:
        file = build.files.get_file_from_path(_source_of(part))
        return get_relative_url(file.url, page.url) if file else ""

    in_parts = any(one.parts for one in build.terms.defined)
    script = get_relative_url(_terms_script(build)[0], page.url) if in_parts else ""
    return render_defined_terms(build.terms.defined, build.templates, build.words, url, of_text, part_url, script)


def _source_of(part: TermsPart) -> str:
    return f"{PageType.DEFINED_TERMS.source.removesuffix('.md')}/{part.name}.md"


def _add_terms_parts(build: Build, index: File) -> None:
    """Add the pages with the terms by letter where one page would be too large; the page itself leads to them."""
    sets = build.terms.defined if build.terms else ()
    parts = [part for one in sets for part in one.parts]
    folder = index.url.removeprefix("./").removesuffix(".html").removesuffix("/")
    for part in parts:
        title = _terms_title(build, part, several=len(sets) > 1)
        file = generated_file(build.config, _source_of(part), title, build.settings_path)
        file.dest_uri = destination(f"{folder}/{part.name}/", build.config)
        file.inclusion = InclusionLevel.NOT_IN_NAV
        build.files.append(file)
        GeneratedPage(title, file, build.config, partial(_worded, build, partial(_terms_part, part=part, index=index)))
    if parts:
        name, content = _terms_script(build)
        put_file(build.files, File.generated(build.config, name, content=content))


def _terms_script(build: Build) -> tuple[str, bytes]:
    """The name and the content of the script of an index."""
    data = asset(_SCRIPT, build.own_templates)
    return hashed_name(_SCRIPT, data), data


def _terms_title(build: Build, part: TermsPart, *, several: bool) -> str:
    words = build.words
    title = f"{words['defined_terms']}, {part.set.title}" if several else words["defined_terms"]
    return words["archive_part_title"].format(title=title, part=part.label(words))


def _terms_part(build: Build, page: Page, part: TermsPart, index: File) -> str:
    url, of_text = partial(build.document_url, page), build.languages.of_text
    whole = get_relative_url(index.url, page.url)
    make = partial(render_terms_part, part, page.title, whole, build.templates, build.words, url, of_text)
    return kept_terms(build, page, part, [page.title, whole], make)


def _moved(build: Build, page: Page) -> str:
    """The page that "What changed since you agreed" replaced; at the end of the build it becomes a redirect."""
    target = build.posted.site.link(page_address(page), PageType.SINCE.address)
    return f'<p>{escape(build.words["moved_to"])} <a href="{target}">{escape(build.words["since_title"])}</a></p>'


def _since(build: Build, page: Page) -> str:
    posted, settings, here = build.posted, build.project.settings, page_address(page)
    styles, script, compare = [posted.style], posted.asset(SCRIPT, "js")[0], posted.site.compare

    def make() -> str:
        return render_since(posted.pub, settings, posted.summaries, here, styles, script, compare)

    return posted.kept(SINCE_MAKER, ["since.html"], [here, script, compare, repr(settings.sets)], make)


def _verify(build: Build, page: Page) -> str:
    posted = build.posted
    return render_verify(posted.pub, page_address(page), posted.style, posted.asset(VERIFY_SCRIPT, "js")[0])


def _for_programs(build: Build, page: Page) -> str:
    here, site = page_address(page), build.posted.site
    published = published_site(build)
    declared = archive_declaration(site.name, document_pages(build))
    return site.templates.get_template("for-programs.html").render(
        words=build.words,
        addresses=published_addresses(published),
        link=lambda address: site.link(here, address),
        schema=schema_address,
        declaration=json.dumps(declared, ensure_ascii=False, indent=2),
        openapi=addresses.OPENAPI,
        style=build.posted.style,
    )


_NOT_IN_NAV = (PageType.IN_FORCE, PageType.VERIFY, PageType.FOR_PROGRAMS)
"""The pages that pages of documents and versions link to: they are in the navigation only if mkdocs.yml names them.

IN_FORCE is for sites whose navigation and pages name it; nobody else should find it.
"""


def _has_record(build: Build) -> bool:
    return bool(build.edition.record.versions)


@value_class(frozen=True, slots=True)
class _Content:
    """The function that makes the HTML of a page once all documents are known, and whether a site has the page."""

    make: Callable[[Build, Page], str]
    wanted: Callable[[Build], bool] = lambda _: True


_CONTENT: Mapping[PageType, _Content] = {
    PageType.DEFINED_TERMS: _Content(_defined_terms, wanted=lambda build: build.options.link_terms),
    PageType.IN_FORCE: _Content(_moved),
    PageType.SINCE: _Content(_since),
    PageType.VERIFY: _Content(_verify, wanted=_has_record),
    PageType.FOR_PROGRAMS: _Content(_for_programs, wanted=_has_record),
}
