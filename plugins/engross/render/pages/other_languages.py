"""A document in several languages on its page: which governs, and links to the others at the top and at each clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from jinja2 import Environment
from markupsafe import Markup, escape

from engross.common import value_class
from engross.corpus import Project, clause_named, governing_of, languages_of, same_clauses
from engross.model import Document, DocumentEntry
from engross.render.languages import PageLanguage
from engross.render.pages.print import Cover


@value_class(frozen=True, slots=True)
class OtherLanguage:
    """A language of a document: its tag, its name in itself, the address of its page ("" for the page itself), and the
    anchors there of the clauses here.
    """

    tag: str
    name: str
    address: str
    anchors: Mapping[str, str]


@value_class(frozen=True, slots=True)
class Governing:
    """The language that governs, named in the language of the page, and the clause that says so, with its address."""

    name: str
    clause: str
    address: str


def other_languages(
    project: Project, document: Document, document_url: Callable[[DocumentEntry], str]
) -> tuple[OtherLanguage, ...]:
    """The languages of a document with a text, the original first; none if it has only one."""
    found = tuple(_others(project, document, document_url))
    return found if len(found) > 1 else ()


def _others(project: Project, here: Document, document_url: Callable[[DocumentEntry], str]) -> Iterator[OtherLanguage]:
    for entry in languages_of(project.settings, here.id):
        there = project.documents.get(entry.id)
        if entry.id == here.id:
            yield OtherLanguage(entry.language, language_name(entry.language), "", {})
        elif there is not None and there.source is not None:
            anchors = same_clauses(here, there).anchors
            yield OtherLanguage(entry.language, language_name(entry.language), document_url(entry), anchors)


def governing(
    project: Project, document: str, language: PageLanguage, document_url: Callable[[DocumentEntry], str]
) -> Governing | None:
    """The language that governs a document, if a clause of it says so."""
    found, group = governing_of(project.settings, document), languages_of(project.settings, document)
    original = project.documents.get(group[0].id) if group else None
    clause = clause_named(original.root, found[1]) if found and original else None
    if found is None or original is None or clause is None:
        return None
    address = "" if original.id == document else document_url(original.entry)
    return Governing(language_name(found[0], language.words.language), clause.label, f"{address}#{clause.anchor}")


def language_name(tag: str, within: str = "") -> str:
    """The name of a language in another one, or in itself: "Deutsch"; its tag if it is not known."""
    from babel import Locale, UnknownLocaleError  # only documents in several languages need it

    try:
        name = Locale.parse(tag, sep="-").get_display_name((within or tag).replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return tag
    return (name[:1].upper() + name[1:] if not within else name) if name else tag


def with_languages(
    cover: Cover, languages: Sequence[OtherLanguage], governing: Governing | None, words: Mapping[str, str]
) -> Cover:
    """The cover with the languages of the document, and the one that governs; unchanged if it has only one."""
    if not languages:
        return cover
    shown = ", ".join(one.name for one in languages)
    if governing:
        shown += f". {words['governing_language'].format(language=governing.name)} {governing.clause}"
    return replace(cover, facts=(*cover.facts, (words["languages"], Markup(escape(shown)))))


def language_notes(document: Document, others: tuple[OtherLanguage, ...], templates: Environment) -> dict[int, str]:
    """The HTML of the links beside clauses to the same clause in the other languages, by the index of the clause."""
    template, notes = templates.get_template("other-languages.html"), {}
    title = next((one.anchor for one in document.root.children if one.level == 1), "")
    for index, clause in enumerate(document.root.walk()):
        found = [(one, f"{one.address}#{one.anchors[clause.anchor]}") for one in others if clause.anchor in one.anchors]
        if found and clause.anchor != title:
            notes[index] = template.render(links=found, label=clause.label)
    return notes
