"""Fields of the examples of the Table Schema specification, which its tests share."""

from typing import Any

FRUIT = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]
ABC = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
STATES: dict[str, Any] = {
    "fields": [{"name": "state-code"}],
    "foreignKeys": [
        {"fields": ["state-code"], "reference": {"resource": "state-codes", "fields": ["code"]}}
    ],
}
PARENTS: dict[str, Any] = {
    "fields": [{"name": "parent"}, {"name": "id"}],
    "foreignKeys": [{"fields": ["parent"], "reference": {"fields": ["id"]}}],
}
MISSING = [{"value": "", "label": "OMITTED"}, {"value": "-99", "label": "REFUSED"}]
BY_FIELD: dict[str, Any] = {
    "fields": [{"name": "column1"}, {"name": "column2", "missingValues": ["-"]}],
    "missingValues": ["", "NA"],
}
AGREEMENT = {
    "name": "agreementLevel",
    "type": "integer",
    "categories": [
        {"value": 1, "label": "Strongly Disagree"},
        {"value": 2},
        {"value": 3},
        {"value": 4},
        {"value": 5, "label": "Strongly Agree"},
    ],
    "categoriesOrdered": True,
}
FRUITS = {"name": "fruit", "type": "string", "categories": ["apple", "orange", "banana"]}
LABELLED = {
    "name": "fruit",
    "type": "integer",
    "categories": [
        {"value": 0, "label": "apple"},
        {"value": 1, "label": "orange"},
        {"value": 2, "label": "banana"},
    ],
}
BAD_PRICE = {"type": "object", "properties": {"value": {"type": "integer"}}}


def price(kind: str, **constraints: Any) -> list[dict[str, Any]]:
    return [*FRUIT, {"name": "price", "type": kind, "constraints": constraints}]


def name(**constraints: Any) -> list[dict[str, Any]]:
    return [FRUIT[0], {**FRUIT[1], "constraints": constraints}]
