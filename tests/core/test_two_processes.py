"""Two processes at one collection, one file or one load: nothing goes in twice, nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

import core.reading.source
from core.errors import Busy
from core.loading import opening
from core.loading.loader import load_file
from core.store import Store
from tests.core.killing import REFUSED, killed, start
from tests.core.loads import documents, load, recipe, write_csv

BLOCK = 128
ROWS = [(n, f"name {n}", n if n % 5 else "x") for n in range(1, 101)]
TO_THE_END = 10_000


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", BLOCK)


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture
def uri(store: Store) -> str:
    return f"mongodb://{store.client.address[0]}:{store.client.address[1]}"  # type: ignore[index]


def test_a_killed_load_resumed_by_two_at_once_ends_exactly(
    tmp_path: Path, store: Store, uri: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    killed(start(store, uri, path, "add", BLOCK), 5)
    entry = store.loads.latest()
    assert entry is not None
    assert (entry.state, entry.resumable) == ("running", True)  # its holder is dead: free at once
    both = [start(store, uri, path, "add", BLOCK, resume=True) for _ in range(2)]
    codes = sorted(killed(loading, TO_THE_END) for loading in both)
    assert codes in ([0, REFUSED], [0, 0])  # the second was refused, or came when all was done
    assert len(documents(store)) == 80
    assert store.quarantine.count(entry.id) == 20
    done = store.loads.get(entry.id)
    assert done is not None
    assert (done.state, done.records, done.accepted, len(store.loads.list(0))) == (
        "done", 100, 80, 1
    )  # fmt: skip


def test_a_load_that_another_process_works_on_is_busy(
    tmp_path: Path, store: Store, uri: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    loading = start(store, uri, path, "add", BLOCK)
    assert loading.heard()
    with pytest.raises(Busy, match="Another window or command"):
        load(path, recipe(), store, resume=True)
    killed(loading, TO_THE_END)
    assert len(documents(store)) == 80
    assert load(path, recipe(), store, resume=True).state == "already-loaded"


def test_two_processes_that_skip_known_keys_bring_each_key_once(
    tmp_path: Path, store: Store, uri: str
) -> None:
    paths = [write_csv(tmp_path / f"{n}.csv", ROWS[n:]) for n in (0, 1)]
    both = [start(store, uri, path, "skip", BLOCK) for path in paths]
    assert [killed(loading, TO_THE_END) for loading in both] == [0, 0]
    assert sorted(one["id"] for one in documents(store)) == [n for n, _, qty in ROWS if qty != "x"]
    entries = store.loads.list(0)
    assert sum(entry.accepted for entry in entries) == 80
    assert all(e.records == e.accepted + e.quarantined + e.skipped for e in entries)


def test_a_file_begun_by_two_at_the_same_instant_is_loaded_once(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    begin, other = opening._begin, load_file(path, recipe(), store)

    def overtaken(*words: Any) -> Any:
        monkeypatch.setattr(opening, "_begin", begin)
        next(other)
        return begin(*words)

    monkeypatch.setattr(opening, "_begin", overtaken)
    with pytest.raises(Busy):
        load(path, recipe(), store)
    assert [report.state for report in other][-1] == "done"
    assert len(documents(store)) == 80
