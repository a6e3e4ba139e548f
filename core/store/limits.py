"""How long a person may be kept waiting by one question to the server."""

from collections.abc import Iterator
from contextlib import contextmanager

import pymongo
from pymongo.errors import PyMongoError

from core.errors import CoreError, TooSlow


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is asked inside is given up after that time, by the server too: it is told the limit,
    and the connection that waited is closed. Raises TooSlow."""
    try:
        with pymongo.timeout(seconds):
            yield
    except CoreError as error:
        if isinstance(error.__cause__, PyMongoError) and error.__cause__.timeout:
            raise TooSlow(
                f"The server did not answer this within {seconds:.0f} s.",
                "Ask for less, or make an index for it.",
            ) from error.__cause__
        raise
