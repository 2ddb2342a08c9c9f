"""A build with a cache gives the same bytes and messages as one without, whatever was edited since the last."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from building import AGREEMENT, DAY, DOCUMENTS, MKDOCS, RULES, Built, build, write_site
from posting import POSTED_SITE, note, post

import engross
from engross.common import cache
from engross.common.cache import FOLDER, Cache
from engross.common.fingerprint import _reached
from engross.common.packed_cache import PackedCache
from engross.exporting import FORMATS, REDLINE_FORMATS
from engross.render import Made, Store

pytestmark = pytest.mark.slow

CHECKED = MKDOCS.replace("{engross: {check: false}}", "engross").replace("strict: true\n", "")
TERMS = """
## Duties

Data is kept for the Term. See Section 2 of the Agreement, and [nothing](missing.md). The the end.
"""
LAW = "[{ground: law, cites: Act 12}]"
KINDER = RULES.replace("Be kind.", "Be kinder.")
EDITS: tuple[dict[str, str], ...] = (
    {"docs/terms/rules.md": RULES + TERMS},
    # A term that the other document and a page use has another name; a heading moves; a link is mended.
    {
        "docs/agreement.md": AGREEMENT.replace("“Term”", "“Period”").replace(
            "## End", "## Ending\n\nOf the Period.\n\n## End"
        ),
        "docs/terms/rules.md": (RULES + TERMS).replace("missing.md", "../index.md"),
        "docs/index.md": "# Home\n\nThe Data and the Period. See [Restrictions](agreement.md#restrictions.h.iv).\n",
    },
    {"docs/documents.yml": DOCUMENTS.replace("title: Rules of Use", "title: Rules of Conduct")},
    # A definition is added that the other document uses, and one is removed.
    {
        "docs/agreement.md": AGREEMENT.replace("- **“Term”** means", "- **“Notice”** means a letter.\n- The term is"),
        "docs/terms/rules.md": f"---\nsearch: {{boost: 2}}\n---\n\n{RULES + TERMS}\nEach Notice is sent.\n",
    },
    {"templates/words.yml": "defined_terms: Words with a meaning\nused_times: used {count} times here\n"},
    {"templates/defined-terms.html": "<p>{% for group in sets %}{{ group.set.id }}{% endfor %}</p>\n"},
    {"mkdocs.yml": CHECKED.replace("Rules: terms", "Conduct: terms") + "use_directory_urls: false\n"},
)


def outcome(built: Built) -> dict[str, bytes | list[str] | int]:
    pages = {name: (built.site / name).read_bytes() for name in built.files()}
    return {"status": built.status, "messages": built.messages, **pages}


def test_warm_builds_are_those_from_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(*next(iter(DAY.items())))
    warm, changed = tmp_path / "warm", dict[str, str]()
    write_site(warm, {"mkdocs.yml": CHECKED})
    build(warm)
    for edit in EDITS:
        changed |= edit
        write_site(warm, {"mkdocs.yml": CHECKED, **changed})
        kept = {path for path in (warm / FOLDER).rglob("*") if path.is_file()}
        assert kept
        warm_outcome = outcome(build(warm))
        assert warm_outcome["messages"]
        shutil.rmtree(warm / FOLDER)
        shutil.rmtree(warm / "site")
        assert outcome(build(warm)) == warm_outcome


PACKAGE = Path(engross.__file__).resolve().parent
GLUE = frozenset({"drafting/engine.py", "exporting/formats.py"})
"""Code that only hands over values that are in the keys, as all of `site/` does."""
ARCHIVE = (
    "engross.render.archive.writer",
    "engross.exporting.copy_reader",
    *(f"engross.exporting.{one.maker.partition(':')[0]}" for one in (*FORMATS.values(), *REDLINE_FORMATS.values())),
)


class Audit:
    """Notes which code runs between a miss in the cache and the writing of the same entry."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.found: list[tuple[tuple[str, ...], set[str]]] = []
        self._running: dict[str, set[str]] = {}
        self._makers: dict[str, tuple[str, ...]] = {}
        self._real = cache.key_of, PackedCache.get, Cache.put, Store.publish
        for module in [*sys.modules.values()]:
            if getattr(module, "key_of", None) is self._real[0]:
                patch.setattr(module, "key_of", self._key_of)
        patch.setattr(PackedCache, "get", lambda store, key: self._get(store, key))
        patch.setattr(Cache, "put", lambda store, key, data: self._put(store, key, data))
        patch.setattr(Store, "publish", lambda store, key, make, site: self._publish(store, key, make, site))

    def profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            for files in self._running.values():
                files.add(frame.f_code.co_filename)

    def _key_of(self, maker: str | tuple[str, ...], *parts: str | bytes) -> str:
        key = self._real[0](maker, *parts)
        self._makers[key] = maker if isinstance(maker, tuple) else (maker,)
        return key

    def _get(self, store: PackedCache, key: str) -> bytes | None:
        data = self._real[1](store, key)
        if data is None and key in self._makers:
            self._running[key] = set()
        return data

    def _put(self, store: Cache, key: str, data: bytes) -> None:
        if key in self._running:
            self.found.append((self._makers[key], self._running.pop(key)))
        self._real[2](store, key, data)

    def _publish(self, store: Store, key: str, make: Callable[[], Made], site: Path) -> None:
        def noted() -> Made:
            self._running[key] = set()
            made = make()
            self.found.append((ARCHIVE, self._running.pop(key)))
            return made

        self._real[3](store, key, noted, site)


def test_all_code_that_makes_a_kept_result_is_in_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = str(POSTED_SITE["mkdocs.yml"]).replace("{check: false}", "{formats: [html, md, akn, docx, pdf]}")
    write_site(tmp_path, {**POSTED_SITE, "mkdocs.yml": config.replace("strict: true\n", "")})
    post(tmp_path, 0, "first", note("agreement, rules, models", "All is new."))
    post(tmp_path, 30, "second", note("rules", "Kinder.", material="false", grounds=LAW), terms__rules_DOT_md=KINDER)
    audit = Audit(monkeypatch)
    monkeypatch.setenv("ENGROSS_PROCESSES", "1")
    monkeypatch.setenv(*next(iter(DAY.items())))
    before = sys.getprofile()
    sys.setprofile(audit.profile)
    try:
        assert build(tmp_path).status == 0
    finally:
        sys.setprofile(before)
    assert len({maker for maker, _ in audit.found}) > 15
    for modules, files in audit.found:
        known = {path.relative_to(PACKAGE).as_posix() for path in _reached(modules)[0]} | GLUE
        ran = {Path(name).relative_to(PACKAGE).as_posix() for name in files if name.startswith(f"{PACKAGE}{os.sep}")}
        assert {one for one in ran - known if not one.startswith("site/")} == set(), modules
