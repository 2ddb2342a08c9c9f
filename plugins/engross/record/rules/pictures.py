"""`picture`: a picture of a text to be posted that cannot be sealed with it."""

from __future__ import annotations

from collections.abc import Iterator

from engross.errors import error
from engross.model import Diagnostic, EntryKind, MarkKind, Source
from engross.record.pictures import KINDS, MOST_BYTES, RULE, picture_problems
from engross.record.plan import Plan
from engross.record.rules.rule import RecordRule
from engross.text import parse


def _unsealable(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft:
            yield from picture_problems(plan.project.docs, posting.draft.document)
    for note in plan.notes:
        yield from _in_note(note.source)


def _in_note(source: Source) -> Iterator[Diagnostic]:
    for clause in parse(source).walk():
        for mark in clause.inline.marks:
            if mark.kind is MarkKind.IMAGE:
                line, column = source.position(clause.inline.source_offset(mark.start))
                message = (
                    f"the picture {mark.target} is in a change note, with which no picture is sealed; show it in a "
                    "document, and link to the document here"
                )
                yield error(RULE, source.path, line, column, message)


UNSEALABLE = RecordRule(
    RULE,
    "A picture of a text that is to be posted, which cannot be sealed with the text; any picture in a pending note.",
    "A version shows its pictures as they were posted, so that their files are sealed with it. A picture is a file in "
    "the docs folder, named by its path relative to the document's file, of at most "
    f"{MOST_BYTES // 1_000_000} MB, and one of {', '.join(KINDS)}. Keep a picture that another tool makes during the "
    "build in the docs folder as a file. Only texts and notes that are to be posted are asked.",
    _unsealable,
)
