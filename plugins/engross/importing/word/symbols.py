"""Characters of symbol fonts, which have no meaning of their own in the text of a Word file."""

from __future__ import annotations

import engross.common.lazy_re as re

_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x76: "❖", 0x77: "⬥", 0xA1: "○", 0xA7: "▪",
    0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x2A: "✉", 0x28: "☎",
}  # fmt: skip
_SYMBOL = {
    0x22: "∀", 0x44: "Δ", 0x46: "Φ", 0x47: "Γ", 0x50: "Π", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x64: "δ",
    0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x73: "σ", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔",
    0xAC: "←", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
    0xBB: "≈", 0xBE: "—", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
PRIVATE = re.compile("[\uf000-\uf0ff]+")
"""Where Word stores the characters of symbol fonts."""


def symbol(font: str, code: int) -> str:
    """Return the ordinary character for one of a symbol font; an empty string if it is not known."""
    table = _SYMBOL if font.strip().lower() == "symbol" else _WINGDINGS if font.lower().startswith("wingdings") else {}
    return table.get(code - 0xF000 if code >= 0xF000 else code, "")
