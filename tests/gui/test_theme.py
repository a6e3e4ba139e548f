"""The look: contrast of every pair in use, live change of theme, icons and fonts."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor, QFontInfo, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.bars import QualityBar
from gui.widgets import button, glyph

THEMES = pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])


@THEMES
def test_every_pair_of_colours_in_use_is_readable(tokens: theme.Tokens) -> None:
    poor = [
        (role, ground, round(ratio, 2))
        for role, ground, least in theme.pairs(tokens)
        if (ratio := theme.contrast(_colour(tokens, role), _colour(tokens, ground))) < least
    ]
    assert poor == []


@THEMES
def test_the_style_sheet_names_no_colour_and_leaves_no_role_unfilled(tokens: theme.Tokens) -> None:
    source = (theme.ASSETS / "sluice.qss").read_text()
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", source)
    assert "$" not in theme.stylesheet(tokens).partition("*/")[2]


def test_the_palette_and_tokens_change_at_once(dressed: QApplication) -> None:
    theme.apply(dressed, "dark")
    assert theme.tokens().dark
    assert dressed.palette().window().color() == QColor(theme.DARK.surface)
    theme.apply(dressed, "light")
    assert dressed.palette().window().color() == QColor(theme.LIGHT.surface)


def test_icons_and_bars_follow_a_change_of_theme(qtbot: QtBot, dressed: QApplication) -> None:
    mark, press, bar = glyph("circle-alert", "problem"), button("Undo", icon="undo-2"), QualityBar()
    for widget in (mark, press, bar):
        qtbot.addWidget(widget)
        widget.show()
    bar.set_counts(5, 5, 0)
    bar.resize(100, 8)
    pictures: tuple[Callable[[], QImage], ...] = (
        lambda: mark.pixmap().toImage(),
        lambda: press.icon().pixmap(20, 16).toImage(),
        lambda: bar.grab().toImage(),
    )
    light = [_ink(picture()) for picture in pictures]
    theme.apply(dressed, "dark")
    dressed.sendPostedEvents()
    dark = [_ink(picture()) for picture in pictures]
    assert _near(light[0], theme.LIGHT.problem)
    assert _near(dark[0], theme.DARK.problem)
    assert _near(light[1], theme.LIGHT.muted)
    assert _near(dark[1], theme.DARK.muted)
    assert light[2] != dark[2]


def test_the_bundled_fonts_are_the_ones_used(dressed: QApplication) -> None:
    assert QFontInfo(dressed.font()).family() == "Inter"
    assert QFontInfo(theme.mono()).family() == "JetBrains Mono"


def test_every_icon_is_drawn_at_every_ratio() -> None:
    for path in (theme.ASSETS / "icons").glob("*.svg"):
        image = theme.pixmap(path.stem, "#FF0000", 16, 1.5).toImage()
        assert image.width() == 24, path.name
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), (
            f"{path.name} draws nothing"
        )


def _colour(tokens: theme.Tokens, role: str) -> str:
    return role if role.startswith("#") else str(getattr(tokens, role))


def _ink(image: QImage) -> QColor:
    """The colour of the most opaque point."""
    points = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(points, key=QColor.alpha)


def _near(one: QColor, other: str) -> bool:
    wanted = QColor(other)
    parts = (QColor.red, QColor.green, QColor.blue)
    return all(abs(part(one) - part(wanted)) < 12 for part in parts)
