"""A collection dropped from the tree's menu, after a question that says what hangs on it."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Slot

from core.plural import counted
from core.store import Store
from core.store.dropping import Standing, drop, standing
from gui.asking import Asker
from gui.browse.view import BrowseView
from gui.browse.work import Place, once
from gui.confirm import Confirm
from gui.menus import menu_for
from gui.session import Session


class Dropping(QObject):
    """All pages hear of it as of loads that were undone."""

    def __init__(self, session: Session, view: BrowseView, asker: Asker) -> None:
        super().__init__(view)
        self.session, self.view, self.asker = session, view, asker
        view.tree.asked.connect(self.show_menu)

    @Slot(object, QPoint)
    def show_menu(self, place: Place, where: QPoint) -> None:
        store = self.session.store
        menu = menu_for(self.view.tree)
        action = menu.addAction(self.tr("Drop {0}…").format(place[1]))
        action.setEnabled(store is not None and not store.read_only)
        if store is not None and store.read_only:
            action.setToolTip(self.tr("The connection is read-only."))
        action.triggered.connect(lambda: self.ask(place))
        menu.popup(where)

    def ask(self, place: Place) -> None:
        store = self.session.store
        if store is not None and "drop" not in self.asker.asks:
            work = once(lambda: standing(store, place))
            self.asker.ask("drop", work, partial(self._question, store))

    def _question(self, store: Store, found: Standing) -> None:
        words = self.tr("Drop {0}").format(found.place[1])
        goes = self.tr("{0} and all indexes go.")
        facts = [goes.format(counted(found.documents, "document"))]
        if found.loads:
            many = counted(len(found.loads), "load")
            facts.append(self.tr("{0} into it will count as undone in History.").format(many))
        if found.held:
            many = counted(found.held, "held row")
            facts.append(self.tr("{0} stay in Quarantine, but cannot be loaded.").format(many))
        last = self.tr("This cannot be undone. Loading the files again brings their rows back.")
        where = " ▸ ".join(found.place)
        go, name = (words, "trash-2"), found.place[1]
        question = Confirm(words, where, facts, last, go, self.view.window(), typed=name)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.accepted.connect(lambda: self._drop(store, found))
        question.open()

    def _drop(self, store: Store, found: Standing) -> None:
        def show(_done: None) -> None:
            title = self.tr("{0} dropped").format(found.place[1])
            self.session.note(title, found.place[0])
            for load in found.loads or ("",):
                self.session.loaded.emit(load)

        title = self.tr("Dropping {0}").format(found.place[1])
        self.asker.ask("drop", once(lambda: drop(store, found.place)), show, title)
