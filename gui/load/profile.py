"""What a column of the open file looks like: top values, figures and a histogram; no Qt here.

The file is read once more for it, in a task; what is yielded after each block is true of the rows
read so far, so that a small file shows at once and a large one fills in.
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.checking.checker import Checker
from core.checking.judging import Judged
from core.reading.source import Source
from gui.load.state import Work

BINS = 28
DISTINCT = 50_000  # values counted apart; beyond that only "more than" is known
STEP = 4  # of the first blocks each is shown, then every STEP-th


@dataclass(frozen=True, slots=True, eq=False)
class ColumnProfile:
    """`count` are the valid ones of the `cells` read. `edges` has one more than `counts`; both are
    empty where the type has no order. Values are words ready to be read; `distinct` is None where
    there are too many to count. `missing`: the words that count as missing, and how often."""

    cells: int
    count: int
    distinct: int | None
    top: tuple[tuple[str, int], ...]
    figures: tuple[tuple[str, str], ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    moments: bool = False  # whether edges are milliseconds since 1970
    missing: tuple[tuple[str, int], ...] = ()


def profile_column(path: Path, work: Work, name: str) -> Generator[ColumnProfile, None, None]:
    """The valid cells of a column in all rows read, whatever is wrong elsewhere in their rows;
    raises FileError."""
    recipe = work.recipe
    source = Source(path, recipe.dialect)
    checker = Checker(recipe, source.names, edits=work.edits)
    seen: dict[str, int] = {}
    kind = pa.null()
    numbers: list[npt.NDArray[np.float64]] = []
    words: Counter[str] = Counter()
    cells = 0
    for number, raw in enumerate(source.batches()):
        judged = checker.column(raw, name)
        column, cells = _valid(judged), cells + len(judged.typed)
        kind = column.type
        _count(seen, column)
        words.update(_missing(judged))
        values = _numbers(column)
        if values is not None:
            numbers.append(values)
        if number < STEP or number % STEP == 0:
            yield _profile(cells, seen, numbers, kind, words)
    if seen or words:
        yield _profile(cells, seen, numbers, kind, words)


def _missing(judged: Judged) -> Counter[str]:
    """The words, not the cells that are empty by themselves."""
    gone = pc.and_(pc.is_null(judged.text), pc.is_valid(judged.cells))
    found = pc.utf8_trim_whitespace(judged.cells.filter(gone))
    return Counter(
        {
            one["values"]: one["counts"]
            for one in pc.value_counts(found).to_pylist()
            if one["values"]
        }
    )


def _valid(judged: Judged) -> pa.Array:
    """Without the cells that break a rule of the column."""
    good = np.ones(len(judged.typed), bool)
    for finding in judged.findings:
        good[finding.rows] = False
    return judged.typed if good.all() else judged.typed.filter(pa.array(good))


def _count(seen: dict[str, int], column: pa.Array) -> None:
    if len(seen) > DISTINCT:
        return
    text = column if pa.types.is_string(column.type) else _text(column)
    for item in pc.value_counts(text.drop_null()).to_pylist():
        seen[item["values"]] = seen.get(item["values"], 0) + item["counts"]


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, format="%Y-%m-%d")
    if pa.types.is_binary(column.type) or pa.types.is_list(column.type):
        return pa.nulls(len(column), pa.string())
    return pc.cast(column, pa.string())


def _numbers(column: pa.Array) -> npt.NDArray[np.float64] | None:
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = pc.cast(column, pa.int64())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    values: npt.NDArray[np.float64] = np.asarray(
        pc.cast(column.drop_null(), pa.float64(), safe=False)
    )
    return values[np.isfinite(values)]


def _profile(
    cells: int,
    seen: dict[str, int],
    numbers: list[npt.NDArray[np.float64]],
    kind: pa.DataType,
    words: Counter[str],
) -> ColumnProfile:
    many = len(seen) > DISTINCT
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:8]
    total = sum(seen.values())
    distinct = None if many else len(seen)
    missing = tuple(words.most_common())
    if not numbers or not sum(map(len, numbers)):
        return ColumnProfile(cells, total, distinct, tuple(ranked), missing=missing)
    values = np.concatenate(numbers)
    moments = pa.types.is_timestamp(kind)
    counts, edges = np.histogram(values, BINS, range=_range(values))
    return ColumnProfile(
        cells,
        len(values),
        distinct,
        tuple(ranked),
        _figures(values, moments),
        tuple(edges.tolist()),
        tuple(counts.tolist()),
        moments,
        missing,
    )


def _range(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Without the farthest half per cent at the top, where that would flatten all the rest."""
    low, high = float(values.min()), float(values.max())
    most = float(np.quantile(values, 0.995))
    if most > low and high - low > 2 * (most - low):
        high = most
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _figures(values: npt.NDArray[np.float64], moments: bool) -> tuple[tuple[str, str], ...]:
    least, median, most = (float(v) for v in np.quantile(values, (0, 0.5, 1)))
    say = day_words if moments else number_words
    if moments:
        return (("first", say(least)), ("median", say(median)), ("last", say(most)))
    mean = float(values.mean())
    return (
        ("lowest", say(least)),
        ("median", say(median)),
        ("mean", say(mean)),
        ("highest", say(most)),
    )


def number_words(value: float) -> str:
    """Whole numbers without a fraction, others with as much as can be read."""
    if abs(value) >= 1e12 or (value and abs(value) < 1e-3):
        return f"{value:.3g}"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.3f}"


def day_words(value: float) -> str:
    return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d")
