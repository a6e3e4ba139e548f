"""The original line of a held record, its faulty part marked, and a way to copy it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from core.plural import counted
from core.store.held import HeldRecord
from gui import theme
from gui.held.marks import SHOWN, cell_spans, faults, marked
from gui.layout import col, row
from gui.widgets import button, label

TALLEST = 150  # px before it scrolls


class Original(QFrame):
    """Raw text breaks anywhere, in the fixed-width font; invisible characters are shown."""

    def __init__(
        self,
        record: HeldRecord,
        names: Sequence[str],
        dialect: Mapping[str, object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._record, self._names, self._dialect = record, names, dialect
        self._text = decoded(record, record.encoding or str(dialect.get("encoding", "utf-8")))
        copy = button(self.tr("Copy"), "ghost", "copy", self.tr("Copy the original line"))
        copy.clicked.connect(self.copy)
        self.view = QTextEdit()
        self.view.setReadOnly(True)
        self.view.setFont(theme.mono())
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.view.document().setDocumentMargin(0)
        self.view.setAccessibleName(self.tr("Original line"))
        self.view.setTabChangesFocus(True)
        size = self.tr("Kept byte for byte: {0}").format(counted(len(record.raw or b""), "byte"))
        if record.raw is None:
            size = self.tr("Longer than 1 MB; Export writes all of it.")
        head = row(label(self.tr("Original line"), "section"), None, copy)
        self.setLayout(col(head, 4, self.view, 6, label(size, "caption")))
        self._fill()

    def _fill(self) -> None:
        text = self._text[:SHOWN] + ("…" if len(self._text) > SHOWN else "")
        self.view.setHtml(marked(text, self._faults(text)))

    def _faults(self, text: str) -> list[tuple[int, int]]:
        was = self._record.was or self._record.reasons
        said = self._dialect
        quote, escape = said.get("quoteChar", '"'), said.get("escapeChar")
        spans = cell_spans(
            text,
            str(said.get("delimiter", ",")),
            str(quote) if quote else None,
            str(escape) if escape else None,
        )
        return faults(spans, self._names, [r.field for r in was], [r.code for r in was])

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As tall as the text at this width, within reason."""
        super().resizeEvent(event)
        document = self.view.document()
        document.setTextWidth(max(self.width() - 24, 60))
        self.view.setFixedHeight(min(TALLEST, int(document.size().height()) + 20))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()


def decoded(record: HeldRecord, encoding: str) -> str:
    """The raw bytes as text; bytes that are none of the encoding's show as �."""
    try:
        return (record.raw or b"").decode(encoding, "replace")
    except LookupError:
        return (record.raw or b"").decode("latin-1")
