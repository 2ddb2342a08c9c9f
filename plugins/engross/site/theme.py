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
_SCRIPT = re.compile(r"<script\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>\s*(?P<body>[^<]{0,80})", re.IGNORECASE)
_OURS = re.compile(r'\ssrc="[^"]*assets/engross[^"/]*\.js"')
_DATA = re.compile(r"\stype=[\"']?application/(?:ld\+)?json\b")
# How the theme's own inline scripts begin that ask for nothing of its script. That of its analytics does.
_OF_THE_THEME = (
    "__md_scope=new URL(",
    'var palette=__md_get("__palette")',
    'var tabs=__md_get("__tabs")',
    'var consent=__md_get("__consent")',
    "var target=document.getElementById(location.hash.slice(1))",
    'var el=document.querySelector("[data-md-component=announce]")',
    'var el=document.querySelector("[data-md-component=outdated]")',
)
_CONTENTS = '<div class="md-sidebar md-sidebar--secondary"'
_SIGN = '<label class="md-header__button md-icon" for="__{}"'
_FACTS = re.compile(r'(<a [^>]*class="md-source") data-md-component="source">')


def mend_material(html: str, words: Mapping[str, str]) -> str:
    """A page made by Material, mended; any other page as it is.

    - The search dialog gets a name (axe: aria-dialog-name).
    - The line that runs while a page loads is hidden from who hears the page: it has no name and no value to tell.
    - The signs for menu and search get names, by which the page's script makes them buttons.
    - The contents of a document are known as such: the style sheet folds long ones to the section that is read.
    - The theme's script is loaded when the page can be read, unless the page has scripts of others.
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

    That script takes longer than all the rest of a long page, and nobody needs it to read. Any other script of a page,
    wherever it stands, may ask for what the theme's defines, or wait for the same event as it does: there it stays.
    """
    found = _SCRIPTS.search(html, max(0, html.rfind("<script", 0, html.find("assets/javascripts/bundle."))))
    if not found or any(map(_of_others, _SCRIPT.finditer(html[: found.start()] + found["after"]))):
        return html
    return f'{html[: found.start()]}{found["page"]} data-engross-theme="{found["theme"]}">{found["after"]}'


def _of_others(script: re.Match[str]) -> bool:
    """Whether a script is neither the theme's nor ours; what a page holds as data is no script."""
    attributes = script["attributes"]
    if _OURS.search(attributes) or _DATA.search(attributes):
        return False
    return bool(attributes.strip()) or not script["body"].startswith(_OF_THE_THEME)
