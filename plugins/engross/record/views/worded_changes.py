"""The tree of a version for display: a clause counts as changed only where its words did, not its typography.

The sealed tree records each change of a clause's text, and stays as it is. Here the texts that a change leads from and
to are compared without blanks, quotation marks, apostrophes and dashes.
"""

from __future__ import annotations

import json
from dataclasses import field, replace
from itertools import chain, starmap

import engross.common.lazy_re as re
from engross.common import Cache, key_of, value_class
from engross.model import Tree, TreeClause, Version
from engross.record.history import Record
from engross.record.posting.drafts import sealed_document
from engross.record.sealed_files import sealed_source, sealed_tree
from engross.record.trees import DEFINITION, addressed_clauses
from engross.redline import folded


def worded_tree(record: Record, version: Version, cache: Cache) -> Tree:
    """Return the sealed tree of a version, in which each clause has the last version that changed its words."""
    tree = sealed_tree(record, version)
    if all(clause.changed == clause.since for clause in tree.clauses):
        return tree
    before = record.versions[version.id.document][: version.number]
    key = key_of(__name__, "worded", *(known for one in before for known in (one.post.hash, one.sealed.source)))
    changes = _Changes(record, before)
    found = json.loads(cache.made(key, lambda: json.dumps(changes.last(version)).encode()))
    clauses = (replace(clause, changed=found.get(clause.id, clause.changed)) for clause in tree.clauses)
    return replace(tree, clauses=tuple(clauses))


@value_class
class _Changes:
    """The versions of a document up to one of them, with the clauses and words that were needed, by number."""

    record: Record
    versions: tuple[Version, ...]
    _clauses: dict[int, dict[str, TreeClause]] = field(default_factory=dict)
    _words: dict[int, dict[str, str]] = field(default_factory=dict)
    _reworded: dict[tuple[int, int], bool] = field(default_factory=dict)

    def last(self, version: Version) -> dict[str, int]:
        """Return the last version that changed the words of each clause, by the clause's id."""
        return {name: self._last(clause) for name, clause in self.clauses(version.number).items()}

    def _last(self, clause: TreeClause) -> int:
        number = clause.changed
        while number > clause.since:
            base = self.versions[number - 1].post.supersedes
            before = self.clauses(base).get(clause.id) if base else None
            if before is None or self.is_reworded(base, number):
                break
            if self.words(base).get(clause.id) != self.words(number).get(clause.id, ""):
                break
            number = before.changed
        return number

    def clauses(self, number: int) -> dict[str, TreeClause]:
        """Return the clauses of a version by id."""
        if number not in self._clauses:
            tree = sealed_tree(self.record, self.versions[number - 1])
            self._clauses[number] = {clause.id: clause for clause in tree.clauses}
        return self._clauses[number]

    def is_reworded(self, base: int, number: int) -> bool:
        """Return whether the sources alone show that each changed clause has other words; most versions of a long
        record need not be parsed for that. False if it is not certain.
        """
        if (base, number) not in self._reworded:
            old, new = self.clauses(base), self.clauses(number)
            old_version, new_version = self.versions[base - 1], self.versions[number - 1]
            changed = [one for name, one in new.items() if name in old and one.changed == number]
            same = old_version.post.reader == new_version.post.reader and not new_version.entry.kind.has_rows
            texts = (sealed_source(self.record, one).text for one in (old_version, new_version))
            certain = same and not any(one.kind == DEFINITION for one in changed)
            self._reworded[base, number] = certain and reworded_blocks(*texts) == len(changed)
        return self._reworded[base, number]

    def words(self, number: int) -> dict[str, str]:
        """Return the words of the clauses of a version by id, without typography; empty for a verbatim text."""
        if number not in self._words:
            document = sealed_document(self.record, self.versions[number - 1])
            clauses = self.clauses(number).items()
            texts = {}
            if not document.verbatim:
                # The words of a definition in running text are its term, which is its label: it need not be searched.
                texts = {one.anchor: one.label for _, one in clauses if one.kind == DEFINITION}
                texts |= {one.anchor: one.words for one in addressed_clauses(document.root)}
            self._words[number] = {name: folded(texts[one.anchor]) for name, one in clauses if one.anchor in texts}
        return self._words[number]


_UNCERTAIN = re.compile(r"[\n&\\<{|`]|\A\[")
"""What a block may have that is not shown letter by letter: lines, markup."""
_OF_SEVERAL = re.compile(r"\[|\(\w{1,5}\)")
"""What may belong to another clause than the rest of a block: items within a sentence, titles of links."""
_COMMENT = "<!--"
_SIGNS = re.compile(r"[\W_]+")


def reworded_blocks(old: str, new: str) -> int:
    """Return how many blocks differ between two texts, if each of them plainly has other letters; else 0.

    A block of one line without markup is part of one clause, whose words have all its letters but those of its marker.
    If it is the only one that differs, it is known by whoever asks that its difference is one of a single clause.
    """
    before, after = (text.rstrip("\n").split("\n\n") for text in (old, new))
    if len(before) != len(after) or _COMMENT in old or _COMMENT in new:
        return 0
    pairs = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    if len(pairs) > 1 and any(map(_OF_SEVERAL.search, chain.from_iterable(pairs))):
        return 0
    return len(pairs) if all(starmap(_is_reworded, pairs)) else 0


def _is_reworded(old: str, new: str) -> bool:
    if _UNCERTAIN.search(old) or _UNCERTAIN.search(new) or old.split(" ", 1)[0] != new.split(" ", 1)[0]:
        return False
    return _SIGNS.sub("", old) != _SIGNS.sub("", new)
