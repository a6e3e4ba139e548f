"""Rows, columns and frames: how widgets stand beside each other."""

from collections.abc import Sequence

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Item = QWidget | QLayout | int | tuple[QWidget, int] | None
Pad = tuple[int, int, int, int]


def row(*items: Item, gap: int = 8, pad: Pad = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets, layouts, numbers (fixed space), (widget, stretch) and None (stretch)."""
    box = QHBoxLayout()
    _fill(box, items, gap, pad)
    return box


def col(*items: Item, gap: int = 0, pad: Pad = (0, 0, 0, 0)) -> QVBoxLayout:
    """The same from top to bottom."""
    box = QVBoxLayout()
    _fill(box, items, gap, pad)
    return box


def _fill(box: QBoxLayout, items: Sequence[Item], gap: int, pad: Pad) -> None:
    box.setSpacing(gap)
    box.setContentsMargins(*pad)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, tuple):
            box.addWidget(item[0], item[1])
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)


def frame(kind: str, layout: QLayout, width: int = 0, height: int = 0, **props: object) -> QFrame:
    """A frame that the style sheet knows by `kind`; width and height 0 are free."""
    result = QFrame()
    result.setProperty("kind", kind)
    for name, value in props.items():
        result.setProperty(name, value)
    result.setLayout(layout)
    if width:
        result.setFixedWidth(width)
    if height:
        result.setFixedHeight(height)
    return result


def rule(vertical: bool = False, length: int = 0) -> QFrame:
    """A hairline between regions."""
    result = QFrame()
    result.setProperty("kind", "rule")
    (result.setFixedWidth if vertical else result.setFixedHeight)(1)
    if length:
        (result.setFixedHeight if vertical else result.setFixedWidth)(length)
    return result
