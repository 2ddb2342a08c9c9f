from . import english as english
from .detection import (
    Recognized as Recognized,
    is_english as is_english,
    is_english_part as is_english_part,
    recognize as recognize,
    remember as remember,
)
from .document_language import (
    direction as direction,
    language_of as language_of,
    stated_language as stated_language,
    text_language as text_language,
    wrong_language as wrong_language,
)
from .drafting_words import blank_words as blank_words, form_words as form_words
from .english import (
    NOUNS as NOUNS,
    is_name as is_name,
)
from .grammar import Defining as Defining, Frame as Frame, Grammar as Grammar, Referring as Referring
from .languages import (
    grammar_for as grammar_for,
    grammar_of_part as grammar_of_part,
    grammar_of_text as grammar_of_text,
    read_grammar as read_grammar,
    shipped as shipped,
)
from .legal_words import (
    FIGURES as FIGURES,
    changed_kind as changed_kind,
    figures_in as figures_in,
    spelt_otherwise as spelt_otherwise,
)
from .months import MONTHS as MONTHS, dated_line as dated_line
from .repeated_words import (
    is_written_in as is_written_in,
    never_repeated as never_repeated,
    rightly_repeated as rightly_repeated,
)
from .sentences import (
    after_number as after_number,
    begins_sentence as begins_sentence,
    clause_ends as clause_ends,
    is_title as is_title,
    lead_in as lead_in,
    sentence_end as sentence_end,
    sentence_start as sentence_start,
    wordlist as wordlist,
    words as words,
)
from .verbs import verb_forms as verb_forms
from .word_forms import Plain as Plain, forms as forms, key as key, plain as plain
