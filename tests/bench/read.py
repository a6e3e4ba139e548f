"""`./run bench read`: rows per CPU second and peak memory of reading, beside other readers.

    .venv/bin/python -m tests.bench.read [--rows 300000] [--memory] [--huge]

One clean file of ten columns and one with 1 % broken records; every reader runs in a process of its
own on the same file. Reading with Sluice includes SHA-256, places of every record and refusals.
`--memory` compares the peak of a file ten times as long; `--huge` times the first 200 rows of a
10 GB file (a hole behind its first rows).
"""

import argparse
import csv
import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HEADER = "id,first,last,email,amount,qty,date,active,status,note"
_FIRST = ("Anna", "Björn", "Chloé", "David", "Eva", "Farid", "Greta", "Hugo")
_LAST = ("Smith", "Müller", "Garcia", "Novak", "Rossi", "Larsen", "Kowalski", "Brown")
_STATUS = ("new", "open", "paid", "shipped", "closed")
_NOTES = ("", "call back", "gift wrap", '"left, at the door"', "urgent", '"said ""yes"""')


def write_file(path: Path, rows: int, dirty: float = 0.0) -> None:
    """The benchmark file: ten columns, about 85 bytes a row; `dirty` of the records are broken."""
    luck = random.Random(7)
    with path.open("wb") as file:
        file.write(f"{HEADER}\n".encode())
        for start in range(0, rows, 10_000):
            lines = [_row(luck, n) for n in range(start, min(rows, start + 10_000))]
            if dirty:
                lines = [_broken(luck, x) if luck.random() < dirty else x for x in lines]
            file.write(b"\n".join(lines) + b"\n")


def _row(luck: random.Random, n: int) -> bytes:
    first, last = luck.choice(_FIRST), luck.choice(_LAST)
    return (
        f"{n},{first},{last},{last.lower()}.{n % 1000}@example.com,{luck.random() * 2000:.2f},"
        f"{luck.randrange(1000)},2024-{luck.randrange(1, 13):02d}-{luck.randrange(1, 29):02d},"
        f"{luck.choice(('true', 'false'))},{luck.choice(_STATUS)},{luck.choice(_NOTES)}"
    ).encode()


def _broken(luck: random.Random, line: bytes) -> bytes:
    """One of the ways a record breaks, each as likely."""
    ways: tuple[Callable[[bytes], bytes], ...] = (
        lambda x: x.rsplit(b",", 2)[0],
        lambda x: x + b",surplus",
        lambda x: x.replace(b",", b',5" pipe ', 1).replace(b" ", b",", 1),
        lambda x: x.replace(b"@", b"\xe9", 1),
        lambda x: b",,,,,,,,,",
        lambda x: b'"x"y' + x,
    )
    return luck.choice(ways)(line)


def _sluice(path: Path) -> int:
    from core.reading.dialect import Dialect
    from core.reading.source import Source

    return sum(batch.count for batch in Source(path, Dialect()).batches())


def _csv_columns(path: Path) -> int:
    """csv.reader, its rows turned into columns 10,000 at a time."""
    count, held = 0, []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.reader(file):
            held.append(row)
            if len(held) == 10_000:
                count += len(held)
                list(map(list, zip(*held, strict=False)))
                held.clear()
    return count + len(held)


def _csv(path: Path) -> int:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _pandas(path: Path) -> int:
    import pandas

    chunks = pandas.read_csv(
        path,
        dtype=str,
        chunksize=50_000,
        keep_default_na=False,
        on_bad_lines="skip",
        encoding_errors="replace",
    )
    return sum(len(chunk) for chunk in chunks)


def _duckdb(path: Path) -> int:
    import duckdb

    reader = duckdb.connect().execute(
        f"SET threads=1; SELECT * FROM read_csv('{path}', all_varchar=true, ignore_errors=true)"
    )
    count = 0
    while len(rows := reader.fetch_df_chunk(20)):
        count += len(rows)
    return count


READERS: dict[str, Callable[[Path], int]] = {
    "sluice": _sluice,
    "csv.reader": _csv,
    "csv.reader, columns": _csv_columns,
    "pandas": _pandas,
    "duckdb": _duckdb,
}
_IMPORTS = {"sluice": "core.reading.source", "pandas": "pandas", "duckdb": "duckdb"}


def one(reader: str, path: Path) -> dict[str, float]:
    """Rows, CPU seconds and peak memory above the imports (MB), in this process."""
    if reader in _IMPORTS:
        __import__(_IMPORTS[reader])
    before, cpu = _peak(), time.process_time()
    rows = READERS[reader](path)
    return {"rows": rows, "cpu": time.process_time() - cpu, "memory": _peak() - before}


def _peak() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _apart(reader: str, path: Path) -> dict[str, float]:
    """`one` in a process of its own; the better of two runs."""
    runs = []
    for _ in range(2):
        command = [sys.executable, "-m", "tests.bench.read", "--one", reader, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: run["cpu"])


def _compare(folder: Path, rows: int) -> None:
    own: dict[str, float] = {}
    for kind, share in (("clean", 0.0), ("1 % dirty", 0.01)):
        path = folder / "bench.csv"
        write_file(path, rows, share)
        print(f"\n{kind}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        for reader in READERS:
            if reader in _IMPORTS and importlib.util.find_spec(_IMPORTS[reader]) is None:
                print(f"  {reader:20} not installed")
                continue
            run = _apart(reader, path)
            if reader == "sluice":
                own[kind] = run["cpu"]
            print(
                f"  {reader:20} {rows / run['cpu'] / 1e6:6.2f} M rows per CPU second"
                f"  {run['cpu'] / own[kind]:5.1f} × sluice's time"
                f"  {run['memory']:6.0f} MB above imports"
            )
    print(f"\n1 % dirty takes {own['1 % dirty'] / own['clean']:.2f} × the clean file's CPU time")


def _memory(folder: Path, rows: int) -> None:
    peaks = []
    for count in (rows, rows * 10):
        path = folder / "bench.csv"
        write_file(path, count)
        peaks.append(_apart("sluice", path)["memory"])
        print(f"{count:,} rows: peak {peaks[-1]:.1f} MB above imports")
    print(f"ten times the rows: {peaks[1] / peaks[0]:.2f} × the peak")


def _huge(folder: Path) -> None:
    from core.reading.source import Source, detect

    path = folder / "huge.csv"
    write_file(path, 100_000)
    os.truncate(path, 10 << 30)
    began = time.perf_counter()
    batch = next(Source(path, detect(path).dialect).batches())
    seconds = time.perf_counter() - began
    print(f"first {min(200, batch.rows)} rows of a 10 GB file: {seconds:.3f} s")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench read", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.one:
        print(json.dumps(one(given.one[0], Path(given.one[1]))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if given.memory:
            _memory(Path(folder), given.rows)
        elif given.huge:
            _huge(Path(folder))
        else:
            _compare(Path(folder), given.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
