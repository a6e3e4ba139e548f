"""One load of the history: a line of figures, and under it what it was and what can be done."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gui.clearing import clear
from gui.elided import Elided
from gui.history.details import Details
from gui.history.words import TONES, mode_words, seconds_words
from gui.history.work import Past
from gui.layout import col, frame, row
from gui.menus import add_buttons, add_copies, menu_for
from gui.order import OPENS
from gui.times import moment
from gui.widgets import button, glyph, label, repolish, tool

WIDTHS = {"load": 40, "when": 132, "mode": 148, "loaded": 76, "held": 56, "time": 64, "state": 104}
GIVES_WAY, ROOMY = ("mode", "time"), 960  # columns that go where a row is narrower, px
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LoadRow(QFrame):
    """Opens under a click or Return. Signals tell what was asked for."""

    toggled = Signal(object)  # this row
    resume_wanted = Signal(object)
    moved = Signal(int)  # to the row above or below

    def __init__(self, past: Past, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.past = past
        self.details: Details | None = None
        self.setProperty("kind", "load")
        self.setProperty(OPENS, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._line = QVBoxLayout()
        self._box = col(self._line)
        self.setLayout(self._box)
        self._show_line()
        entry = past.entry
        self.setAccessibleName(f"{past.number}, {entry.name}, {entry.collection}, {entry.state}")

    @property
    def is_open(self) -> bool:
        return self.details is not None

    def open(self) -> Details:
        """Shows the details; the page connects what they ask for."""
        self.details = Details(self.past)
        self._box.addWidget(self.details)
        self.details.show()
        self._mark()
        return self.details

    def close_details(self) -> None:
        if self.details is not None:
            self.details.hide()
            self.details.deleteLater()
            self.details = None
            self._mark()

    def _mark(self) -> None:
        self.setProperty("current", "true" if self.is_open else "false")
        repolish(self)
        self._show_line()

    @property
    def resumable(self) -> bool:
        return self.past.entry.resumable

    # ---- the line ----------------------------------------------------------------------------
    def _show_line(self) -> None:
        clear(self._line)
        past, entry = self.past, self.past.entry
        when = moment(entry.started) if entry.started else ""
        held = label(f"{past.held:,}", "problem" if past.held else "faint")
        if entry.quarantined and not past.held:
            held.setToolTip(self.tr("{0} were held; none is now").format(f"{entry.quarantined:,}"))
        loaded = label(f"{past.loaded:,}")
        if past.resubmitted:
            said = self.tr("{0} by the load, {1} from Quarantine since")
            loaded.setToolTip(said.format(f"{entry.accepted:,}", f"{past.resubmitted:,}"))
        time = label(seconds_words(entry.seconds), "small")
        line = row(
            sized(label(str(past.number), "small"), "load"),
            (Elided(entry.name, "strong", elide=Qt.TextElideMode.ElideMiddle), 4),
            (Elided(f"{entry.database} ▸ {entry.collection}"), 3),
            sized(label(when, "small"), "when"),
            sized(Elided(mode_words(entry.mode), "small"), "mode"),
            sized(loaded, "loaded", RIGHT),
            sized(held, "held", RIGHT),
            sized(time, "time", RIGHT),
            16,
            sized(self._state(), "state"),
            self._act(),
            gap=8,
            pad=(16, 0, 16, 0),
        )
        self._line.addWidget(frame("clear", line, height=43))
        fit(self, self.width())

    def _state(self) -> QWidget:
        """The usual outcome is quiet; only what is out of the ordinary is tinted."""
        entry = self.past.entry
        if entry.state == "done":
            return frame("clear", row(glyph("check", "valid", 14), label(self.tr("done"), "small"),
                                      None, gap=4))  # fmt: skip
        texts = {
            "stopped": self.tr("stopped"),
            "failed": self.tr("failed"),
            "running": self.tr("running"),
            "undone": self.tr("undone"),
            "undoing": self.tr("undoing"),
        }
        state = entry.state
        if state == "running" and entry.resumable:
            state, texts["interrupted"] = "interrupted", self.tr("interrupted")
        if state == "undoing" and entry.holder is None:
            state, texts["partly"] = "partly", self.tr("partly undone")
        tag = label(texts.get(state, state), "tag", TONES.get(state, ""))
        tag.setToolTip(entry.message)
        return frame("clear", row(tag, None))

    def _act(self) -> QWidget:
        if self.resumable and not self.is_open:
            resume = button(self.tr("Resume"))
            resume.clicked.connect(lambda: self.resume_wanted.emit(self.past))
            resume.setToolTip(self.past.entry.message)
            return sized(resume, "state", width=84)
        part = tool(
            "chevron-up" if self.is_open else "chevron-down",
            self.tr("Close") if self.is_open else self.tr("Details"),
        )
        part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        part.clicked.connect(lambda: self.toggled.emit(self))
        holder = frame("clear", row(None, part))
        return sized(holder, "state", width=84)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit(self, self.width())

    # ---- mouse and keys ----------------------------------------------------------------------
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().y() < 44 and event.button() == Qt.MouseButton.LeftButton:
            self.toggled.emit(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done about the load, and its names to copy. It is opened to be seen."""
        self.setFocus()
        if self.details is None:
            self.toggled.emit(self)
        if (details := self.details) is None:
            return
        entry, menu = self.past.entry, menu_for(self)
        names = {
            self.tr("Copy load id"): entry.id,
            self.tr("Copy path of the file"): entry.path,
            self.tr("Copy SHA-256"): entry.sha256 or "",
        }
        add_copies(menu, names)
        add_buttons(menu, details.ways)
        if details.undoable:
            menu.addSeparator()
            undo = menu.addAction(details.undo.text(), lambda: details.undo_wanted.emit(self.past))
            undo.setEnabled(details.may_undo)
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        menu.popup(event.globalPos() if by_mouse else self.mapToGlobal(QPoint(64, 40)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggled.emit(self)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def fit(line: QWidget, room: int) -> None:
    """The names of file and collection come before mode and time."""
    for name in GIVES_WAY:
        for part in line.findChildren(QWidget, name):
            part.setVisible(room >= ROOMY)


def sized(
    widget: QWidget, name: str, side: Qt.AlignmentFlag | None = None, width: int = 0
) -> QWidget:
    """As wide as the column of that name."""
    widget.setObjectName(name)
    widget.setFixedWidth(width or WIDTHS[name])
    if side is not None and isinstance(widget, QLabel):
        widget.setAlignment(side)
    return widget
