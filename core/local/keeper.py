"""The process that starts the embedded server, keeps it while it has users, and then stops it.

It is a process of its own so that a user that is killed, or a terminal that is closed, leaves no
server behind. Run as `python -m core.local.keeper FOLDER standalone|replica-set PORT`, it writes
the folder's state file once the server answers; where it cannot start, its last line on stderr is
the error as JSON. It starts a server that died again, on the same port, so that loads carry on.
"""

import contextlib
import json
import sys
import time
from pathlib import Path

import psutil

from core.errors import CoreError
from core.local import server, state

POLL_SECONDS = 0.2
LINGER_SECONDS = 2.0  # commands that follow one another find the server still there
STOP_SECONDS = 20.0
RESTARTS = 5


def main(arguments: list[str]) -> int:
    folder, topology, port = Path(arguments[0]), arguments[1], int(arguments[2])
    try:
        found = _adopt(folder) or _begin(folder, topology == "standalone", port)
    except CoreError as error:
        sys.stderr.write(json.dumps({"problem": error.problem, "cure": error.cure}) + "\n")
        return 1
    return _keep(folder, found)


def _adopt(folder: Path) -> state.State | None:
    """Take over a server whose keeper was killed."""
    found = state.read(folder)
    if found is None or not found.server.alive:
        return None
    taken = state.State(found.server, state.process(), found.port, found.standalone, found.host)
    state.write(folder, taken)
    return taken


def _begin(folder: Path, standalone: bool, port: int) -> state.State:
    running = server.spawn(folder, port=port, standalone=standalone, auth=True)
    found = state.State(
        state.process(running.process.pid),
        state.process(),
        running.port,
        standalone,
        state.this_host(),
    )
    state.write(folder, found)
    return found


def _keep(folder: Path, found: state.State) -> int:
    restarts, unused = 0, time.monotonic()
    while True:
        time.sleep(POLL_SECONDS)
        if state.users(folder):
            unused = time.monotonic()
        elif state.is_hurried(folder) or time.monotonic() - unused > LINGER_SECONDS:
            with state.locked(folder):
                if not state.users(folder):
                    _stop(found.server)
                    state.forget(folder)
                    return 0
        if not found.server.alive:
            if restarts == RESTARTS:
                return 1
            restarts += 1
            found = _begin(folder, found.standalone, found.port)


def _stop(process: state.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        if process.alive:
            server.end(psutil.Process(process.pid), STOP_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
