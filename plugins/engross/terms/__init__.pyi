from .binding import Readings as Readings, bind as bind, definitions_of as definitions_of
from .definitions import DefinedNames as DefinedNames
from .kept_bindings import document_hash as document_hash
from .passages import Passage as Passage, grammar_of as grammar_of
from .vocabulary import (
    DEFAULT_OPTIONS as DEFAULT_OPTIONS,
    PRONOUNS as PRONOUNS,
    TermOptions as TermOptions,
    compile_names as compile_names,
)
