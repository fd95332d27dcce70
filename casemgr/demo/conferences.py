"""Case conferences of the made-up cases: to come, moved, held, and one whose consent was taken back."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from casemgr import clock
from casemgr.conferences import service
from casemgr.conferences.queries import open_called
from casemgr.conferences.rules import Calling, Meeting
from casemgr.demo.stage import local_moment
from casemgr.survivors.queries import list_consents
from casemgr.survivors.rules import ConsentState, Purpose
from casemgr.survivors.service import withdraw_consent

if TYPE_CHECKING:
    from casemgr.demo.stories import Story

UNITS = ("congan", "yte", "phunu")
"""Who answers for the units that are called."""

NEEDS = (
    "Chỗ ở an toàn sau khi rời nơi tạm lánh",
    "Tuần tra buổi tối, đường dây gọi nhanh",
    "Khám lại và giấy chứng thương",
)
MINUTES = (
    "Công an tuần tra khu vực mỗi tối và gọi lại cán bộ ca khi có dấu hiệu. Trạm y tế khám lại trong tuần. "
    "Hội Phụ nữ giúp tìm chỗ trọ gần nơi làm việc. Không đơn vị nào tự liên lạc với người gây ra."
)


def call(story: "Story", *, in_days: int = 2) -> UUID:
    """Call police, health and the union together, with the survivor's consent; one of them answers."""
    cast, today = story.stage.cast, clock.local(story.stage.ends_at).date()
    calling = Calling(
        meets_on=today + timedelta(days=in_days),
        meets_at="14:00",
        place="Phòng họp số 2, trụ sở xã",
        unit_ids=frozenset(cast[name].unit_id for name in UNITS),
        topics=("cong_an", "y_te", "nhu_yeu"),
        needs=NEEDS,
    )
    made = service.call_conference(story.actor, story.id, calling, how="loi_noi", limits_read=True)
    service.answer_invitation(cast["yte"], made.id, comes=True, who="Y tế Mẫu")
    return made.id


def hold(story: "Story") -> None:
    """Call a conference, and hold it on its day."""
    stage, conference_id = story.stage, call(story, in_days=-3)
    day = clock.local(stage.ends_at).date() - timedelta(days=3)
    stage.at(local_moment(day) + timedelta(hours=16), lambda: _meet(story, conference_id))


def _meet(story: "Story", conference_id: UUID) -> None:
    """Write the minutes and give each unit something to do; one is done already."""
    cast, view = story.stage.cast, open_called(story.actor, story.id, conference_id)
    seats = {seat.unit_id: seat.seat_id for seat in view.seats}
    union = seats[cast["phunu"].unit_id]
    if union is not None:
        service.answer_by_phone(story.actor, story.id, conference_id, union, comes=True, who="Chị Mẫu")
    service.write_minutes(
        story.actor,
        story.id,
        conference_id,
        version=view.version,
        text=MINUTES,
        present="Công an xã, Trạm y tế, Hội Phụ nữ (qua điện thoại), cán bộ ca",
    )
    today = clock.local(story.stage.ends_at).date()
    for name, text, days in (
        ("congan", "Tuần tra khu vực buổi tối trong hai tuần", 1),
        ("yte", "Khám lại, làm giấy chứng thương", -1),
        ("phunu", "Tìm ba phòng trọ gần nơi làm việc", 4),
        ("canbo1", "Gọi lại theo giờ an toàn", 1),
    ):
        action = service.add_action(
            story.actor,
            story.id,
            conference_id,
            unit_id=cast[name].unit_id,
            text=text,
            due_day=today + timedelta(days=days),
        )
        if name == "yte":
            service.finish_action(cast[name], action.id, note="Đã khám, giấy gửi cán bộ ca.")


def move(story: "Story") -> None:
    """Call a conference, then move it to another day: the units are asked anew."""
    conference_id, today = call(story, in_days=1), clock.local(story.stage.ends_at).date()
    version = open_called(story.actor, story.id, conference_id).version
    meeting = Meeting(meets_on=today + timedelta(days=4), meets_at="08:30", phone="+842373850000")
    service.move_conference(story.actor, story.id, conference_id, version=version, meeting=meeting)
    service.invite_units(
        story.actor,
        story.id,
        conference_id,
        frozenset({story.stage.cast["truong"].unit_id}),
        how="loi_noi",
        limits_read=True,
    )


def withdraw(story: "Story") -> None:
    """Call a conference whose consent the survivor takes back."""
    call(story)
    given = next(
        one
        for one in list_consents(story.actor, story.id)
        if one.state == ConsentState.GIVEN and one.document["purpose"] == Purpose.CONFERENCE
    )
    withdraw_consent(story.actor, story.id, given.id, given.version, "Không muốn nhiều nơi cùng biết.")
