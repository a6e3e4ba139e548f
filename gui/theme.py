"""Every colour, size and font of the window, once: tokens -> palette, tokens -> style sheet.

Run as a program it prints the WCAG contrast of each text and mark role in both themes.
"""

from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QDir, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import resources

ASSETS = Path(resources.__file__).parent
S1, S2, S3, S4, S6, S8 = 4, 8, 12, 16, 24, 32  # spacing: multiples of 4, nothing between
RADIUS, RADIUS_CARD = 6, 8  # controls; cards, toasts and popups
CAPTION, SMALL, BODY, TITLE, HEADING = 11, 12, 13, 15, 20  # px; weights 400, 500, 600
ROW, CONTROL, HEADER, BAR, FOOTER, RAIL = 28, 28, 52, 48, 28, 84  # px


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colour roles: a `…Soft` is the fill behind its own mark or text, never behind another's."""

    dark: bool
    canvas: str  # rail, side lists, footer
    surface: str  # where the work is: sheet, forms
    raised: str  # popups, toasts, inputs
    sunken: str  # headers, wells, code
    hover: str
    line: str  # hairlines between regions
    grid: str  # hairlines between cells, a shade calmer
    border: str  # around controls
    text: str
    muted: str  # secondary words
    faint: str  # line numbers, placeholders, empty values: still AA
    accent: str  # fill of the one primary button, the checked mark
    accentHover: str
    accentText: str  # links, focus ring, the current page
    accentSoft: str  # selection
    onAccent: str
    valid: str
    validSoft: str
    problem: str
    problemSoft: str
    missing: str
    missingSoft: str
    changed: str
    changedSoft: str
    info: str
    infoSoft: str
    warning: str
    warningSoft: str
    shadow: str
    series: tuple[str, ...]  # eight categories, in the order to use them


# fmt: off
LIGHT = Tokens(
    dark=False, canvas="#F5F6F8", surface="#FFFFFF", raised="#FFFFFF", sunken="#F8F9FB", hover="#ECEEF2",
    line="#E3E6EB", grid="#EDEFF3", border="#CDD1D9", text="#1A1E26", muted="#515A69", faint="#5F6877",
    accent="#2F5BD7", accentHover="#244CBC", accentText="#2A52C6", accentSoft="#E8EEFC", onAccent="#FFFFFF",
    valid="#0F7A66", validSoft="#E2F4EF", problem="#C3272F", problemSoft="#FDEDEC",
    missing="#626B7A", missingSoft="#EEF0F3", changed="#6D3FC4", changedSoft="#F2EDFC",
    info="#1A66A8", infoSoft="#E6F1FA", warning="#8C5400", warningSoft="#FDF3DC", shadow="#2A101828",
    series=("#345BD8", "#B94F0E", "#0F917B", "#A12270", "#AC8D06", "#542EA1", "#2598DD", "#6F311E"),
)
DARK = Tokens(
    dark=True, canvas="#15171B", surface="#1B1E23", raised="#24272E", sunken="#1F2228", hover="#2A2E36",
    line="#2D313A", grid="#252931", border="#434956", text="#E7E9ED", muted="#ADB3BF", faint="#979FAD",
    accent="#3F6AE6", accentHover="#3560DB", accentText="#94B2FF", accentSoft="#212C47", onAccent="#FFFFFF",
    valid="#5AD1B8", validSoft="#15342F", problem="#FF7F78", problemSoft="#3A2225",
    missing="#949CAA", missingSoft="#2A2E36", changed="#BFA6FF", changedSoft="#312850",
    info="#7DBDF5", infoSoft="#182F45", warning="#EDB64E", warningSoft="#3A2D12", shadow="#90000000",
    series=("#6A92FD", "#F39845", "#32C4A7", "#CE6499", "#F4D656", "#8564D5", "#8CCDFB", "#B35729"),
)
# fmt: on


_current = LIGHT


def tokens() -> Tokens:
    """The tokens in force; read when painting, so that a change of theme is seen at once."""
    return _current


def apply(app: QApplication, wanted: str) -> None:
    """Puts on "light", "dark" or "system"; every widget then gets a PaletteChange event."""
    global _current
    hints, scheme = app.styleHints(), Qt.ColorScheme
    chosen = {"light": scheme.Light, "dark": scheme.Dark}.get(wanted, scheme.Unknown)
    if hints.colorScheme() != chosen and (chosen != scheme.Unknown or wanted == "system"):
        hints.setColorScheme(chosen)  # the title bar on Windows and macOS follows it
    dark = wanted == "dark" or (wanted == "system" and hints.colorScheme() == scheme.Dark)
    _current = DARK if dark else LIGHT
    app.setPalette(palette(_current))
    app.setStyleSheet(stylesheet(_current))


def fonts() -> QFont:
    """Registers the bundled fonts; the application's font has tabular figures everywhere."""
    for path in sorted((ASSETS / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))
    QDir.addSearchPath("icons", str(ASSETS / "icons"))
    font = QFont("Inter")
    font.setPixelSize(BODY)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def sized(
    font: QFont, px: int, weight: QFont.Weight = QFont.Weight.Normal, italic: bool = False
) -> QFont:
    result = QFont(font)
    result.setPixelSize(px)
    result.setWeight(weight)
    result.setItalic(italic)
    return result


def mono(size: int = SMALL) -> QFont:
    """For raw text, queries and JSON; ligatures off, so that != stays two characters."""
    font = QFont("JetBrains Mono")
    font.setPixelSize(size)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0, pad: int = 0) -> QPixmap:
    """A Lucide icon in one colour, its 2-unit stroke thinned; `pad` px of air at its right."""
    key, image = f"{name} {colour} {size} {ratio} {pad}", QPixmap()
    if QPixmapCache.find(key, image):
        return image
    source = (ASSETS / "icons" / f"{name}.svg").read_text()
    source = source.replace("currentColor", colour)
    source = source.replace('stroke-width="2"', f'stroke-width="{1.75 if size < 24 else 1.25}"')
    image = QPixmap(QSize(size + pad, size) * ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(source.encode()).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    image.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, image)
    return image


def icon(name: str, colour: str, size: int = 16, checked: str = "", pad: int = 0) -> QIcon:
    result = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        result.addPixmap(pixmap(name, colour, size, ratio, pad))
        if checked:
            result.addPixmap(
                pixmap(name, checked, size, ratio, pad), QIcon.Mode.Normal, QIcon.State.On
            )
    return result


def palette(t: Tokens) -> QPalette:
    """What Fusion, item views and pyqtgraph draw with; the style sheet adds only shape."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    result = QPalette()
    for where, colour in (
        (role.Window, t.surface),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.sunken),
        (role.Text, t.text),
        (role.Button, t.raised),
        (role.ButtonText, t.text),
        (role.BrightText, t.problem),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.PlaceholderText, t.faint),
        (role.Highlight, t.accentSoft),
        (role.HighlightedText, t.text),
        (role.Accent, t.accent),
        (role.Link, t.accentText),
        (role.LinkVisited, t.accentText),
        (role.Light, t.raised),
        (role.Midlight, t.line),
        (role.Mid, t.border),
        (role.Dark, t.border),
        (role.Shadow, t.canvas),
    ):
        result.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(group.Disabled, where, QColor(t.faint))
    return result


def stylesheet(t: Tokens) -> str:
    values = {name: getattr(t, name) for name in Tokens.__dataclass_fields__}
    return Template((ASSETS / "sluice.qss").read_text()).substitute(values)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 ratio, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs(t: Tokens) -> list[tuple[str, str, float]]:
    """(role, the ground it stands on, the least ratio allowed): every pair that the window uses."""
    soft = ("valid", "problem", "missing", "changed", "info", "warning")
    rows = [(f, g, 4.5) for g in ("surface", "canvas", "sunken", "raised", "hover", "accentSoft")
            for f in ("text", "muted", "faint", "accentText", "problem", "valid")]  # fmt: skip
    rows += [(f, f"{s}Soft", 4.5) for s in soft for f in ("text", "muted", "accentText", s)]
    rows += [("changed", "problemSoft", 4.5), ("surface", "problem", 4.5)]  # a proposal, a badge
    rows += [("onAccent", "accent", 4.5), ("onAccent", "accentHover", 4.5)]
    return rows + [(colour, "surface", 3.0) for colour in t.series]
