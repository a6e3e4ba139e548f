"""What the heads of one file's columns show: name, type and the counts of the check."""

from collections.abc import Mapping

from core.batch import Quality
from core.checking.order import Order
from core.recipes.schema import Field
from gui.cells import FieldView
from gui.load.state import Work

RIGHT = ("integer", "number", "year")


class FieldViews:
    """Made when asked for: of 2,000 columns few are seen."""

    def __init__(self, panel: str = "") -> None:
        self.quality: Mapping[str, Quality] = {}
        self.order: Order | None = None
        self.panel = panel  # the field whose panel is open
        self._known: dict[str, Field] = {}
        self._views: dict[str, FieldView] = {}

    def show_work(self, work: Work | None) -> None:
        fields = work.recipe.schema.fields if work is not None else ()
        self._known = {field.name: field for field in fields}
        self.forget()

    def forget(self) -> None:
        self._views.clear()

    def view(self, name: str) -> FieldView:
        found = self._views.get(name)
        if found is None:
            found = self._views[name] = self._made(name)
        return found

    def _made(self, name: str) -> FieldView:
        field, sums = self._known.get(name), self.quality.get(name, Quality())
        kind = field.type if field is not None else "string"
        called = field.key if field is not None else name
        return FieldView(
            called,
            "enum" if field is not None and "enum" in field.constraints else kind,
            sums.valid,
            sums.problem,
            sums.missing,
            right=kind in RIGHT,
            open=name == self.panel,
            sorted=self._sorted(name),
            was=name if name != called else "",
            dropped=field is not None and field.drop,
        )

    def _sorted(self, name: str) -> str:
        if self.order is None or self.order.name != name:
            return ""
        return "down" if self.order.descending else "up"
