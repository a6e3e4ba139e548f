"""Views: a query and an order of one collection, kept under a name and chosen again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QInputDialog

from core.errors import CoreError
from gui import kept
from gui.browse.view import BrowseView
from gui.browse.work import Looked, Place
from gui.menus import menu_for
from gui.messages import rich

KIND = "views"


@dataclass(frozen=True, slots=True)
class SavedView:
    name: str
    place: Place
    query: Mapping[str, Any]
    sort: tuple[tuple[str, int], ...]

    def shows(self, looked: Looked) -> bool:
        return (self.place, self.query, self.sort) == (looked.place, looked.query, looked.sort)


class Looking(Protocol):
    looked: Looked | None

    def read(self, looked: Looked) -> None: ...


class Views(QObject):
    """The menu of the Views button."""

    def __init__(self, view: BrowseView, looking: Looking) -> None:
        super().__init__(view)
        self.view, self.looking = view, looking
        view.views.clicked.connect(self.show_menu)

    @Slot()
    def show_menu(self) -> None:
        looked, below = self.looking.looked, self.view.views
        if looked is None:
            return
        menu = menu_for(below)
        here = [one for one in self._saved() if one.place == looked.place]
        for one in here:
            action = menu.addAction(one.name)
            action.setCheckable(True)
            action.setChecked(one.shows(looked))
            action.triggered.connect(self._choosing(one))
        if not here:
            menu.addAction(self.tr("No view of this collection is saved")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("Save this view…")).triggered.connect(self.save)
        for one in here:
            if one.shows(looked):
                forget = menu.addAction(self.tr("Forget {0}").format(one.name))
                forget.triggered.connect(self._forgetting(one))
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 4)))

    def _choosing(self, one: SavedView) -> Callable[[], None]:
        return lambda: self.looking.read(Looked(one.place, one.query, one.sort))

    def _forgetting(self, one: SavedView) -> Callable[[], None]:
        return lambda: self._keep([other for other in self._saved() if other != one])

    @Slot()
    def save(self) -> None:
        dialog = QInputDialog(self.view.window())
        dialog.setWindowTitle(self.tr("Save view"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(self.view.query.text()[:40] or self.tr("All documents"))
        dialog.textValueSelected.connect(self.save_as)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_as(self, name: str) -> None:
        """Under a name that a view of this collection has, it takes its place."""
        looked, name = self.looking.looked, name.strip()
        if looked is not None and name:
            saved = SavedView(name, looked.place, looked.query, looked.sort)
            others = [o for o in self._saved() if (o.name, o.place) != (name, looked.place)]
            self._keep([*others, saved])

    def _saved(self) -> list[SavedView]:
        try:
            found = [_view(item) for item in kept.read(KIND)]
        except CoreError as error:
            self.view.say("problem", rich(error))
            return []
        return [one for one in found if one is not None]

    def _keep(self, views: list[SavedView]) -> None:
        items = [
            {
                "name": one.name,
                "database": one.place[0],
                "collection": one.place[1],
                "query": one.query,
                "sort": one.sort,
            }
            for one in views
        ]
        try:
            kept.write(KIND, items)
        except CoreError as error:
            self.view.say("problem", rich(error))


def _view(item: Any) -> SavedView | None:
    """None for what does not fit this version."""
    try:
        place = (str(item["database"]), str(item["collection"]))
        sort = tuple((str(field), int(way)) for field, way in item["sort"])
        return SavedView(str(item["name"]), place, dict(item["query"]), sort)
    except (KeyError, TypeError, ValueError):
        return None
