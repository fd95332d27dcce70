"""Periodic reports of the half-years that are over, with their tables in the release ledger."""

from datetime import date, timedelta
from uuid import UUID

from casemgr.demo.organisation import half_end
from casemgr.demo.stage import Stage, local_moment
from casemgr.reporting import service
from casemgr.reporting.queries import get_report
from casemgr.statistics.rules import Tier, WouldDisclose

OFFICER, LEADER = "baocao", "lanhdao"
DUE_AFTER = timedelta(days=4, hours=9)
"""The fourth of the month after the half-year is the last day in time."""

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


def plan(stage: Stage) -> None:
    """Put the reports on the agenda: the earliest public and approved, a later one restricted and a draft."""
    first = stage.begin
    while (moment := local_moment(half_end(first)) + DUE_AFTER) <= stage.ends_at:
        is_first = first == stage.begin
        tier = Tier.PUBLIC if is_first else Tier.RESTRICTED
        stage.at(moment, Maker(stage, first, tier, is_approved=is_first))
        first = half_end(first) + timedelta(days=1)


class Maker:
    """Makes one report when its moment comes."""

    def __init__(self, stage: Stage, first: date, tier: Tier, *, is_approved: bool) -> None:
        self._stage, self._first, self._tier, self._is_approved = stage, first, tier, is_approved

    def __call__(self) -> None:
        """Make it, unless somebody could be recognised in its tables."""
        actor = self._stage.cast[OFFICER]
        try:
            report = service.make_report(actor, actor.unit_id, self._first, half_end(self._first), self._tier)
        except WouldDisclose:
            return
        service.save_narrative(actor, report.id, report.version, WORDS)
        if self._is_approved:
            self._stage.soon(60, 200, lambda: self._approve(report.id))

    def _approve(self, report_id: UUID) -> None:
        leader = self._stage.cast[LEADER]
        service.approve_report(leader, report_id, get_report(leader, report_id).version)
