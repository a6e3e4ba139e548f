"""`./run bench check`: what a check costs beside per-cell Python and beside pandas.

    .venv/bin/python -m tests.bench.check [--rows 1000000 10000000] [--skip-python]

The benchmark file has ten columns and the same rules for all: types, required, lengths, a pattern,
an enum, ranges, and a unique id; one file is clean, in one 1 % of the records have a bad cell.
Every run is a process of its own. Prints CPU nanoseconds a row, the ratio to Sluice on the clean
file, and the peak memory; the run without unique tells what uniqueness takes.
"""

import argparse
import csv
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from core.reading.dialect import Dialect
from core.recipes.recipe import Recipe
from core.recipes.schema import Field, Schema
from resources.samples.make import big_lines

EMAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
STATUS = ("new", "open", "paid", "shipped", "closed")
PYTHON_ROWS = 200_000  # of the file that the slow ones read; a row costs the same throughout


def recipe(unique: bool = True) -> Recipe:
    name = {"required": True, "maxLength": 40}
    fields = (
        Field("id", "integer", constraints={"required": True, "unique": unique}, bson="int32"),
        Field("first", constraints=name),
        Field("last", constraints=name),
        Field("email", constraints={"pattern": EMAIL}),
        Field("amount", "number", constraints={"minimum": 0, "maximum": 1_000_000}),
        Field("qty", "integer", constraints={"minimum": 0, "maximum": 1_000}, bson="int32"),
        Field("date", "date"),
        Field("active", "boolean"),
        Field("status", constraints={"enum": list(STATUS)}),
        Field("note", constraints={"maxLength": 200}),
    )
    return Recipe("bench", "bench.csv", Dialect(), Schema(fields))


def by_sluice(path: Path, unique: bool = True) -> tuple[int, int]:
    from core.checking.checker import check_file

    for report in check_file(path, recipe(unique)):
        last = report
    return last.records, last.quarantined


def by_sluice_without_unique(path: Path) -> tuple[int, int]:
    return by_sluice(path, unique=False)


def by_reading(path: Path) -> tuple[int, int]:
    """What of it is reading alone."""
    from core.reading.source import Source

    return sum(raw.count for raw in Source(path, recipe().dialect).batches()), 0


def by_python(path: Path) -> tuple[int, int]:
    """csv.reader and the rules cell by cell, as one would write them by hand."""
    seen: set[int] = set()
    email = re.compile(EMAIL)
    rows = bad = 0
    with path.open(newline="", encoding="utf-8") as file:
        for cells in csv.reader(file):
            if rows == 0 and cells[0] == "id":
                continue
            rows += 1
            bad += bool(_python_problems(cells, seen, email))
            if rows == PYTHON_ROWS:
                break
    return rows, bad


def _python_problems(cells: list[str], seen: set[int], email: re.Pattern[str]) -> list[str]:
    problems = []
    tries: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("id", lambda: int(cells[0]) not in seen),
        ("first", lambda: 0 < len(cells[1]) <= 40),
        ("last", lambda: 0 < len(cells[2]) <= 40),
        ("email", lambda: email.fullmatch(cells[3]) is not None),
        ("amount", lambda: 0 <= float(cells[4]) <= 1_000_000),
        ("qty", lambda: 0 <= int(cells[5]) <= 1_000),
        ("date", lambda: date.fromisoformat(cells[6]) is not None),
        ("active", lambda: cells[7] in ("true", "false")),
        ("status", lambda: cells[8] in STATUS),
        ("note", lambda: len(cells[9]) <= 200),
    )
    for name, holds in tries:
        try:
            if not holds():
                problems.append(name)
        except ValueError:
            problems.append(name)
    if not problems:
        seen.add(int(cells[0]))
    return problems


def by_pandas(path: Path) -> tuple[int, int]:
    """The same rules by pandas in chunks, the whole columns at once."""
    import pandas as pd

    rows = bad = 0
    ids = []
    chunks = pd.read_csv(path, dtype=str, keep_default_na=False, chunksize=100_000)
    for frame in chunks:
        numbers = {name: pd.to_numeric(frame[name], "coerce") for name in ("id", "amount", "qty")}
        good = numbers["id"].notna()
        for name in ("first", "last"):
            good &= frame[name].str.len().between(1, 40)
        good &= frame["email"].str.fullmatch(EMAIL)
        good &= numbers["amount"].between(0, 1_000_000) & numbers["qty"].between(0, 1_000)
        good &= pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce").notna()
        good &= frame["active"].isin(["true", "false"]) & frame["status"].isin(STATUS)
        good &= frame["note"].str.len() <= 200
        rows, bad = rows + len(frame), bad + int((~good).sum())
        ids.append(numbers["id"])
    bad += int(pd.concat(ids).duplicated().sum())
    return rows, bad


RUNS: dict[str, Callable[[Path], tuple[int, int]]] = {
    "sluice": by_sluice,
    "sluice, no unique": by_sluice_without_unique,
    "reading alone": by_reading,
    "per-cell Python": by_python,
    "pandas": by_pandas,
}


def measure(name: str, path: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.check", "--one", name, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def one(name: str, path: Path) -> None:
    RUNS[name](_tiny(path))  # imports and first calls are no part of a row's price
    began = time.process_time()
    rows, bad = RUNS[name](path)
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"rows": rows, "bad": bad, "ns": spent / rows * 1e9, "peak": peak}, sys.stdout)


def _tiny(path: Path) -> Path:
    tiny = path.with_name("tiny.csv")
    if not tiny.exists():
        tiny.write_bytes(b"".join(big_lines(1_000, 0.0)))
    return tiny


def compare(rows: int, folder: Path, names: list[str]) -> None:
    files = {}
    for kind, dirty in (("clean", 0.0), ("dirty", 0.01)):
        files[kind] = folder / f"{kind}.csv"
        with files[kind].open("wb") as file:
            file.writelines(big_lines(rows, dirty))
    print(f"{rows:,} rows, {files['clean'].stat().st_size / 1e6:,.0f} MB")
    heads = f"{'ns/row clean':>13} {'dirty':>7} {'dirty/clean':>12} {'× Sluice':>9} {'peak MB':>8}"
    print(f"  {'':18} {heads}")
    base: dict[str, float] = {}
    for name in names:
        clean, dirty_run = measure(name, files["clean"]), measure(name, files["dirty"])
        base = base or clean
        print(
            f"  {name:18} {clean['ns']:13,.0f} {dirty_run['ns']:7,.0f}"
            f" {dirty_run['ns'] / clean['ns']:12.2f} {clean['ns'] / base['ns']:9.1f}"
            f" {clean['peak']:8,.0f}",
            flush=True,
        )
        if name == "sluice, no unique":
            each = (base["peak"] - clean["peak"]) * 1024**2 / rows
            print(f"  uniqueness takes {each:.0f} bytes a value")
    for path in files.values():
        path.unlink()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", nargs="+", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--skip-python", action="store_true", help="only Sluice's own runs")
    parser.add_argument("--one", nargs=2, metavar=("RUN", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    if chosen.one:
        one(chosen.one[0], Path(chosen.one[1]))
        return 0
    names = [name for name in RUNS if not chosen.skip_python or "sluice" in name]
    with tempfile.TemporaryDirectory() as folder:
        for rows in chosen.rows:
            compare(rows, Path(folder), names)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
