"""The filters as pills, and the popup that adds one."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QHBoxLayout, QLineEdit, QWidget

from core.store.cells import retyped
from gui.browse.query import VERBS, Filter
from gui.layout import col, row
from gui.widgets import button, label, tool

WORDLESS = ("is there",)  # verbs that need no value


class Pills(QFrame):
    """`removed(index)` for a pill's ×; `wanted` for + Filter."""

    removed = Signal(int)
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.add = button(self.tr("Filter"), "ghost", "plus")
        self.add.clicked.connect(self.wanted)
        self.more = label("", "small")
        self._row.addWidget(self.more)
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self.pills: list[QFrame] = []

    def show_filters(self, filters: Sequence[Filter] | None) -> None:
        """None: the query says more than pills can."""
        for pill in self.pills:
            self._row.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self.pills = [self._pill(i, one) for i, one in enumerate(filters or ())]
        for i, pill in enumerate(self.pills):
            self._row.insertWidget(i, pill)
        self.more.setText(self.tr("A query of its own") if filters is None else "")
        self.more.setVisible(filters is None)
        self.add.setEnabled(filters is not None)

    def _pill(self, at: int, one: Filter) -> QFrame:
        verb, value = one.words
        close = tool("x", self.tr("Take this filter away"))
        close.clicked.connect(lambda: self.removed.emit(at))
        parts = [label(one.field, "strong"), label(verb, "muted")]
        if value:
            parts.append(label(value if len(value) <= 24 else value[:23] + "…", "strong"))
            parts[-1].setToolTip(value)
        pill = QFrame()
        pill.setProperty("kind", "chip")
        pill.setLayout(row(*parts, close, gap=5, pad=(12, 0, 2, 0)))
        pill.setFixedHeight(28)
        return pill


class FilterPopup(QDialog):
    """Field, verb, value; `made(Filter)` when it is accepted."""

    made = Signal(object)

    def __init__(self, fields: Sequence[str], example: dict[str, Any], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.example = example
        self.field, self.verb, self.value = QComboBox(), QComboBox(), QLineEdit()
        self.field.addItems(list(fields))
        self.field.setEditable(True)
        self.verb.addItems(list(VERBS))
        self.value.setMinimumWidth(160)
        self.value.setPlaceholderText(self.tr("value"))
        for part, name in (
            (self.field, self.tr("Field")),
            (self.verb, self.tr("Condition")),
            (self.value, self.tr("Value")),
        ):
            part.setAccessibleName(name)
        self.wrong = label("", "problem")
        self.wrong.hide()
        go = button(self.tr("Add filter"), "primary")
        go.clicked.connect(self.add)
        self.value.returnPressed.connect(self.add)
        self.verb.currentTextChanged.connect(lambda v: self.value.setVisible(v not in WORDLESS))
        line = row(self.field, self.verb, self.value, go)
        self.setLayout(col(line, 4, self.wrong, pad=(12, 12, 12, 12)))

    def show_at(self, where: QPoint) -> None:
        self.move(where)
        self.show()
        self.value.setFocus()

    @Slot()
    def add(self) -> None:
        field, verb = self.field.currentText(), self.verb.currentText()
        try:
            value = typed(verb, self.example.get(field), self.value.text())
        except ValueError as error:
            self.wrong.setText(str(error).capitalize() + ".")
            self.wrong.show()
            return
        self.made.emit(Filter(field, verb, value))
        self.close()


def typed(verb: str, example: Any, text: str) -> Any:
    """The value as the field's values are typed; ValueError says what was expected."""
    if verb == "is there":
        return True
    if verb == "contains":
        return "".join(f"\\{c}" if c in r"\.^$*+?{}[]|()" else c for c in text)
    if verb == "is one of":
        return [retyped(example, part.strip()) for part in text.split(",") if part.strip()]
    if not text and verb in ("is", "is not"):
        return None
    return retyped(example, text)
