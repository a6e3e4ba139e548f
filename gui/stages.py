"""What a page shows as a whole: nothing yet, its content, why it cannot be read, or that nobody
has looked yet."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.layout import col, frame
from gui.messages import words
from gui.session import Session
from gui.unreadable import Unreadable
from gui.widgets import label


class Stages(QStackedWidget):
    """One of four; `again` when a person asks to read once more what could not be read."""

    again = Signal()

    def add_stages(self, empty: QWidget, content: QWidget) -> None:
        self._unreadable = Unreadable(self.tr("This cannot be read now"))
        self._unreadable.again.clicked.connect(self.again)
        self._unknown = label("", "muted")
        self._unknown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        unknown = frame("surface", col(self._unknown))
        for stage in (empty, content, self._unreadable, unknown):
            self.addWidget(stage)

    def follow(self, session: Session) -> None:
        """Before a server has answered, and at each change of it, nothing is called empty."""
        self._session = session
        session.connecting.connect(self._connecting)
        session.connect_failed.connect(self._tell)
        session.store_changed.connect(self._not_looked)
        self._not_looked()

    @Slot()
    def _not_looked(self) -> None:
        self._tell()
        self.setCurrentIndex(3)

    @Slot()
    def _connecting(self) -> None:
        self._unknown.setText(self.tr("Connecting…"))

    @Slot()
    def _tell(self) -> None:
        nothing = self.tr("Nothing is connected yet. Choose the server at the foot.")
        self._unknown.setText(self.tr("Reading…") if self._session.store else nothing)

    def show_content(self, filled: bool) -> None:
        self.setCurrentIndex(1 if filled else 0)

    def show_failure(self, error: BaseException) -> bool:
        """Whether the error stands in place of the empty page; content stays where there is some.

        An empty page would say that nothing is there, which nobody knows now.
        """
        if self.currentIndex() == 1:
            return False
        self._unreadable.say(words(error))
        self.setCurrentIndex(2)
        return True
