"""A TLS door in front of a server that has none, and the certificates to pass it."""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Files:
    """PEM files: an authority's certificate, and certificates with their keys that it signed."""

    authority: Path
    server: Path
    client: Path


def make_files(folder: Path, name: str, password: str = "") -> Files:
    """`password` locks the key of the client's certificate."""
    key, authority = _signed(f"{name} authority", None)
    paths = Files(*(folder / f"{name}-{part}.pem" for part in ("ca", "server", "client")))
    paths.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    for path, owner in ((paths.server, "server"), (paths.client, "client")):
        own_key, own = _signed(f"{name} {owner}", (key, authority))
        secret = own_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password.encode())
            if password and owner == "client"
            else serialization.NoEncryption(),
        )
        path.write_bytes(own.public_bytes(serialization.Encoding.PEM) + secret)
    return paths


Signer = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def _signed(name: str, signer: Signer | None) -> Signer:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[1].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(signer[0] if signer else key, hashes.SHA256())
    )
    return key, made


@contextlib.contextmanager
def door(port: int, files: Files, ask_client: bool = False) -> Iterator[int]:
    """The port where TLS is spoken, on behalf of the server at `port`; `ask_client` lets only
    those in that show a certificate of the same authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    if ask_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.authority)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    guest = listener.accept()[0]
                except OSError:
                    return
                threading.Thread(target=_serve, args=(context, guest, port), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _serve(context: ssl.SSLContext, guest: socket.socket, port: int) -> None:
    with (
        guest,
        contextlib.suppress(OSError),
        context.wrap_socket(guest, server_side=True) as safe,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        while True:
            ready = [safe] if safe.pending() else select.select([safe, server], [], [])[0]
            for source in ready:
                data = source.recv(1 << 16)
                if not data:
                    return
                (server if source is safe else safe).sendall(data)
