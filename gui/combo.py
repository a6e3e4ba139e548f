"""A combo box that gives way: a choice that does not fit ends in …, and is whole in the list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

_AIR = 2  # px at its end


class Combo(QComboBox):
    """Qt cuts such a text in the middle of a letter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("elided", True)

    def paintEvent(self, event: QPaintEvent) -> None:
        p, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        p.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        box = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        right = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.currentText(), right, box.width() - _AIR)
        option.currentText = text
        p.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        p.end()
