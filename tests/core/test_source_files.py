"""Where the bytes come from: packed, piped, many, growing, gone."""

import bz2
import gzip
import hashlib
import lzma
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

import core.reading.files
import core.reading.source
from core.batch import Place
from core.errors import FileChanged, FileError
from core.reading.dialect import Dialect
from core.reading.files import expect_checked, stamp
from core.reading.source import Source, detect, digest, find_files

TEXT = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n) for n in range(150_000))


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lambda raw: lzma.compress(raw, preset=0),
    "": bytes,
}


def packed(path: Path, kind: str, raw: bytes = TEXT) -> Path:
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("rows.csv", raw)
    elif kind == "zst":
        with pa.CompressedOutputStream(str(path), "zstd") as stream:
            stream.write(raw)
    else:
        path.write_bytes(PACK[kind](raw))
    return path


@pytest.mark.parametrize("kind", ["", "gz", "bz2", "xz", "zst", "zip"])
def test_packed_files_read_like_plain_ones_from_any_place(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 1 << 19)
    path = packed(tmp_path / "rows.csv", kind)
    source = Source(path, detect(path).dialect)
    batches = list(source.batches())
    assert sum(batch.rows for batch in batches) == 150_000
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == digest(path)
    assert len(batches) > 2
    assert batches[-1].fraction == 1.0
    again = list(source.batches(batches[1].place))
    assert [b.place for b in again] == [b.place for b in batches[1:]]
    assert [b.columns for b in again] == [b.columns for b in batches[1:]]
    assert sum(span.stop - span.start for span in source.spans()) == len(TEXT)


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "zip"])
def test_a_packed_file_cut_short_is_an_error(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path / "rows.csv", kind)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(FileError, match="damaged or cut short"):
        list(Source(path, Dialect()).batches())


def test_gzip_of_several_members_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "two.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n"))
    assert sum(batch.rows for batch in Source(path, Dialect()).batches()) == 2


def test_a_zip_of_several_files_and_a_workbook_are_named(tmp_path: Path) -> None:
    for name, members, problem in (
        ("two.zip", ("a.csv", "b.csv"), "holds 2 files"),
        ("book.xlsx", ("[Content_Types].xml", "xl/workbook.xml"), "is a workbook"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, "a,b\n")
        with pytest.raises(FileError, match=problem):
            detect(tmp_path / name)


def test_standard_input_is_read_more_than_once(tmp_path: Path) -> None:
    script = (
        "from core.reading.source import Source, detect, digest\n"
        "found = detect('-')\n"
        "source = Source('-', found.dialect)\n"
        "print(found.dialect.delimiter, sum(b.rows for b in source.batches()), digest('-'))\n"
    )
    raw = b"a;b\n1;2\n3;4\n"
    done = subprocess.run(
        [sys.executable, "-c", script], input=raw, capture_output=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.decode().split() == [";", "2", hashlib.sha256(raw).hexdigest()]


def test_folders_and_globs_give_their_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "c.TSV", "notes.md", ".hidden.csv"):
        (tmp_path / name).write_text("a,b\n")
    names = [path.name for path in find_files([tmp_path])]
    assert names == ["a.csv.gz", "b.csv", "c.TSV"]
    assert [p.name for p in find_files([str(tmp_path / "*.csv"), tmp_path / "b.csv"])] == ["b.csv"]
    empty = tmp_path / "empty"
    empty.mkdir()
    for nothing in (empty, tmp_path / "*.parquet", tmp_path / "gone.csv"):
        with pytest.raises(FileError):
            find_files([nothing])


def test_a_file_that_grows_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = packed(tmp_path / "rows.csv", "")
    batches = Source(path, Dialect()).batches()
    next(batches)
    with path.open("ab") as file:
        file.write(b"7,late\n")
    with pytest.raises(FileChanged, match="grew from"):
        list(batches)


@pytest.mark.parametrize("change", ["cut", "replaced", "gone"])
def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path: Path, change: str) -> None:
    path = packed(tmp_path / "rows.csv", "")
    batches = Source(path, Dialect()).batches()
    next(batches)
    if change == "cut":
        os.truncate(path, len(TEXT) // 2)
    else:
        path.unlink()
    if change == "replaced":
        packed(path, "")
    with pytest.raises(FileChanged):
        list(batches)


@pytest.mark.parametrize("length", [len(TEXT) - 8, len(TEXT) + 2], ids=["cut", "grown"])
def test_no_record_at_the_new_end_of_a_file_is_told(tmp_path: Path, length: int) -> None:
    """It is cut in a record, or grows by half of one."""
    path = packed(tmp_path / "rows.csv", "")
    batches = Source(path, Dialect()).batches()
    told = [next(batches)]
    path.write_bytes((TEXT + b"7,")[:length])
    with pytest.raises(FileChanged):
        told.extend(batches)
    rows = [row for batch in told for row in zip(*map(_texts, batch.columns.values()), strict=True)]
    assert all(name == f"name {id}" for id, name in rows)
    assert not any(len(batch.refused) for batch in told)


def _texts(column: pa.Array) -> list[str | None]:
    found: list[str | None] = column.to_pylist()
    return found


def test_a_file_that_changed_since_it_was_opened_is_an_error(tmp_path: Path) -> None:
    path = packed(tmp_path / "rows.csv", "")
    source = Source(path, Dialect())
    path.write_bytes(TEXT + b"1,2\n")
    with pytest.raises(FileChanged):
        next(source.batches())


def test_a_file_that_changed_since_its_check_is_known_by_size_time_and_hash(
    tmp_path: Path,
) -> None:
    path = packed(tmp_path / "rows.csv", "")
    checked = stamp(path), digest(path)
    expect_checked(path, *checked)
    os.utime(path, (1, 1))
    expect_checked(path, *checked)  # touched, and the same byte for byte
    path.write_bytes(TEXT.replace(b"name 77", b"name 78"))
    with pytest.raises(FileChanged, match="has changed since it was checked"):
        expect_checked(path, *checked)
    path.write_bytes(TEXT + b"1,2\n")
    with pytest.raises(FileChanged, match="has changed since it was checked"):
        expect_checked(path, *checked)


def fail(path: Path) -> None:
    """Every further read of the open file fails as on a drive that is gone: EIO, by the kernel."""
    gone = os.open("/proc/self/mem", os.O_RDONLY)  # nothing is mapped at its beginning
    for fd in map(int, os.listdir("/proc/self/fd")):
        if fd != gone and os.path.realpath(f"/proc/self/fd/{fd}") == str(path.resolve()):
            os.dup2(gone, fd)
    os.close(gone)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["", "gz", "bz2", "xz", "zst", "zip"])
def test_a_drive_that_fails_while_it_is_read_is_an_error(tmp_path: Path, kind: str) -> None:
    rows = b"".join(b"%d,%s\n" % (n, os.urandom(20).hex().encode()) for n in range(100_000))
    path = packed(tmp_path / "rows.csv", kind, b"id,name\n" + rows)
    batches = Source(path, Dialect()).batches()
    next(batches)
    fail(path)
    with pytest.raises(FileError, match=r"could not be read: .* Check that its drive"):
        list(batches)


def test_a_missing_file_a_folder_and_a_locked_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        detect(tmp_path / "gone.csv")
    with pytest.raises(FileError, match="is a folder"):
        detect(tmp_path)
    locked = core.reading.files.unreadable(tmp_path, PermissionError(13, "Permission denied"))
    assert "permission denied" in str(locked)


def test_a_file_beyond_four_gigabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its middle is a hole: a line of NUL bytes that no table has."""
    monkeypatch.setattr(core.reading.source, "LONGEST", 8 << 20)
    path = tmp_path / "huge.csv"
    head, tail = b"a,b\n1,2\n", b"3,4\n"
    with path.open("wb") as file:
        file.write(head)
        file.seek((5 << 30) - len(tail))
        file.write(tail)
    source = Source(path, Dialect())
    place = Place((5 << 30) - len(tail), 3, 2)
    (batch,) = source.batches(place)
    assert batch.spans.tolist() == [[(5 << 30) - 4, 5 << 30]]
    assert batch.columns["b"].to_pylist() == ["4"]
    with pytest.raises(FileError, match="longer than"):
        list(source.batches())


def test_preamble_comments_and_footers_are_kept_raw(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"Report\na,b\n# one\n1,2\nTotal,2\n")
    dialect = Dialect(header_rows=(2,), comment_char="#", footer_rows=1)
    source = Source(path, dialect)
    assert sum(batch.rows for batch in source.batches()) == 1
    assert [(a.kind, a.line, a.raw) for a in source.asides] == [
        ("preamble", 1, b"Report\n"),
        ("comment", 3, b"# one\n"),
        ("footer", 5, b"Total,2\n"),
    ]


def test_the_whole_file_speaks_against_a_sampled_dialect(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    plain = b"".join(b"%d,plain\n" % n for n in range(80_000))
    path.write_bytes(b"id,name\n" + plain + b"".join(b"%d,caf\xe9\n" % n for n in range(9_000)))
    found = detect(path)
    source = Source(path, found.dialect)
    assert found.dialect.encoding == "utf-8"
    assert not source.warnings
    assert sum(len(batch.refused) for batch in source.batches()) == 9_000
    assert source.warnings == (
        "9,000 records hold bytes that are not utf-8, first on line 80,002: "
        "the encoding may be another one.",
    )


ONE_CELL = "The header is one cell, “id,name”: no ';' stands in it, and the delimiter may be ','."


@pytest.mark.parametrize(
    ("header", "told"), [("id,name", (ONE_CELL,)), ('"last, first"', ()), ("name", ())]
)
def test_a_header_that_another_delimiter_would_split_is_told(
    tmp_path: Path, header: str, told: tuple[str, ...]
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"{header}\n1,x\n")
    assert Source(path, Dialect(delimiter=";")).warnings == told


def test_reading_never_imports_pandas(tmp_path: Path) -> None:
    """Arrow does it unasked when values pass to and from numpy; it costs more than a small file."""
    (tmp_path / "gaps.csv").write_text("a,b\n" + "1,2\n\n,\n3\n,4\n5,\n" * 100)
    (tmp_path / "thin.csv").write_text('a\n1\n\n  \n""\n')
    (tmp_path / "none.csv").write_text("a,b\n1\n")
    script = (
        "import sys\n"
        "from core.reading.source import Dialect, Source\n"
        "for path in sys.argv[1:]:\n"
        "    [list(batch.refused) for batch in Source(path, Dialect()).batches()]\n"
        "sys.exit('pandas' in sys.modules)\n"
    )
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    subprocess.run([sys.executable, "-c", script, *paths], check=True)
