"""Who works in the demonstration: one account for each role at least, under names that nobody bears."""

from dataclasses import dataclass

from casemgr.policy import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """An account of the demonstration; `unit` is the key of an organisation."""

    sign_in_name: str
    name: str
    unit: str
    roles: tuple[Role, ...]


def _one(sign_in_name: str, name: str, unit: str, *roles: Role) -> Player:
    return Player(sign_in_name=sign_in_name, name=name, unit=unit, roles=roles)


PLAYERS = (
    _one("canbo1", "Cán bộ Mẫu Một", "office", Role.CASE_WORKER),
    _one("canbo2", "Cán bộ Mẫu Hai", "office", Role.CASE_WORKER, Role.CHILD_WORKER),
    _one("phutrach", "Phụ trách Mẫu", "office", Role.SUPERVISOR),
    _one("treem", "Cán bộ Trẻ em Mẫu", "office", Role.CHILD_WORKER),
    _one("chuongtrinh", "Cán bộ Chương trình Mẫu", "office", Role.PROGRAMME_OFFICER),
    _one("baocao", "Cán bộ Báo cáo Mẫu", "office", Role.REPORT_OFFICER),
    _one("lanhdao", "Lãnh đạo Mẫu", "committee", Role.LEADER),
    _one("dulieu", "Phụ trách Dữ liệu Mẫu", "committee", Role.DATA_PROTECTION),
    _one("quantri", "Quản trị Mẫu", "committee", Role.ADMINISTRATOR),
    _one("diachi1", "Chủ địa chỉ Mẫu Một", "open_address", Role.KEEPER),
    _one("diachi2", "Chủ địa chỉ Mẫu Hai", "hidden_address", Role.KEEPER),
    _one("nhatamlanh", "Quản lý nhà tạm lánh Mẫu", "shelter", Role.KEEPER),
    _one("tinh.phutrach", "Phụ trách Mẫu nhà tạm lánh", "shelter", Role.SUPERVISOR),
    _one("congan", "Công an Mẫu", "police", Role.RECIPIENT),
    _one("yte", "Y tế Mẫu", "health", Role.RECIPIENT),
    _one("truong", "Nhà trường Mẫu", "school", Role.RECIPIENT),
    _one("phunu", "Phụ nữ Mẫu", "union", Role.RECIPIENT, Role.PROGRAMME_OFFICER),
    _one("phaply", "Trợ giúp viên Mẫu", "legal", Role.RECIPIENT, Role.PROGRAMME_OFFICER),
    _one("thon1", "Trưởng thôn Mẫu Một", "hamlet_1", Role.HAMLET_HEAD),
    _one("thon2", "Trưởng thôn Mẫu Hai", "hamlet_2", Role.HAMLET_HEAD),
    _one("xaben.canbo", "Cán bộ Mẫu xã bên", "next_office", Role.CASE_WORKER),
    _one("xaben.phutrach", "Phụ trách Mẫu xã bên", "next_office", Role.SUPERVISOR, Role.REPORT_OFFICER),
)
