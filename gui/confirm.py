"""A question before what does not simply come back: what goes, in words and figures."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from gui.layout import Item, col, row
from gui.widgets import button, glyph, label


class Confirm(QDialog):
    """Accepted, it is to be done. Return alone cancels. `last` says how it can be taken back; for
    what cannot be, `typed` is a name to be typed first."""

    def __init__(
        self,
        title: str,
        where: str,
        facts: Sequence[str],
        last: str,
        go: tuple[str, str],  # the button's words and icon
        parent: QWidget,
        typed: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self.facts = [label(text, "", wrap=True) for text in facts if text]
        words, icon = go
        self.go, self.cancel = button(words, "danger", icon), button(self.tr("Cancel"))
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        lines: list[Item] = [
            row(glyph("triangle-alert", "warning", 14), (label(where, "strong", wrap=True), 1)),
            10,
        ]
        lines += self.facts
        lines += [10, label(last, "small", wrap=True), 16]
        self.typed, self._wanted = QLineEdit(), typed
        if typed:
            self.typed.setPlaceholderText(self.tr("Type {0} to go on").format(typed))
            self.typed.setAccessibleName(self.typed.placeholderText())
            self.typed.textChanged.connect(self._allow)
            lines += [self.typed, 16]
        lines.append(row(None, self.cancel, self.go))
        self.setLayout(col(*lines, gap=4, pad=(16, 16, 16, 16)))
        self.cancel.setDefault(True)
        (self.typed if typed else self.cancel).setFocus()
        self.go.setEnabled(not typed)

    @Slot(str)
    def _allow(self, text: str) -> None:
        right = text.strip() == self._wanted
        self.go.setEnabled(right)
        (self.go if right else self.cancel).setDefault(True)
