"""A card of the Settings page: a heading, then rows of a name, a control and what it means."""

from PySide6.QtWidgets import QFrame, QLayout, QWidget

from gui.layout import Item, col, frame, row
from gui.widgets import label

NAMES = 132  # px, the column of names


def card(heading: str, *rows: Item, beside: QWidget | None = None) -> QFrame:
    """`beside` stands at the right end of the heading."""
    head = row(label(heading, "section"), None, *([beside] if beside else []))
    return frame("card", col(head, *rows, gap=8, pad=(20, 16, 20, 16)))


def named(name: str, *controls: Item) -> QLayout:
    """One setting; its first control is the buddy of its name."""
    words = label(name)
    words.setFixedWidth(NAMES)
    first = next((c for c in controls if isinstance(c, QWidget)), None)
    if first is not None:
        words.setBuddy(first)
        if not first.accessibleName():
            first.setAccessibleName(name)
    return row(words, *controls, gap=8)
