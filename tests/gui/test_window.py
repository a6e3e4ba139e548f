"""The window's shell by mouse and keys: pages, regions, Tab, drops, toasts, popups, closing."""

import threading
from collections.abc import Generator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.errors import NoServer
from gui import theme
from gui.connection import ConnectionCard
from gui.layout import col, row
from gui.order import stops
from gui.session import Session
from gui.shortcuts import ShortcutList
from gui.widgets import button
from gui.window import Window
from tests.gui import load_states

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
Control = Qt.KeyboardModifier.ControlModifier
PAGES = ("Load", "Quarantine", "Collections", "Charts", "History")


def _shown(window: Window) -> str:
    return next(name for name, page in window.pages.items() if page.isVisible())


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_control_and_a_number_show_a_page(window: Window, qtbot: QtBot, number: int) -> None:
    window.show_page("Settings")
    qtbot.keyClick(window, Key(Key.Key_0 + number), Control)
    assert _shown(window) == PAGES[number - 1]
    assert window.rail.buttons[PAGES[number - 1]].isChecked()
    assert window.session.settings.get("page") == PAGES[number - 1]


def test_a_click_on_the_rail_shows_a_page(bare_window: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(bare_window.rail.buttons["Quarantine"], Left)
    assert _shown(bare_window) == "Quarantine"
    qtbot.mouseClick(bare_window.rail.buttons["Settings"], Left)
    assert _shown(bare_window) == "Settings"


def test_nothing_has_a_focus_ring_at_first(bare_window: Window) -> None:
    bare_window.show_page("Settings")
    assert not isinstance(QApplication.focusWidget(), QPushButton)
    assert bare_window.focusWidget() in (None, bare_window)


def test_tab_goes_in_reading_order_through_what_was_made_later(
    bare_window: Window, qtbot: QtBot
) -> None:
    page, late, top, field = QWidget(), button("Late"), button("Top"), button("Below")
    line = row(None)
    page.setLayout(col(row(top), line, field))
    line.insertWidget(0, late)
    bare_window.stack.addWidget(page)
    bare_window.stack.setCurrentWidget(page)
    bare_window.rail.buttons["Settings"].setFocus()
    visited = []
    for _ in range(4):
        qtbot.keyClick(_focused(), Key.Key_Tab)
        visited.append(_focused())
    assert visited == [top, late, field, bare_window.footer.server]
    qtbot.keyClick(_focused(), Key.Key_Backtab)
    assert _focused() is field


def test_tab_visits_every_stop_once_and_comes_round(bare_window: Window, qtbot: QtBot) -> None:
    bare_window.show_page("Settings")
    for _ in stops(bare_window):  # in a group of choices Qt keeps but the chosen one
        qtbot.keyClick(_focused(), Key.Key_Tab)
    bare_window.setFocus()
    expected, visited = stops(bare_window), []
    for _ in expected:
        qtbot.keyClick(_focused(), Key.Key_Tab)
        visited.append(_focused())
    assert visited == expected
    assert len(set(map(id, visited))) == len(visited)
    qtbot.keyClick(_focused(), Key.Key_Tab)
    assert _focused() is expected[0]


def test_f6_goes_from_region_to_region(bare_window: Window, qtbot: QtBot) -> None:
    page = bare_window.show_page("Settings")
    qtbot.keyClick(_focused(), Key.Key_F6)
    assert bare_window.rail.isAncestorOf(_focused())
    qtbot.keyClick(_focused(), Key.Key_F6)
    assert page.isAncestorOf(_focused())
    qtbot.keyClick(_focused(), Key.Key_F6)
    assert _focused() is bare_window.footer.server
    qtbot.keyClick(_focused(), Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert page.isAncestorOf(_focused())


def test_the_keys_of_the_page_shown_hold_wherever_the_focus_is(
    bare_window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    page = load_states.opened(bare_window, load_states.copied(tmp_path, "products"))
    bare_window.activateWindow()
    qtbot.waitUntil(bare_window.isActiveWindow)
    bare_window.setFocus()
    qtbot.keyClick(bare_window, Key.Key_F8)
    qtbot.waitUntil(lambda: page.space.sheet.currentIndex().isValid())
    bare_window.footer.server.setFocus()
    qtbot.keyClick(bare_window.footer.server, Key.Key_F, Control)
    assert page.space.findbar.isVisible()
    bare_window.show_page("Quarantine")
    at = page.space.sheet.currentIndex()
    qtbot.keyClick(_focused(), Key.Key_F8)
    assert page.space.sheet.currentIndex() == at


def test_f1_shows_the_keys_and_escape_closes_them(bare_window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(bare_window, Key.Key_F1)
    listed = bare_window.findChild(ShortcutList)
    assert listed is not None
    qtbot.keyClick(listed, Key.Key_Escape)
    qtbot.waitUntil(lambda: bare_window.findChild(ShortcutList) is None)


def test_the_footer_opens_the_choice_of_server_and_escape_closes_it(
    bare_window: Window, qtbot: QtBot
) -> None:
    qtbot.mouseClick(bare_window.footer.server, Left)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.findChild(ConnectionCard) is not None
    assert popup.geometry().bottom() < bare_window.geometry().bottom() - theme.FOOTER
    qtbot.keyClick(popup, Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_the_footer_names_the_server_and_database(window: Window, session: Session) -> None:
    assert window.footer.server.text().startswith("This computer")
    assert window.footer.database.text() == session.store.database
    session.set_store(None)
    assert window.footer.server.text() == "Nothing connected yet"


def test_a_server_that_does_not_answer_is_told_in_the_card(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    page = bare_window.show_page("Settings")
    card = page.findChild(ConnectionCard)
    assert card is not None
    card.uri.selectAll()
    qtbot.keyClicks(card.uri, "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
    with qtbot.waitSignal(bare_session.connect_failed) as told:
        qtbot.keyClick(card.uri, Key.Key_Return)
    assert isinstance(told.args[0], NoServer)
    assert "127.0.0.1:1" in card.words.text()
    assert card.answer.text() == "not connected"
    assert bare_window.footer.server.text() == "Nothing connected yet"


def test_what_stays_in_use_is_told_where_another_server_does_not_answer(
    window: Window, session: Session, qtbot: QtBot
) -> None:
    card = window.show_page("Settings").findChild(ConnectionCard)
    assert card is not None
    card.uri.selectAll()
    qtbot.keyClicks(card.uri, "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
    with qtbot.waitSignal(session.connect_failed):
        qtbot.keyClick(card.uri, Key.Key_Return)
    assert card.words.text().endswith("Data still goes to This computer (embedded).")
    assert window.footer.server.text().startswith("This computer")


# ---- dropping files -------------------------------------------------------------------------
@pytest.fixture
def opened(bare_window: Window, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []
    monkeypatch.setattr(bare_window, "open_files", found.extend)
    return found


def _drop(window: Window, *urls: QUrl) -> bool:
    mime = QMimeData()
    mime.setUrls(list(urls))
    actions, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(600, 400), actions, mime, Left, keys)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(600, 400), actions, mime, Left, keys))
    return enter.isAccepted()


def test_files_dropped_anywhere_are_opened(
    bare_window: Window, opened: list[Path], tmp_path: Path
) -> None:
    one, two = tmp_path / "a b.csv", tmp_path / "é.csv"
    bare_window.show_page("Settings")
    assert _drop(bare_window, *(QUrl.fromLocalFile(str(p)) for p in (one, two)))
    assert opened == [one, two]


def test_no_field_of_a_page_takes_a_file_for_text_and_the_drop_zone_answers(
    bare_window: Window, tmp_path: Path
) -> None:
    page = load_states.load_page(bare_window)
    (path,) = load_states.copied(tmp_path, "products")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path.parent))])
    actions, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    fields = page.findChildren(QLineEdit)
    assert fields
    assert not any(field.acceptDrops() for field in fields)
    QApplication.sendEvent(
        bare_window, QDragEnterEvent(QPoint(600, 400), actions, mime, Left, keys)
    )
    assert page.start.zone.property("over")
    QApplication.sendEvent(bare_window, QDragLeaveEvent())
    assert not page.start.zone.property("over")
    assert _drop(bare_window, QUrl.fromLocalFile(str(path.parent)))  # a folder: what is in it
    load_states.wait_for(lambda: load_states.checked(page))
    assert [file.name for file in page.desk.files.values()] == ["products.csv"]


def test_what_is_no_file_is_not_taken(bare_window: Window, opened: list[Path]) -> None:
    assert not _drop(bare_window, QUrl("https://example.org/a.csv"))
    assert opened == []


# ---- theme, trouble, closing ----------------------------------------------------------------
def test_a_menu_that_is_open_takes_the_new_theme(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    menu = QMenu(bare_window)
    menu.addAction("Rename")
    menu.popup(bare_window.mapToGlobal(QPoint(300, 300)))
    qtbot.waitExposed(menu)
    bare_session.set_theme("dark")
    qtbot.waitUntil(lambda: menu.grab().toImage().pixelColor(menu.width() - 4, 8).lightness() < 80)
    menu.close()


def test_a_bug_is_told_calmly_and_the_window_stays(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    bare_session.troubled.emit(KeyError("amount"))
    assert bare_window.trouble.isVisible()
    assert "amount" in bare_window.trouble.words.text()
    link = next(b for b in bare_window.trouble.findChildren(QPushButton) if b.text())
    qtbot.mouseClick(link, Left)
    assert _shown(bare_window) == "Settings"
    assert not bare_window.trouble.isVisible()


def test_closing_stops_what_runs_and_keeps_the_size(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    closed = threading.Event()

    def work() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    task = bare_session.run(work())
    qtbot.waitUntil(task.isRunning)
    bare_window.resize(bare_window.minimumWidth(), 650)
    bare_window.close()
    assert closed.is_set()
    assert not bare_window.isVisible()
    again = Window(Session(bare_session.settings))
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (bare_window.width(), 650)


def test_the_first_window_is_within_the_screen_with_its_title(
    qtbot: QtBot, bare_session: Session
) -> None:
    first = Window(bare_session)
    qtbot.addWidget(first)
    free = first.screen().availableGeometry()
    assert free.contains(QRect(first.pos(), first.size() + QSize(4, 32)))


@pytest.mark.parametrize(
    ("held", "words"),
    [(7, "7"), (999, "999"), (1_000, "1k"), (9_871, "9.8k"), (98_712, "98k"), (1_250_000, "1.2M")],
)
def test_the_badge_keeps_within_its_button_and_clear_of_the_icon(
    bare_window: Window, held: int, words: str
) -> None:
    rail = bare_window.rail
    rail.show_held(held)
    badge, button = rail.badge, rail.buttons["Quarantine"]
    assert badge.text() == words
    assert badge.fontMetrics().horizontalAdvance(words) + 6 <= badge.width()
    assert button.rect().contains(badge.geometry())
    assert badge.x() >= button.width() // 2  # the icon's left half is seen


def test_what_ends_while_the_window_closes_is_told_to_nobody(
    bare_window: Window, bare_session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    """Its failure is under way to a page that is gone when it would arrive."""
    page = load_states.opened(bare_window, load_states.copied(tmp_path, "products"))
    failing = threading.Event()

    def work() -> Generator[int, None, None]:
        failing.wait()
        raise NoServer("gone")
        yield 1

    task = bare_session.run(work())
    task.failed.connect(lambda _error: page.desk.refused.emit("gone"))
    qtbot.waitUntil(task.isRunning)
    failing.set()
    assert task.wait(10_000)
    bare_window.close()
    shiboken6.delete(page)
    QApplication.processEvents()  # a RuntimeError here would fail the test


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found
