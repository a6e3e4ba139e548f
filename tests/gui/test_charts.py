"""Charts: what is drawn is what the server counts; a bar leads to its rows."""

import csv
import json
import math
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from core.store import Store
from gui import theme
from gui.chart import saved, work
from gui.chart.answer import answer
from gui.chart.ask import first_question, known_fields
from gui.chart.view import ChartView
from gui.charts import CHARTS, Figure
from gui.pages.charts import ChartsPage
from gui.plots import rounds, short, thin
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import charts, click, click_bar, small


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> ChartsPage:
    small(store, tmp_path)
    made = charts(window, "orders")
    wait_for(lambda: made.view.chart.figure.length > 0)
    return made


def settled(page: ChartsPage) -> bool:
    return not page.asker.busy


def choose(page: ChartsPage, combo: Any, text: str) -> None:
    """By keys, as far as the wanted entry."""
    wanted = combo.findText(text)
    assert wanted >= 0, [combo.itemText(i) for i in range(combo.count())]
    combo.setFocus()
    while combo.currentIndex() != wanted:
        step = Qt.Key.Key_Down if combo.currentIndex() < wanted else Qt.Key.Key_Up
        QTest.keyClick(combo, step)
    wait_for(lambda: settled(page))


def test_a_sum_by_month_appears_without_asking(page: ChartsPage) -> None:
    assert page.drawn is not None
    question = page.drawn.answer.question
    assert (question.x, question.unit, question.figure, question.y) == (
        "date", "month", "sum", "amount",
    )  # fmt: skip
    figure = page.view.chart.figure
    assert [round(figure.total(i), 2) for i in range(figure.length)] == [134.90, 18.00, 33.33]
    assert page.view.title.text().startswith("Sum of amount by month")


def test_a_count_that_takes_long_is_told_and_stopped(
    page: ChartsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, answered = page.view.chart.figure, threading.Event()

    def slow(*asked: Any) -> Any:
        answered.wait(20)
        return answer(*asked)

    monkeypatch.setattr(work, "answer", slow)
    up = page.view.form.up
    chosen = up.currentText()
    up.setFocus()
    QTest.keyClick(up, Qt.Key.Key_Down)
    assert up.currentText() != chosen
    wait_for(lambda: page.view.stop.isVisible())
    assert page.view.nothing.text() == "Counting in orders…"
    click(page.view.stop)
    assert page.view.drawn.currentIndex() == 0
    assert page.view.chart.figure == figure
    assert up.currentText() == chosen
    answered.set()
    wait_for(lambda: settled(page))
    assert page.view.chart.figure == figure  # the late answer is dropped


def test_a_click_on_a_bar_shows_its_rows(page: ChartsPage, window: Window) -> None:
    wait_for(lambda: page.view.chart._plot is not None)
    click_bar(page, 0)
    wait_for(lambda: page.view.rows.isVisible())
    assert page.view.rows_words.text() == "2 documents behind this bar"
    assert [d["order_id"] for d in page.view.model.documents] == [70071, 70073]
    wanted: list[Any] = []
    window.session.page_wanted.connect(lambda name, focus: wanted.append((name, focus)))
    click(page.view.open)
    assert wanted[0][0] == "Collections"
    assert "date" in json.dumps(wanted[0][1]["query"], default=str)


def test_the_arrows_walk_the_bars(page: ChartsPage) -> None:
    page.view.chart.setFocus()
    QTest.keyClick(page.view.chart, Qt.Key.Key_Right)
    QTest.keyClick(page.view.chart, Qt.Key.Key_Right)
    assert page.view.chart.chosen == 1
    wait_for(lambda: page.view.rows_title.text() == "June 2025" and page.view.rows.isVisible())
    QTest.keyClick(page.view.chart, Qt.Key.Key_Escape)
    assert not page.view.rows.isVisible()


def test_each_kind_of_chart_draws(page: ChartsPage) -> None:
    choose(page, page.view.form.across, "amount")
    for at, kind in enumerate(CHARTS):
        part = page.view.form.kinds.parts[at]
        assert part.isEnabled(), kind
        click(part)
        wait_for(partial(drawn_as, page, kind))
        assert page.view.chart.figure.length > 0, kind


def drawn_as(page: ChartsPage, kind: str) -> bool:
    return page.view.chart.kind == kind and settled(page)


def test_counts_of_a_category_and_its_filter(page: ChartsPage) -> None:
    choose(page, page.view.form.across, "region")
    choose(page, page.view.form.up, "number of documents")
    figure = page.view.chart.figure
    assert dict(zip(figure.labels, (figure.total(i) for i in range(3)), strict=True)) == {
        "South": 2.0, "East": 1.0, "North": 1.0,
    }  # fmt: skip


def test_picture_and_figures_are_saved(page: ChartsPage, tmp_path: Path) -> None:
    page.keeping.write_png(str(tmp_path / "chart.png"))
    picture = QImage(str(tmp_path / "chart.png"))
    assert picture.width() == page.view.chart.width() * 2
    colours = {picture.pixelColor(x, picture.height() // 2).name() for x in range(0, 2000, 9)}
    assert len(colours) > 1
    page.keeping.write_csv(str(tmp_path / "chart.csv"))
    with (tmp_path / "chart.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[1][0] == "May 2025"
    assert math.isclose(sum(float(cell) for cell in rows[1][1:]), 134.90)


def test_a_saved_chart_is_there_again(page: ChartsPage, window: Window) -> None:
    page.keeping.save_as("Sales")
    wait_for(lambda: page.view.gallery.isVisible() and settled(page))
    (chart,) = saved.read()
    assert (chart.name, chart.collection) == ("Sales", "orders")
    choose(page, page.view.form.across, "region")
    (card,) = page.view.gallery.cards
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    wait_for(lambda: page.drawn is not None and page.drawn.answer.question.x == "date")


def test_a_change_of_theme_redraws(page: ChartsPage, dressed: Any) -> None:
    axis = page.view.chart._plot.getAxis("left")
    theme.apply(dressed, "dark")
    wait_for(lambda: axis.textPen().color().name().upper() == theme.DARK.muted)


def test_round_values_and_short_numbers() -> None:
    assert rounds(0, 168_000) == (0, 50_000, 100_000, 150_000)
    assert rounds(-3, 3) == (-2, 0, 2)
    assert [short(n) for n in (0, 950, 1500, 2_000_000)] == ["0", "950", "1.5k", "2M"]
    assert [i for i, _ in thin([f"label {n}" for n in range(100)], 600)][:2] == [0, 10]


def test_parts_below_zero_do_not_stack() -> None:
    assert Figure(("a",), ("x", "y"), ((1.0,), (2.0,))).stacked
    assert not Figure(("a",), ("x", "y"), ((1.0,), (-2.0,))).stacked


def test_a_chart_of_nothing_and_of_gaps_is_drawn(qtbot: Any) -> None:
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    for kind in CHARTS:
        gap = Figure(("a", "b"), ("x", "y"), ((1.0, math.nan), (math.nan, -2.0)), (1.0, 1.0), False)
        one = Figure(("a", "b"), ("",), ((5.0,),), (3.0,))
        for figure in (Figure(), gap, one):
            if not (kind == "scatter" and figure is gap):
                view.show_figure(kind, figure, 0)


def test_the_first_question_prefers_what_happens_over_keys() -> None:
    documents = [{"order_id": n, "city": f"c{n % 3}", "note": f"n{n}"} for n in range(100)]
    question = first_question(known_fields(documents), 100)
    assert (question.kind, question.x) == ("bar", "city")
    numbers = [{"order_id": n, "weight": n * 0.5} for n in range(100)]
    question = first_question(known_fields(numbers), 100)
    assert (question.kind, question.x) == ("histogram", "weight")
