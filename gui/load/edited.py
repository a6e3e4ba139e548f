"""The counts follow an edit at once; the check of the whole file comes after it."""

from dataclasses import replace

from core.batch import LoadReport
from core.checking.checker import check_values
from gui.load.findings import Findings
from gui.load.reader import Reader
from gui.load.state import Work, changed_records


def recounted(
    report: LoadReport, before: Work, work: Work, findings: Findings, reader: Reader
) -> LoadReport:
    """The report as the edited records change it, whose problems are told to `findings`."""
    for record in changed_records(before.edits, work.edits):
        page = reader.page(record)
        if page is None or not page.whole(record):
            continue
        values = page.values(record) | dict(work.edits.get(record, {}))
        problems = [
            replace(problem, record=record, line=page.line(record))
            for problem in check_values(work.recipe, values)
        ]
        was, now = bool(findings.by_record.get(record)), bool(problems)
        findings.replace(record, problems)
        report = replace(
            report,
            accepted=report.accepted + was - now,
            quarantined=report.quarantined - was + now,
            problems=(),
            places=(),
        )
    return report
