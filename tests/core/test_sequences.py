"""Any sequence of load, stop, kill, resume, edit, resubmit and undo keeps its counts and can be
taken back; the long form is `pytest -m slow`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import core.reading.source
from core import quarantine
from core.errors import StoreError
from core.loading.loader import load_file
from core.loading.undo import UndoReport, undo, undo_plan
from core.store import LoadEntry, Store
from tests.core.killing import REFUSED, killed, start
from tests.core.loads import documents, load, recipe, write_csv

BLOCK = 64
ROWS = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from("abc"), st.sampled_from(["", "1", "2", "x"])),
    min_size=1,
    max_size=30,
)
MODES = ["add", "update", "skip", "replace"]
KILLS = ["whole", "killed", "killed and left", "stopped"]


def steps(modes: Sequence[str], ends: Sequence[str], most: int) -> st.SearchStrategy[list[Any]]:
    """(mode, rows, how it ends, after how many reports, whether held records are resubmitted, which
    documents of loads someone edits then, whether the newest load is undone at once)."""
    step = st.tuples(
        st.sampled_from(modes),
        ROWS,
        st.sampled_from(ends),
        st.integers(1, 8),
        st.booleans(),
        st.lists(st.integers(0, 20), max_size=2),
        st.booleans(),
    )
    return st.lists(step, min_size=1, max_size=most)


def examples(many: int) -> Callable[[Any], Any]:
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=many, deadline=None, suppress_health_check=quiet)


@pytest.fixture(params=["server", "standalone_server"])
def uri(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", BLOCK)


@examples(6)
@given(steps(MODES, ["whole", "stopped", "left"], 4))
def test_undoing_everything_newest_first_leaves_what_was_there(
    uri: str, tmp_path: Path, told: list[Any]
) -> None:
    _all_can_be_taken_back(uri, tmp_path, told)


@examples(2)
@given(steps(MODES, KILLS, 2))
def test_so_it_is_when_loads_are_killed(uri: str, tmp_path: Path, told: list[Any]) -> None:
    _all_can_be_taken_back(uri, tmp_path, told)


@examples(5)
@given(steps(MODES[:3], ["whole", "stopped", "left"], 4))
def test_an_undo_does_what_its_plan_says_and_force_does_the_rest(
    uri: str, tmp_path: Path, told: list[Any]
) -> None:
    _promises_are_kept(uri, tmp_path, told)


def test_a_killed_load_that_is_undone_says_what_it_held(uri: str, tmp_path: Path) -> None:
    with scene(uri) as store:
        path = write_csv(tmp_path / "a.csv", [(n, "a", "x" if n % 2 else n) for n in range(40)])
        _begun(uri, path, "add", "killed and left", 3, store)
        (entry,) = store.loads.list(0)
        assert entry.state == "running"
        _undone(store, entry)
        (entry,) = store.loads.list(0)
        assert entry.quarantined > 0
        _counts_add_up(store)


@pytest.mark.slow
@examples(100)
@given(steps(MODES, [*KILLS, "left"], 6))
def test_long_sequences_with_kills(uri: str, tmp_path: Path, told: list[Any]) -> None:
    _all_can_be_taken_back(uri, tmp_path, told)


@pytest.mark.slow
@examples(200)
@given(steps(MODES[:3], ["whole", "stopped", "left"], 6))
def test_long_sequences_with_edits(uri: str, tmp_path: Path, told: list[Any]) -> None:
    _promises_are_kept(uri, tmp_path, told)


@contextmanager
def scene(uri: str) -> Iterator[Store]:
    with Store(uri, f"t{uuid4().hex[:12]}") as store:
        collection = store.client[store.database]["c"]
        collection.insert_many([{"_id": n, "id": n, "name": "old"} for n in (2, 5, 20)])
        yield store
        store.client.drop_database(store.database)
        store.client.drop_database("sluice")


def _all_can_be_taken_back(uri: str, folder: Path, told: list[Any]) -> None:
    with scene(uri) as store:
        before = documents(store)
        for mode, rows, end, after, resubmitted, _, undone in told:
            _run(uri, write_csv(folder / f"{uuid4().hex}.csv", rows), mode, end, after, store)
            if resubmitted:
                _resubmit(store)
            _counts_add_up(store)
            if undone:
                for entry in _undoable(store)[:1]:
                    assert _undone(store, entry).stays == 0
        for entry in _undoable(store):
            assert _undone(store, entry).stays == 0
        assert documents(store) == before


def _promises_are_kept(uri: str, folder: Path, told: list[Any]) -> None:
    """What is edited is what a load had made or changed: else undoing would not be all of it."""
    with scene(uri) as store:
        before = documents(store)
        for mode, rows, end, after, resubmitted, edited, _ in told:
            _run(uri, write_csv(folder / f"{uuid4().hex}.csv", rows), mode, end, after, store)
            if resubmitted:
                _resubmit(store)
            _edit(store, edited)
        entries = _undoable(store)
        stayed: set[str] = set()
        for entry in entries:
            stayed |= set(_undone(store, entry).stayed)
        left = documents(store)
        assert {str(one["_id"]) for one in left if one not in before} <= stayed
        assert not any("_load" in document for document in left)
        for entry in entries:
            now = store.loads.get(entry.id)
            if now is not None and now.stays:
                _undone(store, now, force=True)
        assert documents(store) == before


def _undoable(store: Store) -> list[LoadEntry]:
    found = store.loads.list(0)
    return [one for one in found if one.database == store.database and one.state != "undone"]


def _undone(store: Store, entry: LoadEntry, **options: Any) -> UndoReport:
    """An undo that does what its plan said."""
    plan = undo_plan(store, entry.id, **options)
    assert not plan.obstacle
    report = [*undo(store, entry.id, **options)][-1]
    assert report.state == "undone"
    promised = (plan.removes, plan.restores, plan.stays, plan.gone)
    assert promised == (report.removed, report.restored, report.stays, report.gone)
    return report


def _edit(store: Store, which: list[int]) -> None:
    collection = store.client[store.database]["c"]
    made = [
        document["_id"]
        for document in documents(store)
        if "_load" in document or isinstance(document["_id"], ObjectId)
    ]
    for n in which:
        if n < len(made):
            collection.update_one({"_id": made[n]}, {"$set": {"name": f"mine {n}"}})


def _run(uri: str, path: Path, mode: str, end: str, after: int, store: Store) -> None:
    """A load that comes to its end, or is stopped or killed and then gone on with or left; or that
    is refused, because what is there shares keys: then it leaves all as it is."""
    before = documents(store)
    try:
        refused = _begun(uri, path, mode, end, after, store)
    except StoreError as error:
        if "share the same id" not in str(error):
            raise
        refused = True
    if refused:
        assert documents(store) == before


def _begun(uri: str, path: Path, mode: str, end: str, after: int, store: Store) -> bool:
    """Whether it was refused."""
    made = recipe(mode, ("id",) if mode in ("update", "skip") else ())
    if end == "whole":
        load(path, made, store, again=True)
        return False
    if end.startswith("killed"):
        code = killed(start(store, uri, path, mode, BLOCK), after)
        if code == REFUSED or code == 0:
            return code == REFUSED
    else:
        work: Iterator[Any] = load_file(path, made, store, again=True)
        for _, report in zip(range(after), work, strict=False):
            assert report.records == report.accepted + report.quarantined + report.skipped
        work.close()  # type: ignore[attr-defined]
    if not end.endswith("left"):
        load(path, made, store, resume=True)
    return False


def _resubmit(store: Store) -> None:
    """Held records whose only fault is the text in qty are mended and go in."""
    latest = store.loads.latest()
    if latest is None or latest.state == "undone":
        return
    if latest.mode == "replace" and latest.state != "done":
        return
    for held in store.quarantine.find(latest.id):
        if {reason.field for reason in held.reasons} == {"qty"}:
            quarantine.edit(store, held.id, {"qty": "7"})
    for report in quarantine.resubmit(store, latest.id):
        assert report.seen <= report.total


def _counts_add_up(store: Store) -> None:
    for entry in store.loads.list(0):
        if entry.state == "running":  # killed: what it had not told yet is counted when it goes on
            continue
        assert entry.records == entry.accepted + entry.quarantined + entry.skipped
        held = store.client["sluice"]["quarantine"].count_documents({"load": entry.object_id})
        assert held == entry.quarantined
