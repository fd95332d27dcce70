"""DHIS2: which released figures go where, tried out first; nothing here speaks to anybody.

DHIS2 has no status for hidden figures, and it adds up the categories of a data element. So a hidden figure is
left out, never zero; and of a data element with several categories all are left out when one is hidden, since
DHIS2 would otherwise show a total that is false. The file is sent by people, with the command that is shown.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from casemgr.statistics.catalogue import find_entry
from casemgr.statistics.disclosure.periods import DAY, Period
from casemgr.statistics.disclosure.tables import SafeTable
from casemgr.statistics.grids import list_printed

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,49}")
"""What DHIS2 takes for a uid, and what codes are made of here."""
PERIOD = re.compile(r"20\d\d(Q[1-4]|S[12]|(0[1-9]|1[0-2]))?")
SPAN = re.compile(r"(20\d\d-\d\d-\d\d)/(20\d\d-\d\d-\d\d)")
SCHEMES = ("code", "uid")
MOST_VALUES = 2000
LARGEST_TEXT = 200_000
KNOWN = frozenset({"dataSet", "orgUnit", "idScheme", "periods", "values"})
OF_VALUE = frozenset({"table", "codes", "dataElement", "categoryOptionCombo", "attributeOptionCombo"})


class BadMapping(ValueError):
    """A mapping file cannot be used; `problems` are (place in the file, code of what is wrong)."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)


class Fate(StrEnum):
    """What becomes of one line of the mapping."""

    SENT = "sent"
    HIDDEN = "hidden"
    PART_HIDDEN = "part_hidden"
    NOT_RELEASED = "not_released"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure of a table, and where DHIS2 keeps it; codes that are not named are the totals."""

    table: str
    codes: Mapping[str, str]
    data_element: str
    category_option_combo: str = ""
    attribute_option_combo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPlan:
    """Where figures go, as a mapping file says it."""

    data_set: str
    org_unit: str
    id_scheme: str = "code"
    periods: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the trial: the figure's place, and what becomes of it; a value only where it is sent."""

    target: Target
    fate: Fate
    codes: tuple[str, ...] = ()
    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a file would hold; `period` is None where the days have no name in DHIS2."""

    mapping: SendingPlan
    period: str | None
    lines: tuple[Line, ...]
    unmapped: tuple[tuple[str, tuple[str, ...]], ...]

    def of(self, *fates: Fate) -> list[Line]:
        """Return the lines with one of these fates."""
        return [line for line in self.lines if line.fate in fates]

    @property
    def can_be_made(self) -> bool:
        """Say whether there is anything to put into a file."""
        return self.period is not None and bool(self.of(Fate.SENT))


def read_mapping(text: str) -> SendingPlan:
    """Read a mapping file; raises `BadMapping` with every problem that was found."""
    given = _parse(text)
    problems = [(name, "unknown") for name in sorted(set(given) - KNOWN)]
    problems += [
        (name, "identifier") for name in ("dataSet", "orgUnit") if not _is_identifier(given.get(name))
    ]
    if given.get("idScheme", "code") not in SCHEMES:
        problems.append(("idScheme", "scheme"))
    periods = given.get("periods", {})
    problems += _problems_of_periods(periods)
    values = given.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        raise BadMapping([*problems, ("values", "list")])
    problems += [
        problem for at, value in enumerate(values) for problem in _problems_of(f"values[{at}]", value)
    ]
    if problems:
        raise BadMapping(problems)
    targets = tuple(_target(value) for value in values)
    places = [(one.data_element, one.category_option_combo, one.attribute_option_combo) for one in targets]
    twice = sorted({place[0] for place in places if places.count(place) > 1})
    if twice:
        raise BadMapping([(element, "twice") for element in twice])
    return SendingPlan(
        data_set=given["dataSet"],
        org_unit=given["orgUnit"],
        id_scheme=given.get("idScheme", "code"),
        periods=dict(periods),
        targets=targets,
    )


def try_out(mapping: SendingPlan, tables: Sequence[SafeTable]) -> Trial:
    """Say what a file of these tables would hold, what is left out and why, and what nothing maps."""
    by_name = {table.spec.name: table for table in tables}
    lines = [_line(target, by_name.get(target.table)) for target in mapping.targets]
    hidden = {line.target.data_element for line in lines if line.fate is not Fate.SENT}
    lines = [_held_back(line) if line.target.data_element in hidden else line for line in lines]
    mapped = {(line.target.table, line.codes) for line in lines}
    rest = [
        (table.spec.name, row.codes)
        for table in tables
        for row in table.rows
        if row.value is not None and (table.spec.name, row.codes) not in mapped
    ]
    period = name_period(tables[0].period, mapping.periods)
    return Trial(mapping=mapping, period=period, lines=tuple(lines), unmapped=tuple(rest))


def name_period(period: Period, named: Mapping[str, str]) -> str | None:
    """Return the name of some days in DHIS2: as the mapping says, or a whole calendar year, half or quarter.

    The reporting half-years (December to May, June to November) are no halves of DHIS2, so only the mapping
    can say under which name an agency has agreed to take them.
    """
    (first, last), *_ = period.spans
    given = named.get(f"{first.isoformat()}/{last.isoformat()}")
    if given:
        return given
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    if not first.day == after.day == 1 or (first.month - 1) % max(months, 1):
        return None
    number = (first.month - 1) // months + 1
    names = {12: f"{first.year}", 6: f"{first.year}S{number}", 3: f"{first.year}Q{number}"}
    return names.get(months)


def describe(trial: Trial, period: Period) -> dict[str, Any]:
    """Return the `dataValueSets` document: shown figures alone, with the true days in each comment."""
    (first, last), *_ = period.spans
    return {
        "dataSet": trial.mapping.data_set,
        "period": trial.period,
        "orgUnit": trial.mapping.org_unit,
        "dataValues": [
            _value(line, f"{first.isoformat()}/{last.isoformat()}") for line in trial.of(Fate.SENT)
        ],
    }


def command(trial: Trial, file: str, *, is_dry: bool) -> str:
    """Return the command that sends the file; server and account are filled in by hand."""
    schemes = "" if trial.mapping.id_scheme == "uid" else "&idScheme=CODE"
    address = f"https://SERVER/api/dataValueSets?dryRun={str(is_dry).lower()}{schemes}"
    return f"curl -u ACCOUNT -H 'Content-Type: application/json' --data-binary @{file} '{address}'"


def _parse(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text) if len(text) <= LARGEST_TEXT else None
    except (ValueError, RecursionError) as error:
        raise BadMapping([("", "json")]) from error
    if not isinstance(given, dict):
        raise BadMapping([("", "json")])
    return given


def _is_identifier(given: object) -> bool:
    return isinstance(given, str) and IDENTIFIER.fullmatch(given) is not None


def _problems_of_periods(periods: object) -> list[tuple[str, str]]:
    if not isinstance(periods, dict):
        return [("periods", "periods")]
    return [
        (f"periods[{span}]"[:80], "periods")
        for span, name in periods.items()
        if not (SPAN.fullmatch(span) and isinstance(name, str) and PERIOD.fullmatch(name))
    ]


def _problems_of(at: str, value: object) -> list[tuple[str, str]]:
    if not isinstance(value, dict):
        return [(at, "list")]
    found = [(f"{at}.{name}", "unknown") for name in sorted(set(value) - OF_VALUE)]
    table, codes = value.get("table"), value.get("codes", {})
    if not isinstance(table, str) or find_entry(table) is None:
        found.append((f"{at}.table", "table"))
    if not isinstance(codes, dict) or not all(isinstance(code, str) for code in codes.values()):
        found.append((f"{at}.codes", "codes"))
    given = [name for name in ("categoryOptionCombo", "attributeOptionCombo") if name in value]
    return found + [
        (f"{at}.{name}", "identifier")
        for name in ("dataElement", *given)
        if not _is_identifier(value.get(name))
    ]


def _target(value: Mapping[str, Any]) -> Target:
    return Target(
        table=value["table"],
        codes=value.get("codes", {}),
        data_element=value["dataElement"],
        category_option_combo=value.get("categoryOptionCombo", ""),
        attribute_option_combo=value.get("attributeOptionCombo", ""),
    )


def _line(target: Target, table: SafeTable | None) -> Line:
    if table is None:
        return Line(target=target, fate=Fate.NOT_RELEASED)
    named = {one.name for one in table.spec.dimensions}
    codes = tuple(target.codes.get(one.name, list_printed(one)[0]) for one in table.spec.dimensions)
    row = next((row for row in table.rows if row.codes == codes), None)
    if row is None or not target.codes.keys() <= named:
        return Line(target=target, fate=Fate.NOT_PRINTED)
    fate = Fate.HIDDEN if row.value is None else Fate.SENT
    return Line(target=target, fate=fate, codes=codes, value=row.value)


def _held_back(line: Line) -> Line:
    if line.fate is not Fate.SENT:
        return line
    return Line(target=line.target, fate=Fate.PART_HIDDEN, codes=line.codes)


def _value(line: Line, days: str) -> dict[str, str]:
    target = line.target
    combos = {
        "categoryOptionCombo": target.category_option_combo,
        "attributeOptionCombo": target.attribute_option_combo,
    }
    given = {name: code for name, code in combos.items() if code}
    return {"dataElement": target.data_element, **given, "value": str(line.value), "comment": days}
