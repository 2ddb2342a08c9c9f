"""Refused builds: a message with the place, exit status 1, and the old site unchanged."""

from pathlib import Path

import pytest
from building import AGREEMENT, DOCUMENTS, MKDOCS, MODELS, build, build_apart, write_site

from engross.corpus.folders import find_folders
from engross.corpus.project import read_project
from engross.drafting.links import Links
from engross.record import open_record

pytestmark = pytest.mark.slow

DOCS = "docs/documents.yml"
TEXT = "docs/agreement.md"


def with_document(line: str) -> str:
    return f"{DOCUMENTS}  - {line}\n"


REFUSED: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "no documents.yml": ({DOCS: None}, ["docs/documents.yml: there is no such file"]),
    "a document is missing": (
        {DOCS: with_document("{id: x, title: X, kind: policy, file: x.md}")},
        ["docs/documents.yml:7:43: documents[3].file: there is no file x.md in the docs folder"],
    ),
    "a document is a folder": (
        {DOCS: with_document("{id: x, title: X, kind: policy, file: x.md}"), "docs/x.md/y.txt": ""},
        ["docs/documents.yml:7:43: documents[3].file: there is no file x.md in the docs folder"],
    ),
    "not UTF-8": (
        {TEXT: b"# A\n\nNa\xefve\n"},
        ["docs/agreement.md:3:3: not UTF-8: byte 0xEF; save the file as UTF-8"],
    ),
    "not UTF-8 in YAML": (
        {"docs/models.yml": b"models:\n  - name: Na\xefve\n"},
        ["docs/models.yml:2:13: not UTF-8: byte 0xEF; save the file as UTF-8"],
    ),
    "NUL": (
        {TEXT: "# A\n\na\0b\n"},
        ["docs/agreement.md:3:2: the character U+0000 cannot be shown on a page; delete it"],
    ),
    "empty": (
        {TEXT: ""},
        ["docs/agreement.md:1:1: the document has no text; write it, or remove it from documents.yml"],
    ),
    "nothing but a comment": (
        {TEXT: "<!-- later -->\n"},
        ["docs/agreement.md:1:1: the document has no text; write it, or remove it from documents.yml"],
    ),
    "unknown id": (
        {DOCS: DOCUMENTS.replace("incorporates: [rules,", "incorporates: [rulez,")},
        [
            'docs/documents.yml:2:66: sets[0].incorporates[0]: there is no document rulez; did you mean "rules"? '
            "(fix: rules)"
        ],
    ),
    "duplicate id": (
        {DOCS: with_document("{id: rules, title: X, kind: policy, file: index.md}")},
        ["docs/documents.yml:7:10: documents[3].id: rules is already used on line 5; choose another"],
    ),
    "duplicate key": (
        {"docs/models.yml": MODELS.replace("    name: Small 1\n", "    name: Small 1\n    name: Small 2\n")},
        ["docs/models.yml:4:5: models[0].name: given twice; the first is on line 3, column 5; delete one"],
    ),
    "impossible date": (
        {"docs/models.yml": MODELS.replace("2026-06-01", "2026-13-45")},
        ["docs/models.yml:7:45: models[0].lifecycle.deprecated: 2026-13-45 is not a valid date"],
    ),
    "a version that is a number": (
        {"docs/models.yml": MODELS.replace("    name: Small 1\n", "    name: Small 1\n    version: 1.10\n")},
        [
            "docs/models.yml:4:14: models[0].version: 1.10 is read as the number 1.1, but must be text; put it in "
            'quotes (fix: "1.10")'
        ],
    ),
    "a word that is a truth value": (
        {"docs/models.yml": MODELS.replace("provider: Other", "provider: NO")},
        [
            "docs/models.yml:10:15: models[1].provider: NO is read as a truth value, but must be text; put it in "
            'quotes (fix: "NO")'
        ],
    ),
    "raw HTML": (
        {TEXT: "# A\n\nIt is <b>bold</b>.\n\n<script>alert(1)</script>\n"},
        [
            "docs/agreement.md:3:7: raw HTML is not allowed",
            "docs/agreement.md:3:14: ",
            "docs/agreement.md:5:1: ",
            "docs/agreement.md:5:17: ",
        ],
    ),
    "javascript: and data:": (
        {TEXT: "# A\n\n[a](javascript:alert(1)) and ![b](data:image/png,x)\n"},
        ["docs/agreement.md:3:1: a link may not use javascript:", "docs/agreement.md:3:30: a link may not use data:"],
    ),
    "a path that leaves the docs folder": (
        {DOCS: with_document("{id: x, title: X, kind: policy, file: ../mkdocs.md}")},
        ["docs/documents.yml:7:43: documents[3].file: ../mkdocs.md is not valid: the file must stay inside the docs"],
    ),
    "nested too deeply": (
        {TEXT: "# A\n\n" + ">" * 60 + " deep\n"},
        ["docs/agreement.md:3:51: lists and quotes are nested more than 50 deep here; use fewer levels"],
    ),
    "replaced by a retired model": (
        {
            "docs/models.yml": MODELS.replace("deprecated: 2026-06-01", "deprecated: 2026-06-01, replacement: large-1")
            + "    lifecycle: {retires: 2026-01-01}\n"
        },
        [
            "docs/models.yml:7:70: models[0].lifecycle.replacement: large-1 is itself retired on that day; "
            "name a model that is available"
        ],
    ),
    "two pages at one address": (
        {DOCS: DOCUMENTS.replace("file: terms/rules.md,", "file: terms/rules.md, published: changes/,")},
        [
            "docs/documents.yml:5:88: documents[1].published: changes/ is the address of the page changes.md too; "
            "publish one of the two elsewhere"
        ],
    ),
    "a page where the model list goes": (
        {"docs/models.md": "# Models\n"},
        ["docs/documents.yml:6:5: documents[2].published: models/ is the address of the page models.md too"],
    ),
    "a document that mkdocs.yml excludes": (
        {"mkdocs.yml": MKDOCS + "exclude_docs: /terms/\n"},
        ["docs/documents.yml:5:61: documents[1].file: exclude_docs in mkdocs.yml keeps terms/rules.md out of the site"],
    ),
    "the plugin listed twice": (
        {"mkdocs.yml": MKDOCS.replace("strict: true", "strict: false").replace("[search,", "[search, engross,")},
        [
            "Config value 'plugins': Plugin 'engross' was specified multiple times",
            "mkdocs.yml lists the plugin engross twice; list it once, with all its options",
        ],
    ),
    "mistakes in two documents at once": (
        {TEXT: "# A\n\n<b>\n", "docs/terms/rules.md": "<i>\n"},
        ["docs/agreement.md:3:1: ", "docs/terms/rules.md:1:1: "],
    ),
}


@pytest.mark.parametrize(("changed", "wanted"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(
    tmp_path: Path, changed: dict[str, str | bytes | None], wanted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    write_site(tmp_path)
    write_site(tmp_path, {**changed, "site/before.html": "before"})
    built = build(tmp_path)
    assert built.status == 1
    found = [message.startswith(beginning) for message, beginning in zip(built.messages, wanted, strict=False)]
    assert found == [True] * len(wanted), built.messages
    assert len(built.messages) == len(wanted), built.messages
    assert built.files() == {"before.html"}, "the site of before stays as it was"


def test_the_command_ends_with_1_and_no_traceback(tmp_path: Path) -> None:
    write_site(tmp_path, {TEXT: "# A\n\n<b>\n"})
    built = build_apart(tmp_path)
    assert built.status == 1
    assert "Traceback" not in " ".join(built.messages)
    assert any(
        "docs/agreement.md:3:1: raw HTML is not allowed in a contract: <b>" in messages for messages in built.messages
    )
    assert not built.site.exists()


@pytest.mark.long
def test_messages_name_files_as_they_are_reached_from_here(tmp_path: Path) -> None:
    write_site(tmp_path / "below", {TEXT: "# A\n\n<b>\n"})
    built = build_apart(tmp_path / "below")
    assert any("docs/agreement.md:3:1: " in messages for messages in built.messages)


def test_a_moment_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path)
    for wrong in ("soon", "", "-1", "1_0", " 7", "１", "9" * 5000, "4294967296", "253402300799"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        built = build(tmp_path)
        assert built.status == 1
        shown = wrong if len(wrong) <= 40 else wrong[:40] + "…"
        assert built.messages == [
            "SOURCE_DATE_EPOCH: must be a whole number of seconds since 1970, at most 4294967295 (the year 2106), "
            f"not {shown!r}; correct it, or unset it to build for today"
        ]


def test_the_first_and_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path)
    for seconds in ("0", "4294967295"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        assert build(tmp_path).status == 0


LINKS = {
    "a page that is missing": (
        "[x](missing.md)",
        "'missing.md', but the target is not found among documentation files",
    ),
    "an anchor that is missing": ("[x](terms/rules.md#nope)", "does not contain an anchor '#nope'"),
    "an anchor of this page that is missing": ("[x](#nope)", "there is no such anchor on this page"),
    "an absolute address": ("[x](/terms/)", "contains an absolute link '/terms/'"),
    "no file at all": ("[x](terms)", "contains an unrecognized relative link 'terms'"),
    "an image that is missing": ("![x](missing.png)", "'missing.png', but the target is not found"),
    "a source that is no page": ("[x](models.yml)", "'models.yml', but the target is not found"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", ["agreement.md", "index.md"])
@pytest.mark.parametrize(("link", "message"), LINKS.values(), ids=LINKS.keys())
def test_a_link_that_leads_nowhere_fails_a_strict_build(tmp_path: Path, name: str, link: str, message: str) -> None:
    text = AGREEMENT if name == "agreement.md" else "# Home\n\n"
    write_site(tmp_path, {f"docs/{name}": f"{text}\nA {link}.\n"})
    built = build(tmp_path)
    assert built.status == 1
    (messages,) = built.messages
    assert f"Doc file '{name}' contains" in messages
    assert message in messages
    if name == "agreement.md":
        line = AGREEMENT.count("\n") + 2
        assert messages.startswith(f"docs/agreement.md:{line}:{4 if link[0] == '[' else 5}: End")
    assert built.files() == set()


def test_a_link_to_an_anchor_of_a_contract_that_is_missing(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/index.md": "[x](agreement.md#nope) [y](models.md#nope)\n"})
    built = build(tmp_path)
    assert built.status == 1
    assert ["anchor '#nope'" in messages for messages in built.messages] == [True, True]


def test_the_site_of_before_outlives_a_strict_build_that_fails(tmp_path: Path) -> None:
    write_site(tmp_path, {"docs/index.md": "# Home\n\n[x](missing.md)\n", "site/old.html": "old", "site/.keep": ""})
    assert build(tmp_path).status == 1
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [".keep", "old.html"]
    assert not list(tmp_path.glob(".site*"))


def test_a_build_that_succeeds_replaces_the_site_of_before(tmp_path: Path) -> None:
    write_site(tmp_path, {"site/old.html": "old", "site/.keep": ""})
    built = build(tmp_path)
    assert built.status == 0
    assert {"index.html", ".keep"} <= built.files()
    assert "old.html" not in built.files()
    assert not list(tmp_path.glob(".site*"))


def test_a_page_of_changes_that_is_missing(tmp_path: Path) -> None:
    write_site(tmp_path, {DOCS: DOCUMENTS.replace("changes: changes.md", "changes: nope.md")})
    built = build(tmp_path)
    assert built.status == 1
    assert len(built.messages) == 1
    assert built.messages[0].startswith("docs/documents.yml:4:")
    assert built.messages[0].endswith("documents[0].changes: there is no page nope.md on the site")


@pytest.mark.parametrize("target", ["https://a.example/x.png", "//a.example/x.png", "HTTP://a.example/x.png"])
def test_an_image_from_elsewhere(tmp_path: Path, target: str) -> None:
    write_site(tmp_path, {TEXT: f"# A\n\nSee ![x]({target}).\n"})
    built = build(tmp_path)
    assert built.status == 1
    assert built.messages[0].startswith("docs/agreement.md:3:5: an image must be a file of this site")


def test_a_template_that_is_not_utf8(tmp_path: Path) -> None:
    write_site(tmp_path, {"templates/about.html": b"\xff\xfe"})
    built = build(tmp_path)
    assert built.status == 1
    assert any("a template is not UTF-8" in messages for messages in built.messages)


def test_half_a_character_in_a_setting(tmp_path: Path) -> None:
    mkdocs = MKDOCS + 'site_description: "\\ud83d\\ude00"\nextra: {social: [{name: "a\\udc00"}]}\n'
    write_site(tmp_path, {"mkdocs.yml": mkdocs})
    built = build(tmp_path)
    assert built.status == 1
    assert built.messages == [
        "site_description in mkdocs.yml holds half a character (U+D83D); write the character itself",
        "extra.social[0].name in mkdocs.yml holds half a character (U+DC00); write the character itself",
    ]


def test_check_says_of_links_what_a_strict_build_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    links = ["no.md", "terms/rules.md#no", "#no", "terms/rules.md#conduct", "no.png", "/x/", "terms/", "index.md#no"]
    text = f"{AGREEMENT}\n## Links\n\n{', '.join(f'[x]({link})' for link in links)}\n"
    write_site(tmp_path, {"docs/agreement.md": text})
    built = build(tmp_path)
    monkeypatch.chdir(tmp_path)
    folders = find_folders(tmp_path)
    project = read_project(folders.docs, folders.settings)
    found = Links(project, folders, lambda: open_record(folders.record)).check(project.documents.values())
    heard = [
        messages.partition(" Did you mean")[0] for messages in built.messages if "Doc file 'agreement.md'" in messages
    ]
    assert sorted(map(str, found)) == sorted(heard)
    assert len(found) >= 5
