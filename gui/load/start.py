"""The empty state: drop zone, choose, sample data, where data goes, and what was open lately."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gui import theme
from gui.connection import ConnectionCard
from gui.layout import col, row
from gui.session import Session
from gui.widgets import button, glyph, label, message


class DropZone(QFrame):
    """QSS dashes are dots at 1 px, so the border is drawn."""

    def paintEvent(self, event: QPaintEvent) -> None:
        t, p = theme.tokens(), QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(t.accentText if self.property("over") else t.border), 1.5)
        pen.setDashPattern([4, 3])
        p.setPen(pen)
        p.setBrush(QColor(t.accentSoft if self.property("over") else t.sunken))
        p.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 12, 12)
        p.end()


class Start(QFrame):
    """What one sees before anything is open; tells what is wanted by signals."""

    choose = Signal()
    samples = Signal()
    recent = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.zone = self._zone()
        self.card = ConnectionCard(session)
        self.message = message("problem", "")
        self.message.hide()
        self.list = col(gap=0)
        self.recents: list[QPushButton] = []
        self.heading = label(self.tr("Recent"), "section")
        holder = QWidget()
        holder.setMaximumWidth(760)
        holder.setMinimumWidth(560)
        holder.setLayout(
            col(
                None,
                self.zone,
                16,
                self.message,
                self.card,
                24,
                row(self.heading, None, pad=(8, 0, 0, 0)),
                4,
                self.list,
                None,
            )
        )
        self.setLayout(row(None, (holder, 8), None, pad=(16, 16, 16, 16)))
        self.show_recent(())

    def _zone(self) -> DropZone:
        self.choose_button = button(self.tr("Choose files…"), "large", "folder-open")
        self.choose_button.clicked.connect(self.choose)
        self.sample_button = button(self.tr("Try sample data"), "largePlain")
        self.sample_button.clicked.connect(self.samples)
        words = self.tr(
            "They are checked at once. Nothing is written until you press Load, "
            "and your files are never changed."
        )
        zone = DropZone()
        zone.setMinimumHeight(264)
        zone.setMaximumHeight(304)
        zone.setLayout(
            col(
                None,
                row(None, glyph("file-spreadsheet", "accentText", 40), None),
                16,
                row(None, label(self.tr("Drop CSV files anywhere"), "heading"), None),
                8,
                row(None, label(words, "muted"), None),
                24,
                row(None, self.choose_button, self.sample_button, None, gap=8),
                16,
                row(
                    None,
                    label(self.tr("CSV, TSV and text, plain or .gz · any size"), "faint"),
                    None,
                ),
                None,
            )
        )
        return zone

    # -- showing -------------------------------------------------------------------------------
    def complain(self, words: str) -> None:
        """Something could not be opened."""
        self.message.say("problem", escape(words))
        self.message.show()

    def show_recent(self, entries: Sequence[tuple[Path, str]]) -> None:
        """File and a few words about it, newest first."""
        for old in self.recents:
            self.list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.recents = []
        self.heading.setVisible(bool(entries))
        for path, words in entries[:5]:
            one = button("", "recent")
            one.setAccessibleName(self.tr("Open {0}").format(path.name))
            one.setToolTip(str(path))
            one.setFixedHeight(32)
            texts = (label(path.name), label(words, "small"), label(str(path.parent), "small"))
            for text in texts:
                text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            one.setLayout(
                row(
                    glyph("file-text", "faint"),
                    texts[0],
                    texts[1],
                    None,
                    texts[2],
                    pad=(8, 0, 8, 0),
                )
            )
            one.clicked.connect(lambda _=False, path=path: self.recent.emit(str(path)))
            self.list.addWidget(one)
            self.recents.append(one)

    def show_over(self, over: bool) -> None:
        self.zone.setProperty("over", over)
        self.zone.update()
