"""What every command shares: exit codes, the server it speaks to, JSON on stdout, a calm stop."""

import argparse
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from core.errors import StoreError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.store import Store

OK, HELD, WRONG, STOPPED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` declares them on a parser, `run` returns the exit code."""

    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None]
    help: str


def count(said: str) -> int:
    """A number of things, 1 at least."""
    if not said.isdecimal() or not int(said):
        raise argparse.ArgumentTypeError(f"{said} is no number from 1 up")
    return int(said)


def server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--uri", help="a MongoDB server; else $SLUICE_URI, the last one used, …")
    parser.add_argument("--tls-ca", metavar="FILE", default="", help="who signs for it, in PEM")
    parser.add_argument("--tls-cert", metavar="FILE", default="", help="our certificate and key")
    parser.add_argument("--db", metavar="DATABASE", default="", help="the database")
    parser.add_argument(
        "--standalone", action="store_true", help="the local database without a replica set"
    )


def connected(args: argparse.Namespace, database: str = "") -> "Store":
    from core.connecting import connect

    return connect(
        args.uri,
        database or args.db or None,
        standalone=args.standalone,
        authority=args.tls_ca,
        certificate=args.tls_cert,
    )


def named_load(store: "Store", load: str) -> str:
    """The whole id of a load named by it or by its beginning."""
    entry = store.loads.get(load)
    if entry is None:
        raise StoreError(f"There is no load “{load}” on this server.", "See: sluice loads.")
    return entry.id


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str), flush=True)


class Stop:
    """SIGINT and SIGTERM as a wish, so that no write is cut in two; a second one does not wait."""

    def __init__(self) -> None:
        self.asked = False
        self.before: dict[int, Any] = {}

    def __enter__(self) -> "Stop":
        for number in (signal.SIGINT, signal.SIGTERM):
            self.before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _ask(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
