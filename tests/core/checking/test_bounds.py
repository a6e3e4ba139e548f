"""What a bound or a list of allowed values means where cells have a form of their own."""

from typing import Any

import pytest

from tests.core.checking.tables import problems_of, recipe_of, values_of


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        # JSON's own numbers and truth have its form, whatever form cells have
        (
            {"type": "number", "decimalChar": ",", "constraints": {"minimum": 1.5}},
            {"1,5": True, "1,4": False},
        ),
        (
            {
                "type": "number",
                "groupChar": ".",
                "decimalChar": ",",
                "constraints": {"minimum": 1.125},
            },
            {"1,2": True, "1,1": False},
        ),
        (
            {
                "type": "number",
                "groupChar": ".",
                "decimalChar": ",",
                "constraints": {"minimum": "1.125"},
            },
            {"1.125": True, "1,2": False},
        ),
        (
            {
                "type": "number",
                "groupChar": ".",
                "decimalChar": ",",
                "constraints": {"minimum": "1.125"},
                "sluice": {"bson": "decimal128", "decimals": 1},
            },
            {"1.125": True, "1,2": False},
        ),
        (
            {
                "type": "boolean",
                "trueValues": ["ja"],
                "falseValues": ["nein"],
                "constraints": {"enum": [True]},
            },
            {"ja": True, "nein": False},
        ),
        (
            {"type": "list", "delimiter": ";", "constraints": {"enum": [["a", "b"]]}},
            {"a;b": True, "b;a": False},
        ),
        # kept as text, compared as what they mean
        (
            {"type": "time", "format": "%I:%M %p", "constraints": {"minimum": "13:00:00"}},
            {"02:00 PM": True, "11:00 AM": False},
        ),
        (
            {"type": "time", "format": "%I:%M %p", "constraints": {"enum": ["13:00:00"]}},
            {"01:00 PM": True, "01:00 AM": False},
        ),
        ({"type": "duration", "constraints": {"enum": ["P1D"]}}, {"PT24H": True, "PT25H": False}),
        # more decimals in a batch than in the list
        (
            {"type": "number", "constraints": {"enum": ["1.5"]}, "sluice": {"bson": "decimal128"}},
            {"1.50": True, "1.234": False},
        ),
        ({"constraints": {"enum": ["a", None]}}, {"a": True, "": True, "None": False}),
        # a field without a type holds text of any kind
        ({"constraints": {"minLength": 2}}, {"ab": True, "a": False}),
    ],
)
def test_bounds_mean_what_they_say(field: dict[str, Any], cells: dict[str, bool]) -> None:
    rows = [{"f": cell} for cell in cells]
    wrong = [record for record, *_ in problems_of(recipe_of({"name": "f", **field}), rows)]
    assert wrong == [n for n, good in enumerate(cells.values(), 1) if not good]


def test_a_month_that_is_none_breaks_no_bound_besides() -> None:
    recipe = recipe_of({"name": "f", "type": "yearmonth", "constraints": {"minimum": "2024-05"}})
    assert problems_of(recipe, [{"f": "x"}, {"f": "2024-04"}]) == [
        (1, "f", "type-error", "yearmonth"),
        (2, "f", "constraint-error", "minimum"),
    ]


def test_whole_numbers_may_be_grouped_by_points() -> None:
    recipe = recipe_of({"name": "f", "type": "integer", "groupChar": "."})
    assert values_of(recipe, [{"f": "1.250"}]) == {"f": [1250]}


def test_missing_values_of_schema_and_field_with_labels() -> None:
    recipe = recipe_of(
        {"name": "a", "type": "integer"},
        {"name": "b", "type": "string", "missingValues": ["", {"value": "-", "label": "none"}]},
        {"name": "c", "type": "string", "missingValues": []},
        missingValues=["", "NA"],
    )
    rows = [{"a": "NA", "b": "NA", "c": "x"}, {"a": "", "b": "-", "c": ""}]
    assert values_of(recipe, rows) == {"a": [None, None], "b": ["NA", None], "c": ["x", ""]}
