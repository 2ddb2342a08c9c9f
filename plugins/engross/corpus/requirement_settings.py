"""`checklist`, `verbatim` and `agent` in `documents.yml`: their schemas, their rules, and what they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import meant, nearest, shown
from engross.corpus.checklists import Checklist, checklist_names, read_checklist
from engross.corpus.fields import FORBID, Contact, Day, Sha256, Text, Texts, listed
from engross.corpus.yaml import KeyPath, YamlFile
from engross.corpus.yaml_errors import mistake
from engross.model import (
    ChecklistMap,
    Diagnostic,
    DmcaAgent,
    DocumentKind,
    MappedItem,
    Requirements,
    Verbatim,
)

_LEAST_DIGITS = 3
"""The least number of digits of a telephone number."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ItemRow:
    """An item of a checklist: the clauses that cover it, or the reason why it does not apply."""

    clauses: tuple[Text, ...] = Field(
        default=(),
        description="The clauses that cover the item, by anchor or label. `processor.f@2` is the clause with this "
        "anchor in version 2, where an earlier version has the anchor for another clause.",
        examples=[["instructions"]],
    )
    not_applicable_because: Text | None = Field(
        default=None,
        description="Why the item does not apply.",
        examples=["Provider engages no other processor."],
    )


def _clauses(value: object) -> object:
    """Turn a clause, or a list of clauses, into an item."""
    return value if isinstance(value, dict) else {"clauses": listed(value)}


ItemValue = Annotated[ItemRow, BeforeValidator(_clauses, json_schema_input_type=Text | tuple[Text, ...] | ItemRow)]
_Items = dict[str, ItemValue]


def _named(value: object) -> object:
    """Turn a name, or a list of names, into a mapping without items."""
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return {one: {} for one in value}
    return value


ChecklistValue = Annotated[
    dict[str, _Items],
    BeforeValidator(_named, json_schema_input_type=Text | tuple[Text, ...] | dict[str, _Items]),
]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VerbatimRow:
    """Text that must stay letter for letter."""

    clause: Text | None = Field(
        default=None,
        description="The clause, by its anchor or label; by default the whole document.",
        examples=["standard-contractual-clauses"],
    )
    hash: Sha256 | None = Field(
        default=None,
        description="The SHA-256 of its lines. Leave it out at first: `engross check` prints it.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    free: Texts = Field(
        default=(),
        description="The clauses within it that may differ, such as options and annexes, by their anchors or labels.",
        examples=[["docking-clause", "annex-i"]],
    )


def _parts(value: object) -> object:
    """Turn a hash, or one part, into a list of parts."""
    if isinstance(value, str):
        return ({"hash": value},)
    return (value,) if isinstance(value, dict) else value


VerbatimValue = Annotated[
    tuple[VerbatimRow, ...],
    BeforeValidator(_parts, json_schema_input_type=Sha256 | VerbatimRow | tuple[VerbatimRow, ...]),
]


def _check_telephone(value: str) -> str:
    if sum(map(str.isdecimal, value)) < _LEAST_DIGITS:
        raise mistake(f"{shown(value)} is no telephone number; write it such as +1 555 0100")
    return value


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class AgentRow:
    """The designated agent of a document of kind dmca (17 U.S.C. 512(c)(2)). The text must contain these facts."""

    name: Text = Field(description="The agent's name or role.", examples=["Copyright Agent"])
    address: Text = Field(description="The postal address.", examples=["1 Example Street, Springfield, IL 62701"])
    telephone: Annotated[Text, AfterValidator(_check_telephone)] = Field(
        description="The telephone number.", examples=["+1 555 0100"]
    )
    email: Contact = Field(description="The e-mail address, after mailto:.", examples=["mailto:copyright@example.com"])
    registered: Day = Field(
        description="The day of the last registration, renewal or amendment in the Copyright Office's directory. It "
        "ends after three years (37 CFR 201.38(c)(4)).",
        examples=["2026-03-01"],
    )
    repeat_infringers: Text | None = Field(
        default=None,
        description="The clause with the policy on repeat infringers, by its anchor or label; by default it is found "
        "by its words.",
        examples=["repeat-infringers"],
    )


def requirements(
    file: YamlFile,
    path: KeyPath,
    checklists: Mapping[str, _Items],
    verbatim: tuple[VerbatimRow, ...],
    agent: AgentRow | None,
) -> Requirements:
    """Return what the document at a path requires; places are those of the file."""
    at = (*path, "verbatim")
    places = [file.place((*at, index)) for index in range(len(verbatim))]
    parts = tuple(
        Verbatim(row.clause or "", row.hash or "", row.free, place) for row, place in zip(verbatim, places, strict=True)
    )
    maps = tuple(_map(file, (*path, "checklist"), name, items) for name, items in checklists.items())
    return Requirements(maps, parts, _agent(agent, file.place((*path, "agent"))), file.source.path)


def _map(file: YamlFile, at: KeyPath, name: str, items: _Items) -> ChecklistMap:
    mapped = tuple(
        MappedItem(item, row.clauses, row.not_applicable_because or "", file.place((*at, name, item)))
        for item, row in items.items()
    )
    return ChecklistMap(name, mapped, file.key_place((*at, name)) if items else file.place(at))


def _agent(row: AgentRow | None, place: tuple[int, int]) -> DmcaAgent | None:
    if row is None:
        return None
    email = row.email.removeprefix("mailto:")
    policy = row.repeat_infringers or ""
    return DmcaAgent(row.name, row.address, row.telephone, email, row.registered, policy, place)


def check_requirements(file: YamlFile) -> Iterator[Diagnostic]:
    """Check the names of checklists and their items, that documents with text only have these settings, and that
    exactly the documents of kind dmca have an agent.
    """
    for path in file.items(("documents",)):
        kind = file.text((*path, "kind"))
        yield from _check_kind(file, path, kind)
        for name, items in _written_maps(file.value((*path, "checklist"))):
            yield from _check_map(file, (*path, "checklist"), name, items)


def _check_kind(file: YamlFile, path: KeyPath, kind: str) -> Iterator[Diagnostic]:
    without_text = [one for one in DocumentKind if one.has_rows or one is DocumentKind.NOTICE_ONLY]
    for key in ("checklist", "verbatim"):
        if file.node((*path, key)) is not None and kind in without_text:
            yield file.mistake((*path, key), f"a document of kind {kind} has no text to check; remove this")
    has_agent = file.node((*path, "agent")) is not None
    if kind == DocumentKind.DMCA and not has_agent:
        lines = "\n".join(f"      {line}" for line in _AGENT)
        message = "is missing; a document of kind dmca must have the agent’s facts; add these lines, with your facts"
        yield file.mistake((*path, "agent"), message, fix=f"    agent:\n{lines}")
    elif has_agent and kind in [*DocumentKind] and kind != DocumentKind.DMCA:
        yield file.mistake(
            (*path, "agent"), "only a document of kind dmca has an agent; remove this, or change the kind"
        )
    email = file.text((*path, "agent", "email"))
    if email.startswith("https://"):
        yield file.mistake((*path, "agent", "email"), "write an e-mail address after mailto:")


_AGENT = (
    "name: Copyright Agent",
    "address: 1 Example Street, Springfield, IL 62701",
    "telephone: +1 555 0100",
    "email: mailto:copyright@example.com",
    "registered: 2026-03-01",
)


def _written_maps(value: Any) -> Iterator[tuple[str, object]]:
    named = _named(value)
    yield from named.items() if isinstance(named, dict) else ()


def _check_map(file: YamlFile, at: KeyPath, name: str, items: object) -> Iterator[Diagnostic]:
    known = checklist_names()
    if name not in known:
        hint = meant(name, known) or f"; write one of {', '.join(known)}"
        yield file.mistake((*at, name), f"there is no checklist {shown(name)}{hint}", fix=nearest(name, known))
        return
    checklist = read_checklist(name)
    for item, value in items.items() if isinstance(items, dict) else ():
        yield from _check_item(file, (*at, name, item), checklist, item, value)


def _check_item(file: YamlFile, at: KeyPath, checklist: Checklist, item: str, value: object) -> Iterator[Diagnostic]:
    known = {one.id: one for one in checklist.items}
    if item not in known:
        message = f"the checklist has no item {shown(item)}{meant(item, known)}; its items are {', '.join(known)}"
        yield file.mistake(at, message, fix=nearest(item, known))
    elif isinstance(value, dict) and "not_applicable_because" in value and not known[item].may_not_apply:
        message = f"{known[item].name} is in every such contract; name the clause that covers it"
        yield file.mistake(at, message)
