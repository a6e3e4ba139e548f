"""An encoding that the file's bytes contradict is an error, and not a table of nonsense."""

import csv
import io
from pathlib import Path

import pytest

from core.errors import FileError, RecipeError
from core.reading.dialect import Dialect
from core.reading.source import Source, detect

TABLE = "id,name,note\n" + "".join(f"{n},name {n},x\n" for n in range(9))
JAPANESE = "名前,住所\n山田,東京都\n田中,大阪\n"


@pytest.mark.parametrize(
    ("written", "told", "better"),
    [
        ("ascii", "utf-16", "utf-8"),
        ("ascii", "utf-16-be", "utf-8"),
        ("ascii", "utf-32", "utf-8"),
        ("utf-8-sig", "cp1252", "utf-8"),
        ("utf-16", "utf-8", "utf-16-le"),
        ("utf-16-le", "utf-8", "utf-16-le"),
        ("utf-16-be", "cp1252", "utf-16-be"),
        ("utf-16-be", "utf-16", "utf-16-be"),
        ("utf-16-le", "utf-16-be", "utf-16-le"),
        ("utf-32", "utf-16", "utf-32-le"),
        ("utf-32-be", "utf-8", "utf-32-be"),
    ],
)
def test_a_contradicted_encoding_names_the_one_that_fits(
    tmp_path: Path, written: str, told: str, better: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(TABLE.encode(written))
    with pytest.raises(FileError, match=f"is not written in .*Read it as {better}"):
        detect(path, encoding=told)
    with pytest.raises(FileError, match=f"Read it as {better}"):
        Source(path, Dialect(encoding=told))
    assert sum(batch.rows for batch in Source(path, Dialect(encoding=better)).batches()) == 9


@pytest.mark.parametrize("text", [TABLE, JAPANESE])
@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_encodings_are_known_with_and_without_a_mark(
    tmp_path: Path, text: str, name: str, mark: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes((mark + text).encode(name))
    found = detect(path)
    assert found.dialect.encoding == name
    assert Source(path, found.dialect).names == tuple(text.split("\n")[0].split(","))


@pytest.mark.parametrize(
    ("codec", "text", "name"),
    [
        ("iso2022_kr", "이름,주소\n김,서울\n", "ISO-2022-KR"),
        ("hz", "名字,城市\n王,北京\n", "HZ-GB-2312"),
        ("utf-7", "name,ort\nMüller,Köln\n", "UTF-7"),
    ],
)
def test_an_encoding_with_shifts_is_refused_by_its_name(
    tmp_path: Path, codec: str, text: str, name: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(codec))
    with pytest.raises(FileError, match=f"written in {name}.*iconv -f {name}"):
        detect(path)
    with pytest.raises(FileError, match="cannot be read here"):
        detect(path, encoding=codec)
    detect(path, encoding="utf-8")  # whoever knows better is obeyed


@pytest.mark.parametrize(
    "text", [JAPANESE, JAPANESE.replace("大阪", "ｵｵｻｶ"), '名,"b\nc"\n"山\n田",2\n']
)
def test_iso_2022_jp_is_read_by_its_escape_sequences(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("iso2022_jp_ext"))
    found = detect(path)
    assert found.dialect.encoding.startswith("iso2022_jp")
    source = Source(path, found.dialect)
    rows = [tuple(c[0].as_py() for c in b.columns.values()) for b in source.batches()]
    assert [source.names, *rows][:2] == list(map(tuple, csv.reader(io.StringIO(text))))[:2]


def test_a_broken_shift_of_iso_2022_jp_spoils_its_own_record_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n山田,1\n".encode("iso2022_jp") + b"\x1b$B;,2\nz,3\n")
    (batch,) = Source(path, Dialect(encoding="iso2022_jp")).batches()
    assert batch.columns["a"].to_pylist() == ["山田", "z"]
    assert [(r.line, r.reasons[0].code) for r in batch.refused] == [(3, "encoding-error")]


def test_telephone_numbers_and_sums_are_no_utf7(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("phone,sum\n+491-555,1+1-2\n+4930-12,abc+def-ghi\n")
    assert detect(path).dialect.encoding == "utf-8"


@pytest.mark.parametrize("name", ["rot13", "base64", "idna", "punycode", "unicode_escape"])
def test_a_codec_that_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="no known encoding"):
        Dialect(encoding=name)


def test_a_header_that_is_no_text_in_this_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("id,näme\n1,2\n".encode("cp1252"))
    (warning,) = Source(path, Dialect(encoding="utf-8")).warnings
    assert warning.startswith("The header on line 1 holds bytes that are not utf-8")
