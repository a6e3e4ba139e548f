"""The Load page with a file of very many columns, and with one of very many problems.

`tests.bench.gui` runs them, the suite in a short form; every step is made by mouse, wheel or keys.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.bench.watch import Watch

WIDE = (1_000, 2_000)  # rows, columns
PROBLEMS = (100_000, 22)  # rows, columns; every 20th cell of a column is no number
TURNS = 40  # of the wheel, each way
KINDS: tuple[Callable[[random.Random], str], ...] = (
    lambda r: str(r.randrange(10_000)),
    lambda r: f"{r.random() * 1000:.2f}",
    lambda r: r.choice(("north", "south", "east", "west")),
    lambda r: f"2026-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}",
    lambda r: f"Item {r.randrange(1_000_000)}",
)
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


# ---- the files ------------------------------------------------------------------------------
def wide(path: Path, rows: int = WIDE[0], columns: int = WIDE[1]) -> Path:
    """Columns of five types; one cell of forty is “wrong”."""
    r = random.Random(20260314)
    kinds = [KINDS[i % len(KINDS)] for i in range(columns)]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"column_{i}" for i in range(columns)) + "\n")
        for _ in range(rows):
            cells = [kind(r) for kind in kinds]
            for i in range(r.randrange(40), columns, 40):
                cells[i] = "wrong"
            file.write(",".join(cells) + "\n")
    return path


def problems(path: Path, rows: int = PROBLEMS[0], columns: int = PROBLEMS[1]) -> Path:
    r = random.Random(20260314)
    with path.open("w", encoding="utf-8") as file:
        file.write("id," + ",".join(f"count_{i}" for i in range(columns)) + "\n")
        for row in range(rows):
            wrong = (-row * 3) % 20  # so that (row + 7 * column) % 20 == 0 in these columns
            cells = (
                f"x{row}" if column % 20 == wrong else str(r.randrange(100_000))
                for column in range(columns)
            )
            file.write(f"{row},{','.join(cells)}\n")
    return path


# ---- what is done with them -----------------------------------------------------------------
def drive(window: Any, page: Any, path: Path, watch: Watch, found: dict[str, float]) -> None:
    """Opens a file and uses the sheet; notes the longest stall of each step."""
    desk, space = page.desk, page.space
    began = time.monotonic()
    window.open_files([path])
    key = next(iter(desk.files))
    watch.wait(lambda: space.model.rowCount() > 0)
    found["rows"] = time.monotonic() - began
    watch.note(found, "opening")
    watch.wait(lambda: settled(page, key))
    found["check"] = time.monotonic() - began
    watch.note(found, "checking")
    for name, act in STEPS:
        act(window, page, watch)
        watch.wait(lambda: settled(page, key))
        watch.note(found, name)


def settled(page: Any, key: int) -> bool:
    file = page.desk.files[key]
    return file.checked and file.phase == "ready" and page.space.fixing.settled


def _wheel(watch: Watch, page: Any, dx: int, dy: int) -> None:
    where, none = QPointF(300, 200), Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        where, where, QPoint(), QPoint(dx, dy), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(page.space.sheet.viewport(), turn)
    watch.wait(lambda: True)


def _scroll(window: Any, page: Any, watch: Watch) -> None:
    sheet = page.space.sheet
    for bar, dx, dy in (
        (sheet.verticalScrollBar(), 0, -120),
        (sheet.horizontalScrollBar(), -120, 0),
    ):
        for step in range(TURNS):
            if step % 10 == 9:
                bar.setValue(bar.maximum() * step // TURNS)
            _wheel(watch, page, dx, dy)


def _ends(window: Any, page: Any, watch: Watch) -> None:
    sheet = page.space.sheet
    sheet.setFocus()
    for key in (Key.Key_End, Key.Key_Home):
        QTest.keyClick(sheet, key, Control)
        watch.wait(lambda: True)


def _select(window: Any, page: Any, watch: Watch) -> None:
    """All cells; then a column, whose panel opens and is closed again."""
    sheet = page.space.sheet
    QTest.keyClick(sheet, Key.Key_A, Control)
    watch.wait(lambda: True)
    where, left = QPoint(40, 12), Qt.MouseButton.LeftButton
    for _ in range(2):
        QTest.mouseClick(sheet.horizontalHeader().viewport(), left, pos=where)
        watch.wait(lambda: True)
    QTest.keyClick(sheet, Key.Key_Escape)


def _walk(window: Any, page: Any, watch: Watch) -> None:
    for _ in range(10):
        QTest.keyClick(page.space.sheet, Key.Key_F8)
        watch.wait(lambda: True)


def _problems(window: Any, page: Any, watch: Watch) -> None:
    """Only rows with problems, those of one kind, and all again."""
    chips = page.space.chips
    for target in (chips.segment.parts[1], *chips.chips[:1], chips.segment.parts[0]):
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        watch.wait(lambda: True)


def _search(window: Any, page: Any, watch: Watch) -> None:
    QTest.keyClick(window, Key.Key_F, Control)
    watch.wait(lambda: True)
    for letter in "Item 77":
        QTest.keyClick(page.space.findbar.text, letter)
        watch.wait(lambda: True)
    QTest.keyClick(page.space.findbar.text, Key.Key_Return)
    watch.wait(lambda: "searching" not in page.space.findbar.answer.text())
    QTest.keyClick(page.space.findbar.text, Key.Key_Escape)


def _edit(window: Any, page: Any, watch: Watch) -> None:
    sheet = page.space.sheet
    sheet.setFocus()
    QTest.keyClick(sheet, Key.Key_F8)
    watch.wait(lambda: True)
    QTest.keyClick(sheet, "7")
    watch.wait(lambda: True)
    editor = sheet.findChild(QLineEdit)
    assert editor is not None, "no cell is being typed in"
    QTest.keyClick(editor, Key.Key_Return)
    watch.wait(lambda: page.desk.stack.count() == 1)


def _undo(window: Any, page: Any, watch: Watch) -> None:
    QTest.keyClick(window, Key.Key_Z, Control)
    watch.wait(lambda: page.desk.stack.index() == 0)


STEPS: tuple[tuple[str, Callable[[Any, Any, Watch], None]], ...] = (
    ("scrolling", _scroll),
    ("first and last cell", _ends),
    ("all cells, a column, its panel", _select),
    ("F8", _walk),
    ("problems only, one kind, all", _problems),
    ("search", _search),
    ("an edit and the check after", _edit),
    ("its undo and the check after", _undo),
)
