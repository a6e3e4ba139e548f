"""What the list says of an open file: one status, its counts, its progress; no Qt here."""

from dataclasses import dataclass

from core.batch import Quality
from core.plural import counted
from gui.load.state import OpenFile, counts, rows_words


@dataclass(frozen=True, slots=True)
class FileView:
    """What the list says of a file: words, and the tone that is never the only sign."""

    name: str
    detail: str
    state: str
    icon: str
    tone: str
    counts: Quality
    progress: float | None = None
    asked: int = 0  # questions beside problems, which have a mark of their own


def file_view(file: OpenFile) -> FileView:
    """One status a file: what happened to it last, or what is happening."""
    report, load, sums = file.report, file.load, counts(file)
    rows = rows_words(report.records) if report is not None else ""
    if file.phase == "opening":
        return FileView(file.name, "opening…", "", "circle-dashed", "info", sums, 0.0)
    if file.phase == "checking":
        done = report.fraction if report is not None and report.state == "running" else 0.0
        words = f"checking… {done:.0%}"
        return FileView(file.name, words, "", "circle-dashed", "info", sums, done)
    if file.phase == "queued":
        return FileView(file.name, rows, "waiting", "clock", "muted", sums)
    if file.phase == "loading" and load is not None:
        words = f"loading… {load.fraction:.0%}"
        return FileView(file.name, words, "", "loader-circle", "info", sums, load.fraction)
    if file.phase in ("done", "stopped") and load is not None:
        held = f"{load.quarantined:,} held" if load.quarantined else ""
        words = f"{load.accepted:,} loaded"
        if file.phase == "stopped":
            return FileView(file.name, words, "stopped", "circle-alert", "warning", sums)
        return FileView(file.name, words, held, "circle-check", "valid", sums)
    if file.phase == "already-loaded":
        return FileView(file.name, rows, "loaded before", "circle-check", "muted", sums)
    if file.phase == "failed":
        return FileView(
            file.name, rows or "cannot be read", "failed", "circle-alert", "problem", sums
        )
    if report is not None and file.checked and not report.records:
        return FileView(file.name, "no rows", "", "circle-alert", "warning", sums)
    bad, asked = report.quarantined if report is not None else 0, len(file.open_questions)
    if bad:
        words = counted(bad, "problem")
        return FileView(file.name, rows, words, "circle-alert", "problem", sums, asked=asked)
    if asked:
        words = counted(asked, "question")
        return FileView(file.name, rows, words, "circle-help", "warning", sums)
    return FileView(file.name, rows, "ready", "circle-check", "valid", sums)


def spoken(view: FileView) -> str:
    """The whole line, as a screen reader tells it."""
    asked = counted(view.asked, "question") if view.asked else ""
    return ", ".join(words for words in (view.name, view.detail, view.state, asked) if words)
