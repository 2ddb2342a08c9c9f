"""The pages of the record's versions on a built site: their content, links and permanence."""

import json
import os
import re
import shutil
import subprocess
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin

import pytest
from archive_parts import build_for_day, links
from building import AGREEMENT, MKDOCS, Built, build_apart
from posting import note, post, write_history

from engross.corpus import ui_strings
from engross.fidelity.site_pages import check_site_page
from engross.model import Document
from engross.record import open_record
from engross.record.posting.drafts import sealed_document
from engross.record.sealed_files import read_sealed, text_name

pytestmark = pytest.mark.slow
ARCHIVE = re.compile(r"[a-z-]+/versions/")


def archive_files(site: Path) -> dict[str, bytes]:
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if ARCHIVE.match(name)}


def text_of(html: str) -> str:
    return html.split("data-engross-text=")[1]


def test_each_version_has_a_page_that_says_what_was_sealed(history: Path, site: Built) -> None:
    record = open_record(history / "record")
    versions = [version for one in record.versions.values() for version in one]
    assert len(versions) > 7
    for version in versions:
        document: Document = sealed_document(record, version)
        for name in (f"{version.id.document}/versions/{version.number}{end}" for end in ("/index.html", ".html")):
            assert check_site_page(document, site.page(name), ui_strings("en")) is None, name


def test_a_source_is_published_byte_for_byte(history: Path, site: Built) -> None:
    record = open_record(history / "record")
    for version in (version for one in record.versions.values() for version in one):
        name = text_name(version.id, version.sealed, version.entry)
        published = f"{version.id.document}/versions/{version.number}{Path(name).suffix}"
        assert (site.site / published).read_bytes() == read_sealed(record, name, version.sealed.source)


def banner_of(site: Built, version: str) -> tuple[str, str]:
    """The banner of a version's page, and its words."""
    banner = site.page(f"agreement/versions/{version}/index.html").split('<aside class="banner')[1].split("</aside>")[0]
    return banner, " ".join(re.sub("<[^>]*>", "", banner.split(">", 1)[1]).split())


def test_the_banner_of_an_old_version_says_first_that_it_is_old(history: Path, site: Built) -> None:
    banner, words = banner_of(site, "1")
    assert banner.startswith(" ended")
    assert words.startswith(
        "From 31 March 2025, 09:00 UTC, this version is no longer in force. "
        "Version 2, posted 31 March 2025, 09:00 UTC, supersedes it. "
        "See which version is in force."
    )
    record = open_record(history / "record")
    for version in record.versions["agreement"]:
        ended = version.withdrawn or any(one.effective > version.effective for one in record.versions["agreement"])
        announced = version.effective > version.posted
        assert banner_of(site, str(version.number))[0].startswith(" ended") == bool(ended or announced)


def test_the_banner_claims_nothing_but_what_is_recorded_and_leads_to_the_list(site: Built) -> None:
    banner, words = banner_of(site, "2")
    assert words.endswith("See which version is in force.")
    assert links(banner) == ["../../../agreement/versions/"]


def test_a_version_has_its_title_first_and_then_its_facts(site: Built) -> None:
    main = site.page("agreement/versions/2/index.html").split("<main")[1]
    cover = main.index('<div class="eg-cover"')
    at = [
        main.index(one, cover)
        for one in ("<h1", '<p class="line">', '<aside class="banner', "<summary>Download", "<h2")
    ]
    assert at == sorted(at)
    line = re.sub("<[^>]*>", "", main[at[1] :].split("</p>")[0])
    named = (
        "Version 2 · effective 31 March 2025, 09:00 UTC · History · Compare versions · What changed since you agreed"
    )
    assert line == named
    downloads = main[at[3] :].split("</details>")[0]
    endings = [address.rpartition("/versions/2")[2] for address in links(downloads)]
    assert endings == [".html", ".md", ".json", ".seal.json"]


def test_the_menu_of_a_version_leads_to_the_documents_and_to_what_changed(site: Built) -> None:
    menu = site.page("agreement/versions/1/index.html").split('<details class="menu">')[1].split("</details>")[0]
    for address in ("agreement/", "changes/", "defined-terms/", "since/"):
        assert f'href="../../../{address}"' in menu, address


def test_below_a_document_are_the_pages_that_a_navigation_may_leave_out(site: Built) -> None:
    foot = site.page("agreement/index.html").split('<div class="eg-foot')[1].split("</div>")[0]
    for address in ("../changes/", "../since/", "../defined-terms/"):
        assert f'href="{address}"' in foot, address


def test_definitions_hang_in_a_version_as_on_the_live_page(site: Built) -> None:
    for address in ("agreement/index.html", "agreement/versions/1/index.html"):
        assert text_of(site.page(address)).count('<ul class="eg-definitions">') == 1, address


def test_the_canonical_page_of_a_version_is_the_current_one_and_no_index_has_it(site: Built) -> None:
    for name in ("agreement/versions/1/index.html", "agreement/versions/2/from-1/index.html"):
        page = site.page(name)
        assert '<link rel="canonical" href="https://example.com/agreement/">' in page
        assert '<meta name="robots" content="noindex">' in page
    for name, data in archive_files(site.site).items():
        assert not name.endswith(".html") or b'content="noindex"' in data, name
    assert "/versions/" not in site.page("sitemap.xml")
    entries = json.loads(site.page("search/search_index.json"))["docs"]
    assert entries
    assert not [entry for entry in entries if "/versions/" in entry["location"]]


def test_references_lead_to_the_versions_in_force_when_it_took_effect(site: Built) -> None:
    first = links(text_of(site.page("agreement/versions/1/index.html")))
    later = links(text_of(site.page("agreement/versions/4/index.html")))
    assert "../../../rules/versions/1/#conduct" in first
    assert "../../../rules/versions/2/#conduct" in later
    back = links(text_of(site.page("rules/versions/2/index.html")))
    assert "../../../agreement/versions/2/#restrictions.h.iv" in back
    assert "#definitions" in first


def test_every_link_of_the_archive_leads_somewhere(site: Built) -> None:
    there = {path.relative_to(site.site).as_posix() for path in site.site.rglob("*") if path.is_file()}
    ids: dict[str, set[str]] = {}
    for name, data in archive_files(site.site).items():
        if not re.search(r"/index\.html$", name):
            continue
        for link in links(data.decode()):
            target = urljoin(f"https://site/{name}", link)
            if not target.startswith("https://site/"):
                continue
            path, _, anchor = target.removeprefix("https://site/").partition("#")
            path += "index.html" if not path or path.endswith("/") else ""
            assert path in there, (name, link)
            if anchor:
                known = ids.setdefault(path, set(re.findall(r'\sid="([^"]+)"', site.page(path))))
                assert anchor in known, (name, link)


def test_the_facts_of_a_version_for_programs(history: Path, site: Built) -> None:
    facts = json.loads(site.page("agreement/versions/2.json"))
    data = (site.site / "agreement/versions/2.md").read_bytes()
    version = open_record(history / "record").versions["agreement"][1]
    seal = (site.site / "agreement/versions/2.seal.json").read_bytes()
    assert facts["sha256"] == {
        "source": sha256(data).hexdigest(),
        "text": version.sealed.text,
        "seal": sha256(seal).hexdigest(),
    }
    assert facts["seal"] == "https://example.com/agreement/versions/2.seal.json"
    assert {name: facts["sha256"][name] for name in ("source", "text")}.items() <= json.loads(seal).items()
    assert (facts["document"], facts["version"], facts["posted"]) == ("agreement", 2, "2025-03-31T09:00:00Z")
    assert facts["ledger"] == {"seq": version.post.seq, "hash": version.post.hash}
    changed = {one["anchor"]: one["changed"] for one in facts["clauses"]}
    assert changed["restrictions.p1"] == 2
    assert changed["definitions"] == 1


def test_the_file_to_keep_needs_nothing_else(site: Built) -> None:
    page = site.page("agreement/versions/2.html")
    assert "<style>" in page
    assert not re.search(r'<link rel="stylesheet"|<script|<img|@import|url\(', page)
    assert sha256((site.site / "agreement/versions/2.md").read_bytes()).hexdigest() in page
    outside = [link for link in links(page) if not link.startswith("#")]
    assert outside
    assert all(link.startswith("https://") for link in outside)


def row(page: str, number: int) -> str:
    return page.split(f'<tr id="v{number}">')[1].split("</tr>")[0]


def test_the_list_has_the_state_of_each_version_on_the_day(site: Built) -> None:
    page = site.page("agreement/versions/index.html")
    states = {
        int(number): state for number, state in re.findall(r'<tr id="v(\d+)">.*?class="tag ([a-z-]+)"', page, re.S)
    }
    assert states == {5: "announced", 4: "in-force", 3: "withdrawn", 2: "superseded", 1: "superseded"}
    assert list(states) == [5, 4, 3, 2, 1]
    assert "undone" in row(page, 3)
    assert "wrong-word" in row(page, 2)
    assert 'href="../../agreement/versions/4/from-2/"' in row(page, 4)


def test_redlines_lead_from_one_to_the_next_and_from_the_latest_five_to_the_one_in_force(tmp_path: Path) -> None:
    write_history(tmp_path)
    for number in range(6):
        changed = AGREEMENT.replace("Day 1", f"Day {number + 10}")
        text = note("agreement", "A day.", effective="2027-01-02")
        if number == 0:
            text = text.replace("effective: 2027-01-02", "effective: immediately\nwithdraws: [agreement@5]")
        else:
            text = text.replace("effective: 2027-01-02", "effective: immediately")
        post(tmp_path, 561 + number, f"day-{number}", text, agreement_DOT_md=changed)
    built = build_for_day(tmp_path)
    assert built.status == 0, built.messages
    found = sorted(name for name in built.files() if re.match(r"agreement/versions/\d+/from-", name))
    steps = {(int(new), int(old)) for new, old in re.findall(r"versions/(\d+)/from-(\d+)/", "\n".join(found))}
    consecutive = {(2, 1), (3, 2), (4, 2), (5, 4), (6, 4), *((new, new - 1) for new in range(7, 12))}
    assert steps == consecutive | {(11, old) for old in range(6, 11)}
    page = built.page("agreement/versions/11/from-7/index.html")
    assert "<del>" in page
    assert "../../../../agreement/versions/7/" in links(page)


def test_the_history_of_a_clause_shows_its_words_in_each_version(site: Built) -> None:
    data = json.loads(site.page("agreement/versions/2.json"))
    clause = next(one["id"] for one in data["clauses"] if one["anchor"] == "restrictions.p1")
    page = site.page("agreement/versions/clauses/index.html")
    section = page.split(f'<section id="{clause}"')[1].split("</section>")[0]
    assert re.findall("<blockquote>(.*?)</blockquote>", section) == ["You must not", "You will not"]
    assert "../../../agreement/versions/2/#restrictions.p1" in links(section)
    assert "../../../agreement/versions/2/from-1/" in links(section)


def test_where_only_a_link_leads_elsewhere_the_history_says_so(tmp_path: Path) -> None:
    write_history(tmp_path)
    led = AGREEMENT.replace("terms/rules.md#conduct", "terms/rules.md").replace("facts & figures", "facts")
    post(tmp_path, 561, "led", note("agreement", "Led.", effective="2027-02-01"), agreement_DOT_md=led)
    page = build_for_day(tmp_path).page("agreement/versions/clauses/index.html")
    assert page.count("to call, see the rules and Definitions.</blockquote>") == 1
    assert (
        "Link target changed: <code>terms/rules.md#conduct</code> → <code>terms/rules.md</code>. "
        "The text is the same as in version 1."
    ) in page
    assert "<blockquote>“Data” means facts, " in page
    assert "<blockquote>“Data” means facts &amp; figures, " in page


def test_a_clause_that_was_taken_out_keeps_its_history(tmp_path: Path) -> None:
    write_history(tmp_path)
    without = AGREEMENT.replace("(a) copy;\n", "")
    post(tmp_path, 561, "less", note("agreement", "Less.", effective="2027-02-01"), agreement_DOT_md=without)
    page = build_for_day(tmp_path).page("agreement/versions/clauses/index.html")
    assert "removed" in page.split("</nav>")[1]
    assert "<blockquote>copy;</blockquote>" in page


def test_what_is_published_elsewhere_has_no_versions_and_a_retired_document_keeps_all(tmp_path: Path) -> None:
    write_history(tmp_path)
    settings = (tmp_path / "docs/documents.yml").read_text("utf-8")
    kept = "\n".join(line for line in settings.split("\n") if "id: models" not in line).replace(", models]", "]")
    (tmp_path / "mkdocs.yml").write_text(
        (tmp_path / "mkdocs.yml").read_text("utf-8").replace("  - List: models.md\n", "")
    )
    index = "# Home\n\nNothing.\n"
    gone = {"documents_DOT_yml": kept, "models_DOT_yml": None, "index_DOT_md": index}
    post(tmp_path, 561, "gone", note("models", "No more models.", sets="main"), **gone)
    built = build_for_day(tmp_path)
    assert built.status == 0, built.messages
    assert "no longer published" in built.page("models/versions/index.html")
    page = built.page("models/versions/1/index.html")
    assert 'data-engross-model="small-1"' in page
    assert '<link rel="canonical" href="https://example.com/models/versions/">' in page
    assert not [name for name in built.files() if name.startswith("pricing/versions")]


def test_cold_warm_and_damaged_caches_give_the_same_bytes(history: Path, site: Built, tmp_path: Path) -> None:
    wanted = archive_files(site.site)
    copy = Path(shutil.copytree(history, tmp_path / "copy"))
    cache = copy / ".cache/engross/archive"
    assert cache.is_dir()
    assert archive_files(build_for_day(copy).site) == wanted, "warm"
    for path in [path for path in cache.rglob("*") if path.is_file()][::3]:
        path.unlink()
        path.write_bytes(b"<p>Something else.</p>")
    assert archive_files(build_for_day(copy).site) == wanted, "damaged"
    shutil.rmtree(cache)
    assert archive_files(build_for_day(copy).site) == wanted, "cold"


def test_new_rules_of_the_time_zone_change_the_pages(history: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(history, tmp_path / "copy"))
    documents = copy / "docs/documents.yml"
    documents.write_text(f"timezone: Europe/Berlin\n{documents.read_text('utf-8').replace('timezone: UTC', '')}")
    rules = tmp_path / "rules/Europe/Berlin"
    rules.parent.mkdir(parents=True)
    made = {}
    for zone, step in (("Berlin", "cold"), ("Athens", "warm"), ("Athens", "cold again")):
        rules.write_bytes((files("tzdata") / "zoneinfo/Europe" / zone).read_bytes())
        if step == "cold again":
            shutil.rmtree(copy / ".cache")
        built = build_apart(copy, PYTHONTZPATH=str(rules.parent.parent))
        assert built.status == 0, built.messages
        made[step] = archive_files(built.site)
    assert made["warm"] == made["cold again"]
    assert made["warm"] != made["cold"]


def test_who_changes_a_published_page_does_not_change_what_is_kept(history: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(history, tmp_path / "copy"))
    page = copy / "site/agreement/versions/2/index.html"
    wanted = page.read_bytes()
    with page.open("r+b") as changed:
        changed.write(b"<!-- x -->")
    build_for_day(copy)
    assert page.read_bytes() == wanted


def test_pages_of_changes_stay_and_are_made_again_where_somebody_changed_them(history: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(history, tmp_path / "copy"))
    build_for_day(copy)
    pages = [*copy.glob("site/changes/*/index.html")]
    wanted = {page: (page.read_bytes(), page.stat().st_ino) for page in pages}
    build_for_day(copy)
    assert {page: (page.read_bytes(), page.stat().st_ino) for page in pages} == wanted
    changed, beside = pages[0], pages[1].with_name("other.txt")
    times = changed.stat()
    with changed.open("r+b") as file:
        file.write(b"<!-- x -->")
    os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
    beside.write_text("x")
    build_for_day(copy)
    assert {page: page.read_bytes() for page in pages} == {page: data for page, (data, _) in wanted.items()}
    assert not beside.exists()


@pytest.mark.long
def test_a_clean_clone_gives_the_same_bytes(history: Path, site: Built, tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    shutil.copytree(history, origin, ignore=shutil.ignore_patterns("site", ".cache"))
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], cwd=origin, check=True)
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{origin}", str(clone)], check=True)
    built = build_apart(clone)
    assert built.status == 0, built.messages
    assert archive_files(built.site) == archive_files(site.site)


def test_nothing_is_written_without_a_record(tmp_path: Path) -> None:
    write_history(tmp_path)
    shutil.rmtree(tmp_path / "record")
    built = build_for_day(tmp_path)
    assert not archive_files(built.site)
    assert not [name for name in built.files() if "engross-archive" in name]


def test_where_pages_have_no_folders_links_name_their_files(tmp_path: Path) -> None:
    write_history(tmp_path)
    (tmp_path / "mkdocs.yml").write_text(f"use_directory_urls: false\n{MKDOCS}  - In force: in-force.md\n", "utf-8")
    built = build_for_day(tmp_path)
    assert built.status == 0, built.messages
    page = built.page("agreement/versions/2/index.html")
    assert [link for link in links(page) if link.endswith("/") and "://" not in link] == []
    assert "../../../agreement/versions/index.html" in links(page)
    assert '<link rel="canonical" href="https://example.com/agreement.html">' in page


def test_a_page_that_was_led_to_and_moved_is_led_to_anew(tmp_path: Path) -> None:
    write_history(tmp_path)
    linked = AGREEMENT.replace("[rules](terms/rules.md#conduct)", "[home](index.md) and [gone](gone.md)")
    (tmp_path / "docs/gone.md").write_text("# Gone\n", "utf-8")
    config = (tmp_path / "mkdocs.yml").read_text("utf-8")
    (tmp_path / "mkdocs.yml").write_text(config.replace("nav:", "nav:\n  - Gone: gone.md"), "utf-8")
    post(tmp_path, 561, "linked", note("agreement", "Links.", effective="2027-02-01"), agreement_DOT_md=linked)
    page = text_of(build_for_day(tmp_path).page("agreement/versions/6/index.html"))
    assert ("../../../" in links(page), "../../../gone/" in links(page)) == (True, True)
    (tmp_path / "docs/gone.md").unlink()
    (tmp_path / "mkdocs.yml").write_text(config.replace("strict: true", "strict: false"), "utf-8")
    page = text_of(build_for_day(tmp_path).page("agreement/versions/6/index.html"))
    assert "../../../gone/" not in links(page)
    assert "<a>gone</a>" in page
