"""The only module with threads.

The one rule: core runs in a task, widgets run in the GUI thread, and the only thing that crosses is
an immutable value in a signal.
"""

import os
import sys
import threading
from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QThread, Signal

SWITCH = 0.0001  # s; by default 0.005
NICE = 10  # of 19, by setpriority(2)


def share_time() -> None:
    """Python asks a working thread to let others in after 0.1 ms instead of 5.

    The GUI thread gives up the lock at hundreds of points of one paint: beside a task busy in
    Python a sheet of 650 cells took 860 ms to paint, and takes 65 so. The work loses nothing.
    """
    sys.setswitchinterval(SWITCH)


def give_way() -> None:
    """The system lets other threads go before this one and those it starts.

    A thread that waits for Python's lock and then for a processor makes the window wait twice: with
    110,000 problems the check after an edit held it for 131 ms at best, and holds it for 77 so
    (`./run bench gui --cases problems`, beside other work).
    Linux has a priority for each thread and takes no notice of QThread's; the others know theirs.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        nice = max(NICE, os.getpriority(os.PRIO_PROCESS, thread))  # only root may go back
        os.setpriority(os.PRIO_PROCESS, thread, nice)
    else:
        QThread.currentThread().setPriority(QThread.Priority.LowPriority)


class Task(QThread):
    """Iterates `work` off the GUI thread; each item it yields is sent as `progressed`.

    It gives way to the window unless told to be `prompt`, as one must that starts a program: a
    program keeps the priority of the thread that started it.

    Exactly one of `succeeded`, `failed` and `cancelled` follows at the end. Listen to these: once
    the session hears the thread's own `finished` the task goes, and others may not hear it.
    """

    progressed = Signal(object)
    succeeded = Signal(object)  # the last item
    failed = Signal(object)  # the exception
    cancelled = Signal()

    def __init__(self, work: Generator[Any, None, None], prompt: bool = False) -> None:
        super().__init__()
        self._work, self._prompt = work, prompt
        self._cancel = threading.Event()

    def cancel(self) -> None:
        """Ends it after the item at hand; the generator is closed in its own thread."""
        self._cancel.set()

    def run(self) -> None:
        item = None
        if not self._prompt:
            give_way()
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
