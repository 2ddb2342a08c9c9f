"""An agreement of which a change is announced."""

from pathlib import Path

from engross.record.notes.new_note import NoteRequest
from engross.record.posting.rebase import Fix, Rebased, rebase
from engross.text import read_source

from .playing import (
    Site,
    instant,
    posted_site,
)

SOONER = ("within thirty days", "within twenty days")
ITEM = ("(d) hide who you are.", "(d) hide who you are; or\n(e) lend the service.")
TYPO = ("Either party may", "Each party may")


def announced_site(folder: Path) -> Site:
    """Version 2 of the agreement is announced for day 30: a clause changes, an item comes. It is day 2."""
    site = posted_site(folder).at(1)
    site.edit("agreement.md", SOONER, ITEM)
    site.post("agreement", effective=instant(30), slug="sooner")
    return site.at(2)


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# rebase


def rebased(site: Site, document: str, fix: str, slug: str = "fix", **messages: object) -> Rebased:
    """Restore the version in force, fix it, and rebase."""
    state = site.state()
    name = state.project.documents[document].entry.file
    site.write(name, fix)
    state = site.state()
    text = read_source(site.root / "docs" / name, f"docs/{name}")
    facts = {"approved_by": "Counsel", "summary": "A slip is fixed.", **messages}
    made = rebase(state.plan, site.folders.notes, document, Fix(text, NoteRequest(**facts), slug))  # type: ignore[arg-type]
    for path, data in {**made.added, **made.changed}.items():
        (site.root / path).write_bytes(data)
    return made
