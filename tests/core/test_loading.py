"""Loads stopped, gone on with, recognised, refused; by both writers where it matters."""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

import core.reading.source
from core.errors import Busy, FileChanged, LoadError, RecipeError
from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import Store, pulse
from tests.core.loads import documents, load, recipe, values, write_csv

ROWS = [(n, f"name {n}", n if n % 5 else "x") for n in range(1, 101)]


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 256)


def stopped(path: Path, store: Store, after: int = 20, **options: Any) -> str:
    """The id of a load that was stopped after some records."""
    work = load_file(path, recipe(), store, **options)
    report = next(report for report in work if report.records >= after)
    work.close()
    entry = store.loads.get(str(report.load))
    assert entry is not None
    assert entry.state == "stopped"
    assert entry.resumable
    assert entry.records == entry.accepted + entry.quarantined + entry.skipped
    return entry.id


def test_a_stopped_load_ends_as_if_nothing_had_happened(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    id = stopped(path, store)
    assert 0 < len(documents(store)) < 80
    report = load(path, recipe(), store, resume=True)
    assert report.load == id
    assert (report.records, report.accepted, report.quarantined) == (100, 80, 20)
    assert report.reasons == {"type-error": 20}
    assert len(documents(store)) == 80
    assert store.quarantine.count(id) == 20
    entry = store.loads.get(id)
    assert entry is not None
    assert (entry.state, entry.resumable, entry.accepted) == ("done", False, 80)
    assert entry.sha256 == report.sha256


def test_a_file_already_loaded_writes_nothing(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    first = load(path, recipe(), store)
    copy = tmp_path / "other name.csv"
    copy.write_bytes(path.read_bytes())
    for name in (path, copy):
        for options in ({}, {"resume": True}):
            report = load(name, recipe(), store, **options)
            assert (report.state, report.load, report.records) == ("already-loaded", first.load, 0)
    assert len(documents(store)) == 80
    assert load(path, recipe(), store, again=True).accepted == 80
    assert len(documents(store)) == 160
    assert load(path, recipe(collection="d"), store).accepted == 80


def test_a_half_loaded_file_is_not_begun_anew_by_accident(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    id = stopped(path, store)
    with pytest.raises(LoadError, match=f"half loaded.*{id}.*--resume"):
        load(path, recipe(), store)
    assert load(path, recipe(), store, again=True).load != id


def test_resume_starts_a_load_where_there_is_none(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    assert load(path, recipe(), store, resume=True).accepted == 80


def test_a_file_that_changed_is_not_gone_on_with(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    stopped(path, store)
    path.write_text(path.read_text().replace("name 100", "other  "))
    with pytest.raises(FileChanged):
        load(path, recipe(), store, resume=True)


def test_a_change_amid_the_file_is_seen_before_anything_is_sent(
    tmp_path: Path, store: Store
) -> None:
    filler = [(n, "x" * 3000, 1) for n in range(1, 61)]
    path = write_csv(tmp_path / "a.csv", filler)
    stopped(path, store, after=27)
    before = documents(store)
    text = path.read_text()
    middle = text.index("\n25,") + 10  # beyond both ends, which the fingerprint looks at
    path.write_text(text[:middle] + "y" + text[middle + 1 :])
    with pytest.raises(FileChanged, match="differs from record"):
        load(path, recipe(), store, resume=True)
    assert documents(store) == before


def test_a_running_load_is_busy(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    work = load_file(path, recipe(), store)
    next(work)
    with pytest.raises(Busy):
        load(path, recipe(), store, resume=True)
    assert [report.state for report in work][-1] == "done"


def test_a_load_that_lingers_in_one_step_shows_signs_of_life(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    work = load_file(write_csv(tmp_path / "a.csv", ROWS), recipe(), store)
    id = next(work).load
    assert id is not None
    loads, this = store.client["sluice"]["loads"], {"_id": ObjectId(id)}
    old = store.now() - timedelta(hours=1)
    loads.update_one(this, {"$set": {"holder.lease": old}})
    until = time.monotonic() + 20
    while (found := loads.find_one(this)) and found["holder"]["lease"] <= old:
        assert time.monotonic() < until, "no sign of life in 20 s"
        time.sleep(0.05)
    loads.update_one(this, {"$set": {"holder.token": "another's"}})
    with pytest.raises(Busy):
        list(work)


def test_a_load_whose_process_died_is_taken_over(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    id = stopped(path, store)
    died = {"host": "", "pid": 2**22 - 1, "started": 0.0, "token": "x", "lease": store.now()}
    store.client["sluice"]["loads"].update_one(
        {"_id": store.loads.get(id).object_id},  # type: ignore[union-attr]
        {"$set": {"state": "running", "holder": died}},
    )
    assert [entry.id for entry in store.loads.resumable()] == [id]
    assert load(path, recipe(), store, resume=True).load == id
    assert len(documents(store)) == 80


def test_two_loads_into_one_collection_do_not_mind_each_other(tmp_path: Path, store: Store) -> None:
    one = load_file(write_csv(tmp_path / "a.csv", ROWS), recipe(), store)
    other = load_file(write_csv(tmp_path / "b.csv", ROWS[:50]), recipe(), store)
    for pair in zip(one, other, strict=False):
        assert len(pair) == 2
    for rest in (one, other):
        for report in rest:
            assert report.records == report.accepted + report.quarantined
    assert len(documents(store)) == 120


def test_a_limit_takes_the_first_records(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    report = load(path, recipe(), store, limit=33)
    assert (report.records, report.accepted, report.quarantined) == (33, 27, 6)
    assert load(path, recipe(), store).records == 100


def test_a_limited_load_is_known_again_by_the_records_it_read(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "a.csv"
    fill = "x" * 100_000  # beyond the ends that tell a file from others at a glance
    for digit, state in (("1", "done"), ("1", "already-loaded"), ("2", "done")):
        path.write_text(f"id,name,qty\n1,{fill},1\n2,b,{digit}\n3,{fill},3\n")
        assert load(path, recipe(), store, limit=2).state == state
    assert load(path, recipe(), store, limit=1).state == "done"  # another limit, another load


def test_edits_are_part_of_the_load_and_of_its_resume(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    edits = {5: {"qty": "5"}, 100: {"qty": "100"}}
    stopped(path, store, edits=edits)
    report = load(path, recipe(), store, resume=True)
    assert (report.accepted, report.quarantined) == (82, 18)
    assert dict(values(store)[-1])["qty"] == 100


def test_a_header_alone_is_a_load_of_nothing(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name,qty\n")
    report = load(path, recipe(), store)
    assert (report.state, report.records, report.accepted) == ("done", 0, 0)


def test_an_error_amid_the_file_leaves_the_load_resumable(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 2048)
    path = write_csv(tmp_path / "a.csv", ROWS * 30)
    work = load_file(path, recipe(), store)
    next(report for report in work if report.records)
    with path.open("a") as file:
        file.write("101,late,1\n")
    with pytest.raises(FileChanged):
        list(work)
    entry = store.loads.latest()
    assert entry is not None
    assert (entry.state, entry.resumable) == ("failed", True)
    assert "grew" in entry.message


def test_a_recipe_without_collection_or_with_an_unknown_mode(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    with pytest.raises(RecipeError, match="--into"):
        load(path, recipe(collection=""), store)
    with pytest.raises(RecipeError, match="no mode"):
        load(path, recipe("append"), store)
    for settings, why in (
        ({"writer": "slow"}, "writer cannot be 'slow'"),
        ({"w": -3}, "w cannot be -3"),
        ({"w": True}, "w cannot be True"),
        ({"j": "yes"}, "j cannot be 'yes'"),
        ({"wtimeout": -1}, "milliseconds"),
        ({"w": 0}, "w cannot be 0"),
        ({"w": 0, "j": False}, "w cannot be 0"),
        ({"wtimeuot": 5}, "no word"),
        ({"blank": "drop"}, "keep, unset"),
    ):
        with pytest.raises(RecipeError, match=why):
            load(path, recipe(write=settings), store)
        with pytest.raises(RecipeError, match=why):  # so `check` refuses it too
            Recipe.from_descriptor(recipe(write=settings).to_descriptor())
    with pytest.raises(RecipeError, match="no object"):
        Recipe.from_descriptor({**recipe().to_descriptor(), "sluice": {"write": []}})


def test_reports_are_values_that_can_be_kept(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    reports = list(load_file(path, recipe(), store))
    records = [report.records for report in reports]
    assert records == sorted(records)
    assert [report.state for report in reports[:-1]] == ["running"] * (len(reports) - 1)
    assert reports[-1].fraction == 1.0
    assert sum(len(report.problems) for report in reports) == 20
    assert json.dumps(dict(reports[-1].dialect))


def test_documents_lost_after_they_were_acknowledged_are_sent_again(
    tmp_path: Path, store: Store
) -> None:
    """A full disk has cost the embedded server the last batch it had acknowledged."""
    path = write_csv(tmp_path / "a.csv", ROWS)
    for mode in ("add", "update"):
        made = recipe(mode, ("id",) if mode == "update" else (), collection=mode)
        work = load_file(path, made, store)
        report = next(report for report in work if report.records == 100)
        assert report.state == "running"
        store.client[store.database][mode].delete_many({"id": {"$gt": 98}})
        report = [*work][-1]
        assert (report.state, report.accepted) == ("done", 80)
        assert len(documents(store, mode)) == 80


def test_a_load_whose_last_word_was_lost_is_free_in_this_process(
    tmp_path: Path, store: Store
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    work = load_file(path, recipe(), store)
    next(report for report in work if report.records)
    id = store.loads.list(1)[0].id
    mine = store.client["sluice"]["loads"].find_one({"source.name": "a.csv"})
    work.close()
    assert mine is not None
    store.client["sluice"]["loads"].replace_one({"_id": mine["_id"]}, mine)  # as if it was lost
    assert load(path, recipe(), store, resume=True).load == id


def test_of_two_loads_of_a_new_file_begun_at_once_one_goes_on(
    tmp_path: Path, either_store: Store
) -> None:
    ends: list[str] = []

    def work(path: Path, start: threading.Barrier) -> None:
        with Store(either_store.address, either_store.database) as store:
            start.wait()
            try:
                ends.append(load(path, recipe(), store).state)
            except Busy:
                ends.append("busy")

    for name in range(8):
        ends.clear()
        path = write_csv(tmp_path / f"{name}.csv", [(n, name, n) for n in range(3)])
        start = threading.Barrier(2)
        both = [threading.Thread(target=work, args=(path, start)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert "done" in ends, ends
        assert set(ends) <= {"done", "busy", "already-loaded"}
        assert len(documents(either_store)) == 3 * (name + 1)
