"""How often texts have words and names."""

from engross.terms.word_counts import WordCounts


class _Text(str):
    """A text that counts how often it is compared with a name, and that nothing searches as a whole."""

    compared = 0

    def startswith(self, *arguments: object) -> bool:
        _Text.compared += 1
        return super().startswith(*arguments)  # type: ignore[arg-type]

    def count(self, *_: object) -> int:
        raise AssertionError("the whole text is searched")


def _counts(text: str) -> WordCounts:
    counts = WordCounts()
    counts.__dict__["text"] = _Text(text)
    return counts


def test_a_name_is_only_quoted() -> None:
    counts = _counts('The second form (“Sale of Land”) and the third (“Lease”). A Lease is no “Leasehold”, nor "Sale".')
    assert counts.is_only_quoted("Sale of Land")
    assert counts.is_only_quoted("Leasehold")
    assert not counts.is_only_quoted("Lease")
    assert not counts.is_only_quoted("Sale")  # also in “Sale of Land”


def test_each_name_takes_as_long_in_a_longer_text() -> None:
    counts = _counts(" ".join(f"The second form is (“Carrier to Carrier {at}”)." for at in range(1000)))
    _Text.compared = 0
    assert all(counts.is_only_quoted(f"Carrier to Carrier {at}") for at in range(1000))
    assert _Text.compared == 1000
