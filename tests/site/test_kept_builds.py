"""A build with a cache gives the same bytes and messages as one without, whatever was edited since the last."""

import shutil
from pathlib import Path

import pytest
from building import AGREEMENT, DAY, DOCUMENTS, MKDOCS, RULES, Built, build, write_site

from engross.common.cache import FOLDER

pytestmark = pytest.mark.slow

CHECKED = MKDOCS.replace("{engross: {check: false}}", "engross").replace("strict: true\n", "")
TERMS = """
## Duties

Data is kept for the Term. See Section 2 of the Agreement, and [nothing](missing.md). The the end.
"""
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
