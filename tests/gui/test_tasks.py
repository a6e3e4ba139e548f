"""Work off the GUI thread: what it tells, and that nothing outlives the window."""

import os
import sys
import threading
from collections.abc import Generator
from typing import Any

import pytest
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from core.errors import NoServer
from gui.session import Session
from gui.tasks import NICE, Task


class Ears:
    """All that a task said, in order, and whether it was heard in the GUI thread."""

    def __init__(self, task: Task) -> None:
        self.said: list[tuple[str, Any]] = []
        self.threads: set[QThread] = set()
        task.progressed.connect(lambda item: self._hear("progressed", item))
        task.succeeded.connect(lambda item: self._hear("succeeded", item))
        task.failed.connect(lambda error: self._hear("failed", error))
        task.cancelled.connect(lambda: self._hear("cancelled", None))

    def _hear(self, name: str, value: Any) -> None:
        self.said.append((name, value))
        self.threads.add(QThread.currentThread())


@pytest.fixture
def endless() -> tuple[Generator[int, None, None], threading.Event]:
    closed = threading.Event()

    def work() -> Generator[int, None, None]:
        try:
            n = 0
            while True:
                yield (n := n + 1)
        finally:
            closed.set()

    return work(), closed


def test_each_item_is_told_then_the_last_one_as_the_result(
    bare_session: Session, qtbot: QtBot
) -> None:
    task = bare_session.run(n for n in (1, 2, 3))
    ears = Ears(task)
    expected = [("progressed", 1), ("progressed", 2), ("progressed", 3), ("succeeded", 3)]
    qtbot.waitUntil(lambda: ears.said == expected)
    assert ears.threads == {QThread.currentThread()}


def test_the_work_itself_runs_elsewhere(bare_session: Session, qtbot: QtBot) -> None:
    def work() -> Generator[int, None, None]:
        yield threading.get_ident()

    with qtbot.waitSignal(bare_session.run(work()).succeeded) as told:
        pass
    assert told.args != [threading.get_ident()]


def test_a_generator_that_yields_nothing_succeeds_with_none(
    bare_session: Session, qtbot: QtBot
) -> None:
    ears = Ears(bare_session.run(n for n in ()))
    qtbot.waitUntil(lambda: ears.said == [("succeeded", None)])


def test_an_error_is_told_and_nothing_after_it(bare_session: Session, qtbot: QtBot) -> None:
    trouble = NoServer("Nothing answers.", "Start it.")

    def work() -> Generator[int, None, None]:
        yield 1
        raise trouble

    ears = Ears(bare_session.run(work()))
    qtbot.waitUntil(lambda: len(ears.said) == 2)
    qtbot.wait(20)
    assert ears.said == [("progressed", 1), ("failed", trouble)]


def test_cancelling_closes_the_generator_in_its_own_thread(
    bare_session: Session,
    qtbot: QtBot,
    endless: tuple[Generator[int, None, None], threading.Event],
) -> None:
    work, closed = endless
    task = bare_session.run(work)
    ears = Ears(task)
    qtbot.waitUntil(lambda: len(ears.said) > 3)
    task.cancel()
    qtbot.waitUntil(lambda: ears.said[-1][0] == "cancelled")
    assert closed.is_set()


def test_closing_the_session_ends_what_runs(
    bare_session: Session, endless: tuple[Generator[int, None, None], threading.Event], qtbot: QtBot
) -> None:
    work, closed = endless
    task = bare_session.run(work)
    qtbot.waitUntil(task.isRunning)
    bare_session.close()
    assert task.isFinished()
    assert closed.is_set()


def test_a_task_that_never_started_is_closed_with_the_session(bare_session: Session) -> None:
    task = bare_session.run(n for n in (1, 2))
    bare_session.close()
    assert not task.isRunning()


def test_the_window_answers_while_a_task_works(bare_session: Session, qtbot: QtBot) -> None:
    """Python work in batches: the GUI thread gets its turns in between."""

    def work() -> Generator[int, None, None]:
        for _ in range(1_000):
            yield sum(i * i for i in range(10_000))

    ticks: list[int] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    with qtbot.waitSignal(bare_session.run(work()).succeeded):
        pass
    assert len(ticks) >= 5


def test_jobs_come_and_go_in_the_footer(bare_session: Session) -> None:
    key = bare_session.add_job("Loading orders.csv")
    bare_session.show_job(key, 0.5, "half")
    assert bare_session.jobs[key].words == "half"
    bare_session.end_job(key)
    bare_session.show_job(key, 0.9)  # a late word changes nothing
    assert bare_session.jobs == {}


def test_a_job_keeps_its_connection_until_it_ends(
    session: Session, server: str, qtbot: QtBot
) -> None:
    """Connecting elsewhere during a load must not take the server from under it."""
    used = session.store
    key = session.add_job("Loading")
    with qtbot.waitSignal(session.store_changed):
        session.connect_to(server)
    assert session.store is not used
    assert used.client.admin.command("ping")["ok"] == 1
    session.end_job(key)
    with pytest.raises(Exception, match="close"):
        used.client.admin.command("ping")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell a thread's own")
@pytest.mark.parametrize("prompt", [False, True])
def test_work_gives_way_to_the_window_unless_it_may_start_a_program(
    bare_session: Session, qtbot: QtBot, prompt: bool
) -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work() -> Generator[list[int], None, None]:
        found = [nice()]
        helper = threading.Thread(target=lambda: found.append(nice()))
        helper.start()
        helper.join()
        yield found

    ears = Ears(bare_session.run(work(), prompt))
    qtbot.waitUntil(lambda: bool(ears.said))
    expected = nice() if prompt else max(NICE, nice())
    assert ears.said[0] == ("progressed", [expected, expected])
