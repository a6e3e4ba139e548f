"""Held records that are large, wide or oddly named are kept whole, judged and exported."""

import csv
import sys
from pathlib import Path

import bson
import pytest
from bson import ObjectId

from core import quarantine
from core.reading.dialect import Dialect
from core.recipes.schema import Field
from core.store import Store
from core.store.bounds import MORE, ROOM, VALUE
from tests.core.held.orders import last
from tests.core.loads import documents, load, recipe, write_csv

LONG = "x" * 1_100_000
FIELDS = (Field("id", "integer"), Field("name"), Field("qty", "integer"))


@pytest.fixture
def held(tmp_path: Path, store: Store) -> str:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, LONG, "wrong")])
    report = load(path, recipe(fields=FIELDS), store)
    assert (report.accepted, report.quarantined) == (1, 1)
    return str(report.load)


def test_it_stays_held_while_it_is_wrong_and_is_loaded_whole_when_mended(
    store: Store, held: str
) -> None:
    assert last(quarantine.resubmit(store, held)).loaded == 0
    (record,) = store.quarantine.find(held)
    assert [reason.code for reason in record.reasons] == ["type-error"]
    quarantine.edit(store, record.id, {"qty": "2"})
    assert last(quarantine.resubmit(store, held)).loaded == 1
    found = [one for one in documents(store) if one["id"] == 2]
    assert [(one["name"] == LONG, one["qty"]) for one in found] == [(True, 2)]


def test_it_is_exported_with_its_cells(store: Store, held: str, tmp_path: Path) -> None:
    last(quarantine.exporting(store, tmp_path / "out.csv", held))
    before = csv.field_size_limit(sys.maxsize)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    csv.field_size_limit(before)
    assert (row["id"], row["name"] == LONG, row["qty"]) == ("2", True, "wrong")


def test_a_wide_row_of_long_wrong_cells_is_held_with_the_first_reasons_and_how_many_more(
    tmp_path: Path, store: Store
) -> None:
    wide = tuple(Field(f"gene{n}", "integer") for n in range(800))
    rows = [["1"] * len(wide), ["z" * 1_100] * len(wide)]
    path = write_csv(tmp_path / "w.csv", rows, ",".join(field.name for field in wide))
    report = load(path, recipe(fields=wide), store)
    assert (report.accepted, report.quarantined) == (1, 1)
    (record,) = store.quarantine.find(report.load)
    assert store.quarantine.raw(record) == ",".join(rows[1]).encode()
    *first, more = record.reasons
    assert first[0].value == "z" * VALUE + "…"
    assert (more.code, more.field) == (MORE, None)
    assert more.message.startswith(f"{800 - len(first):,} more things are wrong")
    assert sum(4 * len(reason.value) for reason in first) < ROOM
    (stored,) = store.client["sluice"].quarantine.find({"_id": ObjectId(record.id)})
    assert len(bson.encode(stored)) < 4 << 20
    assert last(quarantine.revalidate(store, report.load)).changed == 0, "nothing new is wrong"
    mended = {reason.field: "2" for reason in first if reason.field}
    left = quarantine.edit(store, record.id, mended).reasons
    assert {reason.field for reason in left}.isdisjoint(mended), "the next ones are told"


def test_long_names_do_not_make_a_row_too_large(tmp_path: Path, store: Store) -> None:
    names = [f"{n:04}" + "n" * 3_000 for n in range(1_500)]
    path = write_csv(tmp_path / "n.csv", [["1"] * 1_500, ["x"] * 1_500], ",".join(names))
    made = recipe(fields=tuple(Field(name, "integer") for name in names))
    report = load(path, made, store)
    assert (report.accepted, report.quarantined) == (1, 1)
    (record,) = store.quarantine.find(report.load)
    assert store.quarantine.raw(record) == ",".join(["x"] * 1_500).encode()
    assert last(quarantine.resubmit(store, report.load)).held == 1


def test_a_name_with_a_nul_in_it_is_held_found_and_mended(tmp_path: Path, store: Store) -> None:
    fields = (Field("id", "integer"), Field("na\0me", target="name"), Field("\x1a0", target="o"))
    path = write_csv(tmp_path / "z.csv", [("1", "a", "b"), ("x", "c", "d")], "id,na\0me,\x1a0")
    report = load(path, recipe(fields=fields), store)
    assert (report.accepted, report.quarantined) == (1, 1)
    (record,) = store.quarantine.find(report.load, cell=("na\0me", "c"))
    assert record.values == {"id": "x", "na\0me": "c", "\x1a0": "d"}
    assert last(quarantine.replace(store, report.load, "na\0me", "c", "e")).changed == 1
    assert quarantine.edit(store, record.id, {"id": "2"}).ready
    assert last(quarantine.resubmit(store, report.load)).loaded == 1
    (found,) = [one for one in documents(store) if one["id"] == 2]
    assert (found["name"], found["o"]) == ("e", "d")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_bytes_of_any_encoding_are_read_as_their_file_was(
    encoding: str, tmp_path: Path, store: Store
) -> None:
    text = f"id,name,qty\nx,Müller,5\ny,{LONG if encoding == 'utf-16' else 'Ägidius'},wrong\n"
    big = b"\xfe\xff" + text.encode("utf-16-be")
    path = tmp_path / "e.csv"
    path.write_bytes(big if encoding == "utf-16" else text.encode(encoding))
    made = recipe(fields=FIELDS, dialect=Dialect(encoding=encoding))
    report = load(path, made, store)
    assert [one.values["id"] for one in store.quarantine.find(report.load, text="müller")] == ["x"]
    last(quarantine.exporting(store, tmp_path / "out.csv", report.load))
    assert ",x,Müller,5," in (tmp_path / "out.csv").read_text("utf-8-sig").replace('"', "")
    for record in store.quarantine.find(report.load):
        quarantine.edit(store, record.id, {"id": str(record.line), "qty": "7"})
    assert last(quarantine.resubmit(store, report.load)).loaded == 2
    assert {one["name"][:6] for one in documents(store)} <= {"Müller", "Ägidiu", LONG[:6]}
