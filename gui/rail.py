"""The rail: the mark, one button a page, settings at the foot, and the count of held rows."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QToolButton

from core.plural import counted
from gui import theme
from gui.layout import col, row
from gui.pages import PAGES, SETTINGS
from gui.widgets import Glyph, Tool, label

BESIDE, WIDEST = 36, 32  # px: the badge begins at the icon's corner and ends with the button


def short(count: int) -> str:
    """In at most four characters: 999, 9.8k, 98k, 980k, 9.8M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths / 10:g}{unit}" if tenths < 100 else f"{tenths // 10}{unit}"
    return str(count)


class Rail(QFrame):
    """`wanted(name)` when a page is picked."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self.setFixedWidth(theme.RAIL)
        self.buttons: dict[str, QToolButton] = {}
        for page in PAGES:
            one = Tool(page.icon, page.name, kind="rail", size=20)
            one.setText(self.tr(page.name))
            one.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            one.setIconSize(QSize(20, 20))
            self._add(page.name, one)
        gear = Tool(SETTINGS.icon, self.tr("Settings (Ctrl+,)"))
        gear.setFixedWidth(28)
        gear.setProperty("bare", "true")
        self._add(SETTINGS.name, gear)
        self.badge = label("", "badge")
        self.badge.setParent(self.buttons["Quarantine"])
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_held(0)
        mark: QLabel = Glyph("sluice", "", 28)
        pages = [self.buttons[page.name] for page in PAGES]
        head = row(None, mark, None)
        self.setLayout(
            col(head, 12, *pages, None, row(None, gear, None), gap=4, pad=(8, 16, 7, 12))
        )

    def _add(self, name: str, one: QToolButton) -> None:
        one.setCheckable(True)
        one.clicked.connect(lambda: self.wanted.emit(name))
        self.buttons[name] = one

    def show_page(self, name: str) -> None:
        for other, one in self.buttons.items():
            one.setChecked(other == name)

    def show_held(self, count: int) -> None:
        """The badge of Quarantine; nothing where nothing is held."""
        self.badge.setText(short(count))
        self.badge.setVisible(count > 0)
        width = max(20, 8 + self.badge.fontMetrics().horizontalAdvance(self.badge.text()))
        self.badge.setGeometry(BESIDE, 3, min(width, WIDEST), 14)
        self.badge.setToolTip(f"{count:,}")
        name = (
            self.tr("Quarantine, {0} held").format(counted(count, "row")) if count else "Quarantine"
        )
        self.buttons["Quarantine"].setAccessibleName(name)
