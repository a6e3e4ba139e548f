"""All or only problems, and a chip for each kind: its count, a click filters, one fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from core.plural import counted
from gui.layout import row
from gui.load.state import Kind
from gui.load.value_pill import ValuePill
from gui.menus import menu_for
from gui.widgets import button, label, segment, tool

SHOWN = 12  # chips at most
LISTED = 24  # kinds in the menu of what does not fit; 2,000 columns may have thousands


@dataclass(frozen=True, slots=True)
class ChipView:
    """`name` is the column's in the documents; `fix` is the button's word, "" where nothing general
    can be done; `effect` its tooltip."""

    kind: Kind
    name: str
    words: str
    count: int
    fix: str = ""
    effect: str = ""


class Chip(QFrame):
    """Shows any kind: a check tells of others several times a second, and new widgets are dear."""

    clicked = Signal(object)
    fix_wanted = Signal(object)
    fix_hovered = Signal(object, bool)

    def __init__(self, view: ChipView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: ChipView | None = None
        self.setProperty("kind", "chip")
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name, self.words = label("", "strong"), label("", "muted")
        self.count = label("", "tag", "problem")
        self.fix = button("", "fix")
        self.fix.clicked.connect(self._fix)
        self.fix.installEventFilter(self)
        self.box = row(self.name, self.words, self.count, self.fix, gap=6)
        self.setLayout(self.box)
        self.show_view(view)

    @property
    def kind(self) -> Kind | None:
        return self.view.kind if self.view is not None else None

    def show_view(self, view: ChipView) -> None:
        if view == self.view:
            return
        self.view = view
        what = "cell" if view.kind[0] is not None else "row"
        self.setAccessibleName(f"{view.name}: {view.words}, {counted(view.count, what)}")
        self.name.setText(view.name)
        self.words.setText(view.words)
        self.count.setText(f"{view.count:,}")
        self.fix.setText(view.fix)
        self.fix.setToolTip(view.effect)
        self.fix.setVisible(bool(view.fix))
        self.box.setContentsMargins(12, 0, 4 if view.fix else 8, 0)

    def set_current(self, current: bool) -> None:
        if (self.property("current") == "true") == current:
            return
        self.setProperty("current", "true" if current else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(self.kind)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mouse or focus on the fix shows what it would do."""
        if watched is self.fix:
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self.fix_hovered.emit(self.kind, True)
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self.fix_hovered.emit(self.kind, False)
        return super().eventFilter(watched, event)

    @Slot()
    def _fix(self) -> None:
        self.fix_wanted.emit(self.kind)


class Chips(QFrame):
    """`shown(problems only, kind)` when the filter changes; what does not fit goes into `…`."""

    shown = Signal(bool, object)
    fix_wanted = Signal(object)
    fix_hovered = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setFixedHeight(44)
        self.views: tuple[ChipView, ...] = ()
        self.kind: Kind | None = None
        self.only = False
        self.segment = segment((self.tr("All"), self.tr("Problems")))
        self.segment.chosen.connect(self._segment)
        self.value = ValuePill()
        self.value.away.clicked.connect(lambda: self.choose(False, None))
        self.chips: list[Chip] = []
        self.more = tool("ellipsis", self.tr("More kinds of problems"))
        self.more.clicked.connect(self._menu)
        self.more.hide()
        self.box = row(self.segment, 4, self.value, None, self.more, gap=8, pad=(16, 8, 12, 8))
        self.setLayout(self.box)

    def show_counts(self, rows: int, problems: int, views: Sequence[ChipView]) -> None:
        self.segment.set_text(0, self.tr("All {0}").format(f"{rows:,}"))
        self.segment.set_text(1, self.tr("Problems {0}").format(f"{problems:,}"))
        self.views = tuple(views)
        for chip, view in zip(self.chips, self.views, strict=False):
            chip.show_view(view)
        for chip in self.chips[len(self.views) :]:
            self._drop(chip)
        self._fit()
        self._mark()
        if self.kind is not None and self.kind not in {view.kind for view in views}:
            self.choose(self.only and bool(views), None)

    def show_filter(self, only: bool, kind: Kind | None, value: str = "", count: int = 0) -> None:
        """`value` says in words that only the `count` rows with it are shown."""
        self.only, self.kind = only, kind
        self.value.say(value, count)
        self._fit()
        self.segment.set_current(1 if only else 0)
        self._mark()

    def choose(self, only: bool, kind: Kind | None) -> None:
        self.show_filter(only, kind)
        self._fit()
        self.shown.emit(only, kind)

    def _add(self, view: ChipView) -> None:
        chip = Chip(view, self)
        chip.clicked.connect(self._chip)
        chip.fix_wanted.connect(self.fix_wanted)
        chip.fix_hovered.connect(self.fix_hovered)
        self.chips.append(chip)
        self.box.insertWidget(2 + len(self.chips), chip)  # before what stretches

    def _drop(self, chip: Chip) -> None:
        self.chips.remove(chip)
        self.box.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _mark(self) -> None:
        for chip in self.chips:
            chip.set_current(chip.kind == self.kind)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.segment.sizeHint().width() - 16 - 12 - 12 - 8
        if not self.value.isHidden():
            room -= self.value.sizeHint().width() + 8
        seen, places = 0, self._by_need()
        for at in places:
            chip = self._chip_at(at)
            room -= chip.sizeHint().width() + 8
            fits = room >= (0 if seen == len(self.views) - 1 else 36)
            chip.setVisible(fits)
            if not fits:
                break
            seen += 1
        for at in places[seen:]:
            if at < len(self.chips):
                self.chips[at].hide()
        self.more.setVisible(seen < len(self.views))

    def _by_need(self) -> list[int]:
        """Places in `views`: the chosen one is always seen; it comes first where room is short."""
        some = range(min(len(self.views), SHOWN))
        return sorted(some, key=lambda at: self.views[at].kind != self.kind)

    def _chip_at(self, at: int) -> Chip:
        """Made when there is room for it: a dozen at once take longer than a paint."""
        for view in self.views[len(self.chips) : at + 1]:
            self._add(view)
        return self.chips[at]

    @Slot(int)
    def _segment(self, index: int) -> None:
        self.choose(index == 1, None)

    @Slot(object)
    def _chip(self, kind: Kind) -> None:
        again = kind == self.kind
        self.choose(not again, None if again else kind)

    @Slot()
    def _menu(self) -> None:
        menu = menu_for(self)
        shown = {chip.kind for chip in self.chips if chip.isVisible()}
        rest = [view for view in self.views if view.kind not in shown]
        for view in rest[:LISTED]:
            words = f"{view.name}: {view.words}  {view.count:,}"
            menu.addAction(words, partial(self._chip, view.kind))
            if view.fix:
                menu.addAction(f"    {view.effect}", partial(self.fix_wanted.emit, view.kind))
        if len(rest) > LISTED:
            words = self.tr("And {0}, fewer cells each").format(
                counted(len(rest) - LISTED, "more kind", "more kinds")
            )
            menu.addAction(words).setEnabled(False)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
