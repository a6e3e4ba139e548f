"""What the server holds already: collections to suggest, and loads that could be resumed."""

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import RecipeError
from core.recipes.recipe import Recipe
from gui.asking import Asker
from gui.load.state import Work
from gui.load.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CutOff:
    """`rows` are loaded; `work` is what it was begun with; `state` is the ledger's."""

    load: str
    path: Path
    database: str
    collection: str
    state: str
    rows: int
    work: Work


@dataclass(frozen=True, slots=True)
class Known:
    """Documents by collection (-1 where counting would take long), and loads that can go on."""

    collections: dict[str, int]
    unfinished: tuple[CutOff, ...] = ()

    @property
    def resumable(self) -> frozenset[tuple[str, str]]:
        return frozenset((str(one.path), one.collection) for one in self.unfinished)


class Targets(QObject):
    """`looked(known)` when the server has been asked once more."""

    looked = Signal(object)

    def __init__(self, space: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self.space, self.desk, self.session = space, space.desk, space.desk.session
        self.known = Known({})
        self.asker = Asker(self.session, self)
        self.asker.failed.connect(self._failed)
        self.session.store_changed.connect(self.look)
        self.session.loaded.connect(self.look)
        self.desk.opened.connect(self._opened)
        self.look()

    @Slot()
    def look(self) -> None:
        store = self.session.store
        self.space.show_actions()
        if store is None:
            self._came(Known({}))
        else:
            self.asker.ask("targets", what_is_there(store), self._came)

    def _came(self, known: Known) -> None:
        self.known = known
        self.space.head.show_targets(known.collections)
        for key in list(self.desk.files):
            self._opened(key)
        self.looked.emit(known)

    @Slot(str, object)
    def _failed(self, _topic: str, error: Exception) -> None:
        """What was known stays; the load itself will say what is wrong with the server."""
        log.warning("The collections cannot be listed: %s", error)

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
    yield Known(counts, tuple(_cut_off(store)))


def _cut_off(store: Any) -> Iterator[CutOff]:
    """Those into this database whose file is still there, newest first."""
    for load in store.loads.resumable():
        if load.database != store.database or not Path(load.path).is_file():
            continue
        try:
            work = Work(Recipe.from_descriptor(dict(load.recipe)), load.edits, load.limit)
        except RecipeError as error:
            log.warning("Load %s cannot go on: %s", load.id, error)
            continue
        place = Path(load.path), load.database, load.collection
        yield CutOff(load.id, *place, load.state, load.accepted, work)
