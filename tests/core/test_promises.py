"""What a load promises to a server and to those who read beside it."""

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

import core.store.write
from core.store import Store
from tests.bench.load import measure
from tests.bench.read import write_file
from tests.core.loads import documents, load, recipe, write_csv
from tests.null_server import compiler, null_server

ROWS = [(n, f"name {n}", n) for n in range(1, 201)]
MEMORY = 120  # MB above the imports


class Heard(CommandListener):
    """The write commands that a connection sends, each with the collection it writes to."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, dict[str, Any]]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("insert", "update", "delete"):
            self.commands.append((event.command[event.command_name], dict(event.command)))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@pytest.mark.parametrize("writer", ["whole", "plain"])
@pytest.mark.parametrize("mode", ["add", "update"])
def test_documents_and_ledger_are_journaled_by_a_majority_unless_the_recipe_says_otherwise(
    writer: str, mode: str, tmp_path: Path, store: Store, server: str
) -> None:
    collection = store.client[store.database]["c"]
    path = write_csv(tmp_path / "a.csv", [*ROWS, ("x", "bad", 1)])
    durable = {"w": "majority", "j": True}
    for said, expected in (({}, durable), ({"w": 1, "j": False}, {"w": 1, "j": False})):
        collection.delete_many({})
        collection.insert_one({"id": 1})
        heard = Heard()
        made = recipe(mode, ("id",) if mode == "update" else (), write={"writer": writer, **said})
        with Store(server, store.database, event_listeners=[heard]) as loading:
            load(path, made, loading, again=True)
        named = {name for name, _ in heard.commands}
        assert {"c", "loads", "batches", "quarantine"} <= named
        for name, command in heard.commands:
            assert command.get("writeConcern") == (expected if name == "c" else durable), name


@pytest.mark.parametrize("writer", ["whole", "plain"])
def test_a_batch_goes_in_messages_of_so_many_bytes(
    writer: str, tmp_path: Path, store: Store, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.store.write, "BLOB", 1_000)
    heard = Heard()
    path = write_csv(tmp_path / "a.csv", [*ROWS, (201, "x" * 3_000, 1)])
    with Store(server, store.database, event_listeners=[heard]) as loading:
        assert load(path, recipe(write={"writer": writer}), loading).accepted == 201
    sizes = [len(command["documents"]) for name, command in heard.commands if name == "c"]
    assert len(sizes) > 10
    assert len(documents(store)) == 201


def test_readers_see_the_old_collection_or_the_new_one_while_it_is_replaced(
    tmp_path: Path, store: Store, server: str
) -> None:
    database = store.database
    store.client[database]["c"].insert_many([{"old": n} for n in range(150)])
    path, seen, over = write_csv(tmp_path / "a.csv", ROWS), set[int](), threading.Event()

    def read() -> None:
        with MongoClient[dict[str, Any]](server) as client:
            while not over.is_set():
                with contextlib.suppress(OperationFailure):  # a cursor of the old one ends
                    seen.add(len(list(client[database]["c"].find({}, {"_id": 1}))))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for again in (False, True, True):
            load(path, recipe("replace"), store, again=again)
    finally:
        over.set()
        reader.join()
    assert seen
    assert seen <= {150, 200}


@pytest.mark.skipif(compiler() is None, reason="there is no C compiler")
def test_a_load_takes_no_more_memory_than_it_says(tmp_path: Path) -> None:
    write_file(tmp_path / "a.csv", 150_000, 0.01)
    with null_server() as uri:
        told = measure("sluice-no-keys", tmp_path / "a.csv", uri)
    assert told["records"] == 150_000
    assert told["above"] <= MEMORY
