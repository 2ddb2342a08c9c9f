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

    class _Pattern:
        """A pattern that is compiled when anything but its text is asked of it."""

        def __init__(self, pattern: Any, flags: Any) -> None:
            self.pattern = pattern
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            if "_compiled" not in self.__dict__:
                self._compiled = re.compile(self.pattern, self._flags)
            # The next time it is found without this method.
            value = self.__dict__[name] = getattr(self._compiled, name)
            return value

    def compile(pattern: Any, flags: Any = 0) -> Any:  # noqa: A001 (the name in `re`)
        """Like `re.compile`; mistakes in a pattern are found when it is used."""
        return _Pattern(pattern, flags)
