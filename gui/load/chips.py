"""All or only problems, and a chip for each kind: its count, a click filters, one fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from core.plural import counted
from gui.layout import row
from gui.load.state import Kind
from gui.load.value_pill import ValuePill
from gui.widgets import button, label, segment, tool


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
    clicked = Signal(object)
    fix_wanted = Signal(object)
    fix_hovered = Signal(object, bool)

    def __init__(self, view: ChipView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.setProperty("kind", "chip")
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{view.name}: {view.words}, {counted(view.count, 'cell')}")
        self.count = label(f"{view.count:,}", "tag", "problem")
        parts: list[QWidget] = [
            label(view.name, "strong"),
            label(view.words, "muted"),
            self.count,
        ]
        self.fix = None
        if view.fix:
            self.fix = button(view.fix, "fix", tip=view.effect)
            self.fix.clicked.connect(self._fix)
            self.fix.installEventFilter(self)
            parts.append(self.fix)
        self.setLayout(row(*parts, gap=6, pad=(12, 0, 4 if view.fix else 8, 0)))

    def show_view(self, view: ChipView) -> None:
        """The same kind with other counts."""
        if view == self.view:
            return
        self.view = view
        self.count.setText(f"{view.count:,}")
        if self.fix is not None:
            self.fix.setText(view.fix)
            self.fix.setToolTip(view.effect)

    def set_current(self, current: bool) -> None:
        if (self.property("current") == "true") == current:
            return
        self.setProperty("current", "true" if current else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.view.kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(self.view.kind)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mouse or focus on the fix shows what it would do."""
        if watched is self.fix:
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self.fix_hovered.emit(self.view.kind, True)
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self.fix_hovered.emit(self.view.kind, False)
        return super().eventFilter(watched, event)

    @Slot()
    def _fix(self) -> None:
        self.fix_wanted.emit(self.view.kind)


def shape(view: ChipView) -> tuple[Kind, str, str, bool]:
    """What a chip must be built anew for."""
    return view.kind, view.name, view.words, bool(view.fix)


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
        before, self.views = self.views, tuple(views)
        if [shape(view) for view in before] != [shape(view) for view in self.views]:
            self._rebuild()
        else:
            for chip, view in zip(self.chips, self.views, strict=False):
                chip.show_view(view)
        if self.kind is not None and self.kind not in {view.kind for view in views}:
            self.choose(self.only and bool(views), None)

    def show_filter(self, only: bool, kind: Kind | None, value: str = "", count: int = 0) -> None:
        """`value` says in words that only the `count` rows with it are shown."""
        self.only, self.kind = only, kind
        self.value.say(value, count)
        self._fit()
        self.segment.set_current(1 if only else 0)
        for chip in self.chips:
            chip.set_current(chip.view.kind == kind)

    def choose(self, only: bool, kind: Kind | None) -> None:
        self.show_filter(only, kind)
        self._fit()
        self.shown.emit(only, kind)

    def _rebuild(self) -> None:
        for chip in self.chips:
            self.box.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for view in self.views[:12]:
            chip = Chip(view, self)
            chip.clicked.connect(self._chip)
            chip.fix_wanted.connect(self.fix_wanted)
            chip.fix_hovered.connect(self.fix_hovered)
            chip.set_current(view.kind == self.kind)
            self.box.insertWidget(3 + len(self.chips), chip)
            self.chips.append(chip)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.segment.sizeHint().width() - 16 - 12 - 12 - 8
        if not self.value.isHidden():
            room -= self.value.sizeHint().width() + 8
        hidden = len(self.views) - len(self.chips)
        for chip in self._by_need():
            room -= chip.sizeHint().width() + 8
            fits = room >= (36 if chip is not self.chips[-1] or hidden else 0)
            chip.setVisible(fits)
            hidden += not fits
            if not fits:
                room = -1
        self.more.setVisible(hidden > 0)

    def _by_need(self) -> list[Chip]:
        """The chosen one is always seen; it comes first where room is short."""
        return sorted(self.chips, key=lambda chip: chip.view.kind != self.kind)

    @Slot(int)
    def _segment(self, index: int) -> None:
        self.choose(index == 1, None)

    @Slot(object)
    def _chip(self, kind: Kind) -> None:
        again = kind == self.kind
        self.choose(not again, None if again else kind)

    @Slot()
    def _menu(self) -> None:
        menu = QMenu(self)
        shown = {chip.view.kind for chip in self.chips if chip.isVisible()}
        for view in self.views:
            if view.kind in shown:
                continue
            words = f"{view.name}: {view.words}  {view.count:,}"
            menu.addAction(words, partial(self._chip, view.kind))
            if view.fix:
                menu.addAction(f"    {view.effect}", partial(self.fix_wanted.emit, view.kind))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
