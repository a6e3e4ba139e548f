"""The fast path and the exact machine give the same answer, whatever the bytes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import core.reading.source
from core.reading.dialect import Dialect
from core.reading.source import Source
from tests.core.reading.plain import Plain, read_plainly

PIECES = st.sampled_from(
    [
        *"ab ,,\n\n\r#\\é|\x1e\x1f;\x00\ufeff",
        '"',
        '"',
        '""',
        "\r\n",
        "'",
        "a,b\n",
        '"a","b"\n',
        'a,"b\nc"\n',
        "::",
        '5" pipe,',
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)
DIALECTS = st.sampled_from(
    [
        Dialect(header=False),
        Dialect(header=False, quote_char=None),
        Dialect(header=False, escape_char="\\"),
        Dialect(header=False, escape_char="\\", double_quote=False),
        Dialect(header=False, escape_char="\\", quote_char=None),
        Dialect(header=False, quote_char="'"),
        Dialect(header=False, quote_char="é"),
        Dialect(header=False, delimiter="::"),
        Dialect(header=False, delimiter="|", comment_char="#"),
        Dialect(header=False, delimiter=" "),
        Dialect(header=False, skip_initial_space=True),
        Dialect(header=False, line_terminator="\n"),
        Dialect(header=False, line_terminator="\r\n"),
        Dialect(header=False, line_terminator="\r"),
        Dialect(header=False, double_quote=False),
    ]
)


def read(path: Path, dialect: Dialect) -> list[Plain]:
    """What the reader says of a file, in the form of the plain reader."""
    source = Source(path, dialect)
    rows, refused = {}, {}
    for batch in source.batches():
        columns = [column.to_pylist() for column in batch.columns.values()]
        for n, (start, _) in enumerate(batch.spans.tolist()):
            rows[start] = tuple(column[n] for column in columns)
        refused |= {r.span[0]: r.reasons[0].code for r in batch.refused}
    return [
        Plain(s.kind, s.start, s.stop, rows.get(s.start, ()), refused.get(s.start, ""))
        for s in source.spans()
        if s.kind != "bom"
    ]


@given(text=TEXTS, dialect=DIALECTS, width=st.integers(1, 4))
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_fast_path_reads_what_the_machine_reads(
    tmp_path: Path, text: str, dialect: Dialect, width: int
) -> None:
    first = dialect.delimiter.join("x" * width) + (dialect.line_terminator or "\n")
    raw = (first + text).encode()
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    assert read(path, dialect) == read_plainly(raw, dialect, width)


@given(text=TEXTS, width=st.integers(1, 4), block=st.sampled_from([16, 64]))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_small_windows_read_what_the_machine_reads(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    width: int,
    block: int,
) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", block)
    raw = (",".join("x" * width) + "\n" + text).encode()
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    dialect = Dialect(header=False)
    assert read(path, dialect) == read_plainly(raw, dialect, width)
