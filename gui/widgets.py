"""Labels, icons, buttons and messages in the look of the theme; icons follow a change of theme."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QTextEdit, QToolButton, QWidget

from gui import theme
from gui.layout import col, frame, row


def repolish(widget: QWidget) -> None:
    """After a property changed that the style sheet asks for."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(text: str, kind: str = "", tone: str = "", wrap: bool = False) -> QLabel:
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)  # a file's name or cell must not act as markup
    result.setProperty("kind", kind)
    result.setProperty("tone", tone)
    result.setWordWrap(wrap)
    if kind == "tag":
        result.setFixedHeight(18)
    if kind == "code":
        result.setFont(theme.mono())
    return result


class Glyph(QLabel):
    """An icon in the colour of a role of the theme."""

    def __init__(self, name: str, role: str = "muted", size: int = 16) -> None:
        super().__init__()
        self.name, self.role, self.size_ = name, role, size
        self.setFixedSize(size, size)
        self._tint()

    def show_icon(self, name: str, role: str) -> None:
        self.name, self.role = name, role
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._tint()

    def _tint(self) -> None:
        colour = getattr(theme.tokens(), self.role) if self.role else ""
        self.setPixmap(theme.pixmap(self.name, colour, self.size_, self.devicePixelRatioF()))


def glyph(name: str, role: str = "muted", size: int = 16) -> Glyph:
    return Glyph(name, role, size)


_ON = {"primary": "onAccent", "large": "onAccent", "danger": "problem", "link": "accentText"}


class Button(QPushButton):
    """`kind`: "" (secondary), primary, large, largePlain, ghost, link, inline, fix, danger."""

    def __init__(self, text: str, kind: str = "", icon: str = "", tip: str = "") -> None:
        super().__init__(text)
        self.icon_name = icon
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        if tip and not text:
            self.setAccessibleName(tip)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def show_words(self, on: bool) -> None:
        """Its words, or where room is short its icon alone."""
        if on == bool(self.text()):
            return
        words = self.text() or self.accessibleName()
        self.setAccessibleName("" if on else words)
        self.setText(words if on else "")
        if not self.toolTip() or self.toolTip() == words:
            self.setToolTip("" if on else words)
        self._tint()

    def _tint(self) -> None:
        if not self.icon_name:
            return
        colour = getattr(theme.tokens(), _ON.get(self.property("kind"), "muted"))
        self.setIcon(theme.icon(self.icon_name, colour, pad=4 if self.text() else 0))
        self.setIconSize(QSize(20 if self.text() else 16, 16))


def button(text: str, kind: str = "", icon: str = "", tip: str = "") -> Button:
    return Button(text, kind, icon, tip)


class Tool(QToolButton):
    """An icon alone; its tip is its name for screen readers too. `kind`: ghost, rail or none."""

    def __init__(self, icon: str, tip: str = "", kind: str = "ghost", size: int = 16) -> None:
        super().__init__()
        self.icon_name, self.size_ = icon, size
        self.setProperty("kind", kind)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        t = theme.tokens()
        pad = 4 if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon else 0
        self.setIcon(theme.icon(self.icon_name, t.muted, self.size_, t.accentText, pad))
        self.setIconSize(QSize(self.size_ + pad, self.size_))


def tool(icon: str, tip: str = "") -> Tool:
    result = Tool(icon, tip)
    result.setFixedWidth(28)
    result.setProperty("bare", "true")
    return result


class Segment(QFrame):
    """A few choices side by side, one of them on; `chosen(index)` when the user picks another."""

    chosen = Signal(int)

    def __init__(self, texts: Sequence[str], current: int = 0, icons: Sequence[str] = ()) -> None:
        super().__init__()
        self.setProperty("kind", "segment")
        self.parts: list[QToolButton] = []
        for i, text in enumerate(texts):
            part = Tool(icons[i], text, kind="") if icons else QToolButton()
            if text:
                part.setText(text)
            if icons and text:
                part.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            part.setCheckable(True)
            part.setAutoExclusive(True)
            part.setChecked(i == current)
            part.clicked.connect(lambda _=False, index=i: self.chosen.emit(index))
            self.parts.append(part)
        self.setLayout(row(*self.parts, gap=2, pad=(2, 2, 2, 2)))
        self.setFixedHeight(28)

    @property
    def current(self) -> int:
        return next((i for i, part in enumerate(self.parts) if part.isChecked()), -1)

    def set_current(self, index: int) -> None:
        """Shows a choice without announcing it."""
        self.parts[index].setChecked(True)

    def set_text(self, index: int, text: str) -> None:
        self.parts[index].setText(text)


def segment(texts: Sequence[str], current: int = 0, icons: Sequence[str] = ()) -> Segment:
    return Segment(texts, current, icons)


MARKS = {
    "problem": "circle-alert",
    "warning": "triangle-alert",
    "valid": "circle-check",
    "info": "info",
}


class Message(QFrame):
    """One sentence on a soft fill with its mark; actions at its right end."""

    def __init__(self, tone: str, text: str, *actions: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "message")
        self.setProperty("tone", tone)
        self.mark = glyph(MARKS[tone], tone)
        self.words = QLabel(text)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(False)
        self.words.setMinimumWidth(40)
        self.setLayout(row(self.mark, (self.words, 1), *actions, pad=(12, 0, 8, 0)))
        self.setFixedHeight(40)

    def say(self, tone: str, text: str) -> None:
        """Rich text: escape what comes from a file or server."""
        self.mark.show_icon(MARKS[tone], tone)
        self.words.setText(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            repolish(self)


def message(tone: str, text: str, *actions: QWidget) -> Message:
    return Message(tone, text, *actions)


def empty_state(icon: str, title: str, words: str, action: QWidget | None = None) -> QFrame:
    """One sentence and one button, centred."""
    parts: list[object] = [None, row(None, glyph(icon, "faint", 32), None), 12]
    parts += [row(None, label(title, "title"), None), 4, row(None, label(words, "muted"), None)]
    if action is not None:
        parts += [16, row(None, action, None)]
    return frame("surface", col(*parts, None))  # type: ignore[arg-type]


def raw(text: str = "", height: int = 0) -> QTextEdit:
    """Raw text breaks anywhere: a line of CSV has no spaces to break at."""
    result = QTextEdit()
    result.setReadOnly(True)
    result.setFont(theme.mono())
    result.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    result.document().setDocumentMargin(0)
    result.setPlainText(text)
    if height:
        result.setFixedHeight(height)
    return result
