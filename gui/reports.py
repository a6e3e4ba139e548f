"""The report of a load from the window: a place asked for, written in a task, opened on request."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.asking import Asker
from gui.session import Session

if TYPE_CHECKING:
    from core.store import Store


class Reports(QObject):
    """`asker.failed` tells the page why a report could not be written."""

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self.session, self.page = session, page
        self.asker = Asker(session, self)

    def ask(self, load: str, file: Path) -> None:
        """Asks where to, beside the file at first."""
        beside = file.with_name(f"{file.name.split('.')[0]}.load-report.html")
        dialog = QFileDialog(self.page.window(), self.tr("Save the load report"), str(beside))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Web pages (*.html)"))
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda path: self.save(load, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, load: str, path: str) -> None:
        if self.session.store is not None:
            self.asker.ask("report", writing(self.session.store, load, path), self._saved)

    def _saved(self, path: Path) -> None:
        url = QUrl.fromLocalFile(str(path))
        self.session.note(
            self.tr("Load report saved"),
            self.tr("{0}: open it to print").format(path.name),
            Open=lambda: QDesktopServices.openUrl(url),
        )


def writing(store: "Store", load: str, path: str) -> Generator[Path, None, None]:
    """Imported when first used: the window opens sooner without the database client."""
    from core.report import save_report

    yield save_report(store, load, path)
