"""Hidden characters and mixed scripts in what is no contract text: `documents.yml`, lists of models, change notes.

Readers meet their words as well. The rules are those of the drafting check, asked of the text as it is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engross.characters import code_point
from engross.checks.rules import hidden_character, mixed_script
from engross.checks.words.lookalikes import mixed_words, shown_around, shown_letters, unseen
from engross.corpus.project import Project
from engross.model import Diagnostic, Source


def check_other_files(project: Project, notes: Iterable[Source], names: Collection[str]) -> Iterator[Diagnostic]:
    """What the rules `names` find in the settings, the lists of models and the pending change notes of a site."""
    lists = [catalogue.file.source for catalogue in project.catalogues.values()]
    for source in (project.settings.file.source, *lists, *notes):
        if source.text.isascii() or source.sealed:
            continue
        if hidden_character.RULE.name in names:
            yield from _hidden(source)
        if mixed_script.RULE.name in names:
            yield from _mixed(source)


def _hidden(source: Source) -> Iterator[Diagnostic]:
    rule = hidden_character.RULE
    for start, end in unseen(source.text):
        codes = ", ".join(dict.fromkeys(map(code_point, source.text[start:end])))
        message = hidden_character.MESSAGE.format(shown=shown_around(source.text, start, end), codes=codes)
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)


def _mixed(source: Source) -> Iterator[Diagnostic]:
    rule = mixed_script.RULE
    for start, word, scripts in mixed_words(source.text):
        said = " and ".join(script.capitalize() for script in scripts)
        message = mixed_script.MESSAGE.format(word=word, scripts=said, shown=shown_letters(word))
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)
