"""A collection dropped: what hangs on it is told before, and the ledger does not lie after."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from core.errors import Busy, ReadOnly, StoreError
from core.loading.loader import load_file
from core.store import Store, sides
from core.store.dropping import Standing, drop, standing
from tests.core.loads import documents, load, recipe, write_csv

ROWS = [(1, "a", 1), (2, "b", 2), (3, "c", "bad")]


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


def test_a_dropped_collection_can_be_loaded_again(tmp_path: Path, store: Store) -> None:
    path, place = write_csv(tmp_path / "a.csv", ROWS), (store.database, "c")
    first = str(load(path, recipe(), store).load)
    other = str(load(write_csv(tmp_path / "b.csv", [(4, "d", 4)]), recipe("replace"), store).load)
    assert standing(store, place) == Standing(place, 1, (other, first), 1)
    drop(store, place)
    database = store.client[store.database]
    assert database.list_collection_names() == []  # nor what a replace had kept aside
    assert standing(store, place) == Standing(place, 0, (), 0)
    entry = store.loads.get(first)
    assert entry is not None
    assert (entry.state, entry.taken_back["removed"]) == ("undone", 2)
    assert load(path, recipe(), store).state == "done"
    assert len(documents(store)) == 2


def test_a_load_that_runs_keeps_its_collection_and_the_others_their_state(
    tmp_path: Path, store: Store
) -> None:
    load(write_csv(tmp_path / "a.csv", ROWS), recipe(), store)
    work = load_file(write_csv(tmp_path / "b.csv", [(4, "d", 4)]), recipe(), store)
    next(work)
    with pytest.raises(Busy):
        drop(store, (store.database, "c"))
    assert [*work][-1].state == "done"
    assert [one.state for one in store.loads.list()] == ["done", "done"]
    assert len(documents(store)) == 3


class Again(CommandListener):
    """Makes a collection again as soon as it was dropped, twice."""

    def __init__(self, made: Any) -> None:
        self.made, self.left = made, 2

    def succeeded(self, event: CommandSucceededEvent) -> None:
        if event.command_name == "drop" and self.left:
            self.left -= 1
            self.made()

    def started(self, event: CommandStartedEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


def test_what_comes_back_at_that_moment_goes_as_well(store: Store) -> None:
    """The embedded server brought back 4 of 200 that others were listing."""
    database = store.client[store.database]
    again = Again(lambda: database.create_collection("c"))
    again.made()
    with Store(store.address, store.database, event_listeners=[again]) as ours:
        sides.drop(ours.target(ours.database, "c", {}, ours.patience(Event())), "c")
    assert again.left == 0
    assert database.list_collection_names() == []


@pytest.mark.parametrize("place", [("sluice", "loads"), ("admin", "x"), ("d", "sluice.1.old")])
def test_what_sluice_or_the_server_needs_is_not_dropped(
    place: tuple[str, str], store: Store
) -> None:
    with pytest.raises(StoreError, match="cannot be dropped"):
        drop(store, place)
    store.read_only = True
    with pytest.raises(ReadOnly):
        drop(store, place)
