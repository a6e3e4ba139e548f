"""The one user of a fresh embedded database, made before its server asks for a login."""

from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from core.errors import NoServer


def make_only_user(uri: str, name: str, password: str) -> None:
    """Make `name` the only user there is, with all rights and that password; raises NoServer.

    Whoever else made a user while the server was open to all of this computer loses it.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    try:
        with client:
            found = [user["user"] for user in client.admin.command("usersInfo", 1)["users"]]
            for other in found:
                client.admin.command("dropUser", other)
            client.admin.command("createUser", name, pwd=password, roles=["root"])
            after = [user["user"] for user in client.admin.command("usersInfo", 1)["users"]]
    except PyMongoError as error:
        raise NoServer(
            "The embedded database would not make its user.", "Try once more."
        ) from error
    if after != [name]:
        raise NoServer(
            "Another program made a user in the embedded database while it was being set up.",
            "Delete its folder and start it again.",
        )
