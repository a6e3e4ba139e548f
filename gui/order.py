"""Reading order: where Tab goes next, whatever order the widgets were made in.

Qt's own chain puts what is made later (a page first shown, a chip) behind everything else.
"""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

OPENS = "opens"  # a property: Tab goes to this widget, and then to what stands in it


def stops(root: QWidget) -> list[QWidget]:
    """Visible and enabled widgets below `root` that Tab goes to, as they are read."""
    return [w for w in _below(root) if _is_stop(w)]


def after(root: QWidget, widget: QWidget | None, step: int) -> QWidget | None:
    """The stop one step on from a widget, or from inside one; round at the ends."""
    found = stops(root)
    if not found:
        return None
    inside = [i for i, w in enumerate(found) if _holds(w, widget)]
    at = inside[-1] if inside else -1 if step > 0 else 0
    return found[(at + step) % len(found)]


def go(widget: QWidget, reason: Qt.FocusReason) -> None:
    """Gives it the focus and scrolls it into view."""
    widget.setFocus(reason)
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _holds(stop: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (stop is widget or stop.isAncestorOf(widget))


def _is_stop(widget: QWidget) -> bool:
    wanted = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(wanted) and widget.isEnabled() and not isinstance(widget, QScrollArea)


def _below(widget: QWidget) -> Iterator[QWidget]:
    for child in _children(widget):
        if child.isVisible() and not child.isWindow():
            yield child
            # the parts of a sheet or field are reached by other keys
            if not _is_stop(child) or child.property(OPENS):
                yield from _below(child)


def _children(widget: QWidget) -> list[QWidget]:
    """As the layout has them; what stands outside of it afterwards, by place."""
    layout = widget.layout()
    placed = list(_laid_out(layout)) if layout is not None else []
    known = set(map(id, placed))
    loose = [w for w in _widgets(widget) if id(w) not in known]
    return placed + sorted(loose, key=lambda w: (w.y(), w.x()))


def _widgets(parent: QObject) -> list[QWidget]:
    return [child for child in parent.children() if isinstance(child, QWidget)]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for i in range(layout.count()):
        item = layout.itemAt(i)
        inner, widget = (item.layout(), item.widget()) if item else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)
