"""Whether things may move: the style's own answer, and on Linux what the desktop was told.

Qt 6.11 reads no wish for less motion on Linux; the desktop portal tells it
(https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html).
"""

import sys
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QStyle

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SETTINGS = "org.freedesktop.portal.Settings"
STILL = (  # namespace, key, the value that asks for less
    ("org.freedesktop.appearance", "reduced-motion", 1),
    ("org.gnome.desktop.interface", "enable-animations", False),
)


class Motion(QObject):
    """Asked once, after the window's start."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.less = False
        if sys.platform == "linux":
            QTimer.singleShot(0, self, self.ask)

    def duration(self, ms: int) -> int:
        """That long, or 0 where nothing should move."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return ms if QApplication.style().styleHint(hint) > 0 and not self.less else 0

    @Slot()
    def ask(self) -> None:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        for namespace, key, still in STILL:
            question = QDBusMessage.createMethodCall(SERVICE, PATH, SETTINGS, "ReadOne")
            question.setArguments([namespace, key])
            answer = QDBusPendingCallWatcher(bus.asyncCall(question), self)
            answer.setProperty("still", still)
            answer.finished.connect(self._answered)

    @Slot(object)
    def _answered(self, answer: Any) -> None:
        """A desktop that does not know the key answers with an error, which means nothing."""
        told = [] if answer.isError() else answer.reply().arguments()
        for value in told:
            value = value.variant() if hasattr(value, "variant") else value
            self.less = self.less or value == answer.property("still")
        answer.deleteLater()
