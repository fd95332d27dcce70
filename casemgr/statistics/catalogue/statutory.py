"""The tables of the commune's reports and of the ministry's form, and how strictly each audience is held."""

from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue.building import (
    LadderMaker,
    ages,
    banded,
    crossed,
    flag,
    listed,
    part,
    spec,
    types,
)
from casemgr.statistics.catalogue.entries import Family, TableEntry, UnitTree
from casemgr.statistics.classifications import NIGHT_BANDS, NOT_KNOWN, PEOPLE_BANDS, TOTAL, UNIT, YES
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.coarsening import Ladder, Rung
from casemgr.statistics.disclosure.protect import Rules
from casemgr.statistics.disclosure.tables import Dimension, TableSpec

INCIDENT = FactKind.INCIDENT
DOMESTIC = "domestic"
MERGED_AGES = ("a0_11", "a12_17", "a18_49", "a50_plus")


def public_rules(_: UnitTree) -> Rules:
    """Return the rules for everybody (T2): counts below five are small and nothing is exempt."""
    return Rules(threshold=5)


def restricted_rules(unit: UnitTree) -> Rules:
    """Return the rules for named superior agencies (T1): margins that are demanded are exact by law."""
    # What the law demands of incidents frees neither children nor support, and of domestic ones no others.
    demanded = {
        (entry.kind.value, entry.family == Family.MINISTRY, name)
        for entry in STATUTORY
        for name in entry.demanded
    }

    def is_demanded(cell: Cell) -> bool:
        codes = dict(cell.codes)
        if codes.pop(UNIT, "") != unit.code or codes.get(DOMESTIC, YES) != YES:
            return False
        is_domestic = codes.pop(DOMESTIC, None) is not None
        return len(codes) <= 1 and all((cell.measure, is_domestic, name) in demanded for name in codes)

    return Rules(threshold=3, mandated=is_demanded)


def _incidents(unit: UnitTree) -> Ladder:
    place, all_types, all_ages = unit.dimension(), types(), ages()
    sex = listed(INCIDENT, "sex")
    merged = all_ages.coarser(MERGED_AGES)
    few = all_types.coarser(["rape", "sex_assault", "forced_marr", "denial", "psych"])

    def version(*dimensions: Dimension, depth: int = 9) -> TableSpec:
        return spec("incidents", INCIDENT, place, *dimensions, depth=depth)

    coarsest = all_types.coarser(set(all_types.codes()) - {TOTAL, "gbv", "non_gbv", NOT_KNOWN})
    return Ladder(
        rungs=(
            Rung(spec=version(all_types, sex, all_ages)),
            Rung(spec=version(all_types, sex, merged), step="age_groups"),
            Rung(spec=version(all_types, sex, merged, depth=2), step="two_way"),
            Rung(spec=version(few, sex, merged, depth=2), step="type_groups"),
            Rung(spec=version(few, sex, merged, depth=1), step="one_way"),
            Rung(spec=version(coarsest), step="no_detail"),
        )
    )


def _form(name: str) -> LadderMaker:
    def ladder(unit: UnitTree) -> Ladder:
        place, form, sex = unit.dimension(), flag(INCIDENT, name), listed(INCIDENT, "sex")
        merged = ages().coarser(MERGED_AGES)
        title = f"incidents_{name}"
        return Ladder(
            rungs=(
                Rung(spec=spec(title, INCIDENT, place, form, sex, ages())),
                Rung(spec=spec(title, INCIDENT, place, form, sex, merged), step="age_groups"),
                Rung(spec=spec(title, INCIDENT, place, form, sex), step="two_way"),
                Rung(spec=spec(title, INCIDENT, place, form), step="no_detail"),
            )
        )

    return ladder


def _hamlets(unit: UnitTree) -> Ladder:
    table = spec("incidents_by_hamlet", INCIDENT, unit.dimension(with_hamlets=True))
    return Ladder(rungs=(Rung(spec=table),))


def _service_dimensions() -> tuple[Dimension, ...]:
    return listed(FactKind.SERVICE, "service"), listed(FactKind.SERVICE, "outcome")


def _stay_dimensions() -> tuple[Dimension, ...]:
    return tuple(
        banded(name, (code for code, _, _ in bands))
        for name, bands in (("people", PEOPLE_BANDS), ("nights", NIGHT_BANDS))
    )


def _domestic(name: str) -> LadderMaker:
    def dimensions() -> tuple[Dimension, ...]:
        return part(DOMESTIC), flag(INCIDENT, name) if name.startswith("form_") else listed(INCIDENT, name)

    return crossed(f"dv_{name}", INCIDENT, dimensions)


STATUTORY: tuple[TableEntry, ...] = (
    TableEntry(
        name="incidents",
        kind=INCIDENT,
        ladder=_incidents,
        demanded=frozenset({"gbvims_type", "sex", "age_band_gbvims"}),
        title_vi="Vụ việc theo loại hình GBVIMS, giới tính và nhóm tuổi",
        title_en="Incidents by GBVIMS core type, sex and age group",
    ),
    *(
        TableEntry(
            name=f"incidents_{form}",
            kind=INCIDENT,
            ladder=_form(form),
            demanded=frozenset({form}),
            title_vi=f"Vụ việc có {vi}, theo giới tính và nhóm tuổi",
            title_en=f"Incidents with {en}, by sex and age group",
        )
        for form, vi, en in (
            ("form_physical", "bạo lực thân thể", "physical violence"),
            ("form_psychological", "bạo lực tinh thần", "psychological violence"),
            ("form_sexual", "bạo lực tình dục", "sexual violence"),
            ("form_economic", "bạo lực kinh tế", "economic violence"),
        )
    ),
    TableEntry(
        name="incidents_by_hamlet",
        kind=INCIDENT,
        ladder=_hamlets,
        yearly_only=True,
        title_vi="Vụ việc theo thôn",
        title_en="Incidents by hamlet",
    ),
    TableEntry(
        name="services",
        kind=FactKind.SERVICE,
        ladder=crossed("services", FactKind.SERVICE, _service_dimensions),
        demanded=frozenset({"service", "outcome"}),
        title_vi="Dịch vụ và chuyển gửi theo kết quả",
        title_en="Services and referrals by outcome",
    ),
    TableEntry(
        name="stays",
        kind=FactKind.STAY,
        ladder=crossed("stays", FactKind.STAY, _stay_dimensions),
        demanded=frozenset({"people", "nights"}),
        title_vi="Lượt tạm lánh theo số người và số đêm",
        title_en="Shelter stays by people and nights",
    ),
    *(
        TableEntry(
            name=f"dv_{name}",
            kind=INCIDENT,
            family=Family.MINISTRY,
            ladder=_domestic(name),
            demanded=frozenset({name}),
            restricted_only=name == "age_band_ministry",
            title_vi=f"Bạo lực gia đình: {vi}",
            title_en=f"Domestic violence: {en}",
        )
        for name, vi, en in (
            ("form_physical", "vụ có bạo lực thân thể", "incidents with physical violence"),
            ("form_psychological", "vụ có bạo lực tinh thần", "incidents with psychological violence"),
            ("form_sexual", "vụ có bạo lực tình dục", "incidents with sexual violence"),
            ("form_economic", "vụ có bạo lực kinh tế", "incidents with economic violence"),
            ("perpetrator_sex", "giới tính người gây ra", "sex of the perpetrator"),
            ("sex", "giới tính người bị bạo lực", "sex of the survivor"),
            ("age_band_ministry", "tuổi người bị bạo lực", "age of the survivor"),
        )
    ),
)
