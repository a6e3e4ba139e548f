"""Loads killed, servers killed, stopped and made to fail: `python -m tests.faults [--kills N …]`.

Each fault ends with a resume, after which collection, quarantine and ledger must equal those of a
load that nothing disturbed; at each fault, what the ledger claims must be in the collection.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bson import ObjectId

import core.reading.source
from core.documents.lineage import record_of
from core.errors import CoreError
from core.loading.loader import load_file
from core.loading.undoing import batch_marks
from core.local.server import Running, spawn
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from tests.core.loads import recipe

MODES = ("add", "update", "skip", "replace")
BLOCK = 1 << 10  # bytes a batch: many batches in a small file
KILLS = 6  # of one load, before it may end
HASTY: dict[str, Any] = {
    "heartbeatFrequencyMS": 500,
    "socketTimeoutMS": 2_000,
    "serverSelectionTimeoutMS": 1_000,
}
FAULTS: dict[str, dict[str, Any]] = {
    "closed connection": {"closeConnection": True},
    "applied, not acknowledged": {"blockConnection": True, "blockTimeMS": 3_000},
    "not the primary": {"errorCode": 10107},
    "write concern": {"writeConcernError": {"code": 64, "errmsg": "waiting timed out"}},
    "time exceeded": {"errorCode": 50},
    "duplicate key": {"errorCode": 11000},
}


@dataclass
class Tally:
    """What was done to the loads, and whether it hit them between first and last batch."""

    faults: int = 0
    amid: int = 0
    told: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, amid: bool) -> None:
        self.faults += 1
        self.amid += amid
        self.told[kind] = self.told.get(kind, 0) + 1


def small_batches() -> None:
    core.reading.source.BLOCK = BLOCK


def make_file(path: Path, rows: int, seed: int) -> Path:
    """Rows of which some are wrong, some clash with each other, and some have blank cells."""
    chance = random.Random(seed)
    lines = ["id,name,qty"]
    for n in range(1, rows + 1):
        qty = chance.choice(["x", "", *map(str, range(18))])
        lines.append(f"{n},name {chance.randrange(rows * 20)} {'é' * chance.randrange(9)},{qty}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def furnish(store: Store, rows: int) -> None:
    """What the collection holds before: some of the keys, and a unique name."""
    collection = store.client[store.database]["c"]
    collection.create_index("name", unique=True)
    collection.insert_many(
        {"_id": f"old {n}", "id": n, "name": f"old {n}", "qty": n % 7}
        for n in range(1, rows + 1, 3)
    )


def made(mode: str, writer: str = "whole") -> Recipe:
    return recipe(mode, ("id",) if mode in ("update", "skip") else (), write={"writer": writer})


def outcome(store: Store, entry: LoadEntry) -> dict[str, Any]:
    """Everything a load left behind, with its documents named by their records alone."""
    load = entry.object_id
    ledger = store.client["sluice"]
    held = [_named(load, d) for d in ledger["quarantine"].find({"load": load}).sort("_id", 1)]
    documents = [_named(load, d) for d in store.client[store.database]["c"].find()]
    batches = [
        {k: v for k, v in _named(load, batch).items() if k != "digests"}
        for batch in store.ledger.recorded(load)
    ]
    images = [_named(load, d["image"]) for d in ledger["before"].find({"load": load})]
    return {
        "documents": sorted(documents, key=repr),
        "quarantine": [
            {k: v for k, v in one.items() if k not in ("load", "database")} for one in held
        ],
        "batches": [{k: v for k, v in batch.items() if k != "load"} for batch in batches],
        "images": sorted(images, key=repr),
        "counts": dict(entry.counts),
        "reasons": dict(entry.reasons),
        "state": entry.state,
    }


def _named(load: ObjectId, document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if record_of(load, value) is None else record_of(load, value)
        for key, value in document.items()
    }


def honest(store: Store) -> None:
    """What the ledger claims of add loads is in the collection."""
    for entry in store.loads.list(0):
        if entry.mode != "add" or entry.database != store.database:
            continue
        for batch in store.ledger.recorded(entry.object_id):
            names = list(batch_marks(entry.object_id, batch))
            there = store.client[store.database]["c"].count_documents({"_id": {"$in": names}})
            assert there == len(names), f"batch {batch['n']}: {there} of {len(names)} are there"


def newest(store: Store) -> LoadEntry | None:
    return next((e for e in store.loads.list(0) if e.database == store.database), None)


def undisturbed(uri: str, path: Path, mode: str, rows: int, writer: str) -> dict[str, Any]:
    with scene(uri, rows) as store:
        for _ in load_file(path, made(mode, writer), store):
            pass
        entry = newest(store)
        assert entry is not None
        return outcome(store, entry)


@contextmanager
def scene(uri: str, rows: int) -> Iterator[Store]:
    """A furnished database that goes afterwards, and its part of the ledger."""
    with Store(uri, f"f{uuid4().hex[:12]}") as store:
        furnish(store, rows)
        yield store
        store.client.drop_database(store.database)
        for entry in [e for e in store.loads.list(0) if e.database == store.database]:
            for name in ("batches", "quarantine", "before"):
                store.client["sluice"][name].delete_many({"load": entry.object_id})
            store.client["sluice"]["loads"].delete_one({"_id": entry.object_id})


def child(arguments: list[str]) -> int:
    """A load in a process of its own; it tells each batch, so that it can be killed in between."""
    uri, database, path, mode, writer = arguments
    small_batches()
    with Store(uri, database) as store:
        for report in load_file(Path(path), made(mode, writer), store, resume=True):
            print(json.dumps({"records": report.records, "state": report.state}), flush=True)
    return 0


def start_child(
    store: Store, uri: str, path: Path, mode: str, writer: str
) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.faults", "child", uri, store.database, str(path)]
    return subprocess.Popen(
        [*command, mode, writer],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )


def killed(
    uri: str,
    path: Path,
    mode: str,
    rows: int,
    writer: str,
    chance: random.Random,
    tally: Tally,
    most: int = KILLS,
) -> dict[str, Any]:
    """A load killed at random moments, some times over, and then let go on; what it left."""
    with scene(uri, rows) as store:
        for left in range(most, -1, -1):
            process = start_child(store, uri, path, mode, writer)
            assert process.stdout is not None
            wanted = chance.randrange(rows) if left else rows + 1
            for line in process.stdout:
                if json.loads(line)["records"] >= wanted:
                    time.sleep(chance.random() * 0.05)
                    process.kill()
                    break
            process.stdout.close()
            code = process.wait()
            if code == 0:
                break
            assert code == -signal.SIGKILL, f"the load ended by itself, with {code}"
            entry = newest(store)
            tally.add("load killed", entry is not None and amid(store, entry))
            honest(store)
        entry = newest(store)
        assert entry is not None
        return outcome(store, entry)


def amid(store: Store, entry: LoadEntry) -> bool:
    return entry.state != "done" and any(True for _ in store.ledger.recorded(entry.object_id))


def failing(
    uri: str, path: Path, mode: str, rows: int, writer: str, chance: random.Random, tally: Tally
) -> dict[str, Any]:
    """A load whose writes meet one fault after the other; it waits, or is resumed."""
    with Store(uri) as store:
        admin = store.client.admin

        def arm() -> None:
            kind = chance.choice(list(FAULTS))
            commands = chance.choice([["insert"], ["update"], ["insert", "update", "find"]])
            admin.command(
                "configureFailPoint",
                "failCommand",
                mode={"times": chance.randrange(1, 4)},
                data={"failCommands": commands, **FAULTS[kind]},
            )
            tally.add(kind, True)

        with scene(uri, rows) as kept, Store(uri, kept.database, **HASTY) as loading:
            try:
                entry = insist(loading, path, made(mode, writer), chance, arm)
            finally:
                admin.command("configureFailPoint", "failCommand", mode="off")
            return outcome(kept, entry)


def insist(
    store: Store, path: Path, recipe: Recipe, chance: random.Random, arm: Callable[[], None]
) -> LoadEntry:
    """Load, with something armed now and then, and resume whatever ends it."""
    ended: list[str] = []
    armed = False  # at the first chance, then now and then
    for _ in range(50):
        try:
            for n, report in enumerate(load_file(path, recipe, store, resume=True)):
                quiet = n and report.state == "running" and not report.message
                if quiet and (not armed or chance.random() < 0.5):
                    arm()
                    armed = True
        except CoreError as error:
            ended.append(str(error))
            time.sleep(0.2)
            continue
        entry = newest(store)
        assert entry is not None
        return entry
    raise AssertionError(f"the load never ends: {ended[-3:]}")


def server_killed(
    folder: Path, path: Path, mode: str, rows: int, chance: random.Random, tally: Tally
) -> None:
    """A load whose server is killed and started again, or stopped for a while, at random."""
    running = [spawn(folder, test_commands=True)]
    port = running[0].port
    options = "&".join(f"{name}={value}" for name, value in HASTY.items())
    uri = f"mongodb://127.0.0.1:{port}/?{options}"
    try:
        expected = undisturbed(uri, path, mode, rows, "whole")

        def strike() -> None:
            if chance.random() < 0.3:
                running[0].process.send_signal(signal.SIGSTOP)
                time.sleep(chance.random() * 3)
                running[0].process.send_signal(signal.SIGCONT)
                tally.add("server stopped", True)
                return
            running[0].process.kill()
            running[0].process.wait()
            running[0] = restarted(folder, port)
            tally.add("server killed", True)

        with scene(uri, rows) as store:
            entry = insist(store, path, made(mode), chance, strike)
            honest(store)
            same(outcome(store, entry), expected, f"server killed, {mode}")
    finally:
        running[0].process.kill()
        running[0].process.wait()


def restarted(folder: Path, port: int) -> Running:
    return spawn(folder, port=port, test_commands=True)


def same(found: dict[str, Any], expected: dict[str, Any], what: str) -> None:
    for part, value in expected.items():
        assert found[part] == value, f"{what}: {part} differ: {_first(found[part], value)}"


def _first(found: Any, expected: Any) -> str:
    if not isinstance(found, list):
        return f"{found!r} instead of {expected!r}"
    pairs = zip(found, expected, strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), None)
    return f"{len(found)} instead of {len(expected)}; first difference {first}"


def main(argv: list[str]) -> int:
    """The long form; prints what was done."""
    if argv[:1] == ["child"]:
        return child(argv[1:])
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of the loading process")
    parser.add_argument("--servers", type=int, default=30, help="kills and stops of the server")
    parser.add_argument("--faults", type=int, default=60, help="failpoints")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--standalone", action="store_true")
    args = parser.parse_args(argv)
    print(f"seed {args.seed}", flush=True)
    chance = random.Random(args.seed)
    small_batches()
    with tempfile.TemporaryDirectory() as home:
        path = make_file(Path(home) / "a.csv", args.rows, args.seed)
        server = spawn(Path(home) / "one", standalone=args.standalone, test_commands=True)
        uri = f"mongodb://127.0.0.1:{server.port}"
        kills, fails, servers = Tally(), Tally(), Tally()
        try:
            for rounds, count, tally in (
                (killed, args.kills, kills),
                (failing, args.faults, fails),
            ):
                while tally.faults < count:
                    mode, writer = chance.choice(MODES), chance.choice(["whole", "plain"])
                    expected = undisturbed(uri, path, mode, args.rows, writer)
                    before = tally.faults
                    found = rounds(uri, path, mode, args.rows, writer, chance, tally)
                    same(found, expected, f"{rounds.__name__}, {mode}, {writer}")
                    print(
                        f"{mode}, {writer}: {tally.faults - before} × {rounds.__name__}", flush=True
                    )
        finally:
            server.process.kill()
            server.process.wait()
        while servers.faults < args.servers:
            mode = chance.choice(MODES)
            server_killed(Path(home) / uuid4().hex, path, mode, args.rows, chance, servers)
            print(f"{mode}: {servers.told}", flush=True)
    for tally in (kills, fails, servers):
        print(f"{tally.faults} faults, {tally.amid} amid batches: {tally.told}")
    if args.kills:
        assert kills.amid >= 0.6 * kills.faults
    print("Every load ended as an undisturbed one.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
