"""The one sentence about a file that matters now: why it failed, what to know before loading."""

from core.plural import verb
from gui.load.actions import KEYLESS
from gui.load.lines import Line
from gui.load.recipes import shown_name
from gui.load.state import OpenFile, rows_words, some


def news(file: OpenFile) -> Line | None:
    """The most pressing first; None where all is as it should be."""
    if file.error and file.work is None:
        return None  # said in place of the sheet
    if file.error and file.resumable:
        return Line("problem", file.error, link="Resume", action="resume")
    if file.error:
        return Line("problem", file.error, link="Try again", action="reopen")
    if file.phase == "already-loaded":
        words = "This file is in that collection already; nothing was written."
        return Line("info", words, link="Load it again", action="again")
    if file.phase == "stopped" and file.load is not None:
        words = (
            f"Stopped after {rows_words(file.load.accepted)}; they stay until you undo the load."
        )
        return Line("warning", words, link="Resume", action="resume")
    if file.resumable and file.phase == "ready":
        words = "A load of this file into that collection stopped half-way."
        return Line("warning", words, link="Resume", action="resume")
    if file.phase == "done" and file.home and file.load is not None:
        return Line("info", file.load.message, link="Show them", action="held")
    if file.phase in ("loading", "queued", "done"):
        return None
    if file.clash:
        return Line("problem", file.clash, link="Keep dotted names", action="plain")
    if file.keyless:
        return Line("info", KEYLESS, link="Choose the key", action="key")
    if file.questions:
        return Line("info", file.questions[0], link="Change", action="dialect")
    if file.notes:
        return Line("warning", some(file.notes), "Please check:")
    if file.near is not None:
        words = f"The recipe “{shown_name(file.near.path)}” is nearly for these columns."
        return Line("info", words, "", some(file.near.apart), link="Use it", action="recipe")
    if file.hints and file.work is not None:
        hint = file.hints[0]
        name, cure = file.work.called(hint.field), "It stays text unless you say otherwise."
        return Line("info", hint.because, f"{name}:", cure, link="Show the column", action="column")
    report = file.report
    if report is not None and file.checked and not report.records:
        return Line("warning", "The file has a header and no rows.")
    if report is not None and file.checked and not report.quarantined:
        return Line("valid", "Every row is valid.", cure=some((*file.absent, *report.notes)))
    if report is not None and file.checked:
        bad = report.quarantined
        words = f"{rows_words(bad)} {verb(bad, 'needs', 'need')}"
        return Line(
            "info",
            "Fix what can be fixed; the rest waits in Quarantine.",
            f"{words} attention.",
            some((*file.absent, *report.notes)),
            link="Show the first",
            action="next",
        )
    return None
