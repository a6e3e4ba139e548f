"""What the window waits for before its first paint."""

import subprocess
import sys

HEAVY = ("pandas", "pymongo", "pyqtgraph", "keyring", "secantusdb")


def test_the_first_page_needs_neither_the_database_client_nor_pandas() -> None:
    """They take longer to import than all the rest, and are first used off the GUI thread."""
    code = (
        "import sys, gui.app, gui.window, gui.pages.load;"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
