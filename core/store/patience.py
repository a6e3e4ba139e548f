"""Waiting for a server that went away: with growing pauses, visibly, and not for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from pymongo.errors import PyMongoError

from core.errors import LoadError
from core.store.translate import is_passing, translate

T = TypeVar("T")
SECONDS = 600.0  # how long a server may stay away
_FIRST, _LONGEST = 0.2, 10.0


class Cancelled(Exception):
    """The wait was ended by whoever waits."""


class Patience:
    """Repeats what failed for a passing reason; so that must be harmless to repeat.

    `message` is what a person may read while it waits, else empty. Raises LoadError when the
    server stays away for `seconds`, Cancelled when `cancelled` is set.
    """

    def __init__(
        self, address: str, cancelled: threading.Event, seconds: float | None = None
    ) -> None:
        self.message = ""
        self._address = address
        self._cancelled = cancelled
        self._seconds = SECONDS if seconds is None else seconds

    def __call__(self, work: Callable[[], T]) -> T:
        pause, until = _FIRST, time.monotonic() + self._seconds
        while True:
            try:
                done = work()
            except PyMongoError as error:
                if not is_passing(error):
                    raise translate(error, self._address) from error
                if time.monotonic() + pause > until:
                    raise LoadError(
                        f"MongoDB at {self._address} has not answered for {self._seconds:.0f} s.",
                        "Resume the load (--resume) when it does.",
                    ) from error
                self.message = f"Waiting for MongoDB at {self._address}"
            else:
                self.message = ""
                return done
            if self._cancelled.wait(pause):
                raise Cancelled
            pause = min(pause * 2, _LONGEST)
