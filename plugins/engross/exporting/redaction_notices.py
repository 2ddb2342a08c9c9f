"""The sentences that copies have in place of redacted words, in every language and time zone that a copy may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, available_timezones

from engross.corpus import Words, shipped_templates, ui_strings
from engross.exporting.word_comparison import Notices
from engross.model import Document, Version
from engross.render import ShownDates


def redaction_notices(document: Document, version: Version, text: str, own: Iterable[Words]) -> Iterator[Notices]:
    """Yield the notices that a copy of a version may have where its words were redacted.

    `text` is that of the copy, without blanks: only sentences that are in it count. `own` are UI strings of the site.
    """
    for words in all_words(own):
        found = dict(_sentences(document, version, text, words))
        if found:
            yield Notices(found, inside=True)
            yield Notices(found)


def all_words(own: Iterable[Words]) -> Iterator[Words]:
    """Yield the UI strings of a site, and those of every language that Engross has."""
    yield from own
    yield from (ui_strings(path.stem) for path in sorted((shipped_templates() / "words").glob("*.yml")))


def _sentences(document: Document, version: Version, text: str, words: Words) -> Iterator[tuple[int, str]]:
    for index, clause in enumerate(document.root.walk()):
        for entry in version.redactions:
            if entry.clause and entry.clause in (clause.anchor, clause.label):
                for zone in sorted(available_timezones()):
                    day = ShownDates(ZoneInfo(zone), words).instant(entry.posted)
                    sentence = words["archive_redacted_here"].format(day=day, reason=entry.reason)
                    if "".join(sentence.split()) in text:
                        yield index, sentence
                        break
