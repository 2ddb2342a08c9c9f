"""Finds definitions inside sentences: (the “Effective Date”), hereinafter called “X”.

A bracket defines if it contains only names and words that introduce them. A bracket that points elsewhere ("as defined
in the “Master Agreement”"), contains an example or describes a label does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.language import Defining, Grammar, sentence_start
from engross.terms.abbreviations import letters_after
from engross.terms.brackets import around_brackets
from engross.terms.candidates import (
    LONGEST_NAME,
    Named,
    can_be_name,
    is_proper,
    without_article,
)
from engross.terms.definition_bodies import running_definition
from engross.terms.definition_cues import is_defined_elsewhere
from engross.terms.passages import Found, Outline, Passage
from engross.terms.quoted_titles import is_title_of_number
from engross.terms.unmarked_brackets import half_in_sentence, part_of_text, unmarked_bracket
from engross.terms.vocabulary import PRONOUNS

# A bracket, with optional endings inside it: (each, a “Service(s)”).
_BRACKET = re.compile(
    r"\(((?:\([a-zA-Z]{1,6}\)[^()]{0,20}){0,3}[^()]{2,400}(?:\([a-zA-Z/]{1,6}\)[^()]{1,400}){0,9})\)|\[([^\[\]()]{2,400})\]"
)
_LONGEST_INTRODUCTION = 160
_FEWEST_USES = 2
# "the button (“Continue”)": a label or a title, unless the text uses it.
_LABELLED = re.compile(
    r"\b(?:buttons?|pages?|screens?|menus?|tabs?|fields?|links?|box|boxes|status|films?|movies?|songs?|books?|labels?|icons?)\s+\Z"
)
# La sociedad se denomina «Riegos del Sur, S.L.»: the name of a company, and no term.
_LEGAL_FORM = re.compile(r"[\s,](?:S\.?\s?L\.?U?|S\.?\s?A\.?[SU]?|SARL|SAS|GmbH|AG|KG|UG|Inc|Ltd|LLC)\.?\Z")
_FEWEST_SMALL = 3
"""How often a text has a name in small letters that no word introduces, with its definition."""
# "(below identified as “Acme”)": a bracket that introduces a name, although "identified as" alone does not.
_BELOW = re.compile(
    r"\s*(?:below|hereinafter|hereafter|herein)\s+(?:identified|designated|described)\s+as\s+\Z", re.IGNORECASE
)
# "(including its annexes, the “Terms”)": a bracket that says what belongs to the thing it names.
_WITH_PART = re.compile(
    r"\s*including\s+(?:[^,“”\"]{2,80}|[^“”\"]{2,140}\b(?:and|or)\s+[^,“”\"]{2,80}),\s*(?:the\s+|our\s+|this\s+|these\s+)?\Z",
    re.IGNORECASE,
)
# Outside of brackets: ", each a “Party” and together the “Parties”", "— the “Territory” —".
# "Each of the following is an “Event of Default”:", "Any such person is an “Authorized User”."
_STATED = re.compile(
    r"\b(?:[Ee]ach|[Aa]ny)\s+such\s+[\w\s-]{2,40},\s+an?\s+\Z|[”\"]\s+and\s+an?\s[^.;:,“”\"]{3,60},\s+an?\s+\Z"
    r"|\b(?:[Ee]ach|[Aa]ny|[Aa]nything|[Aa]nyone|[Ee]verything|[Ee]veryone|[Ss]uch|[Ff]ollowing)\b[^.;:“”\"]{0,90}\b(?:is|are|be|constitutes?)\s+(?:each\s+)?an?\s+\Z"
)
# "the work, each portion being a “Deliverable”", "the parts, all of them being the “Kit”, are packed".
_APPOSED = re.compile(
    r",\s+(?:each|every|any|all|both|such|these|together|the\s+latter)\b[^.,;:“”\"]{0,40}\bbeing\s+(?:an?|the|our|your)\s+\Z"
)
_DEEMED = re.compile(r"\b(?:will|shall)\s+be\s+(?:collectively\s+)?(?:deemed|considered)\s+(?:the\s+|an?\s+)?\Z")
_HEREUNDER = re.compile(r"\s+(?:hereunder|herein)\b|,?\s+for\s+(?:all\s+|the\s+)?purposes?\s+of\b")
_DEMONSTRATED = re.compile(r"(?:\A|[.;]\s+)These\s+\Z")  # "We test. These “Trials” are free."
_VERB_NEXT = re.compile(r"\s+(?:is|are|may|can|will|shall|must|includes?)\b")
# "Inputs and Outputs together are “Materials.”", "you become a “Member”", "users who offer lessons are “Tutors”".
_SUMMED = re.compile(
    r"(?:\b(?:together|collectively|jointly|each|individually|both),?\s+(?:is|are|be|constitutes?)"
    r"|\b(?:is|are|be)\s+(?:each|together|collectively|jointly|individually))\s+(?:(?:an?|the|our)\s+)?\Z"
    r"|\b(?:together|collectively),\s[^.;:“”\"]{1,60}\sare\s+\Z|\b(?:constitutes?|together\s+(?:form|make\s+up|comprise))\s+(?:(?:an?|the|our)\s+)?\Z|\b(?:is|becomes?|are|(?:shall|will)\s+be)\s+(?:an?|the|your|our)\s+\Z|(?P<plural>(?<!\bthere)\s+are\s+)\Z",
    re.IGNORECASE,
)
# A sentence about words on a screen or in a form: "The status is the “Final Status”."
_ABOUT_LABELS = re.compile(
    r"\b(?:(?:this|it|that)\s+is|(?:we|you|they)\s+are)\s+an?\s+\Z"
    r"|\b(?:name|status|title|label|word|phrase|term|line|option|button|category|answer|setting|value|code|tag|badge)s?\b"
    r"[^.;:“”\"]{0,40}\Z",
    re.IGNORECASE,
)
_ENDS_STATEMENT = re.compile(
    r"(?<=[.:][”\"’'])|(?<=,[”\"’'])(?!\s+as\s)|[.:;)]|\s*\Z|,\s+as\s+applicable"
    r"|\s+(?:hereunder|herein|for\s+short|(?:under|in|for)\s+th(?:is|ese)\s+\w+)\b|,?\s+for\s+(?:the\s+)?purposes?\s+of\b|,?\s+and\s+(?![“\"])(?!(?:an?|the)\s+[“\"])",
    re.IGNORECASE,
)
_KNOWN_AS = re.compile(
    r"\b(?:called\s*|known\s+as\s*(?:an?\s*)?|(?:commonly|generally|usually|sometimes|often)\b[^()“”]{1,40})\Z",
    re.IGNORECASE,
)
_CAPITALS_BEFORE = re.compile(r"(?<![\w-])(?P<name>[A-Z][\w’'&-]*(?:\s+[A-Z][\w’'&-]*){1,4})\s+\Z")
_ARTICLE = re.compile(r"(?:\A|\s)(?:the|an?|each)\s+\Z", re.IGNORECASE)
_WILL_BE = re.compile(r"\b(?:will|shall)\s+be\s+\Z")
_COMMONLY = re.compile(
    r"\b(?:commonly|colloquially|generally|informally|popularly|sometimes|often|usually|not|previously|formerly)\b",
    re.IGNORECASE,
)
# "also called the “Lemon Law” in the press", "among traders"
_BY_OTHERS = re.compile(
    r",?\s+(?:in|by|among|within)\s+(?:the\s+)?(?:media|newspapers?|press|public|industry|trade|market|literature|everyday\s|common\s"
    r"|many|most|some|others|people|lawyers|traders|practitioners|users\s+elsewhere)\b"
)
_HERE = re.compile(r"\b(?:herein|hereinafter|hereafter|in\s+this\s+\w+)\b", re.IGNORECASE)
# "(a “For Cause” termination)": a noun after the name, which is an adjective.
# "(either “Fixed” or “Hourly”)": values; "administrative (or “root”) access": another word.
_ALTERNATIVES = re.compile(r"\s*(?:either|or)\s+")
_NOUN_AFTER = re.compile(r"\s+[a-z]+\)")


def find(passage: Passage, words: list[Named], outline: Outline) -> Iterator[Found]:
    """Yield the definitions inside the sentences of a passage; `words` are its marked words."""
    text = passage.text
    if words:
        yield from _called(passage, words, outline)
    if "(" in text or "[" in text:
        for bracket in _BRACKET.finditer(text):
            inside = [named for named in words if bracket.start() < named.start and named.end < bracket.end()]
            if not inside:
                yield from unmarked_bracket(passage, bracket, outline)
            elif not is_title_of_number(passage, bracket, inside[0], outline):
                yield from _in_bracket(passage, bracket.span(), bracket.start() + 1, inside, outline)
        starts = [named.start for named in words]
        for around, last in around_brackets(text) if words else ():
            inside = words[bisect_left(starts, last) : bisect_left(starts, around[1])]
            if inside:
                yield from _in_bracket(passage, around, last, inside, outline)
    yield from half_in_sentence(passage, words)


def _in_bracket(
    passage: Passage, bracket: tuple[int, int], begin: int, words: list[Named], outline: Outline
) -> Iterator[Found]:
    """Yield the names that the part of a bracket from `begin` defines; `words` are the marked words in it."""
    text = passage.text
    before = text[begin : words[0].start]
    defining = passage.grammar.defining
    # After a semicolon, the words before it do not count: "(including all parts; collectively, the “Works”)".
    close = before.rpartition(";")[2] if ";" in before else before
    after = close.rpartition(",")[2]  # (par exemple Alpha ou Beta, ci-après « Tiers »)
    announced = defining.introductory.fullmatch(after) and defining.announces.triggers.search(after.lower())
    if len(before) > _LONGEST_INTRODUCTION or announced:
        before = close = after
    if defining.not_here.search(close) and not (_WITH_PART.match(before) or _BELOW.match(before)):
        return
    if not defining.introduces.match(before) or len(before) > _LONGEST_INTRODUCTION:
        return
    name = without_article(words[0].name, passage.grammar)
    if defining.so_called.search(close) and not (is_proper(name) and outline.uses(name) >= _FEWEST_SMALL):
        return  # (dits « Cookies »), (sometimes known as the “Lemon Law”)
    if _is_label(passage, bracket[0], words[0], outline, introduced=bool(before)):
        return
    if text[bracket[0]] == "[" and not words[0].quoted:
        return
    if _ALTERNATIVES.fullmatch(before) and (before.strip() != "or" or not is_proper(words[0].name)):
        return
    if _verb_inside(text, words, bracket[1], defining):
        return
    families = _families(passage, words, outline, introduced=bool(before.strip()))
    last = families[-1][-1] if families else None
    if last is None or not (
        defining.tail.fullmatch(text, last.end, bracket[1] - 1) or _is_before_noun(text, last, outline)
    ):
        return
    if len(families) == 1 and before.strip() == "or":
        families[0][:0] = _named_before(text, bracket[0], families[0][0])
    begin = sentence_start(text, bracket[0])
    for family in families:
        yield running_definition(passage, family, (begin, bracket[1]))


def _named_before(text: str, end: int, name: Named) -> list[Named]:
    """Return the longer name before a bracket that gives a shorter one: "the Meta Products (or “Products”)"."""
    found = _CAPITALS_BEFORE.search(text, max(0, end - LONGEST_NAME), end)
    if not found or found["name"] == name.name or not found["name"].endswith(f" {name.name}"):
        return []
    return [Named(found["name"], found.start("name"), found.end("name"), False, False)]


def _is_before_noun(text: str, name: Named, outline: Outline) -> bool:
    """Return whether a name in brackets is before a noun, and the text uses it: (a “For Cause” termination)."""
    return _NOUN_AFTER.match(text, name.end) is not None and outline.repeats(name.name)


def _is_label(passage: Passage, start: int, first: Named, outline: Outline, *, introduced: bool) -> bool:
    """Return whether a bracket quotes the label of a screen or a title: the button (“Buy”)."""
    text, grammar = passage.text, passage.grammar
    if not grammar.is_english:
        labelled = grammar.defining.labels.search(text, max(0, start - 60), start) is not None
        return labelled and not _is_pronoun(first, grammar)
    labelled = not introduced and _LABELLED.search(text, max(0, start - 20), start) is not None
    return labelled and outline.uses(first.name) < _FEWEST_USES


def _verb_inside(text: str, words: list[Named], end: int, defining: Defining) -> bool:
    """Return whether a verb in the bracket defines its term; `definitions` finds such a definition."""
    return any((found := defining.means.match(text, named.end)) and found.end() < end for named in words)


def _families(passage: Passage, words: list[Named], outline: Outline, *, introduced: bool) -> list[list[Named]]:
    """Group the names in one bracket by the thing they mean; return none if one of them cannot be defined there."""
    text, grammar, defining = passage.text, passage.grammar, passage.grammar.defining
    families: list[list[Named]] = []
    for at, name in enumerate(words):
        alone = not name.quoted
        if not can_be_name(name.name) or (alone and part_of_text(grammar).fullmatch(name.name)):
            return []
        pronoun = (at or (name.quoted and not grammar.is_english)) and _is_pronoun(name, grammar)
        if alone and not grammar.may_be_name(without_article(name.name, grammar)) and not pronoun:
            return []
        if alone and name.italic and not introduced and not outline.repeats(without_article(name.name, grammar)):
            return []
        if not (is_proper(name.name) or pronoun) and not _is_small_name(passage, words, name, outline, introduced):
            return []
        if not families:
            families.append([name])
            continue
        between = text[words[at - 1].end : name.start]
        if defining.introductory.fullmatch(between) and not _is_another(families[-1], name, between, grammar):
            families[-1].append(name)
        elif (
            defining.introduces.match(between)
            and not defining.not_here.search(between)
            and len(between) <= 2 * _LONGEST_INTRODUCTION
        ):
            families.append([name])
        else:
            return []
    return families


def _is_small_name(passage: Passage, words: list[Named], name: Named, outline: Outline, introduced: bool) -> bool:
    """Return whether a name in small letters is defined: words introduce it, or the text repeats each of its words."""
    if introduced:
        return not _KNOWN_AS.search(passage.text, 0, words[0].start)
    forms = (name.name, *passage.grammar.forms(name.name))
    return name.quoted and name.name.islower() and sum(map(outline.uses, set(forms))) >= _FEWEST_SMALL


def _is_pronoun(name: Named, grammar: Grammar) -> bool:
    return name.name.capitalize() in PRONOUNS or name.name.lower() in grammar.pronouns


def _is_another(family: list[Named], name: Named, between: str, grammar: Grammar) -> bool:
    """Return whether "each a “Party”" after “Crusoe” begins a new family; “Parties” after “Party” does not."""
    if not grammar.defining.each.search(between) or len(between) < 6:
        return False
    return not any(name.name in grammar.forms(one.name) for one in family)


def _called(passage: Passage, words: list[Named], outline: Outline) -> Iterator[Found]:
    """Yield the names defined by "referred to as the “X”", "hereinafter called “X” or “Y”"."""
    text, grammar = passage.text, passage.grammar
    introductory = grammar.defining.introductory
    taken = -1
    for at, name in enumerate(words):
        if at <= taken or not can_be_name(name.name):
            continue
        # "called a “modified version” of the work": also in small letters, where the text repeats several words.
        small = name.quoted and " " in name.name and name.name.islower() and outline.uses(name.name) >= _FEWEST_SMALL
        small = small or (name.quoted and outline.uses(name.name) >= _FEWEST_SMALL and _is_named_here(text, name))
        small = small or _is_small_in_bold(text, name, grammar, outline) or (name.quoted and _is_pronoun(name, grammar))
        if not (small or grammar.may_be_name(without_article(name.name, grammar))):
            continue
        if not _has_cue(text, name, grammar) or is_defined_elsewhere(text, name.end):
            continue
        family = [name]
        taken = at
        while taken + 1 < len(words) and introductory.fullmatch(text, words[taken].end, words[taken + 1].start):
            between = text[words[taken].end : words[taken + 1].start]
            apart = (
                not between.strip() and text[words[taken].end - 2] != ","
            )  # no comma inside the marks: “you,” “your”
            if apart or _is_another(family, words[taken + 1], between, grammar):
                break
            taken += 1
            family.append(words[taken])
        if not grammar.is_english and _LEGAL_FORM.search(name.name):
            del family[0]  # En adelante «Riegos del Sur, S.L.» o el «Responsable»
        if len(family) == 1:
            family += letters_after(text, family[0])
        apart = len(family) > 1 and grammar.defining.respectively.match(text, family[-1].end) is not None
        for one in [[each] for each in family] if apart else filter(None, [family]):
            yield running_definition(passage, one, (sentence_start(text, name.start), family[-1].end))


def _is_named_here(text: str, name: Named) -> bool:
    """Return whether words before a name say that this text calls something so: hereinafter referred to as “tenant”."""
    return _HERE.search(text, max(0, name.start - 40), name.start) is not None


def _is_small_in_bold(text: str, name: Named, grammar: Grammar, outline: Outline) -> bool:
    """Return whether bold words in small letters are announced, and often used: en adelante, la **parte vendedora**."""
    if grammar.is_english or name.quoted or not name.name.islower() or outline.uses(name.name) < _FEWEST_SMALL:
        return False
    before = text[sentence_start(text, name.start) : name.start]
    return grammar.defining.announces.triggers.search(before.lower()) is not None


def _has_cue(text: str, name: Named, grammar: Grammar) -> bool:
    """Return whether the words before a name introduce it."""
    before = text[max(0, name.start - 100) : name.start]
    if before.rstrip()[-1:] in ("", "(", "“", '"'):
        return False
    outside, _, inside = before.rpartition("(")
    if outside and ")" not in inside and not grammar.is_english and grammar.defining.not_here.search(inside):
        return False
    cue = grammar.defining.called.search(before)
    if cue:
        marked = (name.quoted or _is_called_in_bold(name, cue, grammar)) and not _BY_OTHERS.match(text, name.end)
        here = _HERE.search(cue[0])  # "sometimes referred to herein as": by this text
        usual = (not here and _COMMONLY.search(before[max(0, cue.start() - 20) :])) or re.search(
            r"\bas\s+defined\b", before
        )
        return marked and not usual
    if not name.quoted or not is_proper(name.name):
        return False
    if grammar.defining.apart.search(before):
        return before.rfind("(") <= before.rfind(")")
    if _APPOSED.search(before) and (text[name.end : name.end + 1] == "," or text[name.end - 2 : name.end - 1] == ","):
        return True
    if _DEMONSTRATED.search(before) and _VERB_NEXT.match(text, name.end):
        return True
    return bool(_ENDS_STATEMENT.match(text, name.end)) and (
        bool(_STATED.search(before) or _APPOSED.search(before))
        or ((name.bold or _HEREUNDER.match(text, name.end)) and _DEEMED.search(before) is not None)
        or _is_summed(before, name, grammar)
    )


def _is_summed(before: str, name: Named, grammar: Grammar) -> bool:
    """Return whether a statement names what its subject describes: "Inputs and Outputs together are “Materials”"."""
    found = _SUMMED.search(before)
    if (
        not found
        or not grammar.may_be_name(without_article(name.name, grammar))
        or name.name.isupper()
        or _ABOUT_LABELS.search(before)
    ):
        return False
    return not found["plural"] or name.name.endswith("s")


def _is_called_in_bold(name: Named, cue: re.Match[str], grammar: Grammar) -> bool:
    """Return whether bold words are a term: "referred to as **the Shop**", not "the button called **Save**"."""
    if re.search(r"[:\n]", cue[0]):
        return False
    fixed = " as " in f"{cue[0]} " or "herein" in cue[0].lower()
    introduced = not grammar.is_english or fixed or _WILL_BE.search(cue.string, 0, cue.start()) is not None
    return (
        introduced
        and not cue[0].lower().startswith("known")
        and name.bold
        and not name.italic
        and (is_proper(name.name) or not grammar.is_english)
    )


def inside_definition(passage: Passage, words: list[Named], leading: int) -> Iterator[Found]:
    """Yield names defined inside a listed definition: "capital stock, including the **“Common Stock”**".

    They are marked like the term of that definition, `words[leading]`: quoted and bold.
    """
    text = passage.text
    for name in words[leading + 1 :]:
        article = _ARTICLE.search(text, max(0, name.start - 8), name.start)
        if name.quoted and name.bold and article and passage.grammar.may_be_name(name.name) and can_be_name(name.name):
            yield running_definition(passage, [name], (name.start, name.end))
