"""A long step of the server's beside the reports of a load: it can be waited for, and left."""

import threading
from collections.abc import Callable, Iterator

_TICK = 0.1  # seconds between two looks


def beside(work: Callable[[], None], *, leave: bool) -> Iterator[None]:
    """Yields while `work` runs in a thread, and raises its error. Who stops before the end leaves
    it running, where `leave` says that this does no harm, else waits for it all the same."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_TICK)
            yield
    finally:
        if not leave:
            thread.join()
    if errors:
        raise errors[0]
