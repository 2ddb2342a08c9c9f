"""Forms of verbs that contracts define as terms: Submit, Submits, Submitted, Submitting."""

from __future__ import annotations

from functools import lru_cache

import engross.common.lazy_re as re
from engross.language.sentences import wordlist, words

# Verbs whose participles mean the same as the defined term. Left out are words whose participle is a thing of its own:
# Accounting, Building, Filing, Funding, Hosting, Marketing, Offering, Pricing, Shipping, Training.
_VERBS = wordlist(
    "accept access acquire activate adapt affiliate aggregate amend anonymize anonymise approve archive assign "
    "authorize authorise breach cancel certify collect combine commercialize commercialise commit communicate compile "
    "control convert convey copy create customize customise decompile default de-identify deidentify delete deliver "
    "deploy derive develop disclose dispose distribute download edit embed enable encrypt exercise exploit export "
    "finance grant import incorporate indemnify infringe install integrate launch license licence lose maintain "
    "manufacture modify monitor obtain operate permit possess prepare process procure propagate protect provide "
    "publish purchase receive redistribute reference register release remove rent repair replace replicate reproduce "
    "resell retain reverse revoke sell share solicit store sublicense sublicence submit subscribe substitute supply "
    "suspend terminate transfer translate transmit update upgrade upload use validate verify view withdraw"
)
# Verbs without the regular participle in -ed, each with its past forms.
_PAST: dict[str, tuple[str, ...]] = {
    verb: tuple(past.split("/"))
    for verb, past in (
        pair.split("=")
        for pair in words(
            "sell=sold resell=resold lose=lost withdraw=withdrew/withdrawn give=gave/given take=took/taken"
        )
    )
}
# Verbs of several syllables that double their last letter, and verbs that may.
_DOUBLED = ("mit", "fer", "trol", "cur", "pel", "bed")
_DOUBLED_OR_NOT = wordlist("cancel label travel model")
_SHORT = re.compile(r"[^aeiou]*[aeiou][bdgklmnprtv]\Z")
# Terms in -ing and -ion whose verb means the same.
_FROM_NOUN = {
    "processing": "process",
    "selling": "sell",
    "sharing": "share",
    "transferring": "transfer",
    "distributing": "distribute",
    "using": "use",
    "licensing": "license",
}


@lru_cache(maxsize=16384)
def verb_forms(name: str, *, any_verb: bool = False) -> tuple[str, ...]:
    """Return the other forms of a capitalised verb; none if a name is not one.

    `any_verb` treats every single word as a verb ("“Onboard” means to …").
    """
    word = name.lower()
    if not name[:1].isupper() or (name.isupper() and len(name) > 1):
        return ()
    if word in _FROM_NOUN:
        word = _FROM_NOUN[word]
        return tuple(form.capitalize() for form in (word, *_forms(word)))
    if word not in _VERBS and not (any_verb and word.isalpha()):
        return ()
    return tuple(form.capitalize() for form in _forms(word))


def _forms(verb: str) -> list[str]:
    """Return the third person, the past forms and the participle in -ing."""
    stems = _stems(verb)
    present = (
        verb[:-1] + "ies" if _ends_in_y(verb) else verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    )
    past = _PAST.get(verb) or [verb[:-1] + "ied" if _ends_in_y(verb) else stem + "ed" for stem in stems]
    return [present, *past, *(stem + "ing" for stem in stems)]


def _stems(verb: str) -> list[str]:
    """Return what precedes -ed and -ing: submitt, us, terminat."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return [verb[:-1]]
    if verb in _DOUBLED_OR_NOT:
        return [verb, verb + verb[-1]]
    return [verb + verb[-1] if verb.endswith(_DOUBLED) or _SHORT.fullmatch(verb) else verb]


def _ends_in_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2:-1] not in "aeiou"
