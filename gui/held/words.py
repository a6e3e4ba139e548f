"""Reason codes in the words of the person whose rows they are."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from core.reasons import reason_words
from core.store.held import Reason


def _tr(text: str) -> str:
    return QCoreApplication.translate("held", text)


def reasons_words(reasons: Sequence[Reason]) -> str:
    """The reasons of one record, each said once."""
    return " · ".join(dict.fromkeys(reason_words(r.code, r.rule) for r in reasons))


def headline(reason: Reason) -> str:
    """“amount is not a number”."""
    words = reason_words(reason.code, reason.rule)
    if reason.field is None:
        return words[:1].upper() + words[1:]
    if reason.code in ("type-error", "constraint-error", "unique-error", "primary-key"):
        text = QCoreApplication.translate("held", "{0} is {1}")
        return text.format(reason.field, words)
    return f"{reason.field}: {words}"
