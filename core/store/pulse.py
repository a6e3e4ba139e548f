"""Signs of life on the server while something is worked on, however long one step of it takes."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from pymongo.errors import PyMongoError

from core.errors import CoreError

EVERY = 5.0  # seconds; the hold lasts core.store.lease.LEASE beyond each


class Pulse:
    """Renews a hold or a claim of ours as long as its `with` lasts; `renew` raises CoreError where
    that cannot be.

    A process that is stopped as a whole gives no signs, so another may take over; `check` raises
    Busy once that has happened, and ReadOnly where it cannot be renewed any more.
    """

    def __init__(self, renew: Callable[[], None]) -> None:
        self._renew = renew
        self._over = threading.Event()
        self._lost: CoreError | None = None

    def __enter__(self) -> Self:
        threading.Thread(target=self._beat, name="sluice-pulse", daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()  # not waited for: a beat after the last word finds no hold to renew

    def _beat(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self._renew()
            except CoreError as error:  # Busy; or the connection may no longer write
                self._lost = error
                return
            except PyMongoError:
                continue  # the work waits for the server and tells; the next beat tries again

    def check(self) -> None:
        """Raises Busy, ReadOnly."""
        if self._lost is not None:
            raise self._lost
