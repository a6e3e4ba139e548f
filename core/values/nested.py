"""Casts of text to lists, JSON objects and arrays, points and GeoJSON.

Nested values become ready BSON, one value a cell, so that the document encoder copies bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

import bson
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bson import Binary, Decimal128

from core.errors import RecipeError
from core.values import moments, numbers, strings
from core.values.text import Mask, option, patch, valid

_DEPTH = 90  # MongoDB takes 100 levels; the rest is the document's own
_POINT = re.compile(r"\s*([^,\s]+)\s*,\s*([^,\s]+)\s*")
_GEOMETRIES = {
    "Point": 1,
    "MultiPoint": 2,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}
ITEMS: dict[str, tuple[Any, str]] = {
    "string": (strings.cast_string, "string"),
    "integer": (numbers.cast_integer, "int64"),
    "number": (numbers.cast_number, "double"),
    "boolean": (strings.cast_boolean, "bool"),
    "date": (moments.cast_date, "date"),
    "datetime": (moments.cast_datetime, "date"),
    "time": (moments.cast_time, "string"),
}


def cast_list(
    values: pa.Array, format: str, options: Mapping[str, Any], kind: str
) -> tuple[pa.Array, Mask | None]:
    """Cells split at `delimiter` (,), each item cast to `itemType` (string)."""
    cast, stored = item_type(option(options, "itemType", "string"))
    lists = pc.split_pattern(values, option(options, "delimiter", ","))
    items, wrong = cast(lists.flatten(), "default", {}, stored)
    starts = _starts(lists)
    bad = np.zeros(len(values), bool)
    if wrong is not None and wrong.any():
        owners = np.repeat(np.arange(len(values)), np.diff(starts))
        bad[owners[wrong]] = True
    nulls = valid(values) & ~bad
    arrays = pa.ListArray.from_arrays(pa.array(starts), items, mask=pa.array(~nulls))
    return arrays, bad if bad.any() else None


def item_type(name: str) -> tuple[Any, str]:
    """The cast and BSON kind of a list's items; raises RecipeError."""
    if name not in ITEMS:
        raise RecipeError(
            f"A list cannot hold items of type “{name}”.", f"Choose one of {', '.join(ITEMS)}."
        )
    return ITEMS[name]


def _starts(lists: pa.Array) -> Any:
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)


def read_json(cell: str) -> Any:
    """The value of JSON text; raises ValueError, also for what would be stored as something else:
    NaN, a number that a double would change, a name that comes twice, too deep a nesting."""
    try:
        return json.loads(
            cell, parse_float=_double, parse_constant=_double, object_pairs_hook=_object
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _double(text: str) -> float:
    value = numbers.double(text)
    if value is None or not isfinite(value):
        raise ValueError(text)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _encoded(read: Callable[[str], Any]) -> Callable[[str], bytes | None]:
    def exact(cell: str) -> bytes | None:
        try:
            value = read(cell)
            return None if value is None or _depth(value) > _DEPTH else to_bson(value)
        except (ValueError, OverflowError, bson.errors.BSONError):
            return None

    return exact


def to_bson(value: Any) -> bytes:
    """A dict as a BSON document, a list as a BSON array; raises OverflowError above 64 bits."""
    if isinstance(value, list):
        value = {str(i): item for i, item in enumerate(value)}
    return bytes(bson.encode(value))


def item_count(encoded: bytes) -> int:
    """How many entries an encoded object or array has."""
    return len(bson.decode(encoded))


def stored(value: Any, kind: str) -> Any:
    """A value of a typed column as it stands in documents."""
    if kind == "decimal128":
        return Decimal128(value if isinstance(value, Decimal) else str(value))
    return Binary(value, 4) if kind == "uuid" else value


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return deepest


def _cast(values: pa.Array, read: Callable[[str], Any]) -> tuple[pa.Array, Mask | None]:
    return patch(values, np.zeros(len(values), bool), pa.binary(), _encoded(read))


def read_object(cell: str) -> dict[str, Any] | None:
    value = read_json(cell)
    return value if isinstance(value, dict) else None


def read_array(cell: str) -> list[Any] | None:
    value = read_json(cell)
    return value if isinstance(value, list) else None


def cast_object(
    values: pa.Array, format: str, options: Mapping[str, Any], kind: str
) -> tuple[pa.Array, Mask | None]:
    return _cast(values, read_object)


def cast_array(
    values: pa.Array, format: str, options: Mapping[str, Any], kind: str
) -> tuple[pa.Array, Mask | None]:
    return _cast(values, read_array)


def cast_geopoint(
    values: pa.Array, format: str, options: Mapping[str, Any], kind: str
) -> tuple[pa.Array, Mask | None]:
    def read(cell: str) -> dict[str, Any] | None:
        pair = point(cell, format)
        return None if pair is None else {"type": "Point", "coordinates": list(pair)}

    return _cast(values, read)


def point(cell: str, format: str) -> tuple[float, float] | None:
    """Longitude and latitude, within the globe."""
    if format == "default":
        parts = _POINT.fullmatch(cell)
        pair: Any = [numbers.double(part) for part in parts.groups()] if parts else None
    elif format == "array":
        pair = read_array(cell)
    else:
        value = read_object(cell)
        pair = [value["lon"], value["lat"]] if value and set(value) == {"lon", "lat"} else None
    if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_number, pair)):
        return None
    lon, lat = (float(part) for part in pair)
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def cast_geojson(
    values: pa.Array, format: str, options: Mapping[str, Any], kind: str
) -> tuple[pa.Array, Mask | None]:
    def read(cell: str) -> dict[str, Any] | None:
        value = read_object(cell)
        right = topology if format == "topojson" else geojson
        return value if value is not None and right(value) else None

    return _cast(values, read)


def geojson(value: Any) -> bool:
    """Whether a value has the form of a GeoJSON object (RFC 7946)."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind == "Feature":
        geometry = value.get("geometry")
        return "properties" in value and (geometry is None or geojson(geometry))
    if kind == "FeatureCollection":
        return _all(value.get("features"), geojson)
    if kind == "GeometryCollection":
        return _all(value.get("geometries"), geojson)
    return kind in _GEOMETRIES and _positions(value.get("coordinates"), _GEOMETRIES[kind])


def _all(values: Any, right: Callable[[Any], bool]) -> bool:
    return isinstance(values, list) and all(right(value) for value in values)


def _positions(value: Any, depth: int) -> bool:
    if not isinstance(value, list):
        return False
    if depth > 1:
        return all(_positions(inner, depth - 1) for inner in value)
    return len(value) >= 2 and all(map(_is_number, value))


def topology(value: Any) -> bool:
    """Whether a value has the form of a TopoJSON topology."""
    return (
        isinstance(value, dict)
        and value.get("type") == "Topology"
        and isinstance(value.get("objects"), dict)
        and isinstance(value.get("arcs"), list)
    )


def expects_list(format: str, options: Mapping[str, Any], kind: str) -> str:
    delimiter: str = option(options, "delimiter", ",")
    return delimiter.join(("one", "two", "three"))


def expects_object(format: str, options: Mapping[str, Any], kind: str) -> str:
    return '{"key": "value"}'


def expects_array(format: str, options: Mapping[str, Any], kind: str) -> str:
    return '["one", "two"]'


def expects_geopoint(format: str, options: Mapping[str, Any], kind: str) -> str:
    forms = {"array": "[90.5, 45.5]", "object": '{"lon": 90.5, "lat": 45.5}'}
    return forms.get(format, "90.5, 45.5 (longitude, latitude)")


def expects_geojson(format: str, options: Mapping[str, Any], kind: str) -> str:
    if format == "topojson":
        return '{"type": "Topology", …}'
    return '{"type": "Point", "coordinates": [90.5, 45.5]}'
