"""Class editorial: a change that can alter meaning is an error that names the words; a published reason allows it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.language.legal_words import changed_kind
from engross.model import Severity

from .playing import DOCUMENTS, Site, instant, posted_site, rules_of

AGREEMENT = """\
# The Agreement

## Definitions

- “Fee” means what Customer pays for the Service.
- “Licensee” means Customer.
- “Licensor” means Provider.

## Use

The Service is open to all. A non-exclusive licence is given. You will not:

(a) copy the service in whole or part;
(b) resell the service to anyone; or
(c) hide who you are.

## Fees

You pay each Fee within thirty days, and $50.00 from 1 May 2026, unless it is waived.

Provider recieves the colour of money, and Licensee may sing.

## End

Either party may end it by notice, but shall not do so before June.

Support answers on working days. Advice is only given to at least two people. Customer is entitled to a rebate of
V percent.

### Effect

What was paid is kept by Provider, and nothing is due.
"""

EDITORIAL = [
    ("recieves", "receives"),
    ("the colour of", "the color of"),
    ("is open to all.", "is open, to all."),
    ("within thirty days, and", "within thirty days and"),
    ("You will not:", "You won’t:"),
    ("but shall not do so", "but shan't do so"),
    ("what Customer pays for", "what Custommer pays for"),
    ("means what Customer pays", "means, what Customer pays"),
    ("(a) copy the service in whole or part;\n(b) resell the service to anyone; or\n",
     "(a) resell the service to anyone;\n(b) copy the service in whole or part; or\n"),
    ("Provider recieves the colour of money, and Licensee may sing.\n",
     "Provider recieves the colour of money, and **Licensee** may\nsing.\n"),
    ("## Fees\n", "## All Fees\n"),
    ("on working days", "on each working day"),
    ("is only given", "is solely given"),
    ("at least two", "no less than two"),
]  # fmt: skip
MEANING = [
    ("thirty days", "twenty days", "number “thirty” → “twenty” (Fees, "),
    ("thirty days", "thirty (30) days", "number “thirty” → “thirty (30)” (Fees, "),
    ("thirty days", "thirty months", "amount or period “days” → “months”"),
    ("$50.00", "€50.00", "number “$50.00” → “€50.00”"),
    ("$50.00", "$5000", "number “$50.00” → “$5000”"),
    ("1 May 2026", "1 June 2026", "date “May” → “June” (Fees, "),
    ("before June", "before July", "date “June” → “July”"),
    ("unless it is waived", "if it is waived", "negation “unless” → “if”"),
    ("nothing is due", "something is due", "negation “nothing” → “something”"),
    ("from 1 May 2026", "by 1 May 2026", "word of opposite meaning “from” → “by”"),
    ("within thirty", "after thirty", "word of opposite meaning “within” → “after”"),
    ("is only given", "is given", "restriction “is only” → “is”"),
    ("is entitled to", "is denied", "right or duty “entitled to” → “denied”"),
    ("V percent", "X percent", "number “V” → “X”"),
    ("at least two", "at most two", "limit “least” → “most”"),
    ("at least two", "two", "limit “to at least” → “to”"),
    ("is open to all", "is open to s\u200bome", "word of opposite meaning “all” → “s<U+200B>ome”"),
    ("Either party", "Both parties", "word of opposite meaning “Either party” → “Both parties”"),
    ("may end it", "may not end it", "negation “may” → “may not”"),
    ("shall not do so", "shall do so", "negation “shall not” → “shall”"),
    ("Either party may", "Either party must", "modal verb “may” → “must”"),
    ("You will not", "You can’t", "modal verb “will not” → “can’t”"),
    ("non-exclusive", "exclusive", "negation “non-exclusive” → “exclusive”"),
    ("in whole or part", "in whole and part", "word of opposite meaning “or” → “and”"),
    ("and Licensee may sing", "and Licensor may sing", "defined term “Licensee” → “Licensor”"),
    ("pay each Fee", "pay each charge", "defined term “Fee” → “charge”"),
    ("for the Service.", "for the Service and its support.", "definition “Service” → “Service and its support”"),
    ("“Fee” means", "“Charge” means", "definition “Fee” → nothing"),
    ("- “Fee” means what Customer pays for the Service.\n", "", "clause deleted ““Fee” means what Customer pays"),
    ("(c) hide who", "(c) lie; or\n(d) hide who", "clause inserted nothing → “lie; or”"),
    ("## End\n", "## End\n\nThe end is final.\n", "clause inserted nothing → “The end is final.” (End, "),
    ("### Effect\n\nWhat was paid is kept by Provider, and nothing is due.\n", "", "clause deleted “Effect” → nothing"),
    ("### Effect\n", "## Effect\n\n### Else\n", "clause inserted nothing → “Else”"),
]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path, agreement=AGREEMENT).at(1)


def changed(site: Site, *pairs: tuple[str, str], name: str = "agreement") -> None:
    site.edit("models.yml" if name == "models" else f"{name}.md", *pairs)
    site.note(name, slug="one", class_="editorial", material="")


@pytest.mark.parametrize(("old", "new"), EDITORIAL)
def test_what_leaves_the_meaning_is_editorial(site: Site, old: str, new: str) -> None:
    changed(site, (old, new))
    assert site.findings("class-mismatch") == []


@pytest.mark.parametrize(("old", "new", "message"), MEANING)
def test_what_can_alter_meaning_is_named_and_can_be_answered(site: Site, old: str, new: str, message: str) -> None:
    changed(site, (old, new))
    (found,) = site.findings("class-mismatch")
    assert message in found.message
    assert "agreement.md:" in found.message or "record/agreement/1-" in found.message
    assert "under editorial_because, which is published with the change" in found.message
    assert (found.severity, found.line, found.fix) == (Severity.ERROR, 3, "class: substantive")
    with pytest.raises(EngrossError, match="is editorial, and"):
        site.release()
    site.note("agreement", "editorial_because: It means the same.", slug="one", class_="editorial", material="")
    assert site.findings("class-mismatch") == []
    # What is called format is never led to editorial by it.
    site.note("agreement", slug="one", class_="format", material="")
    (found,) = site.findings("class-mismatch")
    assert found.fix == "class: substantive"
    assert message.partition(" (")[0] in found.message


def test_a_paragraph_moved_within_its_section_and_to_another(site: Site) -> None:
    pays = "You pay each Fee within thirty days, and $50.00 from 1 May 2026, unless it is waived.\n"
    sings = "Provider recieves the colour of money, and Licensee may sing.\n"
    changed(site, (f"{pays}\n{sings}", f"{sings}\n{pays}"))
    assert site.findings("class-mismatch") == []
    site.edit("agreement.md", (f"{sings}\n", ""), ("## End\n", f"## End\n\n{sings}"))
    (found,) = site.findings("class-mismatch")
    assert "clause moved to another section “Provider recieves" in found.message


def test_an_item_moved_to_another_list(site: Site) -> None:
    """You may instead of You will not: the same words, and the opposite rule."""
    text = AGREEMENT.replace(
        "(c) hide who you are.\n", "(c) hide who you are.\n\nYou may:\n\n- ask about it first;\n- write at any time.\n"
    )
    site.write("agreement.md", text)
    site.post("agreement")
    site.at(2).write("agreement.md", text.replace("(b) resell the service to anyone; or\n", ""))
    site.edit(
        "agreement.md", ("- write at", "- resell the service to anyone; or\n- write at"), ("(c) hide", "(b) hide")
    )
    site.note("agreement", slug="one", class_="editorial", material="")
    (found,) = site.findings("class-mismatch")
    assert "clause moved to another section “resell the service to anyone; or”" in found.message


def test_generated_numbers_are_no_words(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DOCUMENTS, agreement=AGREEMENT).at(1)
    site.write("documents.yml", DOCUMENTS.replace("file: agreement.md,", "file: agreement.md, numbering: true,"))
    site.note("agreement", slug="one", class_="editorial", material="")
    assert site.findings("class-mismatch") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("context_tokens: 4096", "context_tokens: 2048", "context_tokens “4096” → “2048” (Small 1, "),
        ("name: Small 1", "name: Small 1 Plus", ""),
        ("name: Small 1", "name: Small 2", "name: number “1” → “2”"),
        ("    context_tokens: 4096\n", "", "context_tokens “4096” → nothing"),
        (
            "    context_tokens: 4096\n",
            "    context_tokens: 4096\n    retention: a day\n",
            "retention nothing → “a day”",
        ),
        (
            "models:\n  - id: small-1\n    name: Small 1\n",
            "illustrative: true\nmodels:\n  - id: small-1\n    name: Small 1 Plus\n",
            "illustrative “false” → “true”",
        ),
        ("models:\n", "note: A list.\nmodels:\n", ""),
    ],
)
def test_facts_of_models(site: Site, old: str, new: str, message: str) -> None:
    changed(site, (old, new), name="models")
    found = site.findings("class-mismatch")
    assert bool(found) == bool(message)
    assert all(message in one.message for one in found)


def test_licence_of_a_model_and_a_model_that_goes(site: Site) -> None:
    text = site.read("models.yml")
    site.write("models.yml", text.replace("spdx: MIT, name: MIT License", "spdx: Apache-2.0, name: Apache", 1))
    site.note("models", slug="one", class_="editorial", material="")
    (found,) = site.findings("class-mismatch")
    assert "eula.spdx “MIT” → “Apache-2.0” (Small 1, " in found.message
    site.write("models.yml", text[: text.index("  - id: large-1")])
    (found,) = site.findings("class-mismatch")
    assert "clause deleted “Large 1” → nothing" in found.message


def test_more_than_one_word_in_ten_is_a_warning(site: Site) -> None:
    changed(
        site,
        ("is open to all. A", "stands open for everyone. A"),
        ("licence is given.", "licence is what Customer gets."),
        ("is kept by", "stays with"),
        ("recieves the colour of money", "gets money of whatever colour"),
    )  # fmt: skip
    (found,) = site.findings("class-mismatch")
    assert found.severity is Severity.WARNING
    assert "words, more than one in 10" in found.message
    site.note("agreement", "editorial_because: Plain words.", slug="one", class_="editorial", material="")
    assert site.findings() == []


def test_an_answer_belongs_to_an_editorial_change(site: Site) -> None:
    site.edit("agreement.md", ("thirty", "twenty"))
    site.note("agreement", "editorial_because: It means the same.", slug="one")
    (found,) = site.findings()
    assert (found.rule, found.line) == ("class-mismatch", 7)
    assert "editorial_because explains an editorial change, and the class in this note is substantive" in found.message


def test_withdrawing_or_retiring_a_text_is_not_editorial(tmp_path: Path) -> None:
    """A withdrawal changes the words in force, too."""
    site = posted_site(tmp_path, agreement=AGREEMENT).at(1)
    site.edit("agreement.md", ("thirty", "twenty"))
    site.post("agreement")
    site.at(2).write("agreement.md", AGREEMENT)
    site.note("agreement", "withdraws: agreement@2", slug="one", class_="editorial", material="")
    (found,) = site.findings("class-mismatch")
    assert "number “twenty” → “thirty”" in found.message
    site.note("agreement", "withdraws: agreement@2", slug="one")
    assert site.findings() == []
    site.release()
    text = site.read("documents.yml").replace("  - {id: models", "  #").replace("[rules, models]", "[rules]")
    site.at(3).write("documents.yml", text)
    site.note("models", slug="two", class_="editorial", material="")
    assert "its whole text no longer applies" in site.findings("class-mismatch")[0].message


def test_what_is_only_announced_may_be_withdrawn_by_an_editorial_note(site: Site) -> None:
    site.edit("agreement.md", ("thirty", "twenty"))
    site.post("agreement", effective=instant(30))
    site.at(2).write("agreement.md", AGREEMENT)
    site.note("agreement", "withdraws: agreement@2", slug="one", class_="editorial", material="")
    assert site.findings() == []


def test_what_was_posted_before_is_not_asked(tmp_path: Path) -> None:
    """The record of 0.1 holds editorial notes that would be refused today."""
    released = Path(__file__).parents[1] / "released" / "0.1" / "tour"
    shutil.copytree(released, tmp_path / "tour")
    site = Site(tmp_path / "tour", datetime(2026, 11, 27, tzinfo=UTC))
    assert [found for found in site.state().findings() if found.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Der Kunde darf", "Der Kunde muss", "modal verb"),
        ("ist nicht erlaubt", "ist erlaubt", "negation"),
        ("innerhalb von dreißig Tagen", "innerhalb von zwanzig Tagen", "number"),
        ("n’est pas dû", "est dû", "negation"),
        ("peut", "doit", "modal verb"),
        ("sauf accord", "avec accord", "negation"),
        ("nunca se paga", "se paga", "negation"),
        ("thirty-day", "forty-day", "number"),
        ("lawful use", "unlawful use", "negation"),
        ("V percent", "X percent", "number"),
        ("XV days", "XX days", "number"),
        ("v %", "x %", "number"),
        ("Schedule C", "Schedule D", "number"),
        ("Anhang II", "Anhang IV", "number"),
        ("under paragraph (a)", "under paragraph (b)", "number"),
        ("½ of it", "¼ of it", "number"),
        ("₹50", "€50", "number"),
        ("business days", "days", "amount or period"),
        ("zehn Werktage", "zehn Kalendertage", "amount or period"),
        ("jours ouvrés", "jours calendaires", "amount or period"),
        ("until June", "from June", "word of opposite meaning"),
        ("before it ends", "after it ends", "word of opposite meaning"),
        ("any fee", "all fees", "word of opposite meaning"),
        ("each fee", "any fee", "word of opposite meaning"),
        ("all of it", "none of it", "negation"),
        ("either of them", "both of them", "word of opposite meaning"),
        ("at least ten", "at most ten", "limit"),
        ("up to ten", "ten", "limit"),
        ("not later than June", "June", "limit"),
        ("not later than June", "not earlier than June", "limit"),
        ("no later than June", "not later than June", ""),
        ("more than ten", "ten", "limit"),
        ("ten or more", "ten", "limit"),
        ("used exclusively here", "used here", "restriction"),
        ("an exclusive licence", "a licence", "restriction"),
        ("exclusive", "nonexclusive", "negation"),
        ("it is permitted", "it is prohibited", "right or duty"),
        ("it is permitted", "it is allowed", ""),
        ("it is permited", "it is permitted", ""),
        ("obliged to pay", "free to pay", "right or duty"),
        ("joint liability", "several liability", "word of opposite meaning"),
        ("bis Juni", "ab Juni", "word of opposite meaning"),
        ("vor dem Tag", "nach dem Tag", "word of opposite meaning"),
        ("innerhalb einer Frist", "nach einer Frist", "word of opposite meaning"),
        ("nur hier", "hier", "restriction"),
        ("mindestens so", "höchstens so", "limit"),
        ("spätestens im Juni", "im Juni", "limit"),
        ("berechtigt", "verpflichtet zu", "right or duty"),
        ("jede Partei", "alle Parteien", "word of opposite meaning"),
        ("im Mai", "im Juni", "date"),
        ("avant lui", "après lui", "word of opposite meaning"),
        ("seulement ici", "ici", "restriction"),
        ("au moins", "au plus", "limit"),
        ("au plus tard lundi", "lundi", "limit"),
        ("est autorisé", "est interdit", "right or duty"),
        ("chaque partie", "toute partie", "word of opposite meaning"),
        ("antes de ello", "después de ello", "word of opposite meaning"),
        ("hasta entonces", "desde entonces", "word of opposite meaning"),
        ("solo aquí", "aquí", "restriction"),
        ("al menos", "como máximo", "limit"),
        ("permitido", "prohibido", "right or duty"),
        ("ambos", "cualquiera", ""),
        ("in May 2026", "in June 2026", "date"),
        ("by May 2026", "by 2026", "date"),
        ("on May 1", "on July 1", "date"),
        ("May we copy it", "Must we copy it", "modal verb"),
        ("working days", "each working day", ""),
        ("10 percent", "10%", ""),
        ("ten per cent", "ten percent", ""),
        ("a agreement", "an agreement", ""),
        ("the mix of it", "a mix of it", ""),
        ("cannot", "can not", ""),
        ("it’s the colour", "it is the color", ""),
    ],
)
def test_kinds_of_words_in_other_languages(old: str, new: str, kind: str) -> None:
    assert changed_kind(old, new) == kind
    assert changed_kind(new, old) == kind


def test_words_around_tell_what_a_word_is() -> None:
    """The day and the year of a date may be the same on both sides."""
    assert changed_kind("May", "June", "from 1", "2026, unless") == "date"
    assert changed_kind("V", "X", "of", "percent.") == "number"
    assert changed_kind("least", "most", "at", "two people") == "limit"
    assert changed_kind("has", "shall have", "ten days", "May 2026") == "modal verb"
    assert changed_kind("a", "one", "in May 2026", "will pay") == "number"


def test_two_notes_are_one_text(site: Site) -> None:
    """If another note of the same text is substantive, the text is substantive."""
    site.edit("agreement.md", ("thirty", "twenty"))
    site.note("agreement", slug="one", class_="editorial", material="")
    assert rules_of(site.findings()) == ["class-mismatch"]
    site.note("agreement", slug="two")
    assert site.findings() == []
