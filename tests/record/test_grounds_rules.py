"""The grounds on which a document may change, and the class of a change."""

from pathlib import Path

import pytest

from .playing import RULES, Site, instant, posted_site, rules_of
from .rule_cases import STRICT, messages

CONDITIONS = ("security", "scope", "rights", "needed")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return posted_site(tmp_path).at(1)


# missing-grounds


def conditions(*left_out: str) -> str:
    return "\n".join(f"      {name}: It is met in this way." for name in CONDITIONS if name not in left_out)


@pytest.mark.parametrize(
    ("grounds", "message"),
    [
        ("", "Rules of Use changes only on certain grounds, and this note has none"),
        ("  - ground: law", "Required by law: cite the law that requires it"),
        ("  - {ground: law, cites: Regulation 1}", ""),
        ("  - ground: permitted", "Expressly permitted: cite the clause that permits it"),
        ("  - {ground: permitted, cites: Section 4}", "there is no clause “Section 4” in rules"),
        ("  - {ground: permitted, cites: Conduct}", ""),
        ("  - ground: reasonable", "how this condition is met: It does not weaken security."),
        *(
            (f"  - ground: reasonable\n    conditions:\n{conditions(name)}", "write a sentence that explains how this")
            for name in CONDITIONS
        ),
        (f"  - ground: reasonable\n    conditions:\n{conditions('scope')}\n      scope: yes it is", ""),
        (
            f"  - ground: reasonable\n    conditions:\n{conditions('scope')}\n      scope: met",
            "It does not widen the scope.",
        ),
        (
            f"  - ground: reasonable\n    conditions:\n{conditions()}\n      scop: What is this then",
            "no condition scop; did",
        ),
        (f"  - ground: reasonable\n    conditions:\n{conditions()}", ""),
        ("  - {ground: law, cites: Regulation 1}\n  - {ground: permitted, cites: Conduct}", ""),
        (
            "  - {ground: permited, cites: Regulation 1}",
            'there is no ground permited in documents.yml; did you mean "permitted"?',
        ),
    ],
)
def test_grounds(tmp_path: Path, grounds: str, message: str) -> None:
    site = posted_site(tmp_path, STRICT).at(1)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", *(["grounds:", grounds] if grounds else []))
    assert message in messages(site, "missing-grounds")
    assert bool(site.findings()) == bool(message)


def test_grounds_of_a_withdrawal(tmp_path: Path) -> None:
    """Withdrawing a version in force needs a ground; withdrawing an announced one needs none."""
    site = posted_site(tmp_path, STRICT).at(1)
    ground = "grounds: [{ground: law, cites: Regulation 1}]"
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", ground)
    site.at(2).write("rules.md", RULES)
    site.note("rules", "withdraws: rules@2", slug="back")
    assert rules_of(site.findings()) == ["missing-grounds"]
    site.note("rules", "withdraws: rules@2", ground, slug="back")
    site.release()
    site.at(3).edit("rules.md", ("Be kind", "Be most kind"))
    site.post("rules", ground, effective=instant(9))
    site.at(4).write("rules.md", RULES)
    site.note("rules", "withdraws: rules@3")
    assert site.findings() == []


# class-mismatch


@pytest.mark.parametrize(
    ("name", "old", "new", "least"),
    [
        ("rules.md", "Be kind", "Be very kind", "editorial"),
        ("rules.md", "example.com/others", "example.com/all", "editorial"),
        ("rules.md", "*nothing*", "nothing", "format"),
        ("agreement.md", "(d) hide", "(e) hide", "editorial"),
        ("agreement.md", "## Fees", "### Fees", "editorial"),
        (
            "agreement.md",
            "(a) copy the service;\n(b) resell the service;",
            "(a) copy the service;\n\n(b) resell the service;",
            "",
        ),
        ("agreement.md", "Either party", "Either party\\\n", "format"),
        ("agreement.md", "You pay what", "- You pay what", "editorial"),
        ("models.yml", "context_tokens: 4096", "context_tokens: 2048", "substantive"),
        ("agreement.md", "thirty days", "twenty days", "substantive"),
        ("rules.md", "Be kind to", "Be kind\nto", ""),
    ],
)
def test_class(site: Site, name: str, old: str, new: str, least: str) -> None:
    site.edit(name, (old, new))
    document = name.partition(".")[0]
    for change_class in ("format", "editorial", "substantive"):
        site.note(document, slug="one", class_=change_class)
        found = rules_of(site.findings())
        wrong = {
            "format": least in ("editorial", "substantive"),
            "editorial": least == "substantive",
            "substantive": not least,
        }[change_class]
        assert found == (["class-mismatch"] if wrong else []), change_class
        if wrong:
            # What the message proposes is right at once.
            assert site.findings()[0].fix == f"class: {least or 'format'}"


def test_kind_of_list(tmp_path: Path) -> None:
    site = posted_site(tmp_path, rules="# Rules\n\n1. One thing.\n2. Another.\n").at(1)
    site.write("rules.md", "# Rules\n\n- One thing.\n- Another.\n")
    site.note("rules", class_="format")
    assert rules_of(site.findings()) == ["class-mismatch"]


def test_material_is_substantive(site: Site) -> None:
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.note("rules", class_="editorial", material="true")
    (found,) = site.findings()
    assert (found.rule, found.fix) == ("class-mismatch", "class: substantive")


def test_the_note_that_is_wrong_is_named(site: Site) -> None:
    site.edit("rules.md", ("Be kind to", "Be kind\nto"))
    site.note("rules", class_="format")
    site.note("rules")
    (found,) = site.findings()
    assert found.path.endswith("note-3.md")
