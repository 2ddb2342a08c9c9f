"""The schema of `documents.yml`: each option is documented where it is declared, and the reference is made from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool
from pydantic.dataclasses import dataclass

from engross.corpus.fields import FORBID, Days, Id, Text
from engross.model import DocumentKind


def _rank(value: object) -> object:
    """One id is a rank of its own."""
    return value if isinstance(value, tuple | dict) else (value,)


Rank = Annotated[tuple[Text, ...], BeforeValidator(_rank, json_schema_input_type=Text | tuple[Text, ...])]


@dataclass(frozen=True, kw_only=True, config=FORBID)
class DocumentRow:
    """One document."""

    id: Id = Field(description="Names the document for good: it is never changed and never given to another.")
    title: Text = Field(description="What the document is called, as other documents refer to it.")
    kind: DocumentKind = Field(
        description="What it is to its set. agreement: the contract itself. url-terms: terms that the agreement "
        "incorporates by their address. policy: rules of conduct, whether incorporated or not. catalogue: structured "
        "facts in YAML. notice-only: published elsewhere; only its changes are posted here."
    )
    file: Text | None = Field(
        default=None,
        description="Its source, relative to the docs folder: Markdown (.md, .markdown), or YAML (.yml, .yaml) for a "
        "catalogue. Required unless the kind is notice-only.",
    )
    published: Text | None = Field(
        default=None,
        description="Its address on the site, relative and ending in a slash; by default the one that MkDocs derives "
        "from the file. A notice-only document must have one, which may be an https address elsewhere.",
    )
    changes: Text | None = Field(
        default=None, description="The page on which its changes are posted, relative to the docs folder (.md)."
    )
    numbering: StrictBool = Field(default=False, description="Whether numbers are generated for its clauses.")
    description: Text | None = Field(default=None, description="What the document is about, in a sentence or two.")
    policy: Text | None = Field(
        default=None, description="How its changes are posted, and who promises that; shown with its changes."
    )
    grounds: tuple[Text, ...] = Field(
        default=(), description="The ids of the grounds on which alone it changes; each change rests on one or more."
    )
    notice_days: Days | None = Field(
        default=None, description="How many days before it takes effect a material change is posted, at least."
    )
    text_required: StrictBool = Field(
        default=False,
        description="Whether a change note must name, under `text`, the hash of the text that was approved.",
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
class ConditionRow:
    """One of several conditions that must all be met."""

    id: Id = Field(description="Names the condition in change notes.")
    text: Text = Field(description="What must be the case.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class GroundRow:
    """A ground on which documents may change that do not change otherwise."""

    id: Id = Field(description="Names the ground in change notes.")
    title: Text = Field(description="What the ground is called where changes are posted.")
    cites: Literal["law", "clause"] | None = Field(
        default=None, description="What a change note must cite for it: a law, or a clause."
    )
    conditions: tuple[ConditionRow, ...] = Field(
        default=(), description="What must all be met; a change note has a sentence for each."
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
class SetRow:
    """One set: an agreement, the documents it incorporates, and their order of precedence."""

    id: Id = Field(description="Names the set for good.")
    title: Text = Field(description="What the set is called on the site.")
    agreement: Text = Field(description="The id of its agreement, a document of kind agreement.")
    incorporates: tuple[Text, ...] = Field(
        default=(), description="The ids of the documents that the agreement incorporates."
    )
    precedence: tuple[Rank, ...] = Field(
        default=(),
        description="What prevails where documents conflict, from high to low: ids of documents of the set; a list "
        "holds documents of equal rank.",
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
class ExceptionRow:
    """One finding of `engross check`, or several alike, that is allowed."""

    rule: Text = Field(description="The name of the rule that is broken.")
    document: Text = Field(description="The id of the document in which it may be.")
    clause: Text | None = Field(
        default=None, description="The clause in which it may be, by its label or its anchor; by default any."
    )
    text: Text | None = Field(
        default=None, description="The words that the finding is about, such as the undefined term; by default any."
    )
    because: Text = Field(description="Why it is allowed, for whoever asks next.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class TermsRow:
    """Which defined terms link where they are used."""

    link: tuple[Text, ...] = Field(
        default=(),
        description="Names that link although by default they do not: pronouns (You) and names without a capital.",
    )
    unlink: tuple[Text, ...] = Field(default=(), description="Names that do not link although by default they do.")
    compounds: StrictBool = Field(
        default=False, description="Whether a term links after a hyphen, as in Non-Customer Data."
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
class SettingsFile:
    """The documents a site publishes and the sets they form."""

    timezone: Text = Field(default="UTC", description="The time zone whose days count, by its IANA name.")
    notice: Text | None = Field(
        default=None,
        description="What every document's page says outside the contract text, such as that it is no original.",
    )
    authority: Text | None = Field(
        default=None,
        description="Who names the entries of feeds, as a tag URI has it (RFC 4151): a host name, a comma, and a day "
        "on which that host was the site's, such as terms.example.com,2026. It never changes.",
    )
    grounds: tuple[GroundRow, ...] = Field(
        default=(), description="The grounds on which alone some documents change; a document names its own."
    )
    sets: tuple[SetRow, ...] = Field(min_length=1, description="The sets, in the order in which they are shown.")
    documents: tuple[DocumentRow, ...] = Field(
        min_length=1, description="The documents, in the order in which they are shown."
    )
    exceptions: tuple[ExceptionRow, ...] = Field(
        default=(), description="What `engross check` finds and is allowed to be, each with the reason."
    )
    terms: TermsRow | None = Field(default=None, description="Which defined terms link where they are used.")
