"""A file that goes, shrinks or grows while it is being loaded: a clear error, and nothing lost."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import core.reading.source
from core.errors import CoreError, FileChanged, FileError
from core.loading.loader import load_file
from core.loading.opening import open_load
from core.reading.source import Source
from core.store import LoadEntry, Store
from tests.core.loads import documents, load, recipe, write_csv
from tests.core.test_source_files import fail

COUNT = 1_500
ROWS = [(n, f"name {n}", "x" if n % 100 == 50 else n) for n in range(1, COUNT + 1)]
BAD = COUNT // 100


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some twenty blocks, of which the reader is never more than a few ahead."""
    monkeypatch.setattr(core.reading.source, "BLOCK", 1 << 10)
    return write_csv(tmp_path / "rows.csv", ROWS)


def struck(path: Path, store: Store, strike: Callable[[Path], None]) -> tuple[CoreError, LoadEntry]:
    """The error of a load whose file is struck after its first batch, and what the ledger says."""
    work = load_file(path, recipe(), store)
    report = next(work)
    while not report.records:
        report = next(work)
    strike(path)
    with pytest.raises(CoreError) as caught:
        list(work)
    entry = store.loads.get(str(report.load))
    assert entry is not None
    return caught.value, entry


def told_so_far(store: Store, entry: LoadEntry) -> None:
    """The ledger's counts are those of the collection and the quarantine, and no record is cut."""
    assert (entry.state, entry.resumable) == ("failed", True)
    assert 0 < entry.records < COUNT
    assert entry.records == entry.accepted + entry.quarantined
    assert [d["name"] for d in documents(store)] == [f"name {d['id']}" for d in documents(store)]
    assert len(documents(store)) == entry.accepted
    assert store.quarantine.count(entry.id) == entry.quarantined


def goes_on(path: Path, store: Store, entry: LoadEntry) -> None:
    """With the file back the load ends as if nothing had happened."""
    report = load(path, recipe(), store, resume=True)
    assert report.load == entry.id
    assert (report.records, report.accepted, report.quarantined) == (COUNT, COUNT - BAD, BAD)
    assert sorted(d["id"] for d in documents(store)) == [r[0] for r in ROWS if r[2] != "x"]
    assert store.quarantine.count(entry.id) == BAD


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3 + 3)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"99999,late,1\n")


@pytest.mark.parametrize(
    ("strike", "words"),
    [(cut, "changed while"), (append, "grew from"), (Path.unlink, "vanished while")],
    ids=["cut", "grown", "gone"],
)
def test_a_file_that_changes_amid_its_load_is_told_and_can_be_gone_on_with(
    path: Path, store: Store, strike: Callable[[Path], None], words: str
) -> None:
    whole = path.read_bytes()
    error, entry = struck(path, store, strike)
    assert isinstance(error, FileChanged)
    assert words in str(error)
    assert words in entry.message
    told_so_far(store, entry)
    path.write_bytes(whole)
    goes_on(path, store, entry)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs Linux's /proc")
def test_a_drive_that_fails_amid_a_load_is_told_and_the_load_can_be_gone_on_with(
    path: Path, store: Store
) -> None:
    error, entry = struck(path, store, fail)
    assert isinstance(error, FileError)
    assert "Check that its drive is connected" in str(error)
    told_so_far(store, entry)
    goes_on(path, store, entry)


def test_a_longer_file_is_not_gone_on_with_as_the_shorter_one(path: Path, store: Store) -> None:
    _, entry = struck(path, store, append)
    with pytest.raises(FileChanged, match="not the file that was half loaded"):
        load(path, recipe(), store, resume=True)
    assert len(documents(store)) == entry.accepted


def test_a_file_that_goes_as_its_load_is_opened_is_named_with_the_cure(
    path: Path, store: Store
) -> None:
    source = Source(path, recipe().dialect)
    path.unlink()
    with pytest.raises(FileError, match=r"rows\.csv does not exist\. Check the name") as caught:
        open_load(
            source,
            recipe(),
            store,
            store.patience(threading.Event(), 10.0),
            resume=False,
            again=False,
            edits=None,
            limit=None,
            new={},
        )
    assert isinstance(caught.value.__cause__, FileNotFoundError)
    assert store.loads.latest() is None
