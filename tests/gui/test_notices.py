"""What the desktop is told and asked, over a real bus of its own; and how toasts move."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.motion import Motion
from gui.notices import Notices
from gui.session import Session
from gui.toasts import Toast
from gui.window import Window

# Answers on the bus like a desktop: prints what it is told, says that nothing should move.
DESKTOP = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusVariant, QDBusVirtualObject

app = QCoreApplication([])
bus = QDBusConnection.sessionBus()

class Answers(QDBusVirtualObject):
    def introspect(self, path):
        return ""
    def handleMessage(self, message, bus):
        print(message.member(), message.signature(), message.arguments()[:5], flush=True)
        still = "enable-animations" in message.arguments()
        wanted = QDBusVariant(False) if still else 7
        bus.send(message.createReply(wanted))
        return True

answers = Answers()
for name, path in (("org.freedesktop.Notifications", "/org/freedesktop/Notifications"),
                   ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")):
    assert bus.registerVirtualObject(path, answers) and bus.registerService(name)
print("ready", flush=True)
app.exec()
"""
# Asks over the bus, as the window does, in a process whose session bus it is.
ASKS = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.motion import Motion

app = QApplication([])
motion = Motion()
assert motion.duration(120) > 0
QTimer.singleShot(5_000, app.quit)
look = QTimer(interval=20)
look.timeout.connect(lambda: motion.less and app.quit())
look.start()
app.exec()
print(motion.duration(120))
"""


# Is told something while another window is looked at; a click on it brings the window forward.
CLICKED = """
import subprocess, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from core.settings import Settings
from gui.notices import PATH, SERVICE, Notices
from gui.session import Session

app = QApplication([])
window, other = QWidget(), QWidget()
window.showMinimized()
other.show()
other.activateWindow()
session = Session(Settings())
notices = Notices(session, window)
notices._tell("Done", "here")
def click():
    if notices.shown:
        look.stop()
        for number in ("8", "7"):
            print(number, window.isMinimized(), flush=True)
            words = [PATH, SERVICE, "ActionInvoked", "us", number, "default"]
            subprocess.run(["busctl", "--user", "emit", *words], check=True)
        done.start()
look, done = QTimer(interval=20), QTimer(interval=20)
look.timeout.connect(click)
def look_at_it():
    if window.isActiveWindow() and not window.isMinimized():
        print("forward", flush=True)
        app.quit()
done.timeout.connect(look_at_it)
look.start()
QTimer.singleShot(20_000, app.quit)
app.exec()
session.close()
"""


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon here to make a bus with")
    words = [daemon, "--session", "--nofork", "--print-address"]
    pipe, off = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(words, stdout=pipe, stderr=off, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        process.terminate()


@pytest.fixture
def desktop(bus: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", DESKTOP]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.terminate()


@pytest.fixture
def notices(bare_session: Session, qtbot: QtBot) -> Notices:
    """Of a window that nobody looks at."""
    window = QWidget()
    qtbot.addWidget(window)
    return Notices(bare_session, window)


@pytest.mark.skipif(shutil.which("busctl") is None, reason="no busctl here to speak to a bus with")
def test_the_desktop_is_told_by_the_notifications_service(
    notices: Notices, desktop: subprocess.Popen[str], qtbot: QtBot
) -> None:
    assert desktop.stdout is not None
    notices._tell("-9,771 rows loaded", "a <b> & c.csv")
    qtbot.wait(50)
    told = desktop.stdout.readline()
    assert told.startswith("Notify susssasa{sv}i ")
    assert "'-9,771 rows loaded', 'a &lt;b&gt; &amp; c.csv'" in told


@pytest.mark.skipif(shutil.which("busctl") is None, reason="no busctl here to speak to a bus with")
def test_where_nobody_takes_notifications_the_tray_is_asked(
    notices: Notices, bus: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(notices, "_by_tray", lambda *words: asked.append(words))
    notices._tell("Done", "here")
    qtbot.waitUntil(lambda: asked == [("Done", "here")], timeout=10_000)


@pytest.mark.skipif(shutil.which("busctl") is None, reason="no busctl here to speak to a bus with")
def test_a_click_on_the_notification_brings_the_window_forward(
    desktop: subprocess.Popen[str],
) -> None:
    here = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", CLICKED]
    asked = subprocess.run(command, env=here, capture_output=True, check=True)
    assert asked.stdout.split()[-1] == b"forward", asked.stderr.decode()


def test_a_desktop_that_asks_for_no_animation_gets_none(desktop: subprocess.Popen[str]) -> None:
    here = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    asked = subprocess.run([sys.executable, "-c", ASKS], env=here, capture_output=True, check=True)
    assert asked.stdout.split() == [b"0"]


def test_a_toast_rises_to_its_place_and_where_nothing_may_move_stands_there_at_once(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    bare_session.note("One")
    toast = bare_window.toasts.toast
    assert isinstance(toast, Toast)
    start = toast.y()
    qtbot.waitUntil(lambda: toast.y() < start)
    end = toast.rise.endValue().y()
    qtbot.waitUntil(lambda: toast.y() == end)
    bare_window.toasts.motion.less = True
    bare_session.note("Two")
    again = bare_window.toasts.toast
    assert isinstance(again, Toast)
    assert again.y() == end
    assert Motion().duration(120) == 120
