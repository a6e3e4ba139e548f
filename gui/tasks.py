"""The only module with threads.

The one rule: core runs in a task, widgets run in the GUI thread, and the only thing that crosses is
an immutable value in a signal.
"""

import sys
import threading
from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

SWITCH = 0.0001  # s; by default 0.005


def share_time() -> None:
    """Python asks a working thread to let others in after 0.1 ms instead of 5.

    The GUI thread gives up the lock at hundreds of points of one paint: beside a task busy in
    Python a sheet of 650 cells took 860 ms to paint, and takes 65 so. The work loses nothing.
    """
    sys.setswitchinterval(SWITCH)


class Task(QThread):
    """Iterates `work` off the GUI thread; each item it yields is sent as `progressed`.

    Exactly one of `succeeded`, `failed` and `cancelled` follows at the end. Listen to these: once
    the session hears the thread's own `finished` the task goes, and others may not hear it.
    """

    progressed = Signal(object)
    succeeded = Signal(object)  # the last item
    failed = Signal(object)  # the exception
    cancelled = Signal()

    def __init__(self, work: Generator[Any, None, None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Ends it after the item at hand; the generator is closed in its own thread."""
        self._cancel.set()

    def run(self) -> None:
        item = None
        try:
            for item in self._work:
                if self._cancel.is_set():
                    self._work.close()
                    self.cancelled.emit()
                    return
                self.progressed.emit(item)
        except Exception as error:  # noqa: BLE001 - the boundary: shown by gui.messages
            self.failed.emit(error)
        else:
            self.succeeded.emit(item)

    def stop(self) -> None:
        """Cancel and wait; a QThread destroyed while running aborts the process."""
        self.cancel()
        self.wait()
