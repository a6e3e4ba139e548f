"""Builds and runs null_mongod.c: a server that counts and forgets, to measure the client alone.

python -m tests.null_server [PORT]     runs one until it is interrupted
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pymongo import MongoClient

SOURCE = Path(__file__).with_name("null_mongod.c")


def compiler() -> str | None:
    """The C compiler of this machine; None where there is none."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """The server as a program in `folder`."""
    program = folder / "null_mongod"
    command = [compiler() or "cc", "-O2", "-Wall", "-pthread", "-o", str(program), str(SOURCE)]
    subprocess.run(command, check=True)
    return program


@contextlib.contextmanager
def null_server(port: int = 0) -> Iterator[str]:
    """The URI of a null server that runs as long as this lasts."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [build(Path(folder)), str(port)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            drawn = process.stdout.readline().strip()
            if not drawn:
                raise OSError(f"The null server cannot listen on port {port}.")
            yield f"mongodb://127.0.0.1:{drawn}/?directConnection=true"
        finally:
            process.kill()
            process.communicate()


def counted(uri: str) -> Mapping[str, Any]:
    """Documents, bytes and messages inserted since the last question, and CPU seconds in all."""
    with MongoClient[dict[str, Any]](uri) as client:
        return client.admin.command("stat")


if __name__ == "__main__":
    with null_server(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as address:
        print(address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdin.read()
