"""What other programs get of a collection: a frame, or a file that reads back as it was."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from bson import Decimal128, ObjectId
from bson.binary import UuidRepresentation
from bson.json_util import JSONOptions, loads
from pyarrow import parquet

import core
from core.errors import CoreError, FileError, StoreError
from core.exports import Picked, Written, columns_of, exporting
from core.store import Store
from core.store.browse import Document

UUID_ = UUID("12345678-1234-5678-1234-567812345678")
DOCUMENTS: list[dict[str, Any]] = [
    {
        "_id": ObjectId("65a000000000000000000001"),
        "count": 3,
        "price": Decimal128("12.50"),
        "at": datetime(2024, 2, 29, 13, 5, tzinfo=UTC),
        "day": datetime(2024, 2, 29, tzinfo=UTC),
        "place": {"city": "Köln", "zip": "00501"},
        "tags": ["a", "b"],
        "open": True,
        "mixed": 1,
        "key": UUID_,
    },
    {
        "_id": ObjectId("65a000000000000000000002"),
        "count": 2**53 + 1,
        "price": Decimal128("1000.125"),
        "place": {"city": "Zürich"},
        "open": None,
        "mixed": "=1+1",
        "late": 1.5,
    },
]


def put(store: Store, documents: list[Document]) -> Picked:
    store.client[store.database]["things"].insert_many(documents)
    return Picked(store.database, "things")


def written(store: Store, picked: Picked, path: Path, **told: Any) -> Written:
    *_, done = exporting(store, picked, path, **told)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return done


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def test_a_frame_has_the_types_of_the_documents(store: Store) -> None:
    put(store, DOCUMENTS)
    found = core.frame(store, "things")
    assert list(found.columns) == [
        *("count", "price", "at", "day", "place", "tags", "open", "mixed", "late", "key", "_id")
    ]
    assert found["count"].tolist() == [3, 2**53 + 1]
    assert found["price"].tolist() == [Decimal("12.500"), Decimal("1000.125")]
    assert found["at"][0] == pd.Timestamp("2024-02-29T13:05Z")
    assert found["place"].tolist() == [
        {"city": "Köln", "zip": "00501"},
        {"city": "Zürich", "zip": None},
    ]
    assert list(found["tags"][0]) == ["a", "b"]
    assert found["open"].isna().tolist() == [False, True]
    assert found["mixed"].tolist() == ["1", "=1+1"]
    assert found["key"][0] == str(UUID_)
    assert found["_id"].tolist() == [str(one["_id"]) for one in DOCUMENTS]


def test_a_frame_of_many_pages_has_one_type_a_column(store: Store) -> None:
    many: list[Document] = [{"n": n, "x": n} for n in range(2_500)]
    many[2_100]["x"] = 0.5
    many[2_400]["late"] = "yes"
    put(store, many)
    found = core.frame(store, "things")
    assert sorted(found["n"].tolist()) == list(range(2_500))
    assert str(found["x"].dtype) == "double[pyarrow]"
    assert found["late"].notna().sum() == 1


def test_a_large_whole_number_among_others_is_not_rounded(store: Store) -> None:
    many: list[Document] = [{"n": 2**53 + 1, "m": 2**53 + 1} for _ in range(2_500)]
    many[2_400]["n"] = 0.5
    put(store, many)
    found = core.frame(store, "things")
    assert set(found["n"].tolist()) == {str(2**53 + 1), "0.5"}
    assert set(found["m"].tolist()) == {2**53 + 1}


def test_a_frame_takes_what_a_query_picks(store: Store) -> None:
    put(store, [{"n": n} for n in range(10)])
    assert core.frame(store, "things", {"n": {"$gte": 4}}, sort=[("n", -1)], limit=3)[
        "n"
    ].tolist() == [9, 8, 7]
    assert core.frame(store, "nothing").empty
    with pytest.raises(StoreError, match=r"\$where is not allowed"):
        core.frame(store, "things", {"$where": "1"})


@pytest.mark.parametrize("pages", [1, 3])
def test_a_csv_loads_back_as_the_same_documents(store: Store, folder: Path, pages: int) -> None:
    documents = [
        {
            "count": n,
            "price": Decimal128(f"{n}.50"),
            "at": datetime(2024, 2, 29, 13, n % 60, tzinfo=UTC),
            "name": f'"{n}", ü\nnext',
            "open": n % 2 == 0,
            "ratio": n / 7,
        }
        for n in range(pages * 900)
    ]
    picked = put(store, documents)
    assert written(store, picked, folder / "things.csv").documents == len(documents)
    recipe = core.infer(folder / "things.csv").replace(collection="again")
    *_, report = core.load_file(folder / "things.csv", recipe, store)
    assert (report.accepted, report.quarantined) == (len(documents), 0)
    back = {one["count"]: one for one in store.client[store.database]["again"].find({})}
    for wanted in documents:
        found = back[wanted["count"]]
        assert all(found[name] == value for name, value in wanted.items() if name != "_id")


def test_json_lines_read_back_as_the_same_documents(store: Store, folder: Path) -> None:
    written(store, put(store, DOCUMENTS), folder / "things.jsonl")
    lines = (folder / "things.jsonl").read_text("utf-8").splitlines()
    options = JSONOptions(tz_aware=True, uuid_representation=UuidRepresentation.STANDARD)
    assert [loads(line, json_options=options) for line in lines] == DOCUMENTS


def test_parquet_holds_one_type_a_column(store: Store, folder: Path) -> None:
    written(store, put(store, DOCUMENTS), folder / "things.parquet")
    found = parquet.read_table(folder / "things.parquet").to_pylist()
    assert [one["price"] for one in found] == [Decimal("12.500"), Decimal("1000.125")]
    assert [one["mixed"] for one in found] == ["1", "=1+1"]
    assert found[0]["at"] == DOCUMENTS[0]["at"]
    with pytest.raises(CoreError, match="no documents to export"):
        written(store, Picked(store.database, "nothing"), folder / "nothing.parquet")


def test_a_csv_can_be_made_safe_to_open_in_a_spreadsheet(store: Store, folder: Path) -> None:
    picked = put(store, [{"=name": '=HYPERLINK("http://x")', "amount": -5}])
    done = written(store, picked, folder / "things.csv", safe=True)
    (row,) = rows(folder / "things.csv")
    assert (row["'=name"], row["amount"]) == ('\'=HYPERLINK("http://x")', "-5")
    assert done.guarded == 1
    written(store, picked, folder / "things.csv")
    assert rows(folder / "things.csv")[0]["=name"] == '=HYPERLINK("http://x")'


def test_bytes_and_nested_values_are_whole_in_a_csv(store: Store, folder: Path) -> None:
    picked = put(store, [{"raw": b"\x00\xff", "place": {"n": [1, {"x": None}]}}])
    written(store, picked, folder / "things.csv")
    (row,) = rows(folder / "things.csv")
    assert loads(row["raw"]) == b"\x00\xff"
    assert json.loads(row["place"]) == {"n": [1, {"x": None}]}


def test_an_export_that_is_stopped_leaves_no_file(store: Store, folder: Path) -> None:
    work = exporting(store, put(store, [{"n": n} for n in range(3_000)]), folder / "things.csv")
    next(work)
    work.close()
    assert not list(folder.iterdir())


def test_an_export_that_cannot_be_written_says_so(store: Store, folder: Path) -> None:
    picked = put(store, [{"n": 1}])
    with pytest.raises(FileError, match=r"cannot be written to .*nowhere.*Choose another place"):
        list(exporting(store, picked, folder / "nowhere" / "things.csv"))


def test_a_field_that_only_later_documents_have_stands_where_they_have_it() -> None:
    documents = [
        {"_id": 1, "sku": "a", "price": 2},
        {"_id": 2, "sku": "b", "qty": 1, "price": 2},
        {"_id": 3, "at": 0, "sku": "c", "price": 3, "note": ""},
        {"_id": 4, "alone": 1},
    ]
    names = ("at", "sku", "qty", "price", "note", "alone", "_id")
    assert columns_of(documents) == names
