"""A load that leaves records in quarantine, for all tests of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import Store
from tests.core.held.orders import DESCRIPTOR, GOOD, HELD, ORDERS


@pytest.fixture
def recipe() -> Recipe:
    return Recipe.from_descriptor(DESCRIPTOR)


@pytest.fixture
def load(store: Store, recipe: Recipe, tmp_path: Path) -> str:
    """The id of a load of ORDERS: GOOD accepted, HELD in quarantine."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    report = list(load_file(path, recipe, store))[-1]
    assert (report.accepted, report.quarantined) == (GOOD, HELD)
    assert report.load is not None
    return report.load


@pytest.fixture
def other(store: Store, server: str) -> Iterator[Store]:
    """The same database seen from another window."""
    with Store(server, store.database) as opened:
        yield opened
