"""A mapping that is worked out when somebody first looks into it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class Later(Mapping[str, Value]):
    """What `make` gives, made once; equal to a dict of the same.

    Most of what a check could tell is never asked for: the accepted rows of a dry run, the cells
    of a refused record beside its raw bytes.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Value]]) -> None:
        self._make: Callable[[], Mapping[str, Value]] | None = make
        self._made: Mapping[str, Value] = {}

    def _all(self) -> Mapping[str, Value]:
        if (make := self._make) is not None:
            self._made, self._make = make(), None
        return self._made

    def __getitem__(self, name: str) -> Value:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())
