"""A word from the system when something long ends while the user looks at another window."""

import time

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
        self.window = window
        self.ended: Job | None = None
        self.told: list[tuple[str, str]] = []  # what was shown, for the log and for tests
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
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            icon = self._icon = QSystemTrayIcon(self.window.windowIcon(), self)
            icon.messageClicked.connect(self.window.activateWindow)
            icon.show()
            icon.showMessage(title, detail, self.window.windowIcon(), STAYS)
            QTimer.singleShot(STAYS, icon, icon.deleteLater)
