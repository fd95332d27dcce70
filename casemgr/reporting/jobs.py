"""Making a report behind the page, with all its tables."""

from uuid import UUID

from casemgr.errors import Refused
from casemgr.jobs import service as queue
from casemgr.jobs.kinds import Answer, Kind, Task
from casemgr.policy import Actor
from casemgr.reporting import service
from casemgr.reporting.rules import list_table_names
from casemgr.statistics import making
from casemgr.statistics.jobs import key_of, payload_of, read_wish, refusal_of
from casemgr.statistics.making import Wish


def order_report(actor: Actor, wish: Wish) -> UUID:
    """Ask for a report in the name of the actor and return the job."""
    payload = payload_of(wish)
    return queue.order(REPORT.name, actor.account_id, payload, key=key_of(actor, payload))


def make_report(task: Task) -> Answer:
    """Make the report that was asked for, or give the one that there is."""
    bare = read_wish(task, ())
    (first, last), *_ = bare.period.spans
    with task.work(write=False):
        known = service.find_report(task.find_actor(), bare.unit_id, first, last, bare.tier)
        if known is not None:
            return {"report_id": str(known.id)}
    wish = read_wish(task, list_table_names(first, last))
    try:
        report = making.make(
            task.database,
            task.keyring,
            task.find_actor,
            wish,
            lambda actor, computed: service.keep_report(actor, first, last, wish.tier, computed).id,
            task.step,
        )
    except Refused as refusal:
        return refusal_of(refusal)
    return {"report_id": str(report)}


REPORT = Kind(name="reporting.report", act=make_report)
