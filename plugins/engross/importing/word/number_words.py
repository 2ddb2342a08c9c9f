"""Numbers in words, as Word writes them in English: One, First, 1st."""

from __future__ import annotations

_SMALL = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
]
_TENS = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
_ORDINALS = {
    "One": "First", "Two": "Second", "Three": "Third", "Five": "Fifth", "Eight": "Eighth", "Nine": "Ninth",
    "Twelve": "Twelfth",
}  # fmt: skip


def cardinal(number: int) -> str:
    """Return a number in words: 21 is "Twenty-one"; from 1,000 in digits."""
    if number >= 1000:
        return str(number)
    if number >= 100:
        rest = f" {cardinal(number % 100).lower()}" if number % 100 else ""
        return f"{_SMALL[number // 100]} Hundred{rest}"
    if number < 20:
        return _SMALL[number]
    ones = f"-{_SMALL[number % 10].lower()}" if number % 10 else ""
    return _TENS[number // 10 - 2] + ones


def ordinal(number: int) -> str:
    """Return a number as 1st, 2nd, 3rd, 4th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def ordinal_word(number: int) -> str:
    """Return a number as First, Second; from 1,000 in digits."""
    if number >= 1000:
        return ordinal(number)
    words = cardinal(number)
    begin = max(words.rfind("-"), words.rfind(" ")) + 1
    last = words[begin:].capitalize()
    word = _ORDINALS.get(last, f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return words[:begin] + (word.lower() if begin else word)
