"""The input of exported files: one value for every format, so that no format reads a record or a folder.

A `Copy` has one `Part` for each document: one for a version or a draft, several for a set. All texts are as sealed, so
a redacted version has no redacted words. Every string is plain text; each format escapes it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from urllib.parse import unquote

from engross.common import value_class
from engross.corpus import Words
from engross.model import Binding, Document, SetEntry, Tree, Version
from engross.redline import Redline
from engross.text import is_absolute


@value_class(frozen=True, slots=True)
class Front:
    """The cover of a copy, as plain text: the same facts as on the printed page.

    `running` is for the head of every page, `hash` the beginning of the text hash (empty for drafts and sets).
    `standing` are sentences about the state, `facts` pairs of name and value, `sets` the titles of the sets.
    """

    kind: str
    title: str
    running: str
    sets: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    hash: str = ""


@value_class(frozen=True, slots=True)
class Target:
    """Where a written link leads: an anchor of a `document` ("" for another site or page), and its full `address`.

    `address` is empty if the site's own address is not known.
    """

    document: str = ""
    anchor: str = ""
    address: str = ""


@value_class(frozen=True)
class Part:
    """One document of a copy.

    * `version` and `tree` are None for a draft. `binding` has the definitions and references of the document's set;
      None for a verbatim text or a list of models.
    * `pictures`: the bytes of the local pictures that it shows, by path in the docs folder. `missing`: the paths of
      those that were not sealed or are not there.
    * `files`: the documents that its text may link to, by the path of their file in the docs folder: id and full
      address. `pages`: the full addresses of the site's other pages, by path.
    * `notices`: sentences in place of redacted words, by the index of the clause in the order of `root.walk()`.
    * `verify`: the steps to prove that the text is the one that was posted.
    * `around`: the versions in force with it, by document, with their trees; `earlier`: the versions of the document up
      to this one that applied; `ends`: its recorded end.
    """

    document: Document
    front: Front
    version: Version | None = None
    tree: Tree | None = None
    binding: Binding | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    missing: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    pages: Mapping[str, str] = field(default_factory=dict, repr=False)
    notices: Mapping[int, str] = field(default_factory=dict)
    verify: tuple[str, ...] = ()
    language: str = ""
    around: Mapping[str, tuple[Version, Tree]] = field(default_factory=dict, repr=False)
    earlier: tuple[Version, ...] = ()
    ends: datetime | None = None

    @property
    def file_name(self) -> str:
        """The name of the source as a file: "agreement-3.md", "agreement.md" for a draft."""
        number = f"-{self.version.number}" if self.version else ""
        return f"{self.document.id}{number}{posixpath.splitext(self.document.entry.file)[1].lower()}"

    def target(self, written: str) -> Target | None:
        """Resolve a link as written in the document; None if it leads nowhere."""
        if is_absolute(written):
            return Target(address=written)
        path, _, anchor = written.partition("#")
        own = self.document.entry.file
        name = posixpath.normpath(posixpath.join(posixpath.dirname(own), unquote(path))) if path else own
        end = f"#{anchor}" if anchor else ""
        if name == own:
            return Target(self.document.id, unquote(anchor))
        if name in self.files:
            document, address = self.files[name]
            return Target(document, unquote(anchor), address and f"{address}{end}")
        return Target(address=f"{self.pages[name]}{end}") if name in self.pages else None


@value_class(frozen=True)
class Copy:
    """A version, a draft, or a whole set (`set`) with its documents in order of precedence.

    `at` is the instant that a file states as that of its making: when the version was posted, so that a file never
    changes; since when the versions of a set are in force together; for drafts that of the export. `language` is a
    BCP 47 tag. `left_out` are the titles and addresses of documents of a set that are published elsewhere.
    """

    front: Front
    parts: tuple[Part, ...]
    words: Words = field(repr=False)
    at: datetime
    language: str = "en"
    set: SetEntry | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    publisher: str = ""
    address: str = ""


@value_class(frozen=True)
class RedlineCopy:
    """A redline as a file: the edit script, and who made the change.

    `author` is who is named as the author of the changes, `at` the instant of the change.
    """

    script: Redline
    front: Front
    words: Words = field(repr=False)
    at: datetime
    author: str = ""
    language: str = "en"


def source_bytes(copy: Copy) -> bytes:
    """Return the source of the copy's only document."""
    source = copy.parts[0].document.source
    assert source is not None
    return source.data
