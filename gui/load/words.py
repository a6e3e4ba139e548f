"""Kinds of problems in a few words, for chips; whole sentences come from core with each problem."""

from core.fixes import Fix
from core.reasons import reason_words
from gui.load.state import Kind


def kind_words(kind: Kind, fix: Fix | None = None) -> str:
    _, code, rule = kind
    if code == "type-error" and fix is not None and fix.name != "not text":
        return fix.name
    return reason_words(code, rule)
