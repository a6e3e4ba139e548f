"""Rows of an export that come back settle the held records they came from."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import quarantine
from core.batch import LoadReport
from core.loading.undo import undo
from core.quarantine import RETURNED, bring_back
from core.reading.source import Source
from core.recipes.recipe import Recipe, infer
from core.store import Store
from core.values.cleaning import Step
from tests.core.held.orders import GOOD, HELD, amounts, documents, held, last

Rows = list[dict[str, str]]


def exported(store: Store, load: str, path: Path, *, safe: bool = False) -> Rows:
    """The rows of an export, by the line they came from."""
    quarantine.export(store, path, load, safe=safe)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def returned(store: Store, rows: Rows, path: Path, **options: Any) -> LoadReport:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    report: LoadReport = last(bring_back(Source(path, infer(path).dialect), store, **options))
    assert report.records == report.accepted + report.quarantined + report.skipped
    return report


@pytest.mark.parametrize("safe", [False, True])
def test_rows_that_nobody_changed_stay_held_as_they_are(
    store: Store, load: str, tmp_path: Path, safe: bool
) -> None:
    before = store.quarantine.find(load)
    rows = exported(store, load, tmp_path / "out.csv", safe=safe)
    report = returned(store, rows, tmp_path / "back.csv")
    assert (report.state, report.accepted, report.quarantined) == (RETURNED, 0, HELD)
    assert store.quarantine.find(load) == before
    assert (len(documents(store)), store.quarantine.count()) == (GOOD, HELD)


def test_corrected_rows_are_loaded_and_settle_their_record(
    store: Store, load: str, tmp_path: Path
) -> None:
    rows = exported(store, load, tmp_path / "out.csv")
    by_line = {row["_line"]: row for row in rows}
    by_line["3"]["amount"] = "1.5"  # was 1,5
    by_line["5"] |= {"amount": "4", "region": "West"}  # was too few cells
    by_line["6"]["region"] = "East 2"  # was too many cells
    by_line["4"]["amount"] = "abd"  # still wrong
    rows.append({**dict.fromkeys(rows[0], ""), "id": "99", "amount": "1", "region": "x"})
    dry = returned(store, rows, tmp_path / "back.csv", dry_run=True)
    assert len(documents(store)) == GOOD
    report = returned(store, rows, tmp_path / "back.csv")
    assert (report.accepted, report.quarantined, report.skipped) == (3, HELD - 3, 1)
    assert (dry.accepted, dry.quarantined, dry.skipped) == (3, HELD - 3, 1)
    assert report.message == (
        "3 corrected rows loaded, 1 still wrong and held, 4 unchanged and held as before. "
        "1 row names no held row and was not loaded: load them as a file of their own."
    )
    assert sorted(amounts(store)) == [1.5, 4.0, 7.0, 10.5]
    left = held(store, load)
    assert sorted(left) == [4, 7, 8, 9, 10]
    assert left[4].values["amount"] == "abd"
    assert [edit.new for edit in left[4].edits] == ["abd"]
    assert len(store.loads.list()) == 1, "no load of its own"

    again = returned(store, rows, tmp_path / "back.csv")
    assert (again.accepted, again.quarantined, again.skipped) == (0, HELD - 3, 4)
    assert held(store, load) == left
    last(undo(store, load))
    assert documents(store) == []


def test_a_fix_of_the_recipe_is_a_correction_of_each_cell_that_it_changes(
    store: Store, load: str, recipe: Recipe, tmp_path: Path
) -> None:
    rows = exported(store, load, tmp_path / "out.csv")
    schema = recipe.schema.replace_field("amount", clean=(Step("decimalComma"),))
    mended = replace(recipe, schema=schema)
    cells = {1: {"region": "Farther north"}}  # record 1 of the export is line 3
    told: dict[str, Any] = {"recipe": mended, "edits": cells}
    dry = returned(store, rows, tmp_path / "back.csv", dry_run=True, **told)
    report = returned(store, rows, tmp_path / "back.csv", **told)
    assert report.message == "2 corrected rows loaded, 6 unchanged and held as before."
    assert dry.message == report.message
    assert sorted(amounts(store)) == [1.5, 2.5, 10.5]
    assert {one["region"] for one in documents(store)} == {"North", "Farther north", "West"}
    assert held(store, load).keys() == {4, 5, 6, 7, 8, 10}


def test_a_cell_of_a_column_that_the_owner_left_out_can_be_edited_all_the_same(
    store: Store, load: str, tmp_path: Path
) -> None:
    rows = exported(store, load, tmp_path / "out.csv")
    kept = [{name: text for name, text in row.items() if name != "region"} for row in rows]
    told: dict[str, Any] = {"edits": {1: {"amount": "1.5", "region": "Farther"}}}
    report = returned(store, kept, tmp_path / "back.csv", **told)
    assert report.message == "1 corrected row loaded, 7 unchanged and held as before."
    assert {one["region"] for one in documents(store)} == {"North", "Farther"}


def test_what_a_spreadsheet_makes_of_a_number_is_no_correction(
    store: Store, load: str, tmp_path: Path
) -> None:
    rows = exported(store, load, tmp_path / "out.csv")
    (wide,) = [row for row in rows if row["_line"] == "6"]
    assert wide["amount"] == "7.00"
    wide["amount"] = "7"
    assert returned(store, rows, tmp_path / "back.csv").quarantined == HELD
    assert [reason.code for reason in held(store, load)[6].reasons] == ["extra-cell"]


def test_an_edit_made_here_meanwhile_is_not_taken_back_by_an_older_export(
    store: Store, load: str, tmp_path: Path
) -> None:
    rows = exported(store, load, tmp_path / "out.csv")
    edited = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    returned(store, rows, tmp_path / "back.csv")
    assert held(store, load)[3] == edited
