"""Types whose cells hold JSON or a place: what becomes a document, and what is no such cell."""

from typing import Any

import bson
import pytest

from tests.core.checking.casting import WRONG, cast

NESTED: list[tuple[str, str, dict[str, Any]]] = [
    ("object", "default", {'{"a": {"b": [1, 2.5, null]}}': {"a": {"b": [1, 2.5, None]}}}),
    (
        "object",
        "default",
        {"[1]": WRONG, "{": WRONG, '{"a": NaN}': WRONG, '{"a": %s}' % 2**70: WRONG},
    ),
    (  # what would be stored as another value than the cell says
        "object",
        "default",
        {
            '{"a": 1e400}': WRONG,
            '{"a": 9007199254740993.0}': WRONG,
            '{"a": 1, "a": 2}': WRONG,
            '{"a": {"b": 1, "b": 1}}': WRONG,
            '{"a": 0.1, "b": -1.5e3}': {"a": 0.1, "b": -1500.0},
        },
    ),
    (
        "object",
        "default",
        {'{"a": ' * 95 + "1" + "}" * 95: WRONG, "[" * 100_000: WRONG, "1": WRONG},
    ),
    ("array", "default", {'[1, "x"]': {"0": 1, "1": "x"}, "{}": WRONG, "[]": {}}),
    (
        "geopoint",
        "default",
        {
            "90.50, 45.50": {"type": "Point", "coordinates": [90.5, 45.5]},
            "45.50,190": WRONG,
            "1": WRONG,
        },
    ),
    (
        "geopoint",
        "array",
        {"[90.50, 45.50]": {"type": "Point", "coordinates": [90.5, 45.5]}, "[1]": WRONG},
    ),
    (
        "geopoint",
        "object",
        {
            '{"lon": 90.50, "lat": 45.50}': {"type": "Point", "coordinates": [90.5, 45.5]},
            '{"lon": 1}': WRONG,
        },
    ),
    (
        "geojson",
        "default",
        {
            '{"type": "Point", "coordinates": [1, 2]}': {"type": "Point", "coordinates": [1, 2]},
            '{"type": "Point"}': WRONG,
        },
    ),
    ("geojson", "default", {'{"type": "Polygon", "coordinates": [[1, 2]]}': WRONG, "{}": WRONG}),
    (
        "geojson",
        "topojson",
        {
            '{"type": "Topology", "objects": {}, "arcs": []}': {
                "type": "Topology",
                "objects": {},
                "arcs": [],
            },
            "{}": WRONG,
        },
    ),
]


@pytest.mark.parametrize(("type", "format", "cells"), NESTED)
def test_nested_cells_become_bson(type: str, format: str, cells: dict[str, Any]) -> None:
    got = cast(type, [None, *cells], format=format)
    assert [v if v in (None, WRONG) else bson.decode(v) for v in got] == [None, *cells.values()]
