"""Lines of a ledger that are refused."""

import json
from collections.abc import Mapping

import pytest

from engross.model import (
    Entry,
)
from engross.record.encoding import canonical
from engross.record.ledger.file import (
    ALWAYS,
    entry_json,
    read_entry,
    read_ledger,
)

from .golden_lines import BOTH, FORMAT_2, form_of, golden

VALUES_OF_ANOTHER_TYPE: tuple[object, ...] = (None, 1.5, [1], {"a": 1})


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=f"{entry.format} {entry.name}") for entry in read_ledger(BOTH.read_bytes(), "")[0]]
)
def test_fields(entry: Entry) -> None:
    """A required field that is missing, and any field of another type or another kind, is refused by its name."""
    value, form = entry_json(entry), form_of(entry)
    for name in value:
        less = {key: one for key, one in value.items() if key != name}
        if name in ALWAYS | form.required:
            with pytest.raises(ValueError, match=f"{name}|it has no"):
                read_entry(less)
        else:
            assert name not in entry_json(read_entry(less))
        for wrong in () if name in entry.extra else VALUES_OF_ANOTHER_TYPE:
            with pytest.raises(ValueError, match=rf"\b{name}\b"):
                read_entry({**value, name: wrong})
    for other in sorted({"sets", "corrects", "note", "ended", "claimed", "key"} - form.required - form.optional):
        with pytest.raises(ValueError, match=rf"it has the field {other}, which no {entry.kind}"):
            read_entry({**value, other: 1})


@pytest.mark.parametrize("entry", golden(), ids=lambda entry: f"{entry.format}-{entry.kind}-{entry.seq}")
def test_fields_that_are_not_known(entry: Entry) -> None:
    value = {**entry_json(entry), "weather": [{"b": 1, "a": "é"}]}
    if entry.format == 1:
        with pytest.raises(ValueError, match="it has the field weather, which no"):
            read_entry(value)
        return
    assert canonical(entry_json(read_entry(value))) == canonical(value)
    with pytest.raises(ValueError, match=r"^has a weather, which this version .* does not read; update Engross$"):
        read_entry({**value, "critical": ["weather"]})
    for name in {"entry", "set"} & set(value):
        inner = {**value, name: {**value[name], "weather": "fine"}}
        assert canonical(entry_json(read_entry(inner))) == canonical(inner)
        with pytest.raises(ValueError, match=f"^has a {name}.weather, which this version"):
            read_entry({**inner, "critical": [f"{name}.weather"]})


def line_with(**fields: object) -> bytes:
    """The first line of a ledger in format 2, with other fields and a new hash."""
    value = {name: one for name, one in json.loads(FORMAT_2.read_bytes().split(b"\n")[0]).items() if name != "hash"}
    for name, one in fields.items():
        if one is None:
            del value[name]
        else:
            value[name] = one
    return canonical({**value, "hash": "0" * 64}) + b"\n"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        *(
            ({"kind": kind}, f"entry 1 is of kind {kind}, which this version of Engross does not read; update Engross")
            for kind in ("site", "key", "signature", "something")
        ),
        *(
            ({name: "x"}, f"entry 1 has a {name}, which this version of Engross does not read; update Engross")
            for name in ("language", "governing", "translations")
        ),
        *(
            (
                {"entry": {"id": "agreement", "title": "A", "kind": "policy", name: {}}},
                f"entry 1 has a {name}, which this version of Engross does not read; update Engross",
            )
            for name in ("languages", "consumer")
        ),
        (
            {"effective": None},
            "entry 1 cannot be read: it has no effective",
        ),
        ({"format": 3}, "entry 1 is of format 3, which this version of Engross does not read; update Engross"),
        ({"format": "2"}, "entry 1 cannot be read: its format is '2', and this Engross reads formats 1 to 2"),
        ({"kind": 5}, "entry 1 cannot be read: its kind is 5, and no entry has that kind"),
        ({"mood": 1.5}, "entry 1 cannot be read: 1.5 is not a whole number"),
        ({"critical": ["mood"]}, "entry 1 has a mood, which this version of Engross does not read"),
        ({"critical": []}, "entry 1 cannot be read: its bytes are not as Engross writes them"),
        ({"critical": [5]}, "entry 1 cannot be read: its critical is not valid"),
        ({"supersedes": 0}, "entry 1 cannot be read: its supersedes is not valid"),
        ({"sealed": {}}, "entry 1 cannot be read: its sealed is not valid"),
        ({"mood": 1}, "entry 1 (post agreement@1): it was altered: its hash does not match its content"),
    ],
)
def test_what_is_refused(fields: Mapping[str, object], message: str) -> None:
    """Fields of later versions and unknown fields are refused by name."""
    (found,) = read_ledger(line_with(**fields), "ledger.jsonl")[1]
    assert found.message.startswith(message)


def test_a_line_written_otherwise_is_refused() -> None:
    data = BOTH.read_bytes()
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines):
        spaced = json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        (found,) = read_ledger(b"".join([*lines[:number], spaced, *lines[number + 1 :]]), "l")[1]
        assert found.message == f"entry {number + 1} cannot be read: its bytes are not as Engross writes them"


def test_no_json_object() -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        read_entry([])
