"""What tests of the rules of the record share: settings with promises, and the note to paste."""

import pytest

from engross.common.errors import EngrossError
from note_filling import GAP, filled

from .playing import DOCUMENTS, Site

GROUNDS = """\
grounds:
  - {id: law, title: Required by law, cites: law}
  - {id: permitted, title: Expressly permitted, cites: clause}
  - id: reasonable
    title: Commercially reasonable
    conditions:
      - {id: security, text: It does not weaken security.}
      - {id: scope, text: It does not widen the scope.}
      - {id: rights, text: It takes no rights.}
      - {id: needed, text: It is needed.}
"""
STRICT = GROUNDS + DOCUMENTS.replace(
    "kind: url-terms, file: rules.md", "kind: url-terms, grounds: [law, permitted, reasonable], file: rules.md"
)
SLOW = DOCUMENTS.replace("kind: url-terms,", "kind: url-terms, notice_days: 30,")


def messages(site: Site, *rules: str) -> str:
    return "\n".join(map(str, site.findings(*rules)))


def paste(site: Site, slug: str = "pasted") -> None:
    """Take the note that unposted-change prints, see that each gap of it is found, and fill them in."""
    (found,) = site.findings("unposted-change")
    site.write(f"changes/{slug}.md", found.fix)
    gaps = [(found.fix[: gap.start()].count("\n") + 1, gap[0]) for gap in GAP.finditer(found.fix)]
    assert [(one.rule, one.line) for one in site.findings()] == [("note-placeholder", line) for line, _ in gaps]
    assert all(gap in one.message for one, (_, gap) in zip(site.findings(), gaps, strict=True))
    with pytest.raises(EngrossError, match="is still to be filled in; write"):
        site.release()
    site.write(f"changes/{slug}.md", filled(found.fix))
