"""How English contracts define a term: the patterns of `Defining`."""

from __future__ import annotations

from typing import Final

import engross.common.lazy_re as re
from engross.language.grammar import Defining
from engross.language.phrases import FOLDER, alternatives, announcing, compiled, labels_around, read_data
from engross.language.sentences import words

_DATA: Final = read_data(FOLDER / "en" / "definitions.toml")

_BETWEEN: Final = rf"(?:(?:{alternatives(_DATA['between'])})\b,?\s+)"
_MEANS: Final = rf"(?:{alternatives(_DATA['means'])})(?!\w)"
_INCLUDES: Final = rf"(?:{alternatives(_DATA['includes'])})(?!\w)"
_OTHER_FORMS: Final = (
    r"(?:,?\s+(?:and|or)\s+(?:(?:its|their|any|all|other|the|such)\s+)*(?:(?:grammatical|cognate|correlative|derivative|derived|inflected|similar"
    r"|related|like|corresponding)\s+)?(?:inflections?|derivatives?|derivations?|variations?|variants?|cognates?|forms|terms|expressions|words)"
    r"(?:\s+(?:thereof|of\s+(?:it|them|(?:that|this|the)\s+(?:term|word|expression))))?,?(?=\s))?"
)
_ASIDE: Final = (
    rf"(?:[ \t](?=[*,]))?(?:\*{{1,3}})?{_OTHER_FORMS}"
    r"(?:,?\s*+\([^()]{1,120}\))?(?:\s*+[:–—]|\s+-(?=\s))?"
    r"(?:,?\s*+(?:as\s+used|when\s+used|where\s+used|used|in\s+relation\s+to|in\s+respect\s+of|with\s+respect\s+to"
    r"|for\s+(?:the\s+)?purposes?\s+of|for\s+(?:this|these|such|the\s+foregoing)\s+purposes?|for\s+(?:each|any|every|an?)\b|an?\s+\w+(?=\s+means\b)|as\s+applied|in\s+(?:this|these|the)|of\s+\w+|as\s+to|if\s+applicable|unless)\b"
    r"[^.;“”\"]{0,120}?,?)?\s*+,?\s*+"
)
_FORMAL: Final = r"(?P<mark>[:=]|\s[–—-]\s|\s--\s|[–—]|\s-(?=[^\W\d_]))\s*"

MEANS: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_MEANS})", re.IGNORECASE)
"""A verb that defines wherever it follows a marked term, with the words that may come between them."""

INCLUDES: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_INCLUDES})", re.IGNORECASE)
"""A verb that defines only at the start of a clause, and only if no other definition of the term exists."""

MARK: Final = re.compile(rf"(?:\s*\([^()]{{1,120}}\))?\s*{_FORMAL}", re.IGNORECASE)
"""A punctuation mark in place of a verb, as in a list of definitions ("**Fee**: …", "**Buyer** (or us) - …")."""

MARK_AND_ARTICLE: Final = re.compile(rf"\s*{_FORMAL}(?:an?|the|any|all|our|your|each|every)\b", re.IGNORECASE)
"""A punctuation mark in place of a verb outside definitions sections, before a noun ("“Host” – a firm that …")."""

_MEANING_BEGINS: Final = r"(?-i:[a-z]|(?:An?|Any|The|All|Every|Each|Our|Your|One|Those|Information)\b)"
"""How the meaning of a term begins after a colon or a dash: in lower case, or with an article."""

MARK_AND_MEANING: Final = re.compile(rf"\s*{_FORMAL}(?={_MEANING_BEGINS})", re.IGNORECASE)
"""A punctuation mark and the first letter of a meaning ("**Third country**: a country outside …")."""

MEANING: Final = re.compile(rf"\s*(?={_MEANING_BEGINS})")
"""The first letter of a meaning after a punctuation mark."""

COMMA_AND_ARTICLE: Final = re.compile(r"\s*,\s+(?:an?|the|any|each|every)\s")
"""A comma in place of a verb in a list of definitions ("**Term**, the period of …")."""

BEGINS_MEANING: Final = re.compile(
    r"\s*,?\s+(?:as\s+defined\s+in|(?:the|any|all|each|every|an?)\s+[a-z]|(?:which|who)\s+(?:is|are|means?|includes?|shall)\b"
    r"|being\s)"
)
"""A meaning without a verb, in a list of definitions: "“Warrant Shares” the shares …", "“Territory”, which is …"."""

FOR_PURPOSES: Final = re.compile(
    r"\b(?:for\s+(?:the\s+)?purposes?\s+of|as\s+used\s+in|in\s+(?:this|these|our)\s+(?:[\w-]+\s+){0,2}?(?:section|clause|paragraph|article|agreement"
    r"|schedule|addendum|annex|conditions|contract|document|notice|policy|rules|terms)"
    r"|the\s+(?:terms?|words?|expressions?|phrases?))\b[^.;:“”]{0,60}\Z",
    re.IGNORECASE,
)
"""What precedes a term that a sentence defines for its own purposes."""

MEANING_ON_NEXT_LINE: Final = re.compile(r"[ \t]*\n(?=(?:An?|Any|The|All|Every|Each|Our|Your|One|Those|Information)\b)")
"""A line break in place of a verb."""

TITLES: Final = re.compile(
    r"(?:(?:definitions?|(?:(?:certain|key|other)\s+)?(?:defined|capitali[sz]ed)\s+terms|(?:abbreviations|acronyms)|interpretations?|construction|headings?|captions|references|general|singular|plural"
    r"|gender|number|usage|precedence|conflicts?|order\s+of\s+precedence|scope|purpose|accounting\s+terms|introduction"
    r"|background|overview|rules\s+of)(?:[\s,]+(?:and|or|of|in|to|&)\b.*|)|.*\b(?:definitions?|interpretation|provisions))\Z",
    re.IGNORECASE,
)
"""Words in bold before a full stop that are the title of a clause about definitions and not a defined term."""

MEANING_AFTER_STOP: Final = re.compile(
    r"\.\s+(?!(?:in\s+this|in\s+these|in\s+the|the\s+following|the\s+terms?|the\s+definitions?|the\s+words?|unless|except"
    r"|for\s+the\s+purposes?|capitali[sz]ed|any\s+reference|references?|words?|terms?|as\s+used|all\s+(?:terms|references)"
    r"|if|where|when|to\s+the\s+extent|whenever|this\s+(?:agreement|section|document))\b)[\w(]",
    re.IGNORECASE,
)
"""What follows a bold term and its full stop in a list of definitions; a clause about all terms begins otherwise."""

IS_A: Final = re.compile(
    rf"{_ASIDE}{_BETWEEN}{{0,3}}(?:is\s+(?:an?|the|any|each|every|one|all|what|where|when|who|whoever|someone|anyone|something|anything)\b"
    r"|(?:is|are|shall\s+be)\s+(?:[$€£]?\d|(?:calculated|determined)\s+(?:as|by)\b|equal\s+to\b)|shall\s+be\s+(?:an?|the|any|all|those|each)\b|is\s+(?:data|information|content)\b"
    r"|are\s+(?:the|all|any|those|each)\b|are\s+[a-z]+s\b(?!\s+(?:to|by))|includes?\b|compris(?:es?|ing)\b|consists?\s+of\b)"
    r"(?!\s+(?:[\w-]+\s+){0,2}(?:option|button|link|tab|setting|trademark|badge|feature)s?\b)",
    re.IGNORECASE,
)
"""What defines a quoted name at the beginning of any sentence, if no other definition of the term exists."""

NEGATED: Final = compiled(rf"\s*(?:{alternatives(_DATA['negations'])})\b")

_PLACED: Final = alternatives(_DATA["placed"])
POINTS: Final = re.compile(
    rf"{_ASIDE}{_BETWEEN}{{0,3}}(?:(?:(?:has|have|bears?|is\s+given|are\s+given|be\s+given|having)\s+(?:the|its|their)\s+"
    rf"(?:same\s+|respective\s+)?meanings?(?:\(s\))?|(?:is|are|as|be)\s+defined)\b[^.;:“”\"]{{0,80}}?"
    rf"\b(?:{_PLACED}|in|under|at)\b|(?:means?|refers?\s+to)\b[^.;:“”\"]{{0,80}}?\b(?:{_PLACED})\s+(?:in|at|under|by|on)\b)",
    re.IGNORECASE,
)
"""A definition that only points at the place where the term is defined."""

# Before a marked word in a bracket that defines nothing.
_NOT_HERE = re.compile(
    r"\b(?:(?:as\s+(?:\w+\s+){0,3}defined|defined\s+(?:in|at|under|by)|under\s+(?:section|the\s+heading))\b"
    # "(as defined in the Lease, the “Rights”)" names them here too.
    r"(?![^()]*,\s+the\s*[“\"]?\Z)|defined\s+(?:below|above)|see|such\s+as|e\.g|i\.e|including|includes?"
    r"|for\s+example|examples?|within\s+the\s+meaning|marked|labell?ed|entitled|titled|headed"
    r"|clicking|click|not|without|other\s+than|formerly|previously|known\s+by"
    r"|described\s+as|identified\s+as|designated\s+as|so-called|regardless)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"(?:\A\s*|.*\b(?:together|collectively|jointly)\s+with\s+(?:the\s+)?[\w’'. ]{1,40}\s*|.*[,:;—–]\s*"
    r"|.*\w['’]s\s+|.*\bsuch\s+\w+(?:\s+\w+)?,?\s*"
    r"|.*\b(?:the|a|an|each|either|any|all|our|its|their|his|her|your|these|this|such|that|as|or|and"
    r"|also|called|to|collectively|together|individually|singly|jointly|severally|hereinafter|hereafter|herein|respectively"
    r"|abbreviated|being)[\s,]*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_INTRODUCTORY = re.compile(
    r"(?:\b(?:the|an?|each|either|both|any|all|our|your|its|his|her|their|these|this|such|as|or|and|and/or|also|called|referred|to|with"
    r"|collectively|together|individually|singly|jointly|hereinafter|hereafter|herein|respectively|in|plural|singular|being)\b"
    r"|[\s,;:/&]|(?<=,)[”\"])*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:s\b)?[\s.,;:]*(?:(?:as|if|for|which|whether|respectively|hereinafter|hereafter|herein|in\s+each\s+case|in\s+this|(?:used\s+)?in\s+(?:sections?|articles?|clauses?)|only|and\s+"
    r"(?:their|its|such|any)|or\s+(?:similar|any|such)|where|when|with|effective|being|including|such\s+as|available|whose|who|that|depending|previously|formerly|each\s+of"
    r"|located|set\s+(?:forth|out)|as\s+described|excluding|other\s+than|but|more|address)\b.{0,300})?",
    re.IGNORECASE | re.DOTALL,
)
_CALLED = compiled(rf"\b(?:{alternatives(_DATA['called'])})\s*[,:]?\s*(?:(?:the|a|an|our|your|each|this|these)\s+)?\Z")
# Outside of brackets: “, each a “Party” and together the “Parties””, “— the “Territory” —”.
_APART = re.compile(
    r"(?:[,;–—]\s*(?:and\s+)?|\band\s+)(?:each|both|collectively|together|individually|jointly|hereinafter|hereafter|herein),?\s+"
    r"(?:(?:the|an?|our|their)\s+)?\Z|[–—]\s*(?:the|our|each\s+an?)\s+\Z",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|either|both|together|collectively|individually|jointly)\b", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(
    r"(?:\b(?:sections?|clauses?|articles?|paragraphs?|parts?|chapters?|items?|rules?|options?|modules?)|§)\s*(?:\d|[A-Z][.\d(])[\w.()-]*"
    r"(?:\s*(?:,|and|or|to|through|[–-])\s*\d[\w.()-]*)*(?:\s+(?:above|below))?\s*\Z",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"(?:\b(?:certain|key|additional|further|other|specific|selected|main)\s+)?\b(?:definitions?|defined\s+terms|definitional|glossary|interpretation|meanings?|terms\s+used|dictionary)\b",
    re.IGNORECASE,
)
_INTRODUCES_LIST = re.compile(
    r"\b(?:following\b.{0,60}?\b(?:terms?(?!\s+(?:and\s+conditions|of\s|that\b|(?:will|shall)\s+(?:apply|govern)|appl|govern))|words?|definitions?|expressions?|meanings?)|definitions?|defined\s+terms"
    r"|meanings?)\b[^.]{0,160}:\s*\Z|\b(?:following|(?<!not\s)(?<!otherwise\s)defined)\b[^.]{0,120}\b(?:mean|meanings?|definitions)\b(?!\s+as\b)"
    r"|\b(?:terms?|words?|expressions?|phrases?)\b[^.]{0,60}\b(?:set\s+(?:forth|out)|listed|given|provided)\b[^.]{0,60}\bmeanings?\b"
    r"|\bmeanings?\s+(?:provided|given|set\s+(?:forth|out)|assigned|ascribed|indicated)\b[^.]{0,50}\b(?:below|as\s+follows)\b",
    re.IGNORECASE | re.DOTALL,
)
_ARTICLE = re.compile(r"\A(?:the|an?|this|these)\s+(?-i:(?=[A-Z]))", re.IGNORECASE)
_JOIN = re.compile(
    r"\s*[,;/&(]?\s*(?:and/or\b|and\b|or\b|(?:also\s+)?(?:known\s+as|called|referred\s+to\s+as|abbreviated(?:\s+(?:as|to))?)\b|aka\b"
    r"|also\b|collectively\b|together\b|hereinafter\b|as\s+well\s+as\b|\()?[\s,(*]*(?:(?<=\()including\s+)?"
    r"(?:(?:the|a|an|each|either|any|together|collectively|(?:in\s+the\s+)?(?:singular|plural)|as)\b,?\s*)*"
)
_LEAD = re.compile(
    r"[\s•·▪◦‣●○■]*(?:(?:the|a|an|any|each|all|our|this)\s+)?(?:(?:capitali[sz]ed\s+)?"
    r"(?:terms?|words?|expressions?|phrases?|abbreviations?|acronyms?)\s+)?(?:(?:the|a|an)\s+)?[*_\s]*",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"\b(?:click|clicks|clicking|press|pressing|select|selecting|tap|tapping|choosing|typing)\b[^.]{0,20}\Z"
)

# How others call a thing, in a bracket: (sometimes known colloquially as the “Lemon Law”).
_SO_CALLED = re.compile(
    r"\b(?:commonly|colloquially|generally|informally|popularly|sometimes|often|usually)\b(?!.*\bherein)[^()“”]{0,30}"
    r"\b(?:called|known|referred|termed|named|dubbed)\b",
    re.IGNORECASE,
)

# "the companies to which “us” or “Example” refer".
# "References to a “Day” are to a day of work".
# "The person who signs is the “Lead” of the group".
# "When we refer to “Tools”, we mean …", "Where this policy mentions “Gadgets”, it means …".
# "We use the term “Room” to describe …", "we say “Guest” when we mean …".
# "What we mean by “Goods” is …".
# "Whenever the word “Board” appears, it stands for …".
_TEXT: Final = r"(?:this|these|the|our)\s+(?:[\w-]+\s+){0,2}?[\w-]+"
_WORDS: Final = r"(?:expression|name|phrase|term|word)s?"
_FRAMES: Final = (
    (re.compile(r"\bto\s+which\s+\Z", re.IGNORECASE), re.compile(r"\s+refers?\b")),
    (
        re.compile(r"\breferences?\s+(?:in\s+(?:this|these)\s+\w+\s+)?to\s+(?:(?:the|an?)\s+)?\Z", re.IGNORECASE),
        re.compile(
            r"\s+(?:is|are|means?|shall\s+(?:be|mean)|will\s+be)\s+(?:an?\s+)?(?:references?\s+)?to\b(?!\s+be\b)"
        ),
    ),
    (
        re.compile(r"\b(?:that|who|which)\s[^.;:“”\"]{3,70}\s(?:is|are)\s+(?:the|an?)\s+\Z", re.IGNORECASE),
        re.compile(r"\s+of\s+(?:the|an?|this|that|such|each)\b|[.,](?:\s|\Z)"),
    ),
    (
        re.compile(
            r"\b(?:when(?:ever)?|where(?:ver)?|if)\s+(?:we|you|(?:this|these|the|our)\s+(?:[\w-]+\s+){1,3}?)\s*(?:says?|uses?"
            r"|mentions?|refers?\s+to|speaks?\s+(?:of|about)|talks?\s+about)\s+(?:the\s+(?:words?|terms?)\s+)?(?:(?:the|an?|our)\s+)?\Z",
            re.IGNORECASE,
        ),
        re.compile(
            r",?\s+(?:we|it|they|this|that)\s+(?:also\s+)?(?:means?|refers?\s+to|(?:is|are)\s+referring\s+to)\b"
        ),
    ),
    (
        re.compile(
            rf"\b(?:we|{_TEXT})\s+(?:(?:will|may|also|sometimes|only)\s+)*(?:says?|uses?|writes?)\s+(?:the\s+{_WORDS}\s+)?"
            r"(?:(?:the|an?|our)\s+)?\Z",
            re.IGNORECASE,
        ),
        re.compile(
            r",?\s+(?:to\s+(?:cover|denote|describe|designate|identify|mean|refer\s+to|talk\s+about)\b"
            r"|(?:when|where)\s+(?:we|it|they)\s+(?:(?:are|is)\s+)?(?:means?|meaning|refer(?:s|ring)?\s+to|talk(?:s|ing)?\s+about)\b)"
        ),
    ),
    (
        re.compile(
            rf"\bwhat\s+(?:we|{_TEXT})\s+means?\s+(?:here\s+)?by\s+(?:the\s+{_WORDS}\s+)?(?:(?:the|an?|our)\s+)?\Z",
            re.IGNORECASE,
        ),
        re.compile(r",?\s+(?:is|are)\b"),
    ),
    (
        re.compile(
            rf"\b(?:when(?:ever)?|where(?:ver)?|if)\s+(?:the\s+{_WORDS}\s+)?(?:(?:the|an?|our)\s+)?\Z", re.IGNORECASE
        ),
        re.compile(
            r"\s+(?:appears?|comes\s+up|is\s+(?:mentioned|used|written)|occurs?)\b[^.;“”\"]{0,60}?,?\s+(?:it|that|this|we)\s+"
            r"(?:denotes?|describes?|means?|refers?\s+to|stands?\s+for)\b"
        ),
    ),
)

_SMALL: Final = frozenset(words("of and or and/or the for to in on with by as a an"))


def may_be_name(name: str) -> bool:
    """Return whether every word except small words begins with a capital or a digit."""
    return all(not word[:1].islower() or word in _SMALL for word in name.split()) and name[:1] not in ("(",)


DEFINING: Final = Defining(
    means=MEANS,
    includes=INCLUDES,
    mark=MARK,
    mark_and_article=MARK_AND_ARTICLE,
    meaning_after_stop=MEANING_AFTER_STOP,
    meaning_on_next_line=MEANING_ON_NEXT_LINE,
    begins_meaning=BEGINS_MEANING,
    negated=NEGATED,
    points=POINTS,
    for_purposes=FOR_PURPOSES,
    lead=_LEAD,
    frames=_FRAMES,
    join=_JOIN,
    introduces=_INTRODUCES,
    introductory=_INTRODUCTORY,
    tail=_TAIL,
    not_here=_NOT_HERE,
    called=_CALLED,
    so_called=_SO_CALLED,
    apart=_APART,
    announces=announcing(_DATA, _DATA["small"], _DATA["joins"]),
    each=_EACH,
    labels=_LABELS,
    number_before=_NUMBER_BEFORE,
    titles=TITLES,
    listing=_LISTING,
    introduces_list=_INTRODUCES_LIST,
    article=_ARTICLE,
    is_a=IS_A,
    meaning=MEANING,
    mark_and_meaning=MARK_AND_MEANING,
    comma_and_article=COMMA_AND_ARTICLE,
    **labels_around(_DATA),
)
"""How English defines terms."""
