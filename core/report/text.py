"""Text from files as HTML that can do nothing: escaped, cut, what is invisible made seen."""

import unicodedata
from html import escape

CELL, LINE = 120, 600  # characters shown of a cell and of a raw record


def shown(text: str, most: int = CELL) -> str:
    """Control and direction marks appear as their code points; what is cut ends in …."""
    cut = text[:most]
    told = "".join(c if _is_plain(c) else f"<i>{_code(c)}</i>" for c in map(escape, cut))
    return told + ("<i>…</i>" if len(text) > most else "")


def raw(record: bytes, encoding: str, most: int = LINE) -> str:
    """Original bytes, as far as they are text."""
    some = record[: 4 * most]
    try:
        text = some.decode(encoding or "utf-8", "backslashreplace")
    except (LookupError, UnicodeError):
        text = some.decode("utf-8", "backslashreplace")
    return shown(text + ("…" if len(some) < len(record) else ""), most)


def _is_plain(c: str) -> bool:
    return len(c) > 1 or c == " " or unicodedata.category(c)[0] not in "CZ"


def _code(c: str) -> str:
    return {"\n": "↵", "\r": "␍", "\t": "⇥", "\xa0": "⍽"}.get(c, f"U+{ord(c):04X}")
