"""Rows of an export that come back are settled on the held records they came from.

What the data's owner corrected is an edit of that record, which goes in where it is right now; what
nobody changed stays held as it is. So no row is held twice, and none comes in because the file
that it came back in is tidier than the line it was.
"""

import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pyarrow as pa
from bson import ObjectId

from core.batch import LoadReport, RawBatch
from core.checking.judging import Judge
from core.plural import counted, verb
from core.quarantine.editing import change_of
from core.quarantine.exporting import guard
from core.quarantine.judging import Bench, whole
from core.quarantine.lasting import MISFIT, Said
from core.quarantine.recovering import recover
from core.quarantine.resubmitting import obstacle, resubmit
from core.quarantine.returning import ours
from core.quarantine.walking import PAGE
from core.reading.files import expect_checked
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.held import HeldRecord
from core.store.lease import user
from core.store.records import SHAPES

RETURNED = "returned"
Edits = Mapping[int, Mapping[str, str]]
_STAY = ("unchanged", "wrong", "busy", "unread")


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    load: str
    cells: Mapping[str, str]


def bring_back(
    source: Source,
    store: Store,
    *,
    edits: Edits | None = None,
    limit: int | None = None,
    checked: LoadReport | None = None,
    dry_run: bool = False,
    by: str = "",
    recipe: Recipe | None = None,
) -> Generator[LoadReport, None, None]:
    """Settle the rows of a file that `returned` knows, and yield the report so far; of its counts,
    `quarantined` stay held, `skipped` are held no more or never were. `edits` are laid over the
    cells, by record of this file, and what `recipe` cleans beyond the recipe of the load is a
    correction too; where the file is another than was `checked`, FileChanged is raised. Closing it
    leaves the rest held; to repeat it is harmless."""
    if not dry_run:
        store.guard()
    if checked is not None and checked.stamp is not None and checked.sha256 is not None:
        expect_checked(source.path, checked.stamp, checked.sha256)
    bench, by, tally = Bench(store), by or user(), Counter[str]()
    begun = time.monotonic()
    report = LoadReport(
        None,
        source.path.name,
        stamp=source.stamp,
        encoding=source.encoding,
        dialect=source.dialect.to_descriptor(),
    )
    yield report
    left = limit
    for raw in source.batches():
        rows = islice(_rows(raw, source.names, edits or {}, store, recipe), left)
        while page := list(islice(rows, PAGE)):
            left = None if left is None else left - len(page)
            tally += _settled(store, bench, page, by, dry_run=dry_run)
            yield _told(report, tally, raw.fraction, begun)
        tally["unread"] += len(raw.refused) if limit is None else 0
    done = _told(report, tally, 1.0, begun)
    yield replace(done, state=RETURNED, message=_sentence(tally), warnings=source.warnings)


def _rows(
    raw: RawBatch, names: Sequence[str], edits: Edits, store: Store, recipe: Recipe | None
) -> Iterator[_Row]:
    record, load = ours(names)[-2:]
    columns = {name: [text or "" for text in raw.columns[name].to_pylist()] for name in names}
    beyond: dict[int, dict[str, str]] = {}  # edits of columns that the file does not have
    for at, number in enumerate(raw.records.tolist()):
        for name, text in edits.get(number, {}).items():
            if name in columns:
                columns[name][at] = text
            else:
                beyond.setdefault(at, {})[name] = text
    if recipe is not None:
        columns |= _cleaned(columns, recipe, store, columns[load])
    for at, texts in enumerate(zip(*columns.values(), strict=True)):
        cells = dict(zip(columns, texts, strict=True)) | beyond.get(at, {})
        yield _Row(cells[record], cells[load], cells)


def _cleaned(
    columns: Mapping[str, list[str]], recipe: Recipe, store: Store, loads: Sequence[str]
) -> dict[str, list[str]]:
    """Columns after the steps that were added to what their load did to them already."""
    named = (store.loads.get(load) for load in dict.fromkeys(loads) if ObjectId.is_valid(load))
    load = next((one for one in named if one is not None), None)
    fields = () if load is None else Recipe.from_descriptor(dict(load.recipe)).schema.fields
    known = {field.name: field.clean for field in fields}
    cleaned = {}
    for field in recipe.schema.fields:
        before = known.get(field.name, ())
        added = tuple(step for step in field.clean if step not in before)
        if added and field.name in columns and not field.drop:
            judge = Judge(recipe.schema, replace(field, clean=added))
            texts = judge.clean(pa.array(columns[field.name], pa.string())).to_pylist()
            cleaned[field.name] = [text or "" for text in texts]
    return cleaned


def _settled(
    store: Store, bench: Bench, rows: Sequence[_Row], by: str, *, dry_run: bool
) -> Counter[str]:
    """What became of each row, counted."""
    ids = list(dict.fromkeys(row.id for row in rows if ObjectId.is_valid(row.id)))
    if not dry_run:
        recover(store, ids=ids)
    found = {one.id: one for one in store.quarantine.find(ids=ids, state=None, limit=len(ids) or 1)}
    tally, told = Counter[str](), dict[str, Said]()
    for row in rows:
        record = found.get(row.id)
        if record is None or record.load != row.load:
            tally["unknown"] += 1
        elif record.state != "held":
            tally["gone"] += 1
        elif not (said := _said(store, bench, record, row.cells)):
            tally["unchanged"] += 1
        else:
            tally["again"] += row.id in told  # the last row of a record is what counts
            told[row.id] = said
    return tally + _corrected(store, bench, [found[id] for id in told], told, by, dry_run=dry_run)


def _corrected(
    store: Store,
    bench: Bench,
    records: Sequence[HeldRecord],
    told: Mapping[str, Said],
    by: str,
    *,
    dry_run: bool,
) -> Counter[str]:
    if not records:
        return Counter()
    judged = bench.judge(records, told)
    if dry_run:
        good = [
            one.resubmittable and obstacle(bench.entry(one.record.load)) is None for one in judged
        ]
        return Counter(loaded=sum(good), wrong=len(good) - sum(good))
    changes = [change_of(store, one, told[one.record.id], by) for one in judged]
    store.quarantine.changes.apply(changes)
    *_, done = resubmit(store, ids=list(told), by=by)
    return Counter(loaded=done.loaded, known=done.skipped, wrong=done.held, busy=done.busy)


def _said(store: Store, bench: Bench, record: HeldRecord, cells: Mapping[str, str]) -> Said:
    """What the owner changed: nothing, where each cell is as it was exported at some time. Who
    corrects a row with cells too many or too few has seen to that as well."""
    recipe = bench.recipe(record)
    values = (whole(store, recipe, record) or record).values
    corrected = {}
    for name in recipe.schema.names:
        before = [values.get(name, "")]
        before += [edit.old or "" for edit in record.edits if edit.field == name]
        if name in cells and not any(_is_same(cells[name], text) for text in before):
            corrected[name] = cells[name]
    if not corrected:
        return Said()
    misfits = {MISFIT[reason.code] for reason in record.was if reason.code in MISFIT}
    return Said(corrected, {what: SHAPES[what] for what in misfits - record.shape.keys()})


def _is_same(cell: str, before: str) -> bool:
    """Whether a cell is as it was, or as an export or a spreadsheet writes it: with an apostrophe,
    with other line ends, a number without its zeros."""
    cell, before = cell.replace("\r\n", "\n"), before.replace("\r\n", "\n")
    if cell in (before, guard(before)):
        return True
    try:
        return len(cell) < len(before) and float(cell) == float(before)
    except ValueError:
        return False


def _told(report: LoadReport, tally: Counter[str], fraction: float, begun: float) -> LoadReport:
    stay = sum(tally[word] for word in _STAY)
    return replace(
        report,
        records=tally.total(),
        accepted=tally["loaded"],
        inserted=tally["loaded"],
        quarantined=stay,
        skipped=tally.total() - stay - tally["loaded"],
        fraction=fraction,
        seconds=time.monotonic() - begun,
    )


def _sentence(tally: Counter[str]) -> str:
    """“2 corrected rows loaded, 1 still wrong, 5 unchanged and held as before.”"""
    n, unknown = tally["loaded"], tally["unknown"]
    parts = [f"{counted(n, 'corrected row')} loaded"]
    for word, said in (
        ("known", "skipped, their key being known"),
        ("wrong", "still wrong and held"),
        ("unchanged", "unchanged and held as before"),
        ("busy", "being changed elsewhere and held"),
        ("unread", "unreadable here and held as before"),
        ("gone", "loaded or discarded before"),
        ("again", "given twice"),
    ):
        if tally[word]:
            parts.append(f"{tally[word]:,} {said}")
    told = ", ".join(parts) + "."
    if not unknown:
        return told
    return (
        f"{told} {counted(unknown, 'row')} {verb(unknown, 'names', 'name')} no held row and "
        f"{verb(unknown, 'was', 'were')} not loaded: load them as a file of their own."
    )
