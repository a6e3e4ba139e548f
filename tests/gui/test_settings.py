"""The Settings page, by mouse and keys, against a real server."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.errors import ReadOnly
from core.settings import Settings, data_folder, log_folder
from gui import theme
from gui.pages.settings import SettingsPage
from gui.session import Session
from gui.settings.about import PARTS, LicenceView, words
from gui.settings.log import tail
from gui.window import Window

Left = Qt.MouseButton.LeftButton
MARK = QPoint(8, 12)  # where the box of a check box is


@pytest.fixture
def page(window: Window, server: str, session: Session, qtbot: QtBot) -> SettingsPage:
    shown = window.show_page("Settings")
    assert isinstance(shown, SettingsPage)
    with qtbot.waitSignal(session.store_changed):
        session.connect_to(server)
    return shown


def test_a_theme_is_put_on_at_once_and_kept(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.look.theme.parts[2], Left)
    assert theme.tokens().dark
    assert Settings().get("theme") == "dark"
    qtbot.mouseClick(page.look.theme.parts[1], Left)
    assert not theme.tokens().dark


def test_read_only_reconnects_and_refuses_writes(
    page: SettingsPage, session: Session, window: Window, qtbot: QtBot
) -> None:
    assert not window.footer.lock.isVisible()
    with qtbot.waitSignal(session.store_changed):
        qtbot.mouseClick(page.writing.read_only, Left, pos=MARK)
    assert session.store.read_only
    assert window.footer.lock.isVisible()
    assert Settings().get("read_only") is True
    with pytest.raises(ReadOnly):
        session.store.guard()
    with qtbot.waitSignal(session.store_changed):
        qtbot.mouseClick(page.writing.read_only, Left, pos=MARK)
    assert not session.store.read_only


def test_the_database_typed_is_the_one_connected_to(
    page: SettingsPage, session: Session, qtbot: QtBot
) -> None:
    _retype(page, "shop", qtbot)
    qtbot.waitUntil(lambda: session.store.database == "shop")
    assert Settings().get("database") == "shop"


@pytest.mark.parametrize("name", ["", "a.b", "admin", "x" * 64, "with space"])
def test_a_name_that_no_database_can_have_is_refused_in_a_sentence(
    page: SettingsPage, session: Session, qtbot: QtBot, name: str
) -> None:
    before = session.store.database
    _retype(page, name, qtbot)
    assert page.writing.wrong.isVisible()
    assert page.writing.wrong.text().endswith(".")
    assert session.store.database == before
    assert Settings().get("database") == "sluice_data"


class Opener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_open_leads_to_the_folder(page: SettingsPage, qtbot: QtBot) -> None:
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    try:
        buttons = [b for b in page.places.findChildren(QPushButton) if b.text() == "Open"]
        qtbot.mouseClick(buttons[1], Left)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opener.opened == [str(data_folder())]
    assert data_folder().is_dir()


def test_the_log_shows_its_end_and_is_copied(page: SettingsPage, qtbot: QtBot) -> None:
    log_folder().mkdir(parents=True)
    (log_folder() / "sluice.log").write_text("".join(f"line {i}\n" for i in range(9000)))
    again, copy = page.log.findChildren(QPushButton)
    qtbot.mouseClick(again, Left)
    shown = page.log.text.toPlainText()
    assert shown.rstrip().endswith("line 8999")
    assert shown.startswith("line ")
    qtbot.mouseClick(copy, Left)
    assert QGuiApplication.clipboard().text() == shown


def test_a_log_that_is_not_there_has_no_end(tmp_path: Path) -> None:
    assert tail(tmp_path / "none.log") == ""


def test_every_licence_can_be_read(page: SettingsPage, qtbot: QtBot) -> None:
    for part in PARTS:
        told = words(part)
        assert len(told) > 500 or urlsplit(told.split()[-1]).scheme == "https", part.name
    link = next(b for b in page.about.findChildren(QPushButton) if "Inter" in b.accessibleName())
    qtbot.mouseClick(link, Left)
    view = page.about.findChild(LicenceView)
    assert view is not None
    assert "SIL OPEN FONT LICENSE" in view.text.toPlainText()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.about.findChild(LicenceView) is None)


def _retype(page: SettingsPage, name: str, qtbot: QtBot) -> None:
    page.writing.database.setFocus()
    page.writing.database.selectAll()
    qtbot.keyClick(page.writing.database, Qt.Key.Key_Delete)
    qtbot.keyClicks(page.writing.database, name)
    qtbot.keyClick(page.writing.database, Qt.Key.Key_Return)
