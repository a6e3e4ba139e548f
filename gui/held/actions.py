"""The action bar of Quarantine: what can be done to the row at hand, and the one primary button."""

from PySide6.QtWidgets import QFrame, QWidget

from core.quarantine import Review
from gui import theme
from gui.elided import Elided
from gui.layout import row
from gui.widgets import button


class Actions(QFrame):
    """Buttons keep their place; a disabled one says why in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "actions")
        self.setFixedHeight(theme.BAR)
        self.undo = button(self.tr("Undo"), "ghost", "undo-2")
        self.fix = button(self.tr("Fix similar…"), "", "wand-sparkles")
        self.export = button(self.tr("Export CSV…"), "ghost", "download")
        self.discard = button(self.tr("Discard…"), "danger", "trash-2")
        self.restore = button(self.tr("Take back"), "", "undo-2")
        self.left = Elided("", "small")
        self.resubmit = button("", "primary")
        self.setLayout(
            row(
                self.undo,
                self.fix,
                self.export,
                self.discard,
                self.restore,
                None,
                self.left,
                4,
                self.resubmit,
                pad=(12, 0, 16, 0),
            )
        )

    def show_state(
        self, review: Review, state: str, shown: int, undo: str, busy: bool, read_only: bool
    ) -> None:
        """`undo` names what Undo would take back, "" for nothing."""
        held = state == "held"
        counted, ready = review.ready is not None, review.ready or 0
        waiting = review.held - ready
        one = self.tr("1 still needs attention")
        many = self.tr("{0} still need attention").format(f"{waiting:,}")
        self.left.setText(one if waiting == 1 else many)
        self.left.setVisible(held and counted and waiting > 0)
        for part in (self.undo, self.fix, self.discard, self.resubmit):
            part.setVisible(held)
        self.restore.setVisible(state == "discarded")
        self.undo.setEnabled(bool(undo) and not busy)
        self.undo.setToolTip(self.tr("Undo {0}").format(undo) if undo else self.tr("No edit yet"))
        words = self.tr("Resubmit {0} ready") if counted else self.tr("Resubmit ready ones")
        self.resubmit.setText(words.format(f"{ready:,}"))
        why = ""
        if read_only:
            why = self.tr("The connection is read-only.")
        elif busy:
            why = self.tr("Something is being done to these rows.")
        for part in (self.fix, self.discard, self.restore):
            part.setEnabled(not why and shown > 0)
            part.setToolTip(why)
        self.export.setEnabled(shown > 0)
        none = self.tr("No row is ready: edit one, or fix similar ones.")
        if not counted:
            none = self.tr("Counting the rows that are ready…")
        why = review.obstacle or why
        self.resubmit.setEnabled(not why and ready > 0)
        self.resubmit.setToolTip(why or (self.tr("Ctrl+Enter") if ready else none))
