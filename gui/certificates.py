"""The files of a connection by TLS, chosen or typed: who signs for the server, and what we
show it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from gui.layout import col, row
from gui.widgets import button, label


class Certificates(QWidget):
    """Two lines, each a file's name; empty means the system's authorities, and no certificate."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.authority = self._line(self.tr("Authority"), self.tr("The system's own"))
        self.certificate = self._line(
            self.tr("Certificate"), self.tr("None; with its key, where the server asks for one")
        )
        self.setLayout(
            col(
                self._row(self.authority, self.tr("Choose the authority's file…")),
                4,
                self._row(self.certificate, self.tr("Choose the certificate's file…")),
            )
        )

    def files(self) -> tuple[str, str]:
        return self.authority.text().strip(), self.certificate.text().strip()

    def show_files(self, authority: str, certificate: str) -> None:
        self.authority.setText(authority)
        self.certificate.setText(certificate)

    def _line(self, name: str, without: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(without)
        line.setAccessibleName(name)
        line.returnPressed.connect(self.entered)
        return line

    def _row(self, line: QLineEdit, tip: str) -> QWidget:
        name = label(line.accessibleName(), "small")
        name.setFixedWidth(108)
        choose = button(self.tr("Choose…"), tip=tip)
        choose.setAccessibleName(tip)
        choose.clicked.connect(lambda: self._choose(line, tip))
        holder = QWidget()
        holder.setLayout(row(name, (line, 1), choose))
        return holder

    def _choose(self, line: QLineEdit, title: str) -> None:
        kinds = self.tr("Certificates (*.pem *.crt *.cer *.key);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self.window(), title, line.text(), kinds)
        if path:
            line.setText(path)
