"""A document's `_id` tells its load and its record: how the two are put together and taken apart.

4 bytes seconds, 5 random bytes drawn for the load, 3 bytes counter. The load's own id has counter
0 and record r has r; every 2**24 records the seconds go up by one. Numbered things of a load that
are not records (its batches) are named the same way, in a collection of their own.
"""

import os
import time

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from core.batch import Integers

Ids = npt.NDArray[np.uint8]  # (n, 12)
COUNTER = 1 << 24


def new_load() -> ObjectId:
    """An id for a load; its random bytes are never the process's, which a fork would share."""
    return ObjectId(int(time.time()).to_bytes(4, "big") + os.urandom(5) + b"\0\0\0")


def identify(load: ObjectId, records: Integers) -> Ids:
    """The `_id`s of records of a load, as rows of 12 bytes."""
    head = load.binary
    seconds = int.from_bytes(head[:4], "big") + (records >> 24)
    ids = np.empty((len(records), 12), np.uint8)
    ids[:, 0:4] = seconds.astype(">u4").view(np.uint8).reshape(-1, 4)
    ids[:, 4:9] = np.frombuffer(head[4:9], np.uint8)
    ids[:, 9:12] = (records & (COUNTER - 1)).astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
    return ids


def identity(load: ObjectId, record: int) -> ObjectId:
    return ObjectId(identify(load, np.array([record], np.int64)).tobytes())


def object_ids(ids: Ids) -> list[ObjectId]:
    whole = ids.tobytes()
    return [ObjectId(whole[at : at + 12]) for at in range(0, len(whole), 12)]


def record_of(load: ObjectId, id: object) -> int | None:
    """Which record of that load an `_id` (or `_load`) names; None where it is not of that load."""
    if not isinstance(id, ObjectId) or id.binary[4:9] != load.binary[4:9]:
        return None
    ahead = int.from_bytes(id.binary[:4], "big") - int.from_bytes(load.binary[:4], "big")
    record = ahead * COUNTER + int.from_bytes(id.binary[9:], "big")
    return record if record > 0 else None


def ranges(load: ObjectId, first: int, last: int) -> list[tuple[ObjectId, ObjectId]]:
    """First and last `_id` of each range that records `first` to `last` fill; other loads have none
    in them."""
    found = []
    while first <= last:
        stop = min(last, first | (COUNTER - 1))
        found.append((identity(load, first), identity(load, stop)))
        first = stop + 1
    return found
