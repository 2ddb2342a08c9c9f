"""A build parses each change note and list of models once, and asks once for a document's state."""

from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from building import DAY, build
from test_model_news import COMING, write_news

from engross.corpus import read_catalogue
from engross.record import summary_tree
from engross.record.notes.reader import _read_head, posted_note
from texts_once import forget_texts

pytestmark = pytest.mark.slow

COUNTED: tuple[tuple[str, str, Callable[..., str]], ...] = (
    ("engross.text.parser", "block_tokens", lambda _text, path, *_: path),
    ("engross.corpus.yaml_nodes", "compose", lambda source: source.path),
    ("engross.site.editions", "document_state", lambda _record, document, *_: document),
)


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """How often a build parsed each text, as Markdown and as YAML, and asked for the state of each document."""
    folder = tmp_path_factory.mktemp("once")
    write_news(folder)
    pending = (folder / "docs/changes/coming.md").read_text("utf-8")
    (folder / "docs/changes/pending.md").write_text(pending, encoding="utf-8")
    (folder / "docs/models.yml").write_text(COMING.replace("Large 1", "Large 1.1"), encoding="utf-8")
    config = folder / "mkdocs.yml"
    # What is pending has drafting warnings, on which a strict build fails.
    settings = config.read_text("utf-8").replace("check: false", "check: true").replace("strict: true\n", "")
    config.write_text(settings, encoding="utf-8")
    found = {name: Counter[str]() for _, name, _ in COUNTED}
    forget_texts()
    for one in (read_catalogue, summary_tree, _read_head, posted_note):
        one.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        for module, name, key in COUNTED:
            patch.setattr(import_module(module), name, counted(getattr(import_module(module), name), key, found[name]))
        built = build(folder)
    assert built.status == 0, built.messages
    return found


def counted(call: Callable[..., Any], key: Callable[..., str], counter: Counter[str]) -> Callable[..., Any]:
    def count(*given: Any) -> Any:
        counter[key(*given)] += 1
        return call(*given)

    return count


def test_a_change_note_is_parsed_once(counts: dict[str, Counter[str]]) -> None:
    """Those of the record not at all, if they were kept when it was last verified."""
    for found in (counts["block_tokens"], counts["compose"]):
        notes = {Path(path).stem: times for path, times in found.items() if "/changes/" in path}
        assert set(notes) in ({"pending"}, {"first", "licence", "prices", "right", "priced", "coming", "pending"})
        assert set(notes.values()) == {1}


def test_a_list_of_models_is_parsed_once(counts: dict[str, Counter[str]]) -> None:
    lists = {path: times for path, times in counts["compose"].items() if "models" in path}
    assert len(lists) == 5
    assert set(lists.values()) == {1}


def test_the_state_of_a_document_is_asked_once(counts: dict[str, Counter[str]]) -> None:
    assert counts["document_state"] == dict.fromkeys(("agreement", "rules", "models", "pricing"), 1)
