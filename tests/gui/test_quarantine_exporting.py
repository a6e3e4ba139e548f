"""Held rows handed to others: as a file, or by the clipboard."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from core.store import Store
from gui.pages.quarantine import QuarantinePage
from gui.window import Window
from tests.gui.held_states import settled, small_page
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> QuarantinePage:
    return small_page(window, store, tmp_path)


def test_an_export_can_be_made_safe_for_a_spreadsheet(page: QuarantinePage, tmp_path: Path) -> None:
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, 0, column, double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "=1+1")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: settled(page) and page.view.model.loaded()[0].values["customer"] == "=1+1")
    click(page.view.bar.export)
    (dialog,) = page.window().findChildren(QFileDialog)
    dialog.selectNameFilter("CSV safe to open in a spreadsheet (*.csv)")
    (name,) = dialog.findChildren(QLineEdit)
    name.setText(str(tmp_path / "held.csv"))
    QTest.keyClick(name, Qt.Key.Key_Return)
    wait_for((tmp_path / "held.csv").exists)
    with (tmp_path / "held.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream, delimiter=";"))["customer"] == "'=1+1"


def test_the_export_is_for_whoever_mends_it_at_the_source(
    page: QuarantinePage, store: Store, tmp_path: Path
) -> None:
    target = tmp_path / "held.csv"
    page.deeds.export_to(str(target))
    wait_for(target.exists)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream, delimiter=";"))
    assert len(found) == 5
    raw, file = found[0].index("_raw"), found[0].index("_file")
    assert found[1][raw] == "70072;Milo Okafor;2025-05-19;1.250,00;North"
    assert {row[file] for row in found[1:]} == {"orders.csv"}
    assert found[0][:5] == ["order_id", "customer", "date", "amount", "region"]
    assert "1.250,00" in found[1]


def test_the_original_line_is_copied_whole(page: QuarantinePage) -> None:
    from gui.held.original import Original

    original = page.view.panel.findChild(Original)
    assert original is not None
    assert "1.250,00" in original.view.toPlainText().replace("\n", "")
    original.copy()
    text = QApplication.clipboard().text()
    assert text.rstrip("\r\n") == "70072;Milo Okafor;2025-05-19;1.250,00;North"
