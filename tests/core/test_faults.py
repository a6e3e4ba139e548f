"""The short form of tests/faults.py: whatever strikes a load, after resume nothing differs.

The long form is `python -m tests.faults`; CONTRIBUTING.md says when to run it.
"""

import random
from pathlib import Path

import pytest

import core.reading.source
from tests import faults


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", faults.BLOCK)


@pytest.mark.parametrize(
    ("mode", "form", "kills"),
    [("add", "server", 4), ("update", "standalone_server", 3), ("replace", "server", 3)],
)
def test_a_load_killed_at_random_moments_ends_as_an_undisturbed_one(
    mode: str, form: str, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    uri: str = request.getfixturevalue(form)
    rows, seed = 150, random.randrange(1 << 30)
    path = faults.make_file(tmp_path / "a.csv", rows, seed)
    expected = faults.undisturbed(uri, path, mode, rows, "whole")
    tally = faults.Tally()
    chance = random.Random(seed)
    found = faults.killed(uri, path, mode, rows, "whole", chance, tally, most=kills)
    faults.same(found, expected, f"seed {seed}")


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_writes_that_fail_are_waited_for_and_counted_once(
    fault: str, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "FAULTS", {fault: faults.FAULTS[fault]})
    rows, chance = 120, random.Random(5)
    mode, writer = chance.choice(faults.MODES), chance.choice(["whole", "plain"])
    path = faults.make_file(tmp_path / "a.csv", rows, 5)
    expected = faults.undisturbed(server, path, mode, rows, writer)
    tally = faults.Tally()
    found = faults.failing(server, path, mode, rows, writer, chance, tally)
    faults.same(found, expected, fault)
    assert tally.told[fault] > 0


def test_a_server_killed_or_stopped_amid_a_load_costs_nothing(tmp_path: Path) -> None:
    path = faults.make_file(tmp_path / "a.csv", 100, 7)
    faults.server_killed(tmp_path / "db", path, "add", 100, random.Random(7), faults.Tally())
