"""Characters that cannot be seen: a sign for each where a cell is painted, and their names.

Signs are only painted; what is copied, edited and loaded is the text itself.
"""

import unicodedata
from functools import lru_cache

CONTROLS = {i: chr(0x2400 + i) for i in range(0x20)} | {0x7F: "␡"}
SIGNS = CONTROLS | {ord("\t"): "⇥", ord("\n"): "⏎", ord("\r"): "⏎"}
NAMES = {
    "\t": "tab",
    "\n": "line end",
    "\r": "line end",
    "\xa0": "no-break space",
    "\xad": "soft hyphen",
    "\u200b": "zero width space",
    "\ufeff": "byte order mark",
}
SPACE, SPACED, HIDDEN = "·", "␣", "¦"
JOINERS = "\u200c\u200d"  # part of how some languages and emoji are written
NAMED = 4  # kinds of characters that are told by name


def signed(text: str) -> tuple[str, tuple[int, ...]]:
    """The text on one line with a sign for each hidden character, and where signs stand."""
    if text.isprintable() and not text.startswith(" ") and not text.endswith(" "):
        return text, ()
    text = text.replace("\r\n", "\n")
    first, stop = len(text) - len(text.lstrip(" ")), len(text.rstrip(" "))
    shown = [_sign(text, i) if first <= i < stop else SPACE for i in range(len(text))]
    return "".join(shown), tuple(i for i, c in enumerate(shown) if c != text[i])


def _sign(text: str, at: int) -> str:
    char = text[at]
    if char.isprintable():
        return char
    kind = unicodedata.category(char)
    if kind == "Zs":
        return SPACED
    if char in JOINERS and at and ord(text[at - 1]) > 0x7F:
        return char
    if kind in ("Cf", "Zl", "Zp", "Cc"):
        return SIGNS.get(ord(char), HIDDEN)
    return char


@lru_cache(maxsize=2_000)
def hidden_words(text: str) -> str:
    """What cannot be seen in a text, by name; "" where all can."""
    _, places = signed(text)
    if not places:
        return ""
    parts = []
    for words, count in (
        ("begins", len(text) - len(text.lstrip(" "))),
        ("ends", len(text) - len(text.rstrip(" "))),
    ):
        if count and text.strip(" "):
            parts.append(f"{words} with {'a space' if count == 1 else f'{count:,} spaces'}")
    if not text.strip(" "):
        parts.append(f"is {'a space' if len(text) == 1 else f'{len(text):,} spaces'}")
    inner = dict.fromkeys(_name(c) for i, c in enumerate(text) if _sign(text, i) != c)
    named = list(inner)[:NAMED]
    if named:
        more = f" and {len(inner) - NAMED} others" if len(inner) > NAMED else ""
        parts.append(f"contains {', '.join(named)}{more}")
    return f"The text {' and '.join(parts)}." if parts else ""


def _name(char: str) -> str:
    """“no-break space (U+00A0)”."""
    known = NAMES.get(char) or unicodedata.name(char, "control character").lower()
    return f"{known} (U+{ord(char):04X})"
