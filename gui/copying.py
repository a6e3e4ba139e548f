"""Cells to the clipboard, as tab-separated text that spreadsheets understand.

A selection may be millions of cells and reach rows that are not at hand: they are read in short
turns between which the window answers, and the clipboard is filled at the end.
"""

import time
from collections.abc import Iterator

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionRange,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication

from gui.cells import AWAITED, CELL, FIELD, Cell

MOST = 500_000  # cells at once
TURN = 0.02  # s
PATIENCE = 10.0  # s to wait for one row


class Copying(QObject):
    """`copied(rows, wanted)` when the text is there; fewer rows where it was too much."""

    copied = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self._work: Iterator[str | None] | None = None
        self._lines: list[str] = []
        self._header, self._wanted, self._since = False, 0, 0.0

    @property
    def busy(self) -> bool:
        return self._work is not None

    def start(self, model: QAbstractItemModel, cells: QItemSelectionRange, header: bool) -> None:
        """What was being copied before is forgotten. A small copy is done when this returns."""
        columns = range(cells.left(), cells.right() + 1)
        rows = range(
            cells.top(), min(cells.bottom() + 1, cells.top() + max(1, MOST // len(columns)))
        )
        self._wanted, self._header, self._lines = cells.height(), header, []
        if header:
            self._lines.append("\t".join(_tabbed(_name(model, column)) for column in columns))
        self._work, self._since = _lines(model, rows, columns), time.monotonic()
        self._go_on()

    @Slot()
    def stop(self) -> None:
        self._work = None
        self._timer.stop()

    @Slot()
    def _go_on(self) -> None:
        if self._work is None:
            return
        until = time.monotonic() + TURN
        for line in self._work:
            if line is not None:
                self._lines.append(line)
                self._since = time.monotonic()
            elif time.monotonic() - self._since > PATIENCE:
                break
            if line is None or time.monotonic() > until:
                self._timer.start(30 if line is None else 0)
                return
        self._work = None
        QGuiApplication.clipboard().setText("\n".join(self._lines))
        self.copied.emit(len(self._lines) - self._header, self._wanted)


def _lines(model: QAbstractItemModel, rows: range, columns: range) -> Iterator[str | None]:
    """Each row's line; None as often as a row is still being fetched."""
    for row in rows:
        while True:
            cells: list[Cell | None] = [model.index(row, c).data(CELL) for c in columns]
            if AWAITED not in cells:
                break
            yield None
        yield "\t".join(_tabbed(cell.text) if cell is not None else "" for cell in cells)


def _name(model: QAbstractItemModel, column: int) -> str:
    field = model.headerData(column, Qt.Orientation.Horizontal, FIELD)
    return field.name if field is not None else ""


def _tabbed(text: str) -> str:
    """Quoted as spreadsheets do where the cell would break the table."""
    if any(c in text for c in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
