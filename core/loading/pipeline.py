"""Steps of a line that overlap: each in a thread of its own, a few pieces between two of them."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_TICK = 0.1  # seconds after which a waiting step looks whether it is to end
_DEPTH = 1  # pieces waiting between two steps


class _End:
    """The last piece: the line is through, or an error ended it."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Line:
    """Pieces of `source` through `steps` in order; an error travels down behind the pieces before
    it. `stop` is set when whoever reads the results has gone."""

    def __init__(self, source: Iterable[Any], steps: Iterable[Callable[[Any], Any]]) -> None:
        self.stop = threading.Event()
        gate: queue.Queue[Any] = queue.Queue(_DEPTH)
        self._threads = [threading.Thread(target=self._feed, args=(source, gate), daemon=True)]
        for step in steps:
            following: queue.Queue[Any] = queue.Queue(_DEPTH)
            work = threading.Thread(target=self._run, args=(step, gate, following), daemon=True)
            self._threads.append(work)
            gate = following
        self._results = gate

    def results(self) -> Iterator[Any]:
        """What comes out, or None where nothing did for a while; raises a step's error."""
        for thread in self._threads:
            thread.start()
        while True:
            try:
                piece = self._results.get(timeout=_TICK)
            except queue.Empty:
                yield None
                continue
            if isinstance(piece, _End):
                if piece.error is not None:
                    raise piece.error
                return
            yield piece

    def close(self) -> None:
        """End all steps after the piece each is at."""
        self.stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _feed(self, source: Iterable[Any], into: "queue.Queue[Any]") -> None:
        try:
            for piece in source:
                if not self._put(into, piece):
                    return
            self._put(into, _End())
        except BaseException as error:  # noqa: BLE001 - raised again where results are read
            self._put(into, _End(error))

    def _run(
        self, step: Callable[[Any], Any], source: "queue.Queue[Any]", into: "queue.Queue[Any]"
    ) -> None:
        while not self.stop.is_set():
            try:
                piece = source.get(timeout=_TICK)
            except queue.Empty:
                continue
            if not isinstance(piece, _End):
                try:
                    piece = step(piece)
                except BaseException as error:  # noqa: BLE001 - raised again where results are read
                    piece = _End(error)
            if not self._put(into, piece) or isinstance(piece, _End):
                return

    def _put(self, into: "queue.Queue[Any]", piece: Any) -> bool:
        while not self.stop.is_set():
            try:
                into.put(piece, timeout=_TICK)
            except queue.Full:
                continue
            return True
        return False
