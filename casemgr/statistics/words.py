"""Tables and refusals in words, in the language of the page."""

from collections.abc import Iterable
from typing import Any

from casemgr import i18n
from casemgr.i18n import gettext, lazy_gettext, ngettext
from casemgr.statistics.catalogue import CATALOGUE, Family, TableEntry, UnitTree, find_entry
from casemgr.statistics.catalogue.building import is_part, yes_cell
from casemgr.statistics.catalogue.entries import FAMILIES, STEP_LABELS
from casemgr.statistics.classifications import FORMS, is_dimension, titles_of
from casemgr.statistics.dhis2 import BadMapping, Fate, Line
from casemgr.statistics.grids import Grid, Wording, arrange, list_margins
from casemgr.statistics.service import MadeTable, ReleaseRow, Tier, WouldDisclose
from casemgr.statistics.service.sending import Sending

TIERS = {
    Tier.PUBLIC: lazy_gettext("Public: may be shown to anybody"),
    Tier.RESTRICTED: lazy_gettext("Restricted: for the superior agencies named in the report"),
}
SHORT_TIERS = {Tier.PUBLIC: lazy_gettext("Public"), Tier.RESTRICTED: lazy_gettext("RESTRICTED")}

PROBLEMS = {
    "period_not_over": lazy_gettext("The period must be over before its figures can be released."),
    "period_not_fixed": lazy_gettext(
        "Choose whole quarters, half-years or years; a restricted table covers a half-year or a year."
    ),
    "other_calendar": lazy_gettext(
        "Restricted tables of these days follow the other calendar (calendar year or reporting year); "
        "choose its periods."
    ),
    "ledger_broken": lazy_gettext("The release ledger is not whole; tell the data-protection officer."),
    "yearly_only": lazy_gettext("Figures of hamlets are made once a year: choose a whole year."),
    "restricted_only": lazy_gettext(
        "This table is made for superior agencies only: its classes overlap those of public tables."
    ),
    "period_turned": lazy_gettext("The last day must not lie before the first."),
}


def wording_of(made: MadeTable) -> Wording:
    """Return the words of a table in the language of the page."""
    return Wording(locale=i18n.language(), places=made.places)


def title_of(made: MadeTable) -> str:
    """Return the title of a table."""
    return made.entry.title(i18n.language())


def table_title(name: str) -> str:
    """Return the title of a table of the catalogue by its name."""
    entry = find_entry(name)
    if entry is None:
        return family_title(name) if name in set(Family) else name
    return entry.title(i18n.language())


def family_title(family: str) -> str:
    """Return the title of a family of tables."""
    return FAMILIES[Family(family)][i18n.language() == "en"]


def list_choices() -> list[tuple[str, str]]:
    """Return what can be asked for: each family as a whole, then each table."""
    whole = [
        (
            family.value,
            gettext(
                "%(family)s: all %(count)s tables",
                family=family_title(family),
                count=sum(entry.family is family for entry in CATALOGUE),
            ),
        )
        for family in Family
    ]
    return whole + [
        (entry.name, f"{family_title(entry.family)} – {entry.title(i18n.language())}") for entry in CATALOGUE
    ]


def families() -> list[tuple[str, list[TableEntry]]]:
    """Return the catalogue by families."""
    return [
        (family_title(family), [entry for entry in CATALOGUE if entry.family is family]) for family in Family
    ]


def list_sets(rows: Iterable[ReleaseRow]) -> list[dict[str, Any]]:
    """Return released tables for the list, those of one family, days and audience as one line."""
    sets: dict[tuple[Any, ...], list[ReleaseRow]] = {}
    for row in rows:
        entry = find_entry(row.table_name)
        family = entry.family if entry else row.table_name
        sets.setdefault((family, row.period_from, row.period_to, row.tier), []).append(row)
    return [_set_line(family, own) for (family, *_), own in sets.items()]


def _set_line(family: str, own: list[ReleaseRow]) -> dict[str, Any]:
    # The latest stand first, and the first table of a set speaks for it.
    first, is_set = own[-1], len(own) > 1
    several = ngettext(
        "%(family)s: %(num)s table", "%(family)s: %(num)s tables", len(own), family=table_title(family)
    )
    return {
        "row": first,
        "text": several if is_set else table_title(first.table_name),
        "endpoint": "statistics.show_set" if is_set else "statistics.show_release",
    }


def tier_word(tier: str) -> str:
    """Return the short word of an audience."""
    return str(SHORT_TIERS[Tier(tier)])


def steps_in_words(made: MadeTable) -> list[str]:
    """Return what was merged so that the table could be released."""
    return [STEP_LABELS[step][i18n.language() == "en"] for step in made.coarsened if step in STEP_LABELS]


def dimensions_of(entry: TableEntry) -> str:
    """Return the dimensions of a table in words."""
    spec = entry.ladder(UnitTree(code="unit")).rungs[0].spec
    names = [one.name for one in spec.dimensions if len(one.parents) > 0 and not is_part(one)]
    return "; ".join(titles_of(name)[i18n.language() == "en"] for name in names)


MAPPING_PROBLEMS = {
    "json": lazy_gettext("This is no JSON object, or it is too long."),
    "unknown": lazy_gettext("unknown name"),
    "identifier": lazy_gettext("a code of DHIS2 is missing or has signs that DHIS2 does not know"),
    "scheme": lazy_gettext("must be “code” or “uid”"),
    "periods": lazy_gettext("days as “2025-12-01/2026-05-31”, each with a name such as “2026S1”"),
    "list": lazy_gettext("a list of figures is needed"),
    "table": lazy_gettext("no table of the catalogue has this name"),
    "codes": lazy_gettext("names of categories with their codes are needed"),
    "twice": lazy_gettext("two figures go to the same place"),
}

FATES = {
    Fate.SENT: (lazy_gettext("Would be sent"), ""),
    Fate.HIDDEN: (
        lazy_gettext("Left out: hidden"),
        lazy_gettext("A hidden figure may be zero, small or large. It is left out and never sent as zero."),
    ),
    Fate.PART_HIDDEN: (
        lazy_gettext("Left out: another category is missing"),
        lazy_gettext("DHIS2 adds up the categories of a data element, and the total would be false."),
    ),
    Fate.NOT_RELEASED: (lazy_gettext("Left out: no such table was released for these days"), ""),
    Fate.NOT_PRINTED: (lazy_gettext("Left out: the released table has no such figure"), ""),
}

EXAMPLE = """{
  "dataSet": "GBV_HALF_YEAR",
  "orgUnit": "XA_15148",
  "idScheme": "code",
  "periods": {"2025-12-01/2026-05-31": "2026S1"},
  "values": [
    {"table": "incidents", "dataElement": "GBV_ALL"},
    {"table": "incidents", "codes": {"gbvims_type": "gbv", "sex": "nu"},
     "dataElement": "GBV_WOMEN", "categoryOptionCombo": "default"}
  ]
}"""


def mapping_problems(error: BadMapping) -> list[tuple[str, str]]:
    """Return what is wrong with a mapping as lines of an error summary."""
    return [
        ("mapping", f"{place}: {MAPPING_PROBLEMS[code]}" if place else str(MAPPING_PROBLEMS[code]))
        for place, code in error.problems[:20]
    ]


def fates_of(found: Sending) -> list[tuple[Fate, str, str, list[list[Any]]]]:
    """Return the lines of a trial by what becomes of them, each with its words; empty fates are left out."""
    by_name = {one.entry.name: one for one in found.tables}
    groups = []
    for fate, (title, note) in FATES.items():
        lines = [_sending_line(line, by_name.get(line.target.table)) for line in found.trial.of(fate)]
        if lines or fate in (Fate.SENT, Fate.HIDDEN):
            groups.append((fate, str(title), str(note), lines))
    return groups


def _sending_line(line: Line, made: MadeTable | None) -> list[Any]:
    target = line.target
    told = cell_in_words(made, line.codes) if made and line.codes else table_title(target.table)
    shown = [target.data_element, target.category_option_combo or "–", told]
    return shown if line.value is None else [*shown, line.value]


def unmapped_of(found: Sending) -> list[list[str]]:
    """Return the released figures that nothing maps, in words."""
    by_name = {one.entry.name: one for one in found.tables}
    return [
        [table_title(name), cell_in_words(by_name[name], codes, short=True)]
        for name, codes in found.trial.unmapped
    ]


def cell_in_words(made: MadeTable, codes: tuple[str, ...], *, short: bool = False) -> str:
    """Return what a cell is, in words: the table, then each category that is no total."""
    wording, spec = wording_of(made), made.table.spec
    parts = [
        f"{wording.dimension(one.name)}: {wording.code(spec, one.name, code)}"
        for one, code in zip(spec.dimensions, codes, strict=True)
        if code != one.total
    ]
    told = "; ".join(parts) or gettext("Total")
    return told if short else f"{title_of(made)} – {told}"


def what_to_merge(refusal: WouldDisclose) -> str:
    """Say why a table is not released and what may be made coarser, without naming any cell."""
    places = _dimensions(refusal.merge)
    advice = gettext("Choose a longer period.")
    if places:
        advice = gettext(
            "Choose a longer period, or a table that does not divide by %(names)s.", names=", ".join(places)
        )
    why = gettext("Somebody could be recognised in this table, so it was not released.")
    return f"{why} {advice}"


def _dimensions(merge: Iterable[str]) -> list[str]:
    names = [part.split(": ")[-1] for part in merge]
    known = dict.fromkeys(name for name in names if is_dimension(name))
    return [titles_of(name)[i18n.language() == "en"].lower() for name in known]


def grids_of(made: MadeTable) -> list[dict[str, Any]]:
    """Return the grids of a table as the table component shows them; hidden figures carry the mark."""
    mark = gettext("[c]")
    return [_shown(grid, mark) for grid in arrange(made.table, wording_of(made))]


def _shown(grid: Grid, mark: str) -> dict[str, Any]:
    return {
        "title": grid.title,
        "columns": [
            grid.row_head or gettext("Counted"),
            *({"label": column, "number": True} for column in grid.columns),
        ],
        "rows": [
            [row.text, *(mark if value is None else value for value in row.values)] for row in grid.rows
        ],
    }


def margins_of(made: MadeTable) -> list[dict[str, Any]]:
    """Return a table one dimension at a time, as the table component shows it."""
    mark = gettext("[c]")
    grids = list_margins(made.table, wording_of(made))
    return [_shown(grid, mark) | {"title": grid.row_head or title_of(made)} for grid in grids]


def forms_of(tables: Iterable[MadeTable]) -> list[list[Any]]:
    """Return one line for each Vietnamese form of violence: its name and how many incidents had it."""
    mark, lines = gettext("[c]"), []
    for made in tables:
        form = next((one.name for one in made.table.spec.dimensions if one.name in FORMS), None)
        if form is not None:
            value = made.table.value(*yes_cell(made.table.spec.dimensions, form))
            lines.append([wording_of(made).dimension(form), mark if value is None else value])
    return lines
