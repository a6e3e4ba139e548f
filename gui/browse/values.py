"""BSON values as text: for cells, for JSON, and what type a column seems to have."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bson import Binary, Decimal128, ObjectId, json_util

from core.documents.extended import to_json
from core.plural import counted

_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (Decimal128, "number"),
    (datetime, "date"),
    (ObjectId, "objectId"),
    (str, "string"),
)
LONGEST = 1000  # characters of a value that a cell shows


def shown(value: Any) -> str:
    """A value in a cell; nothing is rounded."""
    if isinstance(value, str):
        return value[:LONGEST]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}" if value == float(f"{value:.15g}") else repr(value)
    if isinstance(value, datetime):
        return _date(value)
    if isinstance(value, bytes | Binary):
        return counted(len(value), "byte")
    if isinstance(value, Mapping | list):
        return to_json(value, None)[:LONGEST]
    return str(value)


def _date(value: datetime) -> str:
    if not (value.hour or value.minute or value.second or value.microsecond):
        return value.strftime("%Y-%m-%d")
    text = value.strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}.{value.microsecond // 1000:03}" if value.microsecond else text


def kind(value: Any) -> str:
    """The Table Schema type nearest to a BSON value; "" for null."""
    if value is None:
        return ""
    found = next((name for known, name in _TYPES if isinstance(value, known)), "object")
    midnight = isinstance(value, datetime) and not (value.hour or value.minute or value.second)
    return "datetime" if found == "date" and not midnight else found


def common_kind(values: Iterable[Any]) -> str:
    """Of a page of values: the type most have; integers among numbers are numbers."""
    found = Counter(name for name in map(kind, values) if name)
    if set(found) == {"integer", "number"}:
        return "number"
    if set(found) == {"date", "datetime"}:
        return "datetime"
    return found.most_common(1)[0][0] if found else "string"


def parse_query(text: str) -> dict[str, Any]:
    """A query written as extended JSON; ValueError names the line and column where it breaks."""
    if not text.strip():
        return {}
    try:
        found = json_util.loads(text, json_options=json_util.JSONOptions(tz_aware=True))
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.pos + 1}") from error
    except (TypeError, ValueError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, dict):
        raise ValueError('a query is an object: { "field": value }')
    return found
