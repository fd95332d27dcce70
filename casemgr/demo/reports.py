"""Periodic reports that fell due in the time of the story, with their tables in the release ledger."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casemgr.deadlines.reporting import ReportingPeriod, list_periods
from casemgr.demo.stage import Stage, local_moment
from casemgr.policy import Actor
from casemgr.reporting import service
from casemgr.reporting.queries import get_report
from casemgr.statistics import service as statistics
from casemgr.statistics.disclosure.periods import Period
from casemgr.statistics.rules import Tier, WouldDisclose
from casemgr.statistics.service import sending

OFFICER, LEADER = "baocao", "lanhdao"
AT = timedelta(hours=9)

WORDS = {
    "addressees": "Ủy ban nhân dân tỉnh (văn bản mẫu)",
    "signer": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
    "signer_name": "Lãnh đạo Mẫu",
    "situation": "Đây là báo cáo mẫu, mọi số liệu đều là giả định.",
    "direction": "Đã ban hành kế hoạch mẫu về bình đẳng giới.",
    "response": "Duy trì hai địa chỉ tin cậy; cán bộ trực tiếp nhận tin cả ngày lẫn đêm.",
    "achievements": "Người bị bạo lực được tiếp nhận và chuyển gửi trong ngày.",
    "limits": "Thiếu người trực ban đêm ở hai thôn.",
}


HALF = 6
COMPARED = ("incidents", "services", "stays", "gaps", "support", "referral_feedback", "children")
"""Tables that stand on dashboards, one half-year beside the other."""

FIGURES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("gaps", {}, "MAU_THIEU_DICH_VU"),
    ("gaps", {"service": "tam_ly"}, "MAU_THIEU_TAM_LY"),
    ("incidents", {}, "MAU_VU_VIEC"),
    ("incidents", {"gbvims_type": "gbv"}, "MAU_BLG"),
    ("incidents", {"sex": "nam"}, "MAU_NAM"),
)
"""Which figures would go to which data elements of a DHIS2 that does not exist."""


def plan(stage: Stage) -> None:
    """Put the reports that fall due on the agenda: the earliest public and approved, later ones drafts."""
    years = range(stage.begin.year, stage.ends_at.year + 1)
    periods = [one for year in years for one in list_periods(year)]
    due = [one for one in periods if stage.begin < one.ends_on and _moment(one) <= stage.ends_at]
    for number, period in enumerate(due):
        stage.at(_moment(period), Maker(stage, period, is_approved=number == 0))


def _moment(period: ReportingPeriod) -> datetime:
    return local_moment(period.last_day) + AT


class Maker:
    """Makes one report when its moment comes."""

    def __init__(self, stage: Stage, period: ReportingPeriod, *, is_approved: bool) -> None:
        self._stage, self._period, self._is_approved = stage, period, is_approved

    def __call__(self) -> None:
        """Make it: public if it is to be approved and nobody could be recognised, restricted otherwise."""
        actor = self._stage.cast[OFFICER]
        self._tell_gaps(actor)
        report = (self._make(Tier.PUBLIC) if self._is_approved else None) or self._make(Tier.RESTRICTED)
        if report is None:
            return
        service.save_narrative(actor, report.id, report.version, WORDS)
        if self._is_approved:
            self._stage.soon(60, 200, lambda: self._approve(report.id))

    def _make(self, tier: Tier) -> Any:
        actor, period = self._stage.cast[OFFICER], self._period
        try:
            return service.make_report(actor, actor.unit_id, period.starts_on, period.ends_on, tier)
        except WouldDisclose:
            return None

    def _tell_gaps(self, actor: Actor) -> None:
        """Release for everybody which services were looked for and not there."""
        period = Period.between(self._period.starts_on, self._period.ends_on)
        with suppress(WouldDisclose):
            statistics.make_table(actor, "gaps", actor.unit_id, period, Tier.PUBLIC)
        self._tell_half_year(actor)
        if self._is_approved:
            sending.save_text(actor, sending.read_text(actor)[0], _mapping(self._period.year))

    def _tell_half_year(self, actor: Actor) -> None:
        """Release for everybody what is compared from one half-year to the next."""
        last = self._period.ends_on
        after = last + timedelta(days=1)
        first = (
            after.replace(month=after.month - 6)
            if after.month > HALF
            else after.replace(year=after.year - 1, month=after.month + 6)
        )
        for name in COMPARED:
            with suppress(WouldDisclose):
                statistics.make_table(actor, name, actor.unit_id, Period.between(first, last), Tier.PUBLIC)

    def _approve(self, report_id: UUID) -> None:
        leader = self._stage.cast[LEADER]
        service.approve_report(leader, report_id, get_report(leader, report_id).version)


def _mapping(year: int) -> str:
    """Return where figures go in DHIS2, which takes the days of reports under names of its own."""
    days = {
        f"{at - 1}-12-01/{at}-{last}": f"{at}{part}"
        for at in (year - 1, year, year + 1)
        for last, part in (("05-31", "S1"), ("11-30", ""))
    }
    days |= {f"{at}-06-01/{at}-11-30": f"{at}S2" for at in (year - 1, year, year + 1)}
    values = [{"table": table, "codes": codes, "dataElement": place} for table, codes, place in FIGURES]
    content = {"dataSet": "BLG_MAU", "orgUnit": "XA_MAU", "periods": days, "values": values}
    return json.dumps(content, ensure_ascii=False, indent=1)
