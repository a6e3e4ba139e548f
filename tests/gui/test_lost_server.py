"""A server that goes amid a load in the window: said on the page; no password in page or log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from PySide6.QtWidgets import QLabel

import core.reading.source
import core.store.patience
from core.local.server import Running, end, spawn
from core.settings import log_folder
from core.store import Store
from gui.app import log, start_log
from gui.session import Session
from gui.window import Window
from tests.conftest import SECRET, killed
from tests.gui.load_states import big, only, opened, wait_for
from tests.gui.test_load_main import click


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Running]:
    """A server that asks for a login."""
    running = spawn(tmp_path / "doomed")
    with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{running.port}") as client:
        client.admin.command("createUser", "root", pwd=SECRET, roles=["root"])
    end(running.process, 10)
    running = spawn(tmp_path / "doomed", auth=True)
    yield running
    killed(running)


def test_neither_page_nor_log_tells_the_password_of_a_server_that_went_amid_a_load(
    bare_window: Window,
    bare_session: Session,
    doomed: Running,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 1 << 12)
    monkeypatch.setattr(core.store.patience, "SECONDS", 1.0)
    start_log()
    try:
        uri = f"mongodb://root:{SECRET}@127.0.0.1:{doomed.port}/?authSource=admin"
        bare_session.set_store(Store(uri, "shop", serverSelectionTimeoutMS=300))
        page = opened(bare_window, [big(tmp_path / "in", 4_000)])
        click(page.space.bar.primary)
        wait_for(lambda: getattr(only(page).load, "accepted", 0) > 0, 60)
        doomed.process.kill()
        wait_for(lambda: only(page).phase not in ("loading", "queued"), 60)
        labels = [label.text() for label in bare_window.findChildren(QLabel)]
        said = repr((only(page), labels))
        written = "".join(one.read_text() for one in log_folder().iterdir())
    finally:
        for handler in log.handlers[:]:
            log.removeHandler(handler)
            handler.close()
    assert "has not answered" in only(page).error
    assert SECRET not in said + written
    for file in home.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
