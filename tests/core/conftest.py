"""What only tests of core share."""

from collections.abc import Iterator

import keyring
import pytest

from core import secrets
from tests.core.ring import Ring


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring of this test."""
    former, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    secrets._keyring.cache_clear()
    yield ring
    keyring.set_keyring(former)
    secrets._keyring.cache_clear()
    secrets._session.clear()
