"""The policies of finished pages: put in before a page is written, and right whatever plugins do to the page later."""

import hashlib
import os
import re
import time
from base64 import b64encode
from pathlib import Path

import pytest
from building import MKDOCS, build, write_site
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from engross.common.csp import policy
from engross.site.policies import SecuredPage, secure_page, write_policies

PAGE = '<head><meta charset="utf-8"><script>a</script></head>'


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def write_pages(folder: Path, *names: str) -> dict[str, SecuredPage]:
    """Write pages as MkDocs does, and give what is known of them."""
    known = {}
    for name in names:
        html, known[name] = secure_page(PAGE)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(html, "utf-8")
    return known


def policies(path: Path) -> list[str]:
    return re.findall(r'<meta http-equiv="?Content-Security-Policy"? content="([^"]*)">', path.read_text("utf-8"))


def test_pages_that_no_plugin_changed_are_not_written_again(tmp_path: Path) -> None:
    known = write_pages(tmp_path, "index.html", "a/index.html")
    assert write_policies(tmp_path, known) == []
    assert policies(tmp_path / "a/index.html") == [policy(known["a/index.html"].sources)]
    assert hash_of("a") in (tmp_path / "_headers").read_text()


def test_pages_that_mkdocs_did_not_make_get_their_policies_and_line_ends_stay(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_bytes(b"<head>\r\n<script>a\r\nb</script></head>")
    assert write_policies(tmp_path, {}) == ["a/index.html"]
    written = (tmp_path / "a" / "index.html").read_bytes()
    assert hash_of("a\nb").encode() in written
    assert written.endswith(b"\r\n<script>a\r\nb</script></head>")
    assert hash_of("a\nb") in (tmp_path / "_headers").read_text()


def test_a_site_keeps_headers_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "_headers").write_text("/*\n  X-Own: yes\n")
    write_policies(tmp_path, {})
    assert (tmp_path / "_headers").read_text() == "/*\n  X-Own: yes\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<script>a", "<script>b"),
        ('"Content-Security-Policy"', "Content-Security-Policy"),
        ('<meta charset="utf-8">', "<meta charset=utf-8>"),
    ],
)
def test_a_page_that_a_plugin_changed_has_one_policy_that_is_right(tmp_path: Path, old: str, new: str) -> None:
    known = write_pages(tmp_path, "index.html")
    page = tmp_path / "index.html"
    page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")
    write_policies(tmp_path, known)
    (found,) = policies(page)
    assert f"script-src 'self' {hash_of(new[-1] if new.startswith('<script') else 'a')};" in found
    assert found in (tmp_path / "_headers").read_text()


def test_a_page_of_a_build_before_keeps_the_one_policy_it_has(tmp_path: Path) -> None:
    """`--dirty` builds only changed pages, into the existing site."""
    write_pages(tmp_path, "index.html")
    before = (tmp_path / "index.html").read_bytes()
    assert write_policies(tmp_path, {}) == []
    assert (tmp_path / "index.html").read_bytes() == before


HOOK = """\
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority(-10**9)
def on_post_page(output, **_):
    return output.replace("</head>", "<script>late()</script></head>")

def on_post_build(config, **_):
    for path in Path(config.site_dir).rglob("index.html"):
        path.write_text(path.read_text("utf-8").replace("</head>", "<script>later()</script></head>"), "utf-8")
"""


@pytest.mark.slow
def test_scripts_that_other_plugins_add_last_are_allowed(tmp_path: Path) -> None:
    write_site(tmp_path, {"late.py": HOOK, "mkdocs.yml": MKDOCS + "hooks: [late.py]\n"})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    for name in ("index.html", "agreement/index.html", "changes/index.html"):
        (found,) = policies(built.site / name)
        assert hash_of("late()") in found
        assert hash_of("later()") in found


@pytest.mark.slow
def test_every_page_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def record(site: Path, *known: object, **options: bool) -> list[str]:
        written.extend(write_policies(site, *known, **options))
        return written

    monkeypatch.setattr("engross.site.post_build.write_policies", record)
    write_site(tmp_path, {"docs/own.html": "<head></head>Ours."})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    # MkDocs copies this one.
    assert written == ["own.html"]
    assert len(policies(built.site / "index.html")) == len(policies(built.site / "404.html")) == 1


@pytest.mark.slow
def test_a_build_of_changed_pages_only_leaves_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS.replace("strict: true\n", "")})
    before = {path: path.read_bytes() for path in build(tmp_path).site.rglob("*.html")}
    changed = tmp_path / "docs/changes.md"
    changed.write_text("# Changes\n\nOne.\n", "utf-8")
    os.utime(changed, (time.time() + 60,) * 2)
    monkeypatch.chdir(tmp_path)
    config = load_config(config_file="mkdocs.yml")
    config.plugins.on_startup(command="build", dirty=True)
    try:
        mkdocs_build(config, dirty=True)
    finally:
        # MkDocs keeps such a plugin for the next site that is built in this process.
        config.plugins.on_startup(command="build", dirty=False)
    page = tmp_path / "site/changes/index.html"
    assert "One." in page.read_text("utf-8")
    assert [path for path, html in before.items() if path.read_bytes() != html and path.name != "404.html"] == [page]
    assert {path: len(policies(path)) for path in before} == dict.fromkeys(before, 1)
