"""The pages of the rail, in order. A page is imported when it is first shown.

A page is a QWidget made with the Session. It may have `shown()`, called when it becomes visible,
`focus(**what)`, called when another page sends the user there to look at something, and
`closing()`, called before the window closes.
"""

from dataclasses import dataclass
from importlib import import_module

from PySide6.QtWidgets import QWidget

from gui.session import Session


@dataclass(frozen=True, slots=True)
class Page:
    """`maker` is MODULE:CLASS."""

    name: str
    icon: str
    maker: str

    def make(self, session: Session) -> QWidget:
        module, _, name = self.maker.partition(":")
        made = getattr(import_module(module), name)(session)
        assert isinstance(made, QWidget)
        return made


PAGES = (
    Page("Load", "upload", "gui.pages.load:LoadPage"),
    Page("Quarantine", "inbox", "gui.pages.quarantine:QuarantinePage"),
    Page("Collections", "database", "gui.pages.collections:CollectionsPage"),
    Page("Charts", "chart-column", "gui.pages.charts:ChartsPage"),
    Page("History", "history", "gui.pages.history:HistoryPage"),
)
SETTINGS = Page("Settings", "settings", "gui.pages.settings:SettingsPage")
