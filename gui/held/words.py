"""Reason codes in the words of the person whose rows they are."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from core.quarantine import SURPLUS
from core.reasons import reason_words
from core.store.held import Edit, Reason


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


def deed_words(what: str) -> str:
    """What Undo would take back."""
    if what == SURPLUS:
        return _tr("leaving out what is beyond the last column")
    return _tr("leaving the missing columns empty")


def edit_words(edit: Edit) -> str:
    """One line of a record's history."""
    if edit.field is None and edit.shape == SURPLUS:
        out = _tr("Left out what is beyond the last column")
        return out if edit.new else _tr("Put back what is beyond the last column")
    if edit.field is None:
        empty = _tr("Left the missing columns empty")
        return empty if edit.new else _tr("The missing columns are missing again")
    if edit.new is None:
        return _tr("{0} is missing again").format(edit.field)
    return _tr("{0} set to {1}").format(edit.field, edit.new or _tr("nothing"))
