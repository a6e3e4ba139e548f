"""Quarantine, Collections, Charts and History in their states, from real files and a real server.

`STATES` names them; each takes a connected window on an empty database and returns when the state
is on the screen. `fill` loads the samples, with their planted defects, into the window's server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from core.loading.loader import load_file
from core.loading.undo import undo
from core.recipes.recipe import infer
from core.store import Store
from gui.history.confirm import UndoDialog
from gui.history.row import LoadRow
from gui.pages.charts import ChartsPage
from gui.pages.collections import CollectionsPage
from gui.pages.history import HistoryPage
from gui.pages.quarantine import QuarantinePage
from gui.window import Window
from tests.gui.load_states import SAMPLES, wait_for

SMALL = """order_id;customer;date;amount;region
70071;Ada Brandt;2025-05-19;89.90;South
70072;Milo Okafor;2025-05-19;1.250,00;North
70073;Ines Carvalho;2025-05-20;45.00;East
70074;Tom Whitfield;2025-06-02;219,00;West
70075;Lea Moreau;2025-02-31;64.10;East
70076;Jun Takeda;2025-06-03;18.00;North
70077;Omar Haddad;2025-06-04;12.99;North;surplus
70078;Kai Nakamura;2025-07-01;33.33;South
"""
GOOD = """order_id;customer;date;amount;region
1;a;2025-01-01;1.50;North
2;b;2025-01-02;2.25;South
"""


def load(store: Store, path: Path, collection: str, model: Path | None = None) -> str:
    """Loads a file by the recipe of another, good one; the id of the load."""
    recipe = infer(model or path).replace(collection=collection)
    load = ""
    for report in load_file(path, recipe, store):
        load = report.load or load
    return load


def small(store: Store, folder: Path) -> str:
    """Eight orders, of which four are refused: two numbers, a date, a surplus cell."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good.csv").write_text(GOOD, "utf-8")
    (folder / "orders.csv").write_text(SMALL, "utf-8")
    return load(store, folder / "orders.csv", "orders", folder / "good.csv")


def fill(store: Store) -> None:
    """The three samples; what is there already stays as it is."""
    there = {(entry.database, entry.name) for entry in store.loads.list(0)}
    for name in ("customers", "products", "orders"):
        if (store.database, f"{name}.csv") not in there:
            load(store, SAMPLES / f"{name}.csv", name, SAMPLES / f"{name}_clean.csv")


@contextmanager
def slow(store: Store, command: str) -> Iterator[None]:
    """That command takes a second longer than a person waits."""
    admin = store.client.admin
    fault = {"failCommands": [command], "blockConnection": True, "blockTimeMS": 1_500}
    admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=fault)
    try:
        yield
    finally:
        admin.command("configureFailPoint", "failCommand", mode="off")


# ---- pages --------------------------------------------------------------------------------------
def quarantine(window: Window) -> QuarantinePage:
    """With its records read."""
    page = window.show_page("Quarantine")
    assert isinstance(page, QuarantinePage)
    wait_for(lambda: not page.asker.busy)
    wait_for(lambda: not page.asker.busy)
    return page


def collections(window: Window, name: str = "") -> CollectionsPage:
    page = window.show_page("Collections", {"collection": name} if name else None)
    assert isinstance(page, CollectionsPage)
    wait_for(lambda: page.looked is not None and not page.asker.busy)
    wait_for(lambda: not page.asker.busy)
    return page


def charts(window: Window, name: str = "") -> ChartsPage:
    page = window.show_page("Charts", {"collection": name} if name else None)
    assert isinstance(page, ChartsPage)
    wait_for(lambda: page.drawn is not None and not page.asker.busy)
    return page


def history(window: Window) -> HistoryPage:
    page = window.show_page("History")
    assert isinstance(page, HistoryPage)
    wait_for(lambda: not page.asker.busy)
    return page


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_cell(sheet: Any, row: int, column: int, double: bool = False) -> None:
    sheet.scrollTo(sheet.model().index(row, column))
    point = sheet.visualRect(sheet.model().index(row, column)).center()
    QTest.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=point)
    if double:
        QTest.mouseDClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=point)


def click_bar(page: ChartsPage, column: int) -> None:
    """In the middle of the plot's height, where every column can be picked."""
    plot = page.view.chart._plot
    box = plot.getViewBox()
    low, high = box.viewRange()[1]
    point = plot.mapFromScene(box.mapViewToScene(QPointF(column, (low + high) / 2)))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=point)


# ---- states -------------------------------------------------------------------------------------
def nothing_held(window: Window) -> None:
    quarantine(window)


def held(window: Window) -> None:
    fill(window.session.store)
    page = quarantine(window)
    wait_for(lambda: page.opened is not None and page.view.panel.record is not None)


def held_filtered(window: Window) -> None:
    """One reason picked, a cell being typed into and found good."""
    held(window)
    page = quarantine(window)
    bars = page.view.figures.reasons
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.rect().topLeft() + _DOWN)
    wait_for(lambda: bool(page.asked.code) and not page.asker.busy)
    edit = page.view.panel.edits[0]
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, edit.text().replace(",", "."))
    wait_for(lambda: page.view.panel._verdict.isVisible())


def held_fixing(window: Window) -> None:
    """The repairs on offer for the numbers of one column."""
    from gui.held.fix import FixDialog

    held(window)
    page = quarantine(window)
    click(page.view.bar.fix)
    dialog = window.findChild(FixDialog)
    assert dialog is not None
    wait_for(lambda: bool(dialog.found))


def held_ready(window: Window) -> None:
    held_fixing(window)
    page = quarantine(window)
    from gui.held.fix import FixDialog

    dialog = window.findChild(FixDialog)
    assert dialog is not None
    click(dialog.go)
    wait_for(lambda: page.opened is not None and page.opened.review.ready > 0)
    wait_for(lambda: not page.asker.busy)


def held_undone(window: Window) -> None:
    """Held rows whose load was undone."""
    fill(window.session.store)
    loads = {entry.name: entry for entry in window.session.store.loads.list(0)}
    one = loads["customers.csv"]
    if one.state == "done":
        list(undo(window.session.store, one.id))
    page = quarantine(window)
    page.focus(load=one.id)
    wait_for(lambda: page.view.undone_box.isVisible())


def no_collections(window: Window) -> None:
    page = window.show_page("Collections")
    assert isinstance(page, CollectionsPage)
    wait_for(lambda: not page.asker.busy)


def browsing(window: Window) -> None:
    fill(window.session.store)
    page = collections(window, "orders")
    wait_for(lambda: page.view.panel.values.bars and page.total is not None, 40)
    wait_for(lambda: not page.asker.busy, 40)


def browsing_json(window: Window) -> None:
    browsing(window)
    page = collections(window, "orders")
    click(page.view.form.parts[1])


def browsing_edited(window: Window) -> None:
    """Filtered by a query in text, with a cell typed into and not saved."""
    browsing(window)
    page = collections(window, "orders")
    page.view.query.setFocus()
    page.view.query.selectAll()
    QTest.keyClicks(page.view.query, "{region: 'North', amount: {$gt: 20}}")
    QTest.keyClick(page.view.query, Qt.Key.Key_Return)
    wait_for(lambda: page.looked is not None and len(page.looked.query) == 2)
    wait_for(lambda: not page.asker.busy, 40)
    column = page.view.model.columns.index("channel")
    click_cell(page.view.sheet, 2, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "fax")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: bool(page.staging.edits))
    wait_for(lambda: not page.asker.busy, 40)


def wrong_query(window: Window) -> None:
    browsing(window)
    page = collections(window, "orders")
    page.view.query.setFocus()
    QTest.keyClicks(page.view.query, "{region: North")
    QTest.keyClick(page.view.query, Qt.Key.Key_Return)


def nothing_drawn(window: Window) -> None:
    page = window.show_page("Charts")
    assert isinstance(page, ChartsPage)
    wait_for(lambda: not page.asker.busy)


def drawn(window: Window) -> None:
    fill(window.session.store)
    page = charts(window, "orders")
    wait_for(lambda: page.drawn is not None and page.drawn.place[1] == "orders", 40)


def drawn_rows(window: Window) -> None:
    drawn(window)
    page = charts(window)
    click_bar(page, 3)
    wait_for(lambda: page.view.rows.isVisible())


def drawn_histogram(window: Window) -> None:
    drawn(window)
    page = charts(window)
    page.focus(collection="orders", x="amount")
    wait_for(lambda: page.drawn is not None and page.drawn.answer.question.kind == "histogram", 40)


def drawn_saved(window: Window) -> None:
    drawn(window)
    page = charts(window)
    page.keeping.save_as("Sales by month")
    wait_for(lambda: bool(page.view.gallery.cards[0].picture.figure.length), 40)


def nothing_loaded(window: Window) -> None:
    history(window)


def listed(window: Window) -> None:
    fill(window.session.store)
    page = history(window)
    wait_for(lambda: len(page.rows) == 3)


def listed_open(window: Window) -> None:
    listed(window)
    page = history(window)
    one = next(iter(page.rows.values()))
    QTest.mouseClick(one, Qt.MouseButton.LeftButton, pos=QPointF(300, 20).toPoint())
    wait_for(lambda: one.details is not None and one.details.plan is not None)


def undo_asked(window: Window, one: LoadRow) -> UndoDialog:
    assert one.details is not None
    click(one.details.undo)
    return next(d for d in window.findChildren(UndoDialog) if d.isVisible())


def confirm_undo(window: Window, one: LoadRow) -> None:
    click(undo_asked(window, one).go)


def listed_asking(window: Window) -> None:
    """What undoing would do, in figures, before it is done."""
    listed_open(window)
    one = next(iter(history(window).rows.values()))
    wait_for(lambda: one.details is not None and one.details.undo.isVisible())
    undo_asked(window, one)


def listed_undone(window: Window) -> None:
    listed(window)
    page = history(window)
    one = list(page.rows.values())[1]  # the small one
    QTest.mouseClick(one, Qt.MouseButton.LeftButton, pos=QPointF(300, 20).toPoint())
    wait_for(lambda: one.details is not None and one.details.undo.isVisible())
    confirm_undo(window, one)
    wait_for(lambda: any(r.past.entry.state == "undone" for r in page.rows.values()), 60)


_DOWN = QPointF(20, 14).toPoint()
STATES: dict[str, Callable[[Window], None]] = {
    "quarantine-empty": nothing_held,
    "quarantine": held,
    "quarantine-typing": held_filtered,
    "quarantine-fixing": held_fixing,
    "quarantine-ready": held_ready,
    "quarantine-undone": held_undone,
    "collections-empty": no_collections,
    "collections": browsing,
    "collections-json": browsing_json,
    "collections-edited": browsing_edited,
    "collections-wrong-query": wrong_query,
    "charts-empty": nothing_drawn,
    "charts": drawn,
    "charts-rows": drawn_rows,
    "charts-histogram": drawn_histogram,
    "charts-saved": drawn_saved,
    "history-empty": nothing_loaded,
    "history": listed,
    "history-open": listed_open,
    "history-asking": listed_asking,
    "history-undone": listed_undone,
}
