"""A line edit to search or ask with: its × is in the look of the theme, as the style's is not."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from gui import theme


class SearchBox(QLineEdit):
    """The × appears with the first character and takes them all away."""

    def __init__(self, hint: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name or hint)
        self._clear = QAction(self)
        self._clear.setToolTip(self.tr("Clear"))
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.triggered.connect(self.clear)
        self._clear.setVisible(False)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        self._tint()

    def _tint(self) -> None:
        self._clear.setIcon(theme.icon("x", theme.tokens().muted, 14))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_clear"):
            self._tint()
