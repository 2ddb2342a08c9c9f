"""The labels of clauses in the words of a page: "Opening, paragraph 2" is „Eingang, Absatz 2“ on a German page.

Labels are part of sealed texts, in English. What a label has from the text itself is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import engross.common.lazy_re as re

LABEL_WORDS: Final = ("label_opening", "label_footnote", "label_paragraph", "label_item", "label_quotation")
"""The names of the words in labels."""

_WORD: Final = re.compile(r"\A(Opening)(?=\Z|[,:]| ?[(“])|\A(Footnote)(?= \d)|(?<=, )(paragraph|item|quotation)(?= \d)")


def shown_label(label: str, words: Mapping[str, str]) -> str:
    """Return a label with its English words replaced by those of a page; words that it lacks stay."""
    return _WORD.sub(lambda found: words.get(f"label_{found[0].lower()}", found[0]), label)
