"""Feeds the reader a million and more broken files and checks what it must keep for each.

    .venv/bin/python -m tests.fuzz_reading --inputs 1000000 [--seed N] [--jobs 2]

For each input: every byte is in exactly one span of the ledger and the spans give the file back;
records are rows and refused together, numbered without a gap; every line number is true; the fast
path and the exact machine agree; the batches that start at any place are the same; nothing but a
CoreError is raised, and nothing takes longer than LONGEST CPU seconds.
"""

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import core.reading.source
from core.batch import RawBatch
from core.errors import CoreError
from core.reading.dialect import Dialect
from core.reading.encoding import Codec
from core.reading.source import Source, Span, detect
from tests.core.reading.plain import read_plainly

LONGEST = 2.0
ENCODINGS = ["utf-8"] * 8 + ["cp1252", "utf-16-le", "utf-16-be", "cp932", "gb18030", "iso8859-7"]
PIECES = [
    "a",
    "b",
    "12",
    " ",
    ",",
    ",",
    ",",
    '"',
    '"',
    '""',
    "\n",
    "\n",
    "\r\n",
    "\r",
    "#",
    "\\",
    "é",
    "|",
    ";",
    "\t",
    "\x1e",
    "\x1f",
    "'",
    'a,"b\nc"\n',
    "::",
    "\ufeff",
    "\x00",
    '5" pipe,',
    "語",
    "a,b\n",
    '"a","b"\n',
    "a,b,c\n",
    '1,"x,2\n',
    "\u3000",
    "sep=;\n",
]


def dialect_for(luck: random.Random) -> Dialect:
    header = luck.random() < 0.5
    return Dialect(
        encoding=luck.choice(ENCODINGS),
        delimiter=luck.choice([",", ",", ",", ";", "\t", "|", "::", " "]),
        quote_char=luck.choice(['"', '"', '"', '"', "'", None]),
        escape_char=luck.choice([None, None, None, "\\"]),
        double_quote=luck.random() < 0.9,
        line_terminator=luck.choice([None, None, None, None, "\n", "\r\n", "\r"]),
        comment_char=luck.choice([None, None, None, "#"]),
        skip_initial_space=luck.random() < 0.1,
        header=header,
        header_rows=luck.choice([(1,), (1,), (2,), (1, 2)]) if header else (1,),
        comment_rows=luck.choice([(), (), (), (3,)]),
        footer_rows=luck.choice([0, 0, 0, 1, 2]),
    )


def bytes_for(luck: random.Random, dialect: Dialect) -> bytes:
    if luck.random() < 0.05:
        return luck.randbytes(luck.randrange(1, 80))
    text = "".join(luck.choices(PIECES, k=luck.randrange(1, 40))).replace(",", dialect.delimiter)
    raw = bytearray(text.encode(dialect.encoding, "replace"))
    if luck.random() < 0.3:
        for _ in range(luck.randrange(1, 4)):
            raw[luck.randrange(len(raw))] = luck.randrange(256)
    if luck.random() < 0.1:
        raw[:0] = luck.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
    return bytes(raw)


def check(path: Path, raw: bytes, dialect: Dialect, luck: random.Random) -> str:
    """One word on how it went; AssertionError where a promise is broken."""
    path.write_bytes(raw)
    core.reading.source.BLOCK = luck.choice([3 << 19] * 9 + [16, 32, 64])
    try:
        source = Source(path, dialect)
        batches, spans = _read(source)
    except CoreError:
        return "refused whole"
    assert b"".join(raw[s.start : s.stop] for s in spans) == raw, "the ledger loses bytes"
    assert all(a.stop == b.start for a, b in itertools.pairwise(spans)), "overlap"
    assert all(s.start < s.stop for s in spans), "empty span"
    numbers = sorted(
        [n for b in batches for n in b.records.tolist()]
        + [r.record for b in batches for r in b.refused]
    )
    assert numbers == list(range(1, sum(b.count for b in batches) + 1)), "a record is lost"
    kinds = {s.start: s.kind for s in spans}
    codec = Codec(dialect.encoding, dialect.line_terminator, raw)
    body = raw[codec.mark :]
    begins = [codec.mark, *(codec.mark + codec.stops(body, True)).tolist()]
    for batch in batches:
        assert all(len(c) == batch.rows for c in batch.columns.values()), "uneven columns"
        for (start, stop), line in zip(batch.spans.tolist(), batch.lines.tolist(), strict=True):
            assert kinds[start] == "record", "row outside the ledger"
            assert begins[line - 1] == start, "wrong line"
            assert batch.raw(0) is not None
            assert stop > start
        for held in batch.refused:
            assert kinds[held.span[0]] == "refused"
            assert begins[held.line - 1] == held.span[0], "wrong line of a refusal"
            assert raw[slice(*held.span)].startswith(held.raw), "raw bytes changed"
            assert held.reasons
    again = list(source.batches(luck.choice(batches).place)) if len(batches) > 1 else batches
    assert [b.spans.tolist() for b in again] == [
        b.spans.tolist() for b in batches[len(batches) - len(again) :]
    ], "another start reads otherwise"
    _compare(raw, source, dialect, batches)
    return "read"


def _read(source: Source) -> tuple[list[RawBatch], list[Span]]:
    """Batches and ledger of one pass."""
    steps = list(source._steps(None))
    batches = [step.batch(source.names, source._codec) for step in steps]
    spans = [*source._head.spans, *(span for step in steps for span in step.ledger())]
    if source._footer:
        at = spans[-1].stop if spans else source._head.start.offset
        spans.append(Span("footer", at, at + len(source._footer)))
    return batches, spans


def _compare(raw: bytes, source: Source, dialect: Dialect, batches: list[RawBatch]) -> None:
    """The exact machine alone gives the same records, where the encoding lets it speak."""
    if dialect.encoding != "utf-8" or dialect.comment_rows or dialect.footer_rows:
        return
    start = source._head.start.offset
    try:
        raw.decode()
    except UnicodeDecodeError:
        return
    plain = [p for p in read_plainly(raw[start:], dialect, len(source.names))]
    rows = [
        tuple(column[n].as_py() for column in batch.columns.values())
        for batch in batches
        for n in range(batch.rows)
    ]
    assert rows == [p.cells for p in plain if p.kind == "record"], "two readings disagree"
    codes = [r.reasons[0].code for b in batches for r in b.refused]
    assert codes == [p.code for p in plain if p.kind == "refused"], "two refusals disagree"
    assert sum(b.blank for b in batches) == sum(p.kind == "blank" for p in plain)


def run(job: tuple[int, int]) -> dict[str, int]:
    """`inputs` files from one seed → how many went which way; raises at the first broken one."""
    seed, inputs = job
    luck = random.Random(seed)
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        path = Path(folder) / "input.csv"
        for n in range(inputs):
            dialect = dialect_for(luck)
            raw = bytes_for(luck, dialect)
            began = time.process_time()
            try:
                word = check(path, raw, dialect, luck)
                if n % 200 == 0:
                    word = _detected(path) or word
            except Exception as error:
                raise RuntimeError(f"seed {seed}, input {n}: {raw!r} {dialect}") from error
            if time.process_time() - began > LONGEST:
                raise RuntimeError(f"seed {seed}, input {n} hangs: {raw!r} {dialect}")
            counts[word] = counts.get(word, 0) + 1
    return counts


def _detected(path: Path) -> str:
    """Detection never raises anything but a CoreError, and what it finds can be read."""
    try:
        found = detect(path)
        list(Source(path, found.dialect).batches())
    except CoreError:
        return ""
    return ""


def _memory() -> str | None:
    return "/dev/shm" if os.path.isdir("/dev/shm") else None


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fuzz_reading", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(argv)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    print(f"seed {given.seed}, {given.inputs:,} inputs, commit {commit}", flush=True)
    began = time.perf_counter()
    size = min(2_500, given.inputs)
    jobs = [
        (given.seed + n, min(size, given.inputs - n * size))
        for n in range(-(-given.inputs // size))
    ]
    total: dict[str, int] = {}
    with ProcessPoolExecutor(given.jobs) as pool:
        for done, counts in enumerate(pool.map(run, jobs), 1):
            for word, count in counts.items():
                total[word] = total.get(word, 0) + count
            if done % 4 == 0:
                print(
                    f"{sum(total.values()):,} after {time.perf_counter() - began:.0f} s", flush=True
                )
    words = ", ".join(f"{count:,} {word}" for word, count in sorted(total.items()))
    seconds = time.perf_counter() - began
    print(f"{sum(total.values()):,} inputs in {seconds:.0f} s, none broke a promise: {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
