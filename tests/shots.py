"""Pictures of every page in its states: `./run shots [FOLDER]`.

Light and dark, 1280×800 and 1920×1080, and at 150 %. Ends with 1 and names widget, state and text
where words are cut off that should not be.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from core.local.server import spawn
from core.settings import Settings
from core.store import Store
from gui import theme
from gui.app import dress
from gui.session import Session
from gui.window import Window
from tests.gui import load_states, page_states, shell_states
from tests.gui.clipped import complaints

SIZES = ((1280, 800), (1920, 1080))
THEMES = ("light", "dark")
# drawn as soon as they are built: events may close them
POPUPS = ("shortcuts", "connection", "load-key", "load-cell-menu")
SCALE = "QT_SCALE_FACTOR"
State = Callable[[Window, Path], object]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run shots", description="Draw every page.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("shots"))
    parser.add_argument("--only", default="", help="states whose name holds this word")
    parser.add_argument("--once", action="store_true", help="leave out 150 %%")
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    found = draw(args.folder, args.only)
    if args.once or SCALE in os.environ:
        return 1 if found else 0
    words = ["--only", args.only] if args.only else []
    command = [sys.executable, "-m", "tests.shots", str(args.folder), *words]
    larger = subprocess.run(command, env={**os.environ, SCALE: "1.5"}, check=False)
    return 1 if found or larger.returncode else 0


def states() -> dict[str, State]:
    found: dict[str, State] = dict(shell_states.STATES)
    for name, build in {**load_states.STATES, **load_states.CONNECTED}.items():
        found[f"load-{name}"] = build
    for name, fill in page_states.STATES.items():
        found[name] = lambda window, folder, fill=fill: fill(window)
    return found


def draw(folder: Path, only: str = "") -> list[str]:
    """The pictures, and what is wrong in them."""
    app = QApplication.instance() or QApplication([])
    dress(app, "light")
    with tempfile.TemporaryDirectory() as temporary:
        running = spawn(Path(temporary) / "server", standalone=False)
        uri = f"mongodb://127.0.0.1:{running.port}/"
        found: list[str] = []
        try:
            for name, build in states().items():
                if only in name:
                    home = Path(temporary) / name
                    faults = _state(folder, name, build, uri, home)
                    print(*faults, sep="\n", end="\n" if faults else "", flush=True)
                    found += faults
        finally:
            running.process.terminate()
            running.process.wait(20)
    return found


def _state(folder: Path, name: str, build: State, uri: str, home: Path) -> list[str]:
    began, found = time.monotonic(), []
    sizes = SIZES if SCALE not in os.environ else SIZES[:1]
    views = [(look, size) for size in sizes for look in THEMES]
    rounds = [[view] for view in views] if name in POPUPS else [views]
    for number, some in enumerate(rounds):
        with _window(uri, home / str(number)) as window:
            _dress(window, *some[0])
            try:
                build(window, home / "files")
            except TimeoutError as error:
                found.append(f"{name}: {error}")
                continue
            for look, size in some:
                if name not in POPUPS:
                    _dress(window, look, size)
                found += _shoot(folder, name, window, look, size)
    print(f"{name}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    return found


@contextmanager
def _window(uri: str, home: Path) -> Iterator[Window]:
    """A window of its own home and database."""
    os.environ["SLUICE_HOME"] = str(home)
    session = Session(Settings())
    session.set_store(Store(uri, "shop"))
    window = Window(session)
    window.show()
    try:
        yield window
    finally:
        window.close()
        with Store(uri, "shop") as store:
            for database in ("shop", "sluice"):
                store.client.drop_database(database)
        window.deleteLater()
        _app().sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no event loop runs that would
        _settle()


def _dress(window: Window, look: str, size: tuple[int, int]) -> None:
    theme.apply(_app(), look)
    window.resize(*size)
    _settle()


def _shoot(folder: Path, name: str, window: Window, look: str, size: tuple[int, int]) -> list[str]:
    scale = os.environ.get(SCALE, "")
    ending = f"@{scale}" if scale else ""
    words = f"{name}-{look}-{size[0]}x{size[1]}{ending}"
    picture(window).save(str(folder / f"{words}.png"))
    return [f"{words}: {fault}" for top in _tops(window) for fault in complaints(top)]


def picture(window: Window) -> QPixmap:
    """The window with the popups and dialogs that stand on it."""
    first, *others = _tops(window)
    result = first.grab()
    painter = QPainter(result)
    painter.setPen(QColor(theme.tokens().border))
    for other in others:
        corner = other.mapToGlobal(QPoint()) - first.mapToGlobal(QPoint())
        painter.drawPixmap(corner, other.grab())
        painter.drawRect(QRect(corner, other.size()))  # as the system's frame would
    painter.end()
    return result


def _tops(window: Window) -> list[QWidget]:
    others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]
    return [window, *others]


def _settle() -> None:
    for _ in range(6):
        QApplication.processEvents()
        time.sleep(0.01)


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


if __name__ == "__main__":
    sys.exit(main())
