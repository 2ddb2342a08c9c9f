"""Escapes text for Markdown as GitHub and GitLab show it: in comments, job summaries and messages.

A host reads more than Markdown in the text of a page: it notifies whom a text mentions, links numbers to issues, and
turns `:smile:`, `$…$` and addresses into something else. It does so after it has removed backslashes, so a character
without width separates what it looks for.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import engross.common.lazy_re as re
from engross.common.message_format import revealed, visible

_GAP = "&#8203;"
"""A space without width: it keeps a host from finding a mention, a reference or an address."""

_SPECIAL = re.compile(
    r"""
      (?P<slash>[\\`*_\[\]|])       # CommonMark and tables
    | (?P<angle>[<>])               # HTML, comments, addresses in brackets, quotations
    | (?P<amp>&)(?P<epic>(?=\d))?   # entities; &1 is an epic of GitLab
    | (?P<dollar>\$)                # formulas of GitHub
    | (?P<tilde>~)                  # strikethrough; ~label of GitLab
    | (?P<sign>[@#!%](?=[\w"'])|\^(?=alert))  # @person, #1, !1, %milestone, ^alert#1
    | (?P<colon>:)(?=\S)            # :smile:, https://, iteration:1
    | (?P<www>www)(?=\.)
    | (?P<gh>GH)(?=-\d)
    | (?<![0-9A-Za-z])(?P<sha>(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{3})(?=[0-9a-f]{4,37}(?![0-9A-Za-z]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIRST = re.compile(r"(?:(?P<digits>\d{1,9})(?P<after>[.)])|(?P<sign>[-+#=/]))")
"""What would begin a list, a heading, a line or a command of GitLab as the first characters of a block."""
_WORD = re.compile(r"[^\W_]")


def escape_markdown(text: str) -> str:
    """Return a text as Markdown of one line that shows it, whatever it contains, and notifies nobody.

    Blanks and line ends become single spaces. Characters that cannot be seen are shown by their numbers.
    """
    line = revealed(" ".join(text.split()))
    return _FIRST.sub(_first, _SPECIAL.sub(_escaped, line), count=1) if _FIRST.match(line) else _SPECIAL.sub(
        _escaped, line
    )  # fmt: skip


_ANGLES = {"<": "&lt;", ">": "&gt;"}


def _escaped(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found[0]
    if kind == "slash":
        return f"\\{text}"
    if kind == "angle":
        return _ANGLES[text]
    if kind in ("amp", "epic"):
        return f"&amp;{_GAP if kind == 'epic' else ''}"
    if kind == "dollar":
        return "<span>$</span>"
    if kind == "tilde":
        return f"\\~{_GAP}"
    return f"{text}{_GAP}"


def _first(found: re.Match[str]) -> str:
    return f"{found['digits']}\\{found['after']}" if found["digits"] else f"\\{found['sign']}"


def marked_markdown(sign: str, text: str) -> str:
    """Return escaped text between two signs, such as `**`, with the blanks at its ends outside.

    A sign next to punctuation and a letter marks nothing; then a character without width is between them.
    """
    core = text.strip(" ")
    if not core:
        return text
    begin, end = text[: text.index(core[0])], text[len(text.rstrip(" ")) :]
    before = "" if _WORD.match(core[0]) else "\u200b"
    after = "" if _WORD.match(core[-1]) else "\u200b"
    return f"{begin}{sign}{before}{core}{after}{sign}{end}"


def code_span(text: str) -> str:
    """Return a text as code within a line."""
    line = revealed(" ".join(text.split()))
    if not line:
        return ""
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def code_block(text: str, language: str = "") -> list[str]:
    """Return a text of several lines as the lines of a block of code, to be copied as it is."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}{language}", *visible(text).rstrip("\n").split("\n"), fence]


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def link_markdown(label: str, address: str) -> str:
    """Return a link with an escaped label; only the label, if the address is not that of a web page."""
    try:
        parts = urlsplit(address)
    except ValueError:  # http://[::1
        return label
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return label
    return f"[{label}]({quote(address, safe=_IN_ADDRESS)})"


_IN_ADDRESS = "/:?#[]@!$&'*+,;=%~"
"""What stays in the address of a link; brackets and blanks would end it."""
