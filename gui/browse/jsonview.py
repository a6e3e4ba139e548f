"""Documents as JSON, coloured by what each part is."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.documents.extended import to_json
from gui import theme

_PART = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?P<word>\b(?:true|false|null)\b)"
)
_ROLES = {"key": "accentText", "text": "valid", "number": "warning", "word": "changed"}


_WRAPPED = re.compile(r'\{\s*("\$\w+": (?:"(?:[^"\\]|\\.)*"|[-\w.]+))\s*\}')


def _compact(text: str) -> str:
    """A date or id on one line: {"$date": "…"}."""
    return _WRAPPED.sub(r"{\1}", text)


class Colours(QSyntaxHighlighter):
    """Keys, texts, numbers and words; the rest stays text."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.read_theme()

    def read_theme(self) -> None:
        self._formats = {}
        for name, role in _ROLES.items():
            form = QTextCharFormat()
            form.setForeground(QColor(getattr(theme.tokens(), role)))
            self._formats[name] = form

    def highlightBlock(self, text: str) -> None:
        for found in _PART.finditer(text):
            name = found.lastgroup or "text"
            self.setFormat(found.start(), found.end() - found.start(), self._formats[name])


class JsonView(QPlainTextEdit):
    """One page of documents, one after the other; read-only, for reading and copying."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(theme.mono())
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(self.tr("Documents as JSON"))
        self.document().setDocumentMargin(12)
        self.colours = Colours(self.document())

    def show_documents(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self.setPlainText("\n\n".join(_compact(to_json(document)) for document in documents))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "colours"):
            self.colours.read_theme()
            self.colours.rehighlight()
