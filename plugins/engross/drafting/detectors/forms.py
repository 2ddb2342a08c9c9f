"""Tells the blanks of a contract from those that readers fill in, in forms, letters and words to write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import engross.common.lazy_re as re
from engross.drafting.detectors.file_parts import head_in
from engross.drafting.subject import Passage
from engross.language import NOUNS, blank_words, form_words
from engross.model import ClauseKind

YOURS = re.compile(r"Y(?:our|OUR)(?:\s+[A-Z][\w’'/-]*){1,3}")
"""Words in brackets for something of the reader’s, such as "Your Name", in which only capitals mark a blank."""

_INSTRUCTION = re.compile(
    r"\W*(?:insert|enter|fill[ -]?in|complete|to be (?:inserted|completed|added|confirmed|determined|agreed|specified)"
    r"|specify|choose|select|tbd|tbc|tba|todo|placeholder|xx+|n{4,}|\?+"
    r"|[●•■◆_…. -]*[●•■◆_][●•■◆_…. -]*)"
    r"(?![\w-]*\w)",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(
    r"[\w ]{1,40}\b(?:to be|yet to be|not yet) (?:confirmed|agreed|determined|decided|known)", re.IGNORECASE
)
_FIELD = (
    r"(?:Company|(?i:name|date|address|e-?mail|amount|state|country|jurisdiction|city|county|number|title|url|link|website|phone"
    r"|price|percentage|signatory|signature))s?"
)
SLOT = re.compile(
    r"(?:(?:the|your|[A-Z][\w’'/-]*)\s+(?:(?:[A-Z][\w’'/-]*|of|and|or|the|for)\s+)*)?"
    rf"{_FIELD}(?:\s+(?:of|and|or|address|number)(?:\s+[A-Z][\w’'-]*){{1,4}})?"
)
"""Words in brackets that name a field: "Name of Buyer"."""
# Other words in capitals may be a title or a note: "[SOURCE: ORDER 8]".
_CERTAIN = re.compile(rf"(?:.*\b)?{_FIELD}\W*|{_FIELD}\s+(?:of|for)\b.*")
_LAST_WORD = re.compile(r"([A-Za-z-]+?)s?\W*\Z")
# "PREIS_PRO_MEETING": a variable in any language.
_VARIABLE = re.compile(r"[A-Z]{2,}(?:_[A-Z\d]+)+")
_CAPITALS = re.compile(r"(?!.*\d\.\d)(?=.*[A-Z]{3})[A-Z0-9 ,.’'&/:#-]+")
# Words in brackets that are not blanks: reserved clauses, and notes on a quotation.
_LEFT_ON_PURPOSE = re.compile(
    r"\W*(?:the\s+)?(?:reserved|intentionally|omitted|deleted|redacted|not used|sic|emphasis|repealed|signature page"
    r"|remainder|balance of|.*\bleft blank\b|end\b|illegible|unreadable"
    r"|(?:corporate |company |notar\w+ |official )?seal\W*\Z|.*\bomitted\W*\Z"
    r"|signatures?(?: of\b.*)?\W*\Z|signatures? (?:pages? )?(?:on|of follow|follow|appears?|begins?|to follow)"
    r"|(?:[\w&.' -]{1,30} )?(?:logo|graphic|photo|picture|flag)\W*\Z"
    r"|(?:conformed|execution|composite|certified|signed) (?:copy|version)"
    r"|.*\b(?:signature|execution|counterpart)s? pages?\b|.*\b(?:letterhead|(?:appears|appear) here)\W*\Z)",
    re.IGNORECASE,
)

_READER_WRITES = re.compile(r"\byou(?:r)?\b(?![^\[]{0,3}\])", re.IGNORECASE)
_ASKS_TO_WRITE = re.compile(
    r"\b(?:subject|title|headline|includ\w*|stat\w*|writ\w*|enter|type)\b[^.“\"]{0,30}\Z", re.IGNORECASE
)
_OF_READER = re.compile(r"\W*(?:insert |enter |add |include )?(?:your|the reader’s)\b")


# "108 EXHIBIT A": the number of the page is before it.
_LABEL = (
    r"(exhibit|annex(?:e|ure)?|schedule|appendix|attachment|anlage|anhang|anexo)\s+[“\"]?([A-Z]|\d{1,2})(?:-\d{1,2})?"
    r"(?!\w|\.\w|[’'])"
)
_ATTACHED = re.compile(rf"\W*(?:\d{{1,3}}\s+)?{_LABEL}(?!.*[.;,]\Z)", re.IGNORECASE)
# "a note in the form of Exhibit A", "Exhibit A – Form of Note": the attachment is filled in on a later day.
_IN_THE_FORM = re.compile(
    rf"\bforms?\b(?:[ \n](?!(?:section|article|clause)s?\b)[\w’,()-]+){{0,12}}?[ \n](?:of|as|in|on|by)[ \n]{_LABEL}",
    re.IGNORECASE,
)
_LISTED_AS_FORM = re.compile(rf"{_LABEL}\W{{1,12}}forms?[ \n]of\b", re.IGNORECASE)
_ANNEXED = re.compile(
    r"\bforms? of\b|\bnotices? of (?:conversion|borrowing|exercise|prepayment|election|redemption|withdrawal)\b"
    r"|\bassignment and (?:assumption|acceptance)\b|\bjoinder\b|\bcompliance certificate\b"
    r"|\b(?:exercise|election|purchase|borrowing|conversion) (?:notice|form|request)\b"
    r"|\belection to (?:purchase|exercise)\b|\bquestionnaire\b",
    re.IGNORECASE,
)
_TO_SIGN = re.compile(
    r"[\s(*_]*to\s+be\s+(?:executed|signed|completed|filled\s+(?:in|out)|returned)\b[^.]{0,30}\b(?:by|upon|if|when|in\s+order)\b",
    re.IGNORECASE,
)
_LONGEST_HEAD, _LINES_OF_HEAD = 100, 4


def is_blank(words: str, language: str = "en") -> bool:
    """Return whether words in brackets are a blank in a text of some language."""
    if _LEFT_ON_PURPOSE.match(words) or blank_words(language).left_out.fullmatch(words):
        return False
    if _INSTRUCTION.match(words) or _LEFT_OPEN.fullmatch(words):
        return True
    patterns = (_CAPITALS, _VARIABLE, SLOT, YOURS, form_words().date, blank_words(language).blank)
    return any(pattern.fullmatch(words.strip()) for pattern in patterns)


def is_certain(words: str, language: str = "en") -> bool:
    """Return whether words in brackets ask for something: by their form, a field, or a noun of contracts."""
    last, whole = _LAST_WORD.search(words), words.strip()
    return (
        any(pattern.match(words) for pattern in (_INSTRUCTION, _LEFT_OPEN, YOURS))
        or any(one.fullmatch(whole) for one in (_CERTAIN, _VARIABLE, form_words().date, blank_words(language).blank))
        or (last is not None and last[1].lower() in NOUNS)
    )


def annexed_forms(passages: Sequence[Passage]) -> frozenset[int]:
    """The indexes of the passages in attachments that are forms for a later day: "Exhibit A — Notice of Conversion"."""
    inside, found, forms = False, set[int](), _called_forms(passages)
    for at, passage in enumerate(passages):
        head = head_in(passage.text)
        if _TO_SIGN.match(head):
            inside = True  # "(To be executed by the holder to assign the warrant)"
        elif attached := _ATTACHED.match(head):
            heads = [one.text for one in passages[at : at + _LINES_OF_HEAD] if len(one.text) <= _LONGEST_HEAD]
            is_form = _key(attached) in forms or any(_ANNEXED.search(head) for head in heads)
            inside = is_form and not _is_listed(passages, at)
        if inside:
            found.add(passage.index)
    return frozenset(found)


def _called_forms(passages: Sequence[Passage]) -> frozenset[tuple[str, str]]:
    """The attachments that a text calls forms, by their word and letter."""
    texts = [passage.text for passage in passages if "orm" in passage.text or "ORM" in passage.text]
    return frozenset(
        _key(found) for text in texts for one in (_IN_THE_FORM, _LISTED_AS_FORM) for found in one.finditer(text)
    )


def _key(found: re.Match[str]) -> tuple[str, str]:
    return found[1].casefold(), found[2].casefold()


def _is_listed(passages: Sequence[Passage], at: int) -> bool:
    """Whether the name of an attachment is an entry of a list of them: it is beside that of another."""
    beside = (passages[near].text for near in (at - 1, at + 1) if 0 <= near < len(passages))
    return any(_ATTACHED.match(text) for text in beside)


# "FOR VALUE RECEIVED, [____] shares of this Warrant are hereby assigned to …"
_ASSIGNS = re.compile(
    r"\W*for value received\b.{0,300}\b(?:(?:hereby|be) (?:assigned|transferred)|hereby (?:sells?|assigns?|transfers?)"
    r"|rights evidenced thereby)\b",
    re.IGNORECASE | re.DOTALL,
)


def in_form(passage: Passage, words: str, at: int) -> bool:
    """Whether a blank is in a form that readers fill in, and not in the contract."""
    if (
        words.lower().startswith("complete and return")
        or _ASSIGNS.match(passage.text)
        or _is_in_quotation(passage.text, words)
    ):
        return True
    of_reader = _OF_READER.match(words.lower()) and _READER_WRITES.search(passage.text)
    if (of_reader and not YOURS.fullmatch(words)) or _OF_READER.match(words) or _is_first_person(passage.text):
        return True
    # The title may call the whole document a form: its blanks are found.
    title = next((clause for clause in passage.around[0].children if clause.kind is ClauseKind.SECTION), None)
    if any(
        form_words().title.search(clause.name) for clause in (*passage.around, passage.clause) if clause is not title
    ):
        return True
    if any(around.kind is ClauseKind.QUOTE for around in passage.around):
        # Words that somebody is to state, such as a certificate authority in its own policy.
        return True
    typed = passage.text[passage.text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    line = typed.lstrip("—–- ")
    pattern = form_words().line
    return pattern.match(line) is not None or (line != typed and pattern.search(line) is not None)


@lru_cache(maxsize=16)
def _is_first_person(text: str) -> bool:
    """Whether somebody speaks in a text; asked for each of its blanks."""
    return form_words().speaker.search(text) is not None


def _is_in_quotation(text: str, words: str) -> bool:
    """Whether a blank is part of words that readers are to write: use “This is a promotion by [your name]”."""
    at = text.find(f"[{words}]")
    before = text[: max(0, at)]
    opened = max(before.rfind("“"), before.rfind('"') if before.count('"') % 2 else -1)
    if opened <= before.rfind("”"):
        return False
    # “[Product] Services” may be a term with a blank, “[insert group] are not welcome” is an example.
    example = re.compile(r"\s+[a-z]" if not _ASKS_TO_WRITE.search(before[:opened]) else r"\s+\w")
    return bool(before[opened + 1 :].strip("[( ")) or example.match(text, at + len(words) + 2) is not None
