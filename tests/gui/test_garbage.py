"""Whole searches for garbage happen when nobody looks, and then they do happen."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gui.garbage import Sweeper


class Ring:
    """Holds itself, so that only a search finds it gone."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def sweeper(qapp: QApplication) -> Iterator[Sweeper]:
    thresholds = gc.get_threshold()
    made = Sweeper(qapp)
    yield made
    made.setParent(None)
    made.deleteLater()
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def searches() -> int:
    return int(gc.get_stats()[2]["collections"])


def test_much_that_is_made_and_kept_starts_no_whole_search(sweeper: Sweeper) -> None:
    before = searches()
    kept = [[n] for n in range(500_000)]
    assert searches() == before
    assert len(kept) == 500_000


@pytest.mark.parametrize("state", ["ApplicationInactive", "ApplicationHidden"])
def test_a_window_in_the_background_sweeps(
    qapp: QApplication, sweeper: Sweeper, state: str
) -> None:
    ring = weakref.ref(Ring())
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert ring() is not None
    qapp.applicationStateChanged.emit(Qt.ApplicationState[state])
    assert ring() is None
