"""The one place where a report counts what a batch brought."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from core.batch import KEPT, Batch, LoadReport, Problem
from core.checking.findings import Kind, Refusals, cells_of, codes_of, kind_of


def tally(report: LoadReport, batch: Batch) -> LoadReport:
    """The report after one more batch: records, blanks, reasons, cells, quality, new problems.

    Accepted, quarantined and skipped are counted by whoever brings the records there.
    """
    before, refused = Counter(report.cells), batch.refused
    if isinstance(refused, Refusals):
        codes, cells = refused.codes(), refused.cells()
        new = refused.problems(lambda kind: max(0, KEPT - before[kind]))
    else:
        codes, cells = codes_of(refused), cells_of(refused)
        new = (problem for item in refused for problem in item.reasons)
    quality = dict(report.quality)
    for name, part in batch.quality.items():
        quality[name] = quality[name] + part if name in quality else part
    return replace(
        report,
        records=report.records + batch.raw.count,
        blank=report.blank + batch.raw.blank,
        reasons=dict(Counter(report.reasons) + codes),
        cells=dict(before + cells),
        quality=quality,
        problems=_first(new, before),
        places=(batch.raw.place,),
        fraction=batch.raw.fraction,
    )


def _first(problems: Iterable[Problem], before: Counter[Kind]) -> tuple[Problem, ...]:
    """Those that are among the first KEPT of their kind."""
    seen = Counter(before)
    found = []
    for problem in problems:
        seen[kind_of(problem)] += 1
        if seen[kind_of(problem)] <= KEPT:
            found.append(problem)
    return tuple(found)
