"""Discard…: which rows, and a word on why; they stay in the database and can be taken back."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QRadioButton, QWidget

from gui.layout import col, row
from gui.widgets import button, label


class DiscardDialog(QDialog):
    """Accepted, `everything` tells whether all rows shown were meant, `note` why."""

    def __init__(self, line: int, shown: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Discard held rows"))
        self.setMinimumWidth(400)
        self._shown = shown
        self.one = QRadioButton(self.tr("The row of line {0}").format(f"{line:,}"))
        self.all = QRadioButton(self.tr("All {0} rows shown").format(f"{shown:,}"))
        self.one.setChecked(True)
        self.all.setChecked(line <= 0)
        self.note_edit = QLineEdit()
        self.note_edit.setPlaceholderText(self.tr("Why (kept with the rows)"))
        self.note_edit.setAccessibleName(self.tr("Why they are discarded"))
        self.go = button("", "danger", "trash-2")
        cancel = button(self.tr("Cancel"))
        self.go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.one.toggled.connect(self._told)
        words = self.tr("They will not be loaded. Their raw lines and reasons are kept.")
        self.setLayout(
            col(
                label(words, "muted", wrap=True),
                12,
                self.one,
                self.all,
                8,
                self.note_edit,
                16,
                row(None, cancel, self.go),
                pad=(16, 16, 16, 16),
            )
        )
        self.all.setVisible(shown > 1)
        self.one.setVisible(line > 0)
        self._told()
        self.note_edit.setFocus()
        self.go.setDefault(True)

    @property
    def everything(self) -> bool:
        return self.all.isChecked()

    @property
    def note(self) -> str:
        return self.note_edit.text().strip()

    @Slot()
    def _told(self) -> None:
        count = self._shown if self.everything else 1
        one = self.tr("Discard 1 row")
        many = self.tr("Discard {0} rows").format(f"{count:,}")
        self.go.setText(one if count == 1 else many)
