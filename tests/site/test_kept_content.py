"""Contents of document pages are kept by all that they are made of, and their links are asked for in each build."""

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from building import DAY, MKDOCS, build, write_site
from jinja2 import Environment

from engross.common.cache import Cache
from engross.corpus import Words
from engross.model import Clause, Definition, DocumentEntry, DocumentKind, Given, Place, Scope, Source, UsesInClauses
from engross.model.sets import StoredDocument
from engross.render import ContentsEntry, DocumentState, PageLanguage, Surroundings, TermIndex, term_views
from engross.render.pages.link_answers import LinkAnswers
from engross.site import kept_content
from engross.site.build import Build
from engross.site.kept_content import _FUNCTIONS, _facts, kept_terms, site_facts
from engross.site.languages import SiteLanguages
from engross.site.pages import DocumentPage, PageText
from engross.text import decode

WORDS = Words("en", {"versions": "Versions"})
ENTRY = DocumentEntry("rules", "Rules", DocumentKind.URL_TERMS, file="rules.md")
SOURCE = decode(b"# Rules\n\nSee [one](one.md), [two](two.md) and [one](one.md).\n", "docs/rules.md")
STATE = DocumentState(None, (), "versions", "clauses")
AROUND = Surroundings(Environment(autoescape=True), PageLanguage(WORDS, "en"), str, str, str, "rules.txt", state=STATE)
OTHERS: dict[str, object] = {
    "language": PageLanguage(WORDS, "de"),
    "download": "new.txt",
    "terms_page": "terms",
    "state": replace(STATE, draft=True),
    "note_page": "note",
    "address": "https://example.com/a",
    "root": "https://example.com/",
    "preview": True,
    "site_language": "de",
    "changes": {1: ("1 May 2026", "First")},
    "offers": (("pdf", ".pdf"),),
    "set_files": {"msa": "set.pdf"},
}


def _page(url: str = "rules/", source: Source = SOURCE) -> DocumentPage:
    document = StoredDocument.of(ENTRY, source, _unread)
    file = SimpleNamespace(src_uri="rules.md")
    return cast("DocumentPage", SimpleNamespace(url=url, file=file, document=document, parts=[]))


def _unread() -> Clause:
    raise AssertionError("the tree is read")


def _build(folder: Path) -> Any:
    """A build that has what `kept_content` reads."""
    settings = SimpleNamespace(documents=(ENTRY,))
    return SimpleNamespace(
        site_facts="",
        words=WORDS,
        languages=SiteLanguages(WORDS, {}),
        own_templates=folder / "templates",
        project=SimpleNamespace(settings=settings),
        edition=SimpleNamespace(
            cache=Cache(folder / "cache"), preview=False, record=SimpleNamespace(ledger=b"", entries=())
        ),
        options=SimpleNamespace(link_terms=True),
        pages={"rules": SimpleNamespace(url="rules/")},
        files=SimpleNamespace(documentation_pages=lambda: [SimpleNamespace(src_uri="rules.md", url="rules/")]),
        terms=None,
    )


def test_each_value_of_the_surroundings_is_in_the_key() -> None:
    names = {one.name for one in fields(AROUND)}
    assert names - _FUNCTIONS == OTHERS.keys()
    assert all(callable(getattr(AROUND, name)) for name in _FUNCTIONS - {"templates", "cache"})
    page, known = _page(), _facts(_page(), AROUND)
    for name, value in OTHERS.items():
        assert _facts(page, replace(AROUND, **{name: value})) != known, name
    assert _facts(page, replace(AROUND, state=None)) != known
    assert _facts(_page("new/"), AROUND) != known


def _own_template(build: Any) -> None:
    build.own_templates.mkdir()
    (build.own_templates / "about.html").write_text("new")


CHANGES: dict[str, Callable[[Any], object]] = {
    "words": lambda build: setattr(build, "words", Words("en", {"versions": "All versions"})),
    "words of a document": lambda build: build.languages.documents.update(
        rules=PageLanguage(Words("de", {"versions": "Fassungen"}), "en")
    ),
    "the language of a text": lambda build: build.languages.documents.update(rules=PageLanguage(WORDS, "de")),
    "own templates": _own_template,
    "a setting": lambda build: setattr(build.project.settings, "notice", "New"),
    "preview": lambda build: setattr(build.edition, "preview", True),
    "the record": lambda build: setattr(build.edition.record, "ledger", b"{}"),
    "links of terms": lambda build: setattr(build.options, "link_terms", False),
    "the page of another document": lambda build: build.pages.update(other=SimpleNamespace(url="other/")),
    "an ordinary page": lambda build: setattr(build.files, "documentation_pages", list),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_fact_of_the_site_is_in_the_key(name: str, tmp_path: Path) -> None:
    build = _build(tmp_path)
    known = site_facts(build)
    assert site_facts(_build(tmp_path)) == known
    changed = _build(tmp_path)
    CHANGES[name](changed)
    assert site_facts(changed) != known


class Maker:
    """Makes a content with two links, and counts how often."""

    def __init__(self, build: Any, **addresses: str) -> None:
        self.build, self.addresses, self.made = build, addresses, 0
        self.asked: list[str] = []

    def _resolve(self, target: str) -> str:
        self.asked.append(target)
        return self.addresses.get(target, target)

    def content(self, page: DocumentPage | None = None) -> PageText:
        around = replace(AROUND, resolve=self._resolve)
        return kept_content.kept_content(cast("Build", self.build), page or _page(), around, self._make)

    def _make(self, around: Surroundings) -> PageText:
        self.made += 1
        links = "".join(f'<a href="{around.resolve(one)}">é</a>' for one in ("one", "two", "one"))
        return PageText(links, (ContentsEntry("a", "1", "A", 1, (ContentsEntry("b", "", "B", 2),)),), "Rules")


def test_a_content_of_the_same_is_not_made_again(tmp_path: Path) -> None:
    first, again = Maker(_build(tmp_path)), Maker(_build(tmp_path))
    assert first.content() == again.content()
    assert (first.made, again.made) == (1, 0)
    assert again.content().sha256 == hashlib.sha256(again.content().html.encode()).hexdigest()
    assert again.asked[:3] == ["one", "two", "one"]


def test_a_link_with_another_address_is_asked_for_once(tmp_path: Path) -> None:
    Maker(_build(tmp_path)).content()
    changed = Maker(_build(tmp_path), two="new")
    assert 'href="new"' in changed.content().html
    assert changed.made == 1
    assert sorted(changed.asked) == ["one", "one", "two"]
    again = Maker(_build(tmp_path), two="new")
    assert 'href="new"' in again.content().html
    assert again.made == 0


def test_another_text_is_made(tmp_path: Path) -> None:
    Maker(_build(tmp_path)).content()
    edited = Maker(_build(tmp_path))
    edited.content(_page(source=decode(b"# Rules\n", "docs/rules.md")))
    assert edited.made == 1


FEE = Definition(
    "Fee", ("Fee",), Place("rules", "rules.md", 1, 0, 3, "a", "A", 1, 1), "fee", Scope.SET, Given.LISTED, "what is due"
)


def _terms(key: str, count: int, definition: Definition = FEE) -> TermIndex:
    """What binding found of a document that defines a term."""
    binding: Any = SimpleNamespace(
        keys={"rules": key} if key else {}, edition=SimpleNamespace(set=SimpleNamespace(id="msa"))
    )
    place = Place("rules", "rules.md", 2, 0, 3, "a", "A", 2, 1)
    used = {("rules", "fee"): [("rules", UsesInClauses.of(0, [place] * count))]}
    return TermIndex(binding, {"rules": (definition,)}, {}, used, {"rules": ENTRY})


@pytest.mark.parametrize(("key", "count", "made"), [("known", 1, 0), ("other", 1, 1), ("known", 2, 1), ("", 1, 1)])
def test_what_was_found_in_a_document_and_uses_of_its_terms_are_in_the_key(
    key: str, count: int, made: int, tmp_path: Path
) -> None:
    def maker(key: str, count: int) -> Maker:
        build = _build(tmp_path)
        build.terms = SimpleNamespace(documents={"rules": _terms(key, count)})
        return Maker(build)

    maker("known", 1).content()
    changed = maker(key, count)
    changed.content()
    assert changed.made == made


def _kept_terms(folder: Path, index: TermIndex, *, title: str = "F", url: str = "terms/f/", setting: str = "") -> bool:
    """Whether a page with a term is not made again."""
    build, made = _build(folder), list[str]()
    build.project.settings.notice = setting
    views = tuple(term_views(index, index.definitions["rules"]))
    part: Any = SimpleNamespace(terms=views)
    page: Any = SimpleNamespace(url=url)
    kept_terms(build, page, part, [title], lambda: made.append("made") or "<dl>é</dl>")  # type: ignore[func-returns-value]
    return not made


def test_a_page_of_terms_is_kept_by_its_terms_and_their_uses(tmp_path: Path) -> None:
    assert not _kept_terms(tmp_path, _terms("known", 1))
    assert _kept_terms(tmp_path, _terms("another text", 1))
    assert not _kept_terms(tmp_path, _terms("known", 2))
    assert not _kept_terms(tmp_path, _terms("known", 1, replace(FEE, body="what is owed")))
    assert not _kept_terms(tmp_path, _terms("known", 1), title="G")
    assert not _kept_terms(tmp_path, _terms("known", 1), url="terms/g/")
    assert not _kept_terms(tmp_path, _terms("known", 1), setting="new")
    assert _kept_terms(tmp_path, _terms("known", 1))


def test_texts_in_several_languages_and_pages_in_parts_are_made_in_each_build(tmp_path: Path) -> None:
    for _ in range(2):
        build, page = _build(tmp_path), _page()
        build.project.settings.documents = (ENTRY, replace(ENTRY, id="regeln", translation_of="rules"))
        translated, parted = Maker(build), Maker(_build(tmp_path))
        translated.content()
        page.parts = [cast("DocumentPage", object())]
        parted.content(page)
        assert (translated.made, parted.made) == (1, 1)


def test_answers_that_were_given_are_given_again() -> None:
    asked: list[str] = []
    answers = LinkAnswers(lambda target: asked.append(target) or f"/{target}")  # type: ignore[func-returns-value]
    assert not answers.are_same([("one", "/one"), ("two", "/2")])
    assert [answers("two"), answers("one"), answers("one")] == ["/two", "/one", "/one"]
    assert asked == ["one", "two", "one"]
    assert answers.asked == [("two", "/two"), ("one", "/one"), ("one", "/one")]


def test_a_build_after_an_edit_reads_only_the_tree_that_was_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*next(iter(DAY.items())))
    write_site(tmp_path, {"mkdocs.yml": MKDOCS.replace("{engross: {check: false}}", "engross")})
    build(tmp_path)
    path = tmp_path / "docs" / "terms" / "rules.md"
    path.write_text(f"{path.read_text('utf-8')}\nThis was edited.\n", "utf-8")
    made: list[str] = []
    real = kept_content.kept_content

    def noted(build: Build, page: DocumentPage, around: Surroundings, make: Callable[..., PageText]) -> PageText:
        def make_and_note(around: Surroundings) -> PageText:
            made.append(page.document.id)
            return make(around)

        return real(build, page, around, make_and_note)

    monkeypatch.setattr("engross.site.page_content.kept_content", noted)
    build(tmp_path)
    assert "rules" in made
    assert "agreement" not in made


def test_the_hash_of_a_content_is_known_until_it_is_changed() -> None:
    page = DocumentPage.__new__(DocumentPage)
    page.content = page._rendered = "<p>Words</p>"
    page._sha256 = "known"
    assert page.known_hash == "known"
    page.content = f"{page.content}<p>More</p>"
    assert page.known_hash == ""
