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
        assert evidence["delimiter"].because.startswith("as told")
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


UTF8, LATIN1 = "Jürgen,Köln\n".encode(), "Jürgen,Köln\n".encode("latin-1")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (UTF8 * 20, LATIN1),
        (UTF8 * 20, LATIN1 * 2),
        (UTF8 * 5, LATIN1),
        (UTF8 * 3, LATIN1),
        (UTF8 * 12, LATIN1 * 8),
        (UTF8 * 9, b"J\xc3\xbcrgen M\xc3\xbcller aus Th\xc3\xbcringen,K\xf6ln\n"),
        ("5 °C,3 £\n".encode() * 9, "5 °C,3 £\n".encode("cp1252")),
        ("Ян,Київ\n".encode() * 9, "Ян,Київ\n".encode("cp1251")),
        ("张伟,北京\n".encode() * 9, "张伟,北京\n".encode("gb18030")),
        ("山田,東京\n".encode() * 9, "山田,東京\n".encode("cp932")),
    ],
)
def test_mostly_utf8_is_utf8_asked_about_and_its_bad_rows_are_refused(
    tmp_path: Path, good: bytes, bad: bytes, first: bool
) -> None:
    raw = b"name,town\n" + (bad + good if first else good + bad)
    detection, dialect, evidence = found(tmp_path, raw)
    right, wrong = good.count(b"\n"), bad.count(b"\n")
    assert (dialect.encoding, detection.questions) == ("utf-8", ("encoding",))
    assert evidence["encoding"].confidence < 0.6
    said = f"only {right} of {right + wrong} lines beyond ASCII are valid UTF-8"
    assert evidence["encoding"].because == said
    batches = list(Source(tmp_path / "file.csv", dialect).batches())
    refused = [r.reasons[0].code for b in batches for r in b.refused]
    assert (sum(b.rows for b in batches), refused) == (right, ["encoding-error"] * wrong)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("张伟,北京\n王芳,上海\n李娜,广州\n", "gb18030"),
        ("女,1\n" * 9 + "男,2\n", "gb18030"),  # 女 alone is Ů in UTF-8
        ("联通,1\n" * 9 + "移动,2\n", "gb18030"),
        ("山田,東京都\n田中,大阪\n", "shift_jis"),
        ("Jürgen,Köln\n", "cp1252"),
        ("Jürgen,Köln\n" * 20, "cp1252"),
        ("Zoë – “né”,12 €\nGarçon,façade\n", "cp1252"),
    ],
)
def test_text_of_another_encoding_does_not_pass_for_utf8(
    tmp_path: Path, text: str, encoding: str
) -> None:
    _, dialect, _ = found(tmp_path, b"name,town\n" + text.encode(encoding))
    assert dialect.encoding == encoding


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


ROWS = b"".join(b"%d,name %d,x\n" % (n, n) for n in range(20))


@pytest.mark.parametrize("stray", [b'7,"joe,x\n', b'7,"joe" smith,x\n', b'7,x,"joe'])
@pytest.mark.parametrize("sep", [b"", b"sep=,\n"])
def test_one_stray_quote_is_told_with_its_place_and_asked_about(
    tmp_path: Path, stray: bytes, sep: bytes
) -> None:
    rest = b"" if stray.endswith(b"joe") else ROWS
    detection, dialect, evidence = found(tmp_path, sep + b"id,name,note\n" + ROWS + stray + rest)
    line = 23 if sep else 22
    assert (dialect.quote_char, detection.questions) == ('"', ("quote_char",))
    assert evidence["quote_char"].confidence == detection.confidence == 0.5
    assert evidence["quote_char"].because.startswith("one cell begins with a quote that does not")
    assert f"on line {line}, cell {3 if rest == b'' else 2}" in evidence["quote_char"].because
    batches = list(Source(tmp_path / "file.csv", dialect).batches())
    assert [r.line for b in batches for r in b.refused] == [line]
    assert sum(b.rows for b in batches) == (20 if rest == b"" else 40)
    _, dialect, _ = found(tmp_path, sep + b"id,name,note\n" + ROWS + stray + rest, quote_char=None)
    (batch,) = Source(tmp_path / "file.csv", dialect).batches()
    assert '"joe' in [(c or "")[:4] for c in batch.columns["name"].to_pylist()] or rest == b""
    assert not batch.refused


def test_cells_that_often_begin_with_a_stray_quote_are_text(tmp_path: Path) -> None:
    rows = b"".join(b'%d,"joe" %d,x\n' % (n, n) for n in range(20))
    _, dialect, evidence = found(tmp_path, b"id,name,note\n" + rows)
    assert dialect.quote_char is None
    assert evidence["quote_char"].because == (
        "20 cells begin with a quote that does not close them, "
        "the first on line 2, cell 2: quotes are text"
    )
    (batch,) = Source(tmp_path / "file.csv", dialect).batches()
    assert batch.columns["name"][0].as_py() == '"joe" 0'


def test_an_inch_mark_is_no_sign_of_quoted_cells(tmp_path: Path) -> None:
    _, dialect, evidence = found(tmp_path, b"id,name,note\n" + ROWS + b'7,5" pipe,x\n')
    assert dialect.quote_char == '"'
    assert evidence["quote_char"].because == "no cell of the sample begins with a quote"


def test_text_that_nothing_splits_is_one_column_and_cut_nowhere(tmp_path: Path) -> None:
    lines = ["say", "one, two", "three", "four, five, six", "seven", "eight", "nine, ten"]
    detection, dialect, _ = found(tmp_path, "\n".join(lines).encode())
    assert "delimiter" in detection.questions
    (batch,) = Source(tmp_path / "file.csv", dialect).batches()
    assert [c.to_pylist() for c in batch.columns.values()] in (lines[1:], [lines[1:]])


def test_a_backslash_protects_delimiters_in_few_rows_too(tmp_path: Path) -> None:
    _, dialect, _ = found(tmp_path, b"id,name\n1,say hi\\, you\n2,x\n3,y\\,z\n")
    (batch,) = Source(tmp_path / "file.csv", dialect).batches()
    assert batch.columns["name"].to_pylist() == ["say hi, you", "x", "y,z"]


def test_a_row_of_units_may_leave_a_column_without(tmp_path: Path) -> None:
    rows = b"".join(b"%d,%d.5,%d\n" % (n, n, n) for n in range(9))
    _, dialect, _ = found(tmp_path, b"id,time,length\n,s,mm\n" + rows)
    assert dialect.header_rows == (1, 2)
    assert Source(tmp_path / "file.csv", dialect).names == ("id", "time s", "length mm")


def test_a_delimiter_told_that_the_file_does_not_hold_is_doubted(tmp_path: Path) -> None:
    detection, _, evidence = found(tmp_path, b"a,b\n1,2\n", delimiter=";")
    assert detection.questions == ("delimiter",)
    assert "no semicolon stands in the sample" in evidence["delimiter"].because


def test_a_few_rows_are_read_with_stated_doubt(tmp_path: Path) -> None:
    detection, _, _ = found(tmp_path, b"x y\n")
    assert detection.confidence < 0.8
    assert detection.questions


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|", ":", " ", "~", "\x01", "::", "||", "<>"]
)
def test_each_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["name", "state", "uid"], *([f"user{n}", "on", str(1000 + n)] for n in range(30))]
    raw = "".join(delimiter.join(row) + "\n" for row in rows).encode()
    _, dialect, _ = found(tmp_path, raw)
    assert (dialect.delimiter, dialect.header_rows) == (delimiter, (1,))


def test_a_delimiter_before_like_cells_is_no_longer_one(tmp_path: Path) -> None:
    """Paths stand in every line of this table, so every line holds `:/` too."""
    raw = "".join(f"user{n}:x:{n}:/home/u{n}:/bin/sh\n" for n in range(20)).encode()
    _, dialect, _ = found(tmp_path, b"name:pw:uid:home:shell\n" + raw)
    assert (dialect.delimiter, dialect.header_rows) == (":", (1,))
