"""Columns → BSON documents, all of a batch at once; byte for byte what `bson.encode` would give.

Each column becomes pieces: runs of fixed width, made as one numpy structure, and arrays of variable
width; Arrow then joins the pieces of each row. The layout follows bsonspec.org 1.1.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import Integers
from core.documents.decimals import decimal128_bytes
from core.documents.lineage import Ids
from core.errors import RecipeError

OBJECT_ID, NULL, STRING, BINARY, ARRAY = b"\x07", b"\x0a", b"\x02", b"\x05", b"\x04"
RAW = {"object": b"\x03", "array": ARRAY}
LARGEST = 16 << 20  # bytes of a document
_EMPTY = pa.scalar(b"", pa.binary())


@dataclass(frozen=True, slots=True)
class Encoded:
    """Document i is data[offsets[i]:offsets[i + 1]]."""

    data: memoryview
    offsets: Integers

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return (self[row] for row in range(len(self)))

    def take(self, rows: Integers) -> "Encoded":
        """The documents of those rows, in that order."""
        parts = [self[int(row)] for row in rows]
        sizes = np.array([len(part) for part in parts], np.int64)
        return Encoded(memoryview(b"".join(parts)), np.concatenate(([0], np.cumsum(sizes))))


def encode(
    columns: Mapping[str, pa.Array],
    ids: Ids | None = None,
    kinds: Mapping[str, str] | None = None,
    *,
    lineage: Ids | None = None,
    nulls: Collection[str] = (),
) -> Encoded:
    """One document a row: `_id` from `ids`, the columns in their order, `_load` from `lineage`.

    `kinds` tells the BSON kind of a binary column (binary, uuid, object, array). A null is no
    field, or a null field for the names in `nulls`. Raises RecipeError for a name with NUL in it.
    """
    rows = len(ids) if ids is not None else len(next(iter(columns.values()), ()))
    if not rows:
        return Encoded(memoryview(b""), np.zeros(1, np.int64))
    pieces = _Pieces(rows)
    pieces.fixed("<i4", None)
    if ids is not None:
        pieces.constant(OBJECT_ID + b"_id\0")
        pieces.fixed("V12", ids)
    for name, column in columns.items():
        kind = (kinds or {}).get(name, "")
        _element(pieces, _key(name), _plain(column), kind, name in nulls)
    if lineage is not None:
        pieces.constant(OBJECT_ID + b"_load\0")
        pieces.fixed("V12", lineage)
    pieces.constant(b"\0")
    return _encoded(pieces.joined())


def _encoded(documents: pa.Array) -> Encoded:
    offsets = np.frombuffer(documents.buffers()[1], np.int32, count=len(documents) + 1)
    return Encoded(memoryview(documents.buffers()[2]), offsets.astype(np.int64))


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, no dictionary, with offsets of 32 bits."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string()) if pa.types.is_large_string(column.type) else column


def _key(name: str) -> bytes:
    if "\0" in name:
        raise RecipeError(
            f"The field name {name!r} has a NUL character in it, which no document can hold.",
            "Give the field another name.",
        )
    return name.encode() + b"\0"


@dataclass(frozen=True, slots=True)
class _Parts:
    """An element's value: what is of fixed width, then bytes of any length, then an end."""

    mark: bytes
    fixed: tuple[tuple[str, Any], ...] = ()
    varied: pa.Array | None = None
    end: bytes = b""


class _Pieces:
    """The rows' parts from left to right, and how long each row has become."""

    def __init__(self, rows: int) -> None:
        self.sizes: Integers = np.zeros(rows, np.int64)
        self._pieces: list[Any] = []
        self._run: list[tuple[str, Any]] = []

    def constant(self, data: bytes) -> None:
        if data:
            self.fixed(f"V{len(data)}", data)

    def fixed(self, kind: str, values: Any) -> None:
        """`values` is an array, the same bytes for all rows, or None for the row's length."""
        self._run.append((kind, values))
        self.sizes += np.dtype(kind).itemsize

    def varied(self, values: pa.Array) -> None:
        self._flush()
        self._pieces.append(values)
        self.sizes += lengths(values)

    def joined(self) -> pa.Array:
        self._flush()
        made = [
            self._structure(piece) if isinstance(piece, list) else piece for piece in self._pieces
        ]
        return pc.binary_join_element_wise(*made, _EMPTY)

    def _flush(self) -> None:
        if self._run:
            self._pieces.append(self._run)
            self._run = []

    def _structure(self, run: list[tuple[str, Any]]) -> Any:
        if all(isinstance(values, bytes) for _, values in run) and len(self._pieces) > 1:
            return pa.scalar(b"".join(values for _, values in run), pa.binary())
        return structure(
            len(self.sizes),
            [(kind, self.sizes if values is None else values) for kind, values in run],
        )


def structure(rows: int, run: list[tuple[str, Any]]) -> pa.Array:
    """A binary array whose values all have the width of the run's parts together."""
    layout = np.dtype([(f"f{at}", kind) for at, (kind, _) in enumerate(run)])
    table = np.empty(rows, layout)
    for at, (kind, values) in enumerate(run):
        if isinstance(values, bytes):
            values = np.void(values)
        elif kind.startswith("V"):
            values = np.ascontiguousarray(values).view(kind).reshape(rows)
        table[f"f{at}"] = values
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(layout.itemsize)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(table)]
    return pa.Array.from_buffers(pa.binary(), rows, buffers)


def lengths(values: pa.Array) -> Integers:
    """Bytes of each value; a null has none."""
    found = pc.fill_null(pc.binary_length(values), 0)
    sizes: Integers = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return sizes


def _element(pieces: _Pieces, key: bytes, column: pa.Array, kind: str, null: bool) -> None:
    parts = _parts(column, kind)
    if column.null_count:
        _sparse(pieces, key, column, parts, null)
        return
    pieces.constant(parts.mark + key)
    for width, values in parts.fixed:
        pieces.fixed(width, values)
    if parts.varied is not None:
        pieces.varied(parts.varied)
    pieces.constant(parts.end)


def _sparse(pieces: _Pieces, key: bytes, column: pa.Array, parts: _Parts, null: bool) -> None:
    """An element whose null cells are no element at all, or one of type null."""
    valid = pc.is_valid(column)
    mark = parts.mark + key
    head = structure(len(column), [(f"V{len(mark)}", mark), *parts.fixed])
    absent = pa.scalar(NULL + key, pa.binary()) if null else _EMPTY
    pieces.varied(pc.if_else(valid, head, absent))
    if parts.varied is not None:
        pieces.varied(pc.if_else(valid, parts.varied, _EMPTY))
    if parts.end:
        pieces.varied(pc.if_else(valid, pa.scalar(parts.end, pa.binary()), _EMPTY))


def _parts(column: pa.Array, kind: str) -> _Parts:
    type_ = column.type
    if pa.types.is_string(type_):
        return _Parts(STRING, (("<i4", lengths(column) + 1),), column.cast(pa.binary()), b"\0")
    if kind in RAW and pa.types.is_binary(type_):
        return _Parts(RAW[kind], (), column)
    if pa.types.is_binary(type_) or pa.types.is_fixed_size_binary(type_):
        subtype = b"\x04" if kind == "uuid" else b"\0"
        data = column.cast(pa.binary())
        return _Parts(BINARY, (("<i4", lengths(data)), ("V1", subtype)), data)
    if pa.types.is_list(type_):
        arrays = _arrays(column)
        return _Parts(ARRAY, (("<i4", lengths(arrays) + 5),), arrays, b"\0")
    mark, width, values = _number(column)
    return _Parts(mark, ((width, values),))


def _arrays(column: pa.Array) -> pa.Array:
    """The elements of each row's array, joined; their keys are "0", "1", …"""
    items = _plain(column.flatten())
    sizes = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    stops = np.cumsum(sizes, dtype=np.int32)
    offsets = pa.array(np.concatenate((np.zeros(1, np.int32), stops)))
    if not len(items):
        return pa.array([b""] * len(column), pa.binary())
    places = np.arange(len(items)) - np.repeat(offsets[:-1].to_numpy(), sizes)
    parts = _parts(items, "")
    pieces = _Pieces(len(items))
    valid = pc.is_valid(items)
    pieces.varied(pc.if_else(valid, pa.scalar(parts.mark, pa.binary()), pa.scalar(NULL)))
    pieces.varied(pc.cast(pa.array(places), pa.string()).cast(pa.binary()))
    body = structure(len(items), [("V1", b"\0"), *parts.fixed])
    pieces.varied(pc.if_else(valid, body, pa.scalar(b"\0", pa.binary())))
    if parts.varied is not None:
        pieces.varied(pc.fill_null(parts.varied, b""))
        pieces.varied(pc.if_else(valid, pa.scalar(parts.end, pa.binary()), _EMPTY))
    return pc.binary_join(pa.ListArray.from_arrays(offsets, pieces.joined()), b"")


def _number(column: pa.Array) -> tuple[bytes, str, Any]:
    """The element's type, the numpy type of its values, and the values, 0 where null."""
    type_ = column.type
    if pa.types.is_null(type_):
        return NULL, "V0", np.zeros(len(column), "V0")
    if pa.types.is_decimal128(type_):
        return b"\x13", "V16", decimal128_bytes(column)
    if pa.types.is_date32(type_):
        column = column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms", column.type.tz)).view(pa.int64())
        mark, width = b"\x09", "<i8"
    elif pa.types.is_boolean(type_):
        mark, width, column = b"\x08", "u1", column.cast(pa.uint8())
    else:
        mark, width = _NUMBERS[str(type_)]
    values = pc.fill_null(column, pa.scalar(0, column.type)) if column.null_count else column
    return mark, width, values.to_numpy(zero_copy_only=False)


_NUMBERS = {
    "int64": (b"\x12", "<i8"),
    "int32": (b"\x10", "<i4"),
    "int16": (b"\x10", "<i4"),
    "int8": (b"\x10", "<i4"),
    "double": (b"\x01", "<f8"),
    "float": (b"\x01", "<f8"),
}
