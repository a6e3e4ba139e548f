"""Signs of life in the ledger while a load is worked on, however long one step of it takes."""

import threading
from types import TracebackType
from typing import Self

from bson import ObjectId
from pymongo.errors import PyMongoError

from core.errors import CoreError
from core.store.ledger import Ledger

EVERY = 5.0  # seconds; the hold lasts core.store.lease.LEASE beyond each


class Pulse:
    """Renews our hold on a load as long as its `with` lasts.

    A process that is stopped as a whole gives no signs, so another may take the load over; `check`
    raises Busy once that has happened, and ReadOnly where the hold cannot be renewed any more.
    """

    def __init__(self, ledger: Ledger, load: ObjectId, token: str) -> None:
        self._ledger, self._load, self._token = ledger, load, token
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
                self._ledger.keep(self._load, self._token, {})
            except CoreError as error:  # Busy; or the connection may no longer write
                self._lost = error
                return
            except PyMongoError:
                continue  # the work waits for the server and tells; the next beat tries again

    def check(self) -> None:
        """Raises Busy, ReadOnly."""
        if self._lost is not None:
            raise self._lost
