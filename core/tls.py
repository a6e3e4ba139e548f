"""The TLS files of an address: who signs for the server, and which certificate we show it.

They are options of the address (`tlsCAFile`, `tlsCertificateKeyFile`; MongoDB's connection string
specification), so that whatever keeps or shows an address has them too. A file's name is no secret.
"""

import re
from urllib.parse import quote, unquote

_OPTIONS = ("tlsCAFile", "tlsCertificateKeyFile")


def with_files(address: str, authority: str = "", certificate: str = "") -> str:
    """The address with those files (PEM) in place of its own; an empty name changes nothing."""
    for option, path in zip(_OPTIONS, (authority, certificate), strict=True):
        if path:
            address = _added(_without(address, option), f"{option}={quote(path, safe='/')}")
    if (authority or certificate) and not re.search(r"[?&](tls|ssl)=", address, re.IGNORECASE):
        address = _added(address, "tls=true")
    return address


def split(address: str) -> tuple[str, str, str]:
    """The address without its files, the authority's file and the certificate's, where it has
    them."""
    plain, files = address, []
    for option in _OPTIONS:
        found = re.search(rf"[?&]{option}=([^&#]*)", address, re.IGNORECASE)
        files.append(unquote(found[1]) if found else "")
        plain = _without(plain, option)
    return plain, files[0], files[1]


def _without(address: str, option: str) -> str:
    kept = re.sub(rf"([?&]){option}=[^&#]*", r"\1", address, flags=re.IGNORECASE)
    kept = re.sub(r"([?&])&+", r"\1", kept)
    return kept.rstrip("?&")


def _added(address: str, option: str) -> str:
    if "?" in address:
        return f"{address}&{option}"
    hosts = address.partition("://")[2]
    return f"{address}{'' if '/' in hosts else '/'}?{option}"
