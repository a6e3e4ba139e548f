"""Addresses without their secrets, and the secrets where the system keeps such things.

A connection is remembered in two parts: the address without any secret, in the settings, and the
full address in the system's keyring. Where there is no keyring (headless Linux has none) the full
address lives as long as this process and is asked for again in the next.
"""

import re
from functools import cache
from typing import Any

SERVICE = "sluice"
_USER_INFO = re.compile(r"^(mongodb(?:\+srv)?://)([^@/?]*)@", re.IGNORECASE)
_SECRET_OPTION = re.compile(
    r"([?&;])(tlsCertificateKeyFilePassword|authMechanismProperties|ssl_pem_passphrase"
    r"|proxyPassword|password)=[^&;#]*",
    re.IGNORECASE,
)
_session: dict[str, str] = {}


def without_secrets(address: str) -> str:
    """The address as it may be shown, logged and kept: user and hosts, no password or token."""
    shown = _USER_INFO.sub(_user_only, _escape_at(address))
    shown = _SECRET_OPTION.sub(lambda found: found[1], shown)
    return re.sub(r"[?&;]+$", "", re.sub(r"([?&;])[&;]+", r"\1", shown))


def _user_only(found: re.Match[str]) -> str:
    user = found[2].partition(":")[0]
    return f"{found[1]}{user}@" if user else found[1]


def _escape_at(address: str) -> str:
    """A password with a bare @ or / in it is wrong, but must not be shown for that."""
    scheme, mark, rest = address.partition("://")
    info, at, hosts = rest.rpartition("@")
    if not mark or not at:
        return address
    user, colon, password = info.partition(":")
    return f"{scheme}://{user}{colon}{re.sub('[@/?]', '_', password)}@{hosts}"


def keep(address: str) -> bool:
    """Remember a full address under `without_secrets` of it; whether beyond this process."""
    shown = without_secrets(address)
    _session[shown] = address
    if shown == address:
        return True  # there is nothing secret to keep
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(SERVICE, shown, address)
    except keyring.errors.KeyringError:
        return False
    return True


def recall(shown: str) -> str | None:
    """The full address that was kept under that one; None where it must be asked for again."""
    if shown in _session:
        return _session[shown]
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, shown)
    except keyring.errors.KeyringError:
        return None
    return found


def forget(shown: str) -> None:
    _session.pop(shown, None)
    keyring = _keyring()
    if keyring is None:
        return
    try:
        keyring.delete_password(SERVICE, shown)
    except keyring.errors.KeyringError:
        return  # it was never kept there


@cache
def _keyring() -> Any:
    """The keyring package where it has a working backend, else None; slow, so only when asked."""
    import keyring
    import keyring.backends.fail
    import keyring.errors

    dead = isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)
    return None if dead else keyring
