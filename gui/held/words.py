"""Reason codes in the words of the person whose rows they are."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from core.store.held import Reason

_TYPES = {
    "integer": QT_TRANSLATE_NOOP("held", "not a whole number"),
    "number": QT_TRANSLATE_NOOP("held", "not a number"),
    "boolean": QT_TRANSLATE_NOOP("held", "not yes or no"),
    "date": QT_TRANSLATE_NOOP("held", "not a date"),
    "datetime": QT_TRANSLATE_NOOP("held", "not a date and time"),
    "time": QT_TRANSLATE_NOOP("held", "not a time"),
}
_RULES = {
    "required": QT_TRANSLATE_NOOP("held", "missing"),
    "minimum": QT_TRANSLATE_NOOP("held", "too small"),
    "exclusiveMinimum": QT_TRANSLATE_NOOP("held", "too small"),
    "maximum": QT_TRANSLATE_NOOP("held", "too large"),
    "exclusiveMaximum": QT_TRANSLATE_NOOP("held", "too large"),
    "minLength": QT_TRANSLATE_NOOP("held", "too short"),
    "maxLength": QT_TRANSLATE_NOOP("held", "too long"),
    "pattern": QT_TRANSLATE_NOOP("held", "not in the pattern"),
    "enum": QT_TRANSLATE_NOOP("held", "not in the list"),
    "unique": QT_TRANSLATE_NOOP("held", "repeated"),
}
_CODES = {
    "type-error": QT_TRANSLATE_NOOP("held", "wrong type"),
    "constraint-error": QT_TRANSLATE_NOOP("held", "breaks a rule"),
    "missing-cell": QT_TRANSLATE_NOOP("held", "too few cells"),
    "extra-cell": QT_TRANSLATE_NOOP("held", "too many cells"),
    "blank-row": QT_TRANSLATE_NOOP("held", "only delimiters"),
    "encoding-error": QT_TRANSLATE_NOOP("held", "unreadable bytes"),
    "unterminated-quote": QT_TRANSLATE_NOOP("held", "quote never closed"),
    "unique-error": QT_TRANSLATE_NOOP("held", "repeated"),
    "primary-key": QT_TRANSLATE_NOOP("held", "repeated key"),
    "foreign-key": QT_TRANSLATE_NOOP("held", "not found there"),
    "row-constraint": QT_TRANSLATE_NOOP("held", "breaks a row rule"),
    "duplicate-row": QT_TRANSLATE_NOOP("held", "repeated row"),
    "duplicate-key": QT_TRANSLATE_NOOP("held", "already in the collection"),
    "document-invalid": QT_TRANSLATE_NOOP("held", "refused by the collection"),
    "document-too-large": QT_TRANSLATE_NOOP("held", "over 16 MB"),
}


def reason_words(code: str, rule: str = "") -> str:
    """“not a number”, “missing”, “too many cells”; an unknown code speaks for itself."""
    found = _CODES.get(code, code.replace("-", " "))
    if code == "type-error":
        found = _TYPES.get(rule, found)
    elif code == "constraint-error":
        found = _RULES.get(rule, found)
    return QCoreApplication.translate("held", str(found))


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
