"""Bar charts as SVG made by the server: one colour and its tints, labels on the marks, bars from zero.

A protected figure is drawn as a hatched stub of fixed size, and no scale depends on it. The picture carries
its own title, unit, period and number of records, and says its figures in words to those who hear it.
It holds presentation attributes only, never a style, so pages that forbid inline styles may show it.
"""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from casemgr.letters.words import WORDS, Language, clean, shown

INK = "#1b1f24"
INK_SOFT = "#4a5260"
ACCENT = "#0b5d57"
TINTS = (ACCENT, "#5d9892", "#b5d0cd")
STUB = 26.0
NAMESPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One figure for each category, None for a protected one; its name, if any, stands on each mark."""

    values: tuple[int | None, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """A question or finding with its figures, of up to three series over the same categories.

    `name` is unique on its page and plain ASCII; it prefixes the ids inside the picture. `notes` stand below
    the bars, for a picture that travels without its page. Raises ValueError
    when the figures do not fit the categories or are negative.
    """

    name: str
    title: str
    unit: str
    period: str
    count: int | None
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.replace("-", "").isalnum()):
            raise ValueError("the name of a chart is made of ASCII letters, digits and hyphens")
        if not 1 <= len(self.series) <= len(TINTS):
            raise ValueError("a chart has one to three series")
        if any(len(one.values) != len(self.categories) for one in self.series):
            raise ValueError("every series has a figure for each category")
        if any(value is not None and value < 0 for one in self.series for value in one.values):
            raise ValueError("bars start at zero and cannot show a negative figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The measures of a picture in its own units; a label column of 0 puts each label above its bars."""

    width: float
    size: float
    label_width: float
    bar: float
    family: str

    @property
    def line(self) -> float:
        """Return the height of a line of text, with room for stacked diacritics."""
        return self.size * 1.4


SCREEN = Plan(
    width=400, size=14, label_width=0, bar=18, family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
)
BESIDE_WORDS = Plan(width=288, size=14, label_width=0, bar=18, family=SCREEN.family)
PAPER = Plan(width=468, size=11, label_width=150, bar=13, family="Tinos")


def describe(chart: BarChart, language: Language) -> str:
    """Return the figures of a chart in words, category by category."""
    parts = []
    for index, category in enumerate(chart.categories):
        spoken = ", ".join(_spoken(series, index, language) for series in chart.series)
        parts.append(f"{clean(category)}: {spoken}.")
    return " ".join(parts)


def subtitle(chart: BarChart, language: Language) -> str:
    """Return the line under the title: unit, period and number of records."""
    words = WORDS[language]
    unit, period = clean(chart.unit), clean(chart.period)
    return f"{words.unit}: {unit} · {words.period}: {period} · n = {shown(chart.count, language)}"


def tell(chart: BarChart, language: Language) -> str:
    """Return all that a chart says, for those who hear it: title, what is counted, and every figure."""
    return f"{clean(chart.title)}. {subtitle(chart, language)}. {describe(chart, language)}"


def draw(chart: BarChart, *, language: Language, is_paper: bool = False, is_bare: bool = False) -> str:
    """Return a chart as SVG, for a page or for paper.

    A bare one is for a page that shows title, unit, period and notes itself, narrow enough for a phone.
    """
    plan = PAPER if is_paper else BESIDE_WORDS if is_bare else SCREEN
    picture = ET.Element("svg", {"xmlns": NAMESPACE, "class": "chart", "role": "img"})
    picture.set("aria-labelledby", f"{chart.name}-title {chart.name}-desc")
    ET.SubElement(picture, "title", {"id": f"{chart.name}-title"}).text = clean(chart.title)
    told = ET.SubElement(picture, "desc", {"id": f"{chart.name}-desc"})
    told.text = f"{subtitle(chart, language)}. {describe(chart, language)}"
    _add_hatching(picture, chart.name)
    letters = {"font-family": plan.family, "font-size": f"{plan.size:g}", "fill": INK}
    drawing = ET.SubElement(picture, "g", letters)
    top = 0.0 if is_bare else _draw_head(drawing, chart, plan, language)
    notes = () if is_bare else chart.notes
    bottom = _draw_notes(drawing, notes, plan, _draw_bars(drawing, chart, plan, top, language))
    picture.set("viewBox", f"0 0 {plan.width:g} {bottom:g}")
    if is_paper:
        picture.set("width", f"{plan.width:g}")
        picture.set("height", f"{bottom:g}")
    return ET.tostring(picture, encoding="unicode")


def _spoken(series: Series, index: int, language: Language) -> str:
    value = series.values[index]
    said = WORDS[language].protected if value is None else shown(value, language)
    return f"{clean(series.name)} {said}" if series.name else said


def _marked(series: Series, index: int, language: Language) -> str:
    mark = shown(series.values[index], language)
    return f"{clean(series.name)}: {mark}" if series.name else mark


def _add_hatching(picture: ET.Element, name: str) -> None:
    """Define the hatching of protected figures; two strokes at the corners make the tiles join."""
    pattern = ET.SubElement(ET.SubElement(picture, "defs"), "pattern")
    sizes = {"id": f"{name}-hatch", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    pattern.attrib.update(sizes)
    ET.SubElement(pattern, "path", {"d": "M-1 1L1 -1M0 6L6 0M5 7L7 5", "stroke": ACCENT, "stroke-width": "1"})


def _draw_head(drawing: ET.Element, chart: BarChart, plan: Plan, language: Language) -> float:
    """Draw the title and the line under it; return where they end."""
    at = 0.0
    for line in _wrapped(clean(chart.title), plan.width, plan.size * 1.08):
        at += plan.line
        _write(drawing, line, 0, at - plan.size * 0.3, {"font-weight": "600"})
    for line in _wrapped(subtitle(chart, language), plan.width, plan.size * 0.92):
        at += plan.line
        small = {"fill": INK_SOFT, "font-size": f"{plan.size * 0.92:g}"}
        _write(drawing, line, 0, at - plan.size * 0.3, small)
    return at + plan.size * 0.6


def _draw_bars(drawing: ET.Element, chart: BarChart, plan: Plan, top: float, language: Language) -> float:
    """Draw the categories one below the other and the line of zero; return where they end."""
    scale = _scale(chart, plan, language)
    at = top
    for index, category in enumerate(chart.categories):
        at = _draw_label(drawing, category, plan, at, len(chart.series))
        bars_top = at
        for order, series in enumerate(chart.series):
            middle = bars_top + plan.bar * (order + 0.5)
            _draw_bar(drawing, chart, plan, (order, series.values[index]), (middle, scale))
            length = _length(series.values[index], scale)
            _write(
                drawing,
                _marked(series, index, language),
                plan.label_width + length + 5,
                middle + plan.size * 0.34,
                {},
            )
        at = (
            max(bars_top + plan.bar * len(chart.series), _label_bottom(category, plan, bars_top))
            + plan.size * 0.6
        )
    zero = {"x1": f"{plan.label_width + 0.5:g}", "x2": f"{plan.label_width + 0.5:g}", "y1": f"{top:g}"}
    ET.SubElement(drawing, "line", zero | {"y2": f"{at:g}", "stroke": INK_SOFT, "stroke-width": "1"})
    return at + 2


def _draw_notes(drawing: ET.Element, notes: tuple[str, ...], plan: Plan, at: float) -> float:
    """Write the notes below the bars; return where they end."""
    small = {"fill": INK_SOFT, "font-size": f"{plan.size * 0.86:g}"}
    for note in notes:
        at += plan.size * 0.4
        for line in _wrapped(clean(note), plan.width, plan.size * 0.86):
            at += plan.line
            _write(drawing, line, 0, at - plan.size * 0.3, small)
    return at + 2 if notes else at


def _draw_label(drawing: ET.Element, category: str, plan: Plan, at: float, bars: int) -> float:
    """Write the label of a category, beside its bars or above them; return where the bars begin."""
    if plan.label_width:
        lines = _wrapped(clean(category), plan.label_width - 8, plan.size)
        start = at + max(0.0, (plan.bar * bars - plan.line * len(lines)) / 2)
        for order, line in enumerate(lines):
            beside = start + plan.line * order + plan.size * 1.05
            _write(drawing, line, plan.label_width - 6, beside, {"text-anchor": "end"})
        return at
    for line in _wrapped(clean(category), plan.width - 6, plan.size):
        at += plan.line
        _write(drawing, line, 6, at - plan.size * 0.35, {})
    return at


def _label_bottom(category: str, plan: Plan, at: float) -> float:
    if not plan.label_width:
        return at
    return at + plan.line * len(_wrapped(clean(category), plan.label_width - 8, plan.size))


def _draw_bar(
    drawing: ET.Element, chart: BarChart, plan: Plan, mark: tuple[int, int | None], place: tuple[float, float]
) -> None:
    """Draw one bar, or the stub of a protected figure; zero has no bar, only its label."""
    (order, value), (middle, scale) = mark, place
    if value == 0:
        return
    height = plan.bar - 3
    box = {"x": f"{plan.label_width:g}", "y": f"{middle - height / 2:g}", "height": f"{height:g}"}
    box["width"] = f"{_length(value, scale):g}"
    kind = {"class": "chart-bar", "fill": TINTS[order]}
    if value is None:
        kind = {"class": "chart-protected", "fill": f"url(#{chart.name}-hatch)"}
    ET.SubElement(drawing, "rect", box | kind | {"stroke": ACCENT, "stroke-width": "1"})


def _length(value: int | None, scale: float) -> float:
    return STUB if value is None else round(value * scale, 2)


def _scale(chart: BarChart, plan: Plan, language: Language) -> float:
    """Return units per one counted, from the figures shown alone, leaving room for the longest mark."""
    greatest = max((value or 0 for series in chart.series for value in series.values), default=0)
    marks = (_marked(series, at, language) for series in chart.series for at in range(len(chart.categories)))
    room = plan.width - plan.label_width - max((_measure(mark, plan.size) for mark in marks), default=0) - 10
    return room / greatest if greatest else 0.0


def _write(drawing: ET.Element, text: str, x: float, y: float, attributes: dict[str, str]) -> None:
    ET.SubElement(drawing, "text", {"x": f"{x:g}", "y": f"{y:g}"} | attributes).text = text


def _measure(text: str, size: float) -> float:
    """Return an upper guess of the width of a text; the server does not know the reader's typeface."""
    narrow = sum(letter in " .,:;!'|()[]ijlt·" for letter in text)
    wide = sum(letter.isupper() or letter in "mw–" for letter in text)
    return size * (0.56 * len(text) - 0.24 * narrow + 0.16 * wide)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _measure(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
