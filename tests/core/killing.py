"""A load in a process of its own, killed (SIGKILL) after some of its reports.

It is forked from a process that has imported all that it needs: its start costs next to nothing.
"""

import multiprocessing
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import core.reading.source
import core.store.target
from core.errors import NoServer, StoreError
from core.loading.loader import load_file
from core.store import Store
from tests.core.loads import recipe

PAUSE = 0.02  # seconds between two reports, so that a kill meets a load amid its batches
REFUSED = 2
PATIENT: dict[str, Any] = {"serverSelectionTimeoutMS": 60_000, "connectTimeoutMS": 60_000}


@dataclass(frozen=True, slots=True)
class Loading:
    """`told` has a line for each report."""

    process: BaseProcess
    told: Connection

    def heard(self) -> bool:
        """Waits for the next report; False where there is none any more."""
        try:
            self.told.recv()
        except EOFError:
            return False
        return True


def _child(
    told: Connection, uri: str, database: str, path: Path, mode: str, block: int, resume: bool,
    writer: str,
) -> None:  # fmt: skip
    core.reading.source.BLOCK = block
    core.store.target.WRITER = writer
    mode, keyed, _ = mode.partition(" by key")
    made = recipe(mode, ("id",) if keyed or mode in ("update", "skip") else ())
    options = {"resume": True} if resume else {"again": True}
    with Store(uri, database, **PATIENT) as store:
        try:
            for report in load_file(path, made, store, **options):  # type: ignore[arg-type]
                told.send((report.records, report.state))
                time.sleep(PAUSE)
        except NoServer:
            raise
        except StoreError:
            raise SystemExit(REFUSED) from None


def start(
    store: Store, uri: str, path: Path, mode: str, block: int, resume: bool = False
) -> Loading:
    """`mode` may say more: “add by key” keeps `id` unique."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    words = (theirs, uri, store.database, path, mode, block, resume, core.store.target.WRITER)
    process = context.Process(target=_child, args=words)
    process.start()
    theirs.close()
    return Loading(process, ours)


def killed(loading: Loading, after: int) -> int:
    """How a load ended that was killed after that many reports, if it had not ended before."""
    for _ in range(after):
        if not loading.heard():
            break
    else:
        loading.process.kill()
    loading.told.close()
    loading.process.join()
    code = loading.process.exitcode
    assert code in (0, REFUSED, -signal.SIGKILL), f"the load ended with {code}"
    return code
