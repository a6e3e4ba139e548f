"""Who may work on a load: one process, by name of its host, its number and its start.

A lease that is not renewed ends; that of a process on this host that is no more ends at once.
"""

import functools
import getpass
import os
import platform
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psutil

from core.store.entries import Holder

WORKING: set[str] = set()  # tokens of holds and claims that this process works under
LEASE = timedelta(seconds=60)


def claim(now: datetime, token: str = "") -> dict[str, Any]:
    """A holder of our own; a token no other claim has is drawn where none is given."""
    return {
        "host": platform.node(),
        "pid": os.getpid(),
        "started": _started(os.getpid()),
        "lease": now + LEASE,
        "token": token or uuid4().hex,
    }


def user() -> str:
    """Who works here; empty where the system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def is_free(holder: Holder | None, now: datetime) -> bool:
    """Whether nobody alive holds it."""
    if holder is None or holder.lease <= now:
        return True
    return holder.host == platform.node() and not _lives(holder.pid, holder.started)


def is_over(holder: Holder | None, now: datetime) -> bool:
    """Whether nobody works under it any more."""
    return is_abandoned(holder) or is_free(holder, now)


def is_abandoned(holder: Holder | None) -> bool:
    """Whether it is a hold of this very process that nothing here works under any more: its last
    word did not reach the server."""
    if holder is None or holder.token in WORKING or holder.host != platform.node():
        return False
    return holder.pid == os.getpid() and abs(_started(holder.pid) - holder.started) < 1.0


def _lives(pid: int, started: float) -> bool:
    try:
        return abs(_birth(pid) - started) < 1.0
    except psutil.Error:
        return False


def _birth(pid: int) -> float:
    process = psutil.Process(pid)
    if process.status() == psutil.STATUS_ZOMBIE:
        raise psutil.NoSuchProcess(pid)
    return float(process.create_time())


@functools.cache
def _started(pid: int) -> float:
    return float(psutil.Process(pid).create_time())
