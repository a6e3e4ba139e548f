"""The chosen documents deleted, and put back by Undo."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.plural import counted
from core.store import Store
from core.store.deleting import Deleted, delete, put_back
from gui.asking import Asker
from gui.browse.staging import Staging, TakeBack, only_once
from gui.browse.view import BrowseView
from gui.browse.work import Place, once
from gui.confirm import Confirm
from gui.session import Session


class Deleting(QObject):
    """`changed` when documents went or came back; `missed(words)` where some could not."""

    changed = Signal()
    missed = Signal(str)

    def __init__(self, session: Session, view: BrowseView, asker: Asker, staging: Staging) -> None:
        super().__init__(view)
        self.session, self.view, self.asker, self.staging = session, view, asker, staging
        view.sheet.selectionModel().selectionChanged.connect(self.show_chosen)
        view.model.modelReset.connect(self.show_chosen)
        view.form.chosen.connect(self.show_chosen)
        self.show_chosen()

    def chosen(self) -> list[Mapping[str, Any]]:
        """The documents that have a selected cell; none where they are shown as JSON."""
        if self.view.form.current != 0:
            return []
        chosen = self.view.sheet.selectionModel().selection()
        ranges = [chosen.at(i) for i in range(chosen.count())]
        rows = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        documents = self.view.model.documents
        return [documents[row] for row in sorted(rows) if row < len(documents)]

    @Slot()
    def show_chosen(self) -> None:
        store = self.session.store
        self.view.show_chosen(len(self.chosen()), store is not None and store.read_only)

    def delete(self, place: Place) -> None:
        store, seen = self.session.store, self.chosen()
        if store is not None and seen and not store.read_only and "delete" not in self.asker.asks:
            question = self._question(place, counted(len(seen), "document"))
            question.accepted.connect(partial(self._delete, store, place, seen))
            question.open()

    def _question(self, place: Place, many: str) -> Confirm:
        words = self.tr("Delete {0}").format(many)
        facts = (self.tr("Each goes only while it is as it is shown here."),)
        last = self.tr("They come back by Ctrl+Z, or by Undo in the message that follows.")
        where = " ▸ ".join(place)
        question = Confirm(words, where, facts, last, (words, "trash-2"), self.view.window())
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return question

    def _delete(self, store: Store, place: Place, seen: Sequence[Mapping[str, Any]]) -> None:
        work = once(lambda: delete(store, place, seen))
        done = partial(self._deleted, store)
        self.asker.ask("delete", work, done, self.tr("Deleting documents"))

    def _deleted(self, store: Store, deleted: Deleted) -> None:
        if deleted.documents:
            self.staging.forget([key for key in self.staging.edits if key[0] in deleted.ids])
            title = self.tr("{0} deleted").format(counted(len(deleted.documents), "document"))
            back = only_once(partial(self.put_back, store, deleted))
            self.staging.stack.push(TakeBack(title, back))
            undo: dict[str, Any] = {self.tr("Undo"): back}
            self.session.note(title, " ▸ ".join(deleted.place), lasting=True, **undo)
        self.changed.emit()
        if deleted.missed:
            words = self.tr("{0} changed or deleted by another meanwhile, and left as found.")
            self.missed.emit(words.format(counted(deleted.missed, "document")))

    def put_back(self, store: Store, deleted: Deleted) -> None:
        """Where they came from, whatever is connected by now."""

        def show(count: int) -> None:
            self.changed.emit()
            if count < len(deleted.documents):
                words = self.tr("{0} not put back: the same _id or unique value is taken by now.")
                left = len(deleted.documents) - count
                self.missed.emit(words.format(counted(left, "document")))

        work = once(lambda: put_back(store, deleted))
        self.asker.ask("put back", work, show, self.tr("Putting documents back"))
