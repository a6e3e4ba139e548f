"""The message bar above the actions, one at a time: the problem at hand, or news about the file."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from core.batch import Problem
from gui.layout import row
from gui.load.sentence import Sentence
from gui.widgets import button, glyph, label, tool

ICONS = {
    "problem": "circle-alert",
    "warning": "triangle-alert",
    "valid": "circle-check",
    "info": "info",
}
HEIGHT, HIGHER = 40, 52  # px, of one line and of two


@dataclass(frozen=True, slots=True)
class Line:
    """`place` stands in bold before the sentence, `cure` in grey after it; `link` is the action."""

    tone: str
    text: str
    place: str = ""
    cure: str = ""
    link: str = ""
    action: str = ""  # the word by which the page knows what the link means
    at: int = 0  # 1 of N; 0 for no walking
    of: int = 0


class MessageLine(QFrame):
    """Shows a Line; `followed(action)` when its link is pressed, `step(±1)` for the arrows."""

    followed = Signal(str)
    step = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "message")
        self.setFixedHeight(HEIGHT)
        self.line: Line | None = None
        self.marks = {tone: glyph(icon, tone) for tone, icon in ICONS.items()}
        self.words = Sentence()
        self.link = button("", "link")
        self.link.clicked.connect(self._follow)
        self.where = label("", "small")
        self.up = tool("chevron-up", self.tr("Previous error (Shift+F8)"))
        self.down = tool("chevron-down", self.tr("Next error (F8)"))
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)
        self.setLayout(
            row(
                *self.marks.values(),
                (self.words, 1),
                self.link,
                self.where,
                self.up,
                self.down,
                pad=(12, 0, 8, 0),
            )
        )
        self.words.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As high as its sentence needs."""
        self.setFixedHeight(HEIGHT if self.words.lines(self.words.width()) < 2 else HIGHER)

    def show_line(self, line: Line | None) -> None:
        if line == self.line:
            return
        self.line = line
        self.setVisible(line is not None)
        if line is None:
            return
        self.setProperty("tone", line.tone)
        self.style().unpolish(self)
        self.style().polish(self)
        for tone, mark in self.marks.items():
            mark.setVisible(tone == line.tone)
        self.words.say(line.place, line.text, line.cure)
        self.setAccessibleName(self.words.accessibleName())
        self.link.setText(line.link)
        self.link.setVisible(bool(line.link))
        walking = line.of > 0
        self.where.setText(self.tr("{0} of {1}").format(f"{line.at:,}", f"{line.of:,}"))
        for widget in (self.where, self.up, self.down):
            widget.setVisible(walking)
        self._fit()

    @Slot()
    def _follow(self) -> None:
        if self.line is not None:
            self.followed.emit(self.line.action)

    @Slot()
    def _up(self) -> None:
        self.step.emit(-1)

    @Slot()
    def _down(self) -> None:
        self.step.emit(1)


def problem_line(
    problem: Problem, name: str, at: int, of: int, cure: str = "", link: str = ""
) -> Line:
    """Place, problem and cause, cure; `name` is the column's, "" where a whole row is wrong."""
    place = f"Line {problem.line:,}" + (f", {name}:" if name else ":")
    said = problem.message.rstrip(".") + "." if cure else problem.message
    return Line("problem", said, place, cure, link, "fix", at, of)
