"""The window measured: start, first rows, stalls and memory with one large file.

`./run bench gui [--rows 1000000] [--rounds 3] [--cases orders problems wide]`: the sample orders,
then a file of 110,000 problems and one of 2,000 columns (`tests.bench.extremes`). Each round is a
process of its own on the offscreen platform. A stall is the longest time between two ticks of a
10 ms timer in the GUI thread; “its own work” is that thread's own longest, which other programs on
the computer do not lengthen. The load goes to a server that counts and forgets where a C compiler
is at hand, else to the embedded one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import extremes
from tests.bench.watch import Watch

SCROLLS = 300
CASES = ("orders", "problems", "wide")
MEASURES = (
    ("start", "start to first paint", "s"),
    ("rows", "first rows of the file", "s"),
    ("check", "check", "s"),
    ("load", "load", "s"),
    ("stall opening", "worst stall, opening", "ms"),
    ("stall checking", "worst stall, checking", "ms"),
    ("stall scrolling", "worst stall, scrolling", "ms"),
    ("sort", "sort by a column", "s"),
    ("stall sorting", "worst stall, sorting, scrolling", "ms"),
    ("stall selecting", "worst stall, Ctrl+A, a column", "ms"),
    ("stall loading", "worst stall, loading", "ms"),
    ("memory", "peak memory of the window", "MB"),
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run bench gui")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=Path, help="a file made before")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=CASES)
    parser.add_argument("--round", nargs=2, metavar=("CASE", "URI"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.round is not None:
        print(json.dumps(_round(args.file, *args.round)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for case in args.cases:
            _case(case, Path(folder), args)
    return 0


def _case(case: str, folder: Path, args: argparse.Namespace) -> None:
    with _server(folder) as (uri, kind):
        made = getattr(extremes, case) if case != "orders" else None
        path = made(folder / f"{case}.csv") if made else args.file or _made(folder, args.rows)
        rows = "" if made else f", {args.rows:,} rows; {kind}"
        print(f"{case}: {path.stat().st_size / 1e6:.0f} MB{rows}; all rounds:")
        rounds = [_measured(case, path, uri, folder / f"{case}{i}") for i in range(args.rounds)]
    _tell(_measures(rounds[0]), rounds)


def _measures(found: dict[str, float]) -> Iterator[tuple[str, str, str]]:
    """Those of MEASURES that were taken, then what only the extremes measure."""
    told = {"busy", *(key for key, _, _ in MEASURES)}
    yield from (one for one in MEASURES if one[0] in found)
    for key in found:
        if key not in told and key.startswith("stall"):
            yield key, f"worst stall, {key.removeprefix('stall ')}", "ms"


def _tell(measures: Iterable[tuple[str, str, str]], rounds: Sequence[dict[str, float]]) -> None:
    for key, words, unit in measures:
        values = [one[key] for one in rounds]
        each = ", ".join(f"{value:,.2f}" if unit == "s" else f"{value:,.0f}" for value in values)
        busy = [one[key.replace("stall", "busy")] for one in rounds] if "stall" in key else []
        all_own = ", ".join(f"{ms:,.0f}" for ms in busy)
        own = f"; its own work {min(busy):,.0f} best of {all_own}" if busy else ""
        print(f"{words:46}{min(values):>10,.2f} {unit:3} best of {each}{own}")


def _made(folder: Path, rows: int) -> Path:
    path = folder / "orders.csv"
    command = [sys.executable, "-m", "resources.samples.make", "--big", str(rows), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, str]]:
    from tests.null_server import compiler, null_server

    if compiler() is not None:
        with null_server() as uri:
            yield uri, "loaded to a server that counts and forgets"
        return
    from core.local.server import spawn

    running = spawn(folder / "server", standalone=False)
    try:
        yield f"mongodb://127.0.0.1:{running.port}/", "loaded to the embedded server"
    finally:
        running.process.terminate()
        running.process.wait()


def _measured(case: str, path: Path, uri: str, home: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.gui", "--round", case, uri]
    command += ["--file", str(path)]
    platform = os.environ.get("QT_QPA_PLATFORM", "offscreen")
    env = {**os.environ, "SLUICE_HOME": str(home), "QT_QPA_PLATFORM": platform}
    began = time.time()
    ended = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    found["start"] = found.pop("painted") - began
    return found


# ---- one round, in a process of its own -----------------------------------------------------
def _round(path: Path, case: str, uri: str) -> dict[str, float]:
    from core.settings import Settings
    from gui.app import build

    app, window = build(Settings())
    window.resize(1920, 1080)
    found = {"painted": _painted(window)}
    watch = Watch()
    from core.store import Store

    window.session.set_store(Store(uri, "bench"))
    page: Any = window.show_page("Load")
    watch.wait(lambda: True)
    watch.note({}, "")  # connecting and making the page is no part of what follows
    try:
        (_file if case == "orders" else extremes.drive)(window, page, path, watch, found)
    finally:
        window.close()  # waits for its threads: ending while one runs aborts, and hides why
    found["memory"] = _peak()
    app.quit()
    return found


def _painted(window: Any) -> float:
    """The moment of the first paint, as the app itself starts."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject

    loop, moment = QEventLoop(), []

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not moment:
                moment.append(time.time())
                loop.quit()
            return False

    eye = Eye()
    window.installEventFilter(eye)
    window.show()
    window.show_page("Load")
    loop.exec()
    window.removeEventFilter(eye)
    return moment[0]


def _file(window: Any, page: Any, path: Path, watch: Watch, found: dict[str, float]) -> None:
    began = time.monotonic()
    window.open_files([path])
    sheet = page.space.sheet
    watch.wait(lambda: _text(sheet, 0) not in ("", "…"))
    found["rows"] = time.monotonic() - began
    watch.note(found, "opening")
    file = next(iter(page.desk.files))
    watch.wait(lambda: page.desk.files[file].checked)
    found["check"] = time.monotonic() - began
    watch.note(found, "checking")
    _scroll(sheet, watch)
    watch.note(found, "scrolling")
    began = time.monotonic()
    _sort(page, watch)
    found["sort"] = time.monotonic() - began
    _scroll(sheet, watch)
    watch.note(found, "sorting")
    page.columns.sorting.as_in_file()
    watch.wait(lambda: _text(sheet, 0) not in ("", "…"))
    watch.note({}, "")
    _select(sheet, watch)
    watch.note(found, "selecting")
    watch.wait(lambda: page.space.fixing.settled)
    watch.note({}, "")
    began = time.monotonic()
    page.outcome.load()
    watch.wait(lambda: page.desk.files[file].phase in ("done", "stopped", "failed"))
    found["load"] = time.monotonic() - began
    watch.note(found, "loading")
    if page.desk.files[file].phase != "done":
        raise RuntimeError(f"The load did not end well: {page.desk.files[file]}")


def _scroll(sheet: Any, watch: Watch) -> None:
    """By the wheel from the top, then by the bar to places far apart."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    bar = sheet.verticalScrollBar()
    for step in range(SCROLLS):
        if step % 10 == 9:
            bar.setValue(bar.maximum() * step // SCROLLS)
        where, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
        turn = QWheelEvent(
            where, where, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(sheet.viewport(), turn)
        watch.wait(lambda: True)


def _sort(page: Any, watch: Watch) -> None:
    """Ascending by the last column, until the first row can be read."""
    sheet, name = page.space.sheet, page.space.model.names[-1]
    page.columns.sorting.sort(name, False)
    watch.wait(lambda: page.space.model.order is not None)
    watch.wait(lambda: _text(sheet, 0) not in ("", "…"))


def _select(sheet: Any, watch: Watch) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    QTest.keyClick(sheet, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    watch.wait(lambda: True)
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(sheet.horizontalHeader().viewport(), left, pos=QPoint(120, 12))
    watch.wait(lambda: True)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def _text(sheet: Any, row: int) -> str:
    from gui.cells import CELL

    cell = sheet.model().index(row, 0).data(CELL)
    return cell.text if cell is not None else ""


def _peak() -> float:
    import psutil

    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):
        return info.peak_wset / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    sys.exit(main())
