"""Hidden figures in plain words, in the language of the page; made from the safe table alone."""

from typing import Any

from flask import url_for

from casemgr.i18n import gettext
from casemgr.statistics.disclosure.audit import Range
from casemgr.statistics.explaining import Codes, Sum, explain
from casemgr.statistics.exports import unit_of
from casemgr.statistics.grids import GridRow, arrange
from casemgr.statistics.service import MadeTable
from casemgr.statistics.service.attacking import Attack
from casemgr.statistics.words import cell_in_words, wording_of


def is_hidden_at(made: MadeTable, position: int) -> bool:
    """Say whether the cell at a place of the table is hidden; a place beyond the table is not."""
    rows = made.table.rows
    return 0 <= position < len(rows) and rows[position].value is None


def grids_with_links(made: MadeTable) -> list[dict[str, Any]]:
    """Return the grids of a table, each hidden figure with the way to its explanation."""
    at = {row.codes: place for place, row in enumerate(made.table.rows)}
    return [
        {
            "title": grid.title,
            "columns": [
                grid.row_head or gettext("Counted"),
                *({"label": column, "number": True} for column in grid.columns),
            ],
            "rows": [[row.text, *_linked(made, row, at)] for row in grid.rows],
        }
        for grid in arrange(made.table, wording_of(made))
    ]


def _linked(made: MadeTable, row: GridRow, at: dict[Codes, int]) -> list[Any]:
    return [
        {"text": gettext("[c]"), "url": _address(made, at[cell])} if value is None else value
        for cell, value in zip(row.cells, row.values, strict=True)
    ]


def _address(made: MadeTable, place: int) -> str:
    return url_for("statistics.explain_release", release_id=made.id, cell=place, _anchor="cell")


def tell_cell(made: MadeTable, position: int) -> dict[str, Any]:
    """Return the explanation of one hidden cell as sentences."""
    found = explain(made.table, made.table.rows[position].codes)
    instead = [f"{_name(made, shown.codes)}: {shown.value} {_unit(made)}" for shown in found.instead]
    return {
        "name": _name(made, found.codes),
        "why": [_why(made, one) for one in found.sums],
        "instead": instead,
        "sentence": _sentence(instead),
    }


def _why(made: MadeTable, one: Sum) -> str:
    """Say what a sum would give away, from what is printed of it."""
    divided, other = wording_of(made).dimension(one.dimension), one.gives_away
    if other is not None:
        told = gettext(
            "By %(dimension)s the total and all other figures are shown but one: “%(other)s”. Whoever heard "
            "this figure could subtract and would know that one too.",
            dimension=divided,
            other=_name(made, other),
        )
    elif one.total_is_shown:
        told = gettext(
            "By %(dimension)s the total is shown, and %(count)s other figures are hidden. Each figure that "
            "is told narrows the others down.",
            dimension=divided,
            count=len(one.others),
        )
    else:
        told = gettext(
            "By %(dimension)s the total is hidden too, so the parts must not add up to it.",
            dimension=divided,
        )
    return str(told)


def _sentence(instead: list[str]) -> str:
    if not instead:
        return str(gettext("“This figure is protected so that nobody can be recognised.”"))
    told = gettext(
        "“This figure is protected so that nobody can be recognised. What I can say: %(said)s.”",
        said=instead[0],
    )
    return str(told)


def _name(made: MadeTable, codes: Codes) -> str:
    return cell_in_words(made, codes, short=True)


def _unit(made: MadeTable) -> str:
    return unit_of(made.table, wording_of(made))


def attack_rows(attack: Attack) -> list[list[str]]:
    """Return what each attacker learns, one line for each hidden cell."""
    return [
        [
            _name(attack.made, one.codes),
            _range(one.outsider),
            _range(one.insider),
            _range(one.reader) if one.reader is not None else "–",
        ]
        for one in attack.learnt
    ]


def count_exact(attack: Attack) -> dict[str, int]:
    """Return how many hidden cells each attacker knows exactly."""
    return {
        "outsider": sum(one.outsider[0] == one.outsider[1] for one in attack.learnt),
        "reader": sum(one.reader is not None and one.reader[0] == one.reader[1] for one in attack.learnt),
    }


def _range(found: Range) -> str:
    least, greatest = found
    if least == greatest:
        return str(gettext("exactly %(count)s", count=least))
    return str(gettext("%(least)s to %(greatest)s", least=least, greatest=greatest))
