"""Held records with cells too many or too few, mended at once by a recipe that makes them fit."""

import pytest

from core import quarantine
from core.store import Store
from tests.core.held.orders import documents, held, last


@pytest.mark.parametrize(
    ("code", "line", "label", "stored"),
    [
        ("extra-cell", 6, "Leave out what is beyond the last column", (5, 7.0, "East")),
        ("missing-cell", 5, "Leave the missing columns empty", (4, None, None)),
    ],
)
def test_held_rows_of_the_wrong_width_are_mended_by_the_fix_the_load_page_has(
    store: Store, load: str, code: str, line: int, label: str, stored: tuple[object, ...]
) -> None:
    kind = (code, None, code)
    (fix,) = quarantine.fixes(store, load, kind)
    assert (fix.label, fix.count) == (label, 1)
    assert last(quarantine.fix_similar(store, load, kind, fix.recipe)).ready == 1
    assert held(store, load)[line].reasons == ()
    assert last(quarantine.resubmit(store, load)).loaded == 1
    found = {one["id"]: one for one in documents(store)}[stored[0]]
    assert (found["id"], found.get("amount"), found.get("region")) == stored


def test_a_fix_of_the_shape_is_also_for_rows_that_were_edited(store: Store, load: str) -> None:
    kind = ("extra-cell", None, "extra-cell")
    assert quarantine.fixable(kind)
    assert not quarantine.fixable(("unterminated-quote", None, "unterminated-quote"))
    quarantine.edit(store, held(store, load)[6].id, {"region": "West"})
    (fix,) = quarantine.fixes(store, load, kind)
    assert last(quarantine.fix_similar(store, load, kind, fix.recipe)).ready == 1
    record = held(store, load)[6]
    assert (record.reasons, record.shape) == ((), {"surplus": "left out"})
    assert record.values["region"] == "West"
