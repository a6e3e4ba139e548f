"""Unique values and keys, and which of equal records stays."""

import random
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checking.checker import Checker
from core.reading.source import Source
from core.values.hashing import Hasher
from core.values.uniqueness import KeyTable
from tests.core.checking.tables import batch_of, checked, problems_of, recipe_of, written

UNLUCKY = (266_884).to_bytes(4, "little")  # its first key is almost a small fraction of 2^64
UNIQUE = {"name": "k", "type": "string", "constraints": {"unique": True}}


def test_the_first_of_equal_records_stays_and_the_others_say_where_it_is() -> None:
    recipe = recipe_of(UNIQUE)
    rows = [{"k": key} for key in ("a", "b", "a", "", "a", "")]
    batch = Checker(recipe, ("k",)).check(batch_of(rows))
    assert batch.columns["k"].to_pylist() == ["a", "b", None, None]
    assert [(one.record, one.reasons[0].code) for one in batch.refused] == [
        (3, "unique-error"),
        (5, "unique-error"),
    ]
    assert "line 1" in batch.refused[1].reasons[0].message


def test_values_are_equal_as_their_type_says() -> None:
    recipe = recipe_of({"name": "n", "type": "number", "constraints": {"unique": True}})
    rows = [{"n": cell} for cell in ("1", "1.0", "-0", "0", "01e0", "2")]
    assert [record for record, *_ in problems_of(recipe, rows)] == [2, 4, 5]


def test_a_primary_key_of_two_fields() -> None:
    recipe = recipe_of(
        {"name": "a", "type": "integer"}, {"name": "b", "type": "date"}, primaryKey=["a", "b"]
    )
    rows = [
        {"a": "1", "b": "2024-01-01"},
        {"a": "1", "b": "2024-01-02"},
        {"a": "01", "b": "2024-01-01"},
        {"a": "", "b": "2024-01-01"},
    ]
    assert problems_of(recipe, rows) == [
        (3, None, "primary-key", "primaryKey"),
        (4, "a", "constraint-error", "required"),
    ]


def test_unique_keys_beside_a_primary_key() -> None:
    recipe = recipe_of(
        {"name": "a", "type": "string"},
        {"name": "b", "type": "string"},
        primaryKey="a",
        uniqueKeys=[["b"], ["a", "b"]],
    )
    rows = [{"a": "1", "b": "x"}, {"a": "2", "b": "x"}, {"a": "2", "b": "y"}]
    assert problems_of(recipe, rows) == [
        (2, "b", "unique-error", "uniqueKeys"),
        (3, "a", "primary-key", "primaryKey"),
    ]


@pytest.mark.parametrize(
    ("policy", "refused"), [("first", [3, 5]), ("last", [1, 3]), ("refuse", [1, 3, 5])]
)
def test_which_record_of_equal_ones_stays(policy: str, refused: list[int], tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "k\na\nb\na\nc\na\n")
    report, problems = checked(path, recipe_of(UNIQUE, sluice={"duplicates": policy}))
    assert [problem.record for problem in problems] == refused
    assert {problem.code for problem in problems} == {"unique-error"}
    assert report.accepted == 5 - len(refused)


def test_keys_are_known_from_block_to_block(tmp_path: Path) -> None:
    rows = [f"{n},{'x' * 90}" for n in range(30_000)]
    rows[29_999] = rows[5]
    path = written(tmp_path / "f.csv", "k,filler\n" + "\n".join(rows) + "\n")
    recipe = recipe_of(UNIQUE, {"name": "filler", "type": "string"})
    assert len(list(Source(path, recipe.dialect).batches())) > 1
    for policy, record in (("first", 30_000), ("last", 6)):
        _, problems = checked(path, recipe.replace(duplicates=policy))
        assert [problem.record for problem in problems] == [record]
        assert f"line {7 if policy == 'first' else 30_001:,};" in problems[0].message


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=30), max_size=8), st.integers(0, 400))
def test_the_table_equals_a_dictionary(batches: list[list[int]], expected: int) -> None:
    table, plain, hasher, line = KeyTable(), {}, Hasher(), 1  # type: ignore[var-annotated]
    for batch in batches:
        lines = np.arange(line, line + len(batch), dtype=np.uint32)
        hashes = hasher.hashes([pa.array(batch, pa.int64())])
        wanted = []
        for value, at in zip(batch, lines.tolist(), strict=True):
            wanted.append(plain.get(value, 0))
            plain.setdefault(value, at)
        assert table.add(hashes, lines, expected).tolist() == wanted
        assert table.find(hashes)[0].tolist() == [plain[value] for value in batch]
        line += len(batch)
    assert table.count == len(plain)


def test_a_table_grows_and_forgets_nothing() -> None:
    table, hasher = KeyTable("refuse"), Hasher()
    values = np.random.default_rng(1).permutation(120_000)
    for start in range(0, len(values), 7_000):
        some = pa.array(values[start : start + 7_000])
        lines = np.arange(start + 1, start + 1 + len(some), dtype=np.uint32)
        assert not table.add(hasher.hashes([some]), lines).any()
    lines, many = table.find(hasher.hashes([pa.array(values)]))
    assert lines.tolist() == list(range(1, len(values) + 1))
    assert not many.any()
    table.add(hasher.hashes([pa.array(values[:5])]), np.arange(5, dtype=np.uint32) + 1_000_000)
    assert table.find(hasher.hashes([pa.array(values)]))[1].sum() == 5


def test_a_value_takes_at_most_forty_bytes() -> None:
    count, hasher = 400_000, Hasher()
    tracemalloc.start()
    table = KeyTable()
    for start in range(0, count, 10_000):
        some = pa.array(np.arange(start, start + 10_000))
        lines = np.arange(start + 1, start + 10_001, dtype=np.uint32)
        table.add(hasher.hashes([some]), lines, expected=count)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / count <= 40


CELLS = st.one_of(st.text(max_size=9), st.sampled_from(["é" * 40, "x" * 256, "x" * 257, "y" * 900]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, st.integers(-5, 5)), max_size=20))
def test_equal_rows_and_only_they_have_equal_hashes(rows: list[tuple[str, int]]) -> None:
    columns = [pa.array([row[0] for row in rows], pa.string()), pa.array([row[1] for row in rows])]
    hashes = [tuple(pair) for pair in Hasher().hashes(columns).tolist()] if rows else []
    for one, first in zip(rows, hashes, strict=True):
        for other, second in zip(rows, hashes, strict=True):
            assert (one == other) == (first == second)


def test_a_hash_does_not_depend_on_what_stands_around() -> None:
    hasher = Hasher()
    cells = ["a", "", "abcd", "abcde", "x" * 255, "x" * 300, "a\0", "a\0\0"]
    together = hasher.hashes([pa.array(["zz", *cells])[1:]])
    alone = np.concatenate([hasher.hashes([pa.array([cell])]) for cell in cells])
    assert (together == alone).all()
    assert len({tuple(pair) for pair in together.tolist()}) == len(cells)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 2, 1], pa.int32()),
        pa.array([1.5, -0.0, 0.0]),
        pa.array([True, False, True]),
        pa.array([1, 2, 1], pa.timestamp("ms", tz="UTC")),
        pa.array([b"ab", b"ab\0", b"ab"]),
        pa.array([["a", "b"], ["a,b"], ["a", "b"]]),
        pa.array([["a" * 300], ["b" * 300], ["a" * 300]]),
        pa.array(["1.00", "2.00", "1.00"]).cast(pa.decimal128(34, 2)),
    ],
)
def test_every_type_can_be_a_key(column: Any) -> None:
    hashes = [tuple(pair) for pair in Hasher().hashes([column]).tolist()]
    values = column.to_pylist()
    for i, one in enumerate(values):
        assert [hashes[i] == other for other in hashes] == [one == other for other in values]


def test_a_decimal_is_the_same_with_more_decimals() -> None:
    hasher = Hasher()
    short = pa.array(["1.5", "-2"]).cast(pa.decimal128(34, 1))
    long = pa.array(["1.50", "-2.00"]).cast(pa.decimal128(34, 2))
    assert (hasher.hashes([short]) == hasher.hashes([long])).all()


def test_two_loads_hash_differently() -> None:
    column = pa.array([str(random.random())])
    assert (Hasher().hashes([column]) != Hasher().hashes([column])).any()


def test_an_unlucky_stride_fills_no_long_runs_of_the_table() -> None:
    """With the key of this seed 300,000 numbers that count upward lie in a few runs."""
    table, hasher, lines = KeyTable(), Hasher(UNLUCKY), np.arange(1, 300_001, dtype=np.uint32)
    numbers = np.arange(300_000)
    begun = time.process_time()
    for start in range(0, 300_000, 10_000):
        some = slice(start, start + 10_000)
        assert not table.add(hasher.hashes([pa.array(numbers[some])]), lines[some], 300_000).any()
    assert time.process_time() - begun < 5  # 60 before the hashes were stirred, 0.1 now
    assert table.add(hasher.hashes([pa.array(numbers)]), lines).tolist() == lines.tolist()
    found, _ = table.find(hasher.hashes([pa.array(numbers)]))
    assert found.tolist() == lines.tolist()
