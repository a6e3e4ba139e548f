"""Codes of problems in a few words: “not a number”, “missing”, “too many cells”."""

from collections.abc import Mapping

TYPES: Mapping[str, str] = {
    "integer": "not a whole number",
    "number": "not a number",
    "boolean": "not yes or no",
    "date": "not a date",
    "datetime": "not a date and time",
    "time": "not a time",
    "year": "not a year",
}
RULES: Mapping[str, str] = {
    "required": "missing",
    "enum": "not in the list",
    "minimum": "too small",
    "maximum": "too large",
    "exclusiveMinimum": "too small",
    "exclusiveMaximum": "too large",
    "minLength": "too short",
    "maxLength": "too long",
    "pattern": "not in the pattern",
    "unique": "repeated",
}
CODES: Mapping[str, str] = {
    "unique-error": "repeated",
    "primary-key": "repeated key",
    "foreign-key": "unknown reference",
    "blank-row": "only delimiters",
    "extra-cell": "too many cells",
    "missing-cell": "too few cells",
    "encoding-error": "unreadable bytes",
    "unterminated-quote": "quote never closed",
    "duplicate-row": "repeated row",
    "row-constraint": "breaks a row rule",
    "duplicate-key": "already in the collection",
    "document-invalid": "refused by the collection",
    "document-too-large": "over 16 MB",
}


def reason_words(code: str, rule: str = "") -> str:
    """An unknown code speaks for itself."""
    if code == "type-error" and rule:
        return TYPES.get(rule, f"not {rule}")
    if code == "constraint-error" and rule:
        return RULES.get(rule, rule)
    return CODES.get(code, code.replace("-", " "))
