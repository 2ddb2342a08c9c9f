"""Lists the names that a text explains or mentions, so that their capitals need no definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import engross.common.lazy_re as re
from engross.drafting.kept_findings import Row, words_of_documents
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import forms, key, recognize
from engross.model import ClauseKind, Document, MarkKind
from engross.terms import grammar_of

_MOST_BOLD, _FEWEST_IN_LABEL = 4, 2
_EMPHASIS = frozenset({MarkKind.STRONG, MarkKind.EMPHASIS})
_SIGN = re.compile(r"[®™©]")
# A label that a paragraph begins with: "Network Data. We collect …", "Administrators: those who …".
_LABEL = re.compile(
    r"^(?:[\d.()]*|\(?[A-Za-z\d]{1,4}[).]|[•·▪●*–-])[ \t\u00a0]*"
    r"(?:[A-Z][a-z]+ with |(?:(?i:by and between|between|and)[ ]+)?[Tt]he[ ])?"
    r"([A-Z][\w’'-]*(?:[ \n](?:of[ \n]|and[ \n])?[A-Z][\w’'-]*){0,4})"
    r"[ ]?(?:[.;](?=[ \n][A-Z])|(?:[ ]is)?:(?=[ \n]+\w)|\n[ \t]*:[ \t])",
    re.MULTILINE,
)
# An abbreviation that is explained in place: "the Basic Conditions Act (BCEA)", "BCEA (Basic Conditions Act)".
_EXPLAINED = re.compile(
    r"(?<=[\w”\"][ \n\u00a0])\(([A-Z][A-Z&-]{1,7})s?\)"
    r"|(?<![\w-])([A-Z]{2,8})s?[ \n\u00a0]\((?=[A-Z][a-z]+[ \n]+[A-Za-z])"
)
# "Processor (or Service Provider) means …"
_OTHER_NAME = re.compile(
    r"\((?:or|also)[ \n](?:just[ \n]|simply[ \n])?(?:the[ \n])?([A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){0,4})\)"
)
# Words that the text mentions in quotation marks, of whatever form, or that it says another text defines.
_IN_QUOTES = re.compile(r"[(“”\"„«‘'´][“”\"„«‘]?\s?([A-Z][\w’& \n-]{2,60}?)[,.]?(?:[”\"“»’'´]|(?<=\w)\))(?!\w)")
_QUOTED = re.compile(
    rf"{_IN_QUOTES.pattern}"
    r"|(?<![\w’&-])"
    r"([A-Z][\w’&-]*+(?:[ \n](?:of[ \n]|and[ \n])?[A-Z][\w’&-]*){0,4})(?:(?:[ \n]\(|,[ \n])as|[ \n]\()[ \n]?defined"
)
# "(hereinafter - Nordwind or the Website)"
_HEREINAFTER = re.compile(r"\((?:hereinafter|henceforth|[a-z ]{0,40}\breferred to as)\b([^()]{2,120})\)")
_CAPITALIZED = re.compile(r"[A-Z][\w’'-]*(?:[ \n](?:of[ \n])?[A-Z][\w’'-]*){0,4}")
# Definitions in a row that a converter joined: "… of the sale. Holder. The owner of any Note. Offering. The sale …"
_IN_A_ROW = re.compile(
    r"(?<=[.;”][ \n])([A-Z][\w’'-]*(?:[ \n](?:of[ \n])?[A-Z][\w’'-]*){0,4})"
    r"(?:\.(?=[ \n](?:The|An?|Any|Each|All)[ \n])|:(?=[ \n](?:means?|the|an?|any|each)\b))"
)
# "Purchase Order is a written order": no article is before the name.
_WITHOUT_ARTICLE = re.compile(r"([A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){1,4})[ \n]is[ \n](?:an?|any|the)[ \n][a-z]")
# "A Player is an individual who …", "The Class Executives shall consist of …"
_EXPLAINED_AFTER_ARTICLE = re.compile(
    r"(?:(?:\A|(?<=[.;:][ \n]))An?[ \n]([A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){0,4})[ \n]is[ \n]"
    r"(?:an?|any|one|the)[ \n][a-z]"
    r"|\b[Tt]he[ \n]([A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){0,4})[ \n](?:shall[ \n]|will[ \n]|must[ \n])?"
    r"(?:(?:be|is|are)[ \n](?:composed|comprised|made[ \n]up)[ \n]of|consists?[ \n]of|comprises?)\b)"
)
_COMPOSES = ("consist", "compris", "composed", "made up")
# An item that is the heading of those below it: "3. Student Senate Clerk:"
_HEADS = re.compile(r"[\d.()]*[ ]?([A-Z][\w’'-]*(?:[ ](?:of[ ]|and[ ]|at[ ])?[A-Z][\w’'-]*){0,4})[ ]?:")
# “Party A” and “Party B” are parties.
_ONE_OF_SEVERAL = re.compile(r"(.+)[ \n](?:[A-Z]|\d|[IVX]{2,4})")
# "Force Majeure will include …", "Baidu’s Website means …": no quotation marks are around the name.
_EXPLAINED_BARE = re.compile(
    r"(?<![\w’'-])([A-Z][\w’'-]*(?:[ \n](?:of[ \n])?[A-Z][\w’'-]*){0,4})[ \n]"
    r"(?:means?|shall[ \n]mean|(?:will[ \n]|shall[ \n])?includes?,?[ \n](?:but|without))\b"
)
# Names that another text defines: "In particular the following terms: Subscriber, Applicant."
_LISTED_NAMES = re.compile(r"\bfollowing terms\s*:\s*((?:[A-Z][\w’' -]*,\s*)+[A-Z][\w’' -]*)\.")
# The name of the document itself needs no definition.
_THIS = re.compile(
    r"\b[Tt]h(?:is|ese)[ \n\u00a0]((?:[A-Z][\w’-]*[ \n\u00a0](?:of[ \n\u00a0])?){0,4}(?:Agreement|Terms|Policy|Notice"
    r"|Contract|Addendum|Statement|Service|Use|Letter|Deed|Amendment|Plan|Guidelines|Conditions|Licen[cs]e|Document"
    r"|Schedule|Annex|Quote|Order|Form|Proposal|Exhibit|Appendix|Attachment|Certificate|Note|Lease|Guaranty|Release|Warrant"
    r"|Invitation|Program(?:me)?|Declaration|Bylaws|Constitution|Charter|Code|Handbook|Manual|Instrument|Waiver))\b"
)

# A word and the verb that defines it, in whatever marks a template puts around the word: [[Covered Work]] means …
_DEFINED = re.compile(
    r"([A-Z](?<![\w’'-].)[\w’'-]*(?:[ \n](?:of[ \n]|and[ \n])?[A-Z][\w’'-]*){0,4})[^\w\s,.;:]{1,4}[ \n]"
    r"(?:shall[ \n]mean|means?|has[ \n]the[ \n]meaning|refers[ \n]to|is[ \n]defined[ \n]as)\b"
)
# A heading that a table has in a cell.
_CELL_HEADING = re.compile(r"^#{1,6}[ \t]+([A-Z][\w’' -]{2,60}?)[*†‡]?[ \t]*$", re.MULTILINE)
# What is no other text: "this Agreement", "Section 1", but not "Article I of the Main Agreement".
_NOT_OWN = (
    r"(?!(?:this|these|below|the\s+following)\b|(?:section|clause|article|paragraph|schedule|exhibit|annex|appendix)\s+\S+"
    r"(?!.{0,40}\bof\s+(?:the|our)\b))"
)
_ELSEWHERE = re.compile(
    # Terms that are not defined here have the meanings … An accounting term is not capitalised.
    r"\b(?<!accounting\s)(?<!financial\s)(?<!technical\s)(?:terms|words|expressions)\b[^.]{0,90}?"
    r"\b(?:not|undefined|otherwise|without)\b[^.]{0,50}?\bdefin(?:ed|itions?)\b[^.]{0,140}?"
    r"\b(?:meanings?|definitions?)\b(?!.{0,40}\bGAAP\b)"
    # Unless defined here, terms have the meanings given in …
    r"|\b(?:unless|if|except|where)\b[^.,;]{0,40}\bdefined\b[^.;]{0,50}\b(?:terms|words|expressions)\b[^.;]{0,80}"
    rf"\bmeanings?\b[^.;]{{0,60}}?\b(?:in|by|under)\s+{_NOT_OWN}"
    r"|\b(?:terms|words)\s+(?:are\s+)?defined\s+in\s+(?:the|our)\b"
    # Terms used herein shall have the meanings specified for such terms in the Declaration.
    r"|\b(?:terms|words)\s+used\s+(?:herein|in\s+(?:this|these)\s+\w+)\s+(?:shall\s+|will\s+)?have\s+the\s+(?:same\s+)?meanings?\b"
    rf"[^.;]{{0,60}}?\b(?:in|by|under)\s+{_NOT_OWN}"
    # Key terms that a cover page fills in; definitions and general conditions that are part of the text by reference.
    r"|\bvariables\s+have\s+the\s+meanings?\b"
    r"|\b(?:definitions|general\s+conditions)\b[^;]{0,200}\b(?:incorporated|adopted)\b[^;]{0,60}\bby\s+reference\b"
    r"|\bA201\b.{0,60}\bGeneral\s+Conditions\b",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    r"(?:is(?<!\wis)|are(?<!\ware))\s+(?:hereby\s+)?(?:amended|restated)\b[^.]{0,60}(?:\bto\s+read\b|\bas\s+follows\b|\bby\b)"
)
# "Second Amendment to the Lease", "AMENDMENT NO. 2": the text that it changes defines the terms.
_AMENDMENT = re.compile(
    r"(?:\w+\s+){0,3}(?:amend(?:ment|ing)\s+(?:of|to|no\b|number|agreement|\d)"
    r"|supplement(?:al)?\s+(?:\w+\s+)?(?:to|declaration|agreement|indenture|deed|lease)\b)",
    re.IGNORECASE,
)
_TITLES, _LONGEST_TITLE = 6, 160
_AMENDED_OF = 20
_SAID = ("defined", "meaning", "by reference", "A201")


def known_names(subject: Subject) -> frozenset[str]:
    """Every form of every defined name, every heading and every title, as look-up keys."""
    names = [_SIGN.sub("", name) for definition in subject.binding.definitions for name in definition.names]
    names += [found[1] for found in map(_ONE_OF_SEVERAL.fullmatch, names) if found]
    every = {form for name in names for form in (key(name), *forms(key(name)))}
    every.update(key(document.entry.title) for document in subject.edition.documents)
    return words_of_documents(subject, "names", _names_in) | every


def _names_in(reading: Reading) -> Iterator[str]:
    """The headings of a document, and the words that it explains or mentions, as look-up keys."""
    for passage in reading.running:
        text = passage.text
        if "(" in text:
            yield from (found[1] or found[2] for found in _EXPLAINED.finditer(text))
            yield from _with_forms(_OTHER_NAME.findall(text))
        yield from _mentioned(text)
        for label in _LABEL.finditer(text) if "\n" in text else filter(None, [_LABEL.match(text)]):
            yield from _with_forms((label[1], label[1].title() if label[1].isupper() else label[1]))
        if "mean" in text or "refers" in text or "defined" in text:
            yield from _with_forms(_DEFINED.findall(text))
        yield from _bold_names(passage)
        if passage.clause.kind is ClauseKind.CELL:
            yield from _in_cell(passage)
    for passage in reading.headings:
        yield from _forms_of_title(passage.clause.name or passage.text)
        yield from _with_forms(_IN_QUOTES.findall(passage.text))
    for _, clause, _ in reading.nodes:
        yield from _forms_of_title(clause.name) if clause.name else ()


def _with_forms(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (key(name), *forms(key(name)))


def _mentioned(text: str) -> Iterator[str]:
    """The words that a text quotes, says that another text defines, or calls itself."""
    # Both patterns are tried at fewer places where a plain word rules out the others.
    if "defined" in text:
        for found in _QUOTED.finditer(text):
            yield from (key(found[1]),) if found[1] else _ends_of(found[2])
    else:
        yield from _with_forms(_IN_QUOTES.findall(text))
    yield from _with_forms(_IN_A_ROW.findall(text) if ". " in text else ())
    if "mean" in text or "include" in text:
        for name in _EXPLAINED_BARE.findall(text):
            yield from _ends_of(name)
    if stated := _WITHOUT_ARTICLE.match(text) or _HEADS.fullmatch(text):
        yield from _with_forms((stated[1],))
    may_explain = " is " in text or any(word in text for word in _COMPOSES)
    for explained in _EXPLAINED_AFTER_ARTICLE.finditer(text) if may_explain else ():
        yield from _with_forms(filter(None, explained.groups()))
    for bracket in _HEREINAFTER.findall(text) if "(he" in text or "referred to as" in text else ():
        yield from _with_forms(_CAPITALIZED.findall(bracket))
    for listed in _LISTED_NAMES.finditer(text) if "following terms" in text else ():
        yield from (key(name.strip()) for name in listed[1].split(","))
    if "his " in text or "hese " in text:
        yield from (key(found[1]) for found in _THIS.finditer(text))


def _forms_of_title(title: str) -> tuple[str, ...]:
    """The title as a look-up key, and if it has several words, their other number: what it names is explained below."""
    return (key(title), *forms(key(title))) if 1 <= title.count(" ") <= _MOST_BOLD else (key(title),)


def _in_cell(passage: Passage) -> Iterator[str]:
    """The name that a cell explains: its headings, or its whole text if the other cells of its row describe it."""
    names = _CELL_HEADING.findall(passage.text) if "#" in passage.text else []
    if passage.text.count(" ") <= _MOST_BOLD and passage.around[-1].children[0] is passage.clause:
        names.append(passage.text)
    yield from _with_forms(names)


def _ends_of(name: str) -> Iterator[str]:
    """A name of several words with and without its first ones: "Full Time Membership Fees (as defined …)"."""
    words = name.split()
    yield from _with_forms(" ".join(words[at:]) for at in range(max(1, len(words) - 1)))


def _bold_names(passage: Passage) -> Iterator[str]:
    """The words in bold within a sentence, which introduces them: "Provider tasks **Support Personnel** with it".

    So do several words in italics.
    """
    for mark in passage.clause.inline.marks:
        words = key(passage.text[mark.start : mark.end].rstrip(":.")) if mark.kind in _EMPHASIS else ""
        if not mark.start and words.count(" ") < _FEWEST_IN_LABEL:
            continue
        if mark.kind is MarkKind.EMPHASIS and (not mark.start or " " not in words):
            continue
        if words.count(" ") < _MOST_BOLD and words[:1].isupper() and not words.isupper():
            yield from (words, *forms(words))


def defined_elsewhere(reading: Reading) -> list[Row]:
    """Where a document says that another defines its capitalised words; alone, it cannot be judged."""
    statements = (
        one.index for one in reading.running if any(word in one.text for word in _SAID) and _ELSEWHERE.search(one.text)
    )
    found = [[index] for index in islice(statements, 1)] or _titles_of_amendment(reading)
    amended = _amending(reading)
    return found or ([[amended[0]]] if len(amended) > 1 else [])


def amendments(reading: Reading) -> list[Row]:
    """Where a document says that it mostly changes another, in which its terms may be used."""
    amended = _amending(reading)
    mostly = len(amended) > 1 and len(amended) * _AMENDED_OF >= len(reading.running)
    return _titles_of_amendment(reading) or ([[amended[0]]] if mostly else [])


def _titles_of_amendment(reading: Reading) -> list[Row]:
    titles = islice(reading.passages, _TITLES)
    return [[one.index] for one in titles if len(one.text) < _LONGEST_TITLE and _AMENDMENT.match(one.text)][:1]


def _amending(reading: Reading) -> list[int]:
    """The indexes of the passages that change another text."""
    amends = "amended" in reading.text or "restated" in reading.text
    return [one.index for one in reading.running if _AMENDS.search(one.text)] if amends else []


def is_in_english(document: Document) -> bool:
    """Return whether a document is in English. One in a language without data is read with the grammar of English."""
    source = document.source
    return grammar_of(document).is_english and source is not None and recognize(source.text).code in ("", "en")
