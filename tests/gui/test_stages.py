"""A page that cannot be read says so; it does not say that nothing is there."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from core.local.server import spawn
from core.store import Store
from gui.stages import Stages
from gui.unreadable import Unreadable
from gui.window import Window
from tests.conftest import killed
from tests.gui.load_states import wait_for
from tests.gui.page_states import click

PAGES = ("Quarantine", "Collections", "Charts", "History")


def unreadable(window: Window) -> Unreadable | None:
    return next((part for part in window.findChildren(Unreadable) if part.isVisible()), None)


def stages(window: Window) -> Stages:
    return next(part for part in window.findChildren(Stages) if part.isVisible())


def test_pages_whose_server_is_gone_say_so_and_read_again_when_asked(
    bare_window: Window, tmp_path: Path
) -> None:
    running = spawn(tmp_path / "first")
    words = "serverSelectionTimeoutMS=300&heartbeatFrequencyMS=500"
    bare_window.session.set_store(Store(f"mongodb://127.0.0.1:{running.port}/?{words}", "shop"))
    killed(running)
    for name in PAGES:
        bare_window.show_page(name)
        wait_for(lambda: unreadable(bare_window) is not None)
        said = unreadable(bare_window)
        assert said is not None
        assert f"127.0.0.1:{running.port}" in said.words.text()
    again = spawn(tmp_path / "second", port=running.port)
    try:
        for name in PAGES:
            bare_window.show_page(name)
            said = unreadable(bare_window)
            if said is not None:  # a page that is shown anew reads anew by itself
                click(said.again)
            wait_for(lambda: unreadable(bare_window) is None)
            assert stages(bare_window).currentIndex() == 0
    finally:
        killed(again)


def test_nothing_is_called_empty_before_a_server_has_answered(
    bare_window: Window, server: str
) -> None:
    def said() -> str:
        return " ".join(part.text() for part in stages(bare_window).findChildren(QLabel)
                        if part.isVisible())  # fmt: skip

    for name in PAGES:
        bare_window.show_page(name)
        assert said().startswith("Nothing is connected yet."), name
    bare_window.session.connecting.emit("")
    assert said() == "Connecting…"
    bare_window.session.set_store(Store(server, "empty"))
    for name in PAGES:
        bare_window.show_page(name)
        wait_for(lambda: stages(bare_window).currentIndex() in (0, 1))  # empty, or read
