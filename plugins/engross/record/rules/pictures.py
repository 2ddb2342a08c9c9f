"""`picture`: a picture of a text to be posted that cannot be sealed with it."""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Diagnostic, EntryKind
from engross.record.pictures import KINDS, MOST_BYTES, RULE, picture_problems
from engross.record.plan import Plan
from engross.record.rules.rule import RecordRule


def _unsealable(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft:
            # What is missing is a broken link as well, and told as one.
            yield from picture_problems(plan.project.docs, posting.draft.document, missing=False)


UNSEALABLE = RecordRule(
    RULE,
    "A picture of a text that is to be posted, which cannot be sealed with the text.",
    "A version shows its pictures as they were posted, so that their files are sealed with it. A picture is a file in "
    "the docs folder, named by its path relative to the document's file, of at most "
    f"{MOST_BYTES // 1_000_000} MB, and one of {', '.join(KINDS)}. Keep a picture that another tool makes during the "
    "build in the docs folder as a file. Only texts that are to be posted are asked.",
    _unsealable,
)
