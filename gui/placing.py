"""Where the window stands: as it was left, and never over the edge of the screen."""

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

USUAL, LEAST = QSize(1280, 800), QSize(960, 600)
FRAME = QSize(8, 40)  # px that a border and a title take, known only once the window is shown


def place(window: QWidget, saved: str) -> None:
    """`saved` by `placed`; at the first start in the middle, as large as there is room for."""
    free = window.screen().availableGeometry()
    room = free.size() - FRAME
    window.setMinimumSize(LEAST.boundedTo(room))
    if saved and window.restoreGeometry(QByteArray.fromBase64(saved.encode())):
        return  # which keeps to the screens that there are
    size = USUAL.boundedTo(room)
    window.resize(size)
    beside = (free.size() - size - FRAME) / 2
    window.move(free.left() + beside.width(), free.top() + beside.height())


def placed(window: QWidget) -> str:
    """Size and place, and whether it fills the screen, for settings."""
    return bytes(window.saveGeometry().toBase64().data()).decode()
