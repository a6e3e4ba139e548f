"""The application: fonts, theme, log, and what happens to an exception nobody caught."""

import argparse
import logging
import logging.handlers
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from core import __version__
from core.errors import CoreError
from core.settings import Settings, log_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.session import Session
    from gui.window import Window

log = logging.getLogger("sluice")
Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Opens the window; files named on the command line are opened in it."""
    parser = argparse.ArgumentParser(prog="sluice-app", description="Sluice, the window.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--version", action="version", version=f"sluice {__version__}")
    args = parser.parse_args(argv)
    if not _display():
        sys.stderr.write(
            "There is no display here; load from the command line instead: "
            "sluice load FILE --into DATABASE.COLLECTION\n"
        )
        return 2
    start_log()
    try:
        settings = Settings()
    except CoreError as error:
        _complain(str(error))
        return 2
    return _open(settings, args.files)


def _complain(words: str) -> None:
    """Where there is no terminal (a start by icon on Windows), in a box of its own."""
    if sys.stderr is not None:
        sys.stderr.write(f"sluice: {words}\n")
        return
    from PySide6.QtWidgets import QApplication, QMessageBox

    app = QApplication(sys.argv[:1])
    QMessageBox.critical(None, app.applicationName(), words)


def _open(settings: Settings, files: list[Path]) -> int:
    app, window = build(settings)
    sys.excepthook = hook(window.session)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would not see Ctrl+C in a terminal
    window.show()
    window.start(files)
    return app.exec()


def build(settings: Settings) -> "tuple[QApplication, Window]":
    """The application and its window, not shown yet."""
    from PySide6.QtWidgets import QApplication

    from gui.garbage import Sweeper
    from gui.session import Session
    from gui.window import Window

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Sluice")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("sluice")
    dress(app, settings.get("theme"))
    session = Session(settings)
    app.styleHints().colorSchemeChanged.connect(session.dress)
    window = Window(session)
    Sweeper(app)
    return app, window


def dress(app: object, wanted: str) -> None:
    """Fusion, the bundled fonts and the theme; tests and screenshots use the same."""
    from PySide6.QtWidgets import QApplication

    from gui import tasks, theme

    assert isinstance(app, QApplication)
    tasks.share_time()
    app.setStyle("Fusion")
    app.setFont(theme.fonts())
    theme.apply(app, wanted)


def start_log() -> None:
    """Warnings and bugs to a file of at most 1 MB, and one before it."""
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "sluice.log", maxBytes=1 << 20, backupCount=1, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()  # no place for a log: then where the app was started
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.info("Sluice %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)


def hook(session: "Session") -> Hook:
    """For a bug in a slot: logged whole; the window stays open with what the user has done."""

    def caught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("A bug", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        session.troubled.emit(error)

    return caught


def _display() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
