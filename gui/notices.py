"""A word from the system when something long ends while the user looks at another window.

On Linux by org.freedesktop.Notifications (https://specifications.freedesktop.org/notification/),
which is there without a tray too. Its call needs an unsigned number, which PySide6 cannot send, so
systemd's busctl makes it; where that fails, and elsewhere, the tray tells. Signals can be received:
a click on what was shown brings the window forward.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from functools import partial
from html import escape
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from gui.session import Job, Note, Session

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
LONG = 10.0  # s
PATIENCE = 500  # ms in which the words of the toast come after the end of the job
STAYS = 10_000  # ms


class Notices(QObject):
    """Told by the session's jobs and toasts; says nothing while the window is the active one."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self.session, self.window = session, window
        self.ended: Job | None = None
        self.told: list[tuple[str, str]] = []  # what was shown, for tests
        self.shown: set[int] = set()  # numbers of the desktop's, until one is clicked
        self._listens = False
        self._icon: QSystemTrayIcon | None = None
        session.job_ended.connect(self._ended)
        session.noted.connect(self._noted)

    @Slot(object)
    def _ended(self, job: Job) -> None:
        if time.monotonic() - job.began >= LONG:
            self.ended = job
            QTimer.singleShot(PATIENCE, self, self._without_words)

    @Slot(object)
    def _noted(self, note: Note) -> None:
        if self.ended is not None:
            self.ended = None
            self._tell(note.title, note.detail)

    def _without_words(self) -> None:
        if self.ended is not None:
            job, self.ended = self.ended, None
            self._tell(job.name, self.tr("It has ended."))

    def _tell(self, title: str, detail: str) -> None:
        if self.window.isActiveWindow():
            return
        self.told.append((title, detail))
        command = notification(title, detail)
        if not command:
            self._by_tray(title, detail)
            return
        self._listen()
        self.session.run(heard(command)).succeeded.connect(partial(self._sent, title, detail))

    def _sent(self, title: str, detail: str, number: int) -> None:
        if number:
            self.shown.add(number)
        else:
            self._by_tray(title, detail)

    def _by_tray(self, title: str, detail: str) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            icon = self._icon = QSystemTrayIcon(self.window.windowIcon(), self)
            icon.messageClicked.connect(self.come_forward)
            icon.show()
            icon.showMessage(title, detail, self.window.windowIcon(), STAYS)
            QTimer.singleShot(STAYS, icon, icon.deleteLater)

    # -- a click on it -------------------------------------------------------------------------
    def _listen(self) -> None:
        """Once, when the first is shown; where there is no bus nobody is heard."""
        if self._listens:
            return
        from PySide6.QtDBus import QDBusConnection

        bus = QDBusConnection.sessionBus()
        for signal, slot in (("ActivationToken", "token"), ("ActionInvoked", "clicked")):
            named: Any = SLOT(f"{slot}(uint,QString)")  # the stub says bytes, which it refuses
            bus.connect("", PATH, SERVICE, signal, self, named)
        self._listens = True

    @Slot("uint", "QString")
    def token(self, number: int, token: str) -> None:
        """Wayland lets a window come forward only with it; Qt takes it from there."""
        if number in self.shown:
            os.environ["XDG_ACTIVATION_TOKEN"] = token

    @Slot("uint", "QString")
    def clicked(self, number: int, _action: str) -> None:
        if number in self.shown:
            self.shown.discard(number)
            self.come_forward()

    @Slot()
    def come_forward(self) -> None:
        minimized = Qt.WindowState.WindowMinimized
        self.window.setWindowState(self.window.windowState() & ~minimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()


def heard(command: list[str]) -> Generator[int, None, None]:
    """The number that the desktop gave it; 0 where nobody took it."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    said = ended.stdout.split()  # "u 7"
    yield int(said[-1]) if ended.returncode == 0 and said and said[-1].isdigit() else 0


def notification(title: str, detail: str) -> list[str]:
    """The command that asks the desktop; none where there is no such. Its body is markup."""
    busctl = shutil.which("busctl") if sys.platform == "linux" else None
    if busctl is None:
        return []
    call = [busctl, "--user", "--timeout=5", "call", SERVICE, PATH, SERVICE]
    actions = ["2", "default", "Show Sluice"]
    hints = ["1", "desktop-entry", "s", "sluice"]
    words = ["Sluice", "0", "", title, escape(detail, quote=False), *actions, *hints, str(STAYS)]
    return [*call, "Notify", "susssasa{sv}i", "--", *words]
