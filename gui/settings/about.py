"""What Sluice is made of, each part with its version and licence."""

import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from core import __version__
from gui.layout import col, row
from gui.settings.card import card
from gui.theme import ASSETS
from gui.widgets import button, label, raw

ELSEWHERE = "https://spdx.org/licenses/"


@dataclass(frozen=True, slots=True)
class Part:
    """`package` is a distribution whose licence files are read; `file` a licence of resources."""

    name: str
    licence: str
    role: str
    package: str = ""
    file: str = ""


PARTS = (
    Part("Qt and PySide6", "LGPL-3.0", "window", "PySide6-Essentials"),
    Part("Inter", "OFL-1.1", "font", file="fonts/Inter-OFL.txt"),
    Part("JetBrains Mono", "OFL-1.1", "font of raw text", file="fonts/JetBrainsMono-OFL.txt"),
    Part("Lucide", "ISC", "icons", file="icons/LICENSE"),
    Part("PyMongo", "Apache-2.0", "speaks to MongoDB", "pymongo"),
    Part("Apache Arrow", "Apache-2.0", "reads and checks", "pyarrow"),
    Part("NumPy", "BSD-3-Clause", "reads and checks", "numpy"),
    Part("pandas", "BSD-3-Clause", "tables", "pandas"),
    Part("jsonschema-rs", "MIT", "checks JSON in cells", "jsonschema-rs"),
    Part("PyQtGraph", "MIT", "charts", "pyqtgraph"),
    Part("SecantusDB", "GPL-2.0", "embedded database, a program of its own", "secantusdb"),
)


class About(QWidget):
    def __init__(self) -> None:
        super().__init__()
        words = f"Sluice {__version__} · Python {platform.python_version()} · Qt {qVersion()}"
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        for line, part in enumerate(PARTS):
            version = _version(part.package)
            grid.addWidget(label(f"{part.name} {version}".strip()), line, 0)
            grid.addWidget(label(self.tr(part.role), "small"), line, 1)
            see = button(part.licence, "inline", tip=self.tr("Read the licence"))
            see.setAccessibleName(self.tr("Licence of {0}: {1}").format(part.name, part.licence))
            see.clicked.connect(lambda _=False, part=part: self._show(part))
            grid.addWidget(see, line, 3)
        words += self.tr(" · MIT licence")
        told = self.tr("Checks CSV files, loads them into MongoDB, and keeps every refused row.")
        head = label(words, "strong")
        self.setLayout(col(card(self.tr("About"), head, label(told, "small"), grid)))

    def _show(self, part: Part) -> None:
        LicenceView(part, self).show()


class LicenceView(QDialog):
    """The words of one licence."""

    def __init__(self, part: Part, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{part.name}: {part.licence}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = raw(words(part))
        close = button(self.tr("Close"))
        close.clicked.connect(self.accept)
        head = label(f"{part.name} · {part.licence}", "title")
        self.setLayout(col(head, 12, self.text, 12, row(None, close), pad=(24, 20, 24, 20)))
        self.resize(720, 560)


def words(part: Part) -> str:
    """The licence as its owner ships it, or where to find it."""
    if part.file:
        return (ASSETS / part.file).read_text("utf-8")
    try:
        files = metadata.files(part.package) or []
    except metadata.PackageNotFoundError:
        return f"{part.name} is not installed."
    found = [Path(str(f.locate())) for f in files if _is_licence(Path(str(f)).name)]
    texts = [path.read_text("utf-8", "replace") for path in found if path.is_file()]
    return "\n\n".join(texts) or f"{part.licence}: {ELSEWHERE}{part.licence}.html"


def _is_licence(name: str) -> bool:
    start = name.upper()
    return start.startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))


def _version(package: str) -> str:
    try:
        return metadata.version(package) if package else ""
    except metadata.PackageNotFoundError:
        return ""
