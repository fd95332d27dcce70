"""Annex tables: who is affected, by whom, which children are protected and which support was given."""

from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue.building import LadderMaker, crossed, flag, listed
from casemgr.statistics.catalogue.entries import Family, TableEntry
from casemgr.statistics.classifications import BY_NAME
from casemgr.statistics.disclosure.tables import Dimension


def _by(table: str, kind: FactKind, names: tuple[str, ...]) -> LadderMaker:
    def dimensions() -> tuple[Dimension, ...]:
        return tuple(
            listed(kind, name) if BY_NAME[kind][name].code_list(kind) else flag(kind, name) for name in names
        )

    return crossed(table, kind, dimensions)


def _entry(table: str, kind: FactKind, names: tuple[str, ...], vi: str, en: str) -> TableEntry:
    return TableEntry(
        name=table, kind=kind, family=Family.ANNEX, title_vi=vi, title_en=en, ladder=_by(table, kind, names)
    )


INCIDENT, CHILD, SUPPORT = FactKind.INCIDENT, FactKind.CHILD, FactKind.SUPPORT

ANNEXES: tuple[TableEntry, ...] = (
    _entry(
        *("survivors_minority", INCIDENT, ("minority",)),
        *("Vụ việc: người bị bạo lực là người dân tộc thiểu số", "Incidents: survivor of an ethnic minority"),
    ),
    _entry(
        *("survivors_disability", INCIDENT, ("disability",)),
        *("Vụ việc: khuyết tật của người bị bạo lực", "Incidents: disability of the survivor"),
    ),
    _entry(
        *("survivors_nursing", INCIDENT, ("nursing",)),
        *("Vụ việc: người bị bạo lực mang thai hoặc nuôi con nhỏ", "Incidents: survivor pregnant or nursing"),
    ),
    _entry(
        *("survivors_poverty", INCIDENT, ("poverty",)),
        *("Vụ việc: diện hộ của người bị bạo lực", "Incidents: household category of the survivor"),
    ),
    _entry(
        *("perpetrators_sex", INCIDENT, ("perpetrator_sex",)),
        *("Vụ việc: giới tính của người gây ra", "Incidents: sex of the perpetrator"),
    ),
    _entry(
        *("perpetrators_age", INCIDENT, ("perpetrator_age",)),
        *("Vụ việc: tuổi của người gây ra", "Incidents: age of the perpetrator"),
    ),
    _entry(
        *("perpetrators_relationship", INCIDENT, ("relationship",)),
        *("Vụ việc: quan hệ của người gây ra", "Incidents: relation of the perpetrator"),
    ),
    _entry(
        *("perpetrators_alcohol", INCIDENT, ("alcohol",)),
        *("Vụ việc có rượu, bia", "Incidents with alcohol"),
    ),
    _entry(
        *("perpetrators_drugs", INCIDENT, ("drugs",)),
        *("Vụ việc có ma túy", "Incidents with drugs"),
    ),
    _entry(
        *("perpetrators_again", INCIDENT, ("previous_violence",)),
        *("Vụ việc: người gây ra đã từng bạo lực", "Incidents: perpetrator violent before"),
    ),
    _entry(
        *("children", CHILD, ("risk_level", "sex", "age_band_vn")),
        *("Trẻ em được bảo vệ theo mức nguy cơ, giới tính, tuổi", "Children protected by risk, sex and age"),
    ),
    _entry(
        *("support", SUPPORT, ("action", "sex")),
        *("Hỗ trợ theo hoạt động và giới tính", "Support by activity and sex"),
    ),
    _entry(
        *("support_programmes", SUPPORT, ("programme", "beneficiary_group")),
        *("Hỗ trợ theo chương trình và nhóm hộ", "Support by programme and household group"),
    ),
)
