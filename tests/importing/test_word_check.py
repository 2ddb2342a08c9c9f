"""The words of a source are compared with those of the imported text; only what the report lists may differ."""

from engross.importing.values import Difference
from engross.importing.word_check import compare_words, words_of


def differences(source: str, imported: str, labels: tuple[str, ...] = (), dropped: tuple[str, ...] = ()):
    return compare_words(words_of(source), words_of(imported), labels, dropped)


def test_equal_texts() -> None:
    assert differences("a b c", "a  b\nc") == ()


def test_labels_and_dropped_text_are_expected() -> None:
    assert differences("Page 3 one two three", "(a) one (b) two three", ("(a)", "(b)"), ("Page 3",)) == ()


def test_what_is_not_listed_is_a_difference() -> None:
    assert differences("one two three", "one three") == (Difference("one", "two", ""),)
    assert differences("one two", "one more two") == (Difference("one", "", "more"),)
    assert differences("one two", "one (a) two", ("(b)",)) == (Difference("one", "", "( a )"),)
    assert differences("onetwo", "one two") != ()


def test_order_counts() -> None:
    assert differences("one two three four five six seven eight", "two one three four five six seven eight") != ()


def test_long_texts_take_linear_time() -> None:
    source = " ".join(f"w{at}" for at in range(60_000))
    imported = " ".join(f"({at}) w{at}" for at in range(60_000))
    assert differences(source, imported, tuple(f"({at})" for at in range(60_000))) == ()
