"""The page "Verify a document": a script looks the hash of a file up among those of the published files."""

from __future__ import annotations

import json

from engross.corpus import PageType
from engross.record import addresses
from engross.render.changes.posted import Publication

VERIFY_SCRIPT = "engross-verify"
"""The file name of the script of this page."""

_SCRIPT_WORDS = (
    "date_form", "first_day", *(f"month_{number}" for number in range(1, 13)), "verify_working", "verify_published",
    "verify_version", "verify_current", "verify_announced", "verify_awaits", "verify_superseded", "verify_ended",
    "verify_withdrawn",
    "verify_imported", "verify_imported_current", "verify_page", "verify_set", "verify_changes", "verify_unknown",
    "verify_command", "verify_acceptance", "verify_insecure", "verify_failed", "verify_empty",
    "verify_large", "verify_unreadable", "since_title",
)  # fmt: skip
"""The UI strings that the script shows."""

_KINDS = {
    ".html": "as_html", ".md": "as_source", ".yml": "as_source", ".json": "as_json", ".seal.json": "as_seal",
    ".pdf": "as_pdf", ".docx": "as_docx", ".akn.xml": "as_akn",
}  # fmt: skip


def render_verify(pub: Publication, here: str, style: str, script: str) -> str:
    """The content of the page "Verify a document". `here` is its address; `style` and `script` are those of
    its files."""
    link, words = pub.site.link, pub.words
    data = {
        "root": "../" * here.count("/"),
        "index": link(here, addresses.HASHES),
        "since": link(here, PageType.SINCE.address),
        "page": pub.site.file(""),
        "words": {name: words[name] for name in _SCRIPT_WORDS},
        "kinds": {ending: words[f"archive_{name}"] for ending, name in _KINDS.items()},
    }
    return pub.site.templates.get_template("verify-document.html").render(
        words=words,
        since=link(here, PageType.SINCE.address),
        style=link(here, style),
        script=link(here, script),
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )
