"""Material's search plugin reads no page that it neither indexes nor changes."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from material.plugins.search.plugin import SearchPlugin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import PluginCollection

from engross.site.search_index import search_ordinary_pages_only


@pytest.mark.parametrize(
    ("search", "content", "is_read"),
    [
        ({"exclude": True}, "<p data-search-exclude>Text</p>", False),
        ({"exclude": True}, '<p data-search-pragma="x">Text</p>', True),
        ({}, "<p>Text</p>", True),
        (None, "<p>Text</p>", True),
    ],
)
def test_only_pages_that_it_indexes_or_changes_are_read(
    search: object, content: str, is_read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr(SearchPlugin, "on_page_context", lambda self, context, *, page, config, nav: read.append(page))
    plugins, other = PluginCollection(), SimpleNamespace(on_page_context=lambda context, **_: None)
    plugins["material/search"] = SearchPlugin()
    cast("Any", plugins)["other"] = other
    config = cast("MkDocsConfig", SimpleNamespace(plugins=plugins))
    for _ in range(2):  # a served site asks for each build
        search_ordinary_pages_only(config)
    assert plugins.events["page_context"][1] is other.on_page_context
    page = SimpleNamespace(meta={"search": search}, content=content)
    plugins.run_event("page_context", {}, page=page, config=config, nav=None)
    assert read == ([page] if is_read else [])
