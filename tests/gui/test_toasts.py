"""Toasts: where they stand, what their links do, when they go."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui import theme, toasts
from gui.elided import Elided
from gui.session import Session
from gui.toasts import Toast
from gui.window import Window
from tests.gui import load_states

Left = Qt.MouseButton.LeftButton


def test_one_whose_action_is_the_only_way_back_stays(
    bare_window: Window, bare_session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "STAYS", 20)
    bare_session.note("Goes", "")
    qtbot.waitUntil(lambda: bare_window.findChild(Toast) is None)
    bare_session.note("Stays", "", lasting=True)
    qtbot.wait(200)
    assert not _toast(bare_window).isHidden()


def test_a_toast_stands_above_the_action_bar_and_its_link_acts(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    done: list[str] = []
    bare_session.note("9,771 rows loaded", "orders.csv", Undo=lambda: done.append("undone"))
    toast = _toast(bare_window)
    assert toast.geometry().bottom() < bare_window.height() - theme.FOOTER - theme.BAR
    assert toast.geometry().right() == bare_window.width() - 17
    link = next(b for b in toast.findChildren(QPushButton) if b.text() == "Undo")
    assert link.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    qtbot.mouseClick(link, Left)
    assert done == ["undone"]
    qtbot.waitUntil(lambda: bare_window.findChild(Toast) is None)


def test_a_toast_makes_room_for_a_message_that_comes_later(
    window: Window, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    page = load_states.opened(window, load_states.copied(tmp_path, "orders"))
    page.space.show_line(None)
    session.note("9,771 rows loaded", "orders.csv")
    foot = page.space.foot

    def clear() -> bool:
        top = foot.mapTo(window, QPoint()).y()
        return foot.isVisible() and _toast(window).geometry().bottom() < top

    qtbot.keyClick(page.space.sheet, Qt.Key.Key_F8)
    qtbot.waitUntil(clear)
    window.show_page("Settings")
    qtbot.waitUntil(lambda: _toast(window).geometry().bottom() > foot.y())


def test_a_toast_keeps_its_corner_when_the_window_grows(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    bare_session.note("Done")
    bare_window.resize(1400, 900)
    qtbot.waitUntil(lambda: _toast(bare_window).geometry().right() == 1400 - 17)


def test_a_toast_goes_by_itself_but_not_under_the_focus(
    bare_window: Window, bare_session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "STAYS", 60)
    bare_session.note("Done", "here", View=lambda: None)
    _toast(bare_window).findChildren(QPushButton)[0].setFocus()
    qtbot.wait(200)
    assert _toast(bare_window).isVisible()
    bare_window.setFocus()
    qtbot.waitUntil(lambda: bare_window.findChild(Toast) is None)


def test_a_newer_toast_takes_the_place_of_the_older(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    bare_session.note("First")
    bare_session.note("Second")
    visible = [t for t in bare_window.findChildren(Toast) if t.isVisible()]
    assert [t.findChildren(Elided)[0].text() for t in visible] == ["Second"]


def _toast(window: Window) -> Toast:
    found = window.findChild(Toast)
    assert found is not None
    return found
