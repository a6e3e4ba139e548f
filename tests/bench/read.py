"""`./run bench read`: rows per CPU second and peak memory of reading, beside other readers.

    .venv/bin/python -m tests.bench.read [--rows N] [--memory] [--huge]

One clean file of ten columns and one with 1 % broken records. Every reader runs in a process of its
own, the readers take turns, and the best of three turns counts: what else the machine does falls on
all alike. Reading with Sluice includes SHA-256, the places of every record, and which are refused
and why; "sluice, words" also asks for what a person reads of each refusal, which is written only
then. pyarrow.csv alone, on the same blocks, is the parser without anything around it.
`--memory` compares the peak of 1M rows with that of the same rows ten times over: below some 80
blocks the allocators still grow to what one block needs. `--huge` times the first 200 rows
of a 10 GB file (a hole behind its first rows).
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
from itertools import product
from pathlib import Path

TURNS = 3
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


def _sluice_words(path: Path) -> int:
    from core.reading.dialect import Dialect
    from core.reading.source import Source

    return sum(batch.rows + len(list(batch.refused)) for batch in Source(path, Dialect()).batches())


def _pyarrow(path: Path) -> int:
    """Sluice's blocks, up to a line end; rows of the wrong width are left out."""
    import pyarrow as pa
    from pyarrow import csv

    from core.reading.source import BLOCK

    names = HEADER.split(",")
    read = csv.ReadOptions(use_threads=False, column_names=names)
    parse = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip")
    convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.binary()))
    count, rest = -1, b""  # the header is no row
    with path.open("rb", buffering=0) as file:
        while part := file.read(BLOCK - len(rest)):
            part = rest + part
            stop = part.rindex(b"\n") + 1
            block, rest = part[:stop], part[stop:]
            read.block_size = stop + 1
            count += csv.read_csv(pa.BufferReader(block), read, parse, convert).num_rows
    return count


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
    """Columns of text as they are, and every row that breaks kept in its table of rejects."""
    import duckdb

    database = duckdb.connect(config={"threads": 1})
    found = database.sql(
        "SELECT * FROM read_csv(?, auto_detect=false, header=true, delim=',', quote='\"', "
        "escape='\"', columns=?, store_rejects=true)",
        params=[str(path), dict.fromkeys(HEADER.split(","), "VARCHAR")],
    )
    return sum(batch.num_rows for batch in found.to_arrow_reader(20_000))


READERS: dict[str, Callable[[Path], int]] = {
    "sluice": _sluice,
    "sluice, words": _sluice_words,
    "pyarrow.csv alone": _pyarrow,
    "csv.reader": _csv,
    "csv.reader, columns": _csv_columns,
    "pandas": _pandas,
    "duckdb": _duckdb,
}
_IMPORTS = {
    "sluice": "core.reading.source",
    "sluice, words": "core.reading.source",
    "pyarrow.csv alone": "pyarrow.csv",
    "pandas": "pandas",
    "duckdb": "duckdb",
}


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
    """`one` in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.read", "--one", reader, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _compare(folder: Path, rows: int) -> None:
    files = {"clean": folder / "clean.csv", "1 % dirty": folder / "dirty.csv"}
    write_file(files["clean"], rows)
    write_file(files["1 % dirty"], rows, 0.01)
    readers = [reader for reader in READERS if _installed(reader)]
    turns = list(product(files, readers)) * TURNS
    runs = [(turn, _apart(turn[1], files[turn[0]])) for turn in turns]
    runs.sort(key=lambda run: -run[1]["cpu"])
    best = dict(runs)  # the last one stays
    for kind, path in files.items():
        print(f"\n{kind}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        for reader in readers:
            run = best[kind, reader]
            print(
                f"  {reader:20} {rows / run['cpu'] / 1e6:6.2f} M rows per CPU second"
                f"  {run['cpu'] / best[kind, 'sluice']['cpu']:5.2f} × sluice's time"
                f"  {run['memory']:6.0f} MB above imports"
            )
    clean, dirty = (best[kind, "sluice"]["cpu"] for kind in files)
    alone = best["clean", "pyarrow.csv alone"]["cpu"]
    print(f"\nclean: sluice takes {clean / alone:.2f} × the CPU time of pyarrow.csv alone")
    print(f"1 % dirty takes {dirty / clean:.2f} × the clean file's CPU time")


def _installed(reader: str) -> bool:
    found = reader not in _IMPORTS or importlib.util.find_spec(_IMPORTS[reader]) is not None
    if not found:
        print(f"{reader} is not installed: see the bench group in pyproject.toml")
    return found


def _memory(folder: Path, rows: int) -> None:
    path = folder / "bench.csv"
    write_file(path, rows)
    once = _least_memory(path)
    print(f"{rows:,} rows: peak {once:.1f} MB above imports")
    with path.open("rb") as source, path.open("ab") as file:
        begin, stop = len(HEADER) + 1, path.stat().st_size
        for _ in range(9):
            source.seek(begin)
            while source.tell() < stop:
                file.write(source.read(min(1 << 20, stop - source.tell())))
    tenfold = _least_memory(path)
    print(f"{rows * 10:,} rows: peak {tenfold:.1f} MB above imports")
    print(f"ten times the rows: {tenfold / once:.2f} × the peak")


def _least_memory(path: Path) -> float:
    return min(_apart("sluice", path)["memory"] for _ in range(TURNS))


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
    parser.add_argument("--rows", type=int, help="300,000; with --memory 1,000,000")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.one:
        print(json.dumps(one(given.one[0], Path(given.one[1]))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if given.memory:
            _memory(Path(folder), given.rows or 1_000_000)
        elif given.huge:
            _huge(Path(folder))
        else:
            _compare(Path(folder), given.rows or 300_000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
