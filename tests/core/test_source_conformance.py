"""Each case of the conformance table, read and accounted for to the byte."""

import hashlib
from pathlib import Path

import pytest

import core.reading.source
from core.reading.dialect import Dialect
from core.reading.source import Source
from tests.core.reading.cases import CASES, Case


@pytest.mark.parametrize("block", [1 << 20, 24], ids=["one window", "small windows"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", block)
    path = tmp_path / "case.csv"
    path.write_bytes(case.raw)
    source = Source(path, case.dialect)
    batches = list(source.batches())
    rows = [
        row
        for batch in batches
        for row in zip(*(c.to_pylist() for c in batch.columns.values()), strict=True)
    ]
    assert source.names == case.names
    assert rows == case.rows
    assert [n for batch in batches for n in batch.lines.tolist()] == case.lines
    refused = [r for batch in batches for r in batch.refused]
    assert {r.record: r.reasons[0].code for r in refused} == case.refused
    assert sum(batch.count for batch in batches) == len(case.rows) + len(case.refused)
    assert sum(batch.blank for batch in batches) == case.blank
    assert source.sha256 == hashlib.sha256(case.raw).hexdigest()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_ledger_gives_the_file_back(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.csv"
    path.write_bytes(case.raw)
    spans = list(Source(path, case.dialect).spans())
    assert b"".join(case.raw[s.start : s.stop] for s in spans) == case.raw
    assert all(s.start < s.stop for s in spans)
    assert sum(s.kind == "refused" for s in spans) == len(case.refused)
    assert sum(s.kind == "record" for s in spans) == len(case.rows)
    if case.kinds:
        assert tuple(s.kind for s in spans) == case.kinds


def test_a_refused_record_is_kept_whole_and_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b'name,city,n\r\nAnna,Leeds\r\n"Joe "The Man"",X,1\r\nA,B,C,D\r\n\xe9,x,1\r\n')
    (batch,) = Source(path, Dialect()).batches()
    raws = [r.raw for r in batch.refused]
    assert raws == [b"Anna,Leeds", b'"Joe "The Man"",X,1', b"A,B,C,D", b"\xe9,x,1"]
    messages = [r.reasons[0].message for r in batch.refused]
    assert messages == [
        "2 cells where the table has 3 columns: “n” is missing",
        "Text follows a closing quote; a quote inside a cell must be doubled",
        "4 cells where the table has 3 columns: “D” belongs to none",
        "“\\xe9” holds bytes that are not utf-8 text",
    ]
    assert batch.refused[0].values == {"name": "Anna", "city": "Leeds"}
    assert batch.refused[3].reasons[0].field == "name"


def test_five_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"column {n}" for n in range(5000)]
    lines = [",".join(names), *(",".join(str(n + k) for n in range(5000)) for k in range(60))]
    path.write_text("\n".join(lines) + "\nshort,row\n")
    source = Source(path, Dialect())
    batches = list(source.batches())
    assert source.names == tuple(names)
    assert sum(batch.rows for batch in batches) == 60
    assert batches[0].columns["column 4999"][3].as_py() == "5002"
    assert [r.reasons[0].code for b in batches for r in b.refused] == ["missing-cell"]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_of_twenty_megabytes(tmp_path: Path, quoted: bool) -> None:
    text = ("0123456789abcde\n" if quoted else "0123456789abcdef") * (20 << 16)
    path = tmp_path / "big.csv"
    path.write_text(f'a,b\n1,2\n3,"{text}"\n4,5\n' if quoted else f"a,b\n1,2\n3,{text}\n4,5\n")
    rows = [
        row
        for batch in Source(path, Dialect()).batches()
        for row in zip(*(c.to_pylist() for c in batch.columns.values()), strict=True)
    ]
    assert rows == [("1", "2"), ("3", text), ("4", "5")]


def test_a_quote_that_never_closes_swallows_nothing_of_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "runaway.csv"
    rows = b"".join(b"%d,some text of a row\n" % n for n in range(200_000))
    path.write_bytes(b'a,b\nx,"never closed\n' + rows)
    batches = list(Source(path, Dialect()).batches())
    assert sum(batch.rows for batch in batches) == 200_000
    (refused,) = (r for batch in batches for r in batch.refused)
    assert (refused.record, refused.line, refused.raw) == (1, 2, b'x,"never closed')
    assert refused.reasons[0].code == "unterminated-quote"
