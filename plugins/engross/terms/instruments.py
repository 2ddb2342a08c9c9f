"""Decides which document a reference belongs to: "of the Agreement" is in the set, "of the GDPR" outside.

The names of a document are its title, the names it uses for itself ("this DPA"), and the terms defined to mean it. Any
other capitalised name is an external instrument, which cannot be checked.
"""

from __future__ import annotations

from collections import defaultdict

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import key, wordlist
from engross.model import Given
from engross.terms.owner_phrases import follows_link, names_itself, owner_phrases
from engross.terms.passages import Bound, Outline, Passage, grammar_of
from engross.terms.preceding_names import PrecedingName, preceding_name

# A full stop ends a name unless it belongs to an abbreviation or is inside a word ("U.S.", "No.", "2.0").
_INNER = r"[\w’'&/-]*(?:\.[\w’'&/-]+)*"
_ABBREVIATED = r"(?:(?:[A-Z]\.){2,4}|(?:No|Inc|Ltd|Co|Corp|St)\.(?=\s+[\w(]))"
_NAME = (
    rf"[“\"‘]?(?:{_ABBREVIATED}|[A-Z0-9]{_INNER})[”\"’]?(?:\s+(?:{_ABBREVIATED}|[A-Z]{_INNER}[”\"’]?|of|and|for|on|the|to"
    r"|\([A-Z][^()]{0,40}\)(?=\s+[A-Z\d])|(?:19|20)\d\d(?:/\d+)?|No\.?\s*\d+))*"
)
# "Article 26(1) sentence 1, point (b)", "Articles 32 to 34 (inclusive)", "Sections 5 and 6, respectively,".
_PART_OF = (
    r"(?:\s[a-z](?=\s))?(?:,?\s*(?:sentences?|[Ss]ub-?\s?[Ss]ections?|lit\.|letters?|par(?:a|as)?\.|al\.|Abs\.|points?|no\.)\s*\(?\w{1,4}\)?){0,3}"
    r"(?:\s*\(inclusive\)|,?\s*et\s+seq\.?|,?\s*respectively,?)?"
)
_OWNER = re.compile(
    _PART_OF + r"\s*,?\s*(?P<link>(?i:of|to|in|under|from|on|set\s+forth\s+in|contained\s+in))\s+"
    r"(?:(?:each|all|both|either|any|one)\s+of\s+|Part\s+[IVX]+\s+of\s+)?"
    r"(?:(?P<this>(?i:this|these))\s+(?P<own>[A-Za-z-]+(?:\s+[A-Z][\w-]*)*)"
    r"|(?:the\s+)?(?P<cited>\[[A-Z][^\[\]\n]{0,40}\])(?!\()"
    rf"|(?:(?P<such>(?i:the|such|said|that|those|its|their|our|your|any|each|an?)|[A-Z]\w*[’']s?)\s+(?:certain\s+|applicable\s+|separate\s+)?)?"
    rf"(?P<name>{_NAME})"
    r"|(?:the|such|said|that|its|their|your|his|her|any|an?|applicable)\s+(?:\w+\s+){0,3}?(?P<plain>agreement|terms|policy|contract|addendum"
    r"|act|law|code|regulation|directive|statute|convention|treaty|rules|order|licen[cs]e|document))",
)
_AMENDING = re.compile(r"\bAmendment\Z", re.IGNORECASE)
_AMENDED = re.compile(
    r"\s*,?\s*(?:\([^()]{1,60}\)\s*,?\s*)?(?:is|are|shall\s+be)\s+hereby\s+"
    r"(?:amended|deleted|removed|replaced|restated|modified|revised|supplemented|added|inserted)\b"
    r"|\s*,?\s*(?:is|are|shall\s+be)\s+(?:added|inserted)\s+(?:to|in|into|after|before|as)\b"
)
_HEREOF = re.compile(r"\s*,?\s*(?:hereof|herein|hereto|hereunder|above|below)\b", re.IGNORECASE)
_THEREOF = re.compile(r"\s*,?\s*(?:thereof|therein|thereto|thereunder)\b", re.IGNORECASE)
_LAW = (
    r"(?:Act|Code|Regulations?|Directives?|Statutes?|Ordinance|Treaty|Convention|Constitution|Rules|Law|Decree|Bill"
    r"|Title)"
)
_LAW_AFTER = re.compile(
    _PART_OF
    + rf"\s*,?\s*(?:(?:UK|EU|Swiss|German|U\.S\.|US)\s+)*(?:GDPR|CCPA|CPRA|LGPD|PIPEDA|HIPAA|DMCA|PDPA|FADP|BGB|HGB"
    r"|DSGVO|n?DSG|n?DSGV|TDDDG|TTDSG|TCA|DSA|DMA|SCCs?|UCC"
    rf"|(?:[A-Z][\w’'-]*\s+){{1,6}}{_LAW}\b|(?=\w*[A-Z]\w*[A-Z]\b)[A-Z][A-Za-z]{{1,6}}[BGOV]\b(?!\s+[A-Z]))"
)
_LAW_BEFORE = re.compile(
    rf"(?:\b{_LAW}|GDPR|CCPA|CPRA|HIPAA|SCCs?|UCC|FAR|DFARS|U\.?\s?S\.?\s?C\.?A?\.?|C\.?\s?F\.?\s?R\.?|\bRev\.?\s*Stat\.?"
    r"|\bCiv\.?|\bStat\.?|\bCode\.?|\bCal\.|\bAnn\.?|\bNo\.\s*\d+|\d{4}/\d+)(?:\s+of\s+\d{4})?(?:[’']s)?\s*,?\s*(?:\(\w+\)\s*)?"
    r"(?:at\s+|under\s+|,\s*)?(?:[,(]?\s*(?:see\s+)?(?:and\s+)?(?:in\s+particular|particularly|notably|especially|specifically"
    r"|including|inter\s+alia|among\s+others?),?\s+(?:(?:in|under|by|with|at)\s+)?(?:(?:its|the)\s+)?)?\Z"
)
_EARLIER = re.compile(r"\b(?:older|earlier|previous|prior|former)\s+versions?\s+of\b[^.;]{0,120}\Z", re.IGNORECASE)
# "the Acme insurance requirements (Section 14)"
_REQUIREMENTS = re.compile(
    r"\bthe\s+[A-Z]\w+(?:\s+\w+){0,3}\s+(?:requirements|guidelines|rules|standards|manual|handbook|guide)\s*\(\Z"
)
_FARTHEST, _BEGIN = 150, 200
_SHORT = 3
_ABBREVIATION = re.compile(r"[A-ZÀ-Þ]{2,8}")
_OF_OTHER = re.compile(
    r"(?:\s+de\s+[^\W\d_]+)?\s+(?:d[’']\s*|pour\s+les\s+|para\s+los\s+|für\s+)(?P<name>[^\W\d_]{4,})"
)
_INSTRUMENT_HEAD = re.compile(
    r"\b(?:Act|Acts|Agreement|Addendum|Clauses|Code|Contract|Convention|Directive|Form|GDPR|Laws?|Licen[cs]e|Order|Page|Policy"
    r"|Policies|Regulation|Regulations|Rules|SCCs?|SOW|MSA|NDA|DPA|Schedule|Statement|Terms|Treaty|Exhibit|Annex|Attachment|Appendix)\b"
)
_ANOTHER_HEAD = re.compile(
    r"Acts?|Code|Directive|Law|Policy|Regulations?|Statute|Convention|Addendum|Form", re.IGNORECASE
)
_SELF = re.compile(
    r"\b(?:[Tt]h(?:is|ese)|TH(?:IS|ESE))\s+((?:[A-Z][\w-]*)(?:[ \n\u00a0]+(?:[A-Z][\w-]*|of(?=[ \n][A-Z])))*)"
)
_MEANS_TITLE = re.compile(
    r"[”\"’»*]*\s+(?:means|is|refers\s+to)\s+(?:the|our|these|this)?\s*(?P<title>[A-Z][\w’'&-]*(?:\s+(?:[A-Z][\w’'&-]*|of|and|for|on|the|to))*)"
    r"(?=\s*(?:[.,;(]|\Z|(?:at|as|located|available|attached|incorporated|set|published|between|that|which|in)\b))"
)
_TITLE_BEFORE = re.compile(r"(?P<title>[A-Z][^()“”\".;]{2,80}?)\s*\((?:the|our|this|collectively,?|each,?\s+an?)?\s*\Z")
_SENTENCE = re.compile(r"(?<=[a-z)]{2}\.)\s+|(?<=[A-Z]{2}\.)\s+")
_NEXT_REFERENCE = re.compile(
    r"(?<=\w)\s+(?:(?:and|of|to|for|on|the)\s+)*(?:Section|Clause|Article|Paragraph)s?\b.*", re.DOTALL
)
_KNOWN_LAW = re.compile(r"(?:(?:UK|EU|Swiss)\s+)?(?:GDPR|RGPD|DSGVO|CCPA|CPRA|LGPD|HIPAA|DMCA|SCCs?)")
# "See the DPA, Section 3": the section is one of that document.
_CITES = re.compile(
    r"(?:\A|[.;(\[]\s*|\b(?:[Ss]ee(?:\s+also)?|cf\.|per)\s+)(?:the\s+)?[“\"]?[A-Z][\w’'&-]*[”\"]?"
    r"(?:\s+(?:[A-Z][\w’'&-]*|of|and|for))*[”\"]?,\s*\Z"
)
INCLUDING = re.compile(
    r",?\s+(?:including|in\s+particular|namely|specifically)(?:,?\s+(?:but\s+not\s+limited\s+to|without\s+limitation))?,?\s+\Z"
)
"""What is between a contract and a section of it: the Plan, including but not limited to Section 11.1."""
_OWNS_ANOTHER = re.compile(r"[\d)]\s+of\s+(?:this|these)\s+[A-Z][^,;.()]{1,40},\s*\Z")
_OTHERS = wordlist("Parent Master Original Existing Prior Main Head Framework Underlying Principal")
_NOT_NAMES = wordlist("section sections article clause paragraph subsection exhibit schedule annex appendix part")
_LAW_ABROAD = re.compile(
    r"\s+(?:(?:du|des|de\s+la|del|de\s+los|der|des)\s+|de\s+l[’'])(?:(?:présent|vorliegend)\w*\s+)?"
    r"(?P<law>(?:CG[UV]S?|AGB|Règlement|RGPD|Code|Directive|Loi|Reglamento|Ley|Código|Directiva|Verordnung|Richtlinie|DSGVO|\w*[Gg]esetz(?:es|buch\w*)?)\b)"
    r"(?:\s*\([A-Z]+\))?(?:\s+(?:n[°o]\s*)?\d{2,4}/\d+)?"
)
# "de esta ley" continues what names a law; "de este reglamento" means the text itself.
_LAW_ITSELF = re.compile(
    r"\s*(?:\w+\s+)?(?:ley|código|directiva|loi|code|directive|décret|decreto|\w*gesetz\w*)\b", re.IGNORECASE
)
_REFERENCE_WORDS = wordlist(
    "section sections article clause paragraph exhibit schedule annex appendix attachment part item"
)
_WITHIN = wordlist(
    "agreement terms policy document contract addendum notice statement license licence nda dpa mnda eula sla "
    "section clause article schedule"
)


@value_class(frozen=True, slots=True)
class Owner:
    """The instrument that a reference belongs to. `document` is the id of a document of the set, or None for an
    external one; `certain` is true if the words are unambiguous; `end` is the offset at which the name ends. A document
    that is not certain is the one that a sentence names before a comma: "Under the DPA, Section 3 applies".
    """

    document: str | None
    certain: bool
    end: int


class Instruments:
    """The names of the documents of an edition."""

    def __init__(self, outlines: list[Outline], bounds: list[Bound]) -> None:
        self._outlines = outlines
        self._bounds = bounds

    @lazy_value
    def _names(self) -> dict[str, str]:
        """The names (keys) of the edition's documents → their ids."""
        names: dict[str, str] = {}
        for outline in self._outlines:
            for title in outline.derived(titles):
                names.setdefault(key(title), outline.id)
        for bound in self._bounds:
            target = bound.definition.target
            if target is None and not bound.derived(_names_beside):
                continue
            document = target[0] if target is not None and not target[1] else self._titled(bound, names)
            if document:
                names.update(dict.fromkeys(map(key, bound.definition.names), document))
        agreement = self._outlines[0].document.id if self._outlines else ""
        for name in self._own.get(agreement, ()):
            names.setdefault(name, agreement)
        return names

    @staticmethod
    def _titled(bound: Bound, titles: dict[str, str]) -> str:
        """Return the id of the document whose title a term means, or an empty string.

        As in “DPA” means the Data Processing Terms, and Data Processing Terms (the “DPA”).
        """
        return next((titles[name] for name in bound.derived(_names_beside) if name in titles), "")

    @lazy_value
    def _own(self) -> dict[str, frozenset[str]]:
        """The names each document uses for itself: after "this" and "these", and a term defined in its opening."""
        own = {}
        bracketed = defaultdict[str, set[str]](set)
        for bound in self._bounds:
            if bound.derived(names_itself):
                bracketed[bound.document].update(map(key, bound.definition.names))
        for position, outline in enumerate(self._outlines):
            names = outline.derived(names_for_itself) | bracketed[outline.id]
            if position == 0 and not {"Agreement", "AGREEMENT"} & names and self._defines_agreement(outline, names):
                names |= {"Agreement"}
            if any(_AMENDING.search(name) for name in names):
                names -= {"Agreement", "AGREEMENT"}  # the one that it changes, also in the words it replaces
            own[outline.id] = names
        return own

    def _defines_agreement(self, outline: Outline, names: frozenset[str]) -> bool:
        """Return whether "the Agreement" means the first document, which then rarely uses "this Agreement"."""
        if len(self._outlines) > 1:
            return True
        return any(
            "Agreement" in bound.definition.names and bound.document == outline.id and not names
            for bound in self._bounds
        )

    @lazy_value
    def _title_words(self) -> dict[str, frozenset[str]]:
        """The words of each document's titles (keys)."""
        return {
            outline.id: frozenset(re.findall(r"[^\s()]+", " ".join(map(key, outline.derived(titles)))))
            for outline in self._outlines
        }

    @lazy_value
    def _linked_elsewhere(self) -> frozenset[tuple[str, str]]:
        """(document, name) of names defined right after a link to another place: "[Terms](…) (the “Agreement”)"."""
        return frozenset(
            (bound.document, key(name))
            for bound in self._bounds
            if bound.definition.given is Given.RUNNING and bound.derived(follows_link)
            for name in bound.definition.names
        )

    @lazy_value
    def facts(self) -> object:
        """All that the owners of references depend on, besides the passage, its language and its document's id."""
        tables = (self._names, self._own, self._title_words)
        return (*(tuple(sorted(table.items())) for table in tables), self._linked_elsewhere)

    def owner(self, text: str, end: int, passage: Passage) -> Owner | None:
        """Return the instrument that the words after a reference name, or None if they name none."""
        here = passage.document.id
        if not passage.grammar.is_english:
            return self._owner_abroad(text, end, passage)
        if found := _HEREOF.match(text, end):
            return Owner(here, True, found.start())
        if _THEREOF.match(text, end) or _AMENDED.match(text, end):
            return Owner(None, True, end)
        found = _OWNER.match(text, end)
        if not found:
            after = _LAW_AFTER.match(text, end) or _LAW_ABROAD.match(text, end)
            return Owner(None, True, after.end()) if after else None
        if found["this"]:
            word = found["own"].split()[0].lower()
            return Owner(here, True, found.end()) if word in _WITHIN or found["own"][0].isupper() else None
        if found["cited"]:
            return Owner(None, True, found.end())
        if found["plain"]:
            return Owner(None, False, end)
        return self._named(found, here)

    def _named(self, found: re.Match[str], here: str) -> Owner | None:
        name = _NEXT_REFERENCE.sub("", _SENTENCE.split(found["name"], maxsplit=1)[0])
        name = re.sub(r"(?:\s+(?:of|and|for|on|the|to))+\Z", "", name)
        words = key(name.strip("“”\"‘’'")).rstrip(".,;").split(" ")
        own = {*self._own.get(here, ()), *map(str.upper, self._own.get(here, ()))}
        for count in range(len(words), 0, -1):
            part = " ".join(words[:count]).rstrip("”\"’',.")
            part = part.removesuffix("'s")
            if (here, part.capitalize() if part.isupper() else part) in self._linked_elsewhere:
                return Owner(None, True, found.end())
            if _names_another(words[count:]):
                continue
            if part in own:
                return Owner(here, True, found.end())
            if part in self._names:
                return Owner(self._names[part], True, found.end())
        if found["link"] != "of" and not _INSTRUMENT_HEAD.search(name):
            return None
        if name.split()[0].lower() in _REFERENCE_WORDS:
            return None
        certain = bool(_INSTRUMENT_HEAD.search(name)) or name.isupper()
        return Owner(None, certain, found.start("name") + len(name.rstrip(".,;’'\")")))

    def _owner_abroad(self, text: str, end: int, passage: Passage) -> Owner | None:
        """Return the instrument that the words after a reference name in a language other than English, or None."""
        phrases, here = owner_phrases(passage.grammar), passage.document.id
        if (own := phrases.own.match(text, end)) and not _LAW_ITSELF.match(text, own.end()):
            return Owner(here, True, end)
        if found := phrases.law.match(text, end):
            name = key(found[0]).rpartition(" ")[2]  # § 5 AGB-HB, in the AGB-HB
            known = name in self._own[here] and not _KNOWN_LAW.fullmatch(name)
            itself = known and self._begins_with(name.casefold(), passage)
            return Owner(here if itself else None, True, found.end())
        if phrases.here.match(text, end):
            return Owner(here, True, end)
        found = phrases.named.match(text, end)
        if not found:
            return None
        words = key(found["name"]).split(" ")
        abbreviated = _ABBREVIATION.fullmatch(words[0]) is not None and not text[:end].isupper()
        known = words[0] in self._names or not self._own[here].isdisjoint(words)
        if abbreviated and not known and not self._begins_with(words[0].casefold(), passage):
            return Owner(None, True, found.end())  # l’article 21 du RSN
        for count in range(len(words), 0, -1):
            if any(word[:1].islower() for word in words[count:]):
                continue  # "Conditions Générales de Transport" is not "Conditions Générales"
            part = " ".join(words[:count])
            every = (part, *passage.grammar.forms(part))
            if not self._own[here].isdisjoint(every):
                return Owner(None if self._is_of_other(text, found.end(), passage) else here, True, found.end())
            if document := next((self._names[form] for form in every if form in self._names), ""):
                return Owner(document, True, found.end())
            if len(words) == 1 and not self._title_words[here].isdisjoint(every):
                return Owner(here, True, found.end())  # § 5 der Satzung, in the "Satzung des Vereins"
        return Owner(None, False, end) if phrases.contract.match(found["name"]) else None

    def _is_of_other(self, text: str, end: int, passage: Passage) -> bool:
        """Return whether words after a document's own name make it another's: "Conditions Générales d’Hyperwallet"."""
        found = _OF_OTHER.match(text, end)
        if found is None:
            return False
        name = found["name"].casefold()
        return not self._begins_with(name, passage)

    def _begins_with(self, name: str, passage: Passage) -> bool:
        """Return whether a name in small letters is in the title or the first lines of the passage's document."""
        here = passage.document.id
        begin = next(one for one in self._outlines if one.id == here).text[:_BEGIN].casefold()
        return name in begin or name in {word.casefold() for word in self._title_words[here]}

    def owner_before(self, text: str, start: int, passage: Passage) -> Owner | None:
        """Return the instrument whose name is right before a reference ("DPA Section 3"), or None."""
        here = passage.document.id
        if not passage.grammar.is_english:
            phrases, first = owner_phrases(passage.grammar), max(0, start - 60)
            if before := phrases.contract_before.search(text, first, start):
                return self._of_contract(key(before["name"]), start, passage)
            before = phrases.policy_before.search(text, first, start)
            words = {word for word in key(before["name"]).split(" ") if len(word) > _SHORT} if before else set()
            itself = not self._title_words[here].isdisjoint(words)
            return None if before is None or itself else self._of_contract(key(before["name"]), start, passage)
        if listing := INCLUDING.search(text, max(0, start - _FARTHEST), start):
            name = preceding_name(text, listing.start())
            return self._before(name, text, start, here) if name is not None and not name.comma else None
        name = preceding_name(text, start)
        return self._before(name, text, start, here) if name is not None else None

    def _before(self, name: PrecedingName, text: str, start: int, here: str) -> Owner | None:
        """Return the instrument of a name right before a reference, or None."""
        if name.comma and _OWNS_ANOTHER.search(text, max(0, start - _FARTHEST), start):
            return None  # "Section 2.5 of this Addendum, Section 2.6 …"
        for at in range(len(name.words)):
            part = key(" ".join(name.words[at:]))
            if at and name.words[at - 1] in _OTHERS and (part in self._own.get(here, ()) or part in self._names):
                return Owner(None, True, start)  # "Parent SOW, Section 2.8" in a statement of work
            if part in self._own.get(here, ()):
                return Owner(here, True, start)
            if part in self._names:
                return Owner(self._names[part], not name.comma or _CITES.search(text, 0, start) is not None, start)
        # In capitals, every word looks like an acronym.
        in_capitals = text[start : start + 2].isupper()
        outside = name.is_outside or (name.may_be_outside and _CITES.search(text, 0, start) is not None)
        return Owner(None, True, start) if outside and not in_capitals else None

    def _of_contract(self, name: str, start: int, passage: Passage) -> Owner:
        """Return the owner of a reference after the name of a contract in another language: dans les CGU art. 9."""
        every = (name, *passage.grammar.forms(name))
        if not self._own[passage.document.id].isdisjoint(every):
            return Owner(passage.document.id, True, start)
        return Owner(next((self._names[form] for form in every if form in self._names), None), True, start)

    def is_outside(self, text: str, start: int, passage: Passage) -> bool:
        """Return whether the words before a reference name a law that it belongs to."""
        if not passage.grammar.is_english:
            return owner_phrases(passage.grammar).is_law_before(text, start)
        before = _LAW_BEFORE.search(text, max(0, start - 60), start)
        if _REQUIREMENTS.search(text, max(0, start - 60), start):
            return True
        return before is not None or _EARLIER.search(text, max(0, start - _FARTHEST), start) is not None


def _names_another(rest: list[str]) -> bool:
    """Return whether words after a document's own name make it another's: "Alaska" in "the Alaska Protection Act"."""
    return len(rest) > 0 and rest[0][:1].isupper() and _ANOTHER_HEAD.fullmatch(rest[-1].strip("”\"’',.()")) is not None


def _names_beside(bound: Bound) -> tuple[str, ...]:
    """Return the names (keys) that may be the title that a term means: after its verb, and before its bracket."""
    text, (start, end) = bound.found.passage.text, bound.found.at
    after = _MEANS_TITLE.match(text, end)
    before = _TITLE_BEFORE.search(text, max(0, start - 100), start)
    words = before["title"].split() if before else []
    parts = [key(" ".join(words[at:])) for at in range(len(words))]
    return (key(after["title"]), *parts) if after else tuple(parts)


def names_for_itself(outline: Outline) -> frozenset[str]:
    """Return the names that a document uses for itself after "this" and "these"."""
    grammar = grammar_of(outline.document)
    itself = _SELF if grammar.is_english else owner_phrases(grammar).itself
    names = {key(found[1]) for found in itself.finditer(outline.text)}
    return frozenset(
        name for name in names if name.split()[0].lower() not in _NOT_NAMES and not _KNOWN_LAW.fullmatch(name)
    )


def titles(outline: Outline) -> list[str]:
    """Return the titles of the document, to be derived once."""
    return outline.document.titles
