"""Keys of a page or window: of a standard one, all that the system knows for it."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

Binding = tuple[Any, Callable[[], Any]]  # a standard key, its name, or Qt's enums for it


def bind(widget: QWidget, bindings: Iterable[Binding]) -> None:
    """They act while the widget's window is active and the widget is seen."""
    for keys, act in bindings:
        one = QShortcut(widget)
        if isinstance(keys, QKeySequence.StandardKey):
            one.setKeys(keys)
        else:
            one.setKey(QKeySequence(keys))
        one.activated.connect(act)
