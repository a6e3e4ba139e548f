"""Held records resubmitted by several at once, or by one that dies."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace as changed
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import quarantine
from core.errors import Busy, StoreError
from core.loading.loader import load_file
from core.loading.undo import undo
from core.quarantine import recovering, resubmitting, walking
from core.recipes.recipe import Recipe
from core.store import Store, pulse
from core.store.sought import object_id
from tests.core.held.orders import GOOD, HELD, amounts, documents, held, last


def all_held(store: Store, recipe: Recipe, path: Path, rows: int) -> tuple[str, Recipe]:
    """A load whose rows are all held for their amount, and the recipe that mends them."""
    lines = "".join(f"{n},x{n},North\n" for n in range(1, rows + 1))
    path.write_text("id,amount,region\n" + lines)
    load = str(last(load_file(path, recipe, store)).load)
    schema = recipe.schema.replace_field("amount", type="string", constraints={})
    return load, changed(recipe, schema=schema)


def test_two_windows_cannot_edit_the_same_version(store: Store, other: Store, load: str) -> None:
    seen = held(store, load)[3]
    quarantine.edit(other, seen.id, {"amount": "2"})
    with pytest.raises(Busy, match=r"line 3 was changed in another window"):
        quarantine.edit(store, seen.id, {"amount": "3"}, version=seen.version)
    assert held(store, load)[3].values["amount"] == "2"


def test_two_windows_resubmitting_at_once_load_everything_once(
    store: Store, other: Store, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "PAGE", 20)
    load, text = all_held(store, recipe, tmp_path / "many.csv", 200)
    last(quarantine.revalidate(store, load, text))
    reports: list[Any] = []
    start = threading.Barrier(2)

    def work(window: Store) -> None:
        start.wait()
        reports.append(last(quarantine.resubmit(window, load)))

    windows = [threading.Thread(target=work, args=(one,)) for one in (store, other)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sum(report.loaded for report in reports) == 200
    found = documents(store)
    assert [document["amount"] for document in found] == [f"x{n}" for n in range(1, 201)]
    assert quarantine.review(store, load).resubmitted == 200


@pytest.mark.parametrize("written", [False, True])
def test_a_resubmission_that_died_is_finished_once(
    store: Store, load: str, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})

    class Died(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Died

    step = "settle" if written else "release"
    if written:
        monkeypatch.setattr(store.quarantine.changes, "settle", die)
    else:
        monkeypatch.setattr("core.quarantine.resubmitting._write", die)
    with pytest.raises(Died):
        last(quarantine.resubmit(store, load))
    monkeypatch.undo()
    assert len(documents(store)) == GOOD + written, step
    assert held(store, load)[3].claimed

    if written:  # the document is in: an edit now would be of a record that is loaded
        with pytest.raises(StoreError, match="no longer held"):
            quarantine.edit(store, record.id, {"amount": "2"})
    else:
        assert quarantine.edit(store, record.id, {"amount": "2"}).ready
    assert last(quarantine.resubmit(store, load)).loaded == (not written)
    assert amounts(store) == [10.5, 1.5 if written else 2.0]
    assert quarantine.review(store, load).resubmitted == 1


RESUBMIT = """
import sys
from core import quarantine
from core.quarantine import walking
from core.store import Store
walking.PAGE = 5
with Store(sys.argv[1], sys.argv[2]) as store:
    for report in quarantine.resubmit(store, sys.argv[3]):
        print(report.seen, flush=True)
"""


def test_a_resubmission_killed_in_the_middle_goes_on_where_it_was(
    store: Store, server: str, recipe: Recipe, tmp_path: Path
) -> None:
    load, text = all_held(store, recipe, tmp_path / "many.csv", 60)
    last(quarantine.revalidate(store, load, text))
    for seen in ("5", "10"):
        process = subprocess.Popen(
            [sys.executable, "-c", RESUBMIT, server, store.database, load],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        assert process.stdout is not None
        while process.stdout.readline().strip() != seen:
            assert process.poll() is None
        process.kill()
        process.communicate()
    done = quarantine.review(store, load).resubmitted
    assert 15 <= done < 60
    assert done <= len(documents(store)), "no record counts as loaded whose document is not there"
    last(quarantine.resubmit(store, load))
    assert [document["amount"] for document in documents(store)] == [f"x{n}" for n in range(1, 61)]
    assert quarantine.review(store, load).resubmitted == 60


def test_in_the_mode_update_a_mended_record_changes_the_document_it_names(
    store: Store, recipe: Recipe, tmp_path: Path
) -> None:
    orders = store.client[store.database].orders
    orders.insert_one({"_id": "mine", "id": 2, "amount": 9.0, "note": "stays"})
    keyed = changed(recipe, mode="update", schema=changed(recipe.schema, primary_key=("id",)))
    path = tmp_path / "update.csv"
    path.write_text('id,amount,region\n2,"1,5",North\n3,4.5,South\n')
    load = last(load_file(path, keyed, store)).load
    record = store.quarantine.find(load)[0]
    quarantine.edit(store, record.id, {"amount": "1.5"})
    assert last(quarantine.resubmit(store, load)).loaded == 1
    there = orders.find_one({"_id": "mine"})
    assert there is not None
    assert (there["amount"], there["region"], there["note"]) == (1.5, "North", "stays")
    assert orders.count_documents({}) == 2


def test_a_claim_of_a_living_window_is_respected(store: Store, other: Store, load: str) -> None:
    record = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    token, owned = store.quarantine.changes.claim([(object_id(record.id), record.version)])
    with recovering.working(token):
        assert owned == {object_id(record.id)}
        with pytest.raises(Busy, match="is being resubmitted"):
            quarantine.edit(other, record.id, {"amount": "2"})
        assert last(quarantine.resubmit(other, load)).busy == 1
        assert quarantine.discard(other, [record.id], "no") == 0
    assert len(documents(store)) == GOOD


def test_a_claim_lasts_as_long_as_its_window_works_on_it(
    store: Store, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    load, text = all_held(store, recipe, tmp_path / "some.csv", 3)
    last(quarantine.revalidate(store, load, text))
    work = threading.Thread(target=lambda: last(quarantine.resubmit(store, load)))
    records, old = store.client["sluice"]["quarantine"], store.now() - timedelta(hours=1)
    slow = {"failCommands": ["insert"], "blockConnection": True, "blockTimeMS": 2_000}
    store.client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=slow)
    try:
        work.start()
        until = time.monotonic() + 20
        lapsed = {"$set": {"claim.lease": old}}
        while not records.update_many({"claim": {"$exists": True}}, lapsed).matched_count:
            assert time.monotonic() < until, "nothing was claimed in 20 s"
        while not records.find_one({"claim.lease": {"$gt": old}}):
            assert time.monotonic() < until, "no sign of life in 20 s"
            time.sleep(0.02)
    finally:
        store.client.admin.command("configureFailPoint", "failCommand", mode="off")
        work.join()
    assert store.quarantine.count(load) == 0


def test_rows_that_another_window_took_over_are_not_told_as_loaded_by_us(
    store: Store, other: Store, load: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    write = resubmitting._write

    def frozen(*words: Any) -> Any:
        written = write(*words)
        past = {"$set": {"claim.lease": store.now() - timedelta(hours=1), "claim.host": "gone"}}
        store.client["sluice"]["quarantine"].update_one({"claim": {"$exists": True}}, past)
        assert recovering.recover(other, load) == 1
        return written

    monkeypatch.setattr(resubmitting, "_write", frozen)
    report = last(quarantine.resubmit(store, ids=[record.id]))
    assert (report.loaded, report.busy) == (0, 1)
    assert store.quarantine.states(load)["resubmitted"] == 1
    assert len(documents(store)) == GOOD + 1


def test_rows_of_an_undone_load_say_what_can_be_done_with_them(store: Store, load: str) -> None:
    record = held(store, load)[3]
    quarantine.edit(store, record.id, {"amount": "1.5"})
    assert quarantine.review(store, load).obstacle == ""
    assert store.quarantine.waiting() == HELD
    last(undo(store, load))
    assert (store.quarantine.waiting(), store.quarantine.count()) == (0, HELD)
    told = quarantine.review(store, load)
    assert told.held == HELD
    assert "was undone" in told.obstacle
    assert "Load the file again" in told.obstacle
    with pytest.raises(StoreError, match="was undone"):
        next(quarantine.resubmit(store, load))
    for ids in (None, [record.id]):  # among others they stay
        report = last(quarantine.resubmit(store, ids=ids))
        assert (report.loaded, report.held) == (0, report.total)
    assert documents(store) == []
    assert quarantine.discard(store, [record.id], "loaded again") == 1


def test_what_came_in_later_is_counted_by_load(store: Store, load: str) -> None:
    quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    assert store.quarantine.loads("resubmitted") == {}
    last(quarantine.resubmit(store, load))
    assert store.quarantine.loads("resubmitted") == {load: 1}
    entry = store.loads.get(load)
    assert entry is not None
    assert (entry.accepted, entry.quarantined) == (GOOD, HELD)


def test_an_undo_amid_a_resubmission_leaves_no_document(
    store: Store, other: Store, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "PAGE", 20)
    load, text = all_held(store, recipe, tmp_path / "many.csv", 100)
    before = len(documents(store))
    resubmission = quarantine.resubmit(store, load, recipe=text)
    next(resubmission)
    assert next(resubmission).loaded == 20
    last(undo(other, load))
    end = last(resubmission)
    assert (end.loaded, end.held) == (20, 80)
    assert len(documents(store)) == before
