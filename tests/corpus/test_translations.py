"""Clauses of a document in several languages: which say the same, by place and number."""

from engross.corpus.translations import clause_named, languages_of, lone_editions, same_clauses
from engross.model import Clause, ClauseKind, Document, DocumentEntry, DocumentKind, SetEntry, Source
from engross.text import parse

GERMAN = """\
# Vertrag

## Nutzung

Der Kunde darf

(a) lesen; und
(b) drucken.

Er zahlt.

## Ende

Es endet (i) im Mai oder (ii) im Juni.
"""
ENGLISH = """\
# Agreement

## Use

Customer may

(a) read; and
(b) print.

It pays.

## End

It ends (i) in May or (ii) in June.
"""


def document(text: str, *, verbatim: bool = False) -> Document:
    source = Source("x.md", text, text.encode())
    return Document(DocumentEntry("x", "X", DocumentKind.POLICY), source, parse(source), verbatim)


def matched(here: str, there: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    found = same_clauses(document(here), document(there))
    return found.anchors, [(one.label, other.label) for one, other in found.differences]


def test_clauses_are_matched_by_place_whatever_they_are_called() -> None:
    anchors, differences = matched(GERMAN, ENGLISH)
    assert not differences
    assert anchors["nutzung"] == "use"
    assert anchors["nutzung.b"] == "use.b"
    assert anchors["ende"] == "end"
    assert len(anchors) == len([one for one in document(GERMAN).root.walk() if one.anchor])


def test_where_the_structure_differs_only_what_is_certain_is_matched() -> None:
    """One part more: any of them may be the new one."""
    anchors, differences = matched(GERMAN, ENGLISH.replace("It pays.", "It pays.\n\nIn euro."))
    assert differences == [("Nutzung", "Use")]
    assert (anchors["nutzung"], anchors["ende"]) == ("use", "end")
    assert not {"use.a", "use.b"} & set(anchors.values())
    anchors, differences = matched(GERMAN, ENGLISH.replace("(b) print.", "(b) print; and\n(c) copy."))
    assert len(differences) == 1
    assert (anchors["nutzung"], anchors["ende"]) == ("use", "end")
    assert not {"use.a", "use.b"} & set(anchors.values())


def test_an_added_section_leaves_no_link_that_may_be_wrong() -> None:
    anchors, differences = matched(GERMAN, ENGLISH.replace("## End", "## Fees\n\nIt pays.\n\n## End"))
    assert differences == [("Vertrag", "Agreement")]
    assert set(anchors) <= {"vertrag"}


def test_enumerators_are_the_same_however_they_are_written() -> None:
    anchors, differences = matched(GERMAN, ENGLISH.replace("(a)", "a)").replace("(b)", "b)"))
    assert not differences
    assert anchors["nutzung.b"].startswith("use.b")


def test_a_text_that_is_shown_verbatim_has_no_counterparts() -> None:
    assert not same_clauses(document(GERMAN), document(ENGLISH, verbatim=True)).anchors


def test_a_clause_is_named_by_label_anchor_or_heading() -> None:
    root = document(GERMAN).root
    for name in ("Nutzung (b)", "nutzung.b"):
        found = clause_named(root, name)
        assert found is not None
        assert (found.kind, found.anchor) == (ClauseKind.ITEM, "nutzung.b")
    assert clause_named(root, "Use") is None
    assert clause_named(Clause(ClauseKind.DOCUMENT, (1, 1)), "") is None


def test_documents_belong_together_in_the_order_of_documents_yml() -> None:
    class Listed:
        documents = (
            DocumentEntry("en", "E", DocumentKind.POLICY, language="en", translation_of="de"),
            DocumentEntry("de", "D", DocumentKind.POLICY, language="de"),
            DocumentEntry("fr", "F", DocumentKind.POLICY, language="fr", translation_of="de"),
            DocumentEntry("alone", "A", DocumentKind.POLICY),
        )

    ids = {name: [one.id for one in languages_of(Listed, name)] for name in ("de", "en", "fr", "alone", "none")}  # type: ignore[arg-type]
    assert ids == {name: ["de", "en", "fr"] for name in ("de", "en", "fr")} | {"alone": [], "none": []}


def test_translations_of_a_set_are_a_set_in_each_language() -> None:
    def entry(id: str, language: str, original: str = "") -> DocumentEntry:
        return DocumentEntry(id, id, DocumentKind.POLICY, language=language, translation_of=original)

    class Listed:
        sets = (SetEntry("main", "Main", "a", ("b",)),)

    entries = [
        *(entry("a", "de"), entry("b", "de"), entry("b-en", "en", "b"), entry("a-en", "en", "a")),
        *(entry("b-fr", "fr", "b"), entry("c", "de")),
    ]
    source = Source("x.md", "x", b"x")
    documents = {one.id: Document(one, source, Clause(ClauseKind.DOCUMENT, (1, 1))) for one in entries}
    found = [(one.set.id, one.set.documents) for one in lone_editions(Listed, documents)]  # type: ignore[arg-type]
    assert found == [("a-en", ("a-en", "b-en")), ("b-fr", ("b-fr",)), ("c", ("c",))]
