"""Casts of text to text and to booleans: formats email, uri, uuid and binary."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.values.text import Mask, joined, numpy_mask, option, patch, valid, where

_WORD = r"[^@\s,;<>()\[\]\"]+"
EMAIL = rf"^{_WORD}@{_WORD}\.\pL{{2,}}$"
URI = r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"
UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")

# what the first leaves goes to the next: making that one, anew for each batch, takes as long as
# matching 10,000 addresses
_PATTERNS = {"email": (EMAIL.replace(r"\pL", "[A-Za-z]"), EMAIL), "uri": (URI,), "uuid": (UUID,)}
_EXPECTED = {
    "default": "any text",
    "email": "an address like name@example.com",
    "uri": "an address like https://example.com/page",
    "uuid": "a UUID like 123e4567-e89b-12d3-a456-426614174000",
    "binary": "base64 like U2x1aWNl",
}


def cast_string(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    if format in _PATTERNS:
        bad = _unmatched(values, _PATTERNS[format])
        if bad.any():
            values = where(~bad, values)
        return (_uuid_bytes(values) if bson == "uuid" else values), bad
    if format == "binary":
        plain = np.zeros(len(values), bool)
        if bson == "string":
            _, bad = patch(values, plain, pa.binary(), decode)
            return where(~bad, values), bad
        return patch(values, plain, pa.binary(), decode)
    return values, None


def _unmatched(values: pa.Array, patterns: Sequence[str]) -> Mask:
    """The cells that none of the patterns takes."""
    left = valid(values)
    for pattern in patterns:
        rows = np.flatnonzero(left)
        some = values if len(rows) == len(values) else values.take(pa.array(rows))
        left[rows] = ~numpy_mask(pc.match_substring_regex(some, pattern))
        if not left.any():
            break
    return left


def decode(text: str) -> bytes | None:
    """The bytes of base64 text, None where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _uuid_bytes(values: pa.Array) -> pa.Array:
    digits = pc.replace_substring(values, "-", "")
    packed = np.frombuffer(bytes.fromhex(joined(digits.drop_null())), np.uint8)
    starts = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.where(valid(values), 16, 0), out=starts[1:])
    nulls = None if not values.null_count else pc.is_valid(values).buffers()[1]
    return pa.Array.from_buffers(
        pa.binary(), len(values), [nulls, pa.py_buffer(starts), pa.py_buffer(packed)]
    )


def expects_string(format: str, options: Mapping[str, Any], bson: str) -> str:
    return _EXPECTED.get(format, "any text")


def cast_boolean(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    true, false = _words(options)
    found = pc.index_in(values, pa.array([*true, *false], pa.string()))
    bad = valid(values) & ~valid(found)
    return pc.less(found, len(true)), bad if bad.any() else None


def _words(options: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(option(options, "trueValues", TRUE)),
        tuple(option(options, "falseValues", FALSE)),
    )


def expects_boolean(format: str, options: Mapping[str, Any], bson: str) -> str:
    true, false = _words(options)
    return f"{true[0]} or {false[0]}"


def cast_any(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    return values, None


def expects_any(format: str, options: Mapping[str, Any], bson: str) -> str:
    return "any text"
