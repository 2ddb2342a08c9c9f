"""Where a document's file is and where it is published: the rules for paths and addresses, checked as text."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from engross.model import DocumentKind

MARKDOWN = (".md", ".markdown")
YAML = (".yml", ".yaml")

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_SEGMENT = re.compile(r"[\w~%-][\w.~%-]*")


def file_mistake(file: str) -> str:
    """Why a path does not name a file inside the docs folder, or an empty string."""
    if "\\" in file:
        return "a path is written with /, not with \\"
    if file.startswith(("/", "~")) or re.match(r"[A-Za-z]:", file):
        return "a path relative to the docs folder is wanted"
    if ".." in file.split("/"):
        return "the file must stay inside the docs folder"
    if any(not part.strip() or part.startswith(".") for part in file.split("/")):
        return "no part of a path may be empty or begin with a dot"
    return ""


def suffix_mistake(file: str, kind: DocumentKind) -> str:
    """Why a file cannot hold a document of that kind, going by its name, or an empty string."""
    suffix = PurePosixPath(file).suffix.lower()
    if kind is DocumentKind.CATALOGUE:
        return "" if suffix in YAML else "a catalogue is a YAML file (.yml or .yaml)"
    return "" if suffix in MARKDOWN else "a document is a Markdown file (.md or .markdown)"


def derived_address(file: str) -> str:
    """The address that MkDocs gives to a docs file: agreement.md → agreement/, x/index.md → x/, index.md → ./."""
    path = PurePosixPath(file)
    parts = path.parts[:-1] if path.stem in ("index", "README") else path.with_suffix("").parts
    return quote("/".join(parts)) + "/" if parts else "./"


def address_mistake(address: str) -> tuple[str, str]:
    """Why a text is no relative address of a page, and the text to paste; both empty where it is one."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
        return "only a notice-only document is published elsewhere; an address on this site is wanted", ""
    segments = address.removesuffix("/").split("/")
    if address != "./" and not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return "a relative address such as terms/ is wanted", ""
    return ("", "") if address.endswith("/") else ("an address ends in /", f"{address}/")


def https_mistake(value: str) -> str:
    """What is wrong with an address that should begin with https://, or an empty string."""
    wrong = "an address that begins with https:// is wanted"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return wrong
    sound = parts.scheme == "https" and host and _HOST.fullmatch(host) and not re.search(r"[\s\\<>\"]", value)
    if sound and (parts.username or parts.password):
        return "an address must not hold a user name or password"
    return "" if sound else wrong
