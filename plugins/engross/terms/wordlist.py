"""Lists of words, written the way people read them."""


def wordlist(text: str) -> frozenset[str]:
    """The words of a text, separated by white space."""
    return frozenset(text.split())
