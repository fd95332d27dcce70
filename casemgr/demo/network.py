"""What the units of the demonstration say of themselves, their rota, and numbers that were called."""

from datetime import timedelta
from typing import Any

from casemgr import clock
from casemgr.demo.stage import Cast
from casemgr.directory import service as directory
from casemgr.directory.rules import Availability
from casemgr.duty import service as duty
from casemgr.duty.service import Days
from casemgr.units.queries import list_units

OFFICE_HOURS = {"open_days": "thu2_thu6", "opens": "07:00", "closes": "17:00"}
ENTRIES: dict[str, dict[str, Any]] = {
    "congan": {
        "services": ["cong_an"],
        "contact": "Trụ sở công an xã, cạnh chợ Mẫu",
        "answered_by": "Trực ban",
        "open_days": "hang_ngay",
        "languages": ["viet", "muong"],
        "access": ["xe_lan", "den_noi"],
        "staff_contact": "Chỉ huy trực",
        "staff_phone": "+84900000113",
    },
    "yte": {
        "services": ["y_te", "tam_ly"],
        "contact": "Trạm y tế, đầu thôn Mẫu Hai",
        "answered_by": "Nữ hộ sinh trực",
        "open_days": "hang_ngay",
        "hours_note": "Khám ngoài giờ thì gọi trước",
        "cost": "mien_phi",
        "languages": ["viet", "muong", "dao"],
        "access": ["xe_lan", "ve_sinh"],
    },
    "phunu": {
        "services": ["tam_ly", "sinh_ke", "hoa_nhap", "nhu_yeu"],
        "contact": "Phòng 3, trụ sở ủy ban nhân dân xã",
        "answered_by": "Cán bộ Hội trực",
        "cost": "mien_phi",
        "languages": ["viet", "mong"],
        "access": ["don_gian", "nhan_tin"],
        "capacity": "Mỗi ngày 4 người",
        **OFFICE_HOURS,
    },
    "phaply": {
        "services": ["phap_ly"],
        "contact": "Số 1 đường Mẫu, thành phố",
        "answered_by": "Trợ giúp viên trực",
        "capacity": "Mỗi tuần một buổi ở xã",
        "cost": "mien_phi",
        "languages": ["viet", "ky_hieu"],
        "access": ["ky_hieu", "den_noi"],
        "communes": "Xã Cẩm Tú\nXã Cẩm Vân",
        **OFFICE_HOURS,
    },
    "truong": {
        "services": ["giao_duc"],
        "contact": "Trường THCS Mẫu, thôn Mẫu Ba",
        "answered_by": "Giáo viên tổng phụ trách",
        "cost": "mien_phi",
        "languages": ["viet", "muong"],
        "access": ["xe_lan", "don_gian"],
        "capacity": "Nhận học sinh chuyển đến ngay trong tuần",
        **OFFICE_HOURS,
    },
    "phutrach": {
        "services": ["bvte", "tro_cap", "nhu_yeu", "sinh_ke"],
        "contact": "Phòng 5, trụ sở ủy ban nhân dân xã",
        "answered_by": "Cán bộ trực của phòng",
        "hours_note": "Ngoài giờ có người trực qua điện thoại",
        "cost": "mien_phi",
        "languages": ["viet", "muong", "mong"],
        "access": ["xe_lan", "den_noi", "don_gian"],
        "capacity": "Mỗi ngày 6 người",
        **OFFICE_HOURS,
    },
    "xaben.phutrach": {
        "services": ["bvte", "tro_cap"],
        "contact": "Trụ sở ủy ban nhân dân xã Cẩm Vân",
        "answered_by": "Cán bộ trực của phòng",
        "cost": "mien_phi",
        "languages": ["viet", "muong"],
        "access": ["xe_lan"],
        **OFFICE_HOURS,
    },
    "diachi1": {
        "services": ["tam_lanh"],
        "contact": "Hỏi số trực của xã",
        "answered_by": "Chủ địa chỉ",
        "open_days": "hang_ngay",
        "cost": "mien_phi",
        "languages": ["viet", "muong"],
        "access": ["ve_sinh", "den_noi"],
        "capacity": "Một gia đình mỗi lúc",
    },
}
"""What each says, by who enters it."""

BY_KIND: dict[str, dict[str, Any]] = {
    "ubnd_xa": {
        "services": ["giay_to", "tro_cap"],
        "contact": "Bộ phận một cửa, trụ sở ủy ban nhân dân xã",
        "answered_by": "Công chức tư pháp – hộ tịch",
        "cost": "mien_phi",
        "languages": ["viet", "muong"],
        "access": ["xe_lan", "don_gian"],
        **OFFICE_HOURS,
    },
    "benh_vien": {
        "services": ["y_te", "tam_ly"],
        "contact": "Cổng cấp cứu, đường Mẫu",
        "answered_by": "Điều dưỡng trực cấp cứu",
        "open_days": "hang_ngay",
        "hours_note": "Khám thường: giờ hành chính",
        "cost": "mot_phan",
        "languages": ["viet", "thai"],
        "access": ["xe_lan", "ve_sinh", "ky_hieu"],
        "capacity": "Cấp cứu không giới hạn; tâm lý mỗi ngày 8 người",
        "communes": "Xã Cẩm Tú\nXã Cẩm Vân",
    },
    "dich_vu_viec_lam": {
        "services": ["sinh_ke"],
        "contact": "Số 3 đường Mẫu, thành phố",
        "answered_by": "Tư vấn viên",
        "open_days": "thu2_thu7",
        "opens": "07:30",
        "closes": "16:30",
        "cost": "mien_phi",
        "languages": ["viet"],
        "access": ["xe_lan", "nhan_tin", "chu_noi"],
        "capacity": "Lớp nghề mỗi quý 20 người",
        "communes": "Xã Cẩm Tú\nXã Cẩm Vân",
    },
}
"""What the administrator enters for offices that cannot sign in, by the kind of each."""


ROTA: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "phutrach": (
        ("canbo1", "hanh_chinh", 0, 6),
        ("canbo2", "dem", -1, 3),
        ("phutrach", "dem", 4, 6),
        ("canbo2", "hanh_chinh", 7, 8),
        ("canbo1", "hanh_chinh", 9, 13),
        ("phutrach", "dem", 7, 13),
        ("canbo1", "hanh_chinh", 14, 20),
        ("canbo2", "dem", 14, 20),
    ),
    "congan": (("congan", "ca_ngay", -1, 6), ("congan", "dem", 7, 13)),
    "yte": (("yte", "ca_ngay", -1, 2), ("yte", "hanh_chinh", 3, 13)),
    "phunu": (("phunu", "hanh_chinh", 0, 13),),
    "diachi1": (("diachi1", "ca_ngay", -1, 13),),
    "diachi2": (("diachi2", "ca_ngay", -1, 6),),
    "nhatamlanh": (("nhatamlanh", "ca_ngay", -1, 20),),
}
"""Who writes which rota: who is on duty at which hours, from and until how many days after today."""


def publish(cast: Cast) -> None:
    """Let the units say what they do; what legal aid and the next commune say grows old after this day."""
    for name, said in ENTRIES.items():
        directory.change_entry(cast[name], cast[name].unit_id, 0, said)
    for unit in list_units(cast["quantri"]):
        if unit.kind in BY_KIND:
            directory.change_entry(cast["quantri"], unit.id, 0, BY_KIND[unit.kind])
    for number in ("hotline:anh_duong_thanh_hoa", f"unit:{cast['diachi1'].unit_id}"):
        duty.verify_number(cast["phutrach"], number)


def keep_up(cast: Cast) -> None:
    """Confirm what holds these days, close what is closed, and write the rota of the next weeks."""
    today = clock.today()
    for name in ("congan", "yte", "diachi1", "truong", "phutrach"):
        directory.confirm_entry(cast[name], cast[name].unit_id)
    for unit in list_units(cast["quantri"]):
        if unit.kind in BY_KIND:
            directory.confirm_entry(cast["quantri"], unit.id)
    until = today + timedelta(days=3)
    directory.set_availability(cast["phunu"], cast["phunu"].unit_id, Availability.FULL, until)
    duty.verify_number(cast["phutrach"], "hotline:anh_duong_thanh_hoa")
    for keeper, shifts in ROTA.items():
        for who, part, first, last in shifts:
            duty.add_shift(cast[keeper], cast[who].account_id, part, _days(first, last))
    duty.add_absence(cast["phutrach"], cast["treem"].account_id, cast["canbo2"].account_id, _days(2, 5))
    duty.add_absence(cast["canbo2"], cast["canbo2"].account_id, cast["canbo1"].account_id, _days(9, 11))


def _days(first: int, last: int) -> Days:
    today = clock.today()
    return Days(from_day=today + timedelta(days=first), until_day=today + timedelta(days=last))
