"""Lists the names that a text explains or mentions, so that their capitals need no definition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import engross.common.lazy_re as re
from engross.drafting.kept_findings import Row, words_of_documents
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import forms, key
from engross.model import ClauseKind, MarkKind

_MOST_BOLD = 4
_SIGN = re.compile(r"[®™©]")
# A label that a paragraph begins with: "Network Data. We collect …", "Administrators: those who …".
_LABEL = re.compile(
    r"^(?:[\d.()]*|\(?[A-Za-z\d]{1,4}[).])[ \t\u00a0]*(?:[A-Z][a-z]+ with |(?:(?i:by and between|between|and)[ ]+)?[Tt]he[ ])?"
    r"([A-Z][\w’'-]*(?:[ \n](?:of[ \n]|and[ \n])?[A-Z][\w’'-]*){0,4})"
    r"[ ]?(?:[.;](?=[ \n][A-Z])|(?:[ ]is)?:(?=[ \n]+\w))",
    re.MULTILINE,
)
# An abbreviation that is explained in place: "the Basic Conditions Act (BCEA)", "BCEA (Basic Conditions Act)".
_EXPLAINED = re.compile(
    r"(?<=[\w”\"][ \n\u00a0])\(([A-Z][A-Z&-]{1,7})s?\)"
    r"|(?<![\w-])([A-Z]{2,8})s?[ \n\u00a0]\((?=[A-Z][a-z]+[ \n]+[A-Za-z])"
)
# "Processor (or Service Provider) means …"
_OTHER_NAME = re.compile(r"\((?:or|also)[ \n](?:the[ \n])?([A-Z][\w’'-]*(?:[ \n][A-Z][\w’'-]*){0,4})\)")
# Words that the text mentions in quotation marks, of whatever form, or that it says another text defines.
_IN_QUOTES = re.compile(r"[(“”\"„«‘'][“”\"„«‘]?([A-Z][\w’& -]{2,60}?)[,.]?(?:[”\"“»’']|(?<=\w)\))(?!\w)")
_QUOTED = re.compile(rf"{_IN_QUOTES.pattern}|([A-Z][\w’& -]{{2,60}}?)[ \n]\(as defined")
# Names that another text defines: "In particular the following terms: Subscriber, Applicant."
_LISTED_NAMES = re.compile(r"\bfollowing terms\s*:\s*((?:[A-Z][\w’' -]*,\s*)+[A-Z][\w’' -]*)\.")
# The name of the document itself needs no definition.
_THIS = re.compile(
    r"\b[Tt]h(?:is|ese)[ \n\u00a0]((?:[A-Z][\w’-]*[ \n\u00a0](?:of[ \n\u00a0])?){0,4}(?:Agreement|Terms|Policy|Notice"
    r"|Contract|Addendum|Statement|Service|Use|Letter|Deed|Amendment|Plan|Guidelines|Conditions|Licen[cs]e|Document"
    r"|Schedule|Annex|Quote|Order|Form|Proposal|Exhibit|Appendix|Attachment|Certificate|Note|Lease|Guaranty|Release|Warrant"
    r"|Invitation))\b"
)

# A word and the verb that defines it, in whatever marks a template puts around the word: [[Covered Work]] means …
_DEFINED = re.compile(
    r"(?<![\w’'-])([A-Z][\w’'-]*(?:[ \n](?:of[ \n]|and[ \n])?[A-Z][\w’'-]*){0,4})[^\w\s,.;:]{1,4}[ \n]"
    r"(?:shall[ \n]mean|means?|has[ \n]the[ \n]meaning|refers[ \n]to|is[ \n]defined[ \n]as)\b"
)
# A heading that a table has in a cell.
_CELL_HEADING = re.compile(r"^#{1,6}[ \t]+([A-Z][\w’' -]{2,60}?)[*†‡]?[ \t]*$", re.MULTILINE)
_NOT_OWN = r"(?!(?:this|these|below|the\s+following)\b|(?:section|clause|article|paragraph|schedule|exhibit|annex|appendix)\s+\S+(?!.{0,40}\bof\s+(?:the|our)\b))"
_ELSEWHERE = re.compile(
    # Terms that are not defined here have the meanings … An accounting term is not capitalised.
    r"\b(?<!accounting\s)(?<!financial\s)(?<!technical\s)(?:terms|words|expressions)\b[^.]{0,90}?"
    r"(?:\b(?:not|undefined|otherwise|without)\b[^.]{0,50}?)\bdefin(?:ed|itions?)\b[^.]{0,140}?\b(?:meanings?|definitions?)\b(?!.{0,40}\bGAAP\b)"
    # Unless defined here, terms have the meanings given in …
    r"|\b(?:unless|if|except|where)\b[^.,;]{0,40}\bdefined\b[^.;]{0,50}\b(?:terms|words|expressions)\b[^.;]{0,80}"
    rf"\bmeanings?\b[^.;]{{0,60}}?\b(?:in|by|under)\s+{_NOT_OWN}"
    r"|\b(?:terms|words)\s+(?:are\s+)?defined\s+in\s+(?:the|our)\b"
    # Key terms that a cover page fills in; definitions and general conditions that are part of the text by reference.
    r"|\bvariables\s+have\s+the\s+meanings?\b"
    r"|\b(?:definitions|general\s+conditions)\b[^;]{0,200}\b(?:incorporated|adopted)\b[^;]{0,60}\bby\s+reference\b"
    r"|\bA201\b.{0,60}\bGeneral\s+Conditions\b",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    r"\b(?:is|are)\s+(?:hereby\s+)?(?:amended|restated)\b[^.]{0,60}(?:\bto\s+read\b|\bas\s+follows\b|\bby\b)"
)
_SAID = ("defined", "meaning", "by reference", "A201")


def known_names(subject: Subject) -> frozenset[str]:
    """Every form of every defined name, every heading and every title, as look-up keys."""
    names = [_SIGN.sub("", name) for definition in subject.binding.definitions for name in definition.names]
    every = {form for name in names for form in (key(name), *forms(key(name)))}
    every.update(key(document.entry.title) for document in subject.edition.documents)
    return words_of_documents(subject, "names", _names_in) | every


def _names_in(reading: Reading) -> Iterator[str]:
    """The headings of a document, and the words that it explains or mentions, as look-up keys."""
    for passage in reading.running:
        text = passage.text
        if "(" in text:
            yield from (found[1] or found[2] for found in _EXPLAINED.finditer(text))
            yield from (form for name in _OTHER_NAME.findall(text) for form in (key(name), *forms(key(name))))
        # Both patterns are tried at fewer places where a plain word rules out the others.
        if "(as defined" in text:
            yield from (key(found[1] or found[2]) for found in _QUOTED.finditer(text))
        else:
            for quoted in map(key, _IN_QUOTES.findall(text)):
                yield from (quoted, *forms(quoted))
        for label in _LABEL.finditer(text) if "\n" in text else filter(None, [_LABEL.match(text)]):
            named = label[1].title() if label[1].isupper() else label[1]
            yield from (key(label[1]), key(named), *forms(key(named)))
        for listed in _LISTED_NAMES.finditer(text) if "following terms" in text else ():
            yield from (key(name.strip()) for name in listed[1].split(","))
        yield from _bold_names(passage)
        for name in _DEFINED.findall(text):
            yield from (key(name), *forms(key(name)))
        if passage.clause.kind is ClauseKind.CELL:
            yield from _in_cell(passage)
        if "his " in text or "hese " in text:
            yield from (key(found[1]) for found in _THIS.finditer(text))
    for passage in reading.headings:
        yield from _forms_of_title(passage.clause.name or passage.text)
    for _, clause, _ in reading.nodes:
        yield from _forms_of_title(clause.name) if clause.name else ()


def _forms_of_title(title: str) -> tuple[str, ...]:
    """The title as a look-up key, and if it has several words, their other number: what it names is explained below."""
    return (key(title), *forms(key(title))) if 1 <= title.count(" ") <= _MOST_BOLD else (key(title),)


def _in_cell(passage: Passage) -> Iterator[str]:
    """The name that a cell explains: its headings, or its whole text if the other cells of its row describe it."""
    names = _CELL_HEADING.findall(passage.text) if "#" in passage.text else []
    if passage.text.count(" ") <= _MOST_BOLD and passage.around[-1].children[0] is passage.clause:
        names.append(passage.text)
    for name in names:
        yield from (key(name), *forms(key(name)))


def _bold_names(passage: Passage) -> Iterator[str]:
    """The words in bold within a sentence, which introduces them: "Provider tasks **Support Personnel** with it"."""
    for mark in passage.clause.inline.marks:
        words = key(passage.text[mark.start : mark.end]) if mark.kind is MarkKind.STRONG and mark.start else ""
        if words.count(" ") < _MOST_BOLD and words[:1].isupper() and not words.isupper():
            yield from (words, *forms(words))


def defined_elsewhere(reading: Reading) -> list[Row]:
    """Where a document says that another defines its capitalised words; alone, it cannot be judged."""
    statements = (
        one.index for one in reading.running if any(word in one.text for word in _SAID) and _ELSEWHERE.search(one.text)
    )
    found = [[index] for index in islice(statements, 1)]
    amended = [one.index for one in reading.running if _AMENDS.search(one.text)]
    return found or ([[amended[0]]] if len(amended) > 1 else [])
