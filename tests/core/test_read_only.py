"""The read-only switch: nothing that writes gets past it, whoever calls."""

import ast
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bson import ObjectId

import core.store
from core.documents.encoder import Encoded
from core.errors import ReadOnly
from core.store import Store, cells, matching, sides, uniqueness
from core.store.before import Before
from core.store.moves import Moves
from core.store.refusals import hold

LOAD, ONE = ObjectId(), [ObjectId()]
NOTHING = Encoded(memoryview(b""), np.zeros(1, np.int64))
WRITES = {
    *("insert_one", "insert_many", "replace_one", "update_one", "update_many", "delete_one"),
    *("delete_many", "bulk_write", "create_index", "create_indexes", "create_collection"),
    *("drop_collection", "drop", "rename", "drop_index", "drop_database"),
    *("find_one_and_update", "find_one_and_delete", "find_one_and_replace"),
}
BELOW = {"write.py", "users.py"}  # what Target calls, and the embedded server's own first start


@pytest.fixture
def guarded(server: str, store: Store) -> Iterator[Store]:
    with Store(server, store.database, read_only=True) as opened:
        yield opened


def _target(store: Store) -> Any:
    return store.target(store.database, "c", {}, store.patience(threading.Event(), 1))


def _before(store: Store) -> Before:
    return Before(store.ledger, LOAD, lambda work: work())


WAYS: dict[str, Callable[[Store], object]] = {
    "ledger.prepare": lambda s: s.ledger.prepare(),
    "ledger.begin": lambda s: s.ledger.begin({"_id": LOAD}, "t"),
    "ledger.take": lambda s: s.ledger.take(LOAD, "t"),
    "ledger.keep": lambda s: s.ledger.keep(LOAD, "t", {}),
    "ledger.end": lambda s: s.ledger.end(LOAD, "t", "done", {}),
    "ledger.note_stage": lambda s: s.ledger.note_stage(LOAD, {}),
    "ledger.record_batch": lambda s: s.ledger.record_batch(LOAD, 0, {}),
    "target.insert": lambda s: _target(s).insert(NOTHING),
    "target.run": lambda s: _target(s).run("delete", "deletes", []),
    "sides.create_like": lambda s: sides.create_like(_target(s), "d", "c"),
    "sides.copy_indexes": lambda s: sides.copy_indexes(_target(s), "c", "d"),
    "sides.copy_aside": lambda s: sides.copy_aside(_target(s), "c", "d"),
    "sides.validate_like": lambda s: sides.validate_like(_target(s), "c", {"validator": {}}),
    "sides.put_in_place": lambda s: sides.put_in_place(_target(s), "c", "d", None),
    "sides.drop": lambda s: sides.drop(_target(s), "c"),
    "uniqueness.ensure_unique": lambda s: uniqueness.ensure_unique(_target(s), []),
    "matching.swap": lambda s: matching.swap(_target(s), [({"_id": 1}, {"_id": 1})]),
    "before.keep": lambda s: _before(s).keep([({"_id": 1}, LOAD, 1)]),
    "before.forget": lambda s: _before(s).forget([1]),
    "before.stays": lambda s: _before(s).stays([1]),
    "before.forget_done": lambda s: _before(s).forget_done(),
    "refusals.hold": lambda s: hold(s.ledger, LOAD, "d", "c", (), "utf-8"),
    "quarantine.prepare": lambda s: s.quarantine.prepare(),
    "changes.apply": lambda s: s.quarantine.changes.apply([]),
    "changes.move": lambda s: s.quarantine.changes.move(ONE, "held", "discarded", ""),
    "changes.keep_recipe": lambda s: s.quarantine.changes.keep_recipe({}),
    "changes.claim": lambda s: s.quarantine.changes.claim([(LOAD, 0)]),
    "changes.settle": lambda s: s.quarantine.changes.settle({LOAD: None}, "t", "me"),
    "changes.release": lambda s: s.quarantine.changes.release({LOAD: None}, "t"),
    "moves.prepare": lambda s: Moves(s.ledger.database, s.guard).prepare(),
    "moves.noting": lambda s: Moves(s.ledger.database, s.guard).noting(ONE).__enter__(),
    "cells.save": lambda s: cells.save(s.client, s.guard, (s.database, "c"), []),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_writes_is_refused(way: str, guarded: Store) -> None:
    with pytest.raises(ReadOnly):
        WAYS[way](guarded)


def test_no_function_of_the_store_writes_beside_the_switch() -> None:
    """A method that writes asks the guard itself, or is a private one of a module that does."""
    for path in sorted(Path(core.store.__file__).parent.glob("*.py")):
        if path.name in BELOW:
            continue
        functions = [n for n in ast.walk(ast.parse(path.read_text())) if _is_function(n)]
        for one in functions:
            private = one.name.startswith("_")  # type: ignore[attr-defined]
            if not private and _calls(one) & WRITES:
                assert _calls(one) & {"guard", "_guard"}, f"{path.name}: {ast.unparse(one)[:80]}"


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef)


def _calls(node: ast.AST) -> set[str]:
    """Names called in it, and methods given on as values."""
    found = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return found | {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
