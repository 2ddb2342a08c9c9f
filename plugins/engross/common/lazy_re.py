"""The standard `re`, whose patterns are compiled when they are first used: `import engross.common.lazy_re as re`.

There are 700 patterns, of which a build or a check uses a few dozen. To compile them all at import took a sixth of the
start of a command. The code of those that modules define is kept beside the compiled modules of this package, so that
whoever can write there could change these as well. To read the code of 300 patterns takes 4 ms, to compile them 190.
"""

import re
from re import *  # noqa: F403 (all that the standard module has)
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as compile  # noqa: A004
else:
    import atexit
    import marshal
    import os
    import sys
    from array import array
    from contextlib import suppress
    from functools import cache
    from importlib.util import cache_from_source

    try:
        import _sre
        from re import _compiler, _parser

        _MAGIC = _sre.MAGIC if sys.implementation.name == "cpython" and array("I").itemsize == _sre.CODESIZE else 0
    except (ImportError, AttributeError):  # of another Python
        _MAGIC = 0

    class _Compiled:
        """A pattern that was compiled: without `__getattr__`, what it has is found as fast as in a pattern of `re`."""

    class _Pattern(_Compiled):
        """A pattern that is compiled when anything but its text is asked of it."""

        def __init__(self, pattern: Any, flags: Any, *, keep: bool) -> None:
            self.pattern = pattern
            self._flags = flags
            self._keep = keep

        def __getattr__(self, name: str) -> Any:
            if name not in _NAMES:
                raise AttributeError(name)
            compiled = (_kept_or_compiled if self._keep else re.compile)(self.pattern, self._flags)
            self.__dict__.update({one: getattr(compiled, one) for one in _NAMES})
            self.__class__ = _Compiled
            return self.__dict__[name]

    _NAMES = frozenset(name for name in dir(re.Pattern) if not name.startswith("_"))

    def compile(pattern: Any, flags: Any = 0) -> Any:  # noqa: A001 (the name in `re`)
        """Like `re.compile`; mistakes in a pattern are found when it is used."""
        # Patterns that functions make may contain names of a text.
        of_module = sys._getframe(1).f_code.co_name == "<module>"
        return _Pattern(pattern, flags, keep=_MAGIC and of_module and isinstance(pattern, str))

    def _kept_or_compiled(pattern: Any, flags: Any) -> Any:
        """Return a pattern from its code that is kept, or compile it as `re` does, and keep the code."""
        key = (pattern, int(flags))
        kept = _kept()
        # These parts of Python have no promised form. Whatever does not work with them, `re` does, or says why not.
        with suppress(Exception):
            if key not in kept:
                if not _new:
                    atexit.register(_keep)
                kept[key] = _new[key] = _code(*key)
            given, code, groups, names, indexes = kept[key]
            return _sre.compile(pattern, given, array("I", code).tolist(), groups, names, indexes)
        return re.compile(pattern, flags)

    def _code(pattern: Any, flags: int) -> tuple[Any, ...]:
        parsed = _parser.parse(pattern, flags)
        state = parsed.state
        indexes = [None] * state.groups
        for name, index in state.groupdict.items():
            indexes[index] = name
        code = array("I", _compiler._code(parsed, flags)).tobytes()
        return flags | state.flags, code, state.groups - 1, state.groupdict, tuple(indexes)

    _new: dict[Any, Any] = {}
    """The code of patterns that this process has compiled."""

    _MOST = 4_000  # patterns, those of earlier versions of the modules included

    @cache
    def _kept() -> dict[Any, Any]:
        return _read()

    def _read() -> dict[Any, Any]:
        """Read the code that is kept; none if it was made by another Python, or the file is damaged."""
        with suppress(OSError), open(_path(), "rb") as file:
            checksum, data = file.read(32), file.read()
            if checksum == _checksum(data):
                return marshal.loads(data)
        return {}

    def _keep() -> None:
        """Add the code of new patterns to what other processes have kept."""
        known = _read()
        data = marshal.dumps({**(known if len(known) < _MOST else {}), **_new})
        beside = f"{_path()}.{os.getpid()}"
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                with open(beside, "wb") as file:
                    file.write(_checksum(data) + data)
                os.replace(beside, _path())

    def _checksum(data: bytes) -> bytes:
        import hashlib  # "engross --help" needs no pattern

        return hashlib.sha256(f"{sys.version} {_MAGIC}".encode() + data).digest()

    def _path() -> str:
        return cache_from_source(__file__).removesuffix(".pyc") + ".patterns.pyc"
