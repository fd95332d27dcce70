"""What was measured, as tables: medians over the rounds, and ratios paired round by round."""

import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.load import Point

Place = tuple[str, str, int]
"""Task, subject, clients."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One engine at one size: what filling took, every point of every round, memory, tables."""

    engine: str
    count: int
    fillings: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    points: dict[Place, list[Point]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, float] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)

    def add(self, task: str, subject: str, clients: int, point: Point) -> None:
        """Keep one point of one round."""
        self.points[task, subject, clients].append(point)

    def cost(self, task: str, subject: str) -> list[float]:
        """Return the CPU a request at one client, application and database, round by round."""
        found = self.points.get((task, subject, 1), [])
        return [point.cpu_app + point.cpu_database for point in found]


def told(run: Run) -> str:
    """Return all tables of one run."""
    lines = [f"\n### {run.engine}, {run.count:,} cases\n"]
    lines += ["| | filled in s | CPU s | disk MB | memory after it, MB |", "|---|---|---|---|---|"]
    for subject, (seconds, cpu, disk) in run.fillings.items():
        lines.append(f"| {subject} | {seconds:.0f} | {cpu:.0f} | {disk:.0f} | {run.memory[subject]:.0f} |")
    lines.append("")
    lines.append(
        "| | | CPU app | CPU database | p50 ms | p95 ms | 8 clients: a second | p50 | p95 | errors |"
    )
    lines.append("|---" * 10 + "|")
    for task, subject in dict.fromkeys((task, subject) for task, subject, _ in run.points):
        one, eight = run.points[task, subject, 1], run.points[task, subject, 8]
        cells = [
            task,
            subject,
            f"{_median(one, lambda point: point.cpu_app):.2f}",
            f"{_median(one, lambda point: point.cpu_database):.2f}",
            f"{_median(one, lambda point: point.p50):.1f}",
            f"{_median(one, lambda point: point.p95):.1f}",
            f"{_median(eight, lambda point: point.requests / point.seconds):.0f}",
            f"{_median(eight, lambda point: point.p50):.0f}",
            f"{_median(eight, lambda point: point.p95):.0f}",
            str(sum(point.errors for point in [*one, *eight])),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"{subject}: {text}" for subject, text in run.tables.items())]
    return "\n".join(lines)


def _median(points: Sequence[Point], of: Callable[[Point], float]) -> float:
    return statistics.median(of(point) for point in points)


def ratios(runs: Sequence[Run]) -> str:
    """Return ratios of CPU a request: to the peers, to nothing sealed, of the larger to the smaller."""
    tasks = list(dict.fromkeys(task for run in runs for task, _, _ in run.points))
    lines = ["\n### Ratios of CPU a request (application and database, one client): median, least to most\n"]
    lines += [f"| | {' | '.join(tasks)} |", "|---" * (len(tasks) + 1) + "|"]
    for run in runs:
        for subject in [one for one in run.fillings if one != "casemgr"]:
            cells = [_ratio(run.cost(task, "casemgr"), run.cost(task, subject)) for task in tasks]
            lines.append(f"| {run.engine} {run.count:,}: casemgr / {subject} | {' | '.join(cells)} |")
    for run in runs:
        smaller = min((one for one in runs if one.engine == run.engine), key=lambda one: one.count)
        if smaller is not run:
            cells = [_ratio(run.cost(task, "casemgr"), smaller.cost(task, "casemgr")) for task in tasks]
            lines.append(f"| {run.engine}: {run.count:,} / {smaller.count:,} cases | {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(above: Sequence[float], below: Sequence[float]) -> str:
    found = sorted(one / other for one, other in zip(above, below, strict=False) if other > 0)
    if not found:
        return "–"
    return f"{statistics.median(found):.2f} ({found[0]:.2f}–{found[-1]:.2f})"


def tables_in_words(printed: str, database: float) -> str:
    """Say what a year's table and report took, the CPU of the database for both together."""
    made = [json.loads(line) for line in printed.splitlines()]
    words = [
        f"{one['name']} {one['seconds']:.1f} s, {one['cpu']:.1f} s of CPU"
        + (f" (refused: {one['answer']})" if one["answer"] else "")
        for one in made
    ]
    return f"{'; '.join(words)}; {database:.1f} s of CPU in the database."
