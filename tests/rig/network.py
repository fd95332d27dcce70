"""The units around a commune for tests: a trusted address and the police, with somebody at each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casemgr.cases.models import Case
from casemgr.cases.service import open_case
from casemgr.policy import Actor, Role
from casemgr.referrals.models import Referral
from casemgr.referrals.rules import Sending
from casemgr.referrals.service import send_referral
from casemgr.shelters.service import AddressEntry, add_address
from casemgr.survivors.service import record_consent
from tests.rig.office import Office, add_account, add_unit, open_office

OFFER = {
    "service": "tam_lanh",
    "urgency": "ngay",
    "danger_level": "cao",
    "adults": 1,
    "children": 2,
    "age_bands": ["a0_5", "a18_59"],
    "from_when": "Ngay bây giờ",
    "special_needs": "Có cháu nhỏ cần sữa",
}
CONTENT = {
    "called_name": "Chị Hoa",
    "safe_phone": "+84912345678",
    "code_word": "chè xanh",
    "meeting_point": "Cổng sau trạm y tế",
    "meeting_at": "21:30",
    "call_phone": "+84987654321",
    "situation": "Cần chỗ ở vài đêm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """An office, the address it sends people to, and a case with consent."""

    office: Office
    keeper: Actor
    second_keeper: Actor
    neighbour: Actor
    police: Actor
    police_id: UUID
    case_id: UUID

    @property
    def address_id(self) -> UUID:
        """The unit that is the trusted address."""
        return self.office.shelter_id


def build_network(*, adult_beds: int = 2, child_beds: int = 2, is_public: bool = False) -> Network:
    """Set everything up inside the running unit of work."""
    office = open_office()
    police = add_unit("cong_an_xa", "Công an xã Cẩm Tú", "15148", office.unit_id)
    entry = AddressEntry(
        decision_number="12/QĐ-UBND",
        is_public=is_public,
        adult_beds=adult_beds,
        child_beds=child_beds,
        contact_phone="+84911222333",
        place="Nhà ba gian cuối ngõ",
        way="Rẽ phải sau cầu",
    )
    add_address(office.supervisor, office.shelter_id, entry)
    return Network(
        office=office,
        keeper=add_account(office.shelter_id, Role.KEEPER, "Bình"),
        second_keeper=add_account(office.shelter_id, Role.KEEPER, "Yên"),
        neighbour=add_account(office.shelter_id, Role.HAMLET_HEAD, "Tâm"),
        police=add_account(police.id, Role.RECIPIENT, "Dũng"),
        police_id=police.id,
        case_id=consented_case(office).id,
    )


def consented_case(office: Office, *services: str) -> Case:
    """Open a case whose survivor consents to be referred."""
    case = open_case(office.worker, summary={})
    for service in services or ("tam_lanh", "cong_an"):
        record_consent(
            office.worker, case.id, purpose="chuyen_gui", service=service, how="loi_noi", limits_read=True
        )
    return case


def sending_to(unit_id: UUID, **offer: Any) -> Sending:
    """Ask a unit for what a test needs."""
    return Sending(to_unit_id=unit_id, offer=OFFER | offer, content=CONTENT, note="Chỉ ghi trong hồ sơ")


def send(network: Network, case_id: UUID | None = None, **offer: Any) -> Referral:
    """Send a referral to the trusted address."""
    sending = sending_to(network.address_id, **offer)
    return send_referral(network.office.worker, case_id or network.case_id, sending)
