"""The Load page with very many problems and very many columns: the window's thread stays free.

A short form of `./run bench gui`. What is measured is that thread's own work between two ticks of
a 10 ms timer, as other programs lengthen the time between them; the limit leaves room for a slow
and busy computer, and what was linear in problems or columns took half a second and more.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from gui.window import Window
from tests.bench import extremes
from tests.bench.watch import Watch

LIMIT = 250  # ms


@pytest.mark.parametrize(
    ("make", "rows", "columns"), [(extremes.problems, 3_000, 22), (extremes.wide, 20, 1_000)]
)
def test_the_window_stays_free(
    bare_window: Window,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path, int, int], Path],
    rows: int,
    columns: int,
) -> None:
    monkeypatch.setattr(extremes, "TURNS", 10)
    path = make(tmp_path / "extreme.csv", rows, columns)
    page = bare_window.show_page("Load")
    found: dict[str, float] = {}
    watch = Watch()
    try:
        extremes.drive(bare_window, page, path, watch, found)
    finally:
        watch.timer.stop()
    busy = {name: ms for name, ms in found.items() if name.startswith("busy")}
    assert len(busy) == 2 + len(extremes.STEPS)
    assert max(busy.values()) < LIMIT, busy
