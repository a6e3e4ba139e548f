"""A file of several pages: each is read when it is seen, and only what is seen is painted again."""

from pathlib import Path

import pytest

from core.store import Store
from gui.cells import AWAITED, CELL
from gui.window import Window
from tests.gui.load_states import opened, wait_for

ROWS = 80_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "many.csv"
    path.write_text("id,name\n" + "".join(f"{i},name {i}\n" for i in range(ROWS)))
    return path


def test_a_page_checked_anew_repaints_only_where_it_is_seen(
    window: Window, store: Store, path: Path
) -> None:
    page = opened(window, [path])
    sheet, model = page.space.sheet, page.space.model
    reader = model.reader
    assert reader is not None
    sheet.scrollToBottom()
    wait_for(lambda: model.index(ROWS - 1, 0).data(CELL) != AWAITED)
    assert model.index(ROWS - 1, 1).data() == f"name {ROWS - 1}"
    sheet.scrollToTop()
    sheet.viewport().repaint()
    reader.arrived.emit(1, 1_000)
    sheet.viewport().repaint()
    told: list[int] = []
    model.dataChanged.connect(lambda: told.append(1))
    reader.arrived.emit(ROWS - 1_000, ROWS + 1)
    assert not told
    reader.arrived.emit(1, 1_000)
    assert told
