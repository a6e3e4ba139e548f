"""A held record that is kept as its bytes alone, being large, is judged and exported whole."""

import csv
import sys
from pathlib import Path

import pytest

from core import quarantine
from core.recipes.schema import Field
from core.store import Store
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
