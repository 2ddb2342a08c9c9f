"""The parts of a link that show nothing: destinations, titles, labels, and the definitions of references.

One step of reading a Markdown source a second time, with no code of the parser's (see `fidelity`). All patterns are
possessive or bounded, so that no input takes more than linear time. Offsets are 0-based and count characters; a
result of -1 means "not here". Rules are CommonMark 0.31.2, sections 4.7 and 6.3.
"""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[ \t\n]*+")
_ANGLE = re.compile(r"<(?:[^<>\n\\]|\\.)*+>", re.S)
_BARE = re.compile(r"(?:[^\\()\x00-\x20\x7f]|\\[!-/:-@\[-`{-~]|\\(?=[^ ]|$))++")
_TITLE = re.compile(r'"(?:[^"\\]|\\.)*+"|\'(?:[^\'\\]|\\.)*+\'|\((?:[^()\\]|\\.)*+\)', re.S)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.S)
_LINE_END = re.compile(r"[ \t]*+(?:\n|\Z)")
_DEEPEST_PARENTHESES = 32


def reference_key(label: str) -> str:
    """What two labels must share to mean the same reference: case and runs of blanks do not count."""
    return " ".join(label.split()).casefold()


def label_at(text: str, at: int) -> tuple[str, int]:
    """The label in brackets at offset `at`, and the offset after it; ("", -1) where there is none."""
    match = _LABEL.match(text, at)
    return (match[1], match.end()) if match else ("", -1)


def link_tail_end(text: str, at: int) -> int:
    """The offset after `(destination "title")` at offset `at`, or -1."""
    if not text.startswith("(", at):
        return -1
    at = _skip_blanks(text, at + 1)
    end = _destination_end(text, at)
    if end != -1:
        at = _skip_blanks(text, end)
        title = _TITLE.match(text, at) if at > end else None
        at = _skip_blanks(text, title.end()) if title else at
    return at + 1 if text.startswith(")", at) else -1


def definitions(text: str) -> tuple[list[str], int]:
    """The keys of the reference definitions that a paragraph begins with, and the offset after the last of them."""
    keys: list[str] = []
    at = 0
    while text.startswith("[", at):
        key, end = _definition(text, at)
        if end == -1:
            break
        keys.append(key)
        at = end
    return keys, at


def _definition(text: str, at: int) -> tuple[str, int]:
    label, end = label_at(text, at)
    key = reference_key(label)
    if not key or not text.startswith(":", end):
        return "", -1
    end = _destination_end(text, _skip_blanks(text, end + 1))
    if end == -1:
        return "", -1
    start = _skip_blanks(text, end)
    title = _TITLE.match(text, start) if start > end else None
    closed = _LINE_END.match(text, title.end()) if title else None
    closed = closed or _LINE_END.match(text, end)
    return (key, closed.end()) if closed else ("", -1)


def _skip_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _destination_end(text: str, at: int) -> int:
    """The offset after a destination; one without angle brackets is not empty and its parentheses balance."""
    if text.startswith("<", at):
        angle = _ANGLE.match(text, at)
        return angle.end() if angle else -1
    start, depth = at, 0
    while True:
        run = _BARE.match(text, at)
        at = run.end() if run else at
        character = text[at : at + 1]
        if character == "(" and depth < _DEEPEST_PARENTHESES:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        else:
            break
        at += 1
    return at if at > start and not depth and text[at : at + 1] != "(" else -1
