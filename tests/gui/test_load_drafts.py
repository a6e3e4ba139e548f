"""What is decided about open files is kept on disk as it is decided, and not by the window."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.settings import Settings
from gui.load.journal import Draft, Journal
from gui.pages.load import LoadPage
from gui.session import Session
from gui.window import Window
from tests.gui.load_states import checked, copied, load_page, only, opened, wait_for
from tests.gui.test_load_main import activate, close_file


def kept() -> list[str]:
    """The modes in the drafts on disk."""
    return [draft.work.recipe.mode for draft in Journal().drafts()]


def choose_mode(page: LoadPage, key: Qt.Key) -> None:
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, key)


def test_a_change_is_on_the_disk_when_the_window_closes_right_after_it(
    bare_session: Session, tmp_path: Path
) -> None:
    window = Window(bare_session)
    window.show()
    page = opened(window, copied(tmp_path / "in", "products"))
    activate(window)
    choose_mode(page, Qt.Key.Key_End)
    assert not page.desk.journal.settled
    window.close()
    assert kept() == ["replace"]
    second = Window(Session(Settings()))
    try:
        again = load_page(second)
        wait_for(lambda: len(again.desk.files) == 1 and checked(again))
        assert again.space.head.mode.currentText() == "Replace all"
    finally:
        second.close()


def test_of_many_changes_the_last_is_kept_and_a_closed_file_leaves_none(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products", "customers"))
    activate(bare_window)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_End):
        choose_mode(page, key)
    wait_for(lambda: page.desk.journal.settled)
    assert kept() == ["replace", "add"]
    choose_mode(page, Qt.Key.Key_Home)
    close_file(bare_window)
    wait_for(lambda: page.desk.journal.settled)
    assert [draft.path.name for draft in Journal().drafts()] == [only(page).name]


def test_a_draft_is_never_written_in_the_window_s_own_thread(
    bare_window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    keep = Journal.keep

    def noted(journal: Journal, draft: Draft) -> None:
        threads.append(threading.current_thread())
        keep(journal, draft)

    monkeypatch.setattr(Journal, "keep", noted)
    wide = tmp_path / "wide.csv"
    names = ",".join(f"c{n}" for n in range(500))
    wide.write_text(f"{names}\n{','.join('1' * 500)}\n", "utf-8")
    page = opened(bare_window, [wide])
    activate(bare_window)
    choose_mode(page, Qt.Key.Key_End)
    wait_for(lambda: page.desk.journal.settled)
    assert kept() == ["replace"]
    assert len(threads) >= 2
    assert threading.main_thread() not in threads
