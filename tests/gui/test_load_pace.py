"""The rate and the time left of a load, by its reports."""

from pathlib import Path

import pytest

from core.batch import LoadReport
from core.loading.loader import load_file
from core.recipes.recipe import infer
from core.store import Store
from gui.load.loader import job_words
from gui.load.pace import UNKNOWN, Pacer
from tests.gui.load_states import big


def report(records: int, of: int, resumed: int = 0) -> LoadReport:
    return LoadReport("1", "a.csv", records=records, resumed=resumed, fraction=records / of)


def test_nothing_is_said_before_the_first_rows_are_in() -> None:
    pacer = Pacer()
    assert pacer.add(report(0, 100), 0.0) == UNKNOWN
    assert pacer.add(report(0, 100), 3.0) == UNKNOWN
    assert job_words(report(0, 100), UNKNOWN) == "starting…"


def test_between_two_reports_the_rate_stays_and_the_time_runs() -> None:
    pacer = Pacer()
    pacer.add(report(0, 100), 0.0)
    first = pacer.add(report(20, 100), 4.0)
    assert (first.rate, first.left) == (5.0, 16.0)
    later = pacer.add(report(20, 100), 6.0)
    assert (later.rate, later.left) == (5.0, 14.0)
    assert job_words(report(20, 100), first) == "20% · 5 rows/s · 16 s left"


def test_the_rate_is_that_of_the_last_seconds() -> None:
    pacer = Pacer()
    for second in range(30):  # one a second, then ten
        rows = min(second, 10) + 10 * max(0, second - 10)
        pace = pacer.add(report(rows, 1000), float(second))
    assert pace.rate == 10.0


def test_rows_of_an_earlier_run_make_no_speed() -> None:
    pacer = Pacer()
    pacer.add(report(0, 1000), 0.0)
    assert pacer.add(report(500, 1000, resumed=500), 0.5) == UNKNOWN
    pace = pacer.add(report(510, 1000, resumed=500), 2.5)
    assert pace.rate == 5.0
    assert pace.left == pytest.approx(98)


def test_a_load_that_goes_on_tells_which_rows_were_there(store: Store, tmp_path: Path) -> None:
    path = big(tmp_path, 1_000, 4_500)
    recipe = infer(path).replace(collection="items")
    run = load_file(path, recipe, store)
    while not (stopped := next(run)).accepted:
        pass
    run.close()
    last = list(load_file(path, recipe, store, resume=True))[-1]
    assert last.records == 1_000
    assert stopped.accepted <= last.resumed
