"""The decorators of values that are made by the hundred thousand: frozen to the type checker, quick to make and to ask.

A dataclass that is frozen at run time sets every field through `object.__setattr__`: measured at four to eight times
the cost of making one that is not, and an edition of a million words makes a million of them. So nothing is frozen at
run time here; `mypy --strict` still refuses every assignment to a field. And `functools.cached_property` takes a lock
for each value up to Python 3.11, which is most of the cost of a small one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from functools import cached_property as cached_property
else:

    def dataclass(kind: type | None = None, /, *, frozen: bool = False, **options: Any) -> Any:
        """As `dataclasses.dataclass`; what is frozen compares and hashes by its fields as ever."""
        return dataclasses.dataclass(kind, unsafe_hash=frozen, **options)

    class cached_property:  # noqa: N801 (it stands in for one that is called so)
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
