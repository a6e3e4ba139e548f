"""The menu of a sheet's cell, by mouse or menu key: its copies, then what the page can do to it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from gui.menus import menu_for
from gui.sheet import Sheet


class SheetMenu(QObject):
    """`fill(menu, index)` adds to it. A cell outside of the selection is chosen first."""

    def __init__(self, sheet: Sheet, fill: Callable[[QMenu, QModelIndex], None]) -> None:
        super().__init__(sheet)
        self.sheet, self.fill = sheet, fill
        sheet.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        sheet.customContextMenuRequested.connect(self.open)
        sheet.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The menu key: its place is told in other pixels than the mouse's."""
        if isinstance(event, QContextMenuEvent) and watched is self.sheet:
            self.open(self.sheet.visualRect(self.sheet.currentIndex()).center())
            return True
        return super().eventFilter(watched, event)

    @Slot(QPoint)
    def open(self, point: QPoint) -> None:
        sheet, index = self.sheet, self.sheet.indexAt(point)
        if not index.isValid():
            return
        if not sheet.selectionModel().isSelected(index):
            sheet.setCurrentIndex(index)
        menu = menu_for(sheet)
        chosen = len(sheet.selectionModel().selectedIndexes())
        menu.addAction(self.tr("Copy") if chosen > 1 else self.tr("Copy cell"), sheet.copy)
        menu.addAction(self.tr("Copy row"), partial(self._copy_row, index.row(), False))
        words = self.tr("Copy row with header")
        menu.addAction(words, partial(self._copy_row, index.row(), True))
        self.fill(menu, index)
        menu.popup(sheet.viewport().mapToGlobal(point))

    def _copy_row(self, row: int, header: bool) -> None:
        self.sheet.selectRow(row)
        self.sheet.copy(header=header)
