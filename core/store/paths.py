"""Names of fields as the server's language wants them, so that a name can never act as an operator.

A name from a file may begin with $ or hold a dot; `a.b` may mean a nested field or a field of that
very name, and both are looked for.
"""

from collections.abc import Mapping
from typing import Any


def value_of(field: str) -> Any:
    """The expression for a field's value in a pipeline."""
    literal = {"$getField": {"$literal": field}}
    if field.startswith("$") or not field:
        return literal
    return {"$ifNull": [f"${field}", literal]} if "." in field else f"${field}"


def where(field: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    """The query for documents whose field meets a condition such as {"$gte": 3}."""
    if not field.startswith("$") and "." not in field and field:
        return {field: dict(condition)}
    tests = [_compare(name, field, value) for name, value in condition.items()]
    return {"$expr": tests[0] if len(tests) == 1 else {"$and": tests}}


def _compare(operator: str, field: str, value: Any) -> dict[str, Any]:
    if operator == "$type":
        kind = {"$type": value_of(field)}
        return {"$isNumber": value_of(field)} if value == "number" else {"$eq": [kind, value]}
    if operator == "$exists":
        return {"$ne" if value else "$eq": [{"$type": value_of(field)}, "missing"]}
    return {operator: [value_of(field), {"$literal": value}]}


def both(first: Mapping[str, Any] | None, second: Mapping[str, Any]) -> dict[str, Any]:
    """The query for documents that both queries pick; an empty one picks all."""
    parts = [dict(part) for part in (first, second) if part]
    return {"$and": parts} if len(parts) == 2 else (parts[0] if parts else {})
