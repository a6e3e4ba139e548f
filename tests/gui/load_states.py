"""The Load page in each of its states, made from real files: for tests and for pictures.

`STATES` names them; each takes a window (connected or not) and a folder to write files in, and
returns when the state is on the screen.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication, QLabel

from core.loading.loader import load_file
from core.recipes.recipe import infer
from gui.load.load_all import LoadAllDialog
from gui.load.same import same_cells
from gui.load.state import OpenFile
from gui.pages.load import LoadPage
from gui.window import Window

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


def wait_for(until: Callable[[], Any], seconds: float = 20.0) -> None:
    """Lets the window live until something is true; raises TimeoutError, with what is on screen."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError(f"{until} did not come true in {seconds} s; on screen: {_said()}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.002)
    QCoreApplication.processEvents()


def _said() -> str:
    shown = (one for one in QApplication.allWidgets() if one.isVisible())
    return " | ".join(one.text() for one in shown if isinstance(one, QLabel) and one.text())


def load_page(window: Window) -> LoadPage:
    page = window.show_page("Load")
    assert isinstance(page, LoadPage)
    return page


def copied(folder: Path, *names: str) -> list[Path]:
    """Samples with their recipes, where a test may write beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for ending in (".csv", ".recipe.json"):
            shutil.copy(SAMPLES / f"{name}{ending}", folder)
    return [folder / f"{name}.csv" for name in names]


def only(page: LoadPage) -> OpenFile:
    (file,) = page.desk.files.values()
    return file


def checked(page: LoadPage) -> bool:
    files = page.desk.files.values()
    return all(file.checked and file.phase != "checking" for file in files)


def opened(window: Window, paths: list[Path]) -> LoadPage:
    """Open, checked, its draft kept, with the fixes on offer known."""
    page = load_page(window)
    window.open_files(paths)
    wait_for(lambda: checked(page))
    wait_for(lambda: page.space.fixing.settled)
    wait_for(lambda: page.desk.journal.settled)
    return page


def big(folder: Path, rows: int, wide: int = 0) -> Path:
    """A clean file of some size, quickly made; `wide` characters more in each row."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "order_items.csv"
    line = "{0},SKU-{1},{2},{3}.50,Lyon" + "x" * wide + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("order_id,sku,quantity,price,warehouse\n")
        file.writelines(line.format(i, i % 977, i % 9 + 1, i % 89) for i in range(rows))
    return path


def asked_all(window: Window) -> LoadAllDialog:
    """The question of Load all, on the screen."""
    wait_for(lambda: any(one.isVisible() for one in window.findChildren(LoadAllDialog)))
    return next(one for one in window.findChildren(LoadAllDialog) if one.isVisible())


# -- the states --------------------------------------------------------------------------------
def empty(window: Window, folder: Path) -> LoadPage:
    return load_page(window)


def errors(window: Window, folder: Path) -> LoadPage:
    page = opened(window, copied(folder, "orders", "customers", "products"))
    page.editing.walk(1)
    return page


def checking(window: Window, folder: Path) -> LoadPage:
    page = load_page(window)
    window.open_files([big(folder, 2_000_000)])
    wait_for(lambda: only(page).report is not None and only(page).phase == "checking")
    page.desk.stop_all()  # so that the picture is of this moment
    return page


def column(window: Window, folder: Path) -> LoadPage:
    page = errors(window, folder)
    page.columns.open("amount")
    page.space.chips.choose(True, ("amount", "type-error", "number"))
    wait_for(lambda: page.panel.values.profile is not None)
    return page


def fixing(window: Window, folder: Path) -> LoadPage:
    """The mouse on a fix: proposals in the sheet."""
    page = errors(window, folder)
    kind = ("region", "constraint-error", "enum")
    page.space.chips.choose(True, kind)
    page.editing.preview(kind, True)
    return page


def fixed(window: Window, folder: Path) -> LoadPage:
    page = errors(window, folder)
    page.editing.fix(("amount", "type-error", "number"))
    wait_for(lambda: checked(page))
    wait_for(lambda: page.space.fixing.settled)
    return page


def asking(window: Window, folder: Path) -> LoadPage:
    """A file with problems, one with a question, one that cannot be read; Load all was pressed."""
    paths = [*copied(folder, "orders", "customers"), *doubtful(folder)]
    page = load_page(window)
    window.open_files(paths)
    wait_for(lambda: all(f.checked or f.phase == "failed" for f in page.desk.files.values()))
    page.outcome.load_all()
    asked_all(window)
    return page


def doubtful(folder: Path) -> list[Path]:
    """A file whose dates can be read in two ways, one with a question and problems, one that is
    no CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    visits, stray, book = folder / "visits.csv", folder / "stray.csv", folder / "march.csv"
    rows = "".join(f"{n},0{n % 9 + 1}/0{n % 5 + 1}/2025\n" for n in range(60))
    visits.write_text("id,date\n" + rows, "utf-8")
    lines = [f"{n},name {n},{n}\n" for n in range(60)]
    lines[20], lines[40] = "20,name,x,y\n", '40,"joe,4\n'
    stray.write_text("id,name,kind\n" + "".join(lines), "utf-8")
    book.write_bytes(b"PK\x03\x04" + bytes(200))
    return [visits, stray, book]


def chosen(window: Window, folder: Path) -> LoadPage:
    """All files of the list chosen at once."""
    page = errors(window, folder)
    page.files.view.selectAll()
    return page


def dialect(window: Window, folder: Path) -> LoadPage:
    page = errors(window, folder)
    page.space.head.change.setChecked(True)
    return page


def finding(window: Window, folder: Path) -> LoadPage:
    page = errors(window, folder)
    page.space.findbar.start()
    page.space.findbar.text.setText("SPRING10")
    page.finding.find("SPRING10", True)
    wait_for(lambda: page.space.sheet.currentIndex().data() == "SPRING10")
    return page


def clean(window: Window, folder: Path) -> LoadPage:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLES / "orders_clean.csv", folder)
    return opened(window, [folder / "orders_clean.csv"])


def loading(window: Window, folder: Path) -> LoadPage:
    page = opened(window, [*copied(folder, "customers"), big(folder, 400_000)])
    page.outcome.load_all()
    asked_all(window).accept()
    wait_for(lambda: page.loader.current == 2, 60)
    page.files.show_file(2)
    wait_for(lambda: getattr(page.desk.files[2].load, "records", 0) > 0, 60)
    return page


def done(window: Window, folder: Path) -> LoadPage:
    page = opened(window, copied(folder, "orders"))
    page.outcome.load()
    wait_for(lambda: only(page).phase == "done", 60)
    return page


def stopped(window: Window, folder: Path) -> LoadPage:
    page = opened(window, [big(folder, 400_000)])
    page.outcome.load()
    wait_for(lambda: getattr(only(page).load, "accepted", 0) > 0, 60)
    page.outcome.stop()
    wait_for(lambda: only(page).phase == "stopped", 60)
    return page


def failed(window: Window, folder: Path) -> LoadPage:
    """A workbook that calls itself CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "orders.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    page = load_page(window)
    window.open_files([path])
    wait_for(lambda: only(page).phase == "failed")
    return page


def key(window: Window, folder: Path) -> LoadPage:
    """The key asked for by a mode, with two columns ticked."""
    page = errors(window, folder)
    page.recipes.choose_mode("update")
    wait_for(lambda: checked(page))
    page.keys.open()
    wait_for(lambda: page.keys.popup is not None)
    assert page.keys.popup is not None
    page.keys.popup.model.toggle(page.keys.popup.model.index(1))
    return page


def keyed(window: Window, folder: Path) -> LoadPage:
    """The form with a key in it, a column's panel open."""
    page = errors(window, folder)
    page.recipes.choose_mode("update")
    page.keys.choose(1, ("order_id",))
    wait_for(lambda: checked(page))
    page.columns.open("amount")
    wait_for(lambda: page.panel.values.profile is not None)
    return page


def sorted_by(window: Window, folder: Path) -> LoadPage:
    page = errors(window, folder)
    page.columns.sorting.sort("amount", True)
    wait_for(lambda: page.space.model.order is not None)
    wait_for(lambda: page.space.sheet.model().index(20, 4).data() != "…")
    return page


def cell_menu(window: Window, folder: Path) -> LoadPage:
    """With the number of cells like the one it was asked for."""
    page = errors(window, folder)
    sheet = page.space.sheet
    sheet.setCurrentIndex(sheet.model().index(61, page.space.model.names.index("region")))
    page.menu.menu.open(sheet.visualRect(sheet.currentIndex()).center())
    wait_for(lambda: page.menu.same is not None)
    return page


def alike(window: Window, folder: Path) -> LoadPage:
    """Only the rows with one value."""
    page = errors(window, folder)
    file = page.space.file
    assert file is not None
    assert file.work is not None
    *_, same = same_cells(file.path, file.work, "region", "South")
    assert same is not None
    page.space.show_same(same)
    return page


def cut_off(window: Window, folder: Path) -> LoadPage:
    """A load of another run that ended half-way, offered at the start."""
    path = big(folder, 60_000)
    run = load_file(path, infer(path).replace(collection="order_items"), window.session.store)
    while next(run).accepted == 0:
        pass
    run.close()
    page = errors(window, folder)
    wait_for(page.banner.isVisible)
    return page


State = Callable[[Window, Path], LoadPage]
STATES: dict[str, State] = {
    "empty": empty,
    "checking": checking,
    "errors": errors,
    "column": column,
    "fixing": fixing,
    "fixed": fixed,
    "chosen": chosen,
    "dialect": dialect,
    "finding": finding,
    "sorted": sorted_by,
    "cell-menu": cell_menu,
    "alike": alike,
    "key": key,
    "keyed": keyed,
    "clean": clean,
    "failed": failed,
}
CONNECTED: dict[str, State] = {
    "asking": asking,
    "loading": loading,
    "done": done,
    "stopped": stopped,
    "cut-off": cut_off,
}
