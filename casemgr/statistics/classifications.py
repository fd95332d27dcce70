"""Classifications: how the codes of a fact become the finest codes of each dimension that tables use.

Every dimension adds up: what a fact leaves open is counted under "not known". An incident that has several
traits (forms of violence, contexts) has a yes/no dimension for each, because they do not add up to one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from casemgr.codes import lists
from casemgr.facts.rules import SPECS, YES_NO, FactKind

TOTAL = "tong"
NOT_KNOWN = "khong_ro"
YES, NO = "co", "khong"
UNIT = "unit"
LEFT_OPEN = (NOT_KNOWN, "unknown", "chua_ro")
"""Codes by which lists themselves say that nobody knows."""

Band = tuple[str, int, int | None]
Titles = tuple[str, str]

PEOPLE_BANDS: tuple[Band, ...] = (("p1", 1, 1), ("p2", 2, 2), ("p3_plus", 3, None))
NIGHT_BANDS: tuple[Band, ...] = (
    *(("n0_3", 0, 3), ("n4_30", 4, 30)),
    *(("n31_90", 31, 90), ("n91_plus", 91, None)),
)

GENDER_BASED = frozenset(one.code for one in lists.get("gbvims_type") if one.attributes["is_gbv"] == "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """One way to divide facts of a kind: its titles, its finest codes, and how a fact is read.

    Codes come from the list of the fact's field (`field`, by default the field of the same name), or from
    another list by a roll-up (`scheme`); a field that says yes or no gives three codes; `bands` divide a
    number; `read` computes what no single field says.
    """

    name: str
    titles: Titles
    field: str = ""
    scheme: str = ""
    bands: tuple[Band, ...] = ()
    read: Callable[[Mapping[str, Any]], str] | None = None

    def codes(self, kind: FactKind) -> tuple[str, ...]:
        """Return the finest codes in the order of display; "not known" is among them."""
        if self.bands:
            return tuple(code for code, _, _ in self.bands)
        listed = self.code_list(kind)
        if not listed:
            return (YES, NO, NOT_KNOWN)
        return tuple(dict.fromkeys((*(one.code for one in lists.get(listed)), self.left_open(kind))))

    def left_open(self, kind: FactKind) -> str:
        """Return the code under which a fact counts that leaves this open."""
        listed = self.code_list(kind)
        known = lists.get(listed) if listed else ()
        return next((code for code in LEFT_OPEN if code in known), NOT_KNOWN)

    def code_list(self, kind: FactKind) -> str:
        """Return the list of the codes, or nothing for yes and no and for bands."""
        source = "" if self.read or self.bands else SPECS[kind].fields[self.field or self.name]
        if source in ("", YES_NO):
            return ""
        return lists.get(source).schemes[self.scheme] if self.scheme else source

    def leaf(self, kind: FactKind, codes: Mapping[str, Any]) -> str:
        """Return the finest code of one fact."""
        if self.read:
            return self.read(codes)
        value = codes.get(self.field or self.name)
        listed = self.code_list(kind)
        if not listed:
            return YES_OR_NO.get(value, NOT_KNOWN) if isinstance(value, bool | str) else NOT_KNOWN
        code = _listed(SPECS[kind].fields[self.field or self.name], self.scheme, listed, str(value))
        return code or self.left_open(kind)


YES_OR_NO: Mapping[bool | str, str] = {True: YES, "yes": YES, YES: YES, False: NO, "no": NO, NO: NO}


@cache
def _listed(source: str, scheme: str, listed: str, value: str) -> str:
    if value not in lists.get(source):
        return ""
    code = lists.rollup(source, value, scheme) if scheme else value
    return code if code and code in lists.get(listed) else ""


def _is_included(codes: Mapping[str, Any]) -> str:
    """Say whether GBVIMS counts an incident: gender-based, she agreed, nobody of GBVIMS counted it before."""
    agreed = YES_OR_NO.get(codes.get("reporting_consent") or "") == YES
    counted = YES_OR_NO.get(codes.get("reported_elsewhere") or "") == YES
    return YES if agreed and not counted and codes.get("gbvims_type") in GENDER_BASED else NO


def _people(codes: Mapping[str, Any]) -> str:
    return band(PEOPLE_BANDS, max(1, number(codes.get("adults")) + number(codes.get("children"))))


def _nights(codes: Mapping[str, Any]) -> str:
    return band(NIGHT_BANDS, number(codes.get("nights")))


def number(value: object) -> int:
    """Return a whole number that a fact holds, 0 where it holds none."""
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else 0


def band(bands: Iterable[Band], amount: int) -> str:
    """Return the band of a number."""
    return next(code for code, _, most in bands if most is None or amount <= most)


def _plain(*named: tuple[str, str, str]) -> tuple[Classification, ...]:
    return tuple(Classification(name=name, titles=(vi, en)) for name, vi, en in named)


FORMS = ("form_physical", "form_psychological", "form_sexual", "form_economic")

INCIDENT = (
    *_plain(
        ("gbvims_type", "Loại hình bạo lực", "Type of violence"),
        ("sex", "Giới tính", "Sex"),
        ("age_band_gbvims", "Nhóm tuổi", "Age group"),
        ("form_physical", "Bạo lực thân thể", "Physical violence"),
        ("form_psychological", "Bạo lực tinh thần", "Psychological violence"),
        ("form_sexual", "Bạo lực tình dục", "Sexual violence"),
        ("form_economic", "Bạo lực kinh tế", "Economic violence"),
        ("domestic", "Bạo lực gia đình", "Domestic violence"),
    ),
    Classification(name="gbvims", titles=("Đưa vào bảng GBVIMS", "Counted by GBVIMS"), read=_is_included),
    Classification(
        name="age_band_ministry",
        titles=("Nhóm tuổi của biểu ngành văn hóa", "Age group of the ministry's form"),
        field="age_band_vn",
        scheme="ministry",
    ),
    Classification(
        name="marital", titles=("Tình trạng hôn nhân", "Marital status"), field="marital", scheme="gbvims"
    ),
    *_plain(
        ("displacement", "Tình trạng cư trú", "Displacement status"),
        ("displacement_stage", "Giai đoạn di dời", "Stage of displacement"),
        ("disability", "Khuyết tật", "Disability"),
        ("vulnerable_child", "Trẻ em dễ bị tổn thương", "Vulnerable child"),
        ("minority", "Người dân tộc thiểu số", "Ethnic minority"),
        ("nursing", "Mang thai hoặc nuôi con nhỏ", "Pregnant or nursing"),
        ("poverty", "Diện hộ", "Household category"),
        ("previous_incidents", "Đã từng bị bạo lực trước đây", "Incidents before"),
        ("time_of_day", "Thời điểm trong ngày", "Time of day"),
        ("report_delay", "Từ khi xảy ra đến khi báo", "From incident to report"),
    ),
    Classification(name="place", titles=("Loại nơi xảy ra", "Kind of place"), field="place", scheme="gbvims"),
    *_plain(
        ("perpetrator_number", "Số người gây ra", "Number of perpetrators"),
        ("perpetrator_sex", "Giới tính người gây ra", "Sex of the perpetrator"),
        ("perpetrator_age", "Tuổi người gây ra chính", "Age of the primary perpetrator"),
        ("perpetrator_occupation", "Nghề của người gây ra chính", "Occupation of the primary perpetrator"),
    ),
    Classification(
        name="relationship",
        titles=("Quan hệ của người gây ra chính", "Relation of the primary perpetrator"),
        scheme="gbvims",
    ),
    *_plain(
        ("alcohol", "Có rượu, bia", "Alcohol involved"),
        ("drugs", "Có ma túy", "Drugs involved"),
        ("previous_violence", "Người gây ra đã từng bạo lực", "Violent before"),
        ("context_sex_expl", "Nghi bóc lột tình dục", "Possible sexual exploitation"),
        ("context_sex_slavery", "Nghi nô lệ tình dục", "Possible sexual slavery"),
        ("context_htp", "Hủ tục có hại", "Harmful traditional practice"),
        ("context_traffick", "Mua bán người", "Human trafficking"),
        ("context_cyber", "Bạo lực trên không gian mạng", "Online violence"),
        ("context_consang", "Hôn nhân cận huyết thống", "Consanguineous marriage"),
        ("context_gambling", "Có liên quan đến cờ bạc", "Gambling involved"),
        ("service_safe_house", "Nơi tạm lánh", "Safe house"),
        ("service_health", "Y tế", "Health care"),
        ("service_psychosocial", "Tâm lý xã hội", "Psychosocial support"),
        ("service_legal", "Trợ giúp pháp lý", "Legal assistance"),
        ("service_police", "Công an", "Police"),
        ("service_livelihoods", "Sinh kế", "Livelihood"),
        ("service_child_protection", "Bảo vệ trẻ em", "Child protection"),
        ("referred_by", "Nơi giới thiệu đến", "Who referred her"),
    ),
)

CLASSIFICATIONS: dict[FactKind, tuple[Classification, ...]] = {
    FactKind.INCIDENT: INCIDENT,
    FactKind.SERVICE: _plain(
        ("service", "Dịch vụ", "Service"),
        ("outcome", "Kết quả", "Outcome"),
        ("unit_kind", "Loại đơn vị", "Kind of unit"),
        ("answered", "Thời gian trả lời", "Time to answer"),
        ("reason", "Lý do không nhận", "Reason for declining"),
        ("needs_met", "Nhu cầu được đáp ứng", "Need met"),
        ("feedback", "Ý kiến", "Feedback"),
    ),
    FactKind.GAP: _plain(("service", "Dịch vụ", "Service"), ("why", "Vì sao không có", "Why not there")),
    FactKind.STAY: (
        Classification(name="people", titles=("Số người", "People"), bands=PEOPLE_BANDS, read=_people),
        Classification(name="nights", titles=("Số đêm", "Nights"), bands=NIGHT_BANDS, read=_nights),
    ),
    FactKind.CHILD: _plain(
        ("risk_level", "Mức nguy cơ", "Level of risk"),
        ("sex", "Giới tính", "Sex"),
        ("age_band_vn", "Nhóm tuổi", "Age group"),
    ),
    FactKind.SUPPORT: _plain(
        ("action", "Hoạt động hỗ trợ", "Support"),
        ("programme", "Chương trình", "Programme"),
        ("beneficiary_group", "Nhóm hộ", "Household group"),
        ("sex", "Giới tính", "Sex"),
    ),
}
"""A classification of a kind of fact is one line here; counting, protection and pages follow from it."""

BY_NAME: dict[FactKind, dict[str, Classification]] = {
    kind: {one.name: one for one in given} for kind, given in CLASSIFICATIONS.items()
}


def leaf_codes(kind: FactKind, codes: Mapping[str, Any], hamlets: Iterable[str] = ()) -> dict[str, str]:
    """Return the finest code of a fact in every dimension; what is missing counts as not known."""
    place = str(codes.get("hamlet"))
    leaves = {UNIT: place if place in set(hamlets) else NOT_KNOWN}
    return leaves | {one.name: one.leaf(kind, codes) for one in CLASSIFICATIONS[kind]}


def dimensions_of(kind: FactKind) -> tuple[str, ...]:
    """Return the names of every dimension the tables of this kind use."""
    return (UNIT, *(one.name for one in CLASSIFICATIONS[kind]))


@cache
def left_open(kind: FactKind) -> Mapping[str, str]:
    """Return, for every dimension of a kind, the code of facts that say nothing about it."""
    return {UNIT: NOT_KNOWN} | {one.name: one.left_open(kind) for one in CLASSIFICATIONS[kind]}


def is_dimension(name: str) -> bool:
    """Say whether tables can be divided by this."""
    return name == UNIT or any(name in one for one in BY_NAME.values())


def titles_of(dimension: str) -> Titles:
    """Return the titles of a dimension, whatever it divides; raises KeyError for an unknown one."""
    if dimension == UNIT:
        return "Địa bàn", "Place"
    found = (one[dimension] for one in BY_NAME.values() if dimension in one)
    classification = next(found, None)
    if classification is None:
        raise KeyError(dimension)
    return classification.titles
