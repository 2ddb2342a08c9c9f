"""The hash of a site's own templates: any file below them changes it, and what a link leads to."""

from pathlib import Path

import pytest
from jinja2.meta import find_referenced_templates

from engross.corpus import shipped_templates
from engross.render.templates import environment, own_files_hash, own_folder, template_sources, templates_hash

PAGES = sorted(
    path.relative_to(shipped_templates()).as_posix()
    for path in shipped_templates().rglob("*.html")
    if path.relative_to(shipped_templates()).parts[0] != "init"
)


def test_any_file_of_the_site_changes_the_hash(tmp_path: Path) -> None:
    own, elsewhere = tmp_path / "templates", tmp_path / "elsewhere"
    own.mkdir()
    elsewhere.mkdir()
    (own / "linked").symlink_to(elsewhere)
    (own / "itself").symlink_to(own)
    found = {(own_files_hash(own), templates_hash(own))}
    for name in ("mine.html", "own.txt", "archive/sub/mine.html", "linked/far.html"):
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for text in ("one", "two"):
            path.write_text(text, "utf-8")
            found.add((own_files_hash(own), templates_hash(own)))
    assert len(found) == len({one for one, _ in found}) == len({two for _, two in found}) == 9
    assert own_folder(environment(own)) == own
    assert own_folder(environment()) is None


def included(name: str) -> set[str]:
    """A template with all that it includes, as Jinja2 finds them."""
    found, left, templates = set[str](), [name], environment()
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            named = [*find_referenced_templates(templates.parse((shipped_templates() / one).read_text("utf-8")))]
            assert None not in named, one
            left += [each for each in named if each]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_what_a_template_includes_is_part_of_its_sources(name: str) -> None:
    assert [one for one, _ in template_sources([name])] == sorted(included(name))


def test_sources_of_a_template_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "head.html").write_text(
        "{%- include 'cards.html' ignore missing -%}{% extends \"mine.html\" %}", "utf-8"
    )
    (tmp_path / "mine.html").write_text("{% from 'cards.html' import x %}", "utf-8")
    sources = dict(template_sources(["head.html"], tmp_path))
    assert sorted(sources) == ["cards.html", "head.html", "mine.html"]
    assert sources["cards.html"] == (shipped_templates() / "cards.html").read_bytes()
    for computed in ("{% include kind ~ '.html' %}", "{% include ['cards.html', 'since.html'] %}", "{% extends x %}"):
        (tmp_path / "mine.html").write_text(computed, "utf-8")
        assert {"since.html", "archive/base.html", "mine.html"} <= {
            one for one, _ in template_sources(["mine.html"], tmp_path)
        }


def test_what_templates_of_versions_include_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PAGES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((shipped_templates() / name).read_bytes())
    monkeypatch.setattr("engross.render.templates.shipped_templates", lambda: tmp_path)
    before = templates_hash()
    (tmp_path / "linked-data.html").write_text("other", "utf-8")
    assert templates_hash() != before
    before = templates_hash()
    (tmp_path / "cards.html").write_text("other", "utf-8")
    assert templates_hash() == before
