"""One figure of a dashboard as page, picture and file show it: all made from the same lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from casemgr import clock, i18n
from casemgr.cases.queries import CaseRow
from casemgr.codes import lists
from casemgr.dashboards import words
from casemgr.dashboards.rules import Due, Panel, due_of
from casemgr.i18n import gettext
from casemgr.letters import charts
from casemgr.letters.charts import BarChart, Series
from casemgr.policy import Actor
from casemgr.statistics import comparing
from casemgr.statistics.comparing import Comparison
from casemgr.statistics.service import MadeTable
from casemgr.statistics.service.comparing import list_comparable
from casemgr.statistics.words import title_of, wording_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows of one figure: words, picture, the table with the same numbers, its files."""

    title: str
    unit: str
    period: str
    count: str
    note: str
    picture: Markup | None
    columns: list[Any]
    rows: list[list[Any]]
    files: list[tuple[str, str]]
    url: str = ""


def compare_panel(actor: Actor, panel: Panel, months: int, *, door: str = "") -> Comparison | None:
    """Return the released tables of a panel beside one another, or None when there is none."""
    made = list_comparable(actor, panel.table, months, door=door)
    if not made:
        return None
    return comparing.compare(panel.name, [one.table for one in made], panel.dimension, wording_of(made[-1]))


def show_panel(actor: Actor, panel: Panel, months: int) -> Shown | None:
    """Return a panel as the page shows it."""
    found = compare_panel(actor, panel, months)
    if found is None:
        return None
    picture = comparing.picture(found)
    rows = [[line.text, *map(_mark, line.values)] for line in (*found.lines, found.total)]
    return Shown(
        title=found.title,
        unit=found.unit,
        period=found.span,
        count=_mark(picture.count if picture else found.total.values[-1]),
        note=words.protection(is_hidden=found.has_protected, is_merged=picture is None),
        picture=_draw(picture),
        columns=[found.divided, *({"label": label, "number": True} for label in found.labels)],
        rows=rows,
        files=_files(panel.name, months)[: 3 if picture else 2],
    )


def _files(name: str, months: int) -> list[tuple[str, str]]:
    kinds = (("csv", gettext("CSV")), ("xlsx", gettext("Excel")), ("svg", gettext("Picture")))
    return [
        (label, url_for(f"dashboards.download_{kind}", panel=name, months=months)) for kind, label in kinds
    ]


def show_own(rows: Sequence[CaseRow]) -> list[Shown]:
    """Return one's own cases by risk and by when the next task is due; they are as they are today."""
    today = clock.today()
    risks = Counter(_risk(row.risk_level) for row in rows)
    dues = Counter(due_of(row.next_due, today) for row in rows)
    by_risk = [
        (text, risks[text]) for text in dict.fromkeys(map(_risk, (*lists.get("risk_level").codes, None)))
    ]
    by_due = [(str(words.DUES[due]), dues[due]) for due in Due]
    return [
        _own("own-risk", gettext("My cases by risk"), by_risk, len(rows)),
        _own("own-due", gettext("My cases by the next task"), by_due, len(rows)),
    ]


def _own(name: str, title: str, counted: list[tuple[str, int]], count: int) -> Shown:
    today = f"{clock.today():%d/%m/%Y}"
    picture = BarChart(
        name=name,
        title=title,
        unit=gettext("cases"),
        period=today,
        count=count,
        categories=tuple(text for text, _ in counted),
        series=(Series(values=tuple(number for _, number in counted)),),
    )
    return Shown(
        title=title,
        unit=gettext("cases"),
        period=today,
        count=str(count),
        note=gettext(
            "Only the cases that you lead. These are no released figures: they leave this page in no file."
        ),
        picture=_draw(picture) if count else None,
        columns=[title, {"label": gettext("Cases"), "number": True}],
        rows=[*([text, number] for text, number in counted), [gettext("Total"), count]],
        files=[],
        url=url_for("cases.list_cases"),
    )


def show_protection(made: Sequence[MadeTable]) -> Shown | None:
    """Return how many figures of the tables that were released last are shown and how many hidden."""
    if not made:
        return None
    counted = [(title_of(one), len(one.table.rows) - one.table.hidden(), one.table.hidden()) for one in made]
    (first, last), *_ = made[0].table.period.spans
    everything = sum(shown + hidden for _, shown, hidden in counted)
    picture = BarChart(
        name="protection",
        title=gettext("Figures shown and hidden in the last public tables"),
        unit=gettext("figures"),
        period=f"{first:%d/%m/%Y} – {last:%d/%m/%Y}",
        count=everything,
        categories=tuple(title for title, _, _ in counted),
        series=(
            Series(values=tuple(shown for _, shown, _ in counted), name=gettext("Shown")),
            Series(values=tuple(hidden for _, _, hidden in counted), name=gettext("Hidden")),
        ),
    )
    return Shown(
        title=picture.title,
        unit=picture.unit,
        period=picture.period,
        count=str(everything),
        note=gettext(
            "How many figures are hidden is seen in every released table; it says nothing of their size."
        ),
        picture=_draw(picture),
        columns=[
            gettext("Table"),
            {"label": gettext("Shown"), "number": True},
            {"label": gettext("Hidden"), "number": True},
        ],
        rows=[
            *(
                [
                    {"text": title, "url": url_for("statistics.attack_release", release_id=one.id)},
                    shown,
                    hidden,
                ]
                for (title, shown, hidden), one in zip(counted, made, strict=True)
            ),
            [
                gettext("Total"),
                sum(shown for _, shown, _ in counted),
                sum(hidden for _, _, hidden in counted),
            ],
        ],
        files=[],
    )


def _risk(code: str | None) -> str:
    return lists.label("risk_level", code, i18n.language()) if code else str(gettext("Not assessed"))


def _mark(value: int | None) -> str:
    return str(gettext("[c]")) if value is None else str(value)


def _draw(picture: BarChart | None) -> Markup | None:
    if picture is None:
        return None
    return Markup(charts.draw(picture, language=_language(), is_bare=True))  # noqa: S704 - written and escaped by ElementTree


def _language() -> Any:
    return i18n.language()
