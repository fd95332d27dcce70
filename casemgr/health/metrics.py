"""Figures for Prometheus, where a setting wants them: how many answers, how fast, how the machine is.

No figure says which page, which unit or who: in a small office the minute of an emergency tells enough.
"""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from casemgr import clock, db
from casemgr.db import Database
from casemgr.health.looking import Signs, look

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class _Standing(Collector):
    """How the installation stands at the moment in which somebody asks."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory

    def describe(self) -> list[GaugeMetricFamily]:
        """Name nothing beforehand, so that making the registry asks no database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure; none but that one while the database is away."""
        try:
            with db.work(self._database, None, write=False):
                figures = _figures(look(self._database, self._directory))
        except SQLAlchemyError:
            figures = {}
        yield GaugeMetricFamily("casemgr_database_up", "1 while the database answers", value=bool(figures))
        for name, (meaning, value) in figures.items():
            yield GaugeMetricFamily(name, meaning, value=value)


class Metrics:
    """The figures of one process."""

    def __init__(self, database: Database, directory: Path) -> None:
        # When the first answer of a kind was given is nobody's business.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it publishes no type
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "casemgr_answers",
            "Answers by the first digit of their status",
            ["status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "casemgr_answer_seconds", "Time until an answer began", buckets=SECONDS, registry=self._registry
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_Standing(database, directory))

    def note(self, status: int, seconds: float) -> None:
        """Count an answer."""
        self._answers.labels(f"{status // 100}xx").inc()
        self._seconds.observe(seconds)

    def written(self) -> str:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry).decode()


def _figures(signs: Signs) -> dict[str, tuple[str, float]]:
    waiting, backup, unsigned = signs.queue.waiting_since, signs.backup_at, signs.log.unsigned_since
    now = clock.now()
    figures: dict[str, tuple[str, float]] = {
        "casemgr_workers": ("Workers that give signs of life", signs.queue.workers),
        "casemgr_jobs_failed": ("Jobs that failed and were not begun again", signs.queue.failed),
        "casemgr_jobs_late_seconds": (
            "Age of the oldest job that should have begun",
            (now - waiting).total_seconds() if waiting else 0,
        ),
        "casemgr_log_unsigned_seconds": (
            "Age of the oldest entry of the log without signature",
            (now - unsigned).total_seconds() if unsigned else 0,
        ),
        "casemgr_disk_free_bytes": ("Free room on the fullest disk", min(disk.free for disk in signs.disks)),
        "casemgr_clock_set": ("How often the clock was set in the last week", len(signs.jumps)),
    }
    if backup:
        age = (now - backup).total_seconds()
        figures["casemgr_backup_age_seconds"] = ("Age of the last backup", age)
    return figures
