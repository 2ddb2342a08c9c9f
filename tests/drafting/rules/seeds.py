"""Defects to put into good agreements: one for each rule, in each form of text that lawyers use.

A seed is a part of the text and its replacement; the part must occur exactly once.
"""

from pathlib import Path

CASES = Path(__file__).parents[2] / "cases" / "check"
Seed = tuple[str, str]

NESTED: dict[str, Seed] = {
    "missing-reference": ("under Sections 5.3 and 6.4", "under Sections 5.3 and 6.9"),
    "reference-mismatch": ("Section 2.1 (Restrictions on Customer); or", "Section 2.1 (User Accounts); or"),
    "duplicate-definition": (
        "    13. **“General Cap Amount”** means",
        "    13. **“Feedback”** means any reply of Customer.\n    14. **“General Cap Amount”** means",
    ),
    "placeholder": ("for more than 30 days after", "for more than [INSERT NUMBER] days after"),
    "undefined-term": ("must protect the confidentiality", "must return the Escrow Materials and the confidentiality"),
    "unused-definition": (
        "    3. **“Applicable Laws”** means",
        "    3. **“Ancillary Fees”** means what is due beside the fees.\n    3. **“Applicable Laws”** means",
    ),
    "circular-definition": (
        "means the hosted product described in the Cover Page.",
        "means the Product that is hosted.",
    ),
    "case-mismatch": ("destroy the Discloser’s Confidential Information", "destroy the confidential information"),
    "term-variant": ("to restore the Cloud Service;", "to restore the Cloud service;"),
    "repeated-word": ("if the other party fails", "if the the other party fails"),
    "unpaired-quote": ("IS PROVIDED “AS IS”.", "IS PROVIDED “AS IS."),
    "unpaired-bracket": ("(and will not allow anyone else to): (i)", "(and will not allow anyone else to: (i)"),
    "number-mismatch": ("forty-five (45)", "forty-five (30)"),
    "definition-order": (
        "    4. **“Chosen Courts”** means the courts that the Cover Page names.\n"
        "    5. **“Cloud Service”** means the hosted product described in the Cover Page.\n",
        "    4. **“Cloud Service”** means the hosted product described in the Cover Page.\n"
        "    5. **“Chosen Courts”** means the courts that the Cover Page names.\n",
    ),
    "definition-quotes": ("**“Feedback”** means", "**“Feedback** means"),
    "definition-punctuation": ("comments about the Product.", "comments about the Product"),
    "enumeration-gap": ("; or (c) uses the Product", "; or (d) uses the Product"),
    "redefined-term": (
        "Any notice must be in writing",
        "In this Section, “Feedback” means an answer, and Feedback is free. Any notice must be in writing",
    ),
}
BOLD: dict[str, Seed] = {
    "missing-reference": ("obligations under Section 3 (Fees).", "obligations under Section 5.7."),
    "reference-mismatch": ("breach of Section 4.1 (Mutual Warranties)", "breach of Section 4.1 (Users)"),
    "duplicate-definition": ("“**Key Terms** means", "“**Documentation** means every paper.\n\n“**Key Terms** means"),
    "duplicate-heading": ("**2.2. Security.**", "**2.2. Use of Customer Data.**"),
    "placeholder": ("on the Key Terms.\n\n“**Key", "on the Key Terms, being $______.\n\n“**Key"),
    "undefined-term": ("Only Users may access", "The Service Credits expire. Only Users may access"),
    "unused-definition": ("“**Key Terms** means", "“**Holiday** means a day of rest.\n\n“**Key Terms** means"),
    "circular-definition": ("means the term for Customer’s use", "means a Renewal Term or the term for Customer’s use"),
    "case-mismatch": ("will not disclose Confidential Information", "will not disclose confidential information"),
    "term-variant": (
        "solely to provide and maintain the Platform, Support and Professional Services",
        "solely to provide and maintain the Platform, Support and Professional-Services",
    ),
    "repeated-word": ("within thirty (30) days, then", "within thirty (30) days, then then"),
    "unpaired-quote": ("Nothing here applies to “residuals.”", "Nothing here applies to “residuals."),
    "unpaired-bracket": ("tort (including negligence), strict", "tort (including negligence, strict"),
    "number-mismatch": ("not more than five percent (5%)", "not more than five percent (6%)"),
    "definition-order": ("“**Laws** means", "“**Rules** means"),
    "definition-quotes": ("“**Support** means", "**Support** means"),
    "definition-punctuation": (
        "designated as proprietary or confidential.",
        "designated as proprietary or confidential",
    ),
    "heading-number": ("**4.2. Warranty Remedy.**", "**4.3. Warranty Remedy.**"),
    "enumeration-gap": ("(b) known to the recipient before, or (c)", "(b) known to the recipient before, or (d)"),
}
LETTERED: dict[str, Seed] = {
    "missing-reference": ("(see Section B)", "(see Section K)"),
    "duplicate-definition": (
        "6. The “Service” refers to",
        "6. The “Website” refers to the pages of Gitmill.\n7. The “Service” refers to",
    ),
    "duplicate-heading": ("## F. Disclaimer of Warranties", "## F. Acceptable Use"),
    "placeholder": ("within 90 days", "within TBD days"),
    "undefined-term": ("This license does not grant", "The Escrow Agent keeps it. This license does not grant"),
    "unused-definition": (
        "4. “Content” refers to",
        "4. “Badge” refers to a picture that others see.\n5. “Content” refers to",
    ),
    "term-variant": ("create or upload User-Generated Content while", "create or upload User Generated Content while"),
    "case-mismatch": (
        "You may create or upload User-Generated",
        "Your user account shows it. You may upload User-Generated",
    ),
    "repeated-word": ("can do so at any time", "can do so at at any time"),
    "unpaired-quote": ("“as is” and “as available,” without", "“as is” and “as available, without"),
    "unpaired-bracket": (
        "(though some information may remain in encrypted backups)",
        "(though some information may remain",
    ),
    "number-mismatch": ("at least 13 years of age", "at least thirteen (12) years of age"),
    "empty-section": ("## G. Miscellaneous", "## Survival\n\n## G. Miscellaneous"),
    "heading-level": ("### 1. Responsibility", "#### 1. Responsibility"),
    "heading-number": ("### 3. Account Requirements", "### 4. Account Requirements"),
    "enumeration-gap": ("4. **Severability.**", "5. **Severability.**"),
}
SEEDS = {"nested-lists": NESTED, "bold-lead-ins": BOLD, "lettered": LETTERED}


def base(name: str) -> str:
    """An agreement without defects."""
    return (CASES / f"{name}.md").read_text(encoding="utf-8")


def seeded(name: str, rule: str) -> str:
    """The agreement with one defect."""
    text = base(name)
    old, new = SEEDS[name][rule]
    assert text.count(old) == 1, f"{name}: {old!r} occurs {text.count(old)} times"
    assert old != new
    return text.replace(old, new)
