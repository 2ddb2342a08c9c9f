"""Value classes: immutable for the type checker, fast at run time, and made without compiling what nobody calls.

A dataclass that is frozen at run time sets every field through `object.__setattr__`, which takes four to eight times as
long, and an edition of a million words creates a million objects. So `value_class` leaves immutability to
`mypy --strict`, which refuses assignments to fields. A dataclass also compiles its methods when its module is imported,
which took a sixth of the start of a command (there are 400, and most are not needed); those of a value class are
compiled when they are first called. `functools.cached_property` takes a lock for each value up to Python 3.11;
`lazy_value` does not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

__all__ = ["lazy_value", "value_class"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value_class
    from functools import cached_property as lazy_value
else:

    def value_class(
        kind: type | None = None, /, *, frozen: bool = False, eq: bool = True, order: bool = False, **options: Any
    ) -> Any:
        """Like `dataclasses.dataclass`; a frozen class compares and hashes by its fields."""
        if kind is None:
            return lambda one: value_class(one, frozen=frozen, eq=eq, order=order, **options)
        if order:
            return dataclasses.dataclass(kind, order=True, unsafe_hash=frozen, **options)
        # Python itself sets `__hash__` to None where a class has a comparison of its own.
        own = {name for name, value in vars(kind).items() if value is not None}
        # Of a class without a docstring, a dataclass makes one, which takes longer than all its fields.
        kind.__doc__ = kind.__doc__ or f"{kind.__name__}."
        made = dataclasses.dataclass(kind, init=False, repr=False, eq=False, **options)
        methods = {"__init__": _initializer, "__repr__": _representation}
        if eq:
            methods |= {"__eq__": _comparison, "__hash__": _hash} if frozen else {"__eq__": _comparison}
            made.__hash__ = kind.__hash__ if "__hash__" in own else None
        for name, source in methods.items():
            if name not in own:
                _make_later(made, name, source)
        return made

    class lazy_value:  # noqa: N801 (used as a decorator)
        """Like `functools.cached_property`, without its lock."""

        def __init__(self, make: Any) -> None:
            self.make = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def __get__(self, one: Any, owner: type | None = None) -> Any:
            if one is None:
                return self
            value = one.__dict__[self.name] = self.make(one)
            return value


_Fields = tuple[dataclasses.Field[Any], ...]


def _make_later(kind: type, name: str, source_of: Callable[[type, _Fields], str]) -> None:
    """Give a class a method that replaces itself with the compiled one when it is first called."""

    def first(one: Any, *arguments: Any, **named: Any) -> Any:
        fields = dataclasses.fields(kind)
        values: dict[str, Any] = {f"_default_{one.name}": one.default for one in fields}
        values.update({f"_make_{one.name}": one.default_factory for one in fields})
        exec(source_of(kind, fields), values)
        setattr(kind, name, values[name])
        return values[name](one, *arguments, **named)

    first.__name__, first.__qualname__ = name, f"{kind.__qualname__}.{name}"
    setattr(kind, name, first)


def _initializer(kind: type, fields: _Fields) -> str:
    """The source of `__init__`. A field with a factory is given by a default that nobody else can give."""
    given = [one for one in fields if one.init]
    named = [_parameter(one) for one in given if one.kw_only]
    parameters = ["self", *(_parameter(one) for one in given if not one.kw_only), *(["*", *named] if named else [])]
    lines = [f"self.{one.name} = {value}" for one in fields if (value := _value(one))]
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    return f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])


def _parameter(one: dataclasses.Field[Any]) -> str:
    if _is_set(one.default):
        return f"{one.name}=_default_{one.name}"
    return f"{one.name}=_make_{one.name}" if _is_set(one.default_factory) else one.name


def _value(one: dataclasses.Field[Any]) -> str:
    """What a field is set to; nothing for one that is not given and has no default."""
    made = f"_make_{one.name}()" if _is_set(one.default_factory) else ""
    if not one.init:
        return made or (f"_default_{one.name}" if _is_set(one.default) else "")
    return f"{made} if {one.name} is {made[:-2]} else {one.name}" if made else one.name


def _is_set(default: Any) -> bool:
    return default is not dataclasses.MISSING


def _representation(_: type, fields: _Fields) -> str:
    shown = ", ".join(f"{one.name}={{self.{one.name}!r}}" for one in fields if one.repr)
    return f"def __repr__(self):\n return f'{{self.__class__.__qualname__}}({shown})'"


def _comparison(_: type, fields: _Fields) -> str:
    compared = [one.name for one in fields if one.compare]
    equal = f"{_values('self', compared)} == {_values('other', compared)}"
    return f"def __eq__(self, other):\n return {equal} if other.__class__ is self.__class__ else NotImplemented"


def _hash(_: type, fields: _Fields) -> str:
    hashed = (one.name for one in fields if (one.compare if one.hash is None else one.hash))
    return f"def __hash__(self):\n return hash({_values('self', hashed)})"


def _values(one: str, names: Iterable[str]) -> str:
    return f"({''.join(f'{one}.{name}, ' for name in names)})"
