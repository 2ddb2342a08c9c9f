"""The schema of `documents.yml`. The reference in the manual is generated from the descriptions of the fields."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus.fields import FORBID, Contact, Days, Https, Id, Language, Text, Texts
from engross.corpus.notice_settings import NoticeRow
from engross.corpus.register_settings import Register
from engross.corpus.requirement_settings import AgentRow, ChecklistValue, VerbatimValue
from engross.model import DocumentKind


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class GoverningRow:
    """Which language of a document governs if its languages differ, and the clause that says so."""

    language: Language = Field(description="The language that governs.", examples=["de"])
    clause: Text = Field(
        description="The clause of this document that says so, by its label or its anchor.", examples=["Languages"]
    )


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
        "incorporates by their address. policy: rules of conduct, whether incorporated or not. dmca: the page for "
        "notices of copyright infringement, with its `agent`. register: rows in YAML, such as sub-processors. "
        "catalogue: a register of models. notice-only: a document published elsewhere; only its changes are posted "
        "here.",
        examples=["agreement"],
    )
    file: Text | None = Field(
        default=None,
        description="Its source, relative to the docs folder: Markdown (.md, .markdown), or YAML (.yml, .yaml) for a "
        "register. Required unless the kind is notice-only.",
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
    notice: NoticeRow | None = Field(
        default=None,
        description="The notice that is promised of material changes, and how its days are counted.",
        examples=[{"count": 30, "unit": "business", "calendar": "IE"}],
    )
    delivery: Literal["active"] | None = Field(
        default=None,
        description="active: customers receive a message about each change, and the days of `notice` count from its "
        "delivery unless a rule has `from: posted`.",
        examples=["active"],
    )
    notice_days: Days | None = Field(
        default=None,
        description="The minimum number of days between posting a material change and its effect, as periods of 24 "
        "hours from the instant of posting. `notice` says more exactly how days are counted.",
        examples=[30],
    )
    register: Register | None = Field(
        default=None,
        description="For kind register: the name of a built-in register, or columns declared here.",
        examples=["subprocessors"],
    )
    text_required: StrictBool = Field(
        default=False,
        description="Whether a change note must contain, under `text`, the hash of the approved text.",
        examples=[True],
    )
    language: Language | None = Field(
        default=None,
        description="The language it is written in, as a tag such as de or de-CH. `language` in the front matter of "
        "the text comes first. By default the language is recognized by the words of the text.",
        examples=["de"],
    )
    translation_of: Text | None = Field(
        default=None,
        description="The id of the document that this one is in another language. Both must have a `language`. Their "
        "versions are posted together.",
        examples=["agreement"],
    )
    governing: GoverningRow | None = Field(
        default=None,
        description="Which of its languages governs. Leave it out unless a clause says so; not for a translation.",
        examples=[{"language": "de", "clause": "Languages"}],
    )
    checklist: ChecklistValue = Field(
        default_factory=dict,
        description="The checklist that it must meet, and for each item the clause that covers it, by its anchor or "
        "label: an anchor of this document, document#anchor for another document of its set, a list of them, or "
        "`not_applicable_because` with the reason. Write only the name at first: `engross check` prints the lines to "
        "add.",
        examples=["gdpr-28-3", {"gdpr-28-3": {"a": "instructions", "c": ["security", "measures#encryption"]}}],
    )
    verbatim: VerbatimValue = Field(
        default=(),
        description="Text that must stay letter for letter, such as standard contractual clauses: the hash of the "
        "whole document, or one or several parts of it.",
        examples=[{"clause": "standard-contractual-clauses", "free": ["annex-i"]}],
    )
    agent: AgentRow | None = Field(
        default=None, description="The designated agent; required for the kind dmca, and only for it."
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
    consumer: StrictBool = Field(
        default=False,
        description="Whether its customers are consumers. A material change then needs time before it applies, or "
        "the legal reason why it has none (`at_once_because`), and its note says what a customer who disagrees can do "
        "(`if_you_disagree`).",
        examples=[True],
    )
    precedence: tuple[Texts, ...] = Field(
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
            "Names to link that are not linked by default: pronouns (You), MUST, and single words without a capital, "
            "unless they are nouns that mostly follow “the” (the licensor)."
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
