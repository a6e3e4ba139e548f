"""Random tables in random dialects come back exactly; random damage is counted to the byte."""

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import CoreError
from core.reading.dialect import Dialect
from core.reading.encoding import Codec
from core.reading.source import Source

CELLS = st.one_of(
    st.text(st.sampled_from("ab1 ,;\t|'\"\n\r\\é語#"), max_size=8),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=5),
)
FAST = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str | None]]:
    width = draw(st.integers(1, 5))
    row = st.lists(st.one_of(st.none(), CELLS), min_size=width, max_size=width)
    return draw(st.lists(row, max_size=12))


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    return Dialect(
        encoding=draw(st.sampled_from(["utf-8", "utf-8", "utf-16-le", "utf-16-be", "gb18030"])),
        delimiter=draw(st.sampled_from([",", ";", "\t", "|", ":", "::", "§"])),
        quote_char=draw(st.sampled_from(['"', "'"])),
    )


def written(table: list[list[str | None]], dialect: Dialect, end: str) -> str:
    quote = dialect.quote_char or ""
    return "".join(
        dialect.delimiter.join(
            "" if c is None else quote + c.replace(quote, quote * 2) + quote for c in row
        )
        + end
        for row in table
    )


def rows_of(source: Source) -> list[tuple[str | None, ...]]:
    return [
        row
        for batch in source.batches()
        for row in zip(*(c.to_pylist() for c in batch.columns.values()), strict=True)
    ]


def told(table: list[list[str | None]]) -> list[tuple[str | None, ...]]:
    """What the reader should say: rows of nothing but delimiters are no rows."""
    return [tuple(row) for row in table if any(cell is not None for cell in row)]


@given(table=tables(), dialect=dialects(), end=st.sampled_from(["\n", "\r\n", "\r"]))
@FAST
def test_a_random_table_comes_back(
    tmp_path: Path, table: list[list[str | None]], dialect: Dialect, end: str
) -> None:
    width = len(table[0]) if table else 1
    header = [f"c{n}" for n in range(width)]
    path = tmp_path / "table.csv"
    path.write_bytes(written([list(header), *table], dialect, end).encode(dialect.encoding))
    source = Source(path, dialect)
    assert source.names == tuple(header)
    assert rows_of(source) == told(table)


@given(table=tables(), delimiter=st.sampled_from([",", ";", "\t"]))
@FAST
def test_what_the_csv_module_writes_is_read_as_the_csv_module_reads_it(
    tmp_path: Path, table: list[list[str | None]], delimiter: str
) -> None:
    table = [[cell or "" for cell in row] for row in table]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    width = len(table[0]) if table else 1
    content = delimiter.join(f"c{n}" for n in range(width)) + "\n" + text.getvalue()
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode())
    expected = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))[1:]
    source = Source(path, Dialect(delimiter=delimiter))
    # a carriage return that csv leaves bare ends a row for both; a row of one blank cell is a blank
    # line here, and a row of another width is refused
    kept = [row for row in expected if len(row) == width and (any(row) or width == 1)]
    found = [[cell or "" for cell in row] for row in rows_of(source)]
    assert [row for row in found if not _white(row)] == [row for row in kept if not _white(row)]


def _white(row: list[str]) -> bool:
    return len(row) == 1 and row[0].isspace()


@given(
    table=tables(),
    dialect=dialects(),
    end=st.sampled_from(["\n", "\r\n"]),
    damage=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
)
@FAST
def test_damaged_bytes_lose_no_record_and_no_byte(
    tmp_path: Path,
    table: list[list[str | None]],
    dialect: Dialect,
    end: str,
    damage: list[tuple[int, int]],
) -> None:
    width = len(table[0]) if table else 1
    header: list[str | None] = [f"c{n}" for n in range(width)]
    raw = bytearray(written([header, *table], dialect, end).encode(dialect.encoding))
    for place, value in damage:
        raw[place % len(raw)] = value
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    try:
        source = Source(path, dialect)
        batches = list(source.batches())
    except CoreError:
        return
    spans = list(source.spans())
    assert b"".join(bytes(raw[s.start : s.stop]) for s in spans) == raw
    codec = Codec(dialect.encoding, None, bytes(raw))
    begins = [0, *(codec.mark + codec.stops(bytes(raw[codec.mark :]), True)).tolist()]
    begins[0] = codec.mark
    records = [s for s in spans if s.kind in ("record", "refused")]
    assert sum(batch.count for batch in batches) == len(records)
    for span, number in zip(records, range(1, len(records) + 1), strict=True):
        assert begins[span.line - 1] == span.start
        assert any(
            number in batch.records or number in [r.record for r in batch.refused]
            for batch in batches
        )
