"""The schema of a change note's front matter: each key is documented where it is declared."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StrictBool, WithJsonSchema
from pydantic.dataclasses import dataclass as pydantic_dataclass

import engross.common.lazy_re as re
from engross.common import quoted, shown
from engross.corpus import FORBID, Days, Id, Text, Unclear, mistake
from engross.model import ChangeClass

IMMEDIATELY = "immediately"
MOST_OF_TITLE = 80
"""The most characters of a change's title."""
_VERSION = re.compile(r"[a-z0-9][a-z0-9-]*@[1-9][0-9]*")
_HASH = re.compile(r"[0-9a-f]{12,64}")


def _written(value: object) -> object:
    """An instant's text. YAML readers differ on such values, but here the meaning is clear."""
    if isinstance(value, date):
        return value.isoformat()
    return value.text if isinstance(value, Unclear) else value


def _check_version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise mistake(f"a version is written as its document, @ and its number (agreement@3), not {shown(value)}")
    return value


def _check_hash(value: str) -> str:
    if not _HASH.fullmatch(value):
        fix = quoted(value.lower()) if _HASH.fullmatch(value.lower()) else ""
        raise mistake(f"write the first 12 characters of a text hash, not {shown(value)}", fix)
    return value


def _listed(value: object) -> object:
    """Convert a single value to a list of one."""
    return value if isinstance(value, tuple | dict) or value is None else (value,)


VersionText = Annotated[
    Text, AfterValidator(_check_version), WithJsonSchema({"type": "string", "pattern": f"^{_VERSION.pattern}$"})
]
HashText = Annotated[
    Text, AfterValidator(_check_hash), WithJsonSchema({"type": "string", "pattern": f"^{_HASH.pattern}$"})
]
InstantText = Annotated[Text, BeforeValidator(_written, json_schema_input_type=Text)]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class GroundGivenRow:
    """A ground on which the change rests."""

    ground: Id = Field(description="The id of the ground in documents.yml.", examples=["law"])
    cites: Text | None = Field(
        default=None, description="The law or the clause that it cites.", examples=["Regulation (EU) 2022/2065"]
    )
    conditions: dict[Text, Text] = Field(
        default_factory=dict,
        description="For each condition of the ground, a sentence that explains how it is met.",
        examples=[{"necessary": "The law requires the new wording."}],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class NoteFile:
    """The front matter of a change note."""

    title: Annotated[Text, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_OF_TITLE})] | None = (
        Field(
            default=None,
            description="What changes, in at most 80 characters: pages, feeds and lists of versions name the change by "
            "it. Required until the note is posted; older notes without a title have the first sentence of the "
            "summary.",
            examples=["Fees may rise once a year"],
        )
    )

    documents: Annotated[tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])] = Field(
        default=(),
        description="The ids of the documents that it changes; required unless it names sets.",
        examples=["agreement", ["agreement", "acceptable-use"]],
    )
    sets: Annotated[tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])] = Field(
        default=(),
        description="The ids of the sets that it changes: what a set incorporates, or its order of precedence.",
        examples=["terms"],
    )
    change_class: ChangeClass = Field(
        alias="class",
        description="format: only what no reader can notice. editorial: words, not meaning. substantive: meaning.",
        examples=["substantive"],
    )
    material: StrictBool | None = Field(
        default=None, description="Whether the change is material; required for a substantive change.", examples=[True]
    )
    effective: InstantText | None = Field(
        default=None,
        description="From when it applies: immediately, a day (which begins at midnight in the site's time zone), or "
        "an instant (2026-01-31T09:00Z). Required, unless the notice of the change counts from delivery "
        "(`from: delivered` in documents.yml): then it is absent, and `engross receipt` fixes the instant.",
        examples=["2026-01-31", "immediately", "2026-01-31T09:00Z"],
    )
    approved_by: Text = Field(description="Who approved it, as a role: General Counsel.", examples=["General Counsel"])
    grounds: tuple[GroundGivenRow, ...] = Field(
        default=(), description="The grounds it rests on, if the document changes only on certain grounds."
    )
    text: dict[Id, HashText] = Field(
        default_factory=dict,
        description="By document, the first 12 characters of the hash of the text that was approved.",
        examples=[{"agreement": "0123456789ab"}],
    )
    withdraws: Annotated[
        tuple[VersionText, ...], BeforeValidator(_listed, json_schema_input_type=VersionText | tuple[VersionText, ...])
    ] = Field(default=(), description="Versions that it withdraws, such as agreement@5.", examples=["agreement@5"])
    restores: VersionText | None = Field(
        default=None,
        description="The version whose text it posts again, such as agreement@3.",
        examples=["agreement@3"],
    )
    corrects: Annotated[int, Strict(), Field(gt=0)] | None = Field(
        default=None, description="The number of the ledger entry that it corrects.", examples=[12]
    )
    emergency: Text | None = Field(
        default=None,
        description="Why it cannot wait until drafting warnings are fixed; they are suppressed for its documents.",
        examples=["A court order takes effect today."],
    )
    editorial_because: Text | None = Field(
        default=None,
        description="Why a change is editorial although it changes a number, a negation, a modal verb, a defined term "
        "or a clause: one sentence, which is published with the change.",
        examples=["The number of the section was wrong."],
    )
    not_material_because: Text | None = Field(
        default=None,
        description="Why a change of settings in documents.yml (sets, kind, policy, grounds, notice) is not material; "
        "required with `material: false`, and published.",
        examples=["Only the title of the set changes."],
    )
    notice_days: Days | None = Field(
        default=None,
        description="The least number of days between posting and effect, if more than usual.",
        examples=[60],
    )
    reference: Text | None = Field(
        default=None,
        description="Where it is discussed: a ticket, a pull request. It is shown with the change unless "
        "documents.yml has `publish_reference: false`.",
        examples=["LEGAL-123"],
    )
    reuses: Annotated[tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...])] = (
        Field(
            default=(),
            description="The enumerators that get another meaning on purpose: agreement#restrictions.c.",
            examples=["agreement#restrictions.c"],
        )
    )
    anchors: dict[Text, str] = Field(
        default_factory=dict,
        description="Where the anchors of removed headings and definitions lead: to another anchor (agreement#old: "
        "agreement#new), to the beginning of a document (agreement#old: agreement), or nowhere (an empty text): the "
        "page then says that the clause was removed, and links to all versions. "
        '"agreement#*" stands for all that have no line of their own.',
        examples=[{"agreement#old": "agreement#new", "agreement#*": "agreement"}],
    )
    replaced_by: dict[Id, Id] = Field(
        default_factory=dict,
        description="For a document that is no longer published, the document that replaces it. Its old page leads "
        "there.",
        examples=[{"previews": "service-terms"}],
    )
    own_text: Annotated[tuple[Id, ...], BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])] = Field(
        default=(),
        description="The documents whose text is beside the note, as <note>.<document>.md (or .yml), and is posted "
        "before the text in the docs: a fix while a change is announced.",
        examples=["agreement"],
    )
    continues: Id | None = Field(
        default=None,
        description="The name of the posted note whose withdrawn announcement this note continues.",
        examples=["2026-01-fees"],
    )
    notice_kept_because: Text | None = Field(
        default=None,
        description="Why the notice still counts from the first announcement although what it relies on has changed.",
        examples=["Only a typing error was corrected."],
    )
    sooner_because: Text | None = Field(
        default=None,
        description="Why words that were announced for a later day apply from this day.",
        examples=["A court order requires it."],
    )
    at_once_because: Text | None = Field(
        default=None,
        description="The legal reason why a material change applies to consumers at once; it is published.",
        examples=["A court order binds us from today."],
    )
    if_you_disagree: Text | None = Field(
        default=None,
        description="What a customer who disagrees with a material change can do, and until when; required where the "
        "customers of a set are consumers (`consumer: true` in documents.yml), and published.",
        examples=["You can end the agreement free of charge until 30 June."],
    )
    one_language_because: Text | None = Field(
        default=None,
        description="Why the change is made in one language of a document only; it is published with the change.",
        examples=["Only a spelling mistake of the German text is corrected."],
    )
