"""What counts as one blank: any run of HTML's white space. A no-break space is no blank, it is text."""

from __future__ import annotations

import re

_RUN = re.compile("  +")


def fold(text: str) -> str:
    """The text with every run of blanks as one space, and none at its ends."""
    for blank in "\t\n\f\r":
        if blank in text:
            text = text.replace(blank, " ")
    return _RUN.sub(" ", text).strip(" ")
