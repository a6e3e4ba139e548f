"""The sheet's two headers: fields with their quality, and the file's line numbers."""

from collections.abc import Callable, Iterator
from functools import cache

from PySide6.QtCore import QEvent, QLine, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QToolTip

from gui import theme
from gui.bars import paint_quality
from gui.cells import FIELD, LINE, FieldView
from gui.painting import between, ink

Align = Qt.AlignmentFlag
SIGNED = 34  # px of a head's name that its icon and an arrow or chevron take
ICON = {
    "integer": "hash",
    "number": "decimals-arrow-right",
    "string": "type",
    "date": "calendar",
    "boolean": "toggle-left",
    "enum": "list",
    "objectId": "key",
    "datetime": "clock",
    "time": "clock",
    "object": "braces",
    "array": "list",
    "list": "list",
}


class Header(QHeaderView):
    """Paints all its sections in one go, and its own ground, so that scrolling needs to paint only
    what comes into view; asked for one section after the other, Qt takes twice as long."""

    paint_section: Callable[[QPainter, QRect, int], None]

    def __init__(self, orientation: Qt.Orientation, parent: QTableView) -> None:
        super().__init__(orientation, parent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        p, t = QPainter(self.viewport()), theme.tokens()
        try:
            p.fillRect(event.rect(), ink(t.sunken))
            rects = dict(self._seen(event.rect()))
            for index, rect in rects.items():
                self.paint_section(p, rect, index)
            p.setPen(ink(t.line))
            p.drawLines([QLine(one.bottomLeft(), one.bottomRight()) for one in rects.values()])
            p.drawLines([QLine(one.topRight(), one.bottomRight()) for one in rects.values()])
        finally:
            p.end()  # one that an exception keeps alive ends the process

    def _seen(self, area: QRect) -> Iterator[tuple[int, QRect]]:
        """The sections of an area and where they stand."""
        across, size = self.orientation() == Qt.Orientation.Horizontal, self.viewport().size()
        low, high = (area.left(), area.right()) if across else (area.top(), area.bottom())
        for index in between(self.logicalIndexAt, low, high, self.count()):
            at, length = self.sectionViewportPosition(index), self.sectionSize(index)
            if across:
                yield index, QRect(at, 0, length, size.height())
            else:
                yield index, QRect(0, at, size.width(), length)

    def sizeHint(self) -> QSize:
        """Qt would ask the model a dozen things about each of 200 sections, at every resize."""
        return QSize(self.minimumWidth(), self.minimumHeight())  # one of the two is fixed


class FieldHeader(Header):
    """Name, type, count of problems and the quality bar; 52 px high, plain ones 32."""

    def __init__(self, parent: QTableView, plain: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.plain, self.under = plain, -1
        self.setFixedHeight(32 if plain else theme.HEADER)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setResizeContentsPrecision(50)
        self.setMouseTracking(True)

    def field(self, index: int) -> FieldView | None:
        found = self.model().headerData(index, self.orientation(), FIELD)
        return found if isinstance(found, FieldView) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self.under:
            self.under = index
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            field = self.field(self.logicalIndexAt(event.pos()))
            if field is not None:
                QToolTip.showText(event.globalPos(), self._tip(field), self)
                return True
        return super().viewportEvent(event)

    def _tip(self, field: FieldView) -> str:
        if self.plain:
            return f"{field.name} · {field.type}"
        words = self.tr("{0} valid, {1} wrong, {2} missing")
        counts = words.format(f"{field.valid:,}", f"{field.problem:,}", f"{field.missing:,}")
        lines = [f"{field.name} · {field.type}", counts]
        if field.was:
            lines.insert(1, self.tr("was {0}").format(field.was))
        return "\n".join(lines)

    def paint_section(self, p: QPainter, rect: QRect, index: int) -> None:
        field = self.field(index)
        if field is None:
            return
        if field.open:
            p.fillRect(rect, ink(theme.tokens().accentSoft))
        box = rect.adjusted(8, 8, -9, 0)
        self._name(p, box, field, chevron=index == self.under)
        if not self.plain:
            self._quality(p, box, field)

    def _name(self, p: QPainter, box: QRect, field: FieldView, chevron: bool) -> None:
        t, ratio = theme.tokens(), self.devicePixelRatioF()
        tint = t.accentText if field.open else t.faint
        icon = theme.pixmap(ICON.get(field.type, "type"), tint, 14, ratio)
        p.drawPixmap(box.left(), box.top() + 1, icon)
        p.setFont(_font(self.font().family(), theme.SMALL, QFont.Weight.DemiBold))
        plain = t.faint if field.dropped else t.text
        p.setPen(ink(t.accentText if field.open else plain))
        whole = p.fontMetrics().horizontalAdvance(field.name) <= box.width() - SIGNED
        sign = "chevron-down" if field.open or (chevron and whole) else ""
        sign = f"arrow-{field.sorted}" if field.sorted else sign
        room = box.width() - (SIGNED if sign else 20)
        name = p.fontMetrics().elidedText(field.name, Qt.TextElideMode.ElideRight, room)
        where = QRect(box.left() + 20, box.top(), room, 16)
        p.drawText(where, Align.AlignLeft | Align.AlignVCenter, name)
        if sign:
            strong = field.open or field.sorted
            pixmap = theme.pixmap(sign, t.accentText if strong else t.muted, 12, ratio)
            p.drawPixmap(box.right() - 11, box.top() + 2, pixmap)

    def _quality(self, p: QPainter, box: QRect, field: FieldView) -> None:
        t, line = theme.tokens(), QRect(box.left(), box.top() + 17, box.width() + 1, 14)
        p.setFont(_font(self.font().family(), theme.CAPTION))
        p.setPen(ink(t.muted))
        words = "string" if field.type == "enum" else field.type
        words = self.tr("left out") if field.dropped else words
        p.drawText(line, Align.AlignLeft | Align.AlignVCenter, words)
        if field.problem:
            p.setFont(_font(self.font().family(), theme.CAPTION, QFont.Weight.DemiBold))
            p.setPen(ink(t.problem))
            count = f"{field.problem:,}"
            p.drawText(line, Align.AlignRight | Align.AlignVCenter, count)
            width = p.fontMetrics().horizontalAdvance(count)
            mark = theme.pixmap("circle-alert", t.problem, 12, self.devicePixelRatioF())
            p.drawPixmap(line.right() - width - 15, line.top() + 1, mark)
        bar = QRectF(box.left(), box.top() + 35, box.width() + 1, 4)
        paint_quality(p, bar, field.valid, field.problem, field.missing)


class Gutter(Header):
    """Line numbers of the file, right-aligned; a line with a problem carries the mark."""

    def __init__(self, parent: QTableView, width: int = 64) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setFixedWidth(width)
        self.setDefaultSectionSize(theme.ROW)
        self.setMinimumSectionSize(theme.ROW)
        self.setSectionsClickable(True)  # a click takes the whole row
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # by contents: minutes at 1M rows
        self.setHighlightSections(False)

    def paint_section(self, p: QPainter, rect: QRect, index: int) -> None:
        t = theme.tokens()
        text, problem = self.model().headerData(index, self.orientation(), LINE) or ("", False)
        weight = QFont.Weight.DemiBold if problem else QFont.Weight.Normal
        size = theme.SMALL if len(text) < 7 else theme.CAPTION
        p.setFont(_font(self.font().family(), size, weight))
        p.setPen(ink(t.problem if problem else t.faint))
        p.drawText(rect.adjusted(0, 0, -10, -1), Align.AlignRight | Align.AlignVCenter, text)
        if problem:
            mark = theme.pixmap("circle-alert", t.problem, 12, self.devicePixelRatioF())
            p.drawPixmap(rect.left() + 8, rect.top() + 8, mark)


@cache
def _font(family: str, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Made once: a head is painted with three of them, for each column and at every count."""
    return theme.sized(QFont(family), size, weight)
