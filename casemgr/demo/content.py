"""The content of the demonstration: some three hundred made-up cases, played through the real services."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from casemgr import clock, db
from casemgr.db import Database
from casemgr.demo import line_lists, network, reports, support, tips
from casemgr.demo.chance import Chance
from casemgr.demo.names import Names
from casemgr.demo.organisation import begin_day
from casemgr.demo.present import Present
from casemgr.demo.stage import Stage, find_cast, local_moment
from casemgr.demo.stories import Story, finish_due_tasks
from casemgr.demo.told import Wishes
from casemgr.keys.service import Keyring
from casemgr.policy import Actor
from casemgr.referrals.service import expire_due, gather_answers
from casemgr.shelters.service import AddressEntry, add_address

WHOLE = 260
CASES = WHOLE
"""How many cases are drawn for the first commune; with those of the present there are about 300."""

ACTIONS, TIPS = 60, 45
NEXT_DOOR = (0.15, 0.45, 0.8)
"""When the other commune hears of an incident, as shares of the whole time: never more than four a year."""

ADDRESSES = (
    ("phutrach", "diachi1", True, 4, 4),
    ("phutrach", "diachi2", False, 4, 5),
    ("tinh.phutrach", "nhatamlanh", False, 12, 12),
)
"""Who enters whose address, whether it is public, and its beds for grown persons and children."""

PROFILE = {
    "decided_on": "2026-01-05",
    "households": "Hộ mẫu; Chi hội Phụ nữ thôn Mẫu hỗ trợ",
    "keepers": "Người giữ mẫu, 0900 000 000",
    "suits": ["phu_nu", "tre_em", "mang_thai", "ban_dem"],
    "travel": "gan",
    "rooms": "Hai phòng ngủ có khóa, một phòng chung",
    "equipment": ["giuong", "nha_ve_sinh", "khoa", "tui_so_cuu", "du_phong"],
    "reputation": "Chi hội Phụ nữ và công an xã cùng hỏi; không ai trong nhà từng gây bạo lực.",
    "reputation_on": "2026-01-04",
    "training": ["tiep_nhan", "bao_mat", "so_cuu"],
    "trained_on": "2026-03-12",
    "review_on": "2027-01-05",
}
"""What the register says of every address beside its beds and its place."""

ROUTINE_DAYS = (0, 2, 4)
"""Monday, Wednesday, Friday."""

NIGHT = 1440


def fill(
    database: Database,
    keyring: Keyring,
    founder: Actor,
    *,
    cases: int | None = None,
    tell: Callable[[date], None] = lambda _: None,
) -> None:
    """Play the story of the organisations up to this moment; `tell` hears of each day that was played."""
    ends_at, begin = clock.now(), begin_day(clock.today())
    with clock.frozen(local_moment(begin)), db.work(database, keyring, write=True):
        cast = find_cast(founder)
    chance = Chance()
    stage = Stage(cast=cast, chance=chance, names=Names(chance), begin=begin, ends_at=ends_at)
    stage.at(local_moment(begin) + timedelta(hours=8), lambda: _enter_addresses(stage))
    stage.at(local_moment(begin) + timedelta(hours=9), lambda: network.publish(cast))
    stage.at(ends_at - timedelta(hours=1), lambda: network.keep_up(cast))
    count = CASES if cases is None else cases
    _add_stories(stage, count)
    _add_other_work(stage, count / WHOLE)
    _add_routine(stage)
    Present(stage).prepare()
    with _few_collections():
        stage.play(database, keyring, tell)
    with clock.frozen(ends_at):
        line_lists.send(database, keyring, cast["phutrach"])


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for garbage less often: so much is made here that the default costs a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _enter_addresses(stage: Stage) -> None:
    for supervisor, keeper, is_public, adults, children in ADDRESSES:
        entry = AddressEntry(
            decision_number="00/QĐ-UBND",
            is_public=is_public,
            adult_beds=adults,
            child_beds=children,
            contact_phone=stage.names.phone(),
            place="Địa điểm mẫu, thôn Mẫu",
            way="Đường mẫu: qua cầu, rẽ trái, nhà có giàn bầu.",
            profile=PROFILE | {"address_kind": "co_so" if keeper == "nhatamlanh" else "ho_gia_dinh"},
        )
        add_address(stage.cast[supervisor], stage.cast[keeper].unit_id, entry)


def _add_stories(stage: Stage, cases: int) -> None:
    """Spread the cases of the first commune over the days, and a few over those of the other one."""
    chance, length = stage.chance, stage.ends_at - local_moment(stage.begin)
    for _ in range(cases):
        worker = chance.weighed({"canbo1": 6, "canbo2": 5})
        story = Story(stage=stage, worker=worker, wishes=_wishes(stage))
        opened_at = local_moment(stage.begin) + timedelta(minutes=chance.number(NIGHT, _minutes(length)))
        if chance.often(0.08):
            stage.at(opened_at, story.open_emergency)
            stage.at(opened_at + timedelta(minutes=chance.number(300, NIGHT)), story.take_intake)
        else:
            stage.at(stage.office_moment(clock.local(opened_at).date()), story.take_intake)
    for share in NEXT_DOOR:
        story = Story(stage=stage, worker="xaben.canbo")
        stage.at(stage.office_moment(stage.begin + length * share), story.take_intake)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60) - NIGHT


def _wishes(stage: Stage) -> Wishes:
    if stage.chance.often(0.05):
        return Wishes(consent={"agrees_file": "no", "services": []}, services=())
    return Wishes()


def _add_other_work(stage: Stage, scale: float) -> None:
    for day in _spread(stage, round(ACTIONS * scale)):
        stage.at(stage.office_moment(day), lambda: support.begin(stage))
    for day in _spread(stage, round(TIPS * scale)):
        head = stage.chance.pick(("thon1", "thon2"))
        stage.at(stage.office_moment(day), lambda head=head: tips.send(stage, head))  # type: ignore[misc]


def _spread(stage: Stage, count: int) -> list[date]:
    days = (clock.local(stage.ends_at).date() - stage.begin).days - 3
    return [stage.begin + timedelta(days=stage.chance.number(1, days)) for _ in range(count)]


def _add_routine(stage: Stage) -> None:
    last_days = clock.local(stage.ends_at).date() - timedelta(days=4)
    for day in stage.days():
        evening = local_moment(day) + timedelta(hours=16, minutes=30)
        if day.weekday() in ROUTINE_DAYS:
            stage.at(evening, lambda: expire_due(stage.cast["phutrach"]))
            stage.at(evening, lambda: gather_answers(stage.cast["phutrach"]))
            share = 0.97 if day < last_days else 0.6
            for worker in ("canbo1", "canbo2", "xaben.canbo"):
                stage.at(evening, lambda worker=worker, share=share: finish_due_tasks(stage, worker, share))  # type: ignore[misc]
    reports.plan(stage)
