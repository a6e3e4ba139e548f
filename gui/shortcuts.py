"""The list of keys, on F1."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from gui.layout import col
from gui.widgets import label

KEYS = (
    ("Ctrl+O", "Choose files"),
    ("Ctrl+Return", "Load, or resubmit what is ready"),
    ("F8", "Next problem"),
    ("Shift+F8", "Previous problem"),
    ("F2", "Edit the cell"),
    ("Ctrl+Z", "Undo"),
    ("Ctrl+Shift+Z", "Redo"),
    ("Ctrl+F", "Find"),
    ("Ctrl+C", "Copy cells"),
    ("Ctrl+Shift+C", "Copy cells with the header"),
    ("Shift+F10", "Menu of the cell or file, as the menu key does"),
    ("Ctrl+1", "Load · 2 Quarantine · 3 Collections · 4 Charts · 5 History"),
    ("F6", "Next region of the window"),
    ("Ctrl+,", "Settings"),
    ("F1", "This list"),
)


class ShortcutList(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for line, (keys, words) in enumerate(KEYS):
            native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(label(native, "code"), line, 0)
            grid.addWidget(label(self.tr(words)), line, 1)
        heading = label(self.tr("Keys"), "title")
        self.setLayout(col(heading, 12, grid, pad=(24, 20, 32, 24)))
