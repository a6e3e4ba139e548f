"""What is done to loads: each kind of fault, the load led to its end, and what it then left."""

import contextlib
import multiprocessing
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from core.errors import CoreError
from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from tests.faults import scenes
from tests.faults.scenes import Trial, honest, made, newest, outcome, same, scene
from tests.faults.servers import HASTY, Disk, FailPoint, Met, Server, healthy

KILLS = 6  # of one load, before it may end
STRIKES = 4  # upon one load in this process
ATTEMPTS = 50
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "closed connection": {"closeConnection": True},
    "applied, not acknowledged": {"blockConnection": True, "blockTimeMS": 2_000},
    "not the primary": {"errorCode": 10107},
    "write concern": {"writeConcernError": {"code": 64, "errmsg": "waiting timed out"}},
    "time exceeded": {"errorCode": 50},
    "duplicate key": {"errorCode": 11000},
}


@dataclass
class Tally:
    """What was done, by kind, and how often between a load's first and last batch."""

    done: Counter[str] = field(default_factory=Counter)
    amid: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, amid: bool) -> None:
        self.done[kind] += 1
        self.amid[kind] += amid


# ---- the loading process killed -----------------------------------------------------------------


def _child(uri: str, database: str, path: Path, mode: str, writer: str, told: Connection) -> None:
    """A load in a process of its own; it tells each batch, so that it can be killed in between."""
    scenes.small_batches()
    with Store(uri, database) as store:
        for report in load_file(path, made(mode, writer), store, resume=True):
            told.send(report.records)


def killed(uri: str, trial: Trial, mode: str, writer: str, tally: Tally, most: int = KILLS) -> None:
    """A load killed at random moments, some times over, and then let go on."""
    expected = trial.expected(uri, mode, writer)
    with scene(uri, trial.rows) as store:
        for left in range(most, -1, -1):
            code = _run((uri, store.database, trial.path, mode, writer), trial, kill=left > 0)
            honest(store, expected)
            if code == 0:
                break
            assert code == -signal.SIGKILL, f"the load ended by itself, with {code}"
            tally.add(f"kill -9 of the load ({mode})", _amid(store, len(expected["batches"])))
        same(outcome(store, newest(store)), expected, f"killed, {mode}, {writer}")


def _run(arguments: tuple[Any, ...], trial: Trial, kill: bool) -> int | None:
    """A child's exit code. It is forked from a process that has imported all that it needs, so that
    most of its life is the load."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(*arguments, theirs))
    process.start()
    theirs.close()
    with ours, contextlib.suppress(EOFError):  # it has ended
        if kill:
            _kill_sometime(process, ours, trial)
        while True:
            ours.recv()
    process.join()
    return process.exitcode


def _kill_sometime(process: BaseProcess, told: Connection, trial: Trial) -> None:
    """At any moment of its start, or a little after a report of any part of the file."""
    chance = trial.chance
    if chance.random() < 0.1:
        time.sleep(chance.random() * 0.3)
        process.kill()
    wanted = chance.randrange(trial.rows)
    while told.recv() < wanted:
        pass
    time.sleep(chance.random() * 0.05)
    process.kill()


def _amid(store: Store, batches: int) -> bool:
    entry = next(iter(scenes.loads(store)), None)
    recorded = 0 if entry is None else sum(1 for _ in store.ledger.recorded(entry.object_id))
    return 0 < recorded < batches


# ---- the server at fault ------------------------------------------------------------------------


def failing(uri: str, trial: Trial, mode: str, writer: str, tally: Tally, *kinds: str) -> None:
    """A load whose commands fail by order, of one of these kinds each time; it waits, or is
    resumed. Only faults that the load met count."""
    expected = trial.expected(uri, mode, writer)
    chance, met, armed = trial.chance, Met(), [""]
    with scene(uri, trial.rows) as kept:
        point = FailPoint(kept)

        def count() -> None:
            if armed[0] and met.count:
                tally.add(armed[0], True)
            armed[0], met.count = "", 0

        def arm() -> None:
            count()
            armed[0] = chance.choice(kinds or [*FAULTS])
            commands = chance.choice([["insert"], ["update"], ["insert", "update", "find"]])
            point.arm(commands, FAULTS[armed[0]], chance.randrange(1, 4), chance.randrange(3))

        with Store(uri, kept.database, event_listeners=[met], **HASTY) as loading:
            try:
                insist(loading, kept, trial, made(mode, writer), expected, arm)
            finally:
                point.off()
            count()


def restarting(server: Server, trial: Trial, mode: str, tally: Tally) -> None:
    """A load whose server is killed and started again."""
    _struck(server, trial, mode, tally, "kill -9 of the server", server.restart)


def freezing(server: Server, trial: Trial, mode: str, tally: Tally) -> None:
    """A load whose server is stopped for a while and then goes on."""

    def freeze() -> None:
        server.freeze(0.5 + 2.5 * trial.chance.random())

    _struck(server, trial, mode, tally, "SIGSTOP of the server", freeze)


def _struck(
    server: Server, trial: Trial, mode: str, tally: Tally, kind: str, strike: Callable[[], None]
) -> None:
    expected = trial.expected(server.uri, mode)

    def counted() -> None:
        tally.add(kind, True)
        strike()

    with (
        scene(server.uri, trial.rows) as kept,
        Store(server.uri, kept.database, **HASTY) as loading,
    ):
        insist(loading, kept, trial, made(mode), expected, counted)


def full_disk(server: Server, disk: Disk, trial: Trial, mode: str, tally: Tally) -> None:
    """A load whose server finds its disk full, for a moment or until the load gives up; what is
    done by then is still so after a kill of the server. Only a disk that the load met counts."""
    expected = trial.expected(server.uri, mode)
    chance, met = trial.chance, Met()

    def count() -> None:
        if met.count:
            tally.add("full disk", True)
        met.count = 0

    def fill() -> None:
        count()
        disk.fill(kept)
        threading.Timer(3 * chance.random(), disk.free).start()

    with (
        scene(server.uri, trial.rows) as kept,
        Store(server.uri, kept.database, event_listeners=[met], **HASTY) as loading,
    ):

        def mend() -> None:
            disk.free()
            if not healthy(kept) or chance.random() < 0.3:
                server.restart()

        insist(loading, kept, trial, made(mode), expected, fill, mend)
        count()
        disk.free()
        server.restart()
        same(outcome(kept, newest(kept)), expected, "after the server died once more")


def insist(
    store: Store,
    kept: Store,
    trial: Trial,
    recipe: Recipe,
    expected: scenes.Outcome,
    strike: Callable[[], None],
    mend: Callable[[], None] = lambda: None,
) -> LoadEntry:
    """Load, struck amid its batches at the first chance and some times more, and resumed whenever
    it ends; compared as often with what `kept`, which nothing strikes, sees."""
    ended: list[str] = []
    left = STRIKES
    for _ in range(ATTEMPTS):
        try:
            for report in load_file(trial.path, recipe, store, resume=True):
                amid = 0 < report.records < trial.rows and not report.message
                if left and amid and (left == STRIKES or trial.chance.random() < 0.4):
                    left -= 1
                    strike()
        except CoreError as error:
            ended.append(str(error))
            mend()
            honest(kept, expected)
            time.sleep(0.2)
            continue
        entry = newest(kept)
        same(outcome(kept, entry), expected, f"struck, {recipe.mode}")
        return entry
    raise AssertionError(f"the load never ends: {ended[-3:]}")


def any_mode(chance: random.Random) -> tuple[str, str]:
    return chance.choice(scenes.MODES), chance.choice(scenes.WRITERS)
