"""What a preview of the draft shows besides the site: that nothing of it is posted, and what is wrong with it.

A preview is shown whatever is wrong with a document, a change note or the record's rules. Each page has a banner and
the findings about it, and search engines may list none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

import engross.common.lazy_re as re
from engross.common import visible
from engross.corpus import shown_path
from engross.model import Diagnostic
from engross.render import PENDING, planned_redlines
from engross.site.build import Build
from engross.site.files import GeneratedPage
from engross.site.page_content import shown_state
from engross.site.pages import DocumentPage, from_root

_NOINDEX = '<meta name="robots" content="noindex, nofollow">'
_NOT_LISTED = re.compile(r"<meta\b[^>]*\bname=[\"']?robots\b[^>]*\bnoindex\b", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_MOST = 50
"""The most findings that a page shows; the log has all."""


def put_notices(build: Build, page: Page) -> None:
    """Put the banner and the findings about a page at its top.

    To be called when the search plugin has read the page, or it would index them.
    """
    if build.edition.preview and page.content is not None:
        page.content = render_notices(build, page) + page.content


def render_notices(build: Build, page: Page) -> str:
    """Render the banner of a preview and the findings about a page."""
    found = build.findings_of_pages.get(page.file.src_uri, [])
    pending = build.posted.pending
    main = build.posted.site.file(build.posted.home) if build.posted.main else ""
    return build.templates.get_template("preview.html").render(
        words=build.words,
        is_document=isinstance(page, DocumentPage),
        state=shown_state(build, page.document.entry) if isinstance(page, DocumentPage) else None,
        site_url=partial(from_root, page),
        count=len(pending.changes) if pending else 0,
        pending=f"{from_root(page, main)}#{PENDING}" if build.posted.main else "",
        findings=found[:_MOST],
        total=len(found),
        unreadable=any(build.pages[name].file is page.file for name in build.project.unreadable),
        visible=visible,
    )


def findings_of_pages(build: Build) -> Mapping[str, list[Diagnostic]]:
    """Which findings each page shows, by its source path.

    A finding about a note is on the page of posted changes and on those of the note's documents. One that is about no
    page is on the page of posted changes, or on the home page.
    """
    found: dict[str, dict[Diagnostic, None]] = defaultdict(dict)
    pages = dict(_sources(build))
    rest = build.posted.main or next((file.src_uri for file in _pages(build) if file.dest_uri == "index.html"), "")
    notes = {note.source.path: note.documents for note in build.state.plan.notes} if build.findings else {}
    for name, mistakes in build.project.unreadable.items():
        found[build.pages[name].file.src_uri] |= dict.fromkeys(mistakes)
    for finding in build.findings:
        documents = notes.get(finding.path, ())
        names = [build.pages[name].file.src_uri for name in documents if name in build.pages]
        for page in {pages.get(finding.path, rest), *names}:
            found[page][finding] = None
    return {page: list(findings) for page, findings in found.items()}


def _sources(build: Build) -> Iterator[tuple[str, str]]:
    """The name of the source of each page in messages, with its path in the docs folder."""
    for file in _pages(build):
        if file.abs_src_path and not isinstance(file.page, GeneratedPage):
            yield shown_path(Path(file.abs_src_path)), file.src_uri
    for page in build.pages.values():
        if page.document.source:
            yield page.document.source.path, page.file.src_uri


def _pages(build: Build) -> Iterator[File]:
    return iter(build.files.documentation_pages())


def not_listed(html: str) -> str:
    """Add to a page that search engines must not list it, unless it says so itself."""
    head = _HEAD.search(html)
    if head is None or _NOT_LISTED.search(html, 0, max(html.find("</head"), 0)):
        return html
    return f"{html[: head.end()]}\n{_NOINDEX}{html[head.end() :]}"


def hide_pages(folder: Path) -> None:
    """Do that with all pages below a folder, such as those that are copied from the docs folder."""
    for path in folder.rglob("*.html"):
        html = path.read_bytes().decode("utf-8", errors="surrogateescape")
        hidden = not_listed(html)
        if hidden != html:
            path.write_bytes(hidden.encode("utf-8", errors="surrogateescape"))


def write_redlines(build: Build, folder: Path) -> None:
    """Write the redlines between posted versions and the draft into the site's folder."""
    pending = build.posted.pending
    for name, html in planned_redlines(pending) if pending else ():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8", newline="\n")
