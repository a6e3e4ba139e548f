"""The application as a process: what it does at its start and with a bug nobody caught."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.settings import config_folder, log_folder
from gui import app
from gui.session import Session
from gui.widgets import button
from gui.window import Window

ROOT = Path(__file__).parents[2]


@pytest.fixture
def logged() -> Iterator[Path]:
    """The log of this test; its handlers are taken away afterwards."""
    app.start_log()
    yield log_folder() / "sluice.log"
    for handler in list(app.log.handlers):
        app.log.removeHandler(handler)
        handler.close()


def test_a_bug_in_a_slot_is_logged_and_shown_and_the_window_stays(
    bare_window: Window,
    bare_session: Session,
    qtbot: QtBot,
    logged: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sys, "excepthook", app.hook(bare_session))
    press = button("Press")
    press.clicked.connect(broken)
    bare_window.stack.addWidget(press)
    bare_window.stack.setCurrentWidget(press)
    qtbot.mouseClick(press, Qt.MouseButton.LeftButton)
    assert bare_window.trouble.isVisible()
    assert "ZeroDivisionError: a bug" in bare_window.trouble.words.text()
    told = logged.read_text()
    assert "in broken" in told
    assert "ZeroDivisionError" in told
    assert bare_window.isVisible()


def _start(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gui.app", *words],
        cwd=ROOT,
        env={**os.environ, "SLUICE_HOME": str(home), **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_it_names_the_command_line(home: Path) -> None:
    env = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    ended = _start(home, **env)
    assert ended.returncode == 2
    assert "sluice load FILE" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_that_cannot_be_read_are_told_in_a_sentence(home: Path) -> None:
    config_folder().mkdir(parents=True)
    (config_folder() / "settings.json").write_text("[1, 2")
    ended = _start(home, QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == 2
    assert "settings.json" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_version_is_told_without_a_window(home: Path) -> None:
    assert _start(home, "--version").stdout.startswith("sluice 0.")
