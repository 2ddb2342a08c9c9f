from .amounts import amounts as amounts, is_numbered_item as is_numbered_item
from .binding import Readings as Readings, bind as bind, definitions_of as definitions_of
from .contents_lists import contents_entries as contents_entries
from .definitions import DefinedNames as DefinedNames
from .kept_bindings import document_hash as document_hash
from .name_patterns import NamesInTexts as NamesInTexts, compile_names as compile_names
from .passages import Passage as Passage, grammar_of as grammar_of
from .unread_numbers import EmbeddedNumbers as EmbeddedNumbers
from .vocabulary import (
    DEFAULT_OPTIONS as DEFAULT_OPTIONS,
    PRONOUNS as PRONOUNS,
    TermOptions as TermOptions,
)
