"""From the cells of a row to what it becomes, or to everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casemgr import clock
from casemgr.imports import dates, targets
from casemgr.imports.mapping import Column, LineMapping, fold
from casemgr.imports.reading import LineList, Record
from casemgr.imports.rules import Line, Outcome, Problem, UnusableFile
from casemgr.imports.workbooks import FORMULA
from casemgr.incidents.rules import forms_of
from casemgr.questions import Kind, parse
from casemgr.survivors.rules import AGE_ON
from casemgr.text.dates import PartialDate
from casemgr.text.invalid import InvalidText
from casemgr.text.names import tidy

_REMEMBERED = 20_000
"""Different cells of one column whose reading is remembered; most columns have a few dozen."""

_PARTS = (targets.PERSON, targets.INCIDENT_PART, targets.PERPETRATOR_PART)


@dataclass(frozen=True, slots=True)
class _Read:
    """A cell as it was read: its value, or the one thing that is wrong with it."""

    value: Any = None
    problem: Problem | None = None


class Translator:
    """Reads the rows of one file by one mapping; raises UnusableFile when the header does not fit."""

    def __init__(self, lines: LineList, mapping: LineMapping) -> None:
        self._lines = lines
        self._mapping = mapping
        self._today = clock.today()
        header = [fold(name) for name in lines.header]
        _check_header(lines, header, mapping)
        columns = mapping.columns
        self._columns = [(place, columns[name]) for place, name in enumerate(header) if name in columns]
        known = {*mapping.columns, *mapping.ignored}
        self.unknown = [name for name in lines.header if fold(name) not in known]
        self._seen: dict[str, dict[str, _Read]] = {column.name: {} for _, column in self._columns}
        constants = mapping.constants.items()
        self._constants = [(targets.TARGETS[name], values) for name, values in constants]

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what becomes of each row, on its own."""
        width = len(self._lines.header)
        for record in self._lines.records():
            if len(record.cells) != width:
                yield _refused(record, [Problem.of("cells", "")])
            else:
                yield self._translate(record)

    def _translate(self, record: Record) -> Outcome:
        found: dict[str, Any] = {}
        kept: list[tuple[str, str]] = []
        problems: list[Problem] = []
        for place, column in self._columns:
            text = record.cells[place]
            read = self._read(column, text)
            if read.problem is not None:
                problems.append(read.problem)
                continue
            _put(found, column.target, read.value)
            is_said = read.value is not None or (column.target.name != targets.KEPT and text.strip())
            if column.is_kept and is_said:
                kept.append((column.name, tidy(text)))
        for target, values in self._constants:
            _put(found, target, _stored(target, values))
        problems += [] if problems else self._check(found)
        return _refused(record, problems) if problems else self._taken(record, found, kept)

    def _read(self, column: Column, text: str) -> _Read:
        seen = self._seen[column.name]
        if text not in seen:
            if len(seen) >= _REMEMBERED:
                seen.clear()
            seen[text] = self._read_anew(column, text)
        return seen[text]

    def _read_anew(self, column: Column, text: str) -> _Read:
        clean = tidy(text)
        if text == FORMULA:
            return _Read(problem=Problem.of("formula", column.name))
        if not clean:
            if column.is_required and not column.empty:
                return _Read(problem=Problem.of("required", column.name))
            return _Read(_stored(column.target, column.empty))
        parts = clean.split(column.separator) if column.separator else [clean]
        values: list[str] = []
        for part in filter(None, map(str.strip, parts)):
            mapped = column.values.get(fold(part), None if column.target.is_coded else (part,))
            mapped = column.otherwise if mapped is None else mapped
            if mapped is None:
                return _Read(problem=Problem.of("unknown_value", column.name))
            values += mapped
        return self._checked(column, values)

    def _checked(self, column: Column, values: list[str]) -> _Read:
        target = column.target
        if not values:
            return _Read()
        if target.is_date:
            return self._dated(column, values[0])
        if target.question is None:
            return _Read(_stored(target, tuple(values)))
        if target.question.kind is Kind.NUMBER:
            values = [value.removesuffix(".0") for value in values]
        answers = parse([target.question], {target.question.name: values})
        for said in answers.problems.values():
            kind = "number" if target.question.kind is Kind.NUMBER else "answer"
            return _Read(problem=Problem(kind=kind, column=column.name, vi=said.vi, en=said.en))
        return _Read(answers.values.get(target.question.name))

    def _dated(self, column: Column, text: str) -> _Read:
        try:
            if column.target.name == targets.REGISTERED_ON:
                day = dates.read_day(text, self._mapping.dates)
                value: Any = day
            else:
                partial = dates.read_date(text, self._mapping.dates)
                day, value = partial.earliest, partial.to_storage()
        except InvalidText:
            return _Read(problem=Problem.of("date", column.name))
        if day > self._today:
            return _Read(problem=Problem.of("date_future", column.name))
        return _Read(value)

    def _check(self, found: Mapping[str, Any]) -> list[Problem]:
        """Check what only the cells of a row together can be."""
        registered_on = found.get(targets.REGISTERED_ON)
        if registered_on is None:
            return [Problem.of("required", targets.REGISTERED_ON)]
        problems = [
            Problem.of("date_order", name)
            for name in ("incident.happened_on", "survivor.birth")
            if name in found and _is_later(found[name], registered_on)
        ]
        for name, value in found.items():
            question = targets.TARGETS[name].question
            if question and isinstance(value, str) and len(value) > question.longest:
                problems.append(Problem.of("too_long", name))
        if self._core_type(found) is None:
            problems.append(Problem.of("no_core_type", targets.CORE_TYPE))
        return problems

    def _core_type(self, found: Mapping[str, Any]) -> str | None:
        if targets.CORE_TYPE in found:
            return str(found[targets.CORE_TYPE])
        forms = forms_of(_part(found, targets.INCIDENT_PART))
        types = (core_type for form, core_type in self._mapping.type_order if form in forms)
        return next(types, self._mapping.type_otherwise)

    def _taken(self, record: Record, found: Mapping[str, Any], kept: list[tuple[str, str]]) -> Outcome:
        person, incident, perpetrator = (_part(found, part) for part in _PARTS)
        registered_on: date = found[targets.REGISTERED_ON]
        core_type = str(self._core_type(found))
        if not forms_of(incident) and core_type in self._mapping.type_forms:
            incident["forms"] = list(self._mapping.type_forms[core_type])
        if "age" in person:
            person[AGE_ON] = registered_on.isoformat()
        line = Line(
            registered_on=registered_on,
            survivor_code=found.get(targets.SURVIVOR_CODE),
            person=person,
            incident=incident,
            perpetrator=perpetrator,
            core_type=core_type,
            reporting_consent=found.get(targets.REPORTING_CONSENT),
            kept=tuple(kept),
        )
        return Outcome(position=record.position, number=record.number, line=line, problems=())


def _check_header(lines: LineList, header: list[str], mapping: LineMapping) -> None:
    missing = [column.name for name, column in mapping.columns.items() if name not in header]
    if missing:
        raise UnusableFile("columns_missing", ", ".join(missing))
    twice = [name for name in lines.header if fold(name) in mapping.columns and header.count(fold(name)) > 1]
    if twice:
        raise UnusableFile("columns_twice", ", ".join(dict.fromkeys(twice)))


def _put(found: dict[str, Any], target: targets.Target, value: Any) -> None:
    """Add a value to what was found; several columns of one target are joined."""
    if value in (None, "", []) or target.name == targets.KEPT:
        return
    before = found.get(target.name)
    if before is None:
        found[target.name] = value
    elif isinstance(before, list):
        found[target.name] = list(dict.fromkeys([*before, *value]))
    else:
        found[target.name] = f"{before}, {value}"


def _stored(target: targets.Target, values: tuple[str, ...]) -> Any:
    """Return mapped values as they are stored; numbers and codes are checked with the mapping."""
    if not values:
        return None
    if target.question is None:
        return values[0]
    return parse([target.question], {target.question.name: values}).values.get(target.question.name)


def _part(found: Mapping[str, Any], part: str) -> dict[str, Any]:
    start = f"{part}."
    return {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}


def _is_later(stored: str, day: date) -> bool:
    return PartialDate.from_storage(stored).earliest > day


def _refused(record: Record, problems: list[Problem]) -> Outcome:
    return Outcome(position=record.position, number=record.number, line=None, problems=tuple(problems))
