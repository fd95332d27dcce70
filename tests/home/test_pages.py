"""The first page as those who sign in see it."""

import re
from datetime import date, timedelta

from casemgr import clock
from casemgr.cases import service as cases
from casemgr.facts.rules import FactKind
from casemgr.facts.service import record_fact
from casemgr.policy import Role
from casemgr.statistics import service as statistics
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.rules import Tier
from tests.rig.desk import Desk

TODAY = clock.today


def _case_due(desk: Desk, *days: int) -> str:
    case = cases.open_case(desk.actor("lan"), summary={})
    for place, day in enumerate(days):
        due = TODAY() + timedelta(days=day)
        cases.add_task(desk.actor("lan"), case.id, "own", due_day=due, text=f"Việc {place}")
    return case.code


def test_a_file_stands_once_with_all_that_is_due_there_and_days_are_counted_as_days(work, desk: Desk) -> None:
    browser = desk.seat("lan", Role.CASE_WORKER)
    with work():
        late, today = _case_due(desk, -2, -1), _case_due(desk, 0)
        _case_due(desk, 1)
    page = browser.open("/")
    assert page.count(f'work-title">{late}') == 1
    assert "Việc 0 · Việc 1" in page
    assert page.index("quá hạn 2 ngày") < page.index(today) < page.index("đến hạn ngày mai")
    assert "phút" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_supervisor_sees_what_is_overdue_with_colleagues(work, desk: Desk) -> None:
    desk.seat("lan", Role.CASE_WORKER)
    supervisor = desk.seat("mai", Role.SUPERVISOR)
    with work():
        late, timely = _case_due(desk, -1), _case_due(desk, 3)
    page = supervisor.open("/")
    assert "Đồng nghiệp đang quá hạn" in page
    assert late in page
    assert timely not in page


def test_somebody_without_files_is_told_what_each_place_is_for(desk: Desk) -> None:
    page = desk.seat("tin", Role.REPORT_OFFICER).open("/")
    assert "Hạn gửi trước ngày 05/6 và 05/12" in page
    assert "Đồng nghiệp đang quá hạn" not in page


def test_who_steers_the_network_reads_which_services_were_not_there_in_public_figures(
    work, desk: Desk
) -> None:
    seats = [desk.seat("mai", Role.SUPERVISOR), desk.seat("son", Role.LEADER)]
    worker, unit = desk.seat("lan", Role.CASE_WORKER), desk.office.unit_id
    desk.seat("tin", Role.REPORT_OFFICER)
    with work():
        for service, number in (("tro_cap", 12), ("phap_ly", 11), ("giay_to", 6), ("khac", 1)):
            for _ in range(number):
                codes = {"service": service, "why": "khong_co"}
                record_fact(unit_id=unit, kind=FactKind.GAP, registered_on=date(2025, 3, 3), codes=codes)
    assert all("Dịch vụ được tìm" not in seat.open("/") for seat in seats)
    with work():
        year = Period.between(date(2025, 1, 1), date(2025, 12, 31))
        statistics.make_table(desk.actor("tin"), "gaps", unit, year, Tier.PUBLIC)
    for seat in seats:
        section = seat.open("/").split('id="gaps-title"', 1)[1].split("</section>")[0]
        assert "Trợ cấp xã hội" in section
        assert "01/01/2025" in section
        assert not re.search(r">\s*1\s*<", section)
    assert "gaps-title" not in worker.open("/")
