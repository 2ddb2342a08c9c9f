"""A document from version to version, with the ids of its clauses."""

from pathlib import Path

from engross.model import Alias, TreeClause

from .playing import posted_site

TALK = (
    "# Rules\n\n## Talk\n\nYou will (a) greet everyone you meet, (b) answer each question, and (c) leave on time. "
    "A gathering of three or more (a “**Meeting**”) ends at six.\n\n## Rest\n\nNo Meeting begins at night.\n"
)


class Story:
    """The rules of a site, changed again and again."""

    def __init__(self, root: Path, rules: str) -> None:
        self.site = posted_site(root, rules=rules)
        self.day = 0

    def next(self, text: str, *lines: str) -> dict[str, TreeClause]:
        self.day += 1
        self.site.at(self.day).write("rules.md", text)
        self.site.post("rules", *lines)
        return self.now()

    def now(self) -> dict[str, TreeClause]:
        return self.site.clauses("rules")

    @property
    def aliases(self) -> dict[str, Alias]:
        return {alias.anchor: alias for alias in self.site.tree("rules").aliases}
