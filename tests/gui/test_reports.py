"""The load report by mouse, from the end of a load and from History, as a file on disk."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from core.store import Store
from gui.toasts import Toast
from gui.widgets import Button
from gui.window import Window
from tests.gui.load_states import copied, only, opened, wait_for
from tests.gui.page_states import click, history


def save_as(window: Window, path: Path) -> None:
    """Types a name in the file dialog that is open."""
    (dialog,) = (one for one in window.findChildren(QFileDialog) if one.isVisible())
    edit = dialog.findChild(QLineEdit, "fileNameEdit")
    assert edit is not None
    edit.setText(str(path))  # typed, its completer would take the Return
    QTest.keyClick(edit, Qt.Key.Key_Return)


def test_a_load_that_is_done_offers_its_report_and_opens_it(
    window: Window, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    click(page.space.bar.save)
    save_as(window, tmp_path / "report.html")
    wait_for((tmp_path / "report.html").exists)
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "Load report: products.csv" in html
    assert ">592<" in html
    seen: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", seen.append)

    def links() -> list[QPushButton]:
        return [b for t in window.findChildren(Toast) for b in t.findChildren(QPushButton)
                if b.text() == "Open"]  # fmt: skip

    wait_for(lambda: bool(links()))
    click(links()[0])
    assert seen == [QUrl.fromLocalFile(str(tmp_path / "report.html"))]


def test_history_saves_a_report_and_says_where_it_cannot(
    window: Window, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    past = history(window)
    wait_for(lambda: len(past.rows) == 1)
    (row,) = past.rows.values()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    assert row.details is not None
    buttons = {b.text(): b for b in row.details.findChildren(Button)}
    click(buttons["Save report…"])
    save_as(window, tmp_path / "r")
    wait_for((tmp_path / "r.html").exists)
    past.deeds.reports.save(row.past.entry.id, str(tmp_path / "none" / "r.html"))
    wait_for(lambda: past.view.message_box.isVisible())
    assert "Choose another place" in past.view.message.words.text()
