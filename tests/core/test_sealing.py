"""On the embedded server an empty collection gets its unique indexes after the documents: whatever
comes between, the load is done with them or not at all, and no key is in twice."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import core.reading.source
from core import quarantine
from core.batch import LoadReport
from core.errors import StoreError
from core.loading.adding import Add
from core.loading.loader import load_file
from core.loading.running import SEALING
from core.recipes.schema import Field
from core.store import LoadEntry, Store
from core.store.patience import Cancelled
from tests.core.killing import killed, start
from tests.core.loads import documents, load, recipe, write_csv

ROWS = [(n, f"name {n}", n) for n in range(1, 61)]
INDEX = "sluice_unique_id"
MADE = recipe("add", ("id",))


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 256)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "a.csv", ROWS)


def indexes(store: Store) -> set[str]:
    return set(store.client[store.database]["c"].index_information())


def begun(path: Path, store: Store, made: Any = MADE, **options: Any) -> Iterator[LoadReport]:
    """A load that has put documents in and has more to come."""
    work = load_file(path, made, store, **options)
    next(report for report in work if report.accepted)
    return work


def newest(store: Store) -> LoadEntry:
    entry = store.loads.latest()
    assert entry is not None
    return entry


def test_the_index_comes_after_the_documents(path: Path, store: Store) -> None:
    work = begun(path, store)
    assert INDEX not in indexes(store)
    reports = list(work)
    assert INDEX in indexes(store)
    assert (reports[-1].state, reports[-1].message, len(documents(store))) == ("done", "", 60)
    assert any(report.message == SEALING for report in reports)


@pytest.mark.parametrize("held", ["documents", "a collation", "a type that may be written twice"])
def test_it_comes_first_where_the_check_of_the_file_does_not_tell_all(
    held: str, tmp_path: Path, path: Path, store: Store
) -> None:
    made, database = MADE, store.client[store.database]
    if held == "documents":
        database["c"].insert_one({"id": 1000})
    elif held == "a collation":
        database.create_collection("c", collation={"locale": "en", "strength": 2})
    else:
        fields = (Field("id", "object"), Field("name"), Field("qty"))
        made = recipe("add", ("id",), fields=fields)
        cells = [*(f'"{{""n"": {n}}}"' for n in range(60)), '"{""n"": 1.0}"']
        rows = [(cell, "a", 1) for cell in cells]
        path = write_csv(tmp_path / "b.csv", rows)
    work = begun(path, store, made)
    assert INDEX in indexes(store)
    assert list(work)[-1].reasons == ({"duplicate-key": 1} if made is not MADE else {})


def test_a_load_that_died_before_the_index_makes_it_when_resumed(
    path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(_: Add) -> None:
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(Add, "seal", died)
        with pytest.raises(Cancelled):
            load(path, MADE, store)
    assert (newest(store).state, newest(store).resumable) == ("stopped", True)
    assert INDEX not in indexes(store)
    report = load(path, MADE, store, resume=True)
    assert (report.state, report.accepted, len(documents(store))) == ("done", 60, 60)
    assert INDEX in indexes(store)


def test_a_load_killed_as_its_last_rows_go_in_ends_with_the_index_and_each_row_once(
    path: Path, store: Store
) -> None:
    host, port = store.client.address or ("", 0)
    loading = start(store, f"mongodb://{host}:{port}", path, "add by key", 256)
    while loading.told.recv()[0] < 60:
        pass
    assert killed(loading, 0) in (0, -signal.SIGKILL)
    report = load(path, MADE, store, resume=True)
    assert report.state in ("done", "already-loaded")
    assert sorted(document["id"] for document in documents(store)) == list(range(1, 61))
    assert INDEX in indexes(store)


def test_a_key_that_others_bring_meanwhile_keeps_the_load_from_being_done(
    path: Path, store: Store
) -> None:
    work = begun(path, store)
    other = store.client[store.database]["c"].insert_one({"id": 7, "by": "another program"})
    with pytest.raises(StoreError, match=r"others wrote .*same id.*--resume"):
        list(work)
    assert (newest(store).state, newest(store).resumable) == ("failed", True)
    assert len(documents(store)) == 61
    store.client[store.database]["c"].delete_one({"_id": other.inserted_id})
    report = load(path, MADE, store, resume=True)
    assert (report.state, report.accepted) == ("done", 60)
    assert INDEX in indexes(store)


def test_of_two_loads_at_once_the_second_makes_the_index_and_each_key_is_in_once(
    tmp_path: Path, path: Path, store: Store
) -> None:
    one = begun(path, store)
    two = begun(write_csv(tmp_path / "b.csv", [(n, "b", n) for n in range(31, 91)]), store)
    assert INDEX in indexes(store)
    ends = [list(work)[-1] for work in (two, one)]
    assert [end.state for end in ends] == ["done", "done"]
    assert sorted(document["id"] for document in documents(store)) == list(range(1, 91))
    assert all(set(end.reasons) <= {"duplicate-key"} for end in ends)
    assert sum(end.quarantined for end in ends) == 30


def test_a_record_resubmitted_before_the_rest_of_the_file_takes_its_key(
    tmp_path: Path, store: Store
) -> None:
    path = write_csv(tmp_path / "a.csv", [("x", "bad", 1), *ROWS])
    begun(path, store).close()  # type: ignore[attr-defined]
    held = store.quarantine.find(newest(store).id)[0]
    quarantine.edit(store, held.id, {"id": "60"})
    assert [*quarantine.resubmit(store, newest(store).id)][-1].loaded == 1
    assert INDEX in indexes(store)
    report = load(path, MADE, store, resume=True)
    assert (report.accepted, report.reasons) == (59, {"type-error": 1, "duplicate-key": 1})
    assert sorted(document["id"] for document in documents(store)) == list(range(1, 61))


def test_a_replace_has_its_index_when_it_takes_the_place(path: Path, store: Store) -> None:
    made = recipe("replace", ("id",))
    for again in (False, True):  # the second time there is an index to copy
        assert load(path, made, store, again=again).accepted == 60
        assert indexes(store) == {"_id_", INDEX}


def test_a_load_stopped_while_the_index_is_made_can_be_resumed(path: Path, store: Store) -> None:
    work = load_file(path, MADE, store)
    assert next(report for report in work if report.message == SEALING).accepted == 60
    work.close()
    assert newest(store).resumable
    assert load(path, MADE, store, resume=True).state == "done"
    assert INDEX in indexes(store)
