"""Which columns could tell the rows apart, by the rows at the file's beginning; no Qt here."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gui.load.pages import read_page
from gui.load.state import OpenFile, Work


@dataclass(frozen=True, slots=True)
class Column:
    """`repeats` and `empty` count rows among those looked at."""

    name: str
    called: str
    repeats: int
    empty: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Columns that may be part of the key, the likeliest first; `rows` were looked at, which are
    `all` of the file or its first."""

    columns: tuple[Column, ...]
    rows: int
    all: bool
    table: pa.Table

    def repeats(self, names: Sequence[str]) -> int:
        """Rows that have the key of another row before them."""
        if not names or not self.rows:
            return 0
        return self.rows - int(
            self.table.select(list(names)).group_by(list(names)).aggregate([]).num_rows
        )


def candidates(path: Path, work: Work, file: OpenFile) -> Generator[Candidates, None, None]:
    """Proposals of what the file itself told come first, then what is different in every row."""
    fields = [field for field in work.recipe.schema.fields if not field.drop]
    page = next(read_page(path, work), None)
    if page is None:
        yield Candidates((), 0, True, pa.table({}))
        return
    known = [field for field in fields if field.name in page.cleaned]
    table = pa.table({field.name: page.cleaned[field.name] for field in known})
    columns = [column(table, field.name, field.key) for field in known]
    proposed = file.inferred.proposals if file.inferred is not None else ()
    likely = {one.field for one in proposed if one.key == "primaryKey"}
    likely |= set(work.recipe.schema.primary_key)
    columns.sort(key=lambda one: (one.name not in likely, one.repeats + one.empty))
    report = file.report
    whole = report is not None and file.checked and report.records == page.raw.count
    yield Candidates(tuple(columns), table.num_rows, whole, table)


def column(table: pa.Table, name: str, called: str) -> Column:
    cells = table[name]
    there = len(cells) - cells.null_count
    return Column(name, called, there - int(pc.count_distinct(cells).as_py()), cells.null_count)
