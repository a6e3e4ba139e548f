"""The application: fonts, theme, log, and what happens to an exception nobody caught."""

import argparse
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from core import __version__
from core.errors import CoreError
from core.settings import Settings, log_folder

log = logging.getLogger("sluice")


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
        sys.stderr.write(f"sluice: {error}\n")
        return 2
    return _open(settings, args.files)


def _open(settings: Settings, files: list[Path]) -> int:
    from PySide6.QtWidgets import QApplication

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
    sys.excepthook = _excepthook
    window.show()
    window.start(files)
    return app.exec()


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


def _excepthook(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A bug in a slot: logged whole; the window stays open with what the user has done."""
    log.critical("A bug", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _display() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
