"""Undo…: what goes and what comes back, in figures, before anything does."""

from PySide6.QtWidgets import QDialog, QWidget

from core.loading.undo import UndoPlan
from gui.history.words import kept_words, plan_words, size_words
from gui.history.work import Past
from gui.layout import Item, col, row
from gui.widgets import button, glyph, label


class UndoDialog(QDialog):
    """Accepted, the load is to be undone. Return alone cancels: what goes does not come back."""

    def __init__(self, past: Past, plan: UndoPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Undo load {0}").format(past.number))
        self.setMinimumWidth(440)
        entry = past.entry
        head, rest = plan_words(plan.removes, plan.restores, plan.stays)
        facts = [head.rstrip(";") + ".", rest[:1].upper() + rest[1:]]
        if plan.restores:
            facts.append(kept_words(plan.restores, size_words(plan.bytes)))
        if past.held:
            facts.append(
                self.tr(
                    "Its {0} held rows stay in Quarantine, but cannot be resubmitted then."
                ).format(f"{past.held:,}")
            )
        self.facts = [label(text, "", wrap=True) for text in facts if text]
        where = f"{entry.name} → {entry.database} ▸ {entry.collection}"
        last = self.tr(
            "There is no undo of an undo: loading the file again brings its rows back. "
            "It can be stopped, and goes on when it is asked for again."
        )
        self.go = button(self.tr("Undo load {0}").format(past.number), "danger", "undo-2")
        self.cancel = button(self.tr("Cancel"))
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        lines: list[Item] = [
            row(glyph("triangle-alert", "warning", 14), (label(where, "strong", wrap=True), 1)),
            10,
        ]
        lines += self.facts
        lines += [10, label(last, "small", wrap=True), 16, row(None, self.cancel, self.go)]
        self.setLayout(col(*lines, gap=4, pad=(16, 16, 16, 16)))
        self.cancel.setDefault(True)
        self.cancel.setFocus()
