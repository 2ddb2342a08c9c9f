"""Capitalised words that are names and no terms: of places, days, laws, bodies, offices, things known to everybody."""

from __future__ import annotations

import re
from typing import Final

from engross.checks.words.lists import words

ACRONYMS: Final = frozenset(
    words(
        """
    AAA ACH ADA ADR AES AG AI AICPA AKA AM APEC ATF BIPA BIS BSA BV CAN CBP CCPA CD CE CEO CET CFAA CFO CFR CIO CISG
    CISO COO COPPA COVID CPA CPI CPRA CPU CSAM CSS CST CTO CVE DC DE DFARS DMCA DNS DOJ DOT DPO DSA DSS DST DVD EAA
    EAR ECCN ECHR ECJ ECPA EDT EEA EEOC EFTA EIN EN EPA ERISA EST ET EU EUR FAA FADP FAQ FAR FATF FCA FCC FCPA FDA
    FDIC FERC FERPA FINRA FISA FOIA FSA FTC FTP GAAP GB GBP GDP GDPR GIPA GLBA GMT GPL GPU GST HHS HIPAA HITECH
    HITRUST HK HMRC HTML HTTP HTTPS IBAN ICANN ICC ICDR ICO ID IDs IEC IEEE IFRS II III IMEI INC IOS IP IPO IPR IRC
    IRS ISIN ISO IT ITAR ITU IV IX JAMS JSON KB KYC LCIA LGPD LIBOR LLC LLP LP LTD MB MFA MIT ML MMS MST NA NASDAQ
    NATO NGO NI NIST NJ NSA NV NW NY NYSE OECD OFAC OK OS OSHA PATRIOT PC PCI PDF PDT PEP PGP PIN PIPA PIPEDA PIPL
    PL PLC PM PO POPIA PST PT PTO QA RAM RFC RGPD RICO SA SAS SCC SDN SE SEC SGD SIAC SIC SIM SMS SMTP SOC SOFR SOX
    SQL SSAE SSH SSL SSN SSO SWIFT TCP TCPA TLS TM TV UAE UCC UCITA UK UKBA UN UNCITRAL UNIX URI URL URN US USA USB
    USC USD USPTO UTC UTF VAT VI VII VIII VIN VOIP VPN WIPO WTO XI XII XIII XIV XML XV XX AUD CAD CHF CNY DKK INR
    JPY NOK NZD PLN SEK ZAR HR PR RFP ROI GA FOB CIF DAP DDP EXW INCOTERMS CV CAPTCHA
    """
    )
)
"""Abbreviations that need no definition: currencies, standards, laws, authorities, forms of companies, numerals."""

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
"""What a name of a law, body, firm, place, office or holiday ends with."""

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
"""Words that are capitalised because a number follows them, or their own text is meant ("this Section")."""

NOUNS: Final = frozenset(
    words(
        """
    acceptance account addendum affiliate agreement amount asset audit authorization benefit budget business
    buyer carrier charge claim client collateral commitment committee company competitor component consultant
    content contract contractor cost credit customer damage data date deadline defect delay deliverable delivery
    deposit design device disclosure discount document documentation duty employee employer entity equipment
    error escrow event expense facility fault fee feedback field file form goods group guarantee guarantor
    guideline hardware improvement incident indemnitee indemnitor information infringement input insurance
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
    """
    )
)
"""What contracts define terms for, in small letters and the singular."""

_COMPANY = re.compile(
    r",?\s+(?:LLC|L\.L\.C|Inc|Ltd|Limited|GmbH|AG|Corp|PLC|plc|LP|LLP|S\.|B\.V|N\.V|Pty|Pte|SE|SAS|Co)\b"
)
_LAW = re.compile(
    r"\b(?:Act|Code|Regulations?|Directive|Convention|Treaty|Rules|Law|Statute|Court|Department|Commission|University"
    r"|Institute|Association|Ministry|Bureau|Agency|Authority|Republic|Kingdom|County|Attorney)\b"
)


def is_name(parts: list[str], following: str) -> bool:
    """Whether capitalised words are a name and no term; `following` is the text right after them."""
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
