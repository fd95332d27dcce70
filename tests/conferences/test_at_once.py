"""Two who act on one conference at the same second, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from casemgr import clock
from casemgr.conferences import queries, service
from casemgr.conferences.models import Conference, ConferenceFile, ConferenceSeat
from casemgr.conferences.rules import SeatState
from casemgr.errors import InvalidState, NotFound, StaleVersion
from casemgr.keys.models import DataKey
from casemgr.survivors.queries import list_consents
from casemgr.survivors.service import withdraw_consent
from tests.conferences.conftest import NOW
from tests.rig.table import MEETS_ON, call, lay_table

ROUNDS = 12
LATE = (NotFound, InvalidState, StaleVersion)


def race(work, *acts) -> list[str]:
    """Let several act at once, each in a transaction of its own; return how each came out, in their order."""
    together = Barrier(len(acts))

    def run(act) -> str:
        together.wait(timeout=60)
        try:
            # The clock is of the thread.
            with clock.frozen(NOW), work():
                act()
        except LATE as late:
            return type(late).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_an_answer_and_a_consent_taken_back_leave_nothing_under_a_key(work) -> None:
    with clock.frozen(NOW), work():
        table = lay_table()
    for _ in range(ROUNDS):
        with clock.frozen(NOW), work():
            conference_id = call(table).id
            consent = next(one for one in list_consents(table.worker, table.case_id) if one.state == "given")
            taken_back = (table.worker, table.case_id, consent.id, consent.version)

        came_out = race(
            work,
            lambda: service.answer_invitation(table.police, conference_id, comes=True, who="Dũng"),  # noqa: B023
            lambda: withdraw_consent(*taken_back),  # noqa: B023
        )

        assert came_out[1] == "done"
        assert came_out[0] in ("done", "NotFound")
        with clock.frozen(NOW), work() as session:
            assert session.get_one(Conference, conference_id).state == "withdrawn"
            keys = session.scalars(select(DataKey).where(DataKey.scope_id == conference_id))
            assert [(key.state, key.wrapped) for key in keys] == [("destroyed", None)]
            file = session.scalars(
                select(ConferenceFile).where(ConferenceFile.conference_id == conference_id)
            ).one()
            answers = {seat["unit"]: seat["state"] for seat in file.kept["seats"]}
            expected = "coming" if came_out[0] == "done" else "invited"
            assert answers["Công an xã Cẩm Tú"] == expected


def test_two_units_that_answer_at_once_are_both_heard(work) -> None:
    with clock.frozen(NOW), work():
        table = lay_table()
        conference_id = call(table).id
    for number in range(ROUNDS):
        comes = number % 2 == 0
        came_out = race(
            work,
            lambda: service.answer_invitation(table.police, conference_id, comes=comes),  # noqa: B023
            lambda: service.answer_invitation(table.nurse, conference_id, comes=not comes),  # noqa: B023
        )
        assert came_out == ["done", "done"]
        with clock.frozen(NOW), work() as session:
            seats = select(ConferenceSeat).where(ConferenceSeat.conference_id == conference_id)
            said = {seat.unit_id: seat.state for seat in session.scalars(seats)}
        yes, no = SeatState.COMING, SeatState.ABSENT
        assert said == {
            table.police_id: yes if comes else no,
            table.health_id: no if comes else yes,
        }


def test_of_two_minutes_written_at_once_one_is_kept_and_the_other_is_told(work) -> None:
    the_day = NOW + (MEETS_ON - clock.local(NOW).date())
    with clock.frozen(NOW), work():
        table = lay_table()
        conference_id = call(table).id
    with clock.frozen(the_day), work():
        version = queries.open_called(table.worker, table.case_id, conference_id).version

    def write(actor, text) -> None:
        with clock.frozen(the_day):
            service.write_minutes(
                actor, table.case_id, conference_id, version=version, text=text, present=None
            )

    came_out = race(work, lambda: write(table.worker, "Một"), lambda: write(table.office.supervisor, "Hai"))

    assert sorted(came_out) == ["StaleVersion", "done"]
    with clock.frozen(the_day), work():
        kept = queries.open_called(table.worker, table.case_id, conference_id).minutes["text"]
    assert kept == ("Một" if came_out[0] == "done" else "Hai")
