"""Value classes behave as dataclasses, and patterns as those of `re`, though both are compiled late."""

import dataclasses
import re
import sys
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, strategies as st

from engross.common import lazy_re, value_class

Make = Any
VALUES = st.tuples(st.integers(0, 2), st.text("ab", max_size=1), st.lists(st.integers(0, 1), max_size=1))
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"eq": False},
    {"frozen": True, "eq": False},
)


def classes(make: Make, options: dict[str, Any]) -> tuple[type[Any], type[Any]]:
    """A class made by `make`, and one that inherits from it."""

    @make(**options)
    class Base:
        shared: ClassVar[int] = 1
        number: int
        word: str = "x"
        listed: list[int] = dataclasses.field(default_factory=list, repr=False, compare=False)
        made: str = dataclasses.field(init=False, default="")

        def __post_init__(self) -> None:
            if not options.get("frozen"):
                self.made = self.word * 2

    @make(**options)
    class Heir(Base):
        last: tuple[int, ...] = dataclasses.field(default=(), kw_only=True)

    return Base, Heir


def said(one: Any, other: Any) -> tuple[object, ...]:
    """All that can be asked of two values."""
    plain = repr(one).split("<locals>.")[-1]
    hashable = type(one).__hash__ is not None
    return (
        *(plain, dataclasses.asdict(one), one == other, one == object(), hashable),
        *(hash(one) == hash(other) if hashable and one == other else None, one == copy(one)),
        *(dataclasses.replace(one, word="z").word, [field.name for field in dataclasses.fields(one)]),
        *(type(one).__match_args__, hasattr(one, "__dict__")),
    )


@pytest.mark.parametrize("options", OPTIONS)
@given(one=VALUES, other=VALUES)
def test_value_classes_are_dataclasses(options: dict[str, Any], one: Any, other: Any) -> None:
    for ours, theirs in zip(classes(value_class, options), classes(dataclasses.dataclass, options), strict=True):
        assert said(ours(*one), ours(*other)) == said(theirs(*one), theirs(*other))


@pytest.mark.parametrize("options", OPTIONS)
def test_what_dataclasses_refuse(options: dict[str, Any]) -> None:
    base, heir = classes(value_class, options)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'number'"):
        base()
    with pytest.raises(TypeError, match="unexpected keyword argument 'made'"):
        base(1, made="y")
    with pytest.raises(TypeError, match="positional arguments"):
        heir(1, "x", [], (2,))
    assert heir(1, last=(2,)).last == (2,)
    assert base(1).listed is not base(1).listed


def test_a_class_keeps_the_methods_it_has() -> None:
    @value_class(frozen=True)
    class Own:
        number: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(1))) == ("own", True, 7)


def test_values_can_be_ordered() -> None:
    @value_class(frozen=True, slots=True, order=True)
    class Ordered:
        number: int

    assert sorted({Ordered(2), Ordered(1), Ordered(2)}) == [Ordered(1), Ordered(2)]


@given(st.text("aA-1", max_size=6))
def test_patterns_are_those_of_re(text: str) -> None:
    for pattern, flags in ((r"(a+)(-)?", re.IGNORECASE), (r"(?P<one>\d)|a", 0)):
        late, known = lazy_re.compile(pattern, flags), re.compile(pattern, flags)
        assert (late.pattern, late.flags, late.groups) == (known.pattern, known.flags, known.groups)
        assert late.findall(text) == known.findall(text)
        assert [one.span() for one in late.finditer(text, 1)] == [one.span() for one in known.finditer(text, 1)]
        assert late.sub("x", text) == known.sub("x", text)
        assert late.split(text) == known.split(text)
        assert bool(late.fullmatch(text)) == bool(known.fullmatch(text))


def test_a_mistake_in_a_pattern_is_found_when_it_is_used() -> None:
    late = lazy_re.compile("(")
    with pytest.raises(re.error):
        late.search("")


def test_where_python_compiles_patterns_otherwise_re_does(kept_code: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_code, "_sre", None, raising=False)
    assert kept_code._kept_or_compiled("a(?P<one>b)", 0) == re.compile("a(?P<one>b)")


@pytest.fixture
def kept_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module of patterns, which keeps their code in a folder of its own."""
    module: Any = lazy_re
    monkeypatch.setattr(module, "_path", lambda: str(tmp_path / "patterns"))
    monkeypatch.setattr(module, "_new", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    module._kept.cache_clear()
    yield module
    module._kept.cache_clear()


PATTERNS = [(r"(a+)(-)?", re.IGNORECASE), (r"(?P<one>\d)|a", 0), (r"[^\W\d_é–]+\b", re.UNICODE | re.MULTILINE)]


def test_the_code_of_a_pattern_is_kept_for_the_next_process(
    kept_code: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [kept_code._kept_or_compiled(*one) for one in PATTERNS]
    kept_code._keep()
    kept_code._kept.cache_clear()
    monkeypatch.setattr(kept_code, "_code", lambda pattern, _: pytest.fail(pattern))
    # Patterns are equal if their code is.
    assert made == [kept_code._kept_or_compiled(*one) for one in PATTERNS] == [re.compile(*one) for one in PATTERNS]
    assert [path.name for path in tmp_path.iterdir()] == ["patterns"]


def test_processes_add_to_the_code_that_others_kept(kept_code: Any) -> None:
    for one in PATTERNS:
        kept_code._new.clear()
        kept_code._kept_or_compiled(*one)
        kept_code._keep()
    assert len(kept_code._read()) == len(PATTERNS)


@pytest.mark.parametrize("damaged", [b"", b"x" * 40])
def test_damaged_code_is_not_used(kept_code: Any, tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "patterns").write_bytes(damaged)
    assert kept_code._kept_or_compiled("a", 0) == re.compile("a")


def test_only_the_patterns_of_modules_are_kept() -> None:
    of_module: Any = {}
    exec("import engross.common.lazy_re as re\npattern = re.compile('a')", of_module)
    of_function: Any = lazy_re.compile("b")
    assert of_module["pattern"]._keep
    assert not of_function._keep
