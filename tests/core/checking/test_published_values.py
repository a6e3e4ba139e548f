"""The examples of the Table Schema specification (https://datapackage.org/standard/table-schema/),
section by section: values, keys and constraints mean what its text says of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bson
import pytest

from core.checking.checker import Checker
from core.errors import RecipeError
from tests.core.checking.published import (
    ABC,
    AGREEMENT,
    BAD_PRICE,
    BY_FIELD,
    FRUITS,
    LABELLED,
    MISSING,
    STATES,
    name,
    price,
)
from tests.core.checking.tables import batch_of, checked, problems_of, recipe_of, values_of, written

WRONG = "⊥"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


POINT = {"type": "Point", "coordinates": [90.5, 45.5]}
LINE = '{"type": "LineString", "coordinates": [[102.0, 0.0], [103.0, 1.0]]}'
UNWRAPPED = {"type": "number", "bareNumber": False}
# section, field, {cell: value}
VALUES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("Properties: missingValues", {"type": "number", "missingValues": ["-"]}, {"-": None, "1": 1.0, "": WRONG}),
    ("Properties: missingValues", {"type": "number", "missingValues": ["NaN", "-"]}, {"NaN": None, "-": None, "2": 2.0}),
    ("Properties: missingValues", {"type": "integer", "missingValues": MISSING}, {"": None, "-99": None, "-9": -9}),
    ("Properties: missingValues", {"type": "string", "missingValues": []}, {"": "", "NaN": "NaN"}),
    ("Field: categories", FRUITS, {"apple": "apple", "orange": "orange", "banana": "banana", "plum": WRONG}),
    ("Field: categories with labels", LABELLED, {"0": 0, "1": 1, "2": 2, "3": WRONG, "apple": WRONG}),
    ("Field: categories and enum", {**FRUITS, "constraints": {"enum": ["apple"]}}, {"apple": "apple", "orange": WRONG}),
    ("Field: categoriesOrdered", AGREEMENT, {"1": 1, "5": 5, "6": WRONG}),
    ("string", {"type": "string"}, {"any valid string": "any valid string"}),
    ("string: email", {"type": "string", "format": "email"}, {"ada@example.org": "ada@example.org", "ada": WRONG}),
    ("string: uri", {"type": "string", "format": "uri"}, {"https://example.org/a?b=c": "https://example.org/a?b=c", "a b": WRONG}),
    ("string: binary", {"type": "string", "format": "binary"}, {"YmluYXJ5IGRhdGE=": b"binary data", "?": WRONG}),
    ("string: uuid", {"type": "string", "format": "uuid"}, {"95ecc380-afe9-11e4-9b6c-751b66dd541e": bytes.fromhex("95ecc380afe911e49b6c751b66dd541e"), "95ecc380": WRONG}),
    ("number", {"type": "number"}, {"-1.23": -1.23, "12678967.543233": 12678967.543233, "+100000.00": 100000.0, "210": 210.0}),
    ("number: special", {"type": "number"}, {"INF": float("inf"), "-INF": float("-inf"), "inf": float("inf"), "-Inf": float("-inf")}),
    ("number: exponent", {"type": "number"}, {"1E3": 1000.0, "1E+3": 1000.0, "1E-3": 0.001, "1E": WRONG}),
    ("number: decimalChar", {"type": "number", "decimalChar": ","}, {"1,5": 1.5, "1.5": WRONG}),
    ("number: groupChar", {"type": "number", "groupChar": ","}, {"100,000": 100000.0, "100,00": WRONG}),
    ("number: bareNumber", UNWRAPPED, {"95%": 95.0, "€95": 95.0, "EUR 95": 95.0}),
    ("number: bareNumber by default", {"type": "number"}, {"95%": WRONG, "€95": WRONG, "EUR 95": WRONG}),
    ("integer", {"type": "integer"}, {"100": 100, "-5": -5, "1.0": WRONG}),
    ("integer: groupChar", {"type": "integer", "groupChar": ","}, {"100,000": 100000}),
    ("integer: bareNumber", {"type": "integer", "bareNumber": False}, {"95%": 95, "€95": 95, "EUR 95": 95}),
    ("boolean", {"type": "boolean"}, {"true": True, "True": True, "TRUE": True, "1": True, "false": False, "False": False, "FALSE": False, "0": False, "yes": WRONG}),
    ("boolean: trueValues and falseValues", {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, {"yes": True, "no": False, "true": WRONG}),
    ("object", {"type": "object"}, {'{"key": "value"}': {"key": "value"}, '["value"]': WRONG}),
    ("array", {"type": "array"}, {'["value"]': {"0": "value"}, '{"key": "value"}': WRONG}),
    ("list", {"type": "list"}, {"value1,value2": ["value1", "value2"]}),
    ("list: delimiter", {"type": "list", "delimiter": " | "}, {"value1 | value2": ["value1", "value2"]}),
    ("list: itemType", {"type": "list", "itemType": "string"}, {"a,b": ["a", "b"]}),
    ("list: itemType", {"type": "list", "itemType": "integer"}, {"1,2": [1, 2], "1,a": WRONG}),
    ("list: itemType", {"type": "list", "itemType": "boolean"}, {"true,0": [True, False], "yes": WRONG}),
    ("list: itemType", {"type": "list", "itemType": "number"}, {"1.5,2": [1.5, 2.0], "1.5,a": WRONG}),
    ("list: itemType", {"type": "list", "itemType": "datetime"}, {"2024-01-26T15:00:00": [utc(2024, 1, 26, 15)], "2024-01-26": WRONG}),
    ("list: itemType", {"type": "list", "itemType": "date"}, {"2024-01-26,2024-01-27": [utc(2024, 1, 26), utc(2024, 1, 27)], "26/01/2024": WRONG}),
    ("list: itemType", {"type": "list", "itemType": "time"}, {"15:00:00,16:00:00": ["15:00:00", "16:00:00"], "15": WRONG}),
    ("datetime", {"type": "datetime"}, {"2024-01-26T15:00:00": utc(2024, 1, 26, 15), "2024-01-26T15:00:00.300-05:00": utc(2024, 1, 26, 20, 0, 0, 300_000)}),
    ("datetime: pattern", {"type": "datetime", "format": "%d/%m/%Y %H:%M:%S"}, {"12/11/2018 09:15:32": utc(2018, 11, 12, 9, 15, 32), "2018-11-12T09:15:32": WRONG}),
    ("datetime: any", {"type": "datetime", "format": "any"}, {"2018-11-12 09:15": utc(2018, 11, 12, 9, 15), "x": WRONG}),
    ("date", {"type": "date"}, {"2024-01-26": utc(2024, 1, 26), "26/01/2024": WRONG}),
    ("date: pattern", {"type": "date", "format": "%d/%m/%Y"}, {"12/11/2018": utc(2018, 11, 12), "2018-11-12": WRONG}),
    ("date: any", {"type": "date", "format": "any"}, {"12 Nov 2018": utc(2018, 11, 12), "x": WRONG}),
    ("time", {"type": "time"}, {"15:00:00": "15:00:00", "15:00": WRONG}),
    ("time: pattern", {"type": "time", "format": "%H:%M"}, {"15:00": "15:00", "15:00:00": WRONG}),
    ("time: any", {"type": "time", "format": "any"}, {"3:00 PM": "3:00 PM", "x": WRONG}),
    ("year", {"type": "year"}, {"2024": 2024, "24": WRONG}),
    ("yearmonth", {"type": "yearmonth"}, {"2024-01": "2024-01", "2024-13": WRONG}),
    ("duration", {"type": "duration"}, {"P1Y2M3DT10H30M": "P1Y2M3DT10H30M", "P1Y": "P1Y", "PT1.5S": "PT1.5S", "1Y": WRONG}),
    ("geopoint", {"type": "geopoint"}, {"90.50, 45.50": POINT, "90.50,45.50": POINT, "90.50": WRONG}),
    ("geopoint: array", {"type": "geopoint", "format": "array"}, {"[90.50, 45.50]": POINT, "[1, 2, 3]": WRONG, "90.50, 45.50": WRONG}),
    ("geopoint: object", {"type": "geopoint", "format": "object"}, {'{"lon": 90.50, "lat": 45.50}': POINT, '{"lon": 1, "lat": 2, "alt": 3}': WRONG}),
    ("geojson", {"type": "geojson"}, {LINE: json.loads(LINE), '{"type": "LineString"}': WRONG}),
    ("geojson: topojson", {"type": "geojson", "format": "topojson"}, {'{"type": "Topology", "objects": {}, "arcs": []}': {"type": "Topology", "objects": {}, "arcs": []}, LINE: WRONG}),
    ("any", {"type": "any"}, {"1": "1", "apple": "apple"}),
    ("any by default", {}, {"1": "1", "apple": "apple"}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "field", "cells"), VALUES)
def test_a_value_means_what_the_text_says(
    section: str, field: dict[str, Any], cells: dict[str, Any]
) -> None:
    recipe = recipe_of({**field, "name": "f"})
    rows = [{"f": cell} for cell in cells]
    wrong = {record for record, *_ in problems_of(recipe, rows)}
    kind = recipe.schema.field("f").kind
    values = iter(values_of(recipe, rows)["f"])
    got = [WRONG if n in wrong else next(values) for n in range(1, len(cells) + 1)]
    if kind in ("object", "array") and field["type"] != "list":
        got = [value if value == WRONG else bson.decode(value) for value in got]
    assert got == list(cells.values())


def test_a_number_may_be_none() -> None:
    """number: NaN, in any case."""
    recipe = recipe_of({"name": "f", "type": "number"})
    values = values_of(recipe, [{"f": "NaN"}, {"f": "nan"}])["f"]
    assert all(value != value for value in values)


def test_missing_values_of_a_field_replace_those_of_the_schema() -> None:
    """Field: missingValues."""
    recipe = recipe_of(*BY_FIELD["fields"], missingValues=BY_FIELD["missingValues"])
    rows = [{"column1": cell, "column2": cell} for cell in ("", "NA", "-")]
    assert values_of(recipe, rows) == {
        "column1": [None, None, "-"],
        "column2": ["", "NA", None],
    }


# ---- keys ---------------------------------------------------------------------------------------
def test_a_primary_key_of_two_fields_is_unique_and_required() -> None:
    """Properties: primaryKey."""
    recipe = recipe_of(*ABC, primaryKey=["a", "c"])
    rows = [dict(zip("abc", cells, strict=True)) for cells in ("1x1", "1x2", "1y1", " z1")]
    rows[3]["a"] = ""
    assert problems_of(recipe, rows) == [
        (3, None, "primary-key", "primaryKey"),
        (4, "a", "constraint-error", "required"),
    ]


def test_each_unique_key_holds_and_null_is_left_out() -> None:
    """Properties: uniqueKeys."""
    keys = [["a"], ["a", "b"], ["a", "c"]]
    rows = [dict(zip("abc", cells, strict=True)) for cells in ("1x1", "2x1", "1x2", "-x1", "-x1")]
    recipe = recipe_of(*ABC, uniqueKeys=keys, missingValues=["-"])
    assert [(record, code) for record, _, code, _ in problems_of(recipe, rows)] == [
        (3, "unique-error"),  # a
        (3, "unique-error"),  # a and b
    ]


def test_a_key_into_another_resource() -> None:
    """Properties: foreignKeys."""
    recipe = recipe_of(*STATES["fields"], foreignKeys=STATES["foreignKeys"])
    asked = []

    def lookup(name: str, fields: tuple[str, ...], keys: Any) -> list[bool]:
        asked.append((name, fields))
        return [key == ("CA",) for key in keys]

    rows = [{"state-code": "CA"}, {"state-code": "XX"}]
    assert problems_of(recipe, rows, lookup=lookup) == [
        (2, "state-code", "foreign-key", "foreignKeys")
    ]
    assert asked == [("state-codes", ("code",))]


# ---- fieldsMatch --------------------------------------------------------------------------------
FITS = {"exact": ["ab", "ba"], "equal": ["ab", "ba"], "subset": ["ab", "ba", "abc"],
        "superset": ["ab", "ba", "a"], "partial": ["ab", "ba", "abc", "a", "ac"]}  # fmt: skip


@pytest.mark.parametrize("match", FITS)
@pytest.mark.parametrize("names", ["ab", "ba", "a", "abc", "ac", "c"])
def test_fields_match(match: str, names: str) -> None:
    """Properties: fieldsMatch. An `exact` file in another order is read by its names, and said."""
    recipe = recipe_of({"name": "a"}, {"name": "b"}, fieldsMatch=match)
    if names not in FITS[match]:
        with pytest.raises(RecipeError):
            Checker(recipe, tuple(names))
        return
    checker = Checker(recipe, tuple(names))
    batch = checker.check(batch_of([{n: n.upper() for n in names}]))
    for n in names:
        assert batch.columns[n].to_pylist() == [n.upper()]
    assert bool(checker.warnings) == (match == "exact" and names == "ba")


# ---- constraints --------------------------------------------------------------------------------
# section, file, fields, (field, code, rule) of its second record
FILES: list[tuple[str, str, list[dict[str, Any]], tuple[str, str, str]]] = [
    ("required", "id,name\n1,apple\n2,\n", name(required=True), ("name", "constraint-error", "required")),
    ("unique", "id,name\n1,apple\n2,apple\n", name(unique=True), ("name", "unique-error", "unique")),
    ("minLength", "id,name\n1,apple\n2,plum\n", name(minLength=5), ("name", "constraint-error", "minLength")),
    ("maxLength", "id,name\n1,apple\n2,grapefruit\n", name(maxLength=5), ("name", "constraint-error", "maxLength")),
    ("minimum", "id,name,price\n1,apple,100\n2,orange,50\n", price("integer", minimum=100), ("price", "constraint-error", "minimum")),
    ("maximum", "id,name,price\n1,apple,100\n2,orange,150\n", price("integer", maximum=100), ("price", "constraint-error", "maximum")),
    ("exclusiveMinimum", "id,name,price\n1,apple,100\n2,orange,0\n", price("integer", exclusiveMinimum=0), ("price", "constraint-error", "exclusiveMinimum")),
    ("exclusiveMaximum", "id,name,price\n1,apple,100\n2,orange,150\n", price("integer", exclusiveMaximum=150), ("price", "constraint-error", "exclusiveMaximum")),
    ("jsonSchema", 'id,name,price\n1,apple,"{""value"": 100}"\n2,orange,"{""value"": ""bad""}"\n', price("object", jsonSchema=BAD_PRICE), ("price", "constraint-error", "jsonSchema")),
    ("pattern", "id,name\n1,apple\n2,orange\n", name(pattern="^a.*$"), ("name", "constraint-error", "pattern")),
    ("enum", "id,name\n1,apple\n2,orange\n", name(enum=["apple"]), ("name", "constraint-error", "enum")),
]  # fmt: skip


@pytest.mark.parametrize(("section", "text", "fields", "problem"), FILES)
def test_a_file_that_the_text_calls_invalid_is_refused_where_it_says(
    section: str,
    text: str,
    fields: list[dict[str, Any]],
    problem: tuple[str, str, str],
    tmp_path: Path,
) -> None:
    report, problems = checked(written(tmp_path / "f.csv", text), recipe_of(*fields))
    assert [(p.record, p.line, p.field, p.code, p.rule) for p in problems] == [(2, 3, *problem)]
    assert report.accepted == 1


@pytest.mark.parametrize(
    ("kind", "low", "bound", "high"),
    [
        ("integer", "1", "2", "3"),
        ("number", "1.4", "1.5", "1.6"),
        ("date", "2024-01-25", "2024-01-26", "2024-01-27"),
        ("time", "14:59:59", "15:00:00", "15:00:01"),
        ("datetime", "2024-01-26T14:59:59", "2024-01-26T15:00:00", "2024-01-26T15:00:01"),
        ("duration", "PT23H", "P1D", "PT25H"),
        ("year", "2023", "2024", "2025"),
        ("yearmonth", "2023-12", "2024-01", "2024-02"),
    ],
)
def test_each_type_that_has_an_order_has_the_four_bounds(
    kind: str, low: str, bound: str, high: str
) -> None:
    """Constraints: minimum, maximum, exclusiveMinimum, exclusiveMaximum, “Fields”."""
    rows = [{"f": cell} for cell in (low, bound, high)]
    refused = {
        "minimum": [1],
        "maximum": [3],
        "exclusiveMinimum": [1, 2],
        "exclusiveMaximum": [2, 3],
    }
    for rule, records in refused.items():
        recipe = recipe_of({"name": "f", "type": kind, "constraints": {rule: bound}})
        assert [record for record, *_ in problems_of(recipe, rows)] == records


def test_all_constraints_apply_and_one_that_is_not_known_is_refused() -> None:
    """Constraints: implementation note."""
    both = recipe_of(
        {"name": "f", "type": "string", "constraints": {"minLength": 3, "enum": ["a"]}}
    )
    assert [rule for *_, rule in problems_of(both, [{"f": "b"}])] == ["minLength", "enum"]
    with pytest.raises(RecipeError, match="does not apply"):
        recipe_of({"name": "f", "type": "string", "constraints": {"sparkle": 1}})
