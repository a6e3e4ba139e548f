"""What a load was, in full, and what can be done about it: under its row in the history."""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QWidget

from core.errors import CoreError
from core.loading.undo import UndoPlan, UndoReport
from core.plural import counted
from core.reading.dialect import Dialect
from gui.elided import Elided
from gui.history.words import equation, plan_words, short_hash, since_words
from gui.history.work import Past
from gui.layout import col, row
from gui.widgets import button, label, message

UNDOABLE = ("done", "stopped", "failed", "undoing")


class Details(QFrame):
    """Facts, the undo with its plan, and the ways on. Each signal hands the load on."""

    undo_wanted = Signal(object)
    stop_wanted = Signal(object)
    resume_wanted = Signal(object)
    repeat_wanted = Signal(object)
    rows_wanted = Signal(object)
    held_wanted = Signal(object)
    recipe_wanted = Signal(object)
    report_wanted = Signal(object)

    def __init__(self, past: Past, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.past = past
        self.plan: UndoPlan | None = None
        begun = past.entry.state == "undoing"
        words = self.tr("Go on undoing load {0}…") if begun else self.tr("Undo load {0}…")
        self.undo = button(words.format(past.number), "", "undo-2")
        self.undo.clicked.connect(lambda: self.undo_wanted.emit(past))
        self.stop = button(self.tr("Stop"))
        self.stop.clicked.connect(lambda: self.stop_wanted.emit(past))
        for part in (self.undo, self.stop):
            part.hide()
        said = self.tr("Looking what undoing would do…")
        self.message = message("info", said, self.stop, self.undo)
        self.ways = self._ways()
        facts = [row(_named(name), (value, 1)) for name, value in self._facts()]
        self.setLayout(
            col(
                col(*facts, gap=6),
                14,
                self.message,
                12,
                row(*self.ways, None, gap=4),
                pad=(64, 4, 16, 16),
            )
        )
        self.message.setVisible(self.undoable)  # before it stands in something it is a window

    def _facts(self) -> list[tuple[str, QWidget]]:
        entry = self.past.entry
        sha = label(short_hash(entry.sha256), "code")
        sha.setToolTip(entry.sha256 or "")
        sha.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        pairs: list[tuple[str, QWidget]] = [
            (self.tr("SHA-256"), sha),
            (self.tr("Read as"), label(read_as(entry.recipe), "code")),
            (self.tr("Recipe"), label(self._recipe_words())),
            (self.tr("Records"), label(equation(entry.counts))),
        ]
        if since := since_words(self.past.resubmitted, entry.taken_back):
            pairs.append((self.tr("Since then"), label(since, wrap=True)))
        if entry.counts.get("blank"):
            pairs.append((self.tr("Blank"), label(f"{entry.counts['blank']:,}")))
        if entry.message and entry.state != "done":
            pairs.append((self.tr("Because"), label(entry.message, wrap=True)))
        pairs.append((self.tr("File"), Elided(entry.path, elide=Qt.TextElideMode.ElideMiddle)))
        return pairs

    def _recipe_words(self) -> str:
        entry = self.past.entry
        parts = [str(entry.recipe.get("name") or self.tr("none"))]
        edits = sum(len(cells) for cells in entry.edits.values())
        if edits:
            one, many = self.tr("1 cell edited by hand"), self.tr("{0} cells edited by hand")
            parts.append(one if edits == 1 else many.format(f"{edits:,}"))
        if entry.limit is not None:
            parts.append(self.tr("only the first {0}").format(counted(entry.limit, "record")))
        if entry.by:
            parts.append(self.tr("by {0}").format(entry.by))
        return " · ".join(parts)

    def _ways(self) -> list[QAbstractButton]:
        past, parts = self.past, list[QAbstractButton]()
        wanted = [
            (self.tr("Repeat with another file…"), "", "rotate-ccw", self.repeat_wanted, True),
            (self.tr("Save report…"), "ghost", "", self.report_wanted, True),
            (self.tr("Save recipe…"), "ghost", "", self.recipe_wanted, True),
            (self.tr("View rows"), "ghost", "", self.rows_wanted, self._has_rows()),
            (
                self.tr("View {0} held").format(f"{past.held:,}"),
                "ghost",
                "",
                self.held_wanted,
                past.held > 0,
            ),
        ]
        if self.resumable:
            wanted.insert(0, (self.tr("Resume"), "", "play", self.resume_wanted, True))
        for text, kind, icon, signal, there in wanted:
            if there:
                part = button(text, kind, icon)
                part.clicked.connect(lambda _=False, signal=signal: signal.emit(past))
                parts.append(part)
        return parts

    @property
    def resumable(self) -> bool:
        return self.past.entry.resumable

    def _has_rows(self) -> bool:
        entry = self.past.entry
        return self.past.loaded > 0 and (entry.state != "undone" or entry.stays > 0)

    @property
    def undoable(self) -> bool:
        return self.past.entry.state in UNDOABLE or self.resumable

    @property
    def may_undo(self) -> bool:
        """Not while it is undone, nor where something is known to stand against it."""
        return self.stop.isHidden() and not (self.plan is not None and self.plan.obstacle)

    def show_plan(self, plan: UndoPlan) -> None:
        """What undoing would do, before it is done."""
        self.plan = plan
        if plan.obstacle:
            self.message.say("info", escape(plan.obstacle))
            return
        head, rest = plan_words(plan.removes, plan.restores, plan.stays)
        strong = f"<span style='font-weight:600'>{escape(head)}</span> {escape(rest)}"
        self.message.say("warning", strong)
        self.undo.show()

    def show_undoing(self, report: UndoReport) -> None:
        words = self.tr("Undoing: {0} of {1} done").format(
            f"{report.removed + report.restored:,}", f"{report.total:,}"
        )
        self.undo.hide()
        self.stop.show()
        self.message.say("info", escape(words))

    def show_stopping(self) -> None:
        self.stop.setEnabled(False)
        self.message.say("info", escape(self.tr("Stopping after the documents at hand…")))


def _named(name: str) -> QLabel:
    said = label(name, "small")
    said.setFixedWidth(88)
    return said


def read_as(recipe: object) -> str:
    """The dialect at a glance, out of a recipe's descriptor."""
    if not isinstance(recipe, Mapping):
        return "–"
    try:
        dialect = Dialect.from_descriptor(recipe.get("dialect", {}))
    except CoreError:
        return "–"
    return dialect.replace(encoding=recipe.get("encoding", dialect.encoding)).summary()
