"""What is written and where to: the default database, and the switch that forbids every write."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gui.layout import col, row
from gui.session import Session
from gui.settings.card import NAMES, card, named
from gui.widgets import label

LONGEST = 63  # bytes of a database name
FORBIDDEN = set('/\\. "$*<>:|?\0')  # on Windows; elsewhere fewer
OWN = {"admin", "config", "local", "sluice"}


class Writing(QWidget):
    """Both settings hold at once: the connection is made anew with them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.database = QLineEdit(session.settings.get("database"))
        self.database.setFixedWidth(240)
        self.database.editingFinished.connect(self._rename)
        self.wrong = label("", "problem", wrap=True)
        self.wrong.hide()
        self.read_only = QCheckBox(self.tr("Read-only: refuse every write to the server"))
        self.read_only.setChecked(session.settings.get("read_only"))
        self.read_only.toggled.connect(self._guard)
        words = self.tr("Loads go there when the address names no database.")
        guard = self.tr("Files can still be checked and collections looked at; nothing is changed.")
        self.setLayout(
            col(
                card(
                    self.tr("Writing"),
                    named(self.tr("Database"), self.database, 4, label(words, "small"), None),
                    row(NAMES + 8, (self.wrong, 1), gap=0),
                    row(NAMES + 8, self.read_only, None, gap=0),
                    row(NAMES + 8 + 24, label(guard, "small"), None, gap=0),
                )
            )
        )

    @Slot()
    def _rename(self) -> None:
        name = self.database.text().strip()
        fault = self._fault(name)
        self.wrong.setText(fault)
        self.wrong.setVisible(bool(fault))
        if not fault and name != self.session.settings.get("database"):
            self.session.settings.set("database", name)
            self.session.reconnect()

    def _fault(self, name: str) -> str:
        if not name:
            return self.tr("A database needs a name, such as shop.")
        if len(name.encode()) > LONGEST:
            return self.tr("That name is too long for MongoDB; use 63 characters or fewer.")
        if bad := sorted(FORBIDDEN & set(name)):
            return self.tr("A database name holds no “{0}”; leave it out.").format(bad[0])
        if name.casefold() in OWN:
            return self.tr("“{0}” is kept for the server's own use; take another.").format(name)
        return ""

    @Slot(bool)
    def _guard(self, on: bool) -> None:
        self.session.settings.set("read_only", on)
        self.session.reconnect()
