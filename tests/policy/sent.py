"""What the people of the matrix have sent each other: requests to address and police, stays, conferences."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from casemgr import clock
from casemgr.conferences import service as conferences
from casemgr.conferences.models import ConferenceSeat
from casemgr.conferences.rules import Calling
from casemgr.db import current
from casemgr.referrals import service as referrals
from casemgr.stays import service as stays
from tests.rig.network import sending_to

if TYPE_CHECKING:
    from tests.policy.world import World

ADDRESS, POLICE = "address", "police"


def send(world: "World", sender: str, case_id: str, unit: str, *excluded: str) -> str:
    service = "cong_an" if unit == POLICE else "tam_lanh"
    sending = sending_to(world.units[unit], service=service, adults=1, children=0)
    left_out = frozenset(world.actor(name).account_id for name in excluded)
    sent = referrals.send_referral(
        world.actor(sender),
        UUID(case_id),
        type(sending)(
            to_unit_id=sending.to_unit_id, offer=sending.offer, content=sending.content, excluded=left_out
        ),
    )
    folder = next(one for one in world.folders.values() if one["case_id"] == case_id)
    folder["referral_id"] = str(sent.id)
    folder["bundle_id"] = str(sent.bundle_id)
    return str(sent.bundle_id)


def send_bundles(world: "World") -> None:
    plain, kept = world.folders["plain"]["case_id"], world.folders["kept"]["case_id"]
    keeper = world.actor("keeper")
    world.bundles["recalled"] = send(world, "owner", plain, ADDRESS)
    recalled = UUID(world.folders["plain"]["referral_id"])
    referrals.recall(world.actor("owner"), UUID(plain), recalled)
    world.bundles["accepted"] = send(world, "owner", plain, ADDRESS)
    referrals.accept(keeper, UUID(world.bundles["accepted"]))
    world.bundles["arrived"] = send(world, "owner", plain, ADDRESS)
    referrals.accept(keeper, UUID(world.bundles["arrived"]))
    referrals.record_arrival(keeper, UUID(world.bundles["arrived"]))
    world.other["arrived_referral_id"] = world.folders["plain"]["referral_id"]
    arrived = UUID(world.bundles["arrived"])
    entry, supply = {"what": "Sữa"}, {"supply": "an_uong", "what": "Gạo", "cost": 100_000}
    world.folders["plain"] |= {
        "person_id": str(stays.add_person(keeper, arrived, {"kind": "tre_em", "called": "Tít"})),
        "entry_id": str(stays.add_need(keeper, arrived, entry)),
        "supply_id": str(stays.add_supply(keeper, arrived, supply)),
    }
    for name in ("other", "kept", "passed"):
        world.folders[name] |= {key: str(uuid4()) for key in ("person_id", "entry_id", "supply_id")}
    _end_a_stay(world)
    told = {"incident": "khac", "what": "Có người lạ hỏi đường"}
    world.other["event_id"] = str(stays.tell_incident(keeper, told))
    world.bundles["police"] = send(world, "owner", plain, POLICE)
    world.bundles["sent"] = send(world, "owner", plain, ADDRESS, "keeper_excluded")
    world.bundles["kept"] = send(world, "conflicted_owner", kept, ADDRESS)
    send(world, "owner", world.folders["other"]["case_id"], ADDRESS)
    send(world, "owner", world.folders["passed"]["case_id"], ADDRESS)


def _end_a_stay(world: "World") -> None:
    """Somebody of the first file has stayed at the address, and left."""
    keeper = world.actor("keeper")
    ended = UUID(send(world, "owner", world.folders["plain"]["case_id"], ADDRESS))
    world.bundles["ended"] = str(ended)
    world.other["ended_referral_id"] = world.folders["plain"]["referral_id"]
    referrals.accept(keeper, ended)
    referrals.record_arrival(keeper, ended)
    referrals.complete(keeper, ended, left_to="nguoi_than", safety="an_toan")


def confer(world: "World") -> None:
    """Call the police to a conference about every file, and give them something to do."""
    for name, folder in world.folders.items():
        actor = world.actor("conflicted_owner" if name == "kept" else "owner")
        case_id, police = UUID(folder["case_id"]), world.units[POLICE]
        calling = Calling(
            meets_on=clock.today(),
            meets_at="14:00",
            place="Phòng họp",
            unit_ids=frozenset({police}),
            topics=("cong_an",),
            needs=("Tuần tra buổi tối",),
        )
        called = conferences.call_conference(actor, case_id, calling, how="loi_noi", limits_read=True)
        due = clock.today() + timedelta(days=5)
        agreed = conferences.add_action(
            actor, case_id, called.id, unit_id=police, text="Tuần tra", due_day=due
        )
        seat = select(ConferenceSeat.id).where(ConferenceSeat.conference_id == called.id)
        folder["conference_id"], folder["action_id"] = str(called.id), str(agreed.id)
        folder["seat_id"] = str(current().scalars(seat).one())
