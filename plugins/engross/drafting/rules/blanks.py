"""Rules for what is left of templates and other programs: blanks, marks of conversion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

import engross.common.lazy_re as re
from engross.drafting.detectors.forms import SLOT, annexed_forms, in_form, is_blank, is_certain
from engross.drafting.detectors.signature_lines import is_to_sign
from engross.drafting.kept_findings import Row, findings_of, rows_of
from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject
from engross.language import form_words, is_english, words
from engross.model import MarkKind, Severity

_BRACKETS = re.compile(r"\[([^\[\]]{1,120})\]")
_BRACKETED_LINK = re.compile(r"\[[*_]*\\\[([^\[\]\n\\]{2,40})\\\][*_]*\]\(")
_WORDS = re.compile(
    r"(?<![\w-])(?:TBD|TBC|TBA|T\.B\.D\.|TODO|FIXME|X{3,}|XX[./-]XX(?:[./-]XX(?:XX)?)?"
    r"|(?:19|20)XX|[$€£]?XX(?=\s*%|\s+(?:days?|weeks?|months?|years?|hours?|percent|euros?|dollars?|EUR|USD|GBP)\b))(?![\w-])"
)
# "Chapter XXX" and "Super Bowl XXX" are number 30, and "XXX-rated" is a kind of film.
_NOT_BLANK = re.compile(r"\b(?:chapter|title|part|article|section|annex|volume|book|bowl|games)\s+\Z", re.IGNORECASE)
# "__lc.visitor_id.XXXXXXX": the changing part of a cookie's name.
_OF_COOKIE = re.compile(r"[\w-]*_[\w-]*[._-]\Z")
_IN_NAME = re.compile(r"[A-Z]{2,5} XXX")
_TELEPHONE = re.compile(r"\(?X{3}\)?[ -]X{3}")
_ADULT = re.compile(r"[-\s](?:adult\s+)?(?:rated|content|films?|videos?|material|domains?|sites?)\b", re.IGNORECASE)
# A citation of a publication ("[RFC5280]") is listed or written elsewhere without brackets.
_CITATION = re.compile(
    r"(?!(?:date|name|party|amount|address|number|line|item)\b)"
    r"[A-Z][A-Z/]{1,9}(?:[ -]?[A-Z]{1,6}){0,2}[ -]?\d[\d. :-]*",
    re.IGNORECASE,
)
# In a list of cited works, a title in quotation marks or an address follows the label.
_WORK = re.compile(r"\[([A-Z][A-Z\d /-]{1,15})\]([^“\"]{0,160}?)(?:[“\"][A-Z][^“”\"]{8,300}[”\"]|https?://)")
# One work is enough where its label is an abbreviation. “[CUSTOMER] (the “Customer”)” introduces a party.
_INTRODUCED = re.compile(r"\((?:the\s+)?\Z", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?!NAME|DATE|TITLE|TERM|PARTY|BUYER|CITY|STATE|AGENT)[A-Z]{2,6}")
_NAMED = re.compile(r"\b(?:[A-Z][a-z]+\s+){1,4}(?:Act|Code|Law|Regulation|Directive|Ordinance|Statute|Order)s?\s+\Z")
# "Section 2.2 [VERTICALNET CONTENT]": the title of a section.
_NUMBERED = re.compile(r"\b(?:sections?|clauses?|articles?|paragraphs?)\s+\d[\w.()]*\s+\Z", re.IGNORECASE)
# "Sections 2(a) [Licence Grant], 2.4 [Display of Titles]": its words are too many for a blank.
_TITLED = re.compile(
    r"\b(?:sections?|clauses?|articles?|paragraphs?)\s.*(?<![\w.])\d+(?:(?:\.\d+)+|(?:\([a-z]{1,4}\))+)\s+\Z",
    re.IGNORECASE,
)
_NEARBY, _LONGEST_EXAMPLE, _MANY, _HIDDEN = 160, 120, 10, 8
_REGIONS: Final = frozenset({"EEA", "EEE", "EWR", "GDPR", "RGPD", "DSGVO", "USA", "PDF", "HTML", "DOCX"})
_ARROW = re.compile(r"[^\w↑⇑⇧⬆▲⤴^]*[↑⇑⇧⬆▲⤴^]\W*\Z")
# "Section 1.1 Definitions ...... 2 Section 1.2 Names ...... 11": lines of a table of contents that were joined.
_LEADER = re.compile(r"\.{5,}\s*\d{1,4}(?![\da-zà-ÿ])")
_PAGE_NUMBER = re.compile(
    r"[ \t.…]*+\s*(?:(?:schedule|exhibit|annex|appendix|attachment|part|anlage|anhang|annexe|anexo)\s+)?"
    r"[\dA-Z][\w.-]{0,3}[”\"]?\s*(?:\n|\Z|\d)",
    re.IGNORECASE,
)
_OF_EXHIBIT = re.compile(
    r"(?:\A|\n)\W*(?:exhibit|schedule|annex|appendix|attachment)\s+[\w.-]{1,5}\s*\Z", re.IGNORECASE
)
_LOREM = re.compile(r"\blorem ipsum\b", re.IGNORECASE)
# Variables of templates and mail merges, which nothing fills in here.
_VARIABLE = re.compile(
    r"(?<!=)\{\{[^{}\n]{1,80}\}\}|\{%[^{}\n]{1,80}%\}|\$\{[^{}\n]{1,60}\}|<<[^<>\n]{1,80}>>|%[A-Z][A-Z_]{2,30}%|-{2,}8<-{2,}"
    r"|<%[^%\n]{1,80}%>|(?<!#)##[A-Z][A-Z\d_ ]{1,30}##(?!#)|(?<!\[)\[\[[a-z]+(?:[_.-][a-z\d]+)*\]\](?!\])"
    r"|(?<![\w@.])@[A-Za-z][\w.]{1,30}@(?![\w@])"
    r"|(?<=\w[ \n])\[[XxNn]\](?=\s+(?:(?:business|calendar|working)\s+)?(?:day|week|month|year|hour)s?\b)"
)
_IN_BRACES = re.compile(
    rf"(?<![{{$#\w/=-]){{(?:\$\w{{1,40}}|[a-z]{{2,}}(?:_[a-z\d]{{2,}})+|[A-Z][A-Z_]{{2,30}}|{SLOT.pattern})\}}(?!\}})"
)
_ABBREVIATES = re.compile(r"\bT\w+ B\w+ [A-Z]\w+ \(\Z")
_FIELD_NAME = re.compile(r"[a-z_.]+(?: [a-z_.]+){0,5}|[A-Z_]{3,}|(?i:insert|enter|name|date|amount)\b.*")
_EMPTIED, _CHEVRONS = re.compile(r"<>"), re.compile(r"<<[^<>\n]{1,80}>>")
_OUTSIDE = re.compile(r"(?<![\w«])(?>\w+(?:[.-]\w+)*)(?!»)")  # (the «Client»), and "the Client pays"
_MERGE_FIELD, _QUOTED = re.compile(r"«(\w[\w.-]{0,40})»"), re.compile(r"«[^«»\n]*\s[^«»\n]*»")
# «Nom_Client», «RaisonSociale»: no word is written so.
_JOINED_NAME = re.compile(r"[_.]|[a-zà-ÿ][A-Z]")
_NAMES_IN_BRACKET = re.compile(r"\((?:[^()«»\n]{0,40}\s)?«(\w[\w-]{0,40})»[^()«»\n]{0,40}\)")
# Most texts contain none of these, and skip the slower patterns.
_SIGNS: Final = words("TB T.B.D TODO FIXME XX orem { << 8< % « <> ## [[ @ [X [x [N [n")
_RULED = ("__", "_ _", "....", "…", "●", "■", "◆")
# "____ begin of the notes ____" across a page, and "______ (initials)" below a signature.
_OPENED = re.compile(r"\[(?:X[,.])?\Z")
_ENDS_SENTENCE = re.compile(r"[.!?]\s*\Z")
_RULE_WITH_WORDS = re.compile(r"\s*_{5,}\s*[^_]{1,60}?\s*_{5,}\s*")
_MENTIONED = re.compile(r"(?<!\w)\"\w[^\"_\n]{0,30}\Z")
_FILLED = re.compile(r"(?<!_)_{3,}+(?=[^\s_]*[\dA-Z])[^\W_][^\s_]{0,30}_{3,}")
_CHOSEN = re.compile(r"_[xX✓✔]_")
_INITIALS = re.compile(r"[.;:]\s+\d{1,3}\s+_{2,6}\s+_{2,6}\s*\Z|\bInitials:?(?:\s+_+)+")
# "Names ______ 3" in contents, and "… in English. ______ * Note" at the end of a page.
_PAGE_END, _AFTER_SENTENCE = re.compile(r"\s*\d{1,3}\s*\Z"), re.compile(r"[a-z]{4}[.!?]\s+\Z")
_LINE = re.compile(r"_{3,}|(?<!\S)__(?!\S)|(?:_ ){3,}_?|\.{8,}|(?:… ?){3,}|[●■◆]")
_BLACK = frozenset("●■◆")
# "sealed. ● journals; ● services": items that a converter joined, and their marks alone.
_AFTER_ITEM = re.compile(r"(?:\A|[.;:,)●■◆]|\n)\s*\Z")
_BESIDE_ITEM = re.compile(r"\s+(?:[^\W\d_]|[●■◆])|\s*\Z")
_SYMBOL = re.compile(r"[\u2700-\u27bf][●■◆]|[●■◆][\u2700-\u27bf]")
_ENDS_LINE = re.compile(r"[ \t]*(?:[●■◆][ \t]*)*(?:\n|\Z)")
_MANY_ITEMS = re.compile(r"(?:[;,:] (?:and |or )?[●■◆] [A-Z][^●■◆]*){3}")
_has_many_items = lru_cache(maxsize=16)(lambda text: _MANY_ITEMS.search(text) is not None)
_BEGINS_ITEM = re.compile(r"\s*[“\"(]?[A-Z]\w")
_ASKS = re.compile(r"\b(?:of|by|between|and|or|on|to|at|is|from|the|for|with|in|a|an|[Nn]o\.?)\s+\Z")
_EMPHASIS = frozenset({MarkKind.STRONG, MarkKind.EMPHASIS})
_NAMES = frozenset({MarkKind.LINK, MarkKind.ADDRESS, MarkKind.CODE})
_TARGET = re.compile(r"(?:#?|\[?(?:link|url|insert[ _-].*|tbd|tbc|todo|placeholder|xxx+|here)\]?)\Z", re.IGNORECASE)


def _check_placeholder(subject: Subject) -> Iterator[Finding]:
    cited = _listed_works(subject)
    for reading in subject.readings:
        find = partial(_placeholders, reading, cited)
        yield from _summarized(findings_of(subject, reading, "placeholder", repr(sorted(cited)), find))


def _summarized(found: Sequence[Finding]) -> Iterator[Finding]:
    """The blanks of a document: where there are many, as in a template, the first is an error, and the others notes."""
    placed = {(one.line, one.column, one.text): one for one in found}
    if len(placed) < _MANY:
        yield from placed.values()
        return
    ordered = [placed[at] for at in sorted(placed)]
    first = next((one for one in ordered if one.severity is None), ordered[0])
    others = [one for one in ordered if one is not first]
    yield replace(first, message=f"{first.message}, nor were {len(others)} more blanks, as if this were a template")
    yield from (replace(one, severity=Severity.NOTE) for one in others)


def _placeholders(reading: Reading, cited: frozenset[str]) -> Iterator[Finding]:
    """Each blank in the text or as the target of a link."""
    annexed, signs = annexed_forms(reading.passages), [sign for sign in _SIGNS if sign in reading.text]
    for passage in reading.passages:
        if passage.index not in annexed:
            yield from _check_brackets(passage, cited)
            yield from _check_lines(passage)
            yield from _taken_for_emphasis(passage)
        yield from _check_words(passage) if any(sign in passage.text for sign in signs) else ()
        for mark in passage.clause.inline.marks:
            if mark.kind is MarkKind.LINK and _TARGET.match(mark.target):
                shown = " ".join(passage.text[mark.start : mark.end].split())
                if not (form_words().to_top.match(shown) or _ARROW.match(shown)):
                    yield _placeholder_finding(passage, mark.start, shown or mark.target, "the link “{}” leads nowhere")


def _listed_works(subject: Subject) -> frozenset[str]:
    """The labels of cited works: a list names each of them ("[BR] CA/Browser Forum, “Baseline Requirements”")."""
    rows = (rows_of(subject, one, "listed works", "", partial(_works_in, one)) for one in subject.readings)
    found = frozenset(work for works in rows for work in works)
    return found if len(found) > 1 else frozenset(filter(_ABBREVIATION.fullmatch, found))


def _works_in(reading: Reading) -> list[Row]:
    works = (_WORK.match(passage.text) for passage in reading.passages if passage.text[:1] == "[")
    return [work[1] for work in works if work and (work[0].endswith("://") or not _INTRODUCED.search(work[2]))]


def _check_brackets(passage: Passage, cited: frozenset[str]) -> Iterator[Finding]:
    links = _names_of_links(passage.document.source.text if passage.document.source else "")
    language = passage.grammar.code
    for found in _BRACKETS.finditer(passage.text) if "[" in passage.text else ():
        words = found[1]
        empty = not words.strip() and _ASKS.search(passage.text, 0, found.start())
        if (
            words not in cited
            and found[0] not in links
            and (empty or is_blank(words, language))
            and passage.is_words(found.start())
            and not _is_block_mark(passage.text, found)
            and not (passage.is_heading and found[0] == passage.text.strip() and words.upper() == "FORM")
            and not (
                _is_citation(passage, words) or _is_label(passage, found) or in_form(passage, words, found.start())
            )
        ):
            blank = _placeholder_finding(passage, found.start(), found[0])
            yield blank if empty or is_certain(words, language) else replace(blank, severity=Severity.NOTE)


@lru_cache(maxsize=8)
def _names_of_links(source: str) -> frozenset[str]:
    """The words in brackets that are links somewhere in a text: other places mention their name."""
    return frozenset(f"[{words}]" for words in _BRACKETED_LINK.findall(source))


def _is_block_mark(text: str, found: re.Match[str]) -> bool:
    """Whether a bracket begins or ends a block in the marks of another program: "[[TABLE]]", "[/TABLE]"."""
    return found[1].startswith("/") or (text[found.start() - 1 : found.start()], text[found.end() :][:1]) == ("[", "]")


def _is_citation(passage: Passage, words: str) -> bool:
    """Whether words in brackets cite a publication or mark an abbreviation that the paragraph also writes out."""
    if words in ("TOC", "_TOC_") or words in _REGIONS or _CITATION.fullmatch(words):
        return True
    return words.isupper() and re.search(rf"(?<![\w\[]){re.escape(words)}(?![\w\]])", passage.text) is not None


def _is_label(passage: Passage, found: re.Match[str]) -> bool:
    """Whether words in brackets are a whole link ("[LEARN MORE]"), or abbreviate a name before them ("Code [HGB]")."""
    marks = passage.clause.inline.marks
    if any(mark.kind is MarkKind.LINK and (mark.start, mark.end) == found.span() for mark in marks):
        return True
    before = passage.text[max(0, found.start() - _NEARBY) : found.start()]
    if " " in found[1] and _TITLED.search(before):
        return True
    return found[1].isupper() and (_NAMED.search(before) is not None or _NUMBERED.search(before) is not None)


def _check_words(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    patterns = [_WORDS, _LOREM, _VARIABLE, _IN_BRACES]
    if "«" in text and passage.document.source and _has_merge_fields(passage.document.source.text):
        patterns.append(_MERGE_FIELD)
    for pattern in patterns:
        for found in pattern.finditer(text):
            if _is_word_blank(passage, found):
                finding = _placeholder_finding(passage, found.start(), found[0])
                # So many letters may hide a name on purpose.
                hidden = len(found[0]) >= _HIDDEN and set(found[0]) == {"X"}
                # "<<Incoterms 2020>>" may be a quotation.
                quoted = found[0].startswith("<<") and not _FIELD_NAME.fullmatch(found[0].strip("<> "))
                yield replace(finding, severity=Severity.NOTE) if hidden or quoted else finding
    yield from _emptied(passage)


@lru_cache(maxsize=4)
def _has_merge_fields(text: str) -> bool:
    """Whether the guillemets of a text are those of a mail merge, and not quotation marks: (« Agreement »).

    Where guillemets are the usual marks, only names that no text has otherwise are fields: «Nom_Client».
    """
    fields = set(_MERGE_FIELD.findall(text))
    joined = any(map(_JOINED_NAME.search, fields))
    if not is_english(text):
        return len(fields) > 1 and joined and fields.isdisjoint(_OUTSIDE.findall(text))
    if _QUOTED.search(text) or not {*_NAMES_IN_BRACKET.findall(text)}.isdisjoint(_OUTSIDE.findall(text)):
        return False
    return len(fields) > 1 or joined


def _emptied(passage: Passage) -> Iterator[Finding]:
    """Each "<<name>>" that the parser read as a tag and dropped."""
    source = passage.document.source
    for found in _EMPTIED.finditer(passage.text) if source and "<>" in passage.text else ():
        written = _CHEVRONS.match(source.text, passage.source_offset(found.start())) if source else None
        if written:
            yield _placeholder_finding(passage, found.start(), written[0])


def _is_word_blank(passage: Passage, found: re.Match[str]) -> bool:
    text, start = passage.text, found.start()
    is_bracketed = _OPENED.search(text, 0, start) and text[found.end() : found.end() + 1] == "]"
    if is_bracketed or _TELEPHONE.match(text, max(0, start - 6), found.end() + 6) or _TELEPHONE.match(text, start):
        return False
    inside = found[0].strip("<> ")
    quoted = found[0].startswith("<< ") and (inside.isupper() or not is_blank(inside))
    if quoted or _ABBREVIATES.search(text, max(0, start - 60), start):
        return False  # "<< Conditions >>", "Telecoms Business Act (TBA)"
    if "XX" in found[0] and _is_quoted_example(text, start):
        return False
    if set(found[0]) == {"X"} and _OF_COOKIE.search(text, max(0, start - 24), start):
        return False
    if found[0] == "XXX" and (
        _NOT_BLANK.search(text, 0, start) or _ADULT.match(text, found.end()) or _IN_NAME.fullmatch(text)
    ):
        return False
    return passage.is_words(start)


def _is_quoted_example(text: str, at: int) -> bool:
    """Whether letters for any name are within quoted words that a reader will see: « Vendu par XXX »."""
    for opening, closing in (("«", "»"), ("“", "”"), ("„", "“")):
        opened = text.rfind(opening, 0, at)
        if opened >= 0 and closing not in text[opened + 1 : at] and closing in text[at:]:
            inside = text[opened + 1 : at]
            return any(map(str.isalpha, inside)) and len(inside) <= _LONGEST_EXAMPLE
    return False


def _check_lines(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    if not any(sign in text for sign in _RULED) or _RULE_WITH_WORDS.fullmatch(text):
        return
    # "____30____", and the initials of two parties at the end of a page.
    filled = {at for found in (_FILLED, _INITIALS) for one in found.finditer(text) for at in range(*one.span())}
    chosen = _CHOSEN.search(text)
    for found in _LINE.finditer(text):
        before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 1]
        if is_to_sign(passage, *found.span()) or (before[-1:] == "[" and after == "]"):
            continue
        if in_form(passage, "", found.start()) or _is_bullet(text, found) or _is_in_name(passage, found):
            continue
        if _MENTIONED.search(before) and text[found.end() : found.end() + 1] == '"':
            continue  # a title in the form "Section ___"
        if found.start() in filled or (found[0][0] == "_" and _is_quoted_example(text, found.start())):
            continue
        if chosen and text[found.end() : found.end() + 1].isalpha():
            continue  # "_X_ Option A ___Option B"
        if before.rstrip().endswith("___") or (len(found[0]) == 2 and _ENDS_SENTENCE.search(before) and not after):
            continue  # one blank on two lines, and marks of emphasis at the end
        if found[0][0] in ".…" and (
            _PAGE_NUMBER.match(text, found.end()) or len(_LEADER.findall(text)) > 1 or _OF_EXHIBIT.search(before)
        ):
            continue  # the dots of a table of contents
        if found[0][0] == "_" and (_PAGE_END.match(text, found.end()) or _ends_page(text, found)):
            continue
        blank = _placeholder_finding(passage, found.start(), found[0])
        # A black mark may begin an item.
        yield replace(blank, severity=Severity.NOTE) if found[0] in _BLACK else blank


def _ends_page(text: str, found: re.Match[str]) -> bool:
    """Whether a line is a rule below the text of a page: it follows a sentence."""
    return len(found[0]) >= _MANY and _AFTER_SENTENCE.search(text, max(0, found.start() - 8), found.start()) is not None


def _taken_for_emphasis(passage: Passage) -> Iterator[Finding]:
    """Each pair of blanks that Markdown reads as emphasis, so that they do not show: "[____] and [____]"."""
    source = passage.document.source
    for mark in passage.clause.inline.marks if source else ():
        words = passage.text[mark.start : mark.end]
        if mark.kind not in _EMPHASIS or not words or words[0].isalnum() or words[0] in "([{" or words[-1].isalnum():
            continue
        first, last = passage.source_offset(mark.start), passage.source_offset(mark.end - 1)
        marked = source and source.text[first - 2 : first] == "__" and source.text[last + 1 : last + 3] == "__"
        if marked and not in_form(passage, "", mark.start):
            yield _placeholder_finding(passage, mark.start, "____")


def _is_bullet(text: str, found: re.Match[str]) -> bool:
    """Whether a black mark begins an item: it is followed by a capital, and no preposition asks for words before it."""
    before = max(0, found.start() - 40), found.start()
    if _SYMBOL.search(text, max(0, found.start() - 1), found.end() + 1):
        return True  # the letters of a font that a converter did not know
    if found[0] not in _BLACK:
        return False
    beside = _AFTER_ITEM.search(text, *before) and _BESIDE_ITEM.match(text, found.end())
    if beside or text.lstrip()[:1] == found[0] or _has_many_items(text):
        return True  # items that a converter joined: "● the text● the notes"
    begins = _BEGINS_ITEM.match(text, found.end()) or _ENDS_LINE.match(text, found.end())
    return begins is not None and not _ASKS.search(text, *before)


def _is_in_name(passage: Passage, found: re.Match[str]) -> bool:
    """Whether underscores are part of an address, a file or an identifier."""
    text, marks = passage.text, passage.clause.inline.marks
    if any(mark.kind in _NAMES and mark.start < found.start() and found.end() < mark.end for mark in marks):
        return True
    around = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    return found[0][0] == "_" and all(one.isalnum() for one in around)


def _placeholder_finding(passage: Passage, at: int, words: str, message: str = "{} was never filled in") -> Finding:
    shown = " ".join(words.split())
    return passage.finding(at, message.format(shown if len(shown) <= 60 else shown[:59] + "…"), text=shown)


PLACEHOLDER = Rule(
    name="placeholder",
    severity=Severity.ERROR,
    summary=(
        "A blank that was never filled in: [LINK], [INSERT …], [Name des Kunden], [à compléter], TBD, XXX, ____, "
        "{{ name }}, «Name», a link that leads nowhere. Of ten or more in one document, the others are notes, and so "
        "are words in brackets that may be a title."
    ),
    why=(
        "A contract with a blank has no rule at that place. Fill the blank in, or delete it. Blanks in a form that "
        "readers fill in are not found: its heading calls it a form or sample, or it speaks as “I”."
    ),
    bad="The rules are found at [LINK].",
    good="The rules are found at the address that Provider gives to Customer.",
    check=_check_placeholder,
)
