"""The rule for marks that other programs leave in a text: revisions, attributes, fields, misread characters."""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.drafting.detectors.misread_characters import may_be_misread, misread_characters
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule
from engross.model import ClauseKind, Severity

_ATTRIBUTE = r"(?:[.#][A-Za-z_][\w.:-]*|[a-z-]+=(?:\"[^\"{}\n]*\"|[^\s{}\"]+))"
_LEFTOVERS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "{",
        re.compile(r"\{(?:\+\+|--|~~|==|>>)[^{}]*(?:\+\+|--|~~|==|<<)\}"),
        "this mark of a revision is printed; keep the new words, or the old ones, without the mark",
    ),
    (
        "{",
        re.compile(rf"(?:\[[^\[\]\n]{{0,80}}\])?(?<!\{{)\{{:?\s*(?:{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*|toc)\s*\}}(?!\}})"),
        "this attribute of another format is printed; delete it",
    ),
    (
        "rro",
        re.compile(
            r"Error!\s+(?:Reference source not found|Bookmark not defined|No bookmark name given"
            r"|Hyperlink reference not valid|Not a valid \w+)\.?"
            r"|Erreur\s?!\s+(?:Source du renvoi introuvable|Signet non d[ée]fini)\.?"
            r"|¡?Error!\s+(?:No se encuentra el origen de la referencia|Marcador no definido)\.?"
        ),
        "a field of the word processor failed here; write the reference that was meant",
    ),
    (
        "Fehler!",
        re.compile(r"Fehler!\s+(?:Verweisquelle konnte nicht gefunden werden|Textmarke nicht definiert)\.?"),
        "a field of the word processor failed here; write the reference that was meant",
    ),
    (
        "_",
        re.compile(r"(?<!\w)_(?:Toc|Ref|Hlk)\d{5,}"),
        "this bookmark of the word processor is printed; delete it",
    ),
    (
        "E",
        re.compile(r"\b(?:MERGEFIELD|PAGEREF|DOCPROPERTY|NUMPAGES)\b(?=\s+[\\\w\"])"),
        "this field code of the word processor is printed; write the text that it would show",
    ),
    (
        "FORMAT",
        re.compile(r"(?:\b[A-Z]{3,}\b[^\n.;]{0,40}?)?\\?\*[ \t]*(?:MERGE|CHAR)FORMAT\b"),
        "this field code of the word processor is printed; write the text that it would show",
    ),
    (
        "HYPERLINK",
        re.compile(r"\bHYPERLINK\s+(?:\\?l\s+)?[\"“][^\"“”\n]{1,200}[\"”]"),
        "this field code of the word processor is printed; write a link",
    ),
    (
        "TOC",
        re.compile(r"\[\[_?TOC_?\]\]|\[_?TOC_?\]"),
        "this mark for a table of contents is printed; delete it, because every page has one",
    ),
    (
        "[[",
        re.compile(r"\[\[/?[A-Z]{3,12}\]\](?<!TOC\]\])"),
        "this mark of a block is printed; delete it",
    ),
    (
        ":::",
        re.compile(r"^:{3,}[^\n]{0,60}$", re.MULTILINE),
        "this mark of a block is printed; delete it",
    ),
    (
        "\\",
        re.compile(
            r"\\(?:(?:newpage|pagebreak|clearpage|noindent|hrule|hline|tableofcontents|maketitle|item|par|[vh]fill)(?![\w{])"
            r"|(?:text(?:bf|it|sc|tt)|emph|underline|(?:sub)*section\*?|chapter|begin|end|label|ref|footnote|[vh]space|href"
            r"|cite|caption)\{[^{}\n]{0,60}\})"
        ),
        "this command of another program is printed; delete it, or write Markdown",
    ),
    (
        "!!!",
        re.compile(r"\A!!!\s+[a-z]+(?:\s+\"[^\"\n]*\")?(?=\s*(?:\n|\Z))"),
        "this mark of a box is printed; delete it",
    ),
    (
        "===",
        re.compile(r"^===[!+]{0,2}[ \t]+[\"“][^\"“”\n]{1,80}[\"”](?=\s*(?:\n|\Z))", re.MULTILINE),
        "this mark of a tab is printed; write a heading",
    ),
    (
        "&",
        re.compile(r"&(?:nbsp|amp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|sect|#\d{2,5}|#x[\da-fA-F]{2,5});"),
        "this code of a character is printed; write the character itself",
    ),
    ("\ufffd", re.compile("\ufffd+"), "a character was lost here; write the one that was meant"),
)
_MOST_MISREAD = 5
_ANCHOR = re.compile(r"\{:\s*#([\w.:-]+)\s*\}")
_TYPED_BULLET = re.compile(r"[•▪◦‣●○∙](?<![^\n].)[ \t\u00a0]+(\S[^\n]{0,30})")
_ESCAPED = re.compile(r"\((?:[A-Za-z]|[ivxIVX]{1,5}|\d{1,2})\)(?=\s)")


def _check_conversion_leftover(reading: Reading) -> Iterator[Finding]:
    """Each mark of another format or program in the text; of typed bullets, the first of each section."""
    bulleted: set[int] = set()
    leftovers = [one for one in _LEFTOVERS if one[0] in reading.text]
    for passage in reading.passages:
        for sign, pattern, message in leftovers:
            for found in pattern.finditer(passage.text) if sign in passage.text else ():
                if passage.is_words(found.start()):
                    anchor = _ANCHOR.fullmatch(found[0]) if passage.is_heading else None
                    advice = (
                        f"this anchor has the form of another program; write {{#{anchor[1]}}}" if anchor else message
                    )
                    yield _leftover_finding(passage, found.start(), found[0], advice)
        if passage.clause.kind is ClauseKind.PARAGRAPH:
            yield from _typed_markers(passage, bulleted)
    yield from _check_encoding(reading)


def _check_encoding(reading: Reading) -> Iterator[Finding]:
    """Each character that was read in the wrong encoding; only the first of many, with their number."""
    if not may_be_misread(reading.text):
        return
    found = [(passage, one) for passage in reading.passages for one in misread_characters(passage)]
    for passage, one in found if len(found) <= _MOST_MISREAD else found[:1]:
        wanted = f"write {one.right}" if one.right.strip() else "write a blank"
        message = f"this character was read in the wrong encoding; {wanted}"
        if len(found) > _MOST_MISREAD:
            message += f"; this text has {len(found)} such places, so save the file as UTF-8 from its source again"
        yield _leftover_finding(passage, one.start, one.text, message, fix=one.right.strip())


def _typed_markers(passage: Passage, bulleted: set[int]) -> Iterator[Finding]:
    """A paragraph that is printed like an item: it begins with a typed bullet, or with an enumerator that a backslash
    makes ordinary text. `bulleted` are the sections with a finding about bullets.
    """
    bullet = _TYPED_BULLET.search(passage.text)
    if bullet and id(passage.section) not in bulleted:
        bulleted.add(id(passage.section))
        message = "is not an item of a list; begin the line with a hyphen"
        yield _leftover_finding(passage, bullet.start(), bullet[0], message, fix=f"- {bullet[1]}")
    source, item = passage.document.source, _ESCAPED.match(passage.text)
    if item and source:
        begin = passage.source_offset(0)
        if source.text[max(0, begin - 1) : begin + 1].startswith("\\"):
            message = "is ordinary text, because a backslash is before its bracket; remove the backslashes"
            yield _leftover_finding(passage, 0, item[0], message, fix=item[0])


def _leftover_finding(passage: Passage, at: int, words: str, message: str, fix: str = "") -> Finding:
    shown = " ".join(words.split())
    quoted = f"“{shown if len(shown) <= 60 else shown[:59] + '…'}”"
    found = f"{quoted} {message}" if message.startswith("is ") else f"{quoted}: {message}"
    return passage.finding(at, found, text=shown, fix=fix)


CONVERSION_LEFTOVER = Rule(
    name="conversion-leftover",
    severity=Severity.ERROR,
    summary=(
        "Marks of another format or program, and characters in the wrong encoding: {++new++}, [old]{.deletion}, "
        "\\(a\\), •, &nbsp;, Â£, “Error! Reference source not found.”"
    ),
    why="The page prints them as they are, and readers cannot tell what applies. Delete them, or write Markdown.",
    bad="Customer pays the fee. Error! Reference source not found.",
    good="Customer pays the fee that Section 1 states.",
    check=OfDocument(_check_conversion_leftover),
)
