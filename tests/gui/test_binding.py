"""A canary for the Qt binding itself."""

import sys

from PySide6.QtCore import QObject, Signal


class Source(QObject):
    happened = Signal()


def test_emit_keeps_its_references() -> None:
    """PySide6 6.12.0 lost one reference to True at each emit; CPython 3.11 then aborts."""
    source, before = Source(), sys.getrefcount(True)
    for _ in range(100):
        source.happened.emit()
    assert sys.getrefcount(True) > before - 50
