"""The short form of tests/faults: whatever strikes a load, after resume nothing differs.

The long form is `python -m tests.faults`; CONTRIBUTING.md says when to run it.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import core.reading.source
from tests.faults import scenes, servers, strikes
from tests.faults.scenes import Trial
from tests.faults.servers import Server
from tests.faults.strikes import Tally


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", scenes.BLOCK)


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    rows, seed = 120, random.randrange(1 << 30)
    print(f"seed {seed}")  # shown where the test fails
    path = scenes.make_file(tmp_path / "a.csv", rows, seed)
    return Trial(path, rows, random.Random(seed))


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("victim"), standalone=False) as server:
        yield server


@pytest.mark.parametrize(
    ("mode", "form", "kills"),
    [("add", "server", 4), ("update", "standalone_server", 3), ("replace", "server", 3)],
)
def test_a_load_killed_at_random_moments_ends_as_an_undisturbed_one(
    mode: str, form: str, kills: int, trial: Trial, request: pytest.FixtureRequest
) -> None:
    uri: str = request.getfixturevalue(form)
    strikes.killed(uri, trial, mode, "whole", Tally(), most=kills)


@pytest.mark.parametrize("fault", strikes.FAULTS)
def test_writes_that_fail_are_waited_for_and_counted_once(
    fault: str, trial: Trial, server: str
) -> None:
    mode, writer = strikes.any_mode(trial.chance)
    strikes.failing(server, trial, mode, writer, Tally(), fault)


def test_a_server_killed_amid_a_load_costs_nothing(trial: Trial, victim: Server) -> None:
    tally = Tally()
    strikes.restarting(victim, trial, "add", tally)
    assert tally.done.total() > 0


def test_a_server_stopped_amid_a_load_is_waited_for(trial: Trial, victim: Server) -> None:
    tally = Tally()
    strikes.freezing(victim, trial, "skip", tally)
    assert tally.done.total() > 0


def test_a_load_whose_server_has_a_full_disk_is_never_done_before_it_is(
    trial: Trial, tmp_path: Path
) -> None:
    try:
        with (
            servers.small_disk(tmp_path / "disk") as disk,
            Server(disk.folder, standalone=False) as server,
        ):
            strikes.full_disk(server, disk, trial, "add", Tally())
    except PermissionError as error:
        pytest.skip(f"no disk can be made here: {error}")
