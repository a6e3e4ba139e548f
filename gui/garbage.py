"""Python's search for objects that hold each other: not while somebody waits.

It walks every object there is, in whichever thread has just made one, and all threads stand still
meanwhile: with 100,000 problems in the window for 0.2 to 0.4 s. So what there is at the start is
left out for good, only young objects are searched on the way, and all of them when nobody looks:
the window is in the background, or much was made and the mouse has not moved for a while.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QCursor, QGuiApplication

NEVER = 1 << 30
REST = 20_000  # ms
MUCH = 1_000  # searches of young objects since the last whole one


class Sweeper(QObject):
    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        gc.collect()
        gc.freeze()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, NEVER)
        self._mouse = QCursor.pos()
        app.applicationStateChanged.connect(self._looked_away)
        self._timer = QTimer(self, interval=REST)
        self._timer.timeout.connect(self._rested)
        self._timer.start()

    @Slot(Qt.ApplicationState)
    def _looked_away(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            gc.collect()

    @Slot()
    def _rested(self) -> None:
        mouse, self._mouse = self._mouse, QCursor.pos()
        if gc.get_count()[2] > MUCH and mouse == self._mouse:
            gc.collect()
