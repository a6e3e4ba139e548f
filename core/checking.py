"""The check of a file: each RawBatch cleaned, cast and judged into a Batch."""

import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import KEPT, Batch, LoadReport, Place, Problem, RawBatch
from core.findings import Finding, refuse
from core.judging import Judge, Judged
from core.keys import Keys
from core.recipe import Recipe, infer
from core.source import Source

Edits = Mapping[int, Mapping[str, str]]


class Checker:
    """Checks the batches of one file in order; remembers keys and what was filled down."""

    def __init__(
        self,
        recipe: Recipe,
        names: Sequence[str],
        *,
        lookup: Any = None,
        edits: Edits | None = None,
    ) -> None:
        schema = recipe.schema
        schema.validate()
        self._recipe = recipe
        self._columns = tuple(Judge(schema, field) for field in schema.fields if not field.drop)
        self._keys = Keys(schema, recipe.duplicates)
        self._edits = edits or {}

    def check(self, raw: RawBatch) -> Batch:
        texts = raw.columns
        judged = {
            column.field.name: column.judge(texts[column.field.name], texts[column.field.name])
            for column in self._columns
        }
        findings = [finding for one in judged.values() for finding in one.findings]
        if raw.rows:
            findings += self._keys.find(raw, texts, {n: one.typed for n, one in judged.items()})
        return self._batch(raw, texts, judged, findings)

    def _batch(
        self,
        raw: RawBatch,
        texts: Mapping[str, pa.Array],
        judged: Mapping[str, Judged],
        findings: Sequence[Finding],
    ) -> Batch:
        columns = {column.field.key: judged[column.field.name].typed for column in self._columns}
        records, lines = raw.records, raw.lines
        if findings:
            good = np.ones(raw.rows, bool)
            for finding in findings:
                good[finding.rows] = False
            mask = pa.array(good)
            columns = {name: pc.filter(values, mask) for name, values in columns.items()}
            records, lines = records[good], lines[good]
        refused = refuse(raw, texts, findings)
        quality = {name: one.quality for name, one in judged.items()}
        return Batch(raw, records, lines, columns, refused, quality)


def tally(report: LoadReport, batch: Batch) -> LoadReport:
    """The report after one more batch: records, blanks, reasons, cells, quality, new problems.

    Accepted, quarantined and skipped are counted by whoever brings the records there.
    """
    reasons = Counter(report.reasons)
    cells = Counter(report.cells)
    problems: list[Problem] = []
    for refused in batch.refused:
        reasons.update({problem.code for problem in refused.reasons})
        for problem in refused.reasons:
            kind = (problem.field, problem.code, problem.rule)
            cells[kind] += 1
            if cells[kind] <= KEPT:
                problems.append(problem)
    quality = dict(report.quality)
    for name, part in batch.quality.items():
        quality[name] = quality[name] + part if name in quality else part
    return replace(
        report,
        records=report.records + batch.raw.count,
        blank=report.blank + batch.raw.blank,
        reasons=dict(reasons),
        cells=dict(cells),
        quality=quality,
        problems=tuple(problems),
        places=(batch.raw.place,),
        fraction=batch.raw.fraction,
    )


def check_file(
    path: Path | str,
    recipe: Recipe | None = None,
    *,
    lookup: Any = None,
    edits: Edits | None = None,
) -> Generator[LoadReport, None, None]:
    """Checks a file as a load would, and yields the report so far after each batch."""
    started = time.monotonic()
    recipe = recipe or infer(path)
    source = Source(path, recipe.dialect)
    checker = Checker(recipe, source.names, lookup=lookup, edits=edits)
    report = LoadReport(
        None,
        Path(path).name,
        encoding=recipe.dialect.encoding,
        dialect=recipe.dialect.to_descriptor(),
        warnings=source.warnings,
    )
    yield report
    for raw in source.batches():
        batch = checker.check(raw)
        report = replace(
            tally(report, batch),
            accepted=report.accepted + batch.rows,
            quarantined=report.quarantined + len(batch.refused),
            seconds=time.monotonic() - started,
        )
        yield report
    yield replace(
        report,
        state="done",
        sha256=source.sha256,
        problems=(),
        places=(),
        fraction=1.0,
        seconds=time.monotonic() - started,
    )


def check_values(recipe: Recipe, values: Mapping[str, str]) -> tuple[Problem, ...]:
    """The problems of one record given as text, by the same code as a file's."""
    batch = Checker(recipe, tuple(values)).check(one_record(values))
    return batch.refused[0].reasons if batch.refused else ()


def one_record(values: Mapping[str, str]) -> RawBatch:
    one = np.ones(1, np.int64)
    return RawBatch(
        place=Place(0, 1, 1),
        count=1,
        records=one,
        lines=one,
        spans=np.zeros((1, 2), np.int64),
        columns={name: pa.array([text or None], pa.string()) for name, text in values.items()},
        refused=(),
        blank=0,
        data=b"",
        origin=0,
        fraction=1.0,
    )
