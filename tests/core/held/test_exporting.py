"""Held records handed back to the owner of the data."""

import csv
from dataclasses import replace as changed
from pathlib import Path

import pytest

from core import quarantine
from core.errors import FileError
from core.loading.loader import load_file
from core.recipes.recipe import Recipe, find_beside
from core.store import Store
from tests.core.held.orders import DESCRIPTOR, HELD, ORDERS, documents, held, last


def test_the_export_goes_back_to_the_owner_and_comes_in_again(
    store: Store, load: str, tmp_path: Path
) -> None:
    quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    out = tmp_path / "back.csv"
    done = quarantine.export(store, out, load)
    assert (done.records, done.guarded) == (HELD, 0)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "id", "amount", "region",
        "_file", "_line", "_reasons", "_problems", "_raw", "_record", "_load",
    ]  # fmt: skip
    assert rows[0] | {"_record": ""} == {
        "id": "2", "amount": "1.5", "region": "North", "_file": "orders.csv", "_line": "3",
        "_reasons": "ready",
        "_problems": "Edited in Sluice: nothing is wrong any more, and it waits to be loaded.",
        "_raw": '2,"1,5",North', "_record": "", "_load": load,
    }  # fmt: skip
    assert rows[1]["_reasons"] == "type-error"
    assert rows[1]["_problems"].startswith("amount: “abc” is not a number")
    assert rows[3]["_raw"] == "5,7.00,East,extra"
    with pytest.raises(FileError, match="cannot be written"):
        quarantine.export(store, tmp_path / "no" / "such.csv", load)

    mended = out.read_text("utf-8-sig").replace("abc", "3.25").replace("=1+1", "1.75")
    out.write_text(mended, "utf-8-sig")
    recipe = Recipe.load(done.recipe)
    assert find_beside(out) == Path(done.recipe)
    report = last(load_file(out, recipe, store))
    assert report.encoding == "utf-8"
    # the double of id 1 stands alone in this file, but the collection has that id
    assert report.reasons == {"constraint-error": 1, "type-error": 1, "duplicate-key": 1}
    assert {one.get("amount") for one in documents(store)} >= {1.5, 1.75, 3.25}
    assert all("_line" not in document for document in documents(store))


def test_an_export_of_several_files_tells_them_apart(
    store: Store, load: str, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "mai.csv"
    path.write_bytes("id,_line,Größe\n1,a,2\n2,b,zwö\n".encode("cp1252"))
    fields = [{"name": "id"}, {"name": "_line"}, {"name": "Größe", "type": "integer"}]
    told = {"name": "mai", "encoding": "cp1252", "schema": {"fields": fields}}
    other = Recipe.from_descriptor({**DESCRIPTOR, **told})
    second = last(load_file(path, other, store)).load
    done = quarantine.export(store, tmp_path / "all.csv")
    assert (done.records, done.files, done.recipe) == (HELD + 1, 2, "")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["_file"], row["_load"]) for row in rows} == {
        ("orders.csv", load), ("mai.csv", second)
    }  # fmt: skip
    (odd,) = [row for row in rows if row["_file"] == "mai.csv"]
    assert (odd["_line"], odd["__line"], odd["_raw"]) == ("b", "3", "2,b,zwö")
    assert all(row["_raw"] for row in rows)


def test_rows_that_another_load_holds_meanwhile_are_left_for_the_next_export(
    store: Store, load: str, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.quarantine.walking.PAGE", 3)
    work = quarantine.exporting(store, tmp_path / "all.csv")
    assert [next(work).records for _ in range(2)] == [0, 3]
    path = tmp_path / "mai.csv"
    path.write_text("id,amount,region\n1,x,East\n")
    assert last(load_file(path, recipe, store)).quarantined == 1
    assert last(work).records == HELD


def test_an_export_that_is_stopped_leaves_no_file(store: Store, load: str, tmp_path: Path) -> None:
    work = quarantine.exporting(store, tmp_path / "out.csv", load)
    assert next(work).total == HELD
    assert next(work).fraction == 1.0
    work.close()
    assert list(tmp_path.glob("out*")) == []


def test_the_recipe_for_the_way_back_overwrites_and_replaces_nothing(
    store: Store, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    load = last(load_file(path, changed(recipe, mode="replace"), store)).load
    done = quarantine.export(store, tmp_path / "back.csv", load)
    assert Recipe.load(done.recipe).mode == "add", "some rows never take the place of all"
    Path(done.recipe).write_text("mine")
    assert quarantine.export(store, tmp_path / "back.csv", load).recipe == ""
    assert (tmp_path / "back.recipe.json").read_text() == "mine"


def test_a_safe_export_runs_in_no_spreadsheet_and_says_what_it_changed(
    store: Store, load: str, tmp_path: Path
) -> None:
    done = quarantine.export(store, tmp_path / "safe.csv", load, safe=True)
    text = (tmp_path / "safe.csv").read_text("utf-8-sig")
    assert "8,'=1+1,East" in text
    assert "6,-3,South" in text, "a number is no formula"
    assert done.guarded >= 1
    assert "made safe" in str(done)
    for cell in ("=1", "@x", "-1+2|cmd", "+A1", "\t=1", "＝1", "\r=2", " =3"):
        assert quarantine.guard(cell) == f"'{cell}"
    for cell in ("-3", "+4.5", "1e-3", "North", "", "a=b", "-1,250.00"):
        assert quarantine.guard(cell) == cell
