"""The window: rail, the stack of pages, footer and toasts; pages come when they are first shown."""

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QStackedWidget, QWidget

from gui import theme
from gui.awake import Awake
from gui.bindings import bind
from gui.footer import Footer
from gui.layout import col, row
from gui.notices import Notices
from gui.order import after, go, stops
from gui.pages import PAGES, SETTINGS
from gui.placing import place, placed
from gui.rail import Rail
from gui.session import Session
from gui.shortcuts import ShortcutList
from gui.toasts import Toasts
from gui.trouble import Trouble

ABOVE = theme.FOOTER + theme.BAR  # toasts stand above footer and action bar


class Window(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle("Sluice")
        self.setWindowIcon(theme.icon("sluice", "", 64))
        self.setAcceptDrops(True)
        self.setFocusPolicy(
            Qt.FocusPolicy.ClickFocus
        )  # it has the focus at first: no ring anywhere
        self.setFocus()
        self.rail, self.stack, self.footer = Rail(), QStackedWidget(), Footer(session)
        self.pages: dict[str, QWidget] = {}
        self.trouble = Trouble(session)
        work = _holder(col((self.stack, 1), self.trouble))
        self.setLayout(col((_holder(row(self.rail, (work, 1), gap=0)), 1), self.footer))
        self.toasts = Toasts(self, ABOVE, self._bars)
        self.stack.currentChanged.connect(lambda _at: QTimer.singleShot(0, self.toasts.replace))
        self.stack.currentChanged.connect(self.toasts.replace)
        self.awake, self.notices = Awake(session, self), Notices(session, self)
        self.rail.wanted.connect(self.show_page)
        self.footer.server_wanted.connect(self.choose_server)
        session.page_wanted.connect(self.show_page)
        session.noted.connect(self.toasts.show)
        session.held_counted.connect(self.rail.show_held)
        session.store_changed.connect(self.count_held)
        session.loaded.connect(self.count_held)
        session.job_ended.connect(self.count_held)  # a load that failed may hold rows too
        self._shortcuts()
        place(self, session.settings.get("window"))

    # ---- pages ------------------------------------------------------------------------------
    def show_page(self, name: str, focus: dict[str, Any] | None = None) -> QWidget:
        page = self.pages.get(name)
        if page is None:
            page = next(p for p in (*PAGES, SETTINGS) if p.name == name).make(self.session)
            self.pages[name] = page
            self.stack.addWidget(page)
            self._take_drops()
        self.stack.setCurrentWidget(page)
        self.rail.show_page(name)
        if name != SETTINGS.name:
            self.session.settings.set("page", name)
        if hasattr(page, "shown"):
            page.shown()
        if focus and hasattr(page, "focus"):
            page.focus(**focus)
        return page

    def open_files(self, paths: list[Path]) -> None:
        """Goes to Load and opens them there."""
        page: Any = self.show_page("Load")
        page.open_files(paths)

    @Slot()
    def choose_files(self) -> None:
        page: Any = self.show_page("Load")
        page.choose()

    @Slot()
    def choose_server(self) -> None:
        """The same choice as at the first launch, as a popup above the footer."""
        from gui.connection import ConnectionCard

        popup = QDialog(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setProperty("kind", "popup")
        popup.setLayout(col(ConnectionCard(self.session)))
        popup.resize(640, popup.sizeHint().height())
        corner = self.mapToGlobal(self.rect().bottomLeft())
        popup.move(corner.x() + 8, corner.y() - theme.FOOTER - popup.height() - 4)
        popup.show()

    def _bars(self) -> list[QWidget]:
        """Of the page shown: what a toast must leave free."""
        page = self.stack.currentWidget()
        found = page.findChildren(QFrame) if page is not None else []
        bars = [one for one in found if one.property("kind") in ("actions", "message")]
        return [self.trouble, *bars]

    # ---- the badge --------------------------------------------------------------------------
    @Slot()
    def count_held(self) -> None:
        store = self.session.store
        if store is None:
            self.rail.show_held(0)
            return
        page = self.stack.currentWidget()
        if page is not None and page is self.pages.get("Quarantine"):
            return  # it counts, and tells

        def work() -> Generator[int, None, None]:
            yield store.quarantine.waiting()

        self.session.run(work()).succeeded.connect(self.rail.show_held)

    # ---- dropping files anywhere ------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._take_drops()  # of fields that came since too
            self._show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(False)

    def _take_drops(self) -> None:
        """A field would take the address of a file for its text."""
        for part in self.findChildren(QWidget):
            if part.acceptDrops():
                part.setAcceptDrops(False)

    def _show_over(self, over: bool) -> None:
        page: Any = self.stack.currentWidget()
        if hasattr(page, "show_over"):
            page.show_over(over)

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        event.acceptProposedAction()
        self._show_over(False)
        self.open_files([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    # ---- keys -------------------------------------------------------------------------------
    def _shortcuts(self) -> None:
        for number, page in enumerate(PAGES, 1):
            self._key(f"Ctrl+{number}", lambda name=page.name: self.show_page(name))
        self._key("Ctrl+,", lambda: self.show_page(SETTINGS.name))
        self._key(QKeySequence.StandardKey.Open, self.choose_files)
        self._key(QKeySequence.StandardKey.HelpContents, self.show_shortcuts)
        if sys.platform != "win32":  # where Qt does it
            self._key("Shift+F10", self.open_menu)
        self._key("F6", lambda: self.next_region(1))
        self._key("Shift+F6", lambda: self.next_region(-1))
        self._key(QKeySequence.StandardKey.Quit, self.close)

    def _key(self, keys: str | QKeySequence.StandardKey, act: Any) -> None:
        bind(self, ((keys, act),))

    @Slot()
    def show_shortcuts(self) -> None:
        ShortcutList(self).show()

    @Slot()
    def open_menu(self) -> None:
        """The context menu of what has the focus, as the menu key opens it."""
        focused = QApplication.focusWidget()
        if focused is not None:
            middle, reason = focused.rect().center(), QContextMenuEvent.Reason.Keyboard
            there = focused.mapToGlobal(middle)
            QApplication.sendEvent(focused, QContextMenuEvent(reason, middle, there))

    def next_region(self, step: int) -> None:
        """From the rail to side list, sheet, panel and actions of the page, then to the footer."""
        regions = [r for r in self._regions() if stops(r) or _is_stop(r)]
        focused = self.focusWidget()
        at = next((i for i, r in enumerate(regions) if focused and _within(r, focused)), -1)
        at = (at + step) % len(regions) if at >= 0 or step > 0 else len(regions) - 1
        region = regions[at]
        target = region if _is_stop(region) else stops(region)[0]
        go(target, Qt.FocusReason.TabFocusReason)

    def _regions(self) -> list[QWidget]:
        page = self.stack.currentWidget()
        inner = [w for w in page.findChildren(QWidget) if _is_region(w)] if page else []
        inner.sort(key=lambda w: (w.mapTo(self, QPoint()).x(), w.mapTo(self, QPoint()).y()))
        return [self.rail, *(inner or [page] if page else []), self.footer]

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes in reading order."""
        target = after(self, self.focusWidget(), 1 if forward else -1)
        if target is None:
            return False
        reason = Qt.FocusReason
        go(target, reason.TabFocusReason if forward else reason.BacktabFocusReason)
        return True

    # ---- opening and closing ----------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        """Stops what runs and waits for it; a load that is stopped so can be resumed."""
        self.session.settings.set("window", placed(self))
        for page in self.pages.values():
            if hasattr(page, "closing"):
                page.closing()
        self.hide()  # what still runs may take a moment to stop
        self.session.close()
        self.awake.release()
        super().closeEvent(event)

    def start(self, paths: list[Path]) -> None:
        """The first page at once; the connection after the first paint."""
        name = self.session.settings.get("page")
        known = [page.name for page in PAGES]
        self.show_page("Load" if paths or name not in known else name)
        if paths:
            self.open_files(paths)
        QTimer.singleShot(0, self, self.session.connect_usual)


def _holder(layout: Any) -> QWidget:
    result = QWidget()
    result.setLayout(layout)
    return result


def _is_region(widget: QWidget) -> bool:
    known = widget.property("kind") in ("side", "panel", "actions")
    return widget.isVisible() and (known or widget.inherits("QTableView"))


def _within(region: QWidget, widget: QWidget) -> bool:
    return region is widget or region.isAncestorOf(widget)


def _is_stop(widget: QWidget) -> bool:
    return bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
