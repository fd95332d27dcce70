"""The gate before the ledger: an attacker reads what was rendered, with all that was released before.

There are two attackers of a public table: everybody, who holds the public tables, and the reader of
restricted reports, who holds those as well. From neither may be learnt what either's tables keep secret;
and the reader of restricted reports may not work out exactly a figure that the public table hides, unless
she could already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casemgr.statistics.disclosure.audit import Secret, audit
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.periods import Period, elementary
from casemgr.statistics.disclosure.tables import RawTable, SafeTable
from casemgr.statistics.exports import export_csv, read_csv
from casemgr.statistics.grids import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What each audience holds beside the new tables, and what was kept secret from it.

    `margins` are the totals that the law lets superior agencies know, whether or not they have them yet.
    """

    public: tuple[SafeTable, ...] = ()
    public_secrets: tuple[Secret, ...] = ()
    restricted: tuple[SafeTable, ...] = ()
    restricted_secrets: tuple[Secret, ...] = ()
    margins: tuple[SafeTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the attackers learnt: cells they broke, and the range of every small cell for the certificate."""

    broken: tuple[Cell, ...]
    intervals: Mapping[Cell, tuple[int, int]]


def render_again(tables: Sequence[SafeTable], wording: Wording) -> tuple[SafeTable, ...]:
    """Return the tables as a reader finds them in the files that will be handed out."""
    return tuple(read_csv(export_csv(table, wording), table) for table in tables)


def is_true(raw: RawTable, safe: SafeTable) -> bool:
    """Say whether every figure shown is the figure counted."""
    shown = ((raw.spec.cell(row.codes, raw.period), row.value) for row in safe.rows)
    return all(value is None or raw.values[cell] == value for cell, value in shown)


def attack_public(rendered: Sequence[SafeTable], secrets: Sequence[Secret], ledger: Ledger) -> Verdict:
    """Let everybody try at public tables, then those who hold, or will hold, the restricted ones as well."""
    public = [*rendered, *ledger.public]
    report = audit(public, [*secrets, *ledger.public_secrets])
    broken = [*report.broken]
    known = [*ledger.restricted, *ledger.margins]
    if ledger.restricted_secrets:
        secret = ledger.restricted_secrets
        broken += audit([*public, *ledger.restricted], secret, every_interval=False).broken
    broken += _pinned([*public, *known], known, secrets)
    return _verdict(broken, secrets, report.intervals)


def attack_restricted(rendered: Sequence[SafeTable], secrets: Sequence[Secret], ledger: Ledger) -> Verdict:
    """Let the reader of restricted tables try, who holds the public ones too."""
    own = [*rendered, *ledger.restricted]
    report = audit([*own, *ledger.public], [*secrets, *ledger.restricted_secrets])
    pinned = _pinned([*own, *ledger.public], own, ledger.public_secrets)
    return _verdict([*report.broken, *pinned], secrets, report.intervals)


def _verdict(
    broken: Sequence[Cell], secrets: Sequence[Secret], intervals: Mapping[Cell, tuple[int, int]]
) -> Verdict:
    small = {secret.cell for secret in secrets}
    kept = {cell: interval for cell, interval in intervals.items() if cell in small}
    return Verdict(broken=tuple(dict.fromkeys(broken)), intervals=kept)


def _pinned(
    everything: Sequence[SafeTable], own: Sequence[SafeTable], secrets: Sequence[Secret]
) -> list[Cell]:
    """Return the small cells that all tables together give exactly, but the audience's own do not."""
    if not secrets or not own:
        return []
    exact = _exact(everything, secrets)
    asked = [secret for secret in secrets if secret.cell in exact and _is_within(secret.cell, own)]
    excused = _exact(own, asked) if asked else set()
    return [secret.cell for secret in secrets if secret.cell in exact and secret.cell not in excused]


def _exact(tables: Sequence[SafeTable], secrets: Sequence[Secret]) -> set[Cell]:
    """Return the cells of which only one value agrees with all tables."""
    intervals = audit(tables, secrets).intervals
    shown = {
        table.spec.cell(row.codes, table.period)
        for table in tables
        for row in table.rows
        if row.value is not None
    }
    return shown | {cell for cell, (least, greatest) in intervals.items() if least == greatest}


def _is_within(cell: Cell, tables: Sequence[SafeTable]) -> bool:
    """Say whether tables speak of all days and codes of a cell, so that they can be asked about it at all."""
    known = {
        (dimension.name, code)
        for table in tables
        for dimension in table.spec.dimensions
        for code in (*dimension.codes(), *(leaf for leaf, _ in dimension.folded))
    }
    pieces = [piece for piece in elementary(table.period for table in tables) if cell.period.covers(piece)]
    return set(cell.codes) <= known and sum(map(_days, pieces)) == _days(cell.period)


def _days(period: Period) -> int:
    return sum((last - first).days + 1 for first, last in period.spans)
