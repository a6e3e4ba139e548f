"""How the window looks."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.layout import col
from gui.session import Session
from gui.settings.card import card, named
from gui.widgets import segment

THEMES = ("system", "light", "dark")


class Look(QWidget):
    """Light, dark or as the system says; seen at once."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        names = (self.tr("As the system"), self.tr("Light"), self.tr("Dark"))
        self.theme = segment(names, THEMES.index(session.settings.get("theme")))
        self.theme.chosen.connect(self._choose)
        self.theme.setAccessibleName(self.tr("Theme"))
        self.setLayout(col(card(self.tr("Look"), named(self.tr("Theme"), self.theme, None))))

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.session.set_theme(THEMES[index])
