"""The sheet's two headers: fields with their quality, and the file's line numbers."""

from functools import cache

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QToolTip

from gui import theme
from gui.bars import paint_quality
from gui.cells import FIELD, LINE, FieldView

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
    """Paints its own ground, so that scrolling needs to paint only what comes into view."""

    def __init__(self, orientation: Qt.Orientation, parent: QTableView) -> None:
        super().__init__(orientation, parent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self.viewport())
        p.fillRect(event.rect(), QColor(theme.tokens().sunken))
        p.end()
        super().paintEvent(event)

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

    def paintSection(self, p: QPainter, rect: QRect, index: int) -> None:
        t, field = theme.tokens(), self.field(index)
        p.save()
        p.fillRect(rect, QColor(t.accentSoft if field and field.open else t.sunken))
        p.setPen(QColor(t.line))
        p.drawLine(rect.bottomLeft(), rect.bottomRight())
        p.drawLine(rect.topRight(), rect.bottomRight())
        if field is not None:
            box = rect.adjusted(8, 8, -9, 0)
            self._name(p, box, field, chevron=index == self.under)
            if not self.plain:
                self._quality(p, box, field)
        p.restore()

    def _name(self, p: QPainter, box: QRect, field: FieldView, chevron: bool) -> None:
        t, ratio = theme.tokens(), self.devicePixelRatioF()
        colour = t.accentText if field.open else t.faint
        icon = theme.pixmap(ICON.get(field.type, "type"), colour, 14, ratio)
        p.drawPixmap(box.left(), box.top() + 1, icon)
        p.setFont(_font(self.font().family(), theme.SMALL, QFont.Weight.DemiBold))
        plain = t.faint if field.dropped else t.text
        p.setPen(QColor(t.accentText if field.open else plain))
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
        p.setPen(QColor(t.muted))
        words = "string" if field.type == "enum" else field.type
        words = self.tr("left out") if field.dropped else words
        p.drawText(line, Align.AlignLeft | Align.AlignVCenter, words)
        if field.problem:
            p.setFont(_font(self.font().family(), theme.CAPTION, QFont.Weight.DemiBold))
            p.setPen(QColor(t.problem))
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

    def paintSection(self, p: QPainter, rect: QRect, index: int) -> None:
        t = theme.tokens()
        text, problem = self.model().headerData(index, self.orientation(), LINE) or ("", False)
        p.save()
        p.fillRect(rect, QColor(t.sunken))
        p.setPen(QColor(t.line))
        p.drawLine(rect.bottomLeft(), rect.bottomRight())
        p.drawLine(rect.topRight(), rect.bottomRight())
        weight = QFont.Weight.DemiBold if problem else QFont.Weight.Normal
        size = theme.SMALL if len(text) < 7 else theme.CAPTION
        p.setFont(_font(self.font().family(), size, weight))
        p.setPen(QColor(t.problem if problem else t.faint))
        p.drawText(rect.adjusted(0, 0, -10, -1), Align.AlignRight | Align.AlignVCenter, text)
        if problem:
            mark = theme.pixmap("circle-alert", t.problem, 12, self.devicePixelRatioF())
            p.drawPixmap(rect.left() + 8, rect.top() + 8, mark)
        p.restore()


@cache
def _font(family: str, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Made once: a head is painted with three of them, for each column and at every count."""
    return theme.sized(QFont(family), size, weight)
