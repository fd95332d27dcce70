"""The standard tables of GBVIMS: of gender-based incidents whose survivors agreed to be counted, each once.

The numbers are those of the standard list. Table 12 asks for contexts: those that follow from type, age or
relation are cells of the same dimensions as other tables, so that no table tells what another one hides.
Adolescents of 10 to 19 years (a part of table 4) are left out: that band overlaps the others, and the
difference between overlapping bands is a handful of people.
"""

from collections.abc import Callable

from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue.building import (
    LadderMaker,
    ages,
    crossed,
    flag,
    listed,
    only,
    part,
    spec,
    types,
)
from casemgr.statistics.catalogue.entries import Family, TableEntry, UnitTree
from casemgr.statistics.classifications import NOT_KNOWN, TOTAL, YES
from casemgr.statistics.disclosure.coarsening import Ladder, Rung
from casemgr.statistics.disclosure.tables import Dimension

INCIDENT = FactKind.INCIDENT
INCLUDED = "gbvims"

Build = Callable[[], Dimension]


def _by(name: str, *builds: Build) -> LadderMaker:
    return crossed(name, INCIDENT, lambda: (part(INCLUDED), *(build() for build in builds)))


def _listed(name: str) -> Build:
    return lambda: listed(INCIDENT, name)


def _flag(name: str) -> Build:
    return lambda: flag(INCIDENT, name)


def _gbv_types() -> Dimension:
    """Return the types without a line for all of them: every incident counted here is gender-based."""
    return only(types(), set(types().codes()) - {"gbv", "non_gbv", NOT_KNOWN})


def _sexual() -> Dimension:
    return only(types().coarser(["rape", "sex_assault", "forced_marr", "denial", "psych"]), {TOTAL, "sexual"})


def _sexual_of_minors() -> tuple[Dimension, ...]:
    return only(_sexual(), {"sexual"}), only(_merged_ages(), {"minor"})


def _marriage_of_minors() -> tuple[Dimension, ...]:
    return only(types().coarser(["rape", "sex_assault"]), {"forced_marr"}), only(_merged_ages(), {"minor"})


def _merged_ages() -> Dimension:
    return ages().coarser(["a0_11", "a12_17", "a18_49", "a50_plus"])


def _rape() -> Dimension:
    return only(types().coarser(["forced_marr", "denial", "psych"]), {"rape"})


def _partner() -> Dimension:
    return only(listed(INCIDENT, "relationship"), {TOTAL, "intimate_partner"})


def _first_contact() -> Dimension:
    """Return who referred her as one code, beside those who came by themselves."""
    tree = _referred_by()
    return tree.coarser(code for code, above in tree.parents if above == "sent_by_others")


def _referred_by() -> Dimension:
    own, left_open = "tu_den", NOT_KNOWN
    others = [code for code in listed(INCIDENT, "referred_by").codes()[1:] if code not in (own, left_open)]
    parents = ((own, TOTAL), ("sent_by_others", TOTAL), *((code, "sent_by_others") for code in others))
    return Dimension(name="referred_by", total=TOTAL, parents=(*parents, (left_open, TOTAL)))


def _treated() -> Dimension:
    """Return health care as it was given or referred to, of which only that is printed."""
    return only(listed(INCIDENT, "service_health"), {"provided", "referred"})


def _included(unit: UnitTree) -> Ladder:
    """Return "n of N incidents included", which is a protected figure like any other."""
    shown = only(part(INCLUDED), {TOTAL, YES})
    return Ladder(rungs=(Rung(spec=spec("gbvims_01", INCIDENT, unit.dimension(), shown)),))


def _entry(number: str, vi: str, en: str, ladder: LadderMaker | None = None, *builds: Build) -> TableEntry:
    name = _name(number)
    return TableEntry(
        name=name,
        kind=INCIDENT,
        family=Family.GBVIMS,
        number=number,
        title_vi=vi,
        title_en=en,
        ladder=ladder or _by(name, *builds),
    )


def _name(number: str) -> str:
    whole, _, rest = number.partition(".")
    return f"gbvims_{int(whole):02d}" + (f"_{rest}" if rest else "")


def _pair(number: str, build: Callable[[], tuple[Dimension, ...]]) -> LadderMaker:
    return crossed(_name(number), INCIDENT, lambda: (part(INCLUDED), *build()))


_SERVICES = (
    ("safe_house", "nơi tạm lánh", "safe house"),
    ("health", "y tế", "health care"),
    ("psychosocial", "tâm lý xã hội", "psychosocial support"),
    ("legal", "trợ giúp pháp lý", "legal assistance"),
    ("police", "công an", "police"),
    ("livelihoods", "sinh kế", "livelihood"),
    ("child_protection", "bảo vệ trẻ em", "child protection"),
)
_CONTEXTS = (
    ("sex_expl", "nghi bóc lột tình dục", "possible sexual exploitation"),
    ("sex_slavery", "nghi nô lệ tình dục", "possible sexual slavery"),
    ("htp", "hủ tục có hại", "harmful traditional practice"),
    ("traffick", "mua bán người", "human trafficking"),
    ("cyber", "bạo lực trên không gian mạng", "online violence"),
    ("consang", "hôn nhân cận huyết thống", "consanguineous marriage"),
    ("gambling", "có liên quan đến cờ bạc", "gambling involved"),
)

GBVIMS: tuple[TableEntry, ...] = (
    _entry("1", "Vụ việc mới được đưa vào bảng, trên tổng số", "New incidents included, of all", _included),
    _entry(
        *("2", "Đã từng bị bạo lực trước đây", "With previous incidents", None),
        _flag("previous_incidents"),
    ),
    _entry("3", "Giới tính", "Sex of the survivor", None, _listed("sex")),
    _entry("4", "Nhóm tuổi", "Age of the survivor", None, ages),
    _entry("5", "Tình trạng hôn nhân", "Marital status", None, _listed("marital")),
    _entry("6", "Tình trạng cư trú khi báo", "Displacement status at report", None, _listed("displacement")),
    _entry(
        *("7", "Giai đoạn di dời khi xảy ra", "Stage of displacement at incident", None),
        _listed("displacement_stage"),
    ),
    _entry("8.1", "Người khuyết tật", "Persons with disability", None, _listed("disability")),
    _entry("8.2", "Trẻ em dễ bị tổn thương", "Vulnerable children", None, _listed("vulnerable_child")),
    _entry("9", "Bạo lực tình dục", "Sexual violence", None, _sexual),
    _entry("10", "Loại hình bạo lực", "Type of violence", None, _gbv_types),
    _entry("11", "Thời điểm trong ngày", "Time of day", None, _listed("time_of_day")),
    _entry("12.1", "Bối cảnh: bạn đời, bạn tình", "Context: intimate partner", None, _partner),
    _entry(
        *("12.2", "Bối cảnh: xâm hại tình dục trẻ em", "Context: child sexual abuse"),
        _pair("12.2", _sexual_of_minors),
    ),
    _entry("12.3", "Bối cảnh: tảo hôn", "Context: early marriage", _pair("12.3", _marriage_of_minors)),
    *(
        _entry(f"12.{at}", f"Bối cảnh: {vi}", f"Context: {en}", None, _flag(f"context_{code}"))
        for at, (code, vi, en) in enumerate(_CONTEXTS, start=4)
    ),
    _entry("13", "Từ khi xảy ra đến khi báo", "From incident to report", None, _listed("report_delay")),
    _entry(
        *("14", "Từ khi xảy ra đến khi báo: hiếp dâm", "From incident to report: rape", None),
        _rape,
        _listed("report_delay"),
    ),
    _entry(
        *("15", "Từ khi xảy ra đến khi báo: hiếp dâm, có dịch vụ y tế", "The same with health care", None),
        _rape,
        _treated,
        _listed("report_delay"),
    ),
    _entry("16", "Loại nơi xảy ra", "Kind of place", None, _listed("place")),
    _entry("17", "Số người gây ra", "Number of perpetrators", None, _listed("perpetrator_number")),
    _entry(
        *("18", "Quan hệ của người gây ra chính", "Relation of the primary perpetrator", None),
        _listed("relationship"),
    ),
    _entry(
        *("19", "Tuổi của người gây ra chính", "Age of the primary perpetrator", None),
        _listed("perpetrator_age"),
    ),
    _entry(
        *("20", "Nghề của người gây ra chính", "Occupation of the primary perpetrator", None),
        _listed("perpetrator_occupation"),
    ),
    _entry("21", "Đơn vị là nơi tiếp nhận đầu tiên", "First point of contact", None, _first_contact),
    _entry("22", "Do nơi khác giới thiệu đến", "Referred from other providers", None, _referred_by),
    *(
        _entry(
            *(f"23.{at}", f"Dịch vụ và chuyển gửi: {vi}", f"Services and referrals: {en}", None),
            _listed(f"service_{code}"),
        )
        for at, (code, vi, en) in enumerate(_SERVICES, start=1)
    ),
)
"""Tables 23 and 24 are one: "provided" is what we gave ourselves, the other lines are the referrals."""
