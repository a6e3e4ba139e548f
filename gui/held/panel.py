"""One held record: what is wrong, where to mend it, its original line, what was done to it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.batch import Problem
from core.quarantine import MISSING, SHAPES, SURPLUS
from core.store.held import HeldRecord, Reason
from gui.clearing import clear
from gui.elided import Elided
from gui.held.original import Original
from gui.held.words import edit_words, headline
from gui.layout import col, frame, row
from gui.times import ago
from gui.widgets import button, glyph, label, repolish, tool

CELLS = 3  # fields to mend shown at once; the sheet has them all


class CellEdit(QLineEdit):
    """One cell's text; Escape puts back what was there."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name
        self.before = text
        self.saving = False  # what stands here is on its way into the record
        self.setAccessibleName(name)
        self.setMinimumWidth(96)

    def follow(self, text: str) -> None:
        """The record says this now; what is being typed or saved here stays."""
        self.saving = self.saving and self.text() != text
        if self.saving:
            return
        dirty = self.text() != self.before
        self.before = text
        if not dirty and self.text() != text:
            with QSignalBlocker(self):
                self.setText(text)

    def mark(self, state: str) -> None:
        """changed, valid or nothing: fill and border, beside the words below."""
        if self.property("state") != state:
            self.setProperty("state", state)
            repolish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self.before:
            self.setText(self.before)
        else:
            super().keyPressEvent(event)


class HeldPanel(QFrame):
    """`typed({field: text})` after a pause in typing; `saved` the same on Return or leaving.

    `answered({what: word})` says what is with cells too many or too few. `stepped(±1)` asks for the
    record before or after.
    """

    typed = Signal(object)
    saved = Signal(object)
    answered = Signal(object)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(320)
        self.record: HeldRecord | None = None
        self.edits: list[CellEdit] = []
        self._verdict = label("", "small", wrap=True)
        self._verdict.hide()
        self._pause = QTimer(self, singleShot=True, interval=150)
        self._pause.timeout.connect(self._tell)
        self.title, self.place = label("", "title"), label("", "small")
        before = tool("chevron-up", self.tr("Previous record (Shift+F8)"))
        after = tool("chevron-down", self.tr("Next record (F8)"))
        before.clicked.connect(lambda: self.stepped.emit(-1))
        after.clicked.connect(lambda: self.stepped.emit(1))
        head = row(self.title, self.place, None, before, after, pad=(16, 12, 12, 4))
        self._above, self._cells, self._below = _section(), _section(), _section()
        body = col(
            self._above, 10, self._cells, self._verdict, 18, self._below, None, pad=(16, 6, 16, 12)
        )
        inner = frame("clear", body)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(col(head, (area, 1)))

    # -- showing -------------------------------------------------------------------------------
    def show_record(
        self,
        record: HeldRecord | None,
        names: Sequence[str] = (),
        dialect: Mapping[str, object] | None = None,
        held_by: str = "",
    ) -> None:
        """`names`: the file's columns in order; `dialect`: Table Dialect words."""
        same = record is not None and self.record is not None and record.id == self.record.id
        if not same:
            self.save()  # what was typed belongs to the record before
            self._pause.stop()
            self.edits = []
            clear(self._cells)
        self.record = record
        self.setVisible(record is not None)
        if record is None:
            return
        self.title.setText(self.tr("Line {0}").format(f"{record.line:,}"))
        self.place.setText(self.tr("record {0}").format(f"{record.record:,}"))
        clear(self._above)
        self._add_reasons(record)
        self._show_edits(record, names)
        clear(self._below)
        self._below.addWidget(Original(record, names, dialect or {}))
        self._below.addSpacing(18)
        self._add_history(record, held_by)

    def _add_reasons(self, record: HeldRecord) -> None:
        if not record.reasons:
            line = row(glyph("circle-check", "valid"), label(self.tr("Ready"), "strong"), None)
            self._above.addLayout(line)
            words = self.tr("Nothing is wrong with this record any more; resubmit it.")
            self._above.addWidget(label(words, "small", wrap=True))
        for reason in record.reasons:
            self._above.addLayout(
                row(glyph("circle-alert", "problem"), (Elided(headline(reason), "strong"), 1))
            )
            self._above.addSpacing(2)
            message = label(reason.message, "small", wrap=True)
            message.setTextFormat(Qt.TextFormat.PlainText)
            message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._above.addWidget(message)
            answer = _answer(self.tr, reason) if record.state == "held" else None
            if answer is not None:
                words, what = answer
                push = button(words, "")
                push.clicked.connect(partial(self.answered.emit, {what: SHAPES[what]}))
                self._above.addSpacing(6)
                self._above.addWidget(push)
            self._above.addSpacing(4)

    def _show_edits(self, record: HeldRecord, names: Sequence[str]) -> None:
        """The cells at fault, then those mended before; what was there stands to the left.

        While one record is shown its boxes stay where they are, whatever is saved meanwhile: one
        who types and presses Tab goes on in the next box. More come only where others are at fault.
        """
        wrong = [r.field for r in (*record.reasons, *record.was) if r.field]
        fields = [n for n in dict.fromkeys(wrong) if n in record.values or n in names]
        there = {edit.name for edit in self.edits}
        now = {reason.field for reason in record.reasons}
        wanted = [n for n in fields if n in now] if there else fields[:CELLS]
        for name in wanted:
            if name not in there and len(there & now) < CELLS:
                there.add(name)
                self._add_edit(record, name)
        for edit in self.edits:
            edit.follow(record.values.get(edit.name, ""))
            edit.setReadOnly(record.state != "held")
            edit.mark("changed" if record.differs(edit.name) else "")
        self._verdict.setVisible(bool(self.values()))

    def _add_edit(self, record: HeldRecord, name: str) -> None:
        edit = CellEdit(name, record.values.get(name, ""))
        edit.textChanged.connect(self._typed)
        edit.editingFinished.connect(self.save)
        self.edits.append(edit)
        self._cells.addLayout(_edit_row(name, record.came(name) or "", edit))
        self._cells.addSpacing(4)
        edit.show()  # at once: Tab pressed right after F8 finds it

    def _add_history(self, record: HeldRecord, held_by: str) -> None:
        self._below.addLayout(row(label(self.tr("Edits"), "section"), None))
        self._below.addSpacing(4)
        for edit in reversed(record.edits):
            self._below.addLayout(_event("pencil", "changed", edit_words(edit), ago(edit.at)))
        if record.recipe:
            words = self.tr("mended by a fix of its recipe")
            self._below.addLayout(_event("wand-sparkles", "changed", words, ""))
        if record.note:
            self._below.addLayout(_event("trash-2", "faint", record.note, ""))
        self._below.addLayout(_event("inbox", "faint", held_by, ""))

    # -- typing --------------------------------------------------------------------------------
    def values(self) -> dict[str, str]:
        """What is typed and differs from the record."""
        return {edit.name: edit.text() for edit in self.edits if edit.text() != edit.before}

    def show_verdict(self, values: Mapping[str, str], problems: Sequence[Problem | Reason]) -> None:
        """What the checker says of what is typed now; late answers to older text are dropped."""
        if values != self.values():
            return
        if not values:
            self._verdict.hide()
            return
        first = problems[0].message if problems else ""
        good = self.tr("✓ Good as it is now. Return saves it.")
        self._verdict.setText(first or good)
        self._verdict.setProperty("tone", "problem" if problems else "valid")
        repolish(self._verdict)
        self._verdict.show()

    @Slot()
    def _typed(self) -> None:
        for edit in self.edits:
            edit.mark("changed" if edit.text() != edit.before else "")
        self._pause.start()

    @Slot()
    def _tell(self) -> None:
        self.typed.emit(self.values())

    @Slot()
    def save(self) -> None:
        """What is typed goes into the record: on Return, on leaving, before a resubmission."""
        values = self.values()
        if not values:
            return
        for edit in self.edits:
            edit.saving = edit.saving or edit.text() != edit.before
            edit.before = edit.text()  # leaving after Return does not save it twice
        self._pause.stop()
        self.saved.emit(values)

    @Slot()
    def give_up(self) -> None:
        """What was on its way did not arrive: the record's own text comes back."""
        for edit in self.edits:
            edit.saving = False

    def focus_edit(self) -> None:
        if self.edits:
            self.edits[0].setFocus()
            self.edits[0].selectAll()


def _answer(tr: Callable[[str], str], reason: Reason) -> tuple[str, str] | None:
    """What a person may say to cells too many or too few: the words, and of what it is."""
    if reason.code == "extra-cell":
        return tr("Leave out what is beyond the last column"), SURPLUS
    if reason.code == "missing-cell":
        return tr("Leave the missing columns empty"), MISSING
    return None


def _section() -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(2)
    return made


def _edit_row(name: str, old: str, edit: QLineEdit) -> QLayout:
    """Long names and texts go above, so that the field keeps its width."""
    was = label(_clip(old, 18) or "–", "code")
    was.setToolTip(old)
    if len(name) + min(len(old), 18) > 20:
        return col(row(Elided(name, "small"), was, None), 2, edit)
    return row(label(name, "small"), was, glyph("arrow-right", "faint", 14), (edit, 1))


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _event(icon: str, role: str, words: str, when: str) -> QLayout:
    text = label(words, "small", wrap=True)
    text.setTextFormat(Qt.TextFormat.PlainText)
    side = label(when, "caption")
    return row(glyph(icon, role, 14), (text, 1), side)
