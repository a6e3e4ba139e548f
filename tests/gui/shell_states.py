"""The window's shell in each of its states, for pictures: first launch, settings, popups, words."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QScrollArea

from gui.connection import ConnectionCard
from gui.window import Window
from tests.gui.load_states import errors

State = Callable[[Window, Path], object]


def first_launch(window: Window, folder: Path) -> None:
    window.session.set_store(None)
    window.show_page("Load")


def settings(window: Window, folder: Path) -> None:
    window.show_page("Settings")


def settings_end(window: Window, folder: Path) -> None:
    area = window.show_page("Settings").findChild(QScrollArea)
    assert area is not None
    QApplication.processEvents()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def certificates(window: Window, folder: Path) -> None:
    card = window.show_page("Settings").findChild(ConnectionCard)
    assert card is not None
    card.tls_button.click()
    card.certificates.authority.setText("/etc/ssl/company/authority.pem")


def shortcuts(window: Window, folder: Path) -> None:
    window.show_page("Load")
    window.show_shortcuts()


def connection(window: Window, folder: Path) -> None:
    window.show_page("Load")
    window.choose_server()


def toast(window: Window, folder: Path) -> None:
    errors(window, folder)
    window.rail.show_held(9_871)
    actions = {"View": lambda: None, "Undo load": lambda: None}
    window.session.note(
        "9,771 rows loaded, 41 held", "orders.csv into shop ▸ orders in 3.1 s", **actions
    )


def trouble(window: Window, folder: Path) -> None:
    window.show_page("Settings")
    window.session.troubled.emit(KeyError("amount"))


def job(window: Window, folder: Path) -> None:
    window.show_page("Settings")
    key = window.session.add_job("Loading orders.csv")
    window.session.show_job(key, 0.62, "6,050 of 9,771 rows · 14,200 rows/s · 1 s left")


STATES: dict[str, State] = {
    "first-launch": first_launch,
    "settings": settings,
    "settings-end": settings_end,
    "settings-certificates": certificates,
    "shortcuts": shortcuts,
    "connection": connection,
    "toast": toast,
    "trouble": trouble,
    "job": job,
}
