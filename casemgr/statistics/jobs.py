"""Making a table behind the page: whoever asked finds it when it is ready, or why it cannot be."""

from datetime import date
from typing import Any
from uuid import UUID

from casemgr.errors import Refused
from casemgr.jobs import service as queue
from casemgr.jobs.kinds import Answer, Kind, Task
from casemgr.policy import Actor
from casemgr.statistics import making
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.making import Wish
from casemgr.statistics.rules import WouldDisclose
from casemgr.statistics.service import Tier


def order_table(actor: Actor, wish: Wish) -> UUID:
    """Ask for one table, or for a family of tables by its name, and return the job."""
    payload = payload_of(wish) | {"table": wish.table_names[0]}
    return queue.order(TABLE.name, actor.account_id, payload, key=key_of(actor, payload))


def make_table(task: Task) -> Answer:
    """Make what was asked for, or give what was released before; of a family the first is named."""
    wish = making.spell_out(read_wish(task, (task.payload["table"],)))
    try:
        made, *others = making.make(
            task.database, task.keyring, task.find_actor, wish, making.release_tables, task.step
        )
    except Refused as refusal:
        return refusal_of(refusal)
    every = (made, *others)
    return {
        "release_id": str(made.id),
        "is_new": any(one.is_new for one in every),
        "has_changed": any(one.has_changed for one in every),
    }


def payload_of(wish: Wish) -> dict[str, str]:
    """Write down whose figures, of which days and for whom."""
    (first, last), *_ = wish.period.spans
    days = {"from": first.isoformat(), "to": last.isoformat()}
    return {"unit": str(wish.unit_id), "tier": wish.tier.value, **days}


def read_wish(task: Task, table_names: tuple[str, ...]) -> Wish:
    """Read what `payload_of` wrote down."""
    given = task.payload
    period = Period.between(date.fromisoformat(given["from"]), date.fromisoformat(given["to"]))
    return Wish(table_names=table_names, unit_id=UUID(given["unit"]), period=period, tier=Tier(given["tier"]))


def key_of(actor: Actor, payload: dict[str, str]) -> str:
    """Return what makes two orders of one person the same."""
    return ":".join([str(actor.account_id), *(payload[name] for name in sorted(payload))])


def refusal_of(refusal: Refused) -> dict[str, Any]:
    """Return why nothing was made, for whoever asked."""
    merge = list(refusal.merge) if isinstance(refusal, WouldDisclose) else []
    return {"refused": refusal.reason, "merge": merge}


TABLE = Kind(name="statistics.table", act=make_table)
