"""What a load, or a dry run, came to, in words; no Qt here."""

from collections import Counter

from core.batch import LoadReport
from core.reasons import reason_words
from gui.load.state import rows_words


def done_words(report: LoadReport) -> str:
    parts = [f"{rows_words(report.accepted)} loaded"]
    if report.skipped:
        parts.append(f"{report.skipped:,} known already")
    if report.quarantined:
        parts.append(f"{report.quarantined:,} held")
    return ", ".join(parts)


def more_held(checked: LoadReport | None, report: LoadReport) -> str:
    """Why fewer rows came in than the check promised; "" where they did not."""
    before = checked.reasons if checked is not None else {}
    found = Counter({code: n - before.get(code, 0) for code, n in report.reasons.items()})
    listed = ", ".join(f"{n:,} {reason_words(code)}" for code, n in (+found).most_common(3))
    return f"Held by the collection's own rules: {listed}." if listed else ""


def dry_words(report: LoadReport) -> str:
    """Would insert 9,771, change 0, refuse 41."""
    parts = [f"insert {report.inserted:,}", f"change {report.changed:,}"]
    if same := report.unchanged + report.skipped:
        parts.append(f"leave {same:,} as they are")
    return f"Loading would {', '.join(parts)}, refuse {report.quarantined:,}."
