"""Protecting a file of counts: build the cells, hide, let the auditor at the text, and only then write."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casemgr.statistics.disclosure.cells import CannotProtect, Levels, Mask
from casemgr.statistics.disclosure.fewest import hide_fewest
from casemgr.statistics.disclosure.problem import Problem, Proof, Requirement, Stopwatch, Suppression
from casemgr.statistics.files.auditor import Auditor, Findings, Key, Sealed, Small
from casemgr.statistics.files.counts import Counts, Prior
from casemgr.statistics.files.cube import build
from casemgr.statistics.files.specification import BadFile

SOLVING = 0.8
MOST_MEASURED = 1_500
REPAIRS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The files' texts, and the figures of the last line."""

    protected: str
    explained: str
    cells: int
    hidden: int
    primary: int
    proof: Proof
    gap: float
    seconds: float


def protect_counts(
    counts: Counts, priors: Sequence[tuple[Prior, str]], seconds: float, *, explain: bool
) -> Outcome:
    """Return the protected tables of counts beside earlier releases, given parsed and as text.

    Raises BadFile where an earlier release differs, and CannotProtect with what to collapse.
    """
    clock = Stopwatch(seconds)
    try:
        return _Run(counts, priors, clock).outcome(explain=explain)
    except CannotProtect as refusal:
        raise CannotProtect(refusal.why, _collapsible(counts)) from refusal


def _collapsible(counts: Counts) -> list[str]:
    trees = {tree.name: len(tree.parents) for tree in counts.specification.trees}
    widest = [max(table, key=lambda name: trees[name]) for table in counts.specification.tables if table]
    return list(dict.fromkeys(widest))


class _Run:
    """One protection: the cube, what is decided before, and what comes out."""

    def __init__(self, counts: Counts, priors: Sequence[tuple[Prior, str]], clock: Stopwatch) -> None:
        self.counts, self.clock, self.priors = counts, clock, priors
        self.rules = counts.specification
        self.cube = build(counts)
        self.own = self.cube.printed
        self.before = self._enter_priors()
        self.values = np.array(self.cube.values, dtype=np.int64)
        self.small = self._small()

    def _enter_priors(self) -> dict[int, bool]:
        """Return what earlier releases decided: cell → whether it was shown."""
        decided: dict[int, bool] = {}
        for prior, _ in self.priors:
            for rows in prior.tables.values():
                trees = self.rules.trees
                names = [
                    tree.name
                    for at, tree in enumerate(trees)
                    if any(one.codes[at] != tree.total for one in rows)
                ]
                ids = self.cube.add_table(names, self.counts)
                for row in rows:
                    place = [
                        self.cube.axes[tree.name].number[code]
                        for tree, code in zip(trees, row.codes, strict=True)
                        if tree.name in names
                    ]
                    number = int(ids[tuple(place)])
                    if row.value is not None and row.value != self.cube.values[number]:
                        raise BadFile(prior.file, row.line, "differs", name=row.value)
                    decided[number] = decided.get(number, False) or row.value is not None
        return decided

    def _small(self) -> Mask:
        small = (self.values > 0) & (self.values < self.rules.threshold)
        if self.rules.zeros == "suppressed":
            small |= self.values == 0
        return small

    def problem(self) -> Problem:
        """Return the problem of suppression; raises CannotProtect where a small cell was shown before."""
        size, zeros = len(self.values), self.rules.zeros == "shown"
        shown, hidden = np.zeros(size, dtype=bool), self.small.copy()
        hidden[self.own :] = True
        for number, was_shown in self.before.items():
            shown[number], hidden[number] = was_shown, not was_shown
        if zeros:
            empty = (self.values == 0) & ~hidden
            shown[: self.own] |= empty[: self.own]
        if (self.small & shown).any():
            raise CannotProtect("an earlier release shows a small cell")
        least = float(zeros)
        required = tuple(
            Requirement(position=at, least=least, greatest=self.rules.threshold)
            for at in np.flatnonzero(self.small).tolist()
        )
        return Problem(
            values=self.values,
            relations=self.cube.relations,
            requirements=required,
            hidden=hidden & ~shown,
            shown=shown,
            costs=np.ones(size),
            threshold=self.rules.threshold,
            insider=self.rules.insider,
            floor=self._floor() if zeros else None,
        )

    def _floor(self) -> Levels:
        return np.minimum(self.values, 1).astype(np.float64)

    def outcome(self, *, explain: bool) -> Outcome:
        """Solve, audit the text that will be written, and return it; never anything that was broken."""
        problem = self.problem()
        answer = hide_fewest(problem, self.clock.part(SOLVING))
        for attempt in range(REPAIRS):
            text = self._protected(answer.hidden)
            findings = self._audit(text, answer, explain=explain)
            if not findings.wrong and not findings.broken:
                return self._outcome(text, answer, findings, explain=explain)
            if findings.wrong or not (problem.open & ~answer.hidden).any():
                break
            more = self._beside(problem, answer, findings) if attempt < REPAIRS - 2 else problem.open
            problem = replace(problem, hidden=answer.hidden | more)
            answer = replace(hide_fewest(problem, self.clock.part(SOLVING)), proof="heuristic")
        raise CannotProtect("the attacker works out a small cell")

    def _outcome(self, text: str, answer: Suppression, findings: Findings, *, explain: bool) -> Outcome:
        return Outcome(
            protected=text,
            explained=self._explained(answer, findings) if explain else "",
            cells=self.own,
            hidden=int(answer.hidden[: self.own].sum()),
            primary=int(self.small[: self.own].sum()),
            proof=answer.proof,
            gap=answer.gap,
            seconds=self.clock.passed(),
        )

    def _beside(self, problem: Problem, answer: Suppression, findings: Findings) -> Mask:
        """Return one cell more to hide for each broken one: beside it, beside that, or anywhere."""
        more = np.zeros(len(self.values), dtype=bool)
        number = {key: at for at, key in enumerate(self._keys())}
        web, free = problem.web, problem.open & ~answer.hidden
        for key in findings.broken:
            near = [one for line in web.lines[number[key]] for one in web.members[line]]
            wider = [one for cell in near for line in web.lines[cell] for one in web.members[line]]
            beside = (one for one in (*near, *wider, *np.flatnonzero(free).tolist()) if free[one])
            more[next(beside)] = True
        return more

    def _audit(self, text: str, answer: Suppression, *, explain: bool) -> Findings:
        floor = int(self.rules.zeros == "shown")
        auditor = Auditor([text, *(earlier for _, earlier in self.priors)], self.rules, floor=floor)
        keys = self._keys()
        small = [
            Small(key=keys[at], value=int(self.values[at]), least=floor, greatest=self.rules.threshold)
            for at in np.flatnonzero(self.small).tolist()
        ]
        alternatives = list({id(one): one for kept in answer.witnesses.values() for one in kept}.values())
        index = {id(one): at for at, one in enumerate(alternatives)}
        sealed = Sealed(
            small=small,
            claims={keys[at]: [index[id(one)] for one in kept] for at, kept in answer.witnesses.items()},
            alternatives=[{keys[cell]: move for cell, move in one.moves.items()} for one in alternatives],
            truth=dict(zip(keys, self.cube.values, strict=True)),
            excused=frozenset((keys[at], keys[one]) for at, one in answer.excused),
        )
        if len(auditor.hidden()) == len(auditor.cells):
            return Findings()
        findings = auditor.judge(sealed, measure=explain and len(auditor.hidden()) <= MOST_MEASURED)
        if not findings.broken and self.cube.is_ring():
            findings.broken = auditor.cross(small)
        return findings

    def _keys(self) -> list[Key]:
        keys: list[Key] = [()] * len(self.values)
        radix = [(axis.codes, len(axis.codes)) for axis in self.cube.axes.values()]
        for key, number in self.cube.keys.items():
            codes, rest = [], key
            for names, count in radix:
                rest, at = divmod(rest, count)
                codes.append(names[at])
            keys[number] = tuple(codes)
        return keys

    def _protected(self, hidden: Mask) -> str:
        rows = (
            (at, *key, *(("", "suppressed") if hidden[number] else (self.cube.values[number], "published")))
            for number, at, key in self._printed()
        )
        return _csv(["table", *self.cube.axes, "value", "status"], rows)

    def _explained(self, answer: Suppression, findings: Findings) -> str:
        rows: list[tuple[object, ...]] = []
        for number, at, key in self._printed():
            if answer.hidden[number]:
                told = self._interval(number, key, answer, findings.intervals)
                rows.append((at, *key, "", "suppressed", self._reason(number), *told))
            else:
                value = self.cube.values[number]
                rows.append((at, *key, value, "published", "", value, value, "exact"))
        head = ["table", *self.cube.axes, "value", "status", "reason", "least", "greatest", "bounds"]
        return _csv(head, rows)

    def _interval(
        self, number: int, key: Key, answer: Suppression, intervals: Mapping[Key, tuple[float, float]]
    ) -> tuple[object, object, str]:
        if key in intervals:
            least, greatest = intervals[key]
            top = "" if greatest == float("inf") else int(np.floor(greatest + 1e-6))
            return int(np.ceil(least - 1e-6)), top, "exact"
        value = self.cube.values[number]
        moves = [one.of(number) for one in answer.witnesses.get(number, ())]
        least, greatest = min(moves, default=0.0), max(moves, default=0.0)
        return int(np.floor(value + least + 1e-6)), int(np.ceil(value + greatest - 1e-6)), "at_least"

    def _reason(self, number: int) -> str:
        if self.small[number]:
            return "primary" if self.cube.values[number] else "zero"
        return "earlier" if number in self.before else "complementary"

    def _printed(self) -> Iterator[tuple[int, int, Key]]:
        for at in range(len(self.rules.tables)):
            names, ids = self.cube.names[at], self.cube.tables[at]
            for place in np.ndindex(ids.shape):
                yield int(ids[place]), at, self.cube.codes_of(names, place)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
