"""Value classes that are made by the hundred thousand: immutable to the type checker, fast to create and to read.

A dataclass that is frozen at run time sets every field through `object.__setattr__`, which takes four to eight times
as long; an edition of a million words creates a million of them. So `value_class` does not enforce immutability at run
time; `mypy --strict` refuses every assignment to a field. `functools.cached_property` takes a lock for each value up
to Python 3.11; `lazy_value` does not.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["lazy_value", "value_class"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value_class
    from functools import cached_property as lazy_value
else:

    def value_class(kind: type | None = None, /, *, frozen: bool = False, **options: Any) -> Any:
        """As `dataclasses.dataclass`; a frozen one compares and hashes by its fields."""
        return dataclasses.dataclass(kind, unsafe_hash=frozen, **options)

    class lazy_value:  # noqa: N801 (used as a decorator)
        """As `functools.cached_property`, without its lock."""

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
