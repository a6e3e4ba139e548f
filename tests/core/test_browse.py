"""Databases, collections and documents, as a person who looks at them sees them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import PyMongoError
from pymongo.monitoring import CommandListener, CommandStartedEvent

from core import quarantine
from core.errors import NoServer, StoreError
from core.loading.loader import load_file
from core.local.server import spawn
from core.recipes.recipe import Recipe
from core.store import Store, browse, changes
from core.store.browse import readable
from tests.conftest import killed

ROWS = 400


@pytest.fixture
def people(store: Store) -> Any:
    found = store.client[store.database].people
    found.insert_many(
        {"_id": n, "name": f"n{n}", "town": f"t{n % 3}", "address": {"zip": n % 5}}
        for n in range(250)
    )
    return found


@pytest.fixture
def ledger_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small collections are paged like big ones."""
    monkeypatch.setattr(browse, "SMALL", 0)


@pytest.fixture
def loads(store: Store, tmp_path: Path) -> list[str]:
    """Two loads into one collection, of ROWS records each; every tenth is held."""
    recipe = Recipe.from_descriptor(
        {
            "name": "rows",
            "schema": {"fields": [{"name": "n", "type": "integer"}, {"name": "of"}]},
            "sluice": {"collection": "rows"},
        }
    )
    found = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.csv"
        rows = "".join(f"{n if n % 10 else 'x'},{name}\n" for n in range(1, ROWS + 1))
        path.write_text("n,of\n" + rows)
        report = list(load_file(path, recipe, store))[-1]
        assert (report.accepted, report.quarantined) == (ROWS * 9 // 10, ROWS // 10)
        found.append(str(report.load))
    return found


def walk(store: Store, collection: str, size: int = 100, **options: Any) -> list[Any]:
    """All documents page by page; each page but the last is told to have more after it."""
    walked: list[Any] = []
    for page in range(1_000):
        found = store.browse.documents(store.database, collection, page=page, size=size, **options)
        assert found.first == page * size
        walked += found.documents
        if not found.more:
            return walked
    raise AssertionError("the pages never end")


def test_databases_and_collections_are_listed_without_the_servers_own(
    store: Store, people: Any
) -> None:
    database = store.client[store.database]
    people.create_index("name", unique=True, partialFilterExpression={"name": {"$exists": True}})
    database.create_collection("north", viewOn="people", pipeline=[{"$match": {"town": "t1"}}])
    database.create_collection("sluice.0123.new")
    store.client["sluice"].loads.find_one()
    assert store.database in store.browse.databases()
    assert not {"admin", "local", "config", "sluice"} & set(store.browse.databases())
    found = store.browse.collections(store.database)
    assert [(one.name, one.kind, one.indexes) for one in found] == [
        ("north", "view", None),
        ("people", "collection", 2),
    ]
    assert found[1].documents == 250  # counted, wherever they came from
    index = store.browse.indexes(store.database, "people")[1]
    assert (index.name, index.keys, index.unique, index.partial) == (
        "name_1",
        (("name", 1),),
        True,
        True,
    )


def test_pages_filter_and_sort_without_gap_or_overlap(store: Store, people: Any) -> None:
    assert [one["_id"] for one in walk(store, "people")] == list(range(250))
    by_town = walk(store, "people", sort=[("town", -1)], size=40)
    assert [one["_id"] for one in by_town] == sorted(range(250), key=lambda n: (-(n % 3), n))
    found = walk(store, "people", query={"address.zip": 3, "town": "t1"})
    assert [one["_id"] for one in found] == [n for n in range(250) if n % 5 == 3 and n % 3 == 1]
    assert store.browse.count(store.database, "people", {"town": "t1"}) == 83
    assert store.browse.count(store.database, "people") == 250
    assert store.browse.documents(store.database, "nothing").documents == ()


def test_loaded_documents_are_paged_from_the_ledger_as_the_server_would(
    store: Store, loads: list[str], ledger_pages: None
) -> None:
    rows = store.client[store.database].rows
    expected = list(rows.find().sort("_id", 1))
    assert len(expected) == 2 * ROWS * 9 // 10
    for size in (70, 100, 5_000):
        found = walk(store, "rows", size)  # loads of one second may stand in either order
        assert sorted(found, key=lambda row: row["_id"]) == expected
    assert store.browse.count(store.database, "rows") == len(expected)
    infos = store.browse.collections(store.database)
    assert [(one.name, one.documents) for one in infos] == [("rows", len(expected))]


def test_what_came_from_quarantine_or_elsewhere_is_in_the_pages_too(
    store: Store, loads: list[str], ledger_pages: None
) -> None:
    rows = store.client[store.database].rows
    record = store.quarantine.find(loads[0])[0]
    quarantine.edit(store, record.id, {"n": "7"})
    list(quarantine.resubmit(store, loads[0]))
    rows.insert_many([{"_id": n} for n in range(130)])
    rows.delete_one({"n": 1, "of": "a"})
    found = walk(store, "rows")
    assert len(found) == 2 * ROWS * 9 // 10 + 1 + 130 - 1
    assert {str(one["_id"]) for one in found} == {str(one["_id"]) for one in rows.find()}
    assert ObjectId(record.id) in {one["_id"] for one in found}


def test_pages_of_a_replaced_collection_show_the_new_one_only(
    store: Store, loads: list[str], tmp_path: Path, ledger_pages: None
) -> None:
    recipe = Recipe.from_descriptor(
        {
            "name": "rows",
            "schema": {"fields": [{"name": "n", "type": "integer"}]},
            "sluice": {"collection": "rows", "mode": "replace"},
        }
    )
    path = tmp_path / "c.csv"
    path.write_text("n\n" + "".join(f"{n}\n" for n in range(300)))
    list(load_file(path, recipe, store))
    assert [one["n"] for one in walk(store, "rows")] == list(range(300))
    assert store.browse.count(store.database, "rows") == 300


class Commands(CommandListener):
    def __init__(self) -> None:
        self.sent: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.sent.append((event.command_name, dict(event.command)))

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


def test_a_page_of_a_big_loaded_collection_reads_no_more_than_itself(
    store: Store, server: str, loads: list[str], ledger_pages: None
) -> None:
    commands = Commands()
    with Store(server, store.database, event_listeners=[commands]) as watched:
        watched.browse.documents(store.database, "rows", page=3)  # the ledger is read once
        commands.sent.clear()
        assert len(watched.browse.documents(store.database, "rows", page=4).documents) == 100
    finds = [command for name, command in commands.sent if name == "find"]
    on_rows = [command["filter"] for command in finds if command["find"] == "rows"]
    assert on_rows
    assert all(len(query["_id"]["$in"]) <= changes.PAGE for query in on_rows)


@pytest.mark.parametrize(
    "asked",
    [
        {"$where": "sleep(1000)"},
        {"$or": [{"a": 1}, {"$where": "1"}]},
        {"$expr": {"$function": {"body": "x", "args": [], "lang": "js"}}},
        {"$out": "orders"},
        {"$merge": {"into": "orders"}},
        {"$facet": {"a": [{"$merge": "x"}]}},
    ],
)
def test_looking_cannot_write_or_run_code(store: Store, people: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="not allowed"):
        store.browse.aggregate(store.database, "people", [asked])
    with pytest.raises(StoreError, match="not allowed"):
        store.browse.documents(store.database, "people", asked)
    assert readable({"a": {"$literal": {"$where": 1}}})


def test_a_query_that_the_server_refuses_is_our_error_in_a_sentence(
    store: Store, people: Any
) -> None:
    with pytest.raises(StoreError) as caught:
        store.browse.documents(store.database, "people", {"a": {"$nonsense": 1}})
    assert "nonsense" in str(caught.value)
    assert not isinstance(caught.value, PyMongoError)


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Store]:
    """A store whose server went away."""
    running = spawn(tmp_path / "gone")
    options = "serverSelectionTimeoutMS=300&heartbeatFrequencyMS=500"
    with Store(f"mongodb://127.0.0.1:{running.port}/?{options}", "shop") as opened:
        killed(running)
        yield opened


def test_a_server_that_went_away_is_said_for_every_look(gone: Store) -> None:
    for look in (
        gone.browse.databases,
        lambda: gone.browse.collections("shop"),
        lambda: gone.browse.documents("shop", "orders"),
        lambda: gone.quarantine.find(),
        lambda: gone.quarantine.reasons(),
    ):
        with pytest.raises(NoServer, match="answer"):
            look()
