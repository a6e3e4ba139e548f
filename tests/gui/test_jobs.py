"""Long jobs: told in the footer, kept awake for, and told by the system when nobody looks."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import awake
from gui.session import Session
from gui.window import Window


def test_a_job_is_told_in_the_footer(bare_window: Window, bare_session: Session) -> None:
    assert bare_window.footer.job.text() == "No jobs running"
    key = bare_session.add_job("Loading orders.csv")
    bare_session.show_job(key, 0.5, "4,000 rows/s · 2 s left")
    assert bare_window.footer.bar.isVisible()
    assert bare_window.footer.bar.value() == 500
    assert bare_window.footer.words.text() == "4,000 rows/s · 2 s left"
    bare_session.end_job(key)
    assert not bare_window.footer.bar.isVisible()


def test_sleep_is_held_off_while_a_job_runs(
    bare_window: Window, bare_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The helper is stood in for: a container has no system to keep awake."""
    monkeypatch.setattr(awake, "keeper", lambda process: ["tail", f"--pid={process}", "-f"])
    one, two = bare_session.add_job("one"), bare_session.add_job("two")
    helper = bare_window.awake.helper
    assert helper is not None
    bare_session.end_job(one)
    assert helper.poll() is None
    bare_session.end_job(two)
    assert helper.poll() is not None
    assert bare_window.awake.helper is None


@pytest.mark.parametrize(("seconds", "told"), [(11, True), (9, False)])
def test_the_end_of_a_long_job_is_told_when_another_window_is_looked_at(
    bare_window: Window, bare_session: Session, qtbot: QtBot, seconds: int, told: bool
) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not bare_window.isActiveWindow())
    key = bare_session.add_job("Loading orders.csv")
    job = bare_session.jobs[key]
    bare_session.jobs[key] = replace(job, began=job.began - seconds)
    bare_session.end_job(key)
    bare_session.note("9,771 rows loaded", "orders.csv")
    assert bare_window.notices.told == [("9,771 rows loaded", "orders.csv")] * told


def test_nothing_is_told_by_the_system_while_the_window_is_looked_at(
    bare_window: Window, bare_session: Session, qtbot: QtBot
) -> None:
    bare_window.activateWindow()
    qtbot.waitUntil(bare_window.isActiveWindow)
    key = bare_session.add_job("Loading orders.csv")
    job = bare_session.jobs[key]
    bare_session.jobs[key] = replace(job, began=job.began - 60)
    bare_session.end_job(key)
    bare_session.note("9,771 rows loaded")
    assert bare_window.notices.told == []
