"""Keeps the computer from falling asleep while something long runs; where it cannot, it may sleep.

Each helper process ends with this one, however that ends.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from typing import Any

from PySide6.QtCore import QObject, Slot

from gui.session import Session

CONTINUOUS, SYSTEM_REQUIRED = 0x80000000, 0x00000001  # of SetThreadExecutionState


class Awake(QObject):
    """Holds sleep off from the first job of a session to the end of the last."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.helper: subprocess.Popen[bytes] | None = None
        self.holding = False
        session.jobs_changed.connect(self.follow)

    @Slot()
    def follow(self) -> None:
        wanted = bool(self.session.jobs)
        if wanted != self.holding:
            self.holding = wanted
            (self._hold if wanted else self.release)()

    def _hold(self) -> None:
        if sys.platform == "win32":
            _execution_state(CONTINUOUS | SYSTEM_REQUIRED)
            return
        command = keeper(os.getpid())
        if command:
            nothing = subprocess.DEVNULL
            self.helper = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)

    def release(self) -> None:
        self.holding = False
        if sys.platform == "win32":
            _execution_state(CONTINUOUS)
        if self.helper is not None:
            self.helper.terminate()
            self.helper.wait()
            self.helper = None


def keeper(process: int) -> list[str]:
    """The command that holds sleep off as long as a process lives; none where there is no such."""
    if sys.platform == "darwin":
        return ["caffeinate", "-i", "-w", str(process)]
    if not (shutil.which("systemd-inhibit") and shutil.which("tail")):
        return []
    why = ["--what=idle:sleep", "--who=Sluice", "--why=Loading data", "--mode=block"]
    return ["systemd-inhibit", *why, "tail", f"--pid={process}", "-f", "/dev/null"]


def _execution_state(flags: int) -> None:
    windows: Any = getattr(ctypes, "windll", None)
    if windows is not None:
        windows.kernel32.SetThreadExecutionState(flags)
