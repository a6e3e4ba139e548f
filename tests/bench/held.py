"""`./run bench held`: a large quarantine in the embedded server, looked at as the window does.

    ./run bench held [--records 1000000] [--loads 4] [--keep FOLDER]

The records are inserted straight into the ledger, as loads of which every second record was
refused; of those one in ten was discarded since, and one in a hundred is ready. Indexes are made
after them. Each question is then asked of a connection of its own; its seconds are told, and at the
end the slowest, the disk and the server's memory. `--keep` leaves the database in a folder and
finds it there the next time.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import bson
import numpy as np
from bson import ObjectId
from pymongo import WriteConcern

from core.documents.encoder import Encoded
from core.documents.lineage import identify, new_load, object_ids
from core.local.server import end, spawn
from core.quarantine import review
from core.store import Store
from core.store.moves import Moves
from core.store.write import send_whole
from tests.core.loads import recipe

BATCH = 12_500  # records in a batch of a load, half of which are held
SEND = 5_000
TOWNS = ("Oslo", "Bergen", "Tromsø", "Bodø", "Ålesund")


def reasons(n: int) -> list[dict[str, Any]]:
    """Mostly wrong types; one record in a thousand has a second reason, one in 100,000 a rare."""
    wrong: list[tuple[str, str | None, str]] = [("type-error", "qty", "integer")]
    if n % 10 == 3:
        wrong = [("constraint-error", "name", "maxLength")]
    if n % 1_000 == 7:
        wrong.append(("unique-error", "id", "unique"))
    if n % 100_000 == 11:
        wrong = [("extra-cell", None, "")]
    return [
        {"code": code, "field": field, "value": f"v{n}", "message": "It is wrong.", "rule": rule}
        for code, field, rule in wrong
    ]


def held(load: ObjectId, id: ObjectId, n: int) -> dict[str, Any]:
    raw = f"{n},{TOWNS[n % 5]} {n},x{n % 97}"
    found = reasons(n)
    discarded, ready = n % 20 == 19, n % 200 == 101
    return {
        "_id": id,
        "load": load,
        "database": "bench",
        "collection": "c",
        "record": n,
        "line": n + 1,
        "values": {"id": str(n), "name": f"{TOWNS[n % 5]} {n}", "qty": f"x{n % 97}"},
        "reasons": [] if ready else found,
        "was": found,
        "state": "discarded" if discarded else "held",
        "text": raw.lower(),
        "raw": raw.encode(),
        "version": 0,
        "edits": [],
        "note": "a test" if discarded else "",
        **({"ready": True} if ready else {}),
    }


def named(kind: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("field", "code", "rule"), kind, strict=True))


def places(batch: dict[str, Any]) -> list[dict[str, Any]]:
    """As a load notes which records of a batch were refused for what."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for at in range(1 - batch["first"] % 2, batch["count"], 2):
        for reason in reasons(batch["first"] + at):
            kind = (reason["field"], reason["code"], reason["rule"])
            found.setdefault(kind, []).append(at)
    return [{**named(kind), "at": np.array(at, "<u4").tobytes()} for kind, at in found.items()]


def furnish(store: Store, records: int, loads: int) -> None:
    store.ledger.prepare()
    Moves(store.client["sluice"], store.guard).prepare()
    begun, share = time.perf_counter(), records // loads
    for one in range(loads):
        load = new_load()
        codes, kinds = _insert(store, load, share)
        for n, first in enumerate(range(1, 2 * share, BATCH)):
            count = min(BATCH, 2 * share + 1 - first)
            even = np.arange(first, first + count) % 2 == 0
            told = {"first": first, "count": count, "accepted": np.packbits(even).tobytes()}
            store.ledger.record_batch(load, n, {**told, "digests": b"", "kinds": places(told)})
        store.ledger.loads.insert_one(_entry(load, f"{one}.csv", share, codes, kinds))
        print(f"{(one + 1) * share:,} records made after {time.perf_counter() - begun:.0f} s")
    store.quarantine.prepare()
    print(f"and their indexes after {time.perf_counter() - begun:.0f} s", flush=True)


def _insert(store: Store, load: ObjectId, share: int) -> tuple[Counter[str], Counter[Any]]:
    """Their codes and kinds; memory holds one message of them."""
    codes: Counter[str] = Counter()
    kinds: Counter[tuple[Any, ...]] = Counter()
    quarantine = store.client["sluice"]["quarantine"]
    for at in range(0, share, SEND):
        part = np.arange(2 * at + 1, 2 * min(at + SEND, share), 2, dtype=np.int64)
        ids = object_ids(identify(load, part))
        sent = [held(load, id, n) for id, n in zip(ids, part.tolist(), strict=True)]
        for document in sent:
            codes.update({reason["code"] for reason in document["was"]})
            kinds.update((r["field"], r["code"], r["rule"]) for r in document["was"])
        encoded = [bson.encode(document) for document in sent]
        ends = np.cumsum([0, *map(len, encoded)])
        gone = [document["_id"] for document in sent if document["state"] != "held"]
        with Moves(store.client["sluice"], store.guard).noting(gone):
            written, _ = send_whole(
                quarantine, Encoded(memoryview(b"".join(encoded)), ends), WriteConcern(w=1)
            )
        assert written == len(sent)
    return codes, kinds


def _entry(
    load: ObjectId, name: str, share: int, codes: Counter[str], kinds: Counter[Any]
) -> dict[str, Any]:
    return {
        "_id": load,
        "source": {"name": name, "path": f"/{name}", "size": 1},
        "database": "bench",
        "collection": "c",
        "mode": "add",
        "state": "done",
        "started": datetime.now(UTC),
        "holder": None,
        "recipe": json.dumps(recipe().to_descriptor()),
        "counts": {"records": 2 * share, "accepted": share, "quarantined": share},
        "reasons": dict(codes),
        "kinds": [{**named(kind), "n": n} for kind, n in kinds.items()],
        "noted": True,
    }


def questions(store: Store) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the Quarantine page asks, each with its name."""
    ask = store.quarantine
    load = store.loads.list(0)[-1].id
    share = ask.count(load)
    middle = ask.find(load, skip=share // 2, limit=1)[0].id
    yield "loads that hold records", ask.loads
    yield "how many there are", ask.count
    yield "how many in each state", ask.states
    yield "figures of one load, as the page shows them", lambda: review(store, load)
    yield "reasons of all", ask.reasons
    yield "kinds of one load", lambda: ask.kinds(load)
    yield "first page of all", lambda: ask.find(limit=100)
    yield "first page of a load", lambda: ask.find(load, limit=100)
    yield "page in the middle, by its number", lambda: ask.find(load, skip=share // 2, limit=100)
    yield "page in the middle, after a record", lambda: ask.find(load, after=middle, limit=100)
    yield "last page of all, by its number", lambda: ask.find(skip=ask.count() - 50, limit=100)
    for code in ("type-error", "unique-error", "extra-cell"):
        one: dict[str, Any] = {"load": load, "reason": code}
        yield f"page of {code}, one load", partial(ask.find, **one, limit=100)
        yield f"count of {code}, one load", partial(ask.count, **one)
    yield "page of discarded ones", lambda: ask.find(load, state="discarded", limit=100)
    gone = partial(ask.find, load, state="discarded", skip=share // 20, limit=100)
    yield "page in the middle of discarded ones", gone
    yield "page of type-error, all loads", lambda: ask.find(reason="type-error", limit=100)
    yield "count of type-error, all loads", lambda: ask.count(reason="type-error")
    kind: dict[str, Any] = {"reason": "constraint-error", "field": "name", "rule": "maxLength"}
    yield "page of a kind", lambda: ask.find(load, limit=100, **kind)
    yield "count of a kind", lambda: ask.count(load, **kind)
    yield "page of a field", lambda: ask.find(load, field="qty", limit=100)
    yield "records that are ready", lambda: ask.ready(load)
    yield "page by frequent text", lambda: ask.find(load, text="oslo", limit=100)
    yield "page by rare text", lambda: ask.find(load, text="x96", reason="unique-error", limit=100)
    yield "page by text that is nowhere", lambda: ask.find(load, text="nowhere", limit=100)
    yield "search: first hits of a text", lambda: next(s for s in ask.search(load, text="oslo"))
    yield "search: all of a text", lambda: [*ask.search(load, text="oslo")][-1].count
    yield "search: text that is nowhere", lambda: [*ask.search(load, text="nowhere")][-1].count
    yield "count of equal cells", lambda: ask.count(load, cell=("qty", "x5"))


def ask(uri: str) -> None:
    with Store(uri, "bench") as opened:
        asked = list(questions(opened))
    slowest = (0.0, "")
    for at, (name, _) in enumerate(asked):
        with Store(uri, "bench") as store:
            work = list(questions(store))[at][1] if at else store.quarantine.loads
            begun = time.perf_counter()
            found = work()
            took = time.perf_counter() - begun
        slowest = max(slowest, (took, name))
        told = len(found) if isinstance(found, tuple) else found
        print(f"  {took:8.3f} s  {name}: {str(told)[:60]}", flush=True)
    print(f"slowest: {slowest[0]:.3f} s, {slowest[1]}")


def used(folder: Path, pid: int) -> str:
    """Disk of the database and, where the system tells, the most memory its server had."""
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    memory = f", memory of its server {int(peak) / 1024:,.0f} MB at most" if peak else ""
    return f"disk {disk / (1 << 20):,.0f} MB{memory}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run bench held", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--loads", type=int, default=4)
    parser.add_argument("--keep", type=Path, help="folder of the database")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        folder = args.keep or Path(home)
        running = spawn(folder)
        uri = f"mongodb://127.0.0.1:{running.port}"
        try:
            with Store(uri, "bench") as store:
                if not store.loads.list(1):
                    furnish(store, args.records, args.loads)
            print(f"{args.records:,} held records in {args.loads} loads:")
            ask(uri)
            print(used(folder, running.process.pid))
        finally:
            end(running.process, 30)
    return 0
