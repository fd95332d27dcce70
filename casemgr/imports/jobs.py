"""The work behind the pages of imports: checking a list, taking it in, taking a batch out, forgetting."""

from datetime import timedelta
from uuid import UUID

from casemgr.audit import service as audit
from casemgr.errors import NotFound, Refused
from casemgr.imports import queries, running, service
from casemgr.imports.findings import Findings
from casemgr.imports.queries import Batch, OpenedList
from casemgr.imports.reading import LineList
from casemgr.imports.rules import Outcome, UnusableFile
from casemgr.imports.running import Job
from casemgr.imports.service.batches import FINISHED
from casemgr.imports.shelf import parse_mapping
from casemgr.jobs import service as queue
from casemgr.jobs.kinds import Answer, Kind, Task
from casemgr.policy import Actor


def order_check(actor: Actor, file_id: UUID) -> UUID:
    """Ask for the check of a list and return the job."""
    return queue.order(CHECK.name, actor.account_id, {"file": str(file_id)}, key=str(file_id))


def order_take(actor: Actor, file_id: UUID, batch_id: UUID) -> UUID:
    """Ask for a list to be taken into its batch and return the job."""
    payload = {"file": str(file_id), "batch": str(batch_id)}
    return queue.order(TAKE.name, actor.account_id, payload, key=str(file_id))


def order_roll_back(actor: Actor, batch_id: UUID) -> UUID:
    """Ask for a batch to be taken out and return the job."""
    return queue.order(ROLL_BACK.name, actor.account_id, {"batch": str(batch_id)}, key=str(batch_id))


def check_list(task: Task) -> Answer:
    """Say what would become of each row, and keep that with the list; nothing is taken in."""
    file_id = UUID(task.payload["file"])
    opened = _open(task, file_id)
    findings = Findings()
    try:
        _check_rows(task, _prepare(opened), findings)
    except UnusableFile as refusal:
        findings.unusable = refusal
    with task.work(write=True):
        service.keep_findings(task.find_actor(), file_id, findings)
    return {"file_id": str(file_id)}


def take_list(task: Task) -> Answer:
    """Take the rows of a list that are not in yet, piece by piece; it ends when the list is thrown away."""
    file_id, batch_id = UUID(task.payload["file"]), UUID(task.payload["batch"])

    def find_actor() -> Actor:
        actor = task.find_actor()
        queries.find_file(actor, file_id)
        return actor

    def finish(actor: Actor, _: UUID) -> Batch:
        return service.finish_list(actor, file_id, batch_id)

    batch = _batch(task, batch_id)
    try:
        opened = _open(task, file_id)
    except NotFound:
        if batch.state != FINISHED:
            raise
        # The worker died between the last row and the end of the job.
        return {"batch_id": str(batch_id)}
    try:
        running.take_in(
            task.database,
            task.keyring,
            find_actor,
            _prepare(opened),
            batch,
            watch=lambda _: None,
            progress=task.step,
            finish=finish,
        )
    except Refused as refusal:
        return {"file_id": str(file_id), "refused": refusal.reason}
    return {"batch_id": str(batch_id)}


def roll_back(task: Task) -> Answer:
    """Take a batch out piece by piece."""
    batch_id = UUID(task.payload["batch"])
    answer = {"batch_id": str(batch_id)}
    try:
        running.take_out(task.database, task.keyring, task.find_actor, batch_id, task.step)
    except Refused as refusal:
        return answer | {"refused": refusal.reason}
    return answer


def purge(task: Task) -> None:
    """Destroy the lists that nobody took in or threw away within a week."""
    with task.work(write=True):
        service.forget_old(task.find_actor())


def _open(task: Task, file_id: UUID) -> OpenedList:
    with audit.reading(task.database, task.keyring):
        return queries.open_list(task.find_actor(), file_id)


def _batch(task: Task, batch_id: UUID) -> Batch:
    with audit.reading(task.database, task.keyring):
        return queries.get_batch(task.find_actor(), batch_id)


def _prepare(opened: OpenedList) -> Job:
    mapping = parse_mapping(opened.mapping)
    return Job.prepare(LineList(opened.content, mapping.sheet), mapping)


def _check_rows(task: Task, job: Job, findings: Findings) -> None:
    findings.unknown = job.translator.unknown

    def watch(outcome: Outcome) -> None:
        findings.add(outcome)
        if outcome.position % running.PIECE == 0:
            task.step(outcome.position, job.rows)

    running.run_dry(job, watch)


CHECK = Kind(name="imports.check", act=check_list)
TAKE = Kind(name="imports.take", act=take_list)
ROLL_BACK = Kind(name="imports.roll_back", act=roll_back)
PURGE = Kind(name="imports.purge", act=purge, every=timedelta(days=1))
