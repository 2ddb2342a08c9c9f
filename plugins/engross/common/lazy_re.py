"""The standard `re`, whose patterns are compiled when they are first used: `import engross.common.lazy_re as re`.

There are 700 patterns, of which a build or a check uses a few dozen. To compile them all at import took a sixth of the
start of a command.
"""

import re
from re import *  # noqa: F403 (all that the standard module has)
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as compile  # noqa: A004
else:

    class _Compiled:
        """A pattern that was compiled: without `__getattr__`, what it has is found as fast as in a pattern of `re`."""

    class _Pattern(_Compiled):
        """A pattern that is compiled when anything but its text is asked of it."""

        def __init__(self, pattern: Any, flags: Any) -> None:
            self.pattern = pattern
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            if name not in _NAMES:
                raise AttributeError(name)
            compiled = re.compile(self.pattern, self._flags)
            self.__dict__.update({one: getattr(compiled, one) for one in _NAMES})
            self.__class__ = _Compiled
            return self.__dict__[name]

    _NAMES = frozenset(name for name in dir(re.Pattern) if not name.startswith("_"))

    def compile(pattern: Any, flags: Any = 0) -> Any:  # noqa: A001 (the name in `re`)
        """Like `re.compile`; mistakes in a pattern are found when it is used."""
        return _Pattern(pattern, flags)
