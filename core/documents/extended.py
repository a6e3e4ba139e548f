"""BSON values as relaxed extended JSON (MongoDB Extended JSON v2), which MongoDB's tools read."""

from typing import Any

from bson import json_util
from bson.binary import UuidRepresentation

_OPTIONS = json_util.JSONOptions(
    json_mode=json_util.JSONMode.RELAXED,
    datetime_representation=json_util.DatetimeRepresentation.ISO8601,
    uuid_representation=UuidRepresentation.STANDARD,
)


def to_json(value: Any, indent: int | None = 2) -> str:
    return str(json_util.dumps(value, json_options=_OPTIONS, indent=indent, ensure_ascii=False))
