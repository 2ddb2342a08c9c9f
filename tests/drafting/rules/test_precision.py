"""Texts that look wrong and are right, and texts that look right and are wrong."""

import pytest

from engross.drafting.rule_reference import check_example
from engross.model import Severity

RIGHT = {
    "repeated-word": [
        "The notice that that party had had to send.",
        "Every Customer customer list is Series A a series.",
        "**Notices** Notices are in writing.",
        "He went to New York. York is near.",
        "It is 5 5 times.",
    ],
    "placeholder": [
        "[Reserved] and [intentionally omitted] and [sic] and [1].",
        "By: ______\nName: ______\nTitle: ______",
        "| Signed | |\n| --- | --- |\n| By: | ________ |",
        "- [ ] to do\n- [x] done",
        "Write to `{{ site.email }}` or see [the page](https://example.com).",
        "Certificates follow [RFC5280], [X.509] and [ETSI EN 319 411].",
        "1. Definitions ............................ 3\n2. Fees ................................... 17",
        "The end. [Back to top](#)",
        "# Terms\n\n## Model withdrawal form\n\nOrdered on [DATE] at [PLACE].",
        "I/We (*) hereby give notice that I/We (*) cancel my contract ordered on [date].",
        "Send an e-mail with the subject [insert your name].",
        "Chapter XXX of the Code applies. We host no XXX-rated films.",
        "The price is to be determined by the board. He said “Please [your feedback]”.",
        "The parties [and their Affiliates] agree.",
    ],
    "number-mismatch": [
        "within thirty (30) days, three hundred and sixty-five (365) days, and twenty four (24) hours",
        "ten percent (10%), one hundred percent (100%), five (5) percent, one and one-half percent (1.5%)",
        "fifty thousand dollars ($50,000), one million US dollars (US$1 million), one thousand euros (EUR 1.000)",
        "the thirtieth (30th) day, the first (1st) month, 30 (thirty) days",
        "two or three (3) times, one-third (33%) of it, sections one (a) and two (b)",
        "at least two thirds (66.7%) of the votes",
        "Die Frist für die Zahlung beträgt dreißig (30) Tage, die Strafe zehntausend (10.000) Euro, und die der Miete 21 (einundzwanzig) Tage.",  # noqa: E501
        "Le délai de paiement est de quatre-vingt-dix (90) jours, et la pénalité de deux mille cinq cents (2 500) euros par jour et par client.",  # noqa: E501
        "El plazo de pago es de treinta y cinco (35) días, y la pena es de mil (1.000) euros por cada uno de los días y por el daño.",  # noqa: E501
    ],
    "unpaired-quote": [
        'A 27" screen, 5\'10" tall, and the parties’ rights; don’t.',
        "He said:\n\n“First paragraph of a quotation.\n\n“Second paragraph of it.”\n\nDone.",
        '“A “nested” quotation” and "a straight one" and « une » and „eine“ and ‘one’.',
        "The word (“Fee”) stands “here.”",
        "“Fee means the price.",
    ],
    "unpaired-bracket": [
        "It is a) this, b) that, or iv) other; also 1) one and 1.2) two.",
        "Such things (each of the following:\n\n- one,\n- two) apply.",
        "Recognised :) as such, [as is]. Some are not :( :-(, and sad.",
        "For reasons (named in Article 6 (1) f) of the GDPR), we use it.",
        "It rests on consent (Article 9 (2) a) and e) of the GDPR) alone.",
    ],
    "enumeration-gap": [
        "1. One thing.\n\nBetween.\n\n05. Five of another list.\n\n06. Six.",
        "1. One thing.\n\n2.Two without a blank\n\n3. Three things.",
        "(a) one, (b) two, and (c) three. Also (i) four and (ii) five.",
        "Under (a) and (c) above, Section 2(a), (c) or (e) holds.",
        "It will (a) do this (as agreed), (b) that, and (c) the rest, and (i) more (ii) yet.",
        "1. one\n1. two\n1. three",
        "(a) one\n(b) two\n\nand then\n\n(c) three\n(d) four",
        "(a) one\n    (i) sub\n    (ii) sub\n(b) two\n    (i) sub\n    (ii) sub",
        "(g) one\n(h) two\n(i) three\n(j) four",
        "(y) one\n(z) two\n(aa) three\n(bb) four",
    ],
    "heading-number": [
        "# T\n\n## 1. A\n\nx\n\n### 1.1 B\n\nx\n\n### 1.2 C\n\nx\n\n## 2. D\n\nx\n\n### 2.1 E\n\nx",
        "# T\n\n## Article I A\n\nx\n\n## Article II B\n\nx\n\n## Article III C\n\nx",
        "# T\n\n## 1. A\n\nx\n\n## 2. B\n\nx\n\n## Annex\n\nx\n\n## 1. C\n\nx",
        "# T\n\n## A. A\n\nx\n\n## B. B\n\nx\n\n## C. C\n\nx",
        "# T\n\n**1.1.** A.\n\n**1.2.** B.\n\n**2.1.** C.\n\n**2.2.** D.",
        "# T\n\n**1.1.** A.\n\n**2.1.** C.\n\n**3.1.** D.\n\nExtra terms\n\n**1.1.** E.\n\n**2.1.** F.",
    ],
    "duplicate-heading": [
        "# T\n\n## A\n\n### General\n\nx\n\n## B\n\n### General\n\nx",
        "# T\n\n## [Reserved]\n\n## [Reserved]\n\n## B\n\nx",
        "# Terms\n\nx\n\n# Terms\n\nx",
    ],
    "empty-section": [
        "# T\n\n## 1. Reserved\n\n## 2. [Intentionally omitted]\n\n## 3. A\n\nx",
        "# T\n\n## A\n\n### B\n\nx",
        "# T\n\n### 2.1 The customer shall pay all of the fees that are due.\n\n### 2.2 B\n\nx",
        "# Title\n\n# 1. A\n\nx",
    ],
    "case-mismatch": [
        "“Services” means what we sell.\n\nServices and services of others. Services end. Services cost. Services last.",  # noqa: E501
        "“Third Party” means anybody else.\n\nA Third Party may come. No third party is a Third Party.",
        "“Effective Date” means today.\n\nThe Effective Date is soon. The effective date of termination is not.",
        "“Confidential Information” means secrets.\n\nCONFIDENTIAL INFORMATION IS SECRET. Confidential Information too.",  # noqa: E501
    ],
    "term-variant": [
        "We sell things (“our Services”).\n\nOur Services are free, and our Services work.",
        "“Third Party” means anybody else.\n\nA Third Party makes Third-Party software and Third-Party enabled tools.",
        "“Open Router” means OpenRouter LLC of Denver.\n\nOpen Router acts. OpenRouter LLC acts for Open Router.",
        "“Third Party” means anybody else.\n\nA Third Party sells Third-Party Offerings to a Third Party.",
        "“End User” means a person.\n\nAn End User is one of the End Users; see openrouter.ai/end-user. The END USER PAYS.",  # noqa: E501
    ],
    "undefined-term": [
        "Write to our Copyright Agent. The Copyright Agent answers each notice that is sent to the Copyright Agent.",
        "Account Information. We keep the Account Information that you give.\n\nUpdate the Account Information here.",
        "On Monday the Privacy Act of 1974 and the laws of the State of New York apply in the European Union.",
        "The Chief Executive Officer of Acme Widgets, Inc. and the Federal Trade Commission agreed in January.",
        "“Fee” means the price.\n\nThe Fees are due. A Fee is final. Each Fee counts.",
        "See Section 5, Exhibit A and the General Data Protection Regulation (the “GDPR”).",
        "Der Kunde zahlt das Service Entgelt für die Nutzung. Das Service Entgelt ist mit dem Account und der Service Gebühr fällig.",  # noqa: E501
        "We use Google and the Google cloud. Google is big, and so is the Internet.",
        "Under the Basic Conditions Act (BCA) the BCA applies, and the BCA holds.",
        "# Terms of Service\n\nThese Terms of Service bind you. The Terms of Service are long.",
        "Read our Community Guidelines. Our Community Guidelines hold, whatever guidelines a community has.",
        "Open your Account Settings. In the Account Settings, each account has its settings.",
        "Follow the Tour Content policy. The Tour Content policy is about the content of a tour.",
        "Use your Right to Know. The Right to Know is a right that you have, and the Platform to Business rules hold.",
        "The Convention on the International Sale of Goods is void. No Convention on the International Sale of Goods.",
        "We host GIFs. The GIFs are yours. The code is under the LGPL, and the LGPL holds.",
        "The fee covers the SLA. No SLA is free. The “Open Router API” is an API. Each API is free.",
        "Use the Manage Booking service. The Manage Booking service lets you manage a booking.",
        "The (”Content”) is yours. We keep the Content, and our Content is content.",
        "The Content is yours. We keep the Content. Capitalized terms not defined here have the meaning in the Terms.",
        "The Bolt Platform is big. Leave the Bolt Platform. A platform is large.",
        "THE WORD DELIVERABLES IN A PARAGRAPH OF THE LOUD DELIVERABLES KIND MEANS NOTHING.",
    ],
    "circular-definition": [
        "- “Software” means programs, but not Offerings.\n- “Offerings” means goods that are not Software.",
        "- “Company” means Company Widgets, Inc.\n- “Board” means the Board of Directors of the Company.",
        "- “Maps” means the Maps portal on our site.\n- “Rules” means the Rules, the current version of which we post.",
    ],
    "unused-definition": [
        "## b. Your Licence to Us\n\nYou agree (see Section 2.b (“Your Licence to Us”)) to these rules.",
        "Tap the sign (“→A”) to hear it. The service is for you (“User/You”), and User pays.",
        "“Fee Policy” means a page.\n\nRead the [Fee Policy](https://example.com/fees).",
        "We follow the Rail Act (“RA”).\n\nSend RA notices to us.",
        "This list of data (“Schedule”) is part of it.\n\nThis Schedule applies to data.",
        "“Third Party Provider” means a person.\n\nEach Third-Party Provider pays.",
    ],
    "duplicate-definition": [
        "We run a shop (the “Shop”).\n\n- “Shop” means the shop named above.\n- “Fee” means the price.",
        "“Fee” means a price. “Fee” does not include taxes.",
        "# T\n\n## 1. A\n\nIn this Section 1, “Fee” means one.\n\n## 2. B\n\nIn this Section 2, “Fee” means two.",
        "# T\n\n- “Term” has the meaning given in Section 2.\n\n## 1. A\n\nx\n\n## 2. B\n\n“Term” means a year.",
    ],
    "definition-order": [
        "- “Third-Party Acts” means a.\n- “Thirdhand” means b.\n- “Tin” means c.\n- “Zinc” means d.",
        "- “Zinc” means a.\n- “Alum” means b.\n- “Lead” means c.\n- “Copper” means d.",
        "**1. Caps.** Words:\n\n“Tin” means a.\n\n“Zinc” means b.\n\n**2. Terms.** Words:\n\n“Alum” means c."
        "\n\n“Lead” means d.\n\n“Ore” means e.",
    ],
    "hidden-character": [
        "Naïve co\u2011operation, “quoted”—1\u00a0000\u202f000 and 5\u2009%.",
        "کتاب\u200cها و नमस्\u200dते और 👩\u200d💻 ok, 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f.",
        "and\u200b/\u200bor, a path/\u200bto/\u200bit, the end\u200b.",
        "ภาษา\u200bไทย",
    ],
    "mixed-script": [
        "日本語のAPIキー、カタカナとひらがな。한국어API를 쓴다。",
        "5 μm, 10 kΩ, ΔT, 3 µs, Ångström, Łódź, İstanbul and Straße.",
        "Договор и Agreement, Ελληνικά and English, IT-компания, α-Fetoprotein.",
        "العربيةAPI and בAPI.",
    ],
    "confusable-term": [
        "- “Café” means one.\n- “Straße” means two.\n\nThe Cafe\u0301 and the CAFÉ, a STRASSE and the Straße’s end.",
        "- “Сторона” means лицо.\n\nСторона платит. СТОРОНА платит. Стороны платят.",
        "- “Customer” means you.\n\nКлиент pays as Customer.",
    ],
    "missing-reference": [
        "# T\n\n## 1. A\n\nArticle 28 of the GDPR and Section 512(c) of the Copyright Act hold.\n\n## 2. B\n\nx",
        "# T\n\n**13.1** One.\n\n**13.2** Under this Clause 13 and Clause 13.1 two.",
    ],
}
WRONG = {
    "repeated-word": ["It goes to\nto the end.", "> The sum is\n> is due.", "- and the the end", "The the end."],
    "placeholder": [
        "See [INSERT LINK HERE].", "It is [●] days.", "On [Date], [COMPANY NAME] agrees.", "Within ____ days.",
        "The price is TBD.", "Read [the policy](LINK).", "[name] agrees.", "Dear {{CUSTOMER NAME}},",
    ],
    "number-mismatch": [
        "twenty (30) days", "one hundred (1,000) dollars", "ten percent (5%)", "the tenth (11th) day", "30 (forty) days",  # noqa: E501
        "one million dollars ($1,500,000)", "Sixty-Five (56) pages",
        "Die Frist für die Zahlung der Miete und der Kosten nach dem Vertrag beträgt dreißig (20) Tage.",
        "Le délai de paiement des factures et des frais est de trente (20) jours pour le client et la société.",
        "El plazo de pago de las facturas y de los gastos es de treinta (20) días para el cliente y la empresa.",
    ],
    "unpaired-quote": ["The (“Fee) is due.", "A \"quotation that never ends.", "The end” of it.", "« une fin."],
    "unpaired-bracket": ["The fee (as agreed is due.", "The fee as agreed) is due.", "It is [so."],
    "enumeration-gap": [
        "(a) one\n(b) two\n(d) four", "(a) one\n(b) two\n(b) three", "It will (a) do this, (b) do that, and (d) rest now.",  # noqa: E501
        "1. one\n2. two\n4. four", "(i) one\n(ii) two\n(iv) four", "It is (i) one thing, (iii) another thing.",
    ],
    "heading-number": [
        "# T\n\n## 1. A\n\nx\n\n## 1. B\n\nx",
        "# T\n\n## 5. A\n\n### 5.1 A\n\nx\n\n### 5.3 B\n\nx",
        "# T\n\n## 5. A\n\nx\n\n### 4.1 B\n\nx",
        "# T\n\n## Article I A\n\nx\n\n## Article III B\n\nx",
        "# T\n\n**5.1.** A.\n\n**5.3.** B.",
    ],
    "undefined-term": [
        "“Customer” means you.\n\nCustomer pays. Customer uses Customer’s Account. Customer keeps the Account.",
        "Any Service Credits are lost.",
        "“Customer” means you.\n\nCustomer pays. Send it to Customer’s Billing Contact.",
        "The crew shows the Loading Slip to nobody.",
        "The duty of “Care is of the essence. We pay the Claims Procedure, and the Claims Procedure is a procedure.",
        "Provider names a Landlord. Each Landlord pays.",
    ],
    "duplicate-definition": [
        "An hour is worth two coins (a “Credit”).\n\n## Words\n\n- “Credit” means a coin.\n- “Fee” means a price.",
    ],
    "term-variant": [
        "“Open Router” means a service.\n\nOpen Router is. We use Open router and Open Router.",
        "“End User” means a person.\n\nAn End User pays. An End-User sings. End Users dance.",
    ],
    "case-mismatch": [
        "“Customer” means you.\n\nCustomer pays. Customer acts. Customer is. Customer has. Customer does. The customer "
        "shall pay.",
    ],
    "hidden-character": [
        "The Cust\u200bomer pays.", "It is 1\u200b0 days.", "It is 1\u2060,000 days.", "The Daten\u00adschutz.",
        "A wo\ufeffrd.", "Wor\u200dd.", "W\u200corld.", "A\u3164B.", "x\u2062y", "The Sup\u200eplier.",
        "The fee&#8203;s.", "The fee&shy;s.", "The f&zwnj;ee.", "The f&ZeroWidthSpace;ee.",
        "Hello\U000e0048\U000e0049.", "One\u2028two.",
    ],
    "mixed-script": ["A p\u0430yment.", "A paym\u03bfnt.", "A \u13a0gent.", "Оплатa.", "&#x43e;wner"],
    "confusable-term": [
        "- “Customer” means you.\n\nThe \u0421ustomer pays.",
        "- “Customer” means you.\n\nThe Ｃｕｓｔｏｍｅｒ pays.",
        "- “Customer Data” means it.\n\nThe Customer \u0394\u0430ta and D\u0430ta.",
        "- “Cope” means you.\n\nThe \u0441\u043e\u0440\u0435 pays.",
        "- “Сторона” means лицо.\n\nCторона платит.",
        "- “Agent” means you.\n\nThe 𝐀gent pays; the Conﬁdential “Conﬁdential” is not.",
    ],
    "circular-definition": ["- “Fee” means the Fee that is due.\n\nA Fee is a Fee."],
    "empty-section": ["# T\n\n1. **A.** Text here.\n2. **B.**\n3. **C.** Text there."],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in RIGHT.items() for text in texts])
def test_what_is_right_is_left_alone(rule: str, text: str) -> None:
    assert [str(item.diagnostic) for item in check_example(text) if item.diagnostic.rule == rule] == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in WRONG.items() for text in texts])
def test_what_is_wrong_is_found(rule: str, text: str) -> None:
    assert rule in {item.diagnostic.rule for item in check_example(text)}


def test_a_shorter_name_at_the_end_of_a_text() -> None:
    text = (
        "- “Open Router” means one.\n- “Open Router Key Ring” means two.\n\nAn Open Router Key Ring and an OpenRouter"
    )
    assert "term-variant" in {item.diagnostic.rule for item in check_example(text)}


SHARED = (
    "# T\n\n## Fees\n\n### General\n\nDue. See General.\n\n## Help\n\n### General\n\nGiven.\n\n"
    "## End\n\nThis is subject to {}.\n"
)


@pytest.mark.parametrize(("named", "found"), [("General", 1), ("Fees: General", 0), ("Help", 0)])
def test_a_reference_that_could_mean_either_section(named: str, found: int) -> None:
    rules = [
        item.diagnostic for item in check_example(SHARED.format(named)) if item.diagnostic.rule == "duplicate-heading"
    ]
    assert len(rules) == found
    assert all((rule.line, rule.column) == (17, 20) for rule in rules)


_LIST = "- “Fee” means {0}.\n- “Tax” means {0}.\n- “Box” means {0}.\n"


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("- “Fee” means a sum.\n- “Fee” means a price.", {Severity.ERROR}),
        ("## A\n\n- “Fee” means a sum.\n\n## B\n\n- “Fee” means a price.", {Severity.WARNING}),
        ("We charge a sum (a “Fee”).\n\n## B\n\n- “Fee” means a price.", {Severity.WARNING}),
        (f"## A\n\n{_LIST.format('one')}\n## B\n\n{_LIST.format('two')}", {Severity.NOTE}),
        ("1. In Wales:\n    - “Fee” means a sum.\n2. In Kent:\n    - “Fee” means a price.", {Severity.NOTE}),
    ],
)
def test_how_severe_a_second_definition_is(text: str, severities: set[Severity]) -> None:
    found = [item.diagnostic for item in check_example(text) if item.diagnostic.rule == "duplicate-definition"]
    assert {one.severity for one in found} == severities


def test_a_clause_set_as_a_heading_is_cited_in_short() -> None:
    long = "Customer will pay each Fee within thirty days after it has received an invoice for every service in May"
    text = f"## {long}\n\n“Fee” means what Customer pays. A Fee is due.\n\n“Fee” means a price. The Fee is small.\n"
    (found,) = (str(item.diagnostic) for item in check_example(text) if item.diagnostic.rule == "duplicate-definition")
    assert f": {long[: long.index(' May')]}…: “Fee”" in found
    assert "on line 3 (Customer will pay each Fee within thirty days after it has…)" in found
