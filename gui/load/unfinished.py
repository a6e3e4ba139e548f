"""A load that was cut off before this start: offered above the page until someone decides."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from gui.layout import row
from gui.load.loader import Loader
from gui.load.sentence import Sentence
from gui.load.state import rows_words
from gui.load.targets import CutOff, Known, Targets
from gui.widgets import button, glyph, label, tool

KEPT = 100  # loads remembered as dismissed
ENDS = {"running": "was cut off", "stopped": "was stopped", "failed": "failed"}


class Banner(QFrame):
    """One sentence and what can be done about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "message")
        self.setProperty("tone", "warning")
        self.setProperty("flat", "true")
        self.setFixedHeight(40)
        self.words = Sentence()
        self.more = label("", "small")
        self.resume = button(self.tr("Resume"), "link")
        self.look = button(self.tr("Show"), "link")
        self.dismiss = tool("x", self.tr("Dismiss: History keeps it"))
        mark = glyph("triangle-alert", "warning")
        parts = (self.more, self.resume, self.look, self.dismiss)
        self.setLayout(row(mark, (self.words, 1), *parts, pad=(16, 0, 8, 0)))
        self.hide()

    def show_load(self, load: CutOff | None, more: int) -> None:
        self.setVisible(load is not None)
        if load is not None:
            self.words.say("", words(load), "")
            self.setAccessibleName(words(load))
            self.more.setText(self.tr("and {0} more").format(f"{more:,}") if more else "")


def words(load: CutOff) -> str:
    where = f"with {rows_words(load.rows)} loaded" if load.rows else "before its first row"
    target = f"{load.database}.{load.collection}"
    return f"A load of {load.path.name} into {target} {ENDS[load.state]} {where}."


class Unfinished(QObject):
    """`opened(key)`: the file of a load is to be shown."""

    opened = Signal(object)

    def __init__(self, targets: Targets, loader: Loader, banner: Banner, page: QWidget) -> None:
        super().__init__(page)
        self.desk, self.loader, self.banner = loader.desk, loader, banner
        self.session = self.desk.session
        self.offered: list[CutOff] = []
        self._first = True  # the next answer is the first of this server
        self._waiting: set[int] = set()  # files that are resumed once they are checked
        targets.looked.connect(self._looked)
        self.session.store_changed.connect(self._other_server)
        self.desk.changed.connect(self._changed)
        banner.resume.clicked.connect(self.resume)
        banner.look.clicked.connect(self.look)
        banner.dismiss.clicked.connect(self.dismiss)

    @Slot()
    def _other_server(self) -> None:
        self._first, self.offered = True, []
        self._show()

    @Slot(object)
    def _looked(self, known: Known) -> None:
        """What ends half-way from now on, its own file tells."""
        if self.session.store is None:
            return
        if self._first:
            dismissed = self.session.settings.get("dismissed_loads")
            self.offered = [one for one in known.unfinished if one.load not in dismissed]
            self._first = False
        there = {one.load for one in known.unfinished}
        self.offered = [one for one in self.offered if one.load in there]
        self._show()

    def _show(self) -> None:
        first = self.offered[0] if self.offered else None
        self.banner.show_load(first, len(self.offered) - 1)

    def _next(self) -> CutOff:
        load = self.offered.pop(0)
        self._show()
        return load

    @Slot()
    def resume(self) -> None:
        load = self._next()
        key = self._open(load)
        self._waiting.add(key)
        self._changed(key)

    @Slot()
    def look(self) -> None:
        self._open(self._next())

    @Slot()
    def dismiss(self) -> None:
        known = self.session.settings.get("dismissed_loads")
        self.session.settings.set("dismissed_loads", [self._next().load, *known][:KEPT])

    def _open(self, load: CutOff) -> int:
        """The file with what the load was begun with; what was decided on it since is undoable."""
        key = self.desk.open_by(load.path, load.work)
        work = self.desk.files[key].work
        if work is not None and work.recipe.collection != load.collection:
            self.desk.change(key, load.work, self.tr("load into {0}").format(load.collection))
        self.opened.emit(key)
        return key

    @Slot(object)
    def _changed(self, key: int) -> None:
        file = self.desk.files.get(key)
        if file is None:
            self._waiting.discard(key)
        elif file.phase in ("queued", "loading"):
            here = (file.path.resolve(), file.work.recipe.collection if file.work else "")
            left = [one for one in self.offered if (one.path, one.collection) != here]
            if left != self.offered:
                self.offered = left
                self._show()
        elif key in self._waiting and (file.loadable or file.phase == "failed"):
            self._waiting.discard(key)
            if file.loadable:
                self.loader.load(key, resume=True)
