"""A load in a process of its own, killed (SIGKILL) after some of its reports."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import core.reading.source
from core.errors import NoServer, StoreError
from core.loading.loader import load_file
from core.store import Store
from tests.core.loads import recipe

PAUSE = 0.02  # seconds between two reports, so that a kill meets a load amid its batches
REFUSED = 2
PATIENT: dict[str, Any] = {"serverSelectionTimeoutMS": 60_000, "connectTimeoutMS": 60_000}


def child(uri: str, database: str, path: str, mode: str, block: str, resume: str) -> int:
    core.reading.source.BLOCK = int(block)
    mode, keyed, _ = mode.partition(" by key")
    made = recipe(mode, ("id",) if keyed or mode in ("update", "skip") else ())
    options = {"resume": True} if resume else {"again": True}
    with Store(uri, database, **PATIENT) as store:
        try:
            for report in load_file(Path(path), made, store, **options):  # type: ignore[arg-type]
                print(report.records, report.state, flush=True)
                time.sleep(PAUSE)
        except NoServer:
            raise
        except StoreError as error:
            print(error, file=sys.stderr)
            return REFUSED
    return 0


def start(
    store: Store, uri: str, path: Path, mode: str, block: int, resume: bool = False
) -> "subprocess.Popen[str]":
    """`mode` may say more: “add by key” keeps `id` unique."""
    words = [uri, store.database, str(path), mode, str(block), "resume" if resume else ""]
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.killing", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def killed(process: "subprocess.Popen[str]", after: int) -> int:
    """How a load ended that was killed after that many reports, if it had not ended before."""
    assert process.stdout is not None
    assert process.stderr is not None
    for _ in range(after):
        if not process.stdout.readline():
            break
    else:
        process.kill()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    code = process.wait()
    assert code in (0, REFUSED, -signal.SIGKILL), said
    return code


if __name__ == "__main__":
    sys.exit(child(*sys.argv[1:]))
