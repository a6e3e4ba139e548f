"""Sluice has no use for pandas, which pyarrow would import at its first conversion."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.store import Store
from resources.samples import make

SAMPLES = Path(make.__file__).parent


def run(script: str, *words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.parametrize("learned", [False, True])
def test_a_check_imports_no_pandas(learned: bool, tmp_path: Path) -> None:
    path = SAMPLES / "customers.csv"
    if learned:  # without the recipe that stands beside it
        path = Path(shutil.copy(path, tmp_path))
    script = (
        "import sys\n"
        "from core.cli import main\n"
        "assert main(['check', *sys.argv[1:]]) == 1\n"
        "print('pandas' in sys.modules)\n"
    )
    halves = ("--accepted", tmp_path / "good.csv", "--refused", tmp_path / "bad.csv")
    assert run(script, path, *halves).split()[-1] == "False"


def test_a_load_imports_no_pandas(store: Store, server: str, tmp_path: Path) -> None:
    path = shutil.copy(SAMPLES / "products.csv", tmp_path)
    script = (
        "import sys\n"
        "from core.cli import main\n"
        "path, into, uri = sys.argv[1:]\n"
        "assert main(['load', path, '--into', into, '--uri', uri]) == 1\n"
        "print('pandas' in sys.modules)\n"
    )
    assert run(script, path, f"{store.database}.products", server).split()[-1] == "False"


def test_a_program_beside_core_has_pandas_all_the_same() -> None:
    script = (
        "import core.batch, pyarrow as pa\n"
        "frame = pa.table({'a': [1, 2]}).to_pandas()\n"
        "print(pa.Table.from_pandas(frame).to_pydict(), pa.array(frame['a']).to_pylist())\n"
    )
    assert run(script).strip() == "{'a': [1, 2]} [1, 2]"
