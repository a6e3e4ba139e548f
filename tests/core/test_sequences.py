"""Any sequence of load, stop, resume, resubmit and undo keeps its counts and can be taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import core.reading.source
from core import quarantine
from core.loading.loader import load_file
from core.loading.undo import undo
from core.store import Store
from tests.core.loads import documents, load, recipe, write_csv

ROWS = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from("abc"), st.sampled_from(["", "1", "2", "x"])),
    min_size=1,
    max_size=30,
)
MODES = st.sampled_from(["add", "update", "skip", "replace"])
STEPS = st.lists(
    st.tuples(MODES, ROWS, st.sampled_from(["whole", "stopped", "left"]), st.booleans()),
    min_size=1,
    max_size=4,
)


@pytest.fixture(params=["server", "standalone_server"])
def uri(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 64)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_undoing_everything_newest_first_leaves_what_was_there(
    uri: str, tmp_path: Path, steps: list[tuple[str, Any, str, bool]]
) -> None:
    with Store(uri, f"t{uuid4().hex[:12]}") as store:
        collection = store.client[store.database]["c"]
        collection.insert_many([{"_id": n, "id": n, "name": "old"} for n in (2, 5, 20)])
        before = documents(store)
        for n, (mode, rows, end, resubmitted) in enumerate(steps):
            path = write_csv(tmp_path / f"{uuid4().hex}{n}.csv", rows)
            _run(path, mode, end, store)
            if resubmitted:
                _resubmit(store)
        _counts_add_up(store)
        for entry in store.loads.list(0):
            if entry.database == store.database and entry.state != "undone":
                report = [*undo(store, entry.id)][-1]
                assert (report.state, report.stays) == ("undone", 0)
        assert documents(store) == before
        store.client.drop_database(store.database)
        store.client.drop_database("sluice")


def _run(path: Path, mode: str, end: str, store: Store) -> None:
    """A load that is let be, or stopped after three reports, and then gone on with or left."""
    made = recipe(mode, ("id",) if mode in ("update", "skip") else ())
    if end == "whole":
        load(path, made, store, again=True)
        return
    work: Iterator[Any] = load_file(path, made, store, again=True)
    for _, report in zip(range(3), work, strict=False):
        assert report.records == report.accepted + report.quarantined + report.skipped
    work.close()  # type: ignore[attr-defined]
    if end == "stopped":
        load(path, made, store, resume=True)


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
        assert entry.records == entry.accepted + entry.quarantined + entry.skipped
        held = store.client["sluice"]["quarantine"].count_documents({"load": entry.object_id})
        assert held == entry.quarantined
