"""What detection finds, how sure it is, and what it asks."""

import random
from pathlib import Path

import pytest

from core.errors import FileError
from core.reading.dialect import Detection, Dialect, Evidence
from core.reading.source import Source, detect
from tests.core.csv_writers import MAKERS, write
from tests.core.detecting import wrong


def test_generated_files_are_read_right(tmp_path: Path) -> None:
    """A fresh seed at each run; the files come from `csv_writers`."""
    seed = random.SystemRandom().randrange(1 << 32)
    luck = random.Random(seed)
    files = [write(luck, maker) for maker in MAKERS for _ in range(7)]
    results = [(*wrong(file, tmp_path / "file.csv"), file) for file in files]
    failed = [(why, sure, file.maker) for why, sure, file in results if why]
    print(f"seed {seed}: {len(files) - len(failed)} of {len(files)} right")
    assert len(files) >= 200
    assert len(failed) <= len(files) // 100, (seed, failed)


def found(
    tmp_path: Path, raw: bytes, **overrides: object
) -> tuple[Detection, Dialect, dict[str, Evidence]]:
    path = tmp_path / "file.csv"
    path.write_bytes(raw)
    detection = detect(path, **overrides)
    return detection, detection.dialect, {e.key: e for e in detection.evidence}


def test_each_property_has_its_evidence(tmp_path: Path) -> None:
    raw = "Nr;Betrag;Datum\n1;1.250,50;31.01.2024\n2;3,25;01.02.2024\n".encode("utf-8-sig")
    detection, dialect, evidence = found(tmp_path, raw)
    assert dialect.summary() == "; · utf-8 · 1.234,50 · d/m/y"
    assert {"encoding", "delimiter", "quote_char", "header", "decimal_char"} <= set(evidence)
    assert all(0 < e.confidence <= 1 for e in detection.evidence)
    assert evidence["encoding"].because == "the file begins with its byte order mark"


def test_day_and_month_are_asked_for_only_where_the_whole_file_leaves_them_open(
    tmp_path: Path,
) -> None:
    rows = b"".join(b"%d,%02d/%02d/2024,x\n" % (n, n % 12 + 1, n % 11 + 1) for n in range(60_000))
    detection, dialect, _ = found(tmp_path, b"id,day,note\n" + rows)
    assert (dialect.date_order, detection.questions) == (None, ("date_order",))
    detection, dialect, _ = found(tmp_path, b"id,day,note\n" + rows + b"7,02/25/2024,x\n")
    assert (dialect.date_order, detection.questions) == ("mdy", ())


def test_an_ambiguous_thousand_is_asked_for(tmp_path: Path) -> None:
    detection, _, evidence = found(tmp_path, b"id;sum\n1;1.234\n2;5.678\n")
    assert "decimal_char" in detection.questions
    assert evidence["decimal_char"].confidence < 0.5


def test_a_footer_is_proposed_and_not_assumed(tmp_path: Path) -> None:
    detection, dialect, evidence = found(tmp_path, b"a,b\n1,2\n3,4\n5,6\nTotal rows: 3\n")
    assert dialect.footer_rows == 0
    assert evidence["footer_rows"].value == 1
    assert "footer_rows" in detection.questions


def test_overrides_are_obeyed_exactly(tmp_path: Path) -> None:
    raw = b"a;b,c\n1;2,3\n4;5,6\n"
    for delimiter in ",;|":
        _, dialect, evidence = found(tmp_path, raw, delimiter=delimiter, header=False)
        assert (dialect.delimiter, dialect.header) == (delimiter, False)
        assert evidence["delimiter"].because == "as told"
    _, dialect, _ = found(tmp_path, b"\xe9,1\n", encoding="cp1250", quote_char=None)
    assert (dialect.encoding, dialect.quote_char) == ("cp1250", None)


def test_a_file_that_is_utf8_but_for_one_line_is_utf8(tmp_path: Path) -> None:
    lines = ["name,n", *(f"Åsa {n},{n}" for n in range(300))]
    raw = "\n".join(lines).encode() + b"\nB\xe9la,1\n"
    _, dialect, evidence = found(tmp_path, raw)
    assert dialect.encoding == "utf-8"
    assert evidence["encoding"].because == "300 of 301 lines beyond ASCII are valid UTF-8"
    source = Source(tmp_path / "file.csv", dialect)
    assert [r.reasons[0].code for b in source.batches() for r in b.refused] == ["encoding-error"]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "is empty"),
        (b"\n \n", "blank lines only"),
        (bytes(range(256)) * 20, "holds binary data"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "an image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "an Excel workbook"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PAR1\x15\x04", "a Parquet file"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, raw: bytes, problem: str) -> None:
    with pytest.raises(FileError, match=problem):
        found(tmp_path, raw)


def test_a_few_rows_are_read_with_stated_doubt(tmp_path: Path) -> None:
    detection, _, _ = found(tmp_path, b"x y\n")
    assert detection.confidence < 0.8
    assert detection.questions
