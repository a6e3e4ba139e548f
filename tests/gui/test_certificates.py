"""Certificates chosen in the card of the connection, by mouse, and a real handshake with them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from core import tls
from core.settings import Settings
from gui.connection import ConnectionCard
from gui.session import Session
from gui.window import Window

pytest.importorskip("cryptography", reason="certificates are made with cryptography")
from tests.tls import door, make_files

Left = Qt.MouseButton.LeftButton


def test_files_chosen_in_the_card_are_used_kept_and_shown_again(
    window: Window,
    session: Session,
    server: str,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = make_files(tmp_path, "ours")
    chosen = iter([files.authority, files.client])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(next(chosen)), ""))
    card = window.show_page("Settings").findChild(ConnectionCard)
    assert card is not None
    port = int(server.partition("127.0.0.1:")[2].partition("/")[0])
    with door(port, files, ask_client=True) as entrance:
        plain = f"mongodb://127.0.0.1:{entrance}/?directConnection=true"
        card.uri.selectAll()
        qtbot.keyClicks(card.uri, plain)
        qtbot.mouseClick(card.tls_button, Left)
        for choose in card.certificates.findChildren(QPushButton):
            qtbot.mouseClick(choose, Left)
        with qtbot.waitSignal(session.store_changed, timeout=20_000):
            qtbot.mouseClick(card.connect_button, Left)
        assert card.answer.text() == "answering"
        whole = tls.with_files(plain, str(files.authority), str(files.client))
        assert Settings().get("connection") == whole
        other = ConnectionCard(session)
        qtbot.addWidget(other)
        assert other.certificates.files() == (str(files.authority), str(files.client))
        assert "File" not in other.uri.text()


def test_in_the_popup_certificates_lead_to_settings(window: Window, qtbot: QtBot) -> None:
    window.show_page("Load")
    qtbot.mouseClick(window.footer.server, Left)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    card = popup.findChild(ConnectionCard)
    assert card is not None
    qtbot.mouseClick(card.tls_button, Left)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert window.pages["Settings"].isVisible()
