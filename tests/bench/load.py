"""`./run bench load`: whole-process CPU, wall and peak memory of a load, beside other loaders.

    ./run bench load [--rows 1000000,4000000] [--embedded 200000] [--only sluice,dicts]

Into the null server of tests/null_mongod.c (which needs a C compiler), clean and with 1 % broken
records, uniqueness of `id` checked (and once more unchecked, for the memory that this takes); then
the same into the embedded server. Beside Sluice: csv.DictReader with the same casts and
insert_many, which leaves out what it cannot cast; pandas to_dict with insert_many, which casts
little and leaves out long rows; and mongoimport where it is on PATH. Every loader runs in a process
of its own; memory is the peak, and what of it is above the process with its imports.
"""

import argparse
import contextlib
import csv
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.read import write_file
from tests.null_server import compiler, null_server

INTEGERS, NUMBERS, BATCH = ("id", "qty"), ("amount",), 10_000


Told = tuple[int, int]  # records read, and of those left out; -1 where it does not tell


def by_sluice(path: Path, uri: str, unique: bool = True) -> Told:
    from core.loading.loader import load_file
    from core.reading.dialect import Dialect
    from core.recipes.recipe import Recipe
    from core.recipes.schema import Field, Schema
    from core.store import Store

    fields = (
        Field("id", "integer", constraints={"required": True, "unique": unique}),
        Field("first", constraints={"maxLength": 40}),
        Field("last", constraints={"maxLength": 40}),
        Field("email", format="email"),
        Field("amount", "number", constraints={"minimum": 0, "maximum": 1_000_000}),
        Field("qty", "integer", constraints={"minimum": 0, "maximum": 1000}, bson="int32"),
        Field("date", "date"),
        Field("active", "boolean"),
        Field("status", constraints={"enum": ["new", "open", "paid", "shipped", "closed"]}),
        Field("note", constraints={"maxLength": 200}),
    )
    made = Recipe("bench", path.name, Dialect(), Schema(fields=fields), "bench")
    with Store(uri, "bench") as store:
        for report in load_file(path, made, store, again=True):
            last = report
    return last.records, last.quarantined


def by_sluice_loosely(path: Path, uri: str) -> Told:
    return by_sluice(path, uri, unique=False)


def by_dicts(path: Path, uri: str) -> Told:
    """What one writes by hand: each row cast, 10,000 at a time."""
    from pymongo import MongoClient

    rows = left_out = 0
    with (
        MongoClient[dict[str, Any]](uri) as client,
        path.open(newline="", encoding="utf-8", errors="replace") as file,
    ):
        batch: list[dict[str, Any]] = []
        for row in csv.DictReader(file, restkey="surplus"):
            rows += 1
            try:
                batch.append(_cast(row))
            except (ValueError, TypeError):  # of a cell that is missing, too
                left_out += 1
            if len(batch) == BATCH:
                client.bench.bench.insert_many(batch, ordered=False)
                batch = []
        if batch:
            client.bench.bench.insert_many(batch, ordered=False)
    return rows, left_out


def _cast(row: dict[str, Any]) -> dict[str, Any]:
    for name in INTEGERS:
        row[name] = int(row[name])
    for name in NUMBERS:
        row[name] = float(row[name])
    row["date"] = datetime.strptime(row["date"], "%Y-%m-%d")
    row["active"] = row["active"] == "true"
    return row


def by_pandas(path: Path, uri: str) -> Told:
    import pandas as pd
    from pymongo import MongoClient

    rows = 0
    with MongoClient[dict[str, Any]](uri) as client:
        chunks = pd.read_csv(path, chunksize=50_000, on_bad_lines="skip", encoding_errors="replace")
        for frame in chunks:
            rows += len(frame)
            rows_of: list[Any] = frame.to_dict("records")
            client.bench.bench.insert_many(rows_of, ordered=False)
    return rows, -1


def by_mongoimport(path: Path, uri: str) -> Told:
    command = ["mongoimport", "--uri", uri, "--db", "bench", "--collection", "bench"]
    command += ["--type", "csv", "--headerline", "--file", str(path), "--quiet"]
    subprocess.run(command, check=True)
    return -1, -1


LOADERS: dict[str, Callable[[Path, str], Told]] = {
    "sluice": by_sluice,
    "sluice-no-keys": by_sluice_loosely,
    "dicts": by_dicts,
    "pandas": by_pandas,
    "mongoimport": by_mongoimport,
}


IMPORTS = {
    "sluice": ("core.loading.loader", "core.store"),
    "sluice-no-keys": ("core.loading.loader", "core.store"),
    "dicts": ("pymongo",),
    "pandas": ("pandas", "pymongo"),
}


def measure(loader: str, path: Path, uri: str) -> dict[str, float]:
    """One loader in a process of its own: CPU and wall seconds with its start, peak MB."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "tests.bench.load", "child", loader, str(path), uri]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), "wall": time.perf_counter() - started}


def child(loader: str, path: str, uri: str) -> int:
    for name in IMPORTS.get(loader, ()):
        importlib.import_module(name)
    imports = _peak()
    records, left_out = LOADERS[loader](Path(path), uri)
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    told = {"records": records, "left out": left_out, "cpu": cpu, "peak": _peak()}
    print(json.dumps({**told, "above": told["peak"] - imports}))
    return 0


def _peak() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@contextlib.contextmanager
def embedded() -> Iterator[str]:
    from core.local.server import end, spawn

    with tempfile.TemporaryDirectory() as folder:
        running = spawn(Path(folder))
        yield f"mongodb://127.0.0.1:{running.port}"
        end(running.process, 10)


Server = Callable[[], contextlib.AbstractContextManager[str]]


def compare(server: Server, where: str, rows: int, loaders: list[str], folder: Path) -> None:
    """Each loader finds a server that holds nothing."""
    for dirty in (0.0, 0.01):
        path = folder / f"{rows}-{dirty}.csv"
        write_file(path, rows, dirty)
        figures = {}
        for loader in loaders:
            try:
                with server() as uri:
                    figures[loader] = measure(loader, path, uri)
            except subprocess.CalledProcessError as error:
                print(f"  {loader} failed: {error.stderr.strip().splitlines()[-1:]}")
        kind = "1 % broken" if dirty else "clean"
        print(f"{rows:,} rows, {kind}, into the {where} server ({path.stat().st_size >> 20} MB)")
        for loader, found in figures.items():
            _print(loader, found, figures)
        path.unlink()


def _print(loader: str, found: Mapping[str, float], figures: Mapping[str, Any]) -> None:
    line = f"  {loader:22} {found['cpu']:7.2f} CPU-s {found['wall']:7.2f} s"
    line += f" {found['peak']:6.0f} MB, {found['above']:4.0f} above imports"
    if found["left out"] >= 0:
        line += f" {found['left out']:7,.0f} left out"
    if "dicts" in figures:
        line += f" {figures['dicts']['cpu'] / found['cpu']:6.1f}× less CPU than DictReader"
    print(line, flush=True)


def main(argv: list[str]) -> int:
    if argv[:1] == ["child"]:
        return child(*argv[1:])
    parser = argparse.ArgumentParser(prog="run bench load", description=__doc__)
    parser.add_argument("--rows", default="1000000,4000000", help="into the null server")
    parser.add_argument("--embedded", type=int, default=200_000, help="rows; 0 leaves it out")
    parser.add_argument("--only", default="", help="loaders, by comma")
    args = parser.parse_args(argv)
    wanted = args.only.split(",") if args.only else list(LOADERS)
    wanted += ["sluice-no-keys"] if wanted == ["sluice"] else []
    loaders = [name for name in wanted if name != "mongoimport" or shutil.which(name)]
    if "mongoimport" in wanted and "mongoimport" not in loaders:
        print("mongoimport is not on PATH: left out.")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as home:
        if compiler() is None:
            print("No C compiler, so no null server: left out.")
        else:
            for rows in filter(None, args.rows.split(",")):
                compare(null_server, "null", int(rows), loaders, Path(home))
        if args.embedded:
            compare(embedded, "embedded", args.embedded, loaders, Path(home))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
