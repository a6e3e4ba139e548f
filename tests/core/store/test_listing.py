"""Long answers of the server, kept in a file."""

import resource
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from core.errors import StoreError
from core.store import Store, listing
from core.store.listing import RAW, listed

MANY = 3_000


@pytest.fixture
def collection(store: Store) -> Any:
    found = store.client[store.database].get_collection("c", codec_options=RAW)
    found.insert_many([{"_id": n} for n in range(MANY)])
    return found


def test_a_list_that_outgrows_memory_is_whole_and_in_pages(
    store: Store, collection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_IN_MEMORY", 1_000)
    patient = store.patience(threading.Event())
    told = listed(patient, lambda: collection.find({}, {"_id": 1}), 700)
    first = next(told)
    collection.delete_many({})  # what is done meanwhile changes nothing in it
    pages = [first, *told]
    assert [len(page) for page in pages] == [700, 700, 700, 700, 200]
    assert sorted(one["_id"] for page in pages for one in page) == [*range(MANY)]


def test_a_list_cut_off_by_the_server_is_told_again_from_its_start(
    store: Store, collection: Any
) -> None:
    asked = []

    def cut_off() -> Iterator[Any]:
        asked.append(1)
        for at, one in enumerate(collection.find({}, {"_id": 1})):
            if len(asked) == 1 and at == 1_000:
                raise AutoReconnect("the server went away")
            yield one

    pages = [*listed(store.patience(threading.Event()), cut_off, 700)]
    assert len(asked) == 2
    assert sorted(one["_id"] for page in pages for one in page) == [*range(MANY)]


def test_a_list_without_room_says_so(
    store: Store, collection: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(listing, "_IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        told = listed(store.patience(threading.Event()), lambda: collection.find({}), 700)
        with pytest.raises(StoreError, match=r"does not keep a list of documents: File too large"):
            next(told)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [*tmp_path.iterdir()]
