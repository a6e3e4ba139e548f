"""Commands as a script runs them: in a process of its own, or here, which costs far less."""

import contextlib
import io
import subprocess
import sys
from pathlib import Path

from core.cli import main

ROOT = Path(__file__).parents[1]
Result = subprocess.CompletedProcess[str]


def process(*words: object, wrap: tuple[str, ...] = ()) -> Result:
    command = [*wrap, sys.executable, "-m", "core.cli", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def here(*words: object) -> Result:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, words)])
    return Result([*map(str, words)], code, out.getvalue(), err.getvalue())


def said(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command run here."""
    result = here(*words)
    return result.returncode, result.stdout, result.stderr
