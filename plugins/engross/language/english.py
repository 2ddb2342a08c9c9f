"""English data: verbs that define a term, number words, acronyms and proper names that are not terms."""

from __future__ import annotations

import re
from typing import Final

from engross.language.sentences import words

_BETWEEN: Final = (
    r"(?:(?:shall|will|also|hereby|each|both|all|together|collectively|individually|respectively|herein|only)\b,?\s+)"
)
_MEANS: Final = (
    r"means?\b(?!-)|meaning\b(?=\s*[,:])|denotes?\b|connotes?\b|signif(?:y|ies)\b"
    r"|(?:has|have|having|bears?|is\s+given|are\s+given|be\s+given|take|takes)\s+(?:the|its|their|such|that)\s+"
    r"(?:same\s+|respective\s+)?(?:meaning|definition)s?(?:\(s\))?"
    r"|(?:has|have|having)\s+meanings?\b|(?:has|have)\s+been\s+defined\b"
    r"|refers?\b(?:,?\s*\w+,?){0,2}?\s+to\b"
    r"|to\s+(?:refer\s+to|mean)\b|(?:we|you)\s+(?:also\s+)?mean\b|we(?:['’]re|\s+are)\s+(?:referring\s+to|talking\s+about)\b"
    r"|shall\s+(?:be\s+deemed\s+to\s+(?:have\s+occurred|occur|exist)|occur)\s+(?:if|when|upon)\b"
    r"|(?:is|are|be)\s+(?:hereby\s+)?(?:used\s+(?:herein\s+)?(?:to\s+(?:mean|refer)|as\s+defined)|deemed\s+to\s+mean"
    r"|defined\b)|stands?\s+for\b|shall\s+be\s+(?:defined|construed|understood)\s+(?:as|to\s+mean)"
)
_INCLUDES: Final = (
    r"includes?\b|compris(?:es?|ing)\b|consists?\s+of\b|represents?\b|describes?\b|identif(?:y|ies)\b|is\b|are\b"
    r"|equals\b"
)
_ASIDE: Final = (
    r"(?:,?\s*\([^()]{1,120}\))?(?:\s*[:–—]|\s+-(?=\s))?"
    r"(?:,?\s*(?:as\s+used|when\s+used|where\s+used|used|in\s+relation\s+to|in\s+respect\s+of|with\s+respect\s+to"
    r"|for\s+(?:the\s+)?purposes?\s+of|as\s+applied|in\s+(?:this|these|the)|of\s+(?:a|an|any)|as\s+to|unless)\b"
    r"[^.;“”\"]{0,120}?,?)?\s*,?\s*"
)
_FORMAL: Final = r"(?P<mark>[:=]|\s[–—-]\s|\s--\s|[–—])\s*"

MEANS: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_MEANS})", re.IGNORECASE)
"""A verb that defines wherever it follows a marked term, with the words that may come between them."""

INCLUDES: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_INCLUDES})", re.IGNORECASE)
"""A verb that defines only at the start of a clause, and only if no other definition of the term exists."""

MARK: Final = re.compile(rf"\s*{_FORMAL}", re.IGNORECASE)
"""A punctuation mark in place of a verb, as in a list of definitions ("**Fee**: the amount …")."""

MARK_AND_ARTICLE: Final = re.compile(rf"\s*{_FORMAL}(?:an?|the|any|all|our|your|each|every)\b", re.IGNORECASE)
"""A punctuation mark in place of a verb outside definitions sections, before a noun ("“Host” – a firm that …")."""

MEANING_BEGINS: Final = r"(?-i:[a-z]|(?:An?|Any|The|All|Every|Each|Our|Your|One|Those|Information)\b)"
"""How the meaning of a term begins after a colon or a dash: in lower case, or with an article."""

MARK_AND_MEANING: Final = re.compile(rf"\s*{_FORMAL}(?={MEANING_BEGINS})", re.IGNORECASE)
"""A punctuation mark and the first letter of a meaning ("**Third country**: a country outside …")."""

MEANING: Final = re.compile(rf"\s*(?={MEANING_BEGINS})")
"""The first letter of a meaning after a punctuation mark."""

COMMA_AND_ARTICLE: Final = re.compile(r"\s*,\s+(?:an?|the|any|each|every)\s")
"""A comma in place of a verb in a list of definitions ("**Term**, the period of …")."""

FOR_PURPOSES: Final = re.compile(
    r"\b(?:for\s+(?:the\s+)?purposes?\s+of|as\s+used\s+in|in\s+this\s+(?:section|clause|paragraph|article|agreement|schedule)"
    r"|the\s+(?:terms?|words?|expressions?|phrases?))\b[^.;:“”]{0,60}\Z",
    re.IGNORECASE,
)
"""What precedes a term that a sentence defines for its own purposes."""

MEANING_ON_NEXT_LINE: Final = re.compile(r"[ \t]*\n(?=(?:An?|Any|The|All|Every|Each|Our|Your|One|Those|Information)\b)")
"""A line break in place of a verb."""

TITLES: Final = re.compile(
    r"(?:(?:definitions?|defined\s+terms|interpretations?|construction|headings?|captions|references|general|singular|plural"
    r"|gender|number|usage|precedence|conflicts?|order\s+of\s+precedence|scope|purpose|accounting\s+terms|introduction"
    r"|background|overview|rules\s+of)(?:[\s,]+(?:and|or|of|in|to|&)\b.*|)|.*\b(?:definitions?|interpretation|provisions))\Z",
    re.IGNORECASE,
)
"""Words in bold before a full stop that are the title of a clause about definitions and not a defined term."""

MEANING_AFTER_STOP: Final = re.compile(
    r"\.\s+(?!(?:in\s+this|in\s+these|in\s+the|the\s+following|the\s+terms?|the\s+definitions?|the\s+words?|unless|except"
    r"|for\s+the\s+purposes?|capitali[sz]ed|any\s+reference|references?|words?|terms?|as\s+used|all\s+(?:terms|references)"
    r"|if|where|when|to\s+the\s+extent|whenever|this\s+(?:agreement|section|document))\b)[\w(]",
    re.IGNORECASE,
)
"""What follows a bold term and its full stop in a list of definitions; a clause about all terms begins otherwise."""

IS_A: Final = re.compile(
    rf"{_ASIDE}{_BETWEEN}{{0,3}}(?:is\s+(?:an?|the|any|each|every|one|all)\b|is\s+(?:data|information|content)\b"
    r"|are\s+(?:the|all|any|those|each)\b|are\s+[a-z]+s\b(?!\s+(?:to|by))|includes?\b)"
    r"(?!\s+(?:[\w-]+\s+){0,2}(?:option|button|link|tab|setting|trademark|badge|feature)s?\b)",
    re.IGNORECASE,
)
"""What defines a quoted name at the beginning of any sentence, if no other definition of the term exists."""

NEGATED: Final = re.compile(r"\s*(?:does|do|did|shall|will|may|must)\s+not\b", re.IGNORECASE)

_PLACED: Final = (
    r"stated|given|set\s+(?:forth|out|down)|specified|provided|described|defined|assigned|ascribed|indicated|identified"
    r"|contained|found|used|located|posted|published"
)
POINTS: Final = re.compile(
    rf"{_ASIDE}{_BETWEEN}{{0,3}}(?:(?:(?:has|have|bears?|is\s+given|are\s+given|be\s+given|having)\s+(?:the|its|their)\s+"
    rf"(?:same\s+|respective\s+)?meanings?(?:\(s\))?|(?:is|are|as|be)\s+defined)\b[^.;:“”\"]{{0,80}}?"
    rf"\b(?:{_PLACED}|in|under|at)\b|(?:means?|refers?\s+to)\b[^.;:“”\"]{{0,80}}?\b(?:{_PLACED})\s+(?:in|at|under|by|on)\b)",
    re.IGNORECASE,
)
"""A definition that only points at the place where the term is defined."""


PLURAL_SUBJECT: Final = re.compile(
    r"[ \t\n\u00a0]+[a-z]{3,}s\s+(?:are|were|may|will|shall|must|have|do|can|should|include|apply)\b"
)
"""What follows an ordinary noun at the beginning of a sentence: "Price lists are …"."""

NOUN_LIST: Final = re.compile(
    r"[ \t\n\u00a0]+[a-z]{3,}s,\s+(?:[a-z]+,?\s+){1,5}(?:and|or)\s+other(?:\s+[a-z]+){1,4}\s+(?:are|is|may|do)\b"
)
"""What follows an ordinary noun too: "Price lists, brochures and other papers are …"."""

OF_OTHERS: Final = re.compile(r"\s+of\s+(?:others?|another|(?:a|any)\s+third|third|any\s+other)\b")
"""What follows an ordinary noun at the beginning of a sentence: "Sites of other companies are not covered"."""

WORDS_ABOUT_WORDS: Final = frozenset(words("terms words expressions phrases definitions headings references"))
"""Plurals that mean the words of a document and not a defined term: "Terms not defined in this Addendum"."""

ABOUT_WORDS: Final = re.compile(
    r"\s+(?:(?:that|which)\s+(?:are\s+)?)?"
    r"(?:(?:not|otherwise|otherwise\s+not|as|so|used|capitali[sz]ed|written)\b[\s,]*){0,4}"
    r"(?:(?:but|and)\s+)?(?:not\s+)?(?:otherwise\s+)?(?:specifically\s+)?"
    r"(?:defined|used|in\s+the\s+singular|importing|denoting|capitali[sz]ed|have|having|shall\s+have)\b"
)
"""What follows such a plural at the beginning of a sentence."""

DEFINED_BEFORE: Final = re.compile(r"\b(?:[Cc]apitali[sz]ed|[Uu]ndefined|[Dd]efined)\s+\Z")
"""What precedes such a plural."""

STOCK_PHRASES: Final = re.compile(
    r"\b(?:(?:PARTICULAR|ESSENTIAL|SPECIFIC|ANY)\s+PURPOSES?|IMPLIED\s+TERMS?|JURY\s+TRIALS?|TRIAL\s+BY\s+JURY"
    r"|CLASS\s+MEMBERS?|(?:LEGAL|CORPORATE|BUSINESS|GOVERNMENT)\s+ENTIT(?:Y|IES)|(?:SERVICE|BUSINESS)\s+INTERRUPTIONS?"
    r"|COURT\s+PROCEEDINGS?|SUBSTITUTE\s+(?:GOODS|SERVICES|PRODUCTS)|GOODS\s+OR\s+SERVICES"
    r"|COURSE\s+OF\s+(?:DEALING|PERFORMANCE|TRADE|CONDUCT)|USAGE\s+OF\s+TRADE|TERMS\s+AND\s+CONDITIONS|TERM\s+OR\s+CONDITION"
    r"|LOSS\s+OF\s+(?:\w+,?\s+){0,2}(?:DATA|INFORMATION|CONTENT|BUSINESS|USE|PROFITS?|GOODWILL)"
    r"|IMPLIED\s+(?:CONDITIONS?|WARRANT(?:Y|IES))|THEORY\s+OF\s+LIABILITY)\b"
)
"""Phrases of disclaimers in capitals, whose words are not the terms of the agreement."""


_UNITS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = words(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: value for value, word in enumerate(_ORDINALS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{word[:-1] + "ieth": 10 * value for value, word in enumerate(_TENS, start=2)},
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_HUNDRED = {"hundred", "hundredth"}

NUMBER_WORDS = "|".join(sorted({*_SMALL, *_LARGE, *_HUNDRED}, key=len, reverse=True)).join(("(?:", r")\b"))
"""A pattern for one word of a number."""


def value_of(number_words: str) -> int | None:
    """Return the number that the words express, or None if they are not well formed ("twenty sixty", "five ten")."""
    total, group, last = 0, 0, 10**12
    for word in re.split(r"[\s\u00a0-]+", number_words.lower()):
        if word == "and":
            continue
        if word in _LARGE:
            total, group, last = total + max(group, 1) * _LARGE[word], 0, 10**12
        elif word in _HUNDRED:
            if group > 99:
                return None
            group, last = max(group, 1) * 100, 100
        elif word in _SMALL:
            value = _SMALL[word]
            if not _may_follow(value, last):
                return None
            group, last = group + value, value
        else:
            return None
    return total + group


def _may_follow(value: int, last: int) -> bool:
    """Return whether a word for `value` can follow one for `last`: five after twenty or a hundred, never after five."""
    return last >= 100 or (last >= 20 and 0 < value < 10)


NAMES: Final = frozenset(
    words(
        """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December Christmas Easter Thanksgiving Internet Web Wi-Fi Bluetooth Ethernet Unicode
    Markdown English German French Spanish Italian Dutch Japanese Chinese Korean Portuguese Russian Arabic Hindi
    Latin American European British Canadian Australian Swiss Irish Indian Asian African Federal State States
    Commonwealth Crown Parliament Congress Senate Constitution God Union Member Western Eastern Northern Southern
    North South East West Central Pacific Atlantic Earth America Europe Asia Africa Australia Austria Belgium Brazil
    Britain Bulgaria California Canada Chicago China Colorado Columbia Connecticut Croatia Cuba Cyprus Czechia
    Delaware Denmark Denver Dublin England Estonia Finland Florida France Georgia Germany Greece Hawaii Hungary
    Iceland Illinois India Indiana Indonesia Iran Iraq Ireland Israel Italy Japan Jersey Kansas Korea Latvia
    Liechtenstein Lithuania London Luxembourg Madrid Maine Malaysia Malta Maryland Massachusetts Mexico Michigan
    Minnesota Missouri Montana Nevada Netherlands Norway Oregon Paris Pennsylvania Philippines Poland Portugal
    Romania Russia Scotland Seattle Shanghai Singapore Slovakia Slovenia Spain Sweden Switzerland Syria Taiwan
    Tennessee Texas Thailand Turkey Ukraine Utah Vermont Vietnam Virginia Wales Washington Wisconsin Wyoming York
    Zealand Zurich Crimea I OK Mr Mrs Ms Dr Sir Madam Esq No Nos Inc Ltd Corp LLC GmbH Company Co
    """
    )
)
"""Words that are capitalised whatever they mean in a contract."""

LAST_WORDS: Final = frozenset(
    words(
        """
    Act Acts Law Laws Code Codes Regulation Regulations Directive Directives Convention Conventions Treaty Treaties
    Rule Rules Ordinance Statute Statutes Constitution Decree Protocol Principles Bill Title Amendment Clauses
    Framework Shield Court Courts Tribunal Commission Commissioner Department Office Ministry Agency Authority Union
    Association Bureau Board Committee Council Institute University College Organization Organisation Society
    Foundation Federation Chamber Treasury Reserve Bank Exchange Registry Inc Ltd LLC LLP Corp Corporation GmbH
    Limited Company PLC Street Avenue Road Boulevard Floor Suite City County Province District Island Islands
    Kingdom Republic States State Emirates Time Standard Officer Officers President Director Directors Counsel
    Secretary Manager Chair Chairman Chairperson Treasurer Partner General Attorney Judge Day Year Eve Test Index
    Center Centre License Licenses Copyright Millennium
    """
    )
)
"""The last words of names of laws, bodies, firms, places, offices and holidays."""

NUMBERED: Final = frozenset(
    words(
        """
    Section Sections Article Articles Clause Clauses Exhibit Exhibits Schedule Schedules Annex Annexes Appendix
    Appendices Attachment Attachments Part Parts Chapter Chapters Paragraph Paragraphs Subsection Subsections
    Subclause Table Figure Recital Recitals Step Module Option Phase Tier Level Class Series Type Version Volume
    Form Rule Page Line Item Note Addendum Annexure Rev Title Category Stage Milestone Docket
    """
    )
)
"""Words that are capitalised because a number follows, or because they mean their own text ("this Section")."""

NOUNS: Final = frozenset(
    words(
        """
    acceptance account addendum affiliate agent agreement amount asset audit authorization benefit budget business
    buyer carrier charge claim client collateral commitment committee company competitor component consultant
    content contract contractor cost credit customer damage data date deadline defect delay deliverable delivery
    deposit design device disclosure discount document documentation duty employee employer entity equipment
    error escrow event expense facility fault fee feedback field file form goods group guarantee guarantor
    guideline hardware hire improvement incident indemnitee indemnitor information infringement input insurance
    intellectual interest inventory invention investor invoice item know-how landlord lender lessee lessor
    liability license licensee licensor location loan loss maintenance mark material member milestone
    modification network notice obligation offer offering order output owner package partner party patent
    payment penalty percentage performance period permit person personnel plan platform policy portal premises
    price product program project promotion property proposal provider purchase purchaser quote rate receipt
    recipient record reference release remedy rent report representative requirement resource result right
    royalty sale sample schedule scope secret security seller server service share site software specification
    sponsor staff standard statement stock subcontractor subscriber subscription supplier supply support system
    tax technology tenant term territory test tool trademark transaction transfer trial update upgrade usage use
    user value vendor vessel volume warranty website work
    address applicant auditor backup beneficiary booking borrower bonus commission consignment contact controller
    course credential description driver enrolment expert holder instruction instructor issuer log marketplace meter
    operator packaging parcel pallet processor property purpose rate reading route salary sensor session shareholder
    shift shipment slip student subject teacher technician trainer trustee unit vehicle visit zone
    """
    )
)
"""Nouns that contracts often define as terms, in lower case and the singular."""

_COMPANY = re.compile(
    r",?\s+(?:LLC|L\.L\.C|Inc|Ltd|Limited|GmbH|AG|Corp|PLC|plc|LP|LLP|S\.|B\.V|N\.V|Pty|Pte|SE|SAS|Co)\b"
)
_LAW = re.compile(
    r"\b(?:Act|Code|Regulations?|Directive|Convention|Treaty|Rules|Law|Statute|Court|Department|Commission|University"
    r"|Institute|Association|Ministry|Bureau|Agency|Authority|Republic|Kingdom|County|Attorney)\b"
)


def is_name(parts: list[str], following: str) -> bool:
    """Return whether capitalised words are a name and not a term; `following` is the text right after them."""
    last = parts[-1]
    if last in LAST_WORDS or (parts[0] in NUMBERED and (len(parts) == 1 or len(parts[1]) == 1)):
        return True
    if all(word in NAMES or len(word) == 1 or word.rstrip(".") in NAMES for word in parts):
        return True
    if any(word in NAMES for word in (parts[0], last)) and len(parts) > 1:
        return True
    if _COMPANY.match(following) or re.match(r"\s+(?:v\.|vs\.|\d|[A-Z]\b|No\.)|[®™©]|\.[a-z]|@", following):
        return True
    return bool(_LAW.search(" ".join(parts[:-1])))
