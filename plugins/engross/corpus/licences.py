"""Checks of SPDX licence expressions.

Examples are `Apache-2.0`, `GPL-2.0-only WITH Classpath-exception-2.0` and `MIT OR LicenseRef-own`. `packaging.licenses`
knows the SPDX licence list and checks expressions (SPDX 2.3, annex D); this module adds the replacements of deprecated
ids and suggestions for unknown names.
"""

from __future__ import annotations

from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, WithJsonSchema

import engross.common.lazy_re as re
from engross.common import nearest, shown
from engross.corpus.fields import Text
from engross.corpus.yaml_errors import mistake

CUSTOM = "LicenseRef-"
"""The prefix of a licence that is not on the SPDX list (SPDX 2.3, annex D)."""

_EXAMPLE = "Apache-2.0 WITH LLVM-exception"
_LIST = "https://spdx.org/licenses/"
_CUSTOM_WITHOUT_NAME = re.compile(rf"\b{CUSTOM}(?![A-Za-z0-9.-])")
_OPERATOR = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")
_COMMON_LICENCES = (
    *("0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause"),
    *("BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-2.0", "ECL-2.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only"),
    *("GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "ODbL-1.0", "PDDL-1.0"),
    *("Unlicense", "Zlib"),
)
"""The most common licences of models and software; only these are suggested for an unknown id."""

_REPLACEMENTS = {
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
"""Deprecated SPDX ids and their replacements; an empty string if no single licence replaces the id."""
_GNU_ID = re.compile(r"(?P<name>(?:AGPL|GFDL|GPL|LGPL)-\d\.\d)(?P<later>\+?)", re.IGNORECASE)
"""The GNU licences, whose ids SPDX replaced by ids with `-only` and `-or-later` (SPDX licence list 3.0)."""


def replacement(id: str) -> str:
    """Return the SPDX expression that replaces a deprecated id ("" for none), or the id itself if not deprecated."""
    if family := _GNU_ID.fullmatch(id):
        return family["name"].upper() + ("-or-later" if family["later"] else "-only")
    return _REPLACEMENTS_BY_LOWER_CASE.get(id.lower(), id)


_REPLACEMENTS_BY_LOWER_CASE = {old.lower(): new for old, new in _REPLACEMENTS.items()}


def _check_licence(value: str) -> str:
    try:
        canonical = canonicalize_license_expression(_CUSTOM_WITHOUT_NAME.sub("?", value))
    except InvalidLicenseExpression:
        guess = _suggestion(value)
        hint = f'; did you mean "{guess}"?' if guess else f", nor an expression such as {_EXAMPLE}"
        message = f"{shown(value)} is neither on the SPDX licence list nor of the form {CUSTOM}name{hint}"
        raise mistake(message, guess) from None
    if canonical == value:
        return value
    guess = _without_deprecated_ids(canonical)
    hint = f'; did you mean "{guess}"?' if guess else f"; it writes {canonical}, which is deprecated"
    raise mistake(f"{shown(value)} is not how SPDX writes this licence{hint}", guess)


def _suggestion(value: str) -> str:
    """Return a valid expression similar to an invalid one, or an empty string."""
    common = {known.lower(): known for known in _COMMON_LICENCES}
    guess = common.get(nearest(value.strip().lower(), common), "")
    return "" if _OPERATOR.search(value) else guess


def _without_deprecated_ids(expression: str) -> str:
    """Return an expression with each deprecated id replaced, or "" if SPDX names no replacement for one."""
    ids = sorted(set(filter(None, map(str.strip, _OPERATOR.split(expression)))), key=len, reverse=True)
    for old in ids:
        new = replacement(old)
        if not new:
            return ""
        if new != old:
            expression = re.sub(rf"(?<![\w.+-]){re.escape(old)}(?![\w.+-])", new, expression)
    return canonicalize_license_expression(expression)


LicenceId = Annotated[Text, AfterValidator(_check_licence), WithJsonSchema({"type": "string", "minLength": 1})]
"""An SPDX licence expression in its canonical form; it may contain names of the form `LicenseRef-name`.

Deprecated ids are accepted, because sealed lists may contain them.
"""


def spdx_page(expression: str) -> str:
    """Return the SPDX page of a licence, the SPDX list for several licences, or "" for a licence that is not on it."""
    if CUSTOM in expression:
        return ""
    licence, *more = expression.split(" WITH ")
    return _LIST if _OPERATOR.search(licence) or len(more) > 1 else f"{_LIST}{licence.removesuffix('+')}.html"
