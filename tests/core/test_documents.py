"""Documents encoded all at once are byte for byte what bson.encode gives."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import bson
import numpy as np
import pyarrow as pa
import pytest
from bson import Binary, Decimal128, Int64, ObjectId
from bson.datetime_ms import DatetimeMS
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.digests import digest, digests
from core.documents.encoder import encode
from core.documents.lineage import (
    COUNTER,
    identify,
    identity,
    new_load,
    object_ids,
    ranges,
    record_of,
)
from core.errors import RecipeError

LOAD = new_load()
LONG = st.builds(
    lambda part, size: (part * size)[:size],
    st.binary(min_size=1, max_size=9),
    st.integers(4090, 4110),
)
INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
COLUMNS: dict[str, tuple[Any, str, st.SearchStrategy[Any], Any]] = {
    "text": (pa.string(), "", st.text(max_size=20), str),
    "long": (pa.int64(), "", INT64, Int64),
    "short": (pa.int32(), "", st.integers(-(1 << 31), (1 << 31) - 1), int),
    "real": (pa.float64(), "", st.floats(allow_nan=False), float),
    "flag": (pa.bool_(), "", st.booleans(), bool),
    "moment": (pa.timestamp("ms", "UTC"), "", INT64, DatetimeMS),
    "bytes": (pa.binary(), "binary", st.binary(max_size=20), Binary),
    "uuid": (
        pa.binary(),
        "uuid",
        st.binary(min_size=16, max_size=16),
        lambda value: Binary(value, 4),
    ),
    "texts": (pa.list_(pa.string()), "", st.lists(st.text(max_size=5), max_size=13), list),
    "longs": (
        pa.list_(pa.int64()),
        "",
        st.lists(INT64, max_size=3),
        lambda values: [Int64(value) for value in values],
    ),
}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    rows = draw(st.integers(1, 6))
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), unique=True, min_size=1))
    return {
        name: draw(
            st.lists(st.none() | COLUMNS[name][2], min_size=rows, max_size=rows)
            if draw(st.booleans())
            else st.lists(COLUMNS[name][2], min_size=rows, max_size=rows)
        )
        for name in names
    }


@settings(max_examples=150, deadline=None)
@given(tables(), st.booleans())
def test_documents_are_those_of_bson(table: dict[str, list[Any]], null: bool) -> None:
    rows = len(next(iter(table.values())))
    arrays = {name: pa.array(cells, COLUMNS[name][0]) for name, cells in table.items()}
    kinds = {name: COLUMNS[name][1] for name in table}
    ids = identify(LOAD, np.arange(1, rows + 1))
    encoded = encode(arrays, ids, kinds, nulls=set(table) if null else ())
    for row, name in enumerate(object_ids(ids)):
        document: dict[str, Any] = {"_id": name}
        for field, cells in table.items():
            if cells[row] is not None:
                document[field] = COLUMNS[field][3](cells[row])
            elif null:
                document[field] = None
        assert encoded[row] == bson.encode(document)


@settings(deadline=None)
@given(st.lists(st.decimals(-(10**29), 10**29, places=4), min_size=1, max_size=5))
def test_decimals_are_those_of_bson(values: list[Decimal]) -> None:
    encoded = encode({"d": pa.array(values, pa.decimal128(34, 4))})
    for row, value in enumerate(values):
        found = bson.decode(encoded[row])["d"].to_decimal()
        assert found == value
        expected = Decimal128(value if value else Decimal("0.0000"))
        assert bson.encode({"d": expected}) == encoded[row]


def test_slices_and_special_numbers_are_kept() -> None:
    reals = pa.array([0.0, math.inf, -math.inf, math.nan, -0.0])[1:]
    texts = pa.array(["a", None, "c", "d", "e"])[1:]
    encoded = encode({"r": reals, "t": texts})
    found = [bson.decode(document) for document in encoded]
    assert [document.get("t") for document in found] == [None, "c", "d", "e"]
    assert found[0]["r"] == math.inf
    assert math.isnan(found[2]["r"])
    assert math.copysign(1, found[3]["r"]) == -1


def test_nested_values_are_copied_as_they_are() -> None:
    objects = pa.array([bson.encode({"$where": 1, "a.b": [1, 2]}), None])
    arrays = pa.array([bson.encode({"0": 1, "1": "x"}), bson.encode({})])
    encoded = encode({"o": objects, "a": arrays}, kinds={"o": "object", "a": "array"})
    assert bson.decode(encoded[0]) == {"o": {"$where": 1, "a.b": [1, 2]}, "a": [1, "x"]}
    assert bson.decode(encoded[1]) == {"a": []}


def test_no_rows_make_no_documents() -> None:
    assert len(encode({"a": pa.array([], pa.string())})) == 0


def test_a_name_with_nul_is_refused() -> None:
    with pytest.raises(RecipeError, match="NUL"):
        encode({"a\0b": pa.array(["x"])})


def test_dates_before_1970_are_dates() -> None:
    column = pa.array([datetime(1950, 1, 2, tzinfo=UTC)], pa.timestamp("ms", "UTC"))
    assert bson.decode(encode({"d": column})[0])["d"] == datetime(1950, 1, 2)


def test_an_id_tells_its_load_and_record_beyond_the_counter() -> None:
    records = np.array([1, COUNTER - 1, COUNTER, COUNTER + 1, 5 * COUNTER + 7])
    ids = object_ids(identify(LOAD, records))
    assert [record_of(LOAD, id) for id in ids] == records.tolist()
    assert len(set(ids)) == len(ids)
    assert record_of(new_load(), ids[0]) is None
    assert record_of(LOAD, LOAD) is None
    assert record_of(LOAD, "text") is None


def test_ranges_hold_the_ids_of_their_records_and_no_others() -> None:
    spans = ranges(LOAD, 5, COUNTER + 3)
    assert len(spans) == 2
    for record, inside in ((4, False), (5, True), (COUNTER, True), (COUNTER + 4, False)):
        name = identity(LOAD, record)
        assert any(first <= name <= last for first, last in spans) == inside
    assert ranges(LOAD, 1, 0) == []


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40) | LONG, min_size=1, max_size=9))
def test_a_digest_is_the_same_alone_and_in_a_batch(documents: list[bytes]) -> None:
    offsets = np.concatenate(([0], np.cumsum([len(document) for document in documents])))
    found = digests(b"".join(documents), offsets.astype(np.int64))
    assert [digest(document) for document in documents] == found.tolist()


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_digest_sees_every_byte(document: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(document) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != document[at]))
    assert digest(document) != digest(document[:at] + bytes([other]) + document[at + 1 :])
    assert digest(document) != digest(document + b"\0")


def test_digests_are_those_that_ledgers_hold() -> None:
    kept = {
        b"": 0,
        b"sluice": 8459352209554196524,
        bytes(range(256)): 18016082233572681392,
        b"x" * 4097: 2391934043534077412,
    }
    assert {document: digest(document) for document in kept} == kept


def test_digests_of_many_documents_are_those_of_each() -> None:
    documents = [bytes([n % 251]) * (n * n % 700) for n in range(9_000)]
    offsets = np.concatenate(([0], np.cumsum([len(document) for document in documents])))
    found = digests(b"".join(documents), offsets.astype(np.int64))
    assert found.tolist() == [digest(document) for document in documents]


def test_ids_are_object_ids() -> None:
    assert isinstance(identity(LOAD, 1), ObjectId)
