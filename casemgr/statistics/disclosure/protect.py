"""Protection: from counts to tables that may leave, refusing whatever the attacker breaks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from casemgr.statistics.disclosure.attacker import TOLERANCE, Attacker, ceiling_of
from casemgr.statistics.disclosure.audit import AuditReport, Secret, audit
from casemgr.statistics.disclosure.cells import CannotProtect, Cell, Levels, Mask
from casemgr.statistics.disclosure.linkage import (
    Counter,
    Linked,
    Mandate,
    Release,
    joint_spec,
    link,
    nothing_mandated,
)
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.disclosure.problem import Problem, Requirement
from casemgr.statistics.disclosure.suppress import suppress
from casemgr.statistics.disclosure.tables import SafeRow, SafeTable, TableSpec

REPAIRS = 20
MOST_JOINT = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strictly to protect, for one audience.

    Counts from 1 to below `threshold` are small. `mandated` names the cells a law wants exact for this
    audience in any period: they are shown even if small. `costs` is "margins" to hide inner cells first, or
    "even" to hide the fewest cells. `most_atoms` is up to where the auditor reckons with the joint cross-
    classification.
    """

    threshold: int = 5
    insider: bool = True
    mandated: Mandate = nothing_mandated
    costs: Literal["margins", "even"] = "margins"
    most_atoms: int = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who holds tables this audience does not, and the secrets those tables keep from her."""

    tables: tuple[SafeTable, ...]
    secrets: tuple[Secret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """Safe tables with the sealed certificate: what was small, and what the law exempted."""

    tables: tuple[SafeTable, ...]
    secrets: tuple[Secret, ...]
    report: AuditReport
    exempted: tuple[Cell, ...] = ()
    cells: int = 0
    hidden: int = 0
    small: int = 0
    coarsened: tuple[str, ...] = field(default=())


def protect(
    plan: Sequence[TableSpec],
    period: Period,
    counter: Counter,
    *,
    rules: Rules | None = None,
    earlier: Sequence[Release] = (),
    readers: Sequence[Reader] = (),
) -> Protected:
    """Protect the planned tables together with everything released before.

    `readers` hold further tables (a restricted report, say): what was kept from them must stay kept. Raises
    CannotProtect where no safe version was found, and Disagreement where a figure released before is counted
    differently now. A result is only ever returned after the independent attacker failed.
    """
    rules = rules or Rules()
    try:
        return _protect(
            _Task(plan=plan, period=period, counter=counter, rules=rules, earlier=earlier, readers=readers)
        )
    except CannotProtect as refusal:
        raise CannotProtect(refusal.why, _collapsible(plan)) from refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """Everything one protection needs, kept together."""

    plan: Sequence[TableSpec]
    period: Period
    counter: Counter
    rules: Rules
    earlier: Sequence[Release]
    readers: Sequence[Reader]

    def link(self, *, jointly: bool = False) -> Linked:
        """Link the plan with everything released before."""
        return link(self.plan, self.period, self.counter, self.earlier, self.rules.mandated, jointly=jointly)

    def is_small_jointly(self) -> bool:
        """Tell whether the full cross-classification is small enough to reckon with."""
        specs = [*self.plan, *(release.table.spec for release in self.earlier)]
        measures = {spec.measure for spec in specs}
        joint = [joint_spec(spec for spec in specs if spec.measure == measure) for measure in measures]
        return sum(math.prod(len(one.codes()) for one in spec.dimensions) for spec in joint) <= MOST_JOINT


def _protect(task: _Task) -> Protected:
    """Hide and attack in turn: printed cells alone, then jointly, then with more and more hidden."""
    linked = task.link()
    problem, secrets = _pose(task, linked)
    before = [release.table for release in task.earlier]
    for attempt in range(REPAIRS):
        hidden = suppress(problem)
        tables = tuple(_print(linked, spec, task.period, hidden) for spec in task.plan)
        report = audit([*tables, *before], secrets, every_interval=False, most_atoms=task.rules.most_atoms)
        broken = report.broken or _broken_by_readers([*tables, *before], task.readers, task.rules)
        if not broken:
            return _protected(linked, problem, hidden, tables, secrets, report, task.rules)
        if attempt == 0 and task.is_small_jointly():
            linked = task.link(jointly=True)
            problem, secrets = _pose(task, linked)
        else:
            problem = _harder(problem, linked, hidden, broken)
    raise CannotProtect("the attacker still works out a small cell")


def _pose(task: _Task, linked: Linked) -> tuple[Problem, tuple[Secret, ...]]:
    requirements = _requirements(linked, task.rules)
    secrets = tuple(
        Secret(cell=linked.system.cells[one.position], least=int(one.least), greatest=int(one.greatest))
        for one in requirements
    )
    return _problem(linked, requirements, task.rules, task.plan, task.period), secrets


def _broken_by_readers(
    tables: Sequence[SafeTable], readers: Sequence[Reader], rules: Rules
) -> tuple[Cell, ...]:
    reports = (
        audit([*tables, *reader.tables], reader.secrets, every_interval=False, most_atoms=rules.most_atoms)
        for reader in readers
    )
    return tuple(dict.fromkeys(cell for report in reports for cell in report.broken))


def _requirements(linked: Linked, rules: Rules) -> tuple[Requirement, ...]:
    values = linked.system.values
    small = [
        at for at in sorted(linked.guarded) if 0 < values[at] < rules.threshold and at not in linked.shown
    ]
    if not linked.mandated:
        return tuple(Requirement(position=at, least=0, greatest=rules.threshold) for at in small)
    attacker = _reader_of_mandated(linked, rules)
    required = []
    for position in small:
        least, greatest = attacker.interval(position)
        low, high = np.ceil(least - TOLERANCE), np.floor(greatest + TOLERANCE)
        if low < high:
            required.append(Requirement(position=position, least=low, greatest=min(high, rules.threshold)))
    return tuple(required)


def _reader_of_mandated(linked: Linked, rules: Rules) -> Attacker:
    """Return an attacker who sees only what the law makes exact: beyond him nothing can be protected."""
    values = linked.system.counts()
    hidden = np.ones(len(values), dtype=bool)
    hidden[list(linked.mandated)] = False
    return Attacker(values, linked.system.relations, hidden, ceiling_of(values, rules.threshold))


def _problem(
    linked: Linked,
    requirements: tuple[Requirement, ...],
    rules: Rules,
    plan: Sequence[TableSpec],
    period: Period,
) -> Problem:
    values = linked.system.counts()
    shown = _mask(linked, linked.shown)
    hidden = ~_mask(linked, linked.printed) | _mask(linked, linked.hidden)
    hidden |= (values > 0) & (values < rules.threshold) & _mask(linked, linked.guarded)
    return Problem(
        values=values,
        relations=linked.system.relations,
        requirements=requirements,
        hidden=hidden & ~shown,
        shown=shown,
        costs=_costs(linked, rules, plan, period),
        threshold=rules.threshold,
        insider=rules.insider,
    )


def _mask(linked: Linked, positions: set[int]) -> Mask:
    mask = np.zeros(len(linked.system.cells), dtype=bool)
    mask[list(positions)] = True
    return mask


def _costs(linked: Linked, rules: Rules, plan: Sequence[TableSpec], period: Period) -> Levels:
    values = linked.system.counts()
    costs: Levels = 1.0 + values / (10.0 * max(1, int(values.max(initial=1))))
    if rules.costs == "even":
        return costs
    costs[values == 0] += 0.5
    for spec in plan:
        for codes in spec.combinations():
            narrowed = sum(code != one.total for one, code in zip(spec.dimensions, codes, strict=True))
            costs[linked.system.position[spec.cell(codes, period)]] *= (1000, 100, 10, 1)[min(narrowed, 3)]
    return costs


def _print(linked: Linked, spec: TableSpec, period: Period, hidden: Mask) -> SafeTable:
    rows = []
    for codes in spec.combinations():
        if not spec.is_unshown(codes):
            position = linked.system.position[spec.cell(codes, period)]
            rows.append(
                SafeRow(codes=codes, value=None if hidden[position] else linked.system.values[position])
            )
    return SafeTable(spec=spec, period=period, rows=tuple(rows))


def _harder(problem: Problem, linked: Linked, hidden: Mask, broken: Sequence[Cell]) -> Problem:
    """Return the problem with one more cell hidden beside every cell the attacker broke."""
    more = hidden.copy()
    for cell in broken:
        near = [one for one in problem.relations if linked.system.position.get(cell) in one.members()]
        wider = {member for one in near for member in one.members()}
        beside = [one for one in problem.relations if wider & set(one.members())]
        free = [
            at
            for group in (near, beside)
            for one in group
            for at in one.members()
            if not (hidden | problem.shown)[at]
        ]
        if not free:
            raise CannotProtect(
                "the attacker works out a small cell and nothing more can be hidden beside it"
            )
        more[free[0]] = True
    return replace(problem, hidden=more)


def _collapsible(plan: Sequence[TableSpec]) -> list[str]:
    """Name, for each table that has any, the dimension with the most codes."""
    return [
        f"{spec.name}: {max(spec.dimensions, key=lambda one: len(one.parents)).name}"
        for spec in plan
        if any(one.parents for one in spec.dimensions)
    ]


def _protected(
    linked: Linked,
    problem: Problem,
    hidden: Mask,
    tables: tuple[SafeTable, ...],
    secrets: tuple[Secret, ...],
    report: AuditReport,
    rules: Rules,
) -> Protected:
    required = {one.position for one in problem.requirements}
    small = {at for at in linked.guarded if 0 < linked.system.values[at] < rules.threshold}
    return Protected(
        tables=tables,
        secrets=secrets,
        report=report,
        exempted=tuple(
            linked.system.cells[at] for at in sorted(small - required - (linked.shown - linked.mandated))
        ),
        cells=len(linked.printed),
        hidden=int(hidden[list(linked.printed)].sum()),
        small=len(small & linked.printed),
    )
