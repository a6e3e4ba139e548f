"""The command line: each command is one entry of COMMANDS.

Answers go to stdout, progress and warnings to stderr. Exit codes, the highest of several files:
0 all accepted · 1 finished, some records in quarantine · 2 wrong usage, unreadable file, no
connection or not authorised · 3 not finished: stopped, failed, held by another command, or nothing
could be told of it; the same command with --resume goes on.
"""

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence

from core.cli import files, ledger, quarantine, report, serve
from core.cli.command import STOPPED, WRONG, Command, Parser
from core.errors import Busy, CoreError, LoadError

COMMANDS: Mapping[str, Command] = {
    "check": Command(files.check, files.check_arguments, "Check files and write nothing."),
    "load": Command(files.load, files.load_arguments, "Load files into a collection."),
    "infer": Command(files.infer, files.infer_arguments, "Learn a recipe from a file."),
    "loads": Command(ledger.loads, ledger.loads_arguments, "List the loads, newest first."),
    "undo": Command(ledger.undo, ledger.undo_arguments, "Take a load out of its collection."),
    "report": Command(report.run, report.arguments, "Write a load as one HTML file."),
    "quarantine": Command(quarantine.run, quarantine.arguments, "Review the refused rows."),
    "serve": Command(serve.run, serve.arguments, "Run the local database, print its address."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; a CoreError becomes one line on stderr, never a traceback."""
    _open_streams()
    args = _parser().parse_args(argv)
    try:
        code = COMMANDS[args.command].run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; nothing is left to say it to
        return WRONG
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - Python itself would exit with 1
        with contextlib.suppress(OSError):
            _tell(error)
        return WRONG if _before_all(error) else STOPPED


def _before_all(error: BaseException) -> bool:
    return isinstance(error, CoreError) and not isinstance(error, LoadError | Busy)


def _tell(error: BaseException) -> None:
    """What no one foresaw is a bug, and shown whole; Python's own exit code for it says 1, which
    means something else here."""
    if isinstance(error, CoreError):
        print(f"sluice: {error}", file=sys.stderr)
    elif isinstance(error, KeyboardInterrupt):
        print("sluice: stopped.", file=sys.stderr)
    elif isinstance(error, OSError) and error.filename is None:
        print(f"sluice: What is told cannot be written: {error.strerror}.", file=sys.stderr)
    else:
        traceback.print_exception(error)


def _open_streams() -> None:
    """One that the caller has closed takes, or gives, nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - until the end


def _parser() -> argparse.ArgumentParser:
    from core import __version__

    parser = Parser(
        prog="sluice",
        description="Checks CSV files, loads them into MongoDB and keeps every row it refuses.",
        epilog="Exit codes: 0 all accepted, 1 some rows wait in quarantine, 2 wrong usage or no "
        "connection, 3 not finished: stopped, or held by another command; --resume goes on.",
    )
    parser.add_argument("--version", action="version", version=f"sluice {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        command.arguments(commands.add_parser(name, help=command.help, description=command.help))
    return parser
