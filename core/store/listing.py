"""Answers of any length: told by the server at once, kept in a file and read from there, so that
memory stays flat and what is done meanwhile makes them neither longer nor shorter."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import IO, Any

import bson
from bson.raw_bson import RawBSONDocument

from core.errors import StoreError
from core.store.ledger import FAITHFUL
from core.store.patience import Patience

Document = dict[str, Any]
RAW = FAITHFUL.with_options(document_class=RawBSONDocument)
_IN_MEMORY = 8 << 20  # bytes; a longer answer goes to a file in the folder for such files


def listed(
    patient: Patience, ask: Callable[[], Iterable[RawBSONDocument]], most: int
) -> Iterator[list[Document]]:
    """The documents that `ask` finds, at most so many at a time; it is asked once more from the
    start where the server goes away. Raises StoreError where there is no room for them."""
    with _room(), tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        patient(partial(_tell, file, ask))
        file.seek(0)
        told = bson.decode_file_iter(file, FAITHFUL)
        while page := list(islice(told, most)):
            yield page


def _tell(file: IO[bytes], ask: Callable[[], Iterable[RawBSONDocument]]) -> None:
    file.seek(0)
    file.truncate()
    for document in ask():
        file.write(document.raw)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"{tempfile.gettempdir()} does not keep a list of documents: {error.strerror}."
        cure = "Make room there, or set TMPDIR to a folder with room."
        raise StoreError(problem, cure) from error
