"""TLS with certificates of one's own, by real handshakes with a door in front of the database."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli import main
from core.connecting import connect
from core.errors import NoServer, StoreError
from core.store import Store
from core.tls import split, with_files
from tests.conftest import SECRET
from tests.core.loads import write_csv

pytest.importorskip("cryptography", reason="certificates are made with cryptography")
from tests.tls import Files, door, make_files

OPTIONS = "directConnection=true&serverSelectionTimeoutMS=1000&connectTimeoutMS=1000"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_files(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture
def entrance(server: str, files: Files) -> Iterator[str]:
    """An address that is answered by TLS alone."""
    with door(_port(server), files) as port:
        yield f"mongodb://127.0.0.1:{port}/?{OPTIONS}"


def _port(server: str) -> int:
    return int(server.partition("127.0.0.1:")[2].partition("/")[0])


def test_a_server_is_trusted_for_the_authority_that_signed_it(entrance: str, files: Files) -> None:
    with connect(entrance, "shop", authority=str(files.authority)) as store:
        assert store.client.admin.command("ping")["ok"] == 1


def test_a_server_that_another_authority_signed_is_refused(entrance: str, tmp_path: Path) -> None:
    others = make_files(tmp_path, "others")
    with pytest.raises(NoServer, match="No secure connection"):
        connect(entrance, authority=str(others.authority))
    with pytest.raises(NoServer, match="No secure connection"):
        Store(f"{entrance}&tls=true")  # nor is it trusted without any


def test_a_server_that_asks_for_a_certificate_lets_in_who_shows_one(
    server: str, files: Files
) -> None:
    with door(_port(server), files, ask_client=True) as port:
        address = f"mongodb://127.0.0.1:{port}/?{OPTIONS}"
        with pytest.raises(NoServer):
            connect(address, authority=str(files.authority))
        whole = with_files(address, str(files.authority), str(files.client))
        with connect(whole) as store:
            assert store.client.admin.command("ping")["ok"] == 1
            assert split(store.address)[1:] == (str(files.authority), str(files.client))


def test_the_password_of_a_key_opens_it_and_is_told_to_nobody(
    server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = make_files(tmp_path, "locked", SECRET)
    path = write_csv(tmp_path / "a.csv", [(1, "x", 2), (2, "y", "z")])
    with door(_port(server), files, ask_client=True) as port:
        plain = with_files(
            f"mongodb://127.0.0.1:{port}/?{OPTIONS}", str(files.authority), str(files.client)
        )
        wrong, right = (
            f"{plain}&tlsCertificateKeyFilePassword={word}" for word in (f"{SECRET}x", SECRET)
        )
        with pytest.raises(StoreError) as caught:
            connect(wrong)
        assert SECRET not in "".join(traceback.format_exception(caught.value))
        with connect(right, "tls_shop") as store:
            assert SECRET not in store.address
        monkeypatch.setenv("SLUICE_URI", right)
        assert main(["load", str(path), "--into", "tls_shop.goods", "--json"]) == 0
    assert SECRET not in "".join(capfd.readouterr())
    with Store(server, "tls_shop") as store:
        for name in store.client["sluice"].list_collection_names():
            assert SECRET not in repr(list(store.client["sluice"][name].find()))
        store.client.drop_database("tls_shop")
        store.client.drop_database("sluice")


def test_a_load_from_the_command_line_goes_through_tls(
    entrance: str, files: Files, tmp_path: Path, server: str
) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "x", 2), (2, "y", 3)])
    command = ["load", str(path), "--into", "tls_shop.goods", "--uri", entrance]
    assert main([*command, "--tls-ca", str(files.authority)]) == 0
    with Store(server, "tls_shop") as store:
        assert store.client["tls_shop"]["goods"].count_documents({}) == 2
        store.client.drop_database("tls_shop")
        store.client.drop_database("sluice")


def test_a_file_that_cannot_be_used_is_named(entrance: str, files: Files, tmp_path: Path) -> None:
    missing = tmp_path / "none.pem"
    with pytest.raises(StoreError, match=f"{missing} cannot be read: No such file"):
        connect(entrance, authority=str(missing))
    with pytest.raises(StoreError, match="options"):
        connect(entrance, authority=str(files.authority), certificate=str(files.authority))


def test_certificates_are_not_silently_left_out_where_nothing_speaks_tls(
    monkeypatch: pytest.MonkeyPatch, files: Files
) -> None:
    monkeypatch.setattr("core.connecting.usual_answers", lambda: False)
    with pytest.raises(StoreError, match="without TLS"):
        connect(authority=str(files.authority))


@pytest.mark.parametrize(
    ("plain", "whole"),
    [
        ("mongodb://h", "mongodb://h/?tlsCAFile=/a%20b.pem&tlsCertificateKeyFile=/c%26d&tls=true"),
        (
            "mongodb://h/x?w=1&tls=true",
            "mongodb://h/x?w=1&tls=true&tlsCAFile=/a%20b.pem&tlsCertificateKeyFile=/c%26d",
        ),
        (
            "mongodb://h/?tlsCAFile=/old",
            "mongodb://h/?tlsCAFile=/a%20b.pem&tlsCertificateKeyFile=/c%26d&tls=true",
        ),
    ],
)
def test_the_files_stand_in_the_address_and_come_out_again(plain: str, whole: str) -> None:
    assert with_files(plain, "/a b.pem", "/c&d") == whole
    address, authority, certificate = split(whole)
    assert (authority, certificate) == ("/a b.pem", "/c&d")
    assert "File" not in address
    assert with_files(whole) == whole
    assert split(address) == (address, "", "")
