"""What the server holds already: collections to suggest, and loads that could be resumed."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Slot

from gui.asking import Asker
from gui.load.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Known:
    """Documents by collection (-1 where counting would take long), and (file, collection) of loads
    that stopped half-way."""

    collections: dict[str, int]
    resumable: frozenset[tuple[str, str]]


class Targets(QObject):
    def __init__(self, space: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self.space, self.desk, self.session = space, space.desk, space.desk.session
        self.known = Known({}, frozenset())
        self.asker = Asker(self.session, self)
        self.session.store_changed.connect(self.look)
        self.session.loaded.connect(self.look)
        self.desk.opened.connect(self._opened)
        self.look()

    @Slot()
    def look(self) -> None:
        store = self.session.store
        self.space.show_actions()
        if store is None:
            self._came(Known({}, frozenset()))
        else:
            self.asker.ask("targets", what_is_there(store), self._came)

    def _came(self, known: Known) -> None:
        self.known = known
        self.space.head.show_targets(known.collections)
        for key in list(self.desk.files):
            self._opened(key)

    @Slot(object)
    def _opened(self, key: int) -> None:
        file = self.desk.files[key]
        if file.work is None or file.phase in ("loading", "queued", "done", "stopped", "failed"):
            return
        resumable = (str(file.path.resolve()), file.work.recipe.collection) in self.known.resumable
        if resumable != file.resumable:
            self.desk.update(key, resumable=resumable)


def what_is_there(store: Any) -> Generator[Known, None, None]:
    found = store.browse.collections(store.database)
    counts = {one.name: -1 if one.documents is None else one.documents for one in found}
    unfinished = store.loads.resumable()
    yield Known(counts, frozenset((str(load.path), load.collection) for load in unfinished))
