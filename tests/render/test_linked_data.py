"""Facts about versions as JSON-LD."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engross.corpus.ui_text import ui_strings
from engross.model import ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, NoteRef, Sealed, Version
from engross.record.history import Record
from engross.render.archive.frame import Site
from engross.render.archive.linked_data import linked_data
from engross.render.templates import environment

POSTED, EFFECTIVE = datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC)
RULES = DocumentEntry(
    "rules", "Rules & </script>", DocumentKind.POLICY, "rules.md", "rules/", description="How to act."
)
SITE = Site(
    environment(), ui_strings("en"), "en", "Site", ZoneInfo("Europe/Copenhagen"), "style.css",
    url="https://example.com/", current={"rules": "rules/"},
)  # fmt: skip


def version_of(entry: DocumentEntry, **facts: object) -> Version:
    post = Entry(
        1, EntryKind.POST, POSTED, entry.id, "0" * 64, "1" * 64, 1, EFFECTIVE,
        Sealed("2" * 64, "3" * 64, "4" * 64), entry=entry, change_class=ChangeClass.SUBSTANTIVE,
        notes=(NoteRef("first", "5" * 64),),
    )  # fmt: skip
    return replace(Record(Path("record"), "record", (post,)).versions[entry.id][0], **facts)  # type: ignore[arg-type]


def test_a_version_states_its_number_and_its_dates() -> None:
    made = linked_data(version_of(RULES), RULES, None, SITE, "rules/versions/1/")
    assert "<" not in made
    assert json.loads(made) == {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": "Rules & </script>",
        "description": "How to act.",
        "identifier": "rules@1",
        "version": "1",
        "inLanguage": "en",
        "datePublished": "2026-01-01T09:00:00Z",
        "temporalCoverage": "2026-01-31T23:00:00Z/..",
        "legislationType": "Policy",
        # The day in the time zone of the site.
        "legislationDateVersion": "2026-02-01",
        "url": "https://example.com/rules/versions/1/",
        "exampleOfWork": "https://example.com/rules/",
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": "https://example.com/rules/versions/1.md",
                "encodingFormat": "text/markdown",
                "sha256": "2" * 64,
            }
        ],
    }


def test_the_page_of_a_document_leads_to_its_version_and_states_its_end() -> None:
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    made = json.loads(linked_data(version_of(RULES), RULES, ends, SITE, "rules/"))
    assert made["url"] == "https://example.com/rules/"
    assert made["workExample"] == "https://example.com/rules/versions/1/"
    assert made["temporalCoverage"] == "2026-01-31T23:00:00Z/2027-01-01T00:00:00Z"
    assert "exampleOfWork" not in made


def test_a_model_list_is_a_data_set() -> None:
    models = replace(RULES, id="models", kind=DocumentKind.CATALOGUE, file="models.yml", published="models/")
    files = [("models/models.json", "application/json")]
    made = json.loads(linked_data(version_of(models), models, None, SITE, "models/", files))
    assert made["@type"] == "Dataset"
    assert not [name for name in made if name.startswith("legislation")]
    assert [(one["@type"], one["contentUrl"], one["encodingFormat"]) for one in made["distribution"]] == [
        ("DataDownload", "https://example.com/models/models.json", "application/json"),
        ("DataDownload", "https://example.com/models/versions/1.yml", "application/yaml"),
    ]


def test_what_never_applied_or_is_not_known_is_not_stated() -> None:
    end = Entry(2, EntryKind.WITHDRAW, POSTED, "rules", "1" * 64, "6" * 64, 1, POSTED)
    made = json.loads(linked_data(version_of(RULES, withdrawal=end), RULES, None, replace(SITE, url=""), "rules/"))
    assert not {"temporalCoverage", "url", "encoding", "exampleOfWork"} & set(made)
