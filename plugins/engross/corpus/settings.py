"""Reads `documents.yml`: its schema, the documents and sets that it describes, and their order of precedence.

The reference in the guide is generated from the descriptions of the fields. `read_settings` reports mistakes against
the schema and against `settings_rules` together. `docs_files` then checks that the files of valid settings exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus.fields import (
    FORBID,
    Contact,
    Days,
    GoverningRow,
    Https,
    Id,
    Language,
    Rank,
    Text,
    derived_address,
    json_schema,
    written_schema,
)
from engross.corpus.settings_rules import (
    check_authority,
    check_baseline,
    check_documents,
    check_exceptions,
    check_grounds,
    check_sets,
    check_timezone,
)
from engross.corpus.translation_rules import check_translations
from engross.corpus.yaml import YamlFile, read, require
from engross.model import DocumentEntry, DocumentKind, Ground, SetEntry, Source


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class DocumentRow:
    """One document."""

    id: Id = Field(
        description="The permanent id of the document: never change it or give it to another document.",
        examples=["agreement"],
    )
    title: Text = Field(description="The title by which other documents refer to it.", examples=["Terms of Service"])
    kind: DocumentKind = Field(
        description="Its role in the set. agreement: the contract itself. url-terms: terms that the agreement "
        "incorporates by their address. policy: rules of conduct, whether incorporated or not. catalogue: structured "
        "facts in YAML. notice-only: a document published elsewhere; only its changes are posted here.",
        examples=["agreement"],
    )
    file: Text | None = Field(
        default=None,
        description="Its source, relative to the docs folder: Markdown (.md, .markdown), or YAML (.yml, .yaml) for a "
        "catalogue. Required unless the kind is notice-only.",
        examples=["agreement.md"],
    )
    published: Text | None = Field(
        default=None,
        description="Its address on the site, relative and ending in a slash; by default the one that MkDocs derives "
        "from the file. Required for a notice-only document, where it may be an https address elsewhere.",
        examples=["agreement/"],
    )
    changes: Text | None = Field(
        default=None,
        description="The page for its posted changes, relative to the docs folder (.md).",
        examples=["changes.md"],
    )
    numbering: StrictBool = Field(
        default=False, description="Whether to generate numbers for its clauses.", examples=[True]
    )
    description: Text | None = Field(
        default=None,
        description="The subject of the document in a sentence or two.",
        examples=["The contract with every customer."],
    )
    policy: Text | None = Field(
        default=None,
        description="How its changes are posted, and who promises that; shown with its changes.",
        examples=["Provider announces each change 30 days ahead."],
    )
    grounds: tuple[Text, ...] = Field(
        default=(),
        description="The ids of the only grounds on which it may change; each change names at least one.",
        examples=[["law"]],
    )
    notice_days: Days | None = Field(
        default=None,
        description="The minimum number of days between posting a material change and its effect.",
        examples=[30],
    )
    text_required: StrictBool = Field(
        default=False,
        description="Whether a change note must contain, under `text`, the hash of the approved text.",
        examples=[True],
    )
    language: Language | None = Field(
        default=None,
        description="Its language, as a tag such as de or de-CH. `language` in the front matter comes first. By "
        "default the language is recognized by the words of the text.",
        examples=["de"],
    )
    translation_of: Text | None = Field(
        default=None,
        description="The document that this is in another language. Both need a `language` and are posted together.",
        examples=["agreement"],
    )
    governing: GoverningRow | None = Field(
        default=None,
        description="Which of its languages governs. Leave it out unless a clause says so; not for a translation.",
        examples=[{"language": "de", "clause": "Languages"}],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ConditionRow:
    """One of several conditions that must all be met."""

    id: Id = Field(description="The condition's id in change notes.", examples=["necessary"])
    text: Text = Field(description="The condition that must be met.", examples=["The change is necessary to comply."])


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class GroundRow:
    """A ground on which otherwise unchangeable documents may change."""

    id: Id = Field(description="The ground's id in change notes.", examples=["law"])
    title: Text = Field(description="The ground's title in posted changes.", examples=["A change of law"])
    cites: Literal["law", "clause"] | None = Field(
        default=None, description="What a change note must cite for this ground: a law or a clause.", examples=["law"]
    )
    conditions: tuple[ConditionRow, ...] = Field(
        default=(), description="Conditions that must all be met; a change note has a sentence for each."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class SetRow:
    """One set: an agreement, the documents it incorporates, and their order of precedence."""

    id: Id = Field(description="The permanent id of the set.", examples=["terms"])
    title: Text = Field(description="The set's title on the site.", examples=["Terms of Service"])
    agreement: Text = Field(
        description="The id of its agreement, a document of kind agreement.", examples=["agreement"]
    )
    incorporates: tuple[Text, ...] = Field(
        default=(),
        description="The ids of the documents that the agreement incorporates.",
        examples=[["acceptable-use"]],
    )
    precedence: tuple[Rank, ...] = Field(
        default=(),
        description="The order of precedence if documents conflict, from high to low: ids of documents of the set; a "
        "nested list contains documents of equal rank.",
        examples=[["agreement", ["acceptable-use", "price-list"]]],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ExceptionRow:
    """One or more findings of `engross check` that are allowed."""

    rule: Text = Field(description="The name of the rule.", examples=["undefined-term"])
    document: Text = Field(description="The id of the document with the finding.", examples=["agreement"])
    clause: Text | None = Field(
        default=None,
        description="The clause with the finding, by its label or its anchor; by default any clause.",
        examples=["Fees, paragraph 2"],
    )
    text: Text | None = Field(
        default=None,
        description="The words that the finding is about, such as the undefined term; by default any.",
        examples=["Order Form"],
    )
    because: Text = Field(description="The reason why it is allowed.", examples=["The order form defines it."])


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class TermsRow:
    """Which defined terms become links."""

    link: tuple[Text, ...] = Field(
        default=(),
        description=(
            "Names to link that are not linked by default: pronouns (You), MUST, and single words without a capital."
        ),
        examples=[["You"]],
    )
    unlink: tuple[Text, ...] = Field(
        default=(), description="Names not to link that are linked by default.", examples=[["Party"]]
    )
    compounds: StrictBool = Field(
        default=False, description="Whether to link a term after a hyphen, as in Non-Customer Data.", examples=[True]
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublisherRow:
    """Who publishes the documents, shown below each."""

    name: Text = Field(description="The name of the legal entity.", examples=["Example Ltd"])
    address: Text | None = Field(default=None, description="Its address.", examples=["1 Example Street, Dublin"])
    contact: Contact | None = Field(
        default=None,
        description="Where to ask questions: an address that begins with https:// or mailto:.",
        examples=["mailto:legal@example.com"],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class SettingsFile:
    """The documents a site publishes and the sets they form."""

    timezone: Text = Field(
        default="UTC",
        description="The time zone in which days begin and end, by its IANA name.",
        examples=["Europe/Berlin"],
    )
    notice: Text | None = Field(
        default=None,
        description="A notice on every document's page outside the contract text, such as that it is not an original.",
        examples=["The signed copy prevails."],
    )
    authority: Text | None = Field(
        default=None,
        description="The naming authority in the ids of feed entries (tag URIs, RFC 4151): a host name, a comma, and a "
        "day on which the site owned that host, such as terms.example.com,2026. Never change it.",
        examples=["terms.example.com,2026"],
    )
    email_list: Https | None = Field(
        default=None,
        description="The address at which readers join the provider's e-mail list about changes; pages link to it.",
        examples=["https://example.com/subscribe"],
    )
    publish_reference: StrictBool = Field(
        default=True,
        description="Whether pages and feeds show the `reference` of change notes, such as the address of a ticket. It "
        "is sealed in either case.",
        examples=[False],
    )
    grounds: tuple[GroundRow, ...] = Field(
        default=(), description="The grounds on which some documents may change; each document names its own."
    )
    sets: tuple[SetRow, ...] = Field(min_length=1, description="The sets, in the order in which the site shows them.")
    documents: tuple[DocumentRow, ...] = Field(
        min_length=1, description="The documents, in the order in which the site shows them."
    )
    exceptions: tuple[ExceptionRow, ...] = Field(
        default=(), description="Findings of `engross check` that are allowed, each with the reason."
    )
    baseline: Text | None = Field(
        default=None,
        description="The file, relative to the docs folder, with the findings of `engross check` that were in the "
        "texts when they were adopted (.json). `engross check --write-baseline` writes it; it is not published.",
        examples=["baseline.json"],
    )
    terms: TermsRow | None = Field(default=None, description="Which defined terms become links.")
    publisher: PublisherRow | None = Field(default=None, description="Who publishes the documents.")
    synonyms: tuple[Annotated[tuple[Text, ...], Field(min_length=2)], ...] = Field(
        default=(),
        description="Words that mean the same to readers of this site: a search for one also finds the others. The "
        "usual words of contracts (SLA and service levels, terminate and cancel) are known.",
        examples=[[["GPU hours", "compute time"]]],
    )


_FILE = TypeAdapter(SettingsFile)


@dataclass(frozen=True, slots=True)
class Allowed:
    """An allowed finding of `engross check`: its rule and document and, if limited to these, its clause (label or
    anchor) and words. `place` is the line and column of the exception in `documents.yml`.
    """

    rule: str
    document: str
    because: str
    clause: str = ""
    text: str = ""
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of `documents.yml`; `file` knows the position of each value."""

    timezone: str
    sets: tuple[SetEntry, ...]
    documents: tuple[DocumentEntry, ...]
    file: YamlFile = field(repr=False, compare=False)
    notice: str = ""
    exceptions: tuple[Allowed, ...] = ()
    terms: TermsRow = field(default_factory=TermsRow)
    grounds: tuple[Ground, ...] = ()
    authority: str = ""
    baseline: str = ""
    publish_reference: bool = True
    synonyms: tuple[tuple[str, ...], ...] = ()
    publisher: PublisherRow | None = None
    email_list: str = ""

    @property
    def first_note_command(self) -> str:
        """The command that writes the first note, which names every set and every document with a text."""
        sets = "".join(f" --set {entry.id}" for entry in self.sets)
        documents = "".join(f" --document {entry.id}" for entry in self.documents if entry.file)
        return (
            f"engross change new{sets}{documents} --class substantive --material --effective immediately "
            '--approved-by "NAME" --summary "The first version."'
        )

    def document(self, id: str) -> DocumentEntry:
        """Return the document with that id; raise KeyError if there is none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise KeyError(id)

    def set(self, id: str) -> SetEntry:
        """Return the set with that id; raise KeyError if there is none."""
        for entry in self.sets:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def sets_with(self, document: str) -> tuple[SetEntry, ...]:
        """Return the sets that contain the document with that id, as their agreement or incorporated."""
        return tuple(entry for entry in self.sets if document in entry.documents)


def read_settings(source: Source) -> Settings:
    """Read the settings in a `documents.yml`. Raises EngrossError with all mistakes in it."""
    reading = read(source, _FILE)
    findings = list(reading.findings)
    if reading.file:
        findings += check_timezone(reading.file)
        findings += check_documents(reading.file)
        findings += check_sets(reading.file)
        findings += check_exceptions(reading.file)
        findings += check_grounds(reading.file)
        findings += check_authority(reading.file)
        findings += check_baseline(reading.file)
        findings += check_translations(reading.file)
    file, rows = require(reading, findings)
    sets = tuple(_set(file, index, row) for index, row in enumerate(rows.sets))
    documents = tuple(_document(file, index, row) for index, row in enumerate(rows.documents))
    exceptions = tuple(_allowed(file, index, row) for index, row in enumerate(rows.exceptions))
    terms = rows.terms or TermsRow()
    grounds = tuple(map(_ground, rows.grounds))
    authority = rows.authority or ""
    return Settings(
        rows.timezone, sets, documents, file, rows.notice or "", exceptions, terms, grounds, authority,
        rows.baseline or "", rows.publish_reference, rows.synonyms, rows.publisher, rows.email_list or "",
    )  # fmt: skip


def documents_schema(*, written: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of `documents.yml`; with `written`, the form for editors."""
    return (written_schema if written else json_schema)(_FILE, "documents.yml")


def _set(file: YamlFile, index: int, row: SetRow) -> SetEntry:
    line = file.place(("sets", index))[0]
    return SetEntry(row.id, row.title, row.agreement, row.incorporates, row.precedence, line)


def _allowed(file: YamlFile, index: int, row: ExceptionRow) -> Allowed:
    place = file.place(("exceptions", index))
    return Allowed(row.rule, row.document, row.because, row.clause or "", row.text or "", place)


def _ground(row: GroundRow) -> Ground:
    return Ground(row.id, row.title, row.cites or "", tuple((one.id, one.text) for one in row.conditions))


def _document(file: YamlFile, index: int, row: DocumentRow) -> DocumentEntry:
    return DocumentEntry(
        id=row.id,
        title=row.title,
        kind=row.kind,
        file=row.file or "",
        published=row.published or derived_address(row.file or ""),
        changes=row.changes or "",
        numbering=row.numbering,
        description=row.description or "",
        line=file.place(("documents", index))[0],
        grounds=row.grounds,
        policy=row.policy or "",
        notice_days=row.notice_days or 0,
        text_required=row.text_required,
        language=row.language or "",
        translation_of=row.translation_of or "",
        governing=(row.governing.language, row.governing.clause) if row.governing else None,
    )
