"""How long the window's thread lets one wait, told by a 10 ms timer in it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer

TICK = 10  # ms
PATIENCE = 900  # s for one phase


class Watch:
    """Remembers the timer's longest gap."""

    def __init__(self) -> None:
        self.last, self.gap = time.monotonic(), 0.0
        self.busy_last, self.busy = time.thread_time(), 0.0
        self.timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._tick)
        self.timer.start()

    def _tick(self) -> None:
        now = time.monotonic()
        self.gap, self.last = max(self.gap, now - self.last), now
        spent = time.thread_time()
        self.busy, self.busy_last = max(self.busy, spent - self.busy_last), spent

    def note(self, found: dict[str, float], name: str) -> None:
        """The longest gap since last asked, and how much of one the thread itself worked, in ms."""
        found[f"stall {name}"], found[f"busy {name}"] = self.gap * 1000, self.busy * 1000
        self.gap = self.busy = 0.0

    def wait(self, until: Callable[[], bool]) -> None:
        """Runs the event loop for two ticks at least, and until it is true."""
        loop, end, ticks = QEventLoop(), time.monotonic() + PATIENCE, 0

        def look() -> None:
            nonlocal ticks
            ticks += 1
            if (ticks > 2 and until()) or time.monotonic() > end:
                loop.quit()

        self.timer.timeout.connect(look)
        loop.exec()
        self.timer.timeout.disconnect(look)
        if time.monotonic() > end:
            raise TimeoutError(f"{until} did not come true in {PATIENCE} s")
