"""English: its grammar, acronyms and proper names that are not terms."""

from __future__ import annotations

from typing import Final

import engross.common.lazy_re as re
from engross.language.english_definitions import DEFINING, may_be_name
from engross.language.grammar import Grammar
from engross.language.number_words import NumberWords
from engross.language.phrases import FOLDER, read_data, referring
from engross.language.sentences import words
from engross.language.word_forms import forms

PLURAL_SUBJECT: Final = re.compile(
    r"[ \t\n\u00a0]+[a-z]{3,}s\s+(?:are|were|may|will|shall|must|have|do|can|should|include|apply)\b"
)
"""What follows an ordinary noun at the beginning of a sentence: "Price lists are …"."""

NOUN_LIST: Final = re.compile(
    r"[ \t\n\u00a0]+[a-z]{3,}s,\s+(?:[a-z]+,?\s+){1,5}(?:and|or)\s+other(?:\s+[a-z]+){1,4}\s+(?:are|is|may|do)\b"
)
"""What follows an ordinary noun too: "Price lists, brochures and other papers are …"."""

COMMANDS: Final = frozenset(
    words(
        "access address advance answer approve audit bid bill book call cancel change charge check claim comment "
        "complete consent contact control copy cover credit debit delay deposit design display document download "
        "draft email exchange exercise export file fund grant help import increase input install insure invoice "
        "issue label lease license licence link list load loan log mail mark measure message monitor name note "
        "offer order pay place plan pledge post present price print process program project purchase query quote "
        "rate record refund register release rent repair reply report request research reserve return review "
        "sample save schedule search set share ship sign stop store study supply support surrender survey switch "
        "test trade train transfer transport travel trial update upgrade upload use value view visit vote watch "
        "withdraw work"
    )
)
"""Nouns that begin a sentence as a verb too: "Order goods online.", "Contact us at once."."""

AFTER_SUBJECT: Final = re.compile(
    r"[ \t\n\u00a0]+(?:(?:is|are|was|were|be|been|has|have|had|shall|will|must|may|can|cannot|could|would|should|does"
    r"|do|did|might|and|or|nor|of|to|from|by|over|about|under|between|in|on|with|without|for|at|as|if|unless|when|where"
    r"|which|that|who|whose|not|only|also|then|through|against|means?|includes?|applies|apply|begins?|starts?|ends?"
    r"|expires?|requires?|takes?|contains?|covers?|remains?|becomes?|constitutes?|forms|lasts?|follows?|depends?|refers?"
    r"|relates?|results?|consists?|comes?|goes|needs?|serves?|stays?|survives?|passes|vests?|shows?|gives?|makes?|counts?"
    r"|ceases?|continues?|occurs?|exceeds?|terminates?|allows?|entitles?|binds?)(?![\w-])|[a-z]+(?:ed|ly)\b)"
)
"""What follows such a noun where it is one: "Order means", "Access to the site"."""

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

OUTSIDE_NAMES: Final = re.compile(
    r"(?<![\w-])(?:Securities\s+and\s+Exchange\s+Commission|Terms\s+(?:and|&|or)\s+Conditions"
    r"|Code\s+of\s+(?:Conduct|Ethics|Practice|Federal\s+Regulations|(?:Civil|Criminal)\s+Procedure)"
    r"|(?:(?:State|Commonwealth|Bank|City|County|Republic|Kingdom|Province|Government|Port|District|Church|University)\s+of"
    r"|Courts?\s+(?:of\s+(?:Justice|Appeal|Chancery|Arbitration|First\s+Instance)\s+of|of))"
    r"\s+(?:the\s+)?[A-Z][\w’'-]*"
    r"|Office\s+of\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)+|Board\s+of\s+(?:Directors|Trustees|Governors)"
    r"|(?:Labou?r|Memorial|Independence|Thanksgiving|Christmas|New\s+Year[’']?s|Veterans[’']?|Columbus|Boxing|Presidents[’']?"
    r"|(?:Mother|Father)[’']s|Canada|Australia|Bastille|Victoria|May)\s+Day"
    r"|(?:Companies|Securities(?:\s+(?:Exchange|Industry))?|Employment|Arbitration|Partnerships?|Trustees?|Patents?|Copyright"
    r"|Trade\s?[Mm]arks?)\s+Act(?!\w)"
    r"|(?:Controller|Processor)\s?-?to\s?-?(?:Controller|Processor)(?=\s*[),;]|\s+(?:Clauses|SCCs|Standard|Transfers?|Module)\b)"
    r"|(?:Title|Chapter|Rule|Form|Regulation)\s+(?:\d[\w.-]*|[IVX]+(?![\w-])))"
)
"""Names of authorities, days, codes and titles of laws, in which no word is a term of the agreement."""

IN_OUTSIDE_NAMES: Final = frozenset(
    words(
        "Securities Exchange Commission Terms Condition Conditions Code Conduct Ethics Practice Regulation Regulations "
        "Procedure State Commonwealth Bank City County Republic Kingdom Province Government Port District Church "
        "University Court Courts Justice Appeal Arbitration Office Board Directors Trustees Governors Day Title "
        "Chapter Rule Form Act Companies Employment Partnership Partnerships Trustee Patent Patents Copyright "
        "Trademark Trademarks Controller Processor"
    )
)
"""The words of such names that contracts define as terms."""

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
    r",?\s+(?:LLC|L\.L\.C|L\.L\.P|L\.P|Inc|Ltd|Limited|GmbH|AG|Corp|PLC|plc|LP|LLP|S\.|B\.V|N\.V|Pty|Pte|SE|SAS|Co)\b"
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


_NUMBERS: Final = NumberWords(read_data(FOLDER / "en" / "numbers.toml"))

GRAMMAR: Final = Grammar(
    code="en",
    defining=DEFINING,
    referring=referring(read_data(FOLDER / "en" / "references.toml")),
    forms=forms,
    may_be_name=may_be_name,
    value_of=_NUMBERS.value_of,
    number_word=_NUMBERS.pattern,
    number_join=_NUMBERS.join,
    common=frozenset(),
    pronouns=frozenset(),
    indefinite=frozenset(words("a an any another other no some every each")),
)
"""English."""
