"""The one place where a report counts what a batch brought."""

from collections import Counter
from dataclasses import replace

from core.batch import KEPT, Batch, LoadReport, Problem


def tally(report: LoadReport, batch: Batch) -> LoadReport:
    """The report after one more batch: records, blanks, reasons, cells, quality, new problems.

    Accepted, quarantined and skipped are counted by whoever brings the records there.
    """
    reasons, cells = Counter(report.reasons), Counter(report.cells)
    problems: list[Problem] = []
    for refused in batch.refused:
        for code in {problem.code for problem in refused.reasons}:
            reasons[code] += 1
        for problem in refused.reasons:
            kind = (problem.field, problem.code, problem.rule)
            cells[kind] = count = cells[kind] + 1
            if count <= KEPT:
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
