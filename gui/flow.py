"""Widgets in a line that goes on in the next one where room ends; the last stands at the right."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """`gap` px between the widgets of a line, `between` px between lines."""

    def __init__(self, *widgets: QWidget, gap: int = 20, between: int = 8) -> None:
        super().__init__()
        self.gap, self.between = gap, between
        self.setContentsMargins(0, 0, 0, 0)
        self.items: list[QLayoutItem] = []
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self.items.append(item)

    def count(self) -> int:
        return len(self.items)

    def itemAt(self, index: int) -> QLayoutItem:
        return self.items[index] if index < len(self.items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        return self.items.pop(index) if index < len(self.items) else None  # type: ignore[return-value]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(map(_height, lines)) + self.between * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        one = [item for item in self.items if not item.isEmpty()]
        width = sum(item.sizeHint().width() for item in one) + self.gap * max(0, len(one) - 1)
        return QSize(width, _height(one))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self.items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), _height(self.items))

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        y = rect.top()
        for line in self._lines(rect.width()):
            x = rect.left()
            for item in line:
                width = item.sizeHint().width()
                if item is self.items[-1]:
                    x = max(x, rect.right() + 1 - width)
                item.setGeometry(QRect(x, y, width, _height(line)))
                x += width + self.gap
            y += _height(line) + self.between

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = -1
        for item in self.items:
            if item.isEmpty():
                continue
            needs = item.sizeHint().width() + self.gap
            if not lines or needs - self.gap > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needs
        return lines


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line if not item.isEmpty()), default=0)
