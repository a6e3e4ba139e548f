"""Every constraint of the Table Schema: what it lets through and what it refuses."""

from typing import Any

import pytest

from core.errors import RecipeError
from core.recipes.schema import Field, Schema
from tests.core.checking.tables import problems_of, recipe_of

# field, {cell: whether the rule lets it pass}
CASES: list[tuple[str, dict[str, Any], dict[str, bool]]] = [
    ("required", {"constraints": {"required": True}}, {"x": True, "": False}),
    ("minLength", {"constraints": {"minLength": 2}}, {"éé": True, "é": False, "": True}),
    ("maxLength", {"constraints": {"maxLength": 2}}, {"éé": True, "ééé": False, "日本": True}),
    ("pattern", {"constraints": {"pattern": "[a-z]+"}}, {"ab": True, "abC": False, "ab\nc": False}),
    ("pattern", {"constraints": {"pattern": "a|bc"}}, {"a": True, "bc": True, "abc": False}),
    # XML Schema's class subtraction
    (
        "pattern",
        {"constraints": {"pattern": "[a-z-[aeiou]]+"}},
        {"bcd": True, "bad": False, "b]": False, "-": False},
    ),
    (
        "pattern",
        {"constraints": {"pattern": r"x[\p{L}-[a-zß-[s]]]"}},
        {"xZ": True, "xs": True, "xé": True, "xz": False, "xß": False, "x1": False},
    ),
    ("pattern", {"constraints": {"pattern": "[^a-c-[x-z]]"}}, {"m": True, "a": False, "y": False}),
    ("pattern", {"constraints": {"pattern": "[a-[a]]|b"}}, {"b": True, "a": False}),
    # what only looks like one
    ("pattern", {"constraints": {"pattern": r"[a\-[b]+"}}, {"a-[b": True, "c": False}),
    ("pattern", {"constraints": {"pattern": r"\[a-[b]"}}, {"[a-b": True, "b": False}),
    ("pattern", {"constraints": {"pattern": "[[:alpha:]-]+"}}, {"a-b": True, "1": False}),
    ("enum", {"constraints": {"enum": ["a", "b"]}}, {"a": True, "A": False, "": True}),
    ("minimum", {"type": "integer", "constraints": {"minimum": 3}}, {"3": True, "2": False}),
    ("maximum", {"type": "integer", "constraints": {"maximum": "3"}}, {"3": True, "4": False}),
    (
        "exclusiveMinimum",
        {"type": "integer", "constraints": {"exclusiveMinimum": 3}},
        {"4": True, "3": False},
    ),
    (
        "exclusiveMaximum",
        {"type": "number", "constraints": {"exclusiveMaximum": 3}},
        {"2.99": True, "3.0": False},
    ),
    (
        "maximum",
        {"type": "integer", "constraints": {"maximum": 3000000000}, "sluice": {"bson": "int32"}},
        {"7": True},
    ),
    (
        "enum",
        {"type": "integer", "constraints": {"enum": [1, 2]}},
        {"1": True, "+2": True, "3": False},
    ),
    ("enum", {"type": "number", "constraints": {"enum": [1.5]}}, {"1.50": True, "2": False}),
    ("enum", {"type": "list", "constraints": {"enum": ["a,b"]}}, {"a,b": True, "b,a": False}),
    ("minLength", {"type": "list", "constraints": {"minLength": 2}}, {"a,b": True, "a": False}),
    (
        "maxLength",
        {"type": "array", "constraints": {"maxLength": 1}},
        {"[1]": True, "[1, 2]": False},
    ),
    (
        "minLength",
        {"type": "object", "constraints": {"minLength": 1}},
        {'{"a": 1}': True, "{}": False},
    ),
    (
        "minimum",
        {"type": "date", "constraints": {"minimum": "2024-01-01"}},
        {"2024-01-01": True, "2023-12-31": False},
    ),
    (
        "maximum",
        {"type": "date", "format": "%d/%m/%Y", "constraints": {"maximum": "31/01/2024"}},
        {"31/01/2024": True, "01/02/2024": False},
    ),
    (
        "maximum",
        {"type": "date", "format": "%d/%m/%Y", "constraints": {"maximum": "2024-01-31"}},
        {"31/01/2024": True, "01/02/2024": False},
    ),
    (
        "minimum",
        {"type": "datetime", "constraints": {"minimum": "2024-01-01T12:00:00Z"}},
        {"2024-01-01T14:00:00+02:00": True, "2024-01-01T11:59:59": False},
    ),
    (
        "minimum",
        {"type": "date", "constraints": {"minimum": "2024-01-01"}, "sluice": {"bson": "string"}},
        {"2024-01-01": True, "2023-12-31": False},
    ),
    (
        "minimum",
        {"type": "time", "format": "%I:%M %p", "constraints": {"minimum": "01:00 PM"}},
        {"02:00 PM": True, "11:00 AM": False},
    ),
    ("maximum", {"type": "year", "constraints": {"maximum": 2024}}, {"2024": True, "2025": False}),
    (
        "minimum",
        {"type": "yearmonth", "constraints": {"minimum": "2024-09"}},
        {"2024-10": True, "2024-08": False},
    ),
    (
        "maximum",
        {"type": "duration", "constraints": {"maximum": "P1D"}},
        {"PT24H": True, "PT25H": False, "P1W": False},
    ),
    (
        "categories",
        {"categories": ["a", {"value": "b", "label": "Bee"}]},
        {"a": True, "b": True, "Bee": False},
    ),
    ("categories", {"type": "integer", "categories": [0, 1]}, {"0": True, "2": False}),
    (
        "minimum",
        {
            "type": "number",
            "constraints": {"minimum": "0.001"},
            "sluice": {"bson": "decimal128", "decimals": 2},
        },
        {"0.01": True, "0.00": False},
    ),
    (
        "exclusiveMaximum",
        {
            "type": "number",
            "constraints": {"exclusiveMaximum": "9.995"},
            "sluice": {"bson": "decimal128", "decimals": 2},
        },
        {"9.99": True, "10.00": False},
    ),
    (
        "maximum",
        {
            "type": "number",
            "constraints": {"maximum": "1" + "0" * 40},
            "sluice": {"bson": "decimal128", "decimals": 2},
        },
        {"9.99": True},
    ),
    (
        "enum",
        {"type": "number", "constraints": {"enum": ["1.5", "2"]}, "sluice": {"bson": "decimal128"}},
        {"1.5": True, "2.000": True, "3": False},
    ),
    (
        "jsonSchema",
        {
            "type": "object",
            "constraints": {
                "jsonSchema": {
                    "type": "object",
                    "required": ["n"],
                    "properties": {
                        "n": {"type": "integer", "minimum": 1},
                        "s": {"$ref": "#/$defs/s"},
                    },
                    "additionalProperties": False,
                    "$defs": {"s": {"type": "string", "pattern": "^a"}},
                }
            },
        },
        {
            '{"n": 1}': True,
            '{"n": 0}': False,
            "{}": False,
            '{"n": 1, "s": "b"}': False,
            '{"n": 1, "x": 1}': False,
        },
    ),
    (
        "jsonSchema",
        {
            "type": "array",
            "constraints": {
                "jsonSchema": {
                    "items": {"anyOf": [{"const": 1}, {"type": "null"}]},
                    "uniqueItems": True,
                }
            },
        },
        {"[1, null]": True, "[1, 1]": False, "[2]": False, "[true]": False},
    ),
    (
        "jsonSchema",
        {
            "type": "object",
            "constraints": {
                "jsonSchema": {
                    "if": {"required": ["a"]},
                    "then": {"properties": {"a": {"pattern": "^(x+)+$"}}},
                    "else": False,
                }
            },
        },
        {'{"a": "xx"}': True, '{"a": "%sy"}' % ("x" * 5_000): False, "{}": False},
    ),
]


@pytest.mark.parametrize(("rule", "field", "cells"), CASES)
def test_a_rule_refuses_exactly_what_breaks_it(
    rule: str, field: dict[str, Any], cells: dict[str, bool]
) -> None:
    recipe = recipe_of({"name": "f", "type": "string", **field})
    rows = [{"f": cell} for cell in cells]
    expected = [
        (record, "f", "constraint-error", rule)
        for record, good in enumerate(cells.values(), 1)
        if not good
    ]
    assert problems_of(recipe, rows) == expected


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"constraints": {"pattern": "(a"}}, "pattern"),
        ({"constraints": {"pattern": r"(a)\1"}}, "RE2"),
        ({"constraints": {"pattern": "a)|(b"}}, "pattern"),
        ({"constraints": {"pattern": "(?=a)"}}, "look-around"),
        ({"constraints": {"pattern": r"\C+"}}, r"\C is not known here"),
        ({"constraints": {"pattern": "[a-z-[z-a]]"}}, "pattern"),
        ({"type": "integer", "constraints": {"minimum": "few"}}, "“few” is no integer"),
        ({"constraints": {"minimum": 1}}, "does not apply to string"),
        ({"type": "boolean", "constraints": {"maxLength": 1}}, "does not apply to boolean"),
        ({"constraints": {"maxLength": -1}}, "maxLength"),
        ({"constraints": {"enum": []}}, "without values"),
        ({"constraints": {"required": "yes"}}, "cannot be 'yes'"),
        ({"type": "object", "constraints": {"jsonSchema": {"type": "intger"}}}, "intger"),
        ({"type": "object", "constraints": {"jsonSchema": {"pattern": "(?=a)"}}}, "look-around"),
        ({"type": "object", "constraints": {"jsonSchema": "x"}}, "no JSON schema"),
        ({"type": "object", "constraints": {"jsonSchema": {"$ref": "http://x"}}}, "elsewhere"),
        ({"type": "money"}, "no field type “money”"),
        ({"format": "phone"}, "no format “phone”"),
        ({"type": "date", "format": "%Q"}, "date pattern"),
        ({"type": "date", "format": "dmy"}, "date pattern"),
        ({"type": "number", "decimalChar": ",,"}, "decimalChar"),
        ({"type": "number", "groupChar": "."}, "the same"),
        ({"type": "number", "sluice": {"bson": "decimal128", "decimals": 99}}, "decimals"),
        ({"type": "integer", "sluice": {"bson": "bool"}}, "cannot be stored"),
        ({"type": "datetime", "sluice": {"timezone": "Mars"}}, "time zone"),
        ({"sluice": {"clean": ["polish"]}}, "no cleaning step"),
        ({"sluice": {"clean": [{"step": "replacePattern", "pattern": "(", "new": ""}]}}, "RE2"),
    ],
)
def test_what_makes_no_sense_is_refused_when_the_recipe_is_read(
    field: dict[str, Any], words: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        Schema.from_descriptor({"fields": [{"name": "f", "type": "string", **field}]})
    assert words in str(caught.value)
    assert "“f”" in str(caught.value)


def test_no_pattern_can_hang_the_check() -> None:
    recipe = recipe_of({"name": "f", "type": "string", "constraints": {"pattern": "(a+)+b"}})
    assert problems_of(recipe, [{"f": "a" * 50_000}]) == [(1, "f", "constraint-error", "pattern")]


def test_a_record_reports_all_its_problems() -> None:
    recipe = recipe_of(
        {"name": "a", "type": "integer", "constraints": {"minimum": 5, "enum": [7, 8]}},
        {"name": "b", "type": "string", "constraints": {"required": True}},
        {"name": "c", "type": "number"},
    )
    assert problems_of(recipe, [{"a": "1", "b": "", "c": "x"}]) == [
        (1, "a", "constraint-error", "minimum"),
        (1, "a", "constraint-error", "enum"),
        (1, "b", "constraint-error", "required"),
        (1, "c", "type-error", "number"),
    ]


def test_a_field_knows_its_name_and_kind_in_the_document() -> None:
    field = Field("Amount ", "number", bson="decimal128", target="amount")
    assert (field.key, field.kind, Field("x", "integer").kind) == ("amount", "decimal128", "int64")
