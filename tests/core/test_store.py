"""Connecting: what cannot be connected to is told in a sentence, and no secret is."""

import socket
import threading
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from core.errors import Busy, CoreError, NoServer, NotAuthorised, ReadOnly, StoreError
from core.store import Store
from core.store.entries import holder
from core.store.lease import claim, is_free
from core.store.translate import is_passing, translate
from tests.conftest import SECRET
from tests.core.loads import load, recipe, write_csv


def refused(uri: str) -> CoreError:
    with pytest.raises(CoreError) as caught:
        Store(uri, "shop", serverSelectionTimeoutMS=500)
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told
    assert caught.value.cure
    return caught.value


def test_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        error = refused(f"mongodb://u:{SECRET}@127.0.0.1:{free.getsockname()[1]}")
    assert isinstance(error, NoServer)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_something_else_answers(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    with server.accept()[0] as peer:
                        peer.recv(100)
                        peer.sendall(answer)
                except OSError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        error = refused(f"mongodb://127.0.0.1:{server.getsockname()[1]}")
        over.set()
        thread.join()
    assert isinstance(error, NoServer)
    assert "not MongoDB" in str(error)


def test_a_wrong_password(guarded: str) -> None:
    error = refused(f"mongodb://root:{SECRET}x@{guarded}/?authSource=admin")
    assert isinstance(error, NotAuthorised)
    assert "password" in str(error)


def test_no_login_where_one_is_needed(guarded: str) -> None:
    assert isinstance(refused(f"mongodb://{guarded}"), NotAuthorised)


def test_no_right_to_write(guarded: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    with (
        Store(f"mongodb://reader:{SECRET}@{guarded}/?authSource=admin", "shop") as store,
        pytest.raises(NotAuthorised) as caught,
    ):
        load(path, recipe(), store)
    assert SECRET not in str(caught.value)


def test_what_is_no_address() -> None:
    for address in ("localhost", "http://localhost", f"mongodb://u:{SECRET}@h@st/"):
        assert isinstance(refused(address), StoreError)


def test_the_address_and_the_ledger_hold_no_secret(guarded: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", "x")])
    with Store(f"mongodb://root:{SECRET}@{guarded}/?authSource=admin", "shop") as store:
        assert SECRET not in store.address
        assert SECRET not in repr(vars(store))
        load(path, recipe(), store)
        for name in store.client["sluice"].list_collection_names():
            assert SECRET not in repr(list(store.client["sluice"][name].find()))


def test_read_only_refuses_every_write(server: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    with Store(server, "readonly", read_only=True) as store:
        with pytest.raises(ReadOnly):
            load(path, recipe(), store)
        assert "readonly" not in store.client.list_database_names()


def test_the_forms_of_a_server_are_told_apart(replica_server: str, standalone_server: str) -> None:
    with Store(replica_server) as one, Store(standalone_server) as other:
        assert (one.topology, other.topology) == ("replica set", "standalone")
        assert one.embedded
        assert other.embedded


def test_a_lease_is_lost_with_its_process_or_its_time(store: Store) -> None:
    mine = claim(store.now())
    assert not is_free(holder(mine), store.now())
    assert is_free(holder(mine), store.now() + timedelta(minutes=2))
    assert is_free(holder({**mine, "pid": 2**22 - 1}), store.now())
    assert is_free(holder({**mine, "started": mine["started"] - 50}), store.now())
    assert not is_free(holder({**mine, "host": "elsewhere", "pid": 2**22 - 1}), store.now())
    assert is_free(None, store.now())


def test_a_load_that_is_held_is_not_taken(store: Store, tmp_path: Path) -> None:
    load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), recipe(), store)
    entry = store.loads.latest()
    assert entry is not None
    store.ledger.take(entry.object_id, "mine")
    store.ledger.take(entry.object_id, "mine")  # repeatable
    with pytest.raises(Busy):
        store.ledger.take(entry.object_id, "other")
    with pytest.raises(Busy):
        store.ledger.keep(entry.object_id, "other", {})
    assert not store.ledger.end(entry.object_id, "other", "done", {})


def test_the_last_word_on_a_load_may_be_said_again_but_not_another(
    store: Store, tmp_path: Path
) -> None:
    load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), recipe(), store)
    entry = store.loads.latest()
    assert entry is not None
    store.ledger.take(entry.object_id, "mine")
    assert store.ledger.end(entry.object_id, "mine", "done", {})
    assert store.ledger.end(entry.object_id, "mine", "done", {})  # as when the reply was lost
    assert not store.ledger.end(entry.object_id, "mine", "failed", {})
    assert not store.ledger.end(entry.object_id, "other", "done", {})
    store.ledger.take(entry.object_id, "other")
    assert not store.ledger.end(entry.object_id, "mine", "done", {})


@pytest.mark.parametrize(
    ("details", "passing", "said"),
    [
        ({"writeConcernErrors": [{"code": 91, "errmsg": "shutting down"}]}, True, "shutting down"),
        ({"writeErrors": [{"index": 0, "code": 11602, "errmsg": "step-down"}]}, True, "step-down"),
        ({"writeErrors": [{"index": 0, "code": 14031, "errmsg": "disk full"}]}, False, "disk full"),
        ({"writeErrors": [{"index": 0, "code": 11000, "errmsg": "dup key"}]}, False, "batch op"),
    ],
)
def test_a_bulk_write_fails_for_what_the_server_says_within_its_error(
    details: dict[str, Any], passing: bool, said: str
) -> None:
    error = BulkWriteError({"nInserted": 0, "writeErrors": [], "writeConcernErrors": [], **details})
    assert is_passing(error) is passing
    assert said in str(translate(error, "here"))
