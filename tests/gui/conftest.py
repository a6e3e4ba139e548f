"""Fixtures of the window's tests: an application in the product's own look, sessions and windows.

Everything runs on the offscreen platform; QT_QPA_PLATFORM=xcb shows it instead.
"""

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.settings import Settings
from core.store import Store
from gui import theme
from gui.app import dress
from gui.session import Session
from gui.window import Window


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    dress(qapp, "light")
    return qapp


@pytest.fixture(autouse=True)
def _look(dressed: QApplication) -> Iterator[None]:
    """Each test begins in the light theme, and without the windows of the tests before it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if theme.tokens() is not theme.LIGHT:
        theme.apply(dressed, "light")
    yield
    dressed.clipboard().clear()


@pytest.fixture
def bare_session(home: object, dressed: QApplication) -> Iterator[Session]:
    """A session that is connected to nothing, with settings of its own."""
    made = Session(Settings())
    yield made
    made.close()


@pytest.fixture
def session(store: Store, server: str, bare_session: Session) -> Session:
    """A session on the database of the `store` fixture, over a connection of its own."""
    bare_session.set_store(Store(server, store.database))
    return bare_session


@pytest.fixture
def bare_window(qtbot: QtBot, bare_session: Session) -> Iterator[Window]:
    yield from _window(qtbot, bare_session)


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> Iterator[Window]:
    """A window of 1280×800, connected; the test says which page it shows."""
    yield from _window(qtbot, session)


def _window(qtbot: QtBot, session: Session) -> Iterator[Window]:
    made = Window(session)
    made.resize(1280, 800)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
