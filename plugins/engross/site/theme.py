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
_FACTS = re.compile(r'(<a [^>]*class="md-source") data-md-component="source">')


def mend_material(html: str, words: Mapping[str, str]) -> str:
    """A page made by Material, mended; any other page as it is.

    - The search dialog gets a name (axe: aria-dialog-name).
    - The line that runs while a page loads is hidden from who hears the page: it has no name and no value to tell.
    - The link to the repository does not ask the repository's host for its stars: no request leaves the site.
    """
    if "md-header" not in html:
        return html
    name = escape(words["search"])
    html = _DIALOG.sub(lambda found: f'{found[0][:-1]} aria-label="{name}">', html)
    html = _PROGRESS.sub(r'\1 aria-hidden="true">', html)
    return _FACTS.sub(r"\1>", html)
