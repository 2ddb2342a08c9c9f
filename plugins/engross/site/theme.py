"""Mends what Material's markup lacks, on the finished page, so that a site's overrides of the theme stay as they are.

Where a theme or a version of it has other markup, nothing matches and nothing changes. Colours and lines are the style
sheet's part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

_DIALOG = re.compile(r'<div class="md-search" data-md-component="search" role="dialog">')
_PROGRESS = re.compile(r'(<div class="md-progress" data-md-component="progress") role="progressbar">')
_SCRIPTS = re.compile(
    r'<script src="(?P<theme>[^"]*assets/javascripts/bundle\.[^"/]*\.js)"></script>(?P<between>\s*)'
    r'(?P<page><script src="[^"]*engross-page\.[^"/]*\.js")>(?P<after>.*)',
    re.DOTALL,
)
_OTHER_SCRIPT = re.compile(r'<script\b(?! src="[^"]*assets/engross[^"/]*\.js")')
_CONTENTS = re.compile(r'<div class="md-sidebar md-sidebar--secondary"')
_SIGN = re.compile(r'<label class="md-header__button md-icon" for="__(drawer|search)"')
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
    names = {"drawer": escape(words["menu"]), "search": name}
    html = _SIGN.sub(lambda found: f'{found[0]} data-engross-name="{names[found[1]]}"', html)
    if "data-engross-text" in html:
        html = _CONTENTS.sub(r"\g<0> data-engross-contents", html)
    html = _DIALOG.sub(lambda found: f'{found[0][:-1]} aria-label="{name}">', html)
    html = _PROGRESS.sub(r'\1 aria-hidden="true">', html)
    # Every link begins as that one does: a look at the whole first takes far less time.
    html = _FACTS.sub(r"\1>", html) if 'class="md-source"' in html else html
    return _theme_last(html)


def _theme_last(html: str) -> str:
    """A page whose theme is set up once the page can be read: `engross-page.js` loads the theme's script then.

    That script takes longer than all the rest of a long page, and nobody needs it to read. Where other scripts follow
    it, they may ask for what it defines, and it stays where it is.
    """
    found = _SCRIPTS.search(html)
    if not found or _OTHER_SCRIPT.search(found["after"]):
        return html
    return f'{html[: found.start()]}{found["page"]} data-engross-theme="{found["theme"]}">{found["after"]}'
