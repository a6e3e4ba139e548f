"""Kinds of problems in a few words, for chips; whole sentences come from core with each problem."""

from core.fixes import Fix
from gui.load.state import Kind

RULES = {
    "required": "missing",
    "enum": "not in the list",
    "minimum": "too small",
    "maximum": "too large",
    "exclusiveMinimum": "too small",
    "exclusiveMaximum": "too large",
    "minLength": "too short",
    "maxLength": "too long",
    "pattern": "another form",
    "unique": "repeated",
}
TYPES = {
    "integer": "not a whole number",
    "number": "not a number",
    "boolean": "not yes or no",
    "date": "not a date",
    "datetime": "not a date and time",
    "time": "not a time",
    "year": "not a year",
}
CODES = {
    "unique-error": "repeated",
    "primary-key": "repeated key",
    "foreign-key": "unknown reference",
    "blank-row": "empty row",
    "extra-cell": "too many cells",
    "missing-cell": "too few cells",
    "encoding-error": "unreadable bytes",
    "unterminated-quote": "quote never closed",
    "duplicate-row": "the same row again",
    "row-constraint": "against a rule",
    "duplicate-key": "key already there",
    "document-invalid": "refused by the collection",
    "document-too-large": "too large",
}


def kind_words(kind: Kind, fix: Fix | None = None) -> str:
    _, code, rule = kind
    if code == "type-error" and fix is not None and fix.name != "not text":
        return fix.name
    if code == "type-error":
        return TYPES.get(rule, f"not {rule}")
    if code == "constraint-error":
        return RULES.get(rule, rule)
    return CODES.get(code, code.replace("-", " "))
