"""A network of units for the tests of referrals, at a fixed moment, and a partner who answers by letter."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from casemgr import clock, db
from casemgr.cases.service import open_case
from casemgr.factory import create_app
from casemgr.policy import Role
from casemgr.referrals.rules import Sending
from casemgr.referrals.service import send_referral
from casemgr.survivors.service import record_consent
from tests.referrals.partner import ADDRESS, SHARED, Hospital
from tests.rig.network import OFFER, Network, build_network
from tests.rig.office import add_unit
from tests.rig.staff import add_staff, cheap_passwords, settings_for

NOW = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)


@pytest.fixture
def session(work: Callable[..., AbstractContextManager[Session]]) -> Iterator[Session]:
    with clock.frozen(NOW), work() as session:
        yield session


@pytest.fixture
def network(session: Session) -> Network:
    return build_network()


@pytest.fixture
def hospital(database, keys, engine_url, tmp_path, work):
    cheap_passwords()
    with clock.frozen(NOW):
        settings = replace(settings_for(engine_url, tmp_path), reply_address=ADDRESS)
        app = create_app(settings, database, keys)
        with db.work(database, keys, write=True):
            commune = add_unit("phong_vhxh", "Phòng Văn hóa – Xã hội xã Cẩm Tú", "15148")
            there = add_unit("benh_vien", "Bệnh viện huyện", "15148", commune.id)
            mai = add_staff("mai", Role.CASE_WORKER, unit_id=commune.id, shown_name="Lò Thị Mai")
            case_id = open_case(mai.actor, summary={}).id
            record_consent(
                mai.actor,
                case_id,
                purpose="chuyen_gui",
                service="y_te",
                how="loi_noi",
                limits_read=True,
                fields=tuple(SHARED),
            )
            offer = OFFER | {"service": "y_te", "urgency": "trong_ngay"}
            sending = Sending(to_unit_id=there.id, offer=offer, content=SHARED)
            referral = send_referral(mai.actor, case_id, sending)
        yield Hospital(app, work, mai, case_id, referral)
