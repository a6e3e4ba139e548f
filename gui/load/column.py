"""The panel of one column: type, storage, values, constraints and cleaning, each change undoable.

It shows a recipe's field and tells the recipe that the user wants instead; it changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QScrollArea, QWidget

from core.batch import Quality
from core.fixes import Fix
from core.recipes.proposals import Proposal
from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.values.fields import FIELD_TYPES, field_type
from gui.elided import Elided
from gui.headers import ICON
from gui.layout import col, row
from gui.load import recipe_changes as changes
from gui.load.choice import Choice
from gui.load.column_steps import StepList
from gui.load.column_values import ColumnValues
from gui.load.column_why import ColumnWhy, padding_words
from gui.load.fields import show, tick
from gui.widgets import glyph, label, tool

STORED = {"decimal128": "Decimal128", "uuid": "UUID"}


class ColumnPanel(QFrame):
    """`wanted(recipe, name of the change)` for every change; `closed` and `menu(field, button)`."""

    wanted = Signal(object, str)
    closed = Signal()
    menu = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(304)
        self.recipe: Recipe | None = None
        self.field: Field | None = None
        self.values = ColumnValues()
        self.steps = StepList()
        self.steps.wanted.connect(self._steps)
        head = self._head()
        self._choices()
        self._rules()
        inner = QWidget()
        inner.setLayout(self._body())
        self.area = area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(col(head, (area, 1)))

    # -- building ------------------------------------------------------------------------------
    def _head(self) -> QFrame:
        self.icon = glyph("type", "accentText")
        self.title = Elided("", "title", elide=Qt.TextElideMode.ElideMiddle)
        self.place = label("", "small")
        self.close_button = tool("x", self.tr("Close"))
        self.close_button.clicked.connect(self.closed)
        head = QFrame()
        head.setLayout(
            row(
                self.icon,
                self.title,
                self.place,
                None,
                self.close_button,
                gap=8,
                pad=(16, 12, 12, 12),
            )
        )
        return head

    def _choices(self) -> None:
        types = tuple((name, name) for name in FIELD_TYPES)
        self.type = Choice(self.tr("Type"), types, 148)
        self.type.picked.connect(self._type)
        self.type.setFixedWidth(148)
        self.more = tool("ellipsis", self.tr("More about this column"))
        self.more.clicked.connect(self._more)
        self.stored = Choice(self.tr("Stored as"), (), 148)
        self.stored.setFixedWidth(148)
        self.stored.picked.connect(self._stored)
        self.why = ColumnWhy()
        self.why.wanted.connect(self._near)
        self.padding = label("", "caption", wrap=True)
        self.target = self._edit(self.tr("Name in the document"), 192, self._target)

    def _rules(self) -> None:
        self.required = self._tick(self.tr("Required"), self._required)
        self.unique = self._tick(self.tr("Unique"), self._unique)
        self.primary = self._tick(self.tr("Key"), self._primary)
        self.primary.setToolTip(self.tr("Rows are matched with the collection by this column"))
        self.low = self._edit(self.tr("Least value"), 76, self._bounds)
        self.high = self._edit(self.tr("Greatest value"), 76, self._bounds)
        self.low.setPlaceholderText(self.tr("none"))
        self.high.setPlaceholderText(self.tr("none"))
        self.pattern = self._edit(self.tr("Pattern"), 192, self._pattern)
        self.pattern.setPlaceholderText(self.tr("any text"))
        self.enum = self._edit(self.tr("Allowed values, separated by commas"), 192, self._enum)
        self.enum.setPlaceholderText(self.tr("any value"))
        between = self._line(
            self.tr("Between"), self.low, label(self.tr("and"), "small"), self.high
        )
        self.between = QWidget()
        self.between.setLayout(between)

    def _tick(self, words: str, then: Any) -> QCheckBox:
        result = QCheckBox(words)
        result.clicked.connect(then)
        return result

    def _edit(self, name: str, width: int, then: Any) -> QLineEdit:
        result = QLineEdit()
        result.setAccessibleName(name)
        result.setFixedWidth(width)
        result.editingFinished.connect(then)
        return result

    def _line(self, words: str, *widgets: QWidget) -> Any:
        name = label(words, "small")
        name.setFixedWidth(72)
        return row(name, *widgets, None, gap=8)

    def _body(self) -> Any:
        return col(
            self._line(self.tr("Type"), self.type, self.more),
            self.why,
            8,
            self._line(self.tr("Stored as"), self.stored),
            2,
            self.padding,
            8,
            self._line(self.tr("Name"), self.target),
            16,
            self.values,
            16,
            row(label(self.tr("Constraints"), "section"), None),
            4,
            row(self.required, 12, self.unique, 12, self.primary, None),
            4,
            self.between,
            8,
            self._line(self.tr("Pattern"), self.pattern),
            8,
            self._line(self.tr("One of"), self.enum),
            16,
            self.steps,
            None,
            pad=(16, 0, 12, 12),
        )

    # -- showing -------------------------------------------------------------------------------
    def show_field(
        self,
        recipe: Recipe,
        name: str,
        quality: Quality,
        wrong: Mapping[str, int],
        because: str = "",
        near: Proposal | None = None,
        fixes: Sequence[Fix] = (),
    ) -> None:
        self.recipe, field = recipe, recipe.schema.field(name)
        self.field = field
        self.icon.show_icon(ICON.get(field.type, "type"), "accentText")
        self.title.setText(field.key)
        self.title.set_tip("" if field.key == name else self.tr("was {0}").format(name))
        names = recipe.schema.names
        self.place.setText(self.tr("column {0} of {1}").format(names.index(name) + 1, len(names)))
        self.type.show_value(field.type)
        self.why.say(because, near)
        kinds = field_type(field.type).kinds(field.format)
        self.stored.offer(tuple((STORED.get(kind, kind), kind) for kind in kinds))
        self.stored.show_value(field.kind)
        self.stored.setEnabled(len(kinds) > 1)
        self.padding.setText(padding_words(field))
        self.padding.setVisible(bool(self.padding.text()))
        show(self.target, field.key)
        self.values.show_quality(quality, wrong)
        self._show_rules(field, recipe)
        self.steps.show_steps(field.clean, fixes)

    def _show_rules(self, field: Field, recipe: Recipe) -> None:
        rules, allowed = field.constraints, field_type(field.type).constraints
        key = field.name in recipe.schema.primary_key
        tick(self.required, bool(rules.get("required")) or key)
        self.required.setEnabled(not key)
        tick(self.unique, bool(rules.get("unique")))
        tick(self.primary, key)
        self.between.setVisible("minimum" in allowed)
        for edit, rule in ((self.low, "minimum"), (self.high, "maximum")):
            show(edit, str(rules.get(rule, "")))
        self.pattern.setEnabled("pattern" in allowed)
        show(self.pattern, str(rules.get("pattern", "")))
        show(self.enum, ", ".join(str(value) for value in rules.get("enum", ())))

    # -- telling -------------------------------------------------------------------------------
    def _want(self, words: str, **changes: Any) -> None:
        assert self.recipe is not None
        assert self.field is not None
        schema = self.recipe.schema.replace_field(self.field.name, **changes)
        self.wanted.emit(replace(self.recipe, schema=schema), f"{words} ({self.field.name})")

    def _rule(self, words: str, **rules: Any) -> None:
        """None or "" takes a rule away."""
        assert self.field is not None
        kept: Mapping[str, Any] = {
            name: value
            for name, value in {**self.field.constraints, **rules}.items()
            if value not in (None, "", False, [])
        }
        if kept != self.field.constraints:
            self._want(words, constraints=kept)

    @Slot(object)
    def _type(self, name: str) -> None:
        assert self.recipe is not None
        assert self.field is not None
        self.wanted.emit(
            changes.retyped(self.recipe, self.field.name, name),
            self.tr("read {0} as {1}").format(self.field.name, name),
        )

    @Slot(object)
    def _near(self, near: Proposal) -> None:
        assert self.recipe is not None
        words = self.tr("read {0} as {1}").format(near.field, near.value["type"])
        self.wanted.emit(changes.mostly(self.recipe, near), words)

    @Slot(object)
    def _stored(self, kind: str) -> None:
        self._want(self.tr("store as {0}").format(STORED.get(kind, kind)), bson=kind)

    @Slot()
    def _target(self) -> None:
        assert self.field is not None
        name = self.target.text().strip()
        if name != self.field.key:
            target = "" if name in ("", self.field.name) else name
            self._want(self.tr("rename to {0}").format(name or self.field.name), target=target)

    @Slot()
    def _required(self) -> None:
        on = self.required.isChecked()
        self._rule(self.tr("required") if on else self.tr("not required"), required=on)

    @Slot()
    def _unique(self) -> None:
        on = self.unique.isChecked()
        self._rule(self.tr("unique") if on else self.tr("not unique"), unique=on)

    @Slot()
    def _primary(self) -> None:
        assert self.recipe is not None
        assert self.field is not None
        name, on = self.field.name, self.primary.isChecked()
        words = self.tr("{0} is a key") if on else self.tr("{0} is no key")
        self.wanted.emit(changes.keyed(self.recipe, name, on), words.format(name))

    @Slot()
    def _bounds(self) -> None:
        self._rule(
            self.tr("bounds"), minimum=self.low.text().strip(), maximum=self.high.text().strip()
        )

    @Slot()
    def _pattern(self) -> None:
        self._rule(self.tr("pattern"), pattern=self.pattern.text())

    @Slot()
    def _enum(self) -> None:
        assert self.field is not None
        values = [one.strip() for one in self.enum.text().split(",") if one.strip()]
        if values != [str(value) for value in self.field.constraints.get("enum", ())]:
            self._rule(self.tr("allowed values"), enum=values)

    @Slot(object, str)
    def _steps(self, steps: Any, words: str) -> None:
        self._want(words, clean=steps)

    @Slot()
    def _more(self) -> None:
        if self.field is not None:
            self.menu.emit(self.field.name)
