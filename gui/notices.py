"""A word from the system when something long ends while the user looks at another window.

On Linux by org.freedesktop.Notifications (https://specifications.freedesktop.org/notification/),
which is there without a tray too. Its call needs an unsigned number, which PySide6 cannot send, so
systemd's busctl makes it; where that fails, and elsewhere, the tray tells.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from functools import partial
from html import escape

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from gui.session import Job, Note, Session

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
        self.session.run(heard(command)).succeeded.connect(partial(self._sent, title, detail))

    def _sent(self, title: str, detail: str, heard: bool) -> None:
        if not heard:
            self._by_tray(title, detail)

    def _by_tray(self, title: str, detail: str) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            icon = self._icon = QSystemTrayIcon(self.window.windowIcon(), self)
            icon.messageClicked.connect(self.window.activateWindow)
            icon.show()
            icon.showMessage(title, detail, self.window.windowIcon(), STAYS)
            QTimer.singleShot(STAYS, icon, icon.deleteLater)


def heard(command: list[str]) -> Generator[bool, None, None]:
    """Whether the desktop took it."""
    yield subprocess.run(command, capture_output=True, check=False).returncode == 0


def notification(title: str, detail: str) -> list[str]:
    """The command that asks the desktop; none where there is no such. Its body is markup."""
    busctl = shutil.which("busctl") if sys.platform == "linux" else None
    if busctl is None:
        return []
    name = "org.freedesktop.Notifications"
    call = [busctl, "--user", "--timeout=5", "call", name, f"/{name.replace('.', '/')}", name]
    words = ["Sluice", "0", "", title, escape(detail, quote=False), "0", "0", str(STAYS)]
    return [*call, "Notify", "susssasa{sv}i", "--", *words]
