"""Notes on which records are held no more, against the records themselves."""

from typing import Any

import numpy as np
import pytest
from bson import ObjectId

from core import quarantine
from core.store import Store
from core.store import held as store_held
from core.store.moves import Moves
from core.store.sought import object_id
from tests.core.held.orders import HELD, held, last


def test_notes_tell_what_is_held_no_more_as_the_records_do(
    store: Store, load: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a move died before its note was complete, or two were noted out of order."""
    ids = [one.id for one in held(store, load).values()]
    quarantine.discard(store, ids[:3], "gone")
    quarantine.restore(store, ids[1:2])
    quarantine.edit(store, ids[4], {"id": "77"})
    last(quarantine.resubmit(store, load))
    notes = store.client["sluice"].moves
    in_doubt = notes.find_one(sort=[("_id", 1)])
    assert in_doubt is not None
    notes.update_one({"_id": in_doubt["_id"]}, {"$unset": {"states": "", "versions": ""}})
    late = {name: value for name, value in in_doubt.items() if name != "_id"}
    notes.insert_one(late)  # says what was true before the others

    def told() -> tuple[Any, ...]:
        ask = store.quarantine
        loads = [ask.loads(state) for state in store_held.STATES]
        kinds = [(ask.reasons(load, s), ask.kinds(load, s)) for s in store_held.STATES]
        return ask.states(load), ask.count(load, reason="type-error"), loads, kinds

    def discarded() -> list[list[int]]:
        asked: dict[str, Any] = {"load": load, "state": "discarded"}
        first = store.quarantine.find(**asked, limit=1)
        rest: list[dict[str, Any]] = [{"skip": 1}, {"after": first[0].id}, {"text": "north"}]
        return [[one.line for one in store.quarantine.find(**asked, **words)] for words in rest]

    noted, pages = told(), discarded()
    gone = Moves(store.client["sluice"], store.guard).gone(ObjectId(load))
    there = store.client["sluice"].quarantine.find({"load": ObjectId(load)})
    for state, records in (("resubmitted", 1), ("discarded", 2)):
        assert len(gone[state]) == records
    assert {int(n) for n in np.concatenate(list(gone.values()))} == {
        one["record"] for one in there if one["state"] != "held"
    }
    store.client["sluice"].loads.update_one({"_id": ObjectId(load)}, {"$unset": {"noted": ""}})
    store.quarantine._walks._refused._known.clear()  # type: ignore[union-attr]
    assert told() == noted
    assert discarded() == pages == [[5], [5], [3]]


def test_a_move_that_fails_leaves_its_records_in_doubt_and_counted_right(
    store: Store, load: str
) -> None:
    ids = [object_id(one.id) for one in held(store, load).values()][:2]
    ledger = store.client["sluice"]

    def move() -> None:
        with Moves(ledger, store.guard).noting(ids):
            moved = {"$set": {"state": "discarded"}, "$inc": {"version": 1}}
            ledger.quarantine.update_one({"_id": ids[0]}, moved)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        move()
    assert store.quarantine.states(load) == {"held": 7, "resubmitted": 0, "discarded": 1}
    quarantine.restore(store, [str(ids[0])])
    assert store.quarantine.states(load) == {"held": 8, "resubmitted": 0, "discarded": 0}


@pytest.mark.parametrize("few", [True, False])
def test_what_was_discarded_at_once_is_taken_back_at_once(
    store: Store, load: str, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the ledger tells the ids, as it does of many records on the embedded server."""
    if not few:
        monkeypatch.setattr("core.store.walks.SMALL", 0)
    first = held(store, load)
    quarantine.discard(store, [first[6].id], "before")
    wrong = {"reason": "type-error", "field": "amount"}
    *_, done = quarantine.discard_all(store, load, "theirs", deed="one", **wrong)
    assert (done.total, done.seen, done.changed) == (4, 4, 4)
    *_, rest = quarantine.discard_all(store, load, "all", deed="two")
    assert (rest.changed, store.quarantine.count(load)) == (HELD - 5, 0)
    assert last(quarantine.restore_all(store, load, deed="one")).changed == 4
    assert {record.note for record in store.quarantine.find(load)} == {""}
    assert {r.field for one in store.quarantine.find(load) for r in one.was} == {"amount"}
    assert last(quarantine.restore_all(store, load)).changed == HELD - 4
    assert held(store, load).keys() == first.keys()


def test_records_are_moved_a_page_at_a_time(store: Store, load: str) -> None:
    pages = store.quarantine.ids(load, size=3)
    assert [len(page) for page in pages] == [3, 3, 2]
