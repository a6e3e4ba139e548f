"""Which server is meant: the one named, else by the rule below, and the embedded one at last.

1. the address given (`--uri`); 2. `$SLUICE_URI`; 3. the connection used last, from the settings;
4. mongodb://localhost:27017 if a server answers there; 5. the embedded database of this computer.
The word "local" in place of an address means the embedded database.
"""

import contextlib
import os
import socket

from core import local, secrets
from core.errors import NoServer, NotAuthorised, StoreError
from core.settings import Settings
from core.store import Store
from core.tls import split, with_files

LOCAL = "local"
USUAL = "mongodb://localhost:27017"
PROBE_SECONDS = 0.5


def connect(
    uri: str | None = None,
    database: str | None = None,
    settings: Settings | None = None,
    read_only: bool | None = None,
    standalone: bool = False,
    authority: str = "",
    certificate: str = "",
) -> Store:
    """A store on the server that is meant; raises NoServer, NotAuthorised, SettingsError.

    `standalone` asks the embedded database for that topology, and is of no effect elsewhere;
    `read_only` is taken from the settings where it is None; `authority` and `certificate` are the
    files of a connection by TLS.
    """
    settings = settings or Settings()
    guarded = settings.get("read_only") if read_only is None else read_only
    name = database or settings.get("database")
    full = address(uri, settings)
    if authority or certificate:
        return Store(_secured(full, authority, certificate), name, read_only=guarded)
    if full == USUAL and not uri:
        with contextlib.suppress(NoServer):  # it was a guess: something else may listen there
            return Store(full, name, read_only=guarded)
        full = LOCAL
    if full == LOCAL:
        full = local.start(standalone)
    return Store(full, name, read_only=guarded)


def address(uri: str | None = None, settings: Settings | None = None) -> str:
    """The full address by the rule above, or LOCAL; nothing is started or connected."""
    settings = settings or Settings()
    named = uri or os.environ.get("SLUICE_URI")
    if named:
        return _with_its_secret(named, settings)
    last: str = settings.get("connection")
    if last and last != LOCAL:
        return _recalled(last)
    return USUAL if not last and usual_answers() else LOCAL


def _secured(full: str, authority: str, certificate: str) -> str:
    if full == LOCAL:
        raise StoreError(
            "The embedded database is reached without TLS, so certificates are of no use.",
            "Leave them out, or name a MongoDB server with --uri.",
        )
    return with_files(full, authority, certificate)


def remember(settings: Settings, address: str) -> bool:
    """Make it the connection used last; False where its password holds for this session only."""
    kept = address == LOCAL or secrets.keep(_with_its_secret(address, settings))
    settings.set("connection", LOCAL if address == LOCAL else secrets.without_secrets(address))
    return kept


def usual_answers() -> bool:
    """Whether something listens at localhost:27017; what it is, connecting tells."""
    try:
        with socket.create_connection(("localhost", 27017), PROBE_SECONDS):
            return True
    except OSError:
        return False


def _with_its_secret(named: str, settings: Settings) -> str:
    """An address as it is shown lacks its password; the one kept for it is used where there is one.

    An address with a password of its own, and one that needs none, stays as it is.
    """
    hidden = "@" in named.partition("?")[0] or "tlscertificatekeyfile=" in named.lower()
    if not hidden or secrets.without_secrets(named) != named:
        return named
    last: str = settings.get("connection")
    same = with_files(*split(named)) == with_files(*split(last))  # its options in another order
    return secrets.recall(last if same else named) or named


def _recalled(last: str) -> str:
    full = secrets.recall(last)
    if full is not None:
        return full
    if "@" in last.partition("?")[0]:
        raise NotAuthorised(
            f"The password for {last} is not kept on this computer.",
            "Enter it once more, or give the whole address with --uri or in $SLUICE_URI.",
        )
    return last
