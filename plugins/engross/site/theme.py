"""Mends what Material's markup lacks, on the finished page, so that a site's overrides of the theme stay as they are.

Where a theme or a version of it has other markup, nothing matches and nothing changes. Colours and lines are the style
sheet's part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
_PROGRESS = '<div class="md-progress" data-md-component="progress" role="progressbar">'
_SCRIPTS = re.compile(
    r'<script src="(?P<theme>[^"]*assets/javascripts/bundle\.[^"/]*\.js)"></script>(?P<between>\s*)'
    r'(?P<page><script src="[^"]*engross-page\.[^"/]*\.js")>(?P<after>.*)',
    re.DOTALL,
)
_OTHER_SCRIPT = re.compile(r'<script\b(?! src="[^"]*assets/engross[^"/]*\.js")')
_CONTENTS = '<div class="md-sidebar md-sidebar--secondary"'
_SIGN = '<label class="md-header__button md-icon" for="__{}"'
_FACTS = re.compile(r'(<a [^>]*class="md-source") data-md-component="source">')


def mend_material(html: str, words: Mapping[str, str]) -> str:
    """A page made by Material, mended; any other page as it is.

    - The search dialog gets a name (axe: aria-dialog-name).
    - The line that runs while a page loads is hidden from who hears the page: it has no name and no value to tell.
    - The signs for menu and search get names, by which the page's script makes them buttons.
    - The contents of a document are known as such: the style sheet folds long ones to the section that is read.
    - The theme's script is loaded when the page can be read, unless other scripts come after it.
    - The link to the repository does not ask the repository's host for its stars: no request leaves the site.
    """
    if "md-header" not in html:
        return html
    name = escape(words["search"])
    # Words are put for words, and patterns only tried where they may match: a page has 150,000 characters.
    for sign, said in (("drawer", escape(words["menu"])), ("search", name)):
        html = html.replace(_SIGN.format(sign), f'{_SIGN.format(sign)} data-engross-name="{said}"')
    if "data-engross-text" in html:
        html = html.replace(_CONTENTS, f"{_CONTENTS} data-engross-contents")
    html = html.replace(_DIALOG, f'{_DIALOG[:-1]} aria-label="{name}">')
    html = html.replace(_PROGRESS, _PROGRESS.replace('role="progressbar"', 'aria-hidden="true"'))
    html = _FACTS.sub(r"\1>", html) if 'class="md-source"' in html else html
    return _theme_last(html)


def _theme_last(html: str) -> str:
    """A page whose theme is set up once the page can be read: `engross-page.js` loads the theme's script then.

    That script takes longer than all the rest of a long page, and nobody needs it to read. Where other scripts follow
    it, they may ask for what it defines, and it stays where it is.
    """
    found = _SCRIPTS.search(html, max(0, html.rfind("<script", 0, html.find("assets/javascripts/bundle."))))
    if not found or _OTHER_SCRIPT.search(found["after"]):
        return html
    return f'{html[: found.start()]}{found["page"]} data-engross-theme="{found["theme"]}">{found["after"]}'
