"""What a page shows as a whole: nothing yet, its content, or why it cannot be read."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.messages import words
from gui.unreadable import Unreadable


class Stages(QStackedWidget):
    """One of three; `again` when a person asks to read once more what could not be read."""

    again = Signal()

    def add_stages(self, empty: QWidget, content: QWidget) -> None:
        self._unreadable = Unreadable(self.tr("This cannot be read now"))
        self._unreadable.again.clicked.connect(self.again)
        for stage in (empty, content, self._unreadable):
            self.addWidget(stage)

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
