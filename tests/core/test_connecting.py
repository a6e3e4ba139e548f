"""Which server is meant, and what of an address is kept, shown and hidden."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from core import connecting, secrets
from core.connecting import LOCAL, USUAL, address, connect, remember
from core.errors import NoServer, NotAuthorised
from core.settings import Settings
from core.tls import split, with_files
from tests.core.ring import Ring

SECRET = "p4ss:w%40rd"
ADDRESS = f"mongodb://ann:{SECRET}@db.example.org:27017/shop?tls=true&authSource=admin"
SHOWN = "mongodb://ann@db.example.org:27017/shop?tls=true&authSource=admin"


@pytest.fixture(autouse=True)
def _fresh_session() -> Iterator[None]:
    yield
    secrets._session.clear()


@pytest.fixture
def nothing_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens at localhost:27017, whatever this machine has there."""
    monkeypatch.setattr(connecting, "usual_answers", lambda: False)


def test_the_address_given_wins_then_the_environment_then_the_last_one(
    monkeypatch: pytest.MonkeyPatch, ring: Ring
) -> None:
    settings = Settings()
    remember(settings, ADDRESS)
    assert address(None, settings) == ADDRESS
    monkeypatch.setenv("SLUICE_URI", "mongodb://from.environment")
    assert address(None, settings) == "mongodb://from.environment"
    assert address("mongodb://given", settings) == "mongodb://given"


def test_without_any_the_usual_server_is_taken_and_else_the_embedded_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings()
    monkeypatch.setattr(connecting, "usual_answers", lambda: True)
    assert address(None, settings) == USUAL
    monkeypatch.setattr(connecting, "usual_answers", lambda: False)
    assert address(None, settings) == LOCAL
    monkeypatch.setattr(connecting, "usual_answers", lambda: True)
    remember(settings, LOCAL)
    assert address(None, settings) == LOCAL, "chosen once, it stays"


def test_something_else_at_the_usual_port_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """A web server on 27017 does not keep anyone from the embedded database."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    listener.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        port = listener.getsockname()[1]
        usual = f"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=500"
        monkeypatch.setattr(connecting, "USUAL", usual)
        monkeypatch.setattr(connecting, "usual_answers", lambda: True)
        monkeypatch.setattr("core.local.start", lambda standalone: server)
        with connect(database="shop") as store:
            assert store.embedded
        with pytest.raises(NoServer, match=r"not MongoDB|does not answer"):
            connect(usual)
        listener.shutdown(socket.SHUT_RDWR)


def test_a_connection_takes_database_and_read_only_from_the_settings(server: str) -> None:
    settings = Settings()
    settings.set("database", "from_settings")
    settings.set("read_only", True)
    with connect(server, settings=settings) as store:
        assert (store.database, store.read_only) == ("from_settings", True)
    with connect(server, "named", settings, read_only=False) as store:
        assert (store.database, store.read_only) == ("named", False)


def test_the_password_goes_to_the_keyring_and_nowhere_else(ring: Ring, home: Path) -> None:
    settings = Settings()
    assert remember(settings, ADDRESS)
    assert settings.get("connection") == SHOWN
    assert ring.kept == {("sluice", SHOWN): ADDRESS}
    secrets._session.clear()  # as in the next start
    assert address(None, Settings()) == ADDRESS
    for file in home.rglob("*"):
        assert not file.is_file() or SECRET not in file.read_text()
    secrets.forget(SHOWN)
    secrets.forget(SHOWN)
    assert ring.kept == {}


def test_an_address_as_it_is_shown_is_used_with_the_password_kept_for_it(ring: Ring) -> None:
    """The window shows a remembered address without its password and sends what it shows."""
    settings = Settings()
    remember(settings, ADDRESS)
    secrets._session.clear()  # as in the next start
    assert address(SHOWN, settings) == ADDRESS
    other = ADDRESS.replace(SECRET, "another")
    assert address(other, settings) == other, "a password that is given is the one that is meant"
    stranger = SHOWN.replace("ann", "bob")
    assert address(stranger, settings) == stranger, "a certificate may stand for the password"
    with_key = "mongodb://h/?tlsCertificateKeyFile=k.pem&tlsCertificateKeyFilePassword=S&tls=true"
    remember(settings, with_key)
    shown = secrets.without_secrets(with_key)
    assert address(shown, settings) == with_key
    assert address(with_files(*split(shown)), settings) == with_key, "as the window puts it"


def test_remembering_an_address_as_it_is_shown_keeps_its_password(ring: Ring) -> None:
    settings = Settings()
    remember(settings, ADDRESS)
    secrets._session.clear()
    assert remember(settings, SHOWN)
    assert address(SHOWN, settings) == address(None, settings) == ADDRESS
    secrets._session.clear()
    assert address(SHOWN, settings) == ADDRESS


@pytest.mark.parametrize("broken", [True, False])
def test_without_a_keyring_it_lasts_for_the_session_and_is_asked_for_again(
    broken: bool, ring: Ring, nothing_usual: None
) -> None:
    if broken:
        ring.broken = True
    else:
        secrets._keyring.cache_clear()
        keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    settings = Settings()
    assert not remember(settings, ADDRESS)
    assert address(None, settings) == ADDRESS
    secrets._session.clear()  # as in the next start
    with pytest.raises(NotAuthorised, match="not kept on this computer") as caught:
        address(None, settings)
    assert SHOWN in str(caught.value)
    secrets.forget(SHOWN)


def test_an_address_without_a_secret_needs_no_keyring(ring: Ring) -> None:
    ring.broken = True
    plain = "mongodb://localhost:27018"
    assert remember(Settings(), plain)
    secrets._session.clear()
    assert address(None, Settings()) == plain


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        (ADDRESS, SHOWN),
        ("mongodb://localhost", "mongodb://localhost"),
        ("mongodb+srv://a:b@c.mongodb.net/x", "mongodb+srv://a@c.mongodb.net/x"),
        ("mongodb://a:b@h1:1,h2:2/?replicaSet=r", "mongodb://a@h1:1,h2:2/?replicaSet=r"),
        ("mongodb://a:b@c@h/", "mongodb://a@h/"),
        ("mongodb://a:b/c@h/", "mongodb://a@h/"),
        ("mongodb://:b@h/", "mongodb://h/"),
        ("mongodb://h/?tlsCertificateKeyFilePassword=S&tls=true", "mongodb://h/?tls=true"),
        ("mongodb://h/?tls=true&proxyPassword=S", "mongodb://h/?tls=true"),
        (
            "mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:S&w=1",
            "mongodb://h/?w=1",
        ),
        ("MongoDB://a:b@h", "MongoDB://a@h"),
        ("no address", "no address"),
    ],
)
def test_no_secret_of_an_address_is_ever_shown(full: str, shown: str) -> None:
    assert secrets.without_secrets(full) == shown
    assert secrets.without_secrets(shown) == shown
