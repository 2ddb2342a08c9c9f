"""SPDX licence expressions: `Apache-2.0`, `GPL-2.0-only WITH Classpath-exception-2.0`, `MIT OR LicenseRef-own`.

`packaging.licenses` knows the SPDX licence list and checks expressions (SPDX 2.3, annex D). This module adds what it
lacks: which ids SPDX has deprecated, and what to suggest for a name that is not on the list.
"""

from __future__ import annotations

import re
from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, WithJsonSchema

from engross.corpus.fields import Text
from engross.corpus.mistakes import mistake
from engross.corpus.words import nearest, shown

CUSTOM = "LicenseRef-"
"""The prefix of a licence that is not on the SPDX list (SPDX 2.3, annex D)."""

_EXAMPLE = "Apache-2.0 WITH LLVM-exception"
_LIST = "https://spdx.org/licenses/"
_NAMELESS = re.compile(rf"\b{CUSTOM}(?![A-Za-z0-9.-])")
_OPERATOR = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")
_COMMON = (
    *("0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause"),
    *("BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-2.0", "ECL-2.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only"),
    *("GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "ODbL-1.0", "PDDL-1.0"),
    *("Unlicense", "Zlib"),
)
"""The licences that models and software most often have: only these are suggested for an id that is not on the list."""

_REPLACED = {
    "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views",
    "BSD-2-Clause-NetBSD": "BSD-2-Clause",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-or-later WITH Bison-exception-2.2",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "Net-SNMP": "",
    "Nunit": "zlib-acknowledgement",
    "StandardML-NJ": "SMLNJ",
    "bzip2-1.0.5": "bzip2-1.0.6",
    "eCos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
    "wxWindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
}
"""Deprecated ids of the SPDX list and what replaces each; an empty string where no single licence does."""
_FAMILY = re.compile(r"(?P<name>(?:AGPL|GFDL|GPL|LGPL)-\d\.\d)(?P<later>\+?)", re.IGNORECASE)
"""The GNU licences, whose ids SPDX replaced by `-only` and `-or-later` (SPDX licence list 3.0)."""


def replacement(id: str) -> str:
    """The SPDX id or expression that replaces a deprecated id, "" for none; the id itself if it is not deprecated."""
    if family := _FAMILY.fullmatch(id):
        return family["name"].upper() + ("-or-later" if family["later"] else "-only")
    return _REPLACED_FOLDED.get(id.lower(), id)


_REPLACED_FOLDED = {old.lower(): new for old, new in _REPLACED.items()}


def _check_licence(value: str) -> str:
    try:
        canonical = canonicalize_license_expression(_NAMELESS.sub("?", value))
    except InvalidLicenseExpression:
        guess = _suggestion(value)
        hint = f'; did you mean "{guess}"?' if guess else f", nor an expression such as {_EXAMPLE}"
        what = f"{shown(value)} is neither on the SPDX licence list nor of the form {CUSTOM}name{hint}"
        raise mistake(what, guess) from None
    if canonical == value:
        return value
    guess = _current(canonical)
    hint = f'; did you mean "{guess}"?' if guess else f", but {canonical}, which is deprecated"
    raise mistake(f"SPDX does not write a licence {shown(value)}{hint}", guess)


def _suggestion(value: str) -> str:
    """The expression that a mistaken one may have meant: a valid one, or an empty string."""
    common = {known.lower(): known for known in _COMMON}
    guess = common.get(nearest(value.strip().lower(), common), "")
    return "" if _OPERATOR.search(value) else guess


def _current(expression: str) -> str:
    """A valid expression with each deprecated id in it replaced; "" where SPDX names no replacement."""
    ids = sorted(set(filter(None, map(str.strip, _OPERATOR.split(expression)))), key=len, reverse=True)
    for old in ids:
        new = replacement(old)
        if not new:
            return ""
        if new != old:
            expression = re.sub(rf"(?<![\w.+-]){re.escape(old)}(?![\w.+-])", new, expression)
    return canonicalize_license_expression(expression)


LicenceId = Annotated[Text, AfterValidator(_check_licence), WithJsonSchema({"type": "string", "minLength": 1})]
"""An SPDX licence expression in its canonical form, which may name licences as `LicenseRef-` and a name.

Deprecated ids are read as they are, since sealed lists may hold them.
"""


def spdx_page(expression: str) -> str:
    """The page at SPDX with a licence's text; the SPDX list for several licences; "" for one that is not on it."""
    if CUSTOM in expression:
        return ""
    licence, *more = expression.split(" WITH ")
    return _LIST if _OPERATOR.search(licence) or len(more) > 1 else f"{_LIST}{licence.removesuffix('+')}.html"
