"""Loads killed, and servers killed, stopped, made to fail and left without disk.

    python -m tests.faults [--kills N] [--servers N] [--faults N] [--stops N] [--disks N] …

Each fault ends with a resume, after which collection, quarantine and ledger must equal those of a
load that nothing disturbed; at each fault, what the ledger claims must be there, and “done” must be
the end.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import scenes, strikes
from tests.faults.servers import Server, small_disk
from tests.faults.strikes import Tally, any_mode

AMID = 0.6  # the least share of kills between a load's first and last batch


def main(argv: list[str]) -> int:
    args = arguments(argv)
    began = time.monotonic()
    print(f"seed {args.seed}, commit {_commit()}, {_form(args)}, {args.rows} rows", flush=True)
    scenes.small_batches()
    with tempfile.TemporaryDirectory() as home:
        path = scenes.make_file(Path(home) / "a.csv", args.rows, args.seed)
        trial = scenes.Trial(path, args.rows, random.Random(args.seed))
        told = run(args, Path(home), trial)
    _summary(told, time.monotonic() - began)
    return 0


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of the loading process")
    parser.add_argument("--servers", type=int, default=30, help="kills of the server")
    parser.add_argument("--stops", type=int, default=12, help="times the server is stopped")
    parser.add_argument("--faults", type=int, default=60, help="failpoints")
    parser.add_argument("--disks", type=int, default=12, help="times its disk is full")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--standalone", action="store_true")
    return parser.parse_args(argv)


def run(args: argparse.Namespace, home: Path, trial: scenes.Trial) -> list[Tally]:
    """Every kind as often as asked; one server for each way of treating it."""
    chance = trial.chance
    with Server(home / "one", args.standalone) as one:
        told = [
            many(args.kills, lambda t: strikes.killed(one.uri, trial, *any_mode(chance), t)),
            many(args.faults, lambda t: strikes.failing(one.uri, trial, *any_mode(chance), t)),
        ]
    with Server(home / "two", args.standalone) as two:
        told += [
            many(args.servers, lambda t: strikes.restarting(two, trial, any_mode(chance)[0], t)),
            many(args.stops, lambda t: strikes.freezing(two, trial, any_mode(chance)[0], t)),
        ]
    if args.disks:
        told.append(_full_disks(args, home, trial))
    return told


def _full_disks(args: argparse.Namespace, home: Path, trial: scenes.Trial) -> Tally:
    def strike(tally: Tally) -> None:
        with small_disk(home / "disk") as disk, Server(disk.folder, args.standalone) as server:
            mode = trial.chance.choice(scenes.MODES)
            strikes.full_disk(server, disk, trial, mode, tally)

    try:
        return many(args.disks, strike)
    except PermissionError as error:
        print(f"No disk was filled: {error}.", flush=True)
        return Tally()


def many(count: int, strike: Callable[[Tally], None]) -> Tally:
    tally, began = Tally(), time.monotonic()
    while tally.done.total() < count:
        strike(tally)
        seconds = time.monotonic() - began
        print(f"{tally.done.total()} of {count} in {seconds:.0f} s: {dict(tally.done)}", flush=True)
    return tally


def _summary(told: list[Tally], seconds: float) -> None:
    for tally in told:
        for kind, count in sorted(tally.done.items()):
            print(f"{count:5} × {kind}, {tally.amid[kind]} of them between two batches")
    kills = told[0]
    if kills.done:
        share = kills.amid.total() / kills.done.total()
        print(f"{share:.0%} of the kills fell between the first and the last batch.")
        assert share >= AMID
    print(f"Every load ended as an undisturbed one, and no ledger lied ({seconds:.0f} s).")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    return done.stdout.strip() or "unknown"


def _form(args: argparse.Namespace) -> str:
    return "standalone" if args.standalone else "replica set"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
