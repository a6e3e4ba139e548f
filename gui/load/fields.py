"""Fields and ticks that show a value without telling of it."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLineEdit


def show(edit: QLineEdit, text: str) -> None:
    """What is being typed is left alone; a long one is seen from its beginning."""
    if not edit.hasFocus() and edit.text() != text:
        edit.setText(text)
        edit.setCursorPosition(0)


def tick(box: QCheckBox, on: bool) -> None:
    with QSignalBlocker(box):
        box.setChecked(on)
