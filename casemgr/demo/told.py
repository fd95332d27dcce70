"""What is told in an intake, drawn for one made-up person: the answers of its sections by name."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casemgr.demo.patterns import PATTERNS, Pattern
from casemgr.demo.stage import Stage

ETHNICITIES = {"muong": 52, "kinh": 36, "dao": 11, "thai": 1}
LANGUAGES = {"muong": "muong", "dao": "dao", "thai": "thai"}
HAMLET_WEIGHTS = (27, 22, 18, 15, 11, 7)
SERVICES = (
    "tam_lanh",
    "y_te",
    "tam_ly",
    "phap_ly",
    "cong_an",
    "sinh_ke",
    "bvte",
    "giao_duc",
    "nhu_yeu",
    "tro_cap",
)
NEED_OF = {
    "tam_lanh": "noi_an_toan",
    "y_te": "cap_cuu",
    "tam_ly": "tam_ly",
    "phap_ly": "phap_ly",
    "cong_an": "bao_ve",
}
GRAVE_SIGNS = ("bop_co", "vu_khi", "doa_giet", "tang_dan", "ruou_ma_tuy")
LIGHT_SIGNS = ("moi_chia_tay", "theo_doi", "ruou_ma_tuy", "danh_tre", "tang_dan")
_BROAD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is fixed in advance about a story; everything else is drawn."""

    pattern: str | None = None
    person: dict[str, Any] = field(default_factory=dict)
    services: tuple[str, ...] | None = None
    risk: str | None = None
    children: int | None = None
    consent: dict[str, Any] = field(default_factory=dict)
    says_what_happened: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who somebody is, what happened, and the sections of the intake in which it is written down."""

    pattern: Pattern
    risk: str
    age: int
    children: int
    sections: dict[str, dict[str, Any]]
    perpetrators: tuple[dict[str, Any], ...]

    @property
    def services(self) -> list[str]:
        """The services that she agrees to be referred to."""
        return list(self.sections["consent"].get("services") or [])

    @property
    def first_name(self) -> str:
        """What she is called by, without the family's name."""
        return " ".join(self.sections["person"]["full_name"].split()[2:])


def draw(stage: Stage, unit_id: Any, today: date, wishes: Wishes) -> Told:
    """Draw a person and her story as far as it is not wished for."""
    chance = stage.chance
    key = wishes.pattern or chance.weighed({name: one.weight for name, one in PATTERNS.items()})
    pattern = PATTERNS[key]
    age = chance.number(*pattern.ages)
    risk = wishes.risk or chance.weighed({"cao": 25, "trung_binh": 45, "thap": 25, "chua_danh_gia": 5})
    drawn = chance.number(0, 3) if age >= 20 else 0
    children = drawn if wishes.children is None else wishes.children
    services = wishes.services if wishes.services is not None else _services(stage, risk, age, children)
    person = _person(stage, pattern, age, today, children) | wishes.person
    person["hamlet"] = _hamlet(stage, unit_id)
    sections = {
        "report": _report(stage, today),
        "contact": _contact(stage),
        "consent": _consent(stage, services) | wishes.consent,
        "person": person,
        "danger": _danger(stage, risk),
        "needs": _needs(stage, services, children),
    }
    if wishes.says_what_happened:
        sections["incident"] = incident(stage, pattern, today)
    return Told(
        pattern=pattern,
        risk=risk,
        age=age,
        children=children,
        sections=sections,
        perpetrators=(perpetrator(stage, pattern),) if wishes.says_what_happened else (),
    )


def _services(stage: Stage, risk: str, age: int, children: int) -> tuple[str, ...]:
    wanted = stage.chance.some(("y_te", "tam_ly", "phap_ly", "cong_an", "sinh_ke", "nhu_yeu"), 0, 3)
    wanted += ["tam_lanh"] if risk == "cao" and stage.chance.often(0.7) else []
    wanted += ["giao_duc"] if age < 18 and stage.chance.often(0.6) else []
    wanted += ["bvte"] if age < 16 or (children and stage.chance.often(0.3)) else []
    return tuple(service for service in SERVICES if service in wanted)


def _hamlet(stage: Stage, unit_id: Any) -> str:
    hamlets = stage.cast.hamlets[unit_id]
    return stage.chance.weighed(dict(zip(hamlets, HAMLET_WEIGHTS, strict=False)))


def _person(stage: Stage, pattern: Pattern, age: int, today: date, children: int) -> dict[str, Any]:
    chance = stage.chance
    ethnicity = chance.weighed(ETHNICITIES)
    language = LANGUAGES.get(ethnicity)
    born = today - timedelta(days=age * 365 + chance.number(5, 350))
    known = chance.weighed({"day": 6, "year": 3, "age": 1})
    person: dict[str, Any] = {
        "full_name": stage.names.person(pattern.sex),
        "sex": pattern.sex,
        "address": f"Nhà mẫu số {chance.number(1, 90)}",
        "ethnicity": ethnicity,
        "languages": ["viet", language] if language else ["viet"],
        "marital": pattern.marital,
        "children_count": children,
        "occupation": "hoc_sinh_sv" if age < 18 else _occupation(stage, age),
        "poverty": chance.weighed({"ngheo": 3, "can_ngheo": 3, "moi_thoat": 1, "khong": 4}),
    }
    person |= (
        {"birth": born.isoformat() if known == "day" else f"{born.year}"} if known != "age" else {"age": age}
    )
    if language and chance.often(0.15):
        person |= {"needs_interpreter": "yes", "interpreter_note": "Cộng tác viên Mẫu ở xã bên"}
    vulnerable = ["dtts"] if ethnicity != "kinh" else []
    vulnerable += ["cao_tuoi"] if age >= 60 else []
    vulnerable += ["don_than"] if pattern.marital in ("ly_hon", "goa") and children else []
    vulnerable += ["mang_thai"] if pattern.sex == "nu" and 20 <= age <= 38 and chance.often(0.08) else []
    return person | ({"vulnerability": vulnerable} if vulnerable else {})


def _occupation(stage: Stage, age: int) -> str:
    if age >= 65:
        return "nong_dan"
    return stage.chance.weighed(
        {"nong_dan": 6, "lao_dong_tu_do": 2, "cong_nhan": 2, "buon_ban": 1, "noi_tro": 2}
    )


def _report(stage: Stage, today: date) -> dict[str, Any]:
    chance = stage.chance
    told = {"reported_on": today.isoformat()}
    told["channel"] = chance.weighed({"truc_tiep": 5, "dien_thoai": 4, "tong_dai": 1, "phat_hien": 1})
    told["reporter"] = chance.weighed(
        {"tu_bao": 6, "nguoi_than": 2, "truong_thon": 1, "y_te": 1, "mttq_doan_the": 1}
    )
    told["referred_by"] = chance.weighed({"tu_den": 6, "y_te": 1, "cong_dong": 2, "cong_an": 1})
    return told | {"is_present": "yes" if chance.often(0.85) else "no"}


def _contact(stage: Stage) -> dict[str, Any]:
    chance = stage.chance
    if chance.often(0.12):
        return {
            "may_call": "no",
            "contact_method": "nguoi_tin_cay",
            "contact_forbidden": "Không gọi, không đến nhà. Chỉ gặp khi đi tiêm phòng cho con.",
        }
    return {
        "may_call": "yes",
        "phone": stage.names.phone(),
        "may_text": "no",
        "contact_method": "goi",
        "contact_hours": chance.pick(
            ("8 giờ đến 10 giờ, trừ Chủ nhật", "Buổi trưa, khi đi làm đồng", "Sau 14 giờ")
        ),
        "code_word": chance.pick(
            ("Hôm nay có bán rau không?", "Hội họp lúc mấy giờ?", "Chị lấy phân bón chưa?")
        ),
    }


def _consent(stage: Stage, services: tuple[str, ...]) -> dict[str, Any]:
    chance = stage.chance
    return {
        "limits_read": "yes",
        "agrees_file": "yes",
        "how": chance.weighed({"loi_noi": 6, "ky_ten": 3, "diem_chi": 1}),
        "services": list(services),
        "agrees_contact": "yes" if chance.often(0.9) else "no",
        "agrees_conference": "yes" if chance.often(0.6) else "no",
        "agrees_reporting": "yes" if chance.often(0.88) else "no",
    }


def _danger(stage: Stage, risk: str) -> dict[str, Any]:
    chance = stage.chance
    signs = {
        "cao": lambda: chance.some(GRAVE_SIGNS, 2, _BROAD),
        "trung_binh": lambda: chance.some(LIGHT_SIGNS, 1, 3),
    }.get(risk, list)()
    danger: dict[str, Any] = {"danger_now": "yes" if risk == "cao" and chance.often(0.3) else "no"}
    danger |= {"danger_signs": signs} if signs else {}
    return danger | ({"risk_level": risk} if risk != "chua_danh_gia" else {})


def _needs(stage: Stage, services: tuple[str, ...], children: int) -> dict[str, Any]:
    needs = [NEED_OF[service] for service in services if service in NEED_OF and stage.chance.often(0.7)]
    people = {"adults": 1, "children": min(children, 2)}
    return ({"urgent_needs": needs} if needs else {}) | people


def incident(stage: Stage, pattern: Pattern, today: date) -> dict[str, Any]:
    """Draw the answers about one incident of a pattern, its classification included."""
    chance = stage.chance
    delay = chance.weighed({0: 3, 1: 3, 3: 3, 5: 2, 9: 2, 20: 2, 45: 1})
    injured = pattern.core_type == "phys_assault" and chance.often(0.5)
    told: dict[str, Any] = {
        "happened_on": (today - timedelta(days=delay)).isoformat(),
        "time_of_day": chance.weighed({"toi_dem": 6, "chieu": 2, "sang": 1, "khong_ro": 1}),
        "place": pattern.place,
        "account": chance.pick(pattern.accounts),
        "relationship_basis": pattern.basis,
        "previous_incidents": "yes" if chance.often(0.55) else "no",
        "reported_elsewhere": chance.weighed({"khong": 17, "co_khac": 2, "co_gbvims": 1}),
        "perpetrator_number": "mot",
        "legal_wish": chance.weighed({"co": 2, "khong": 3, "chua_quyet": 5}),
    }
    told |= {"dv_acts": list(pattern.acts)} if pattern.acts else {}
    told |= {"injured": "yes", "injuries": "Bầm tím, đã xem ở trạm y tế."} if injured else {}
    return told | pattern.extra | pattern.wizard


def perpetrator(stage: Stage, pattern: Pattern) -> dict[str, Any]:
    """Draw what is said of the alleged perpetrator."""
    chance = stage.chance
    known = {
        "is_primary": "yes",
        "relation": pattern.relation,
        "sex": pattern.by,
        "age_band": chance.weighed({"a18_25": 1, "a26_40": 5, "a41_60": 4, "khong_ro": 1}),
        "occupation": chance.weighed({"nong_dan": 5, "lao_dong_tu_do": 3, "di_lam_xa": 1, "that_nghiep": 1}),
        "lives_with_her": "yes" if pattern.basis == "gia_dinh" else "no",
        "alcohol": "yes" if chance.often(0.55) else "no",
    }
    return known | ({"name": stage.names.other(pattern.by)} if chance.often(0.6) else {})
