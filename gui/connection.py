"""Where the data goes: this computer's embedded database, or a MongoDB server."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QRadioButton, QWidget

from core import tls
from gui import messages, theme
from gui.certificates import Certificates
from gui.footer import place
from gui.layout import col, row
from gui.session import Session
from gui.widgets import button, label, repolish

LOCAL, USUAL = "local", "mongodb://localhost:27017"


class ConnectionCard(QFrame):
    """Two choices and the answer, inline; nothing here is needed to check files."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setProperty("kind", "card")
        self.here = QRadioButton(self.tr("This computer"))
        self.there = QRadioButton(self.tr("MongoDB server"))
        for one in (self.here, self.there):
            one.setFixedWidth(128)
        self.uri = QLineEdit(USUAL)
        self.uri.setFont(theme.mono())
        self.uri.setMinimumWidth(300)
        self.uri.setAccessibleName(self.tr("Address of the MongoDB server"))
        self.connect_button = button(self.tr("Connect"))
        self.answer = label("", "tag", "valid")
        self.tls_button = button(self.tr("Certificates…"), "inline", tip=self.tr("Files for TLS"))
        self.certificates = Certificates()
        self.words = label("", "small", wrap=True)
        nothing = self.tr("Nothing to install. For trying out and small work.")
        heading = row(label(self.tr("Data goes to"), "section"), None)
        self.local_answer = label("", "tag", "valid")
        first = row(self.here, label(nothing, "small"), self.local_answer, None, gap=12)
        second = row(self.there, (self.uri, 1), self.connect_button, self.answer, gap=12)
        files = row(24, (self.certificates, 1), gap=0)
        said = row(24, (self.words, 1), 12, self.tls_button, gap=0)
        self.setLayout(col(heading, 8, first, 4, second, 4, files, 4, said, pad=(20, 16, 20, 16)))
        last = str(session.settings.get("connection"))
        self.there.setChecked(bool(last) and last != LOCAL)
        self.here.setChecked(not self.there.isChecked())
        self._show_address(last if self.there.isChecked() else USUAL)
        self.here.clicked.connect(self._here)
        self.there.clicked.connect(self.uri.setFocus)
        self.uri.textEdited.connect(self.there.click)
        self.uri.returnPressed.connect(self._there)
        self.connect_button.clicked.connect(self._there)
        self.certificates.entered.connect(self._there)
        self.tls_button.clicked.connect(self._show_certificates)
        session.store_changed.connect(self.show_store)
        session.connecting.connect(self.show_connecting)
        session.connect_failed.connect(self.show_error)
        self.show_store(session.store)

    @Slot()
    def _here(self) -> None:
        self.session.connect_to(LOCAL)

    @Slot()
    def _there(self) -> None:
        self.there.setChecked(True)
        self.session.connect_to(tls.with_files(self.uri.text().strip(), *self.certificates.files()))

    @Slot()
    def _show_certificates(self) -> None:
        """A popup would go when a file is looked for: there, Settings is the place for it."""
        if self.window().windowType() == Qt.WindowType.Popup:
            self.window().close()
            self.session.show_page("Settings")
            return
        self.there.setChecked(True)
        self.certificates.show()
        self.tls_button.hide()
        self.certificates.authority.setFocus()

    def _show_address(self, address: str) -> None:
        """The address and, where it names certificates, those in lines of their own."""
        plain, *files = tls.split(address)
        self.uri.setText(plain)
        self.certificates.show_files(*files)
        self.certificates.setVisible(any(files))
        self.tls_button.setVisible(not any(files))

    @Slot(object)
    def show_store(self, store: object) -> None:
        self.connect_button.setEnabled(True)
        if store is None:
            self._say("", "", self.tr("Files can be checked before anything is connected."))
            return
        embedded = bool(getattr(store, "embedded", False))
        self.here.setChecked(embedded)
        self.there.setChecked(not embedded)
        if not embedded:
            self._show_address(str(getattr(store, "address", "")))
        topology = str(getattr(store, "topology", ""))
        words = self.tr("Connected: {0}, database {1}.").format(
            topology, getattr(store, "database", "")
        )
        self._say(self.tr("answering"), "valid", words)

    @Slot(str)
    def show_connecting(self, address: str) -> None:
        self.connect_button.setEnabled(False)
        local = address == LOCAL
        words = self.tr("Starting the embedded database…") if local else self.tr("Connecting…")
        self._say("", "", words)

    @Slot(object)
    def show_error(self, error: Exception) -> None:
        self.connect_button.setEnabled(True)
        words, used = messages.words(error), self.session.store
        if used is not None:
            words += " " + self.tr("Data still goes to {0}.").format(place(used))
        self._say(self.tr("not connected"), "problem", words)

    def _say(self, answer: str, tone: str, words: str) -> None:
        local = self.here.isChecked()
        for tag, beside in ((self.local_answer, local), (self.answer, not local)):
            tag.setText(answer)
            tag.setProperty("tone", tone)
            tag.setVisible(beside and bool(answer))
            repolish(tag)
        self.words.setText(words)
