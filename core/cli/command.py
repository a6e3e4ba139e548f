"""What every command shares: exit codes, the server it speaks to, JSON on stdout, a calm stop."""

import argparse
import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from core.errors import StoreError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.store import Store

OK, HELD, WRONG, STOPPED = 0, 1, 2, 3


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where the help is."""

    def error(self, message: str) -> NoReturn:
        words = message.removeprefix("argument ")
        self.exit(WRONG, f"sluice: {words}. See: {self.prog} --help\n")


@dataclass(frozen=True, slots=True)
class Command:
    """`arguments` declares them on a parser, `run` returns the exit code."""

    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None]
    help: str


def count(said: str) -> int:
    """A number of things, 1 at least."""
    if not said.isdecimal() or not int(said):
        raise argparse.ArgumentTypeError(f"“{said}” is no number from 1 up")
    return int(said)


def port(said: str) -> int:
    if not said.isdecimal() or int(said) > 65_535:
        raise argparse.ArgumentTypeError(f"“{said}” is no port: 0 (any free one) to 65535")
    return int(said)


def some_text(said: str) -> str:
    if not said.strip():
        raise argparse.ArgumentTypeError("a word is expected, not an empty text")
    return said.strip()


def answer_arguments(parser: argparse.ArgumentParser, what: str = "one JSON object") -> None:
    """Of a command that asks a server and tells what it found."""
    json_argument(parser, what)
    server_arguments(parser)


def limit_argument(parser: argparse.ArgumentParser, usual: int) -> None:
    told = f"how many, such as 5; else {usual}"
    parser.add_argument("--limit", type=count, default=usual, metavar="N", help=told)


def json_argument(parser: argparse.ArgumentParser, what: str = "one JSON object") -> None:
    parser.add_argument("--json", action="store_true", help=f"{what} on stdout, for programs")


def server_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which server (without --uri as the README tells)")
    group.add_argument("--uri", help="such as mongodb://user@host:27017/, or $SLUICE_URI")
    group.add_argument("--db", metavar="DATABASE", default="", help="the database, such as shop")
    group.add_argument(
        "--tls-ca", metavar="FILE", default="", help="who signs for the server, such as ca.pem"
    )
    group.add_argument(
        "--tls-cert", metavar="FILE", default="", help="our certificate and key, such as me.pem"
    )
    group.add_argument(
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
    """The whole id of a load named by it or by its beginning. Raises StoreError."""
    entry = store.loads.get(load) if load.strip() else None
    if entry is not None:
        return entry.id
    alike = [one.id for one in store.loads.list(0) if load.strip() and one.id.startswith(load)]
    if alike:
        shown = ", ".join(alike[:3]) + ("…" if len(alike) > 3 else "")
        raise StoreError(f"“{load}” begins several loads: {shown}.", "Give more of the id.")
    raise StoreError(f"There is no load “{load}” on this server.", "See: sluice loads.")


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
