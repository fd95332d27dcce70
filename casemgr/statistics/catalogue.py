"""The catalogue: the fixed tables over facts, each with its dimensions and its ladder of coarser versions.

Every dimension adds up: what a fact leaves open is counted under "not known", incidents that are not
gender-based stay under the total of all incidents as a complement that is never printed, and each
Vietnamese form of violence is a yes/no measure of its own, because one incident may have several forms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casemgr.codes import lists
from casemgr.facts.rules import SPECS, FactKind
from casemgr.statistics.disclosure.cells import Cell
from casemgr.statistics.disclosure.coarsening import Ladder, Rung
from casemgr.statistics.disclosure.protect import Rules
from casemgr.statistics.disclosure.tables import Dimension, TableSpec

TOTAL = "tong"
NOT_KNOWN = "khong_ro"
YES, NO = "co", "khong"
UNIT = "unit"

FORMS = ("form_physical", "form_psychological", "form_sexual", "form_economic")
PEOPLE_BANDS = (("p1", 1, 1), ("p2", 2, 2), ("p3_plus", 3, None))
NIGHT_BANDS = (("n0_3", 0, 3), ("n4_30", 4, 30), ("n31_90", 31, 90), ("n91_plus", 91, None))

EXTRA_LABELS: dict[str, tuple[str, str]] = {
    TOTAL: ("Tổng số", "Total"),
    NOT_KNOWN: ("Không rõ", "Not known"),
    YES: ("Có", "Yes"),
    NO: ("Không", "No"),
    "gbv": ("Bạo lực trên cơ sở giới", "Gender-based violence"),
    "sexual": ("Bạo lực tình dục", "Sexual violence"),
    "other_gbv": ("Hình thức khác", "Other types"),
    "minor": ("Dưới 18 tuổi", "Under 18 years"),
    "adult": ("Từ 18 tuổi trở lên", "18 years and over"),
    "p1": ("1 người", "1 person"),
    "p2": ("2 người", "2 people"),
    "p3_plus": ("Từ 3 người trở lên", "3 people or more"),
    "n0_3": ("Đến 3 đêm", "Up to 3 nights"),
    "n4_30": ("4–30 đêm", "4–30 nights"),
    "n31_90": ("31–90 đêm", "31–90 nights"),
    "n91_plus": ("Trên 90 đêm", "More than 90 nights"),
}

STEP_LABELS: dict[str, tuple[str, str]] = {
    "age_groups": ("gộp nhóm tuổi", "age groups merged"),
    "type_groups": ("gộp loại hình bạo lực", "types of violence merged"),
    "two_way": ("chỉ còn bảng hai chiều", "only two dimensions crossed"),
    "one_way": ("chỉ còn từng chiều riêng", "one dimension at a time"),
    "no_detail": ("chỉ còn tổng số", "totals only"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTree:
    """The commune a table is about, and its hamlets; hamlets are shown once a year only."""

    code: str
    hamlets: tuple[str, ...] = ()

    def dimension(self, *, with_hamlets: bool = False) -> Dimension:
        """Return the place dimension; its total is this commune and nobody else."""
        below = tuple((hamlet, self.code) for hamlet in (*self.hamlets, NOT_KNOWN))
        tree = Dimension(name=UNIT, total=self.code, parents=below, whole=False)
        return tree if with_hamlets else tree.coarser(code for code, _ in below)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """One table of the catalogue: name, titles, the facts it counts, and its ladder for a commune."""

    name: str
    title_vi: str
    title_en: str
    kind: FactKind
    ladder: Callable[[UnitTree], Ladder]
    yearly_only: bool = False

    def title(self, locale: str) -> str:
        """Return the title for people."""
        return self.title_en if locale == "en" else self.title_vi


def find_entry(name: str) -> TableEntry | None:
    """Return the table of this name, or None."""
    return next((entry for entry in CATALOGUE if entry.name == name), None)


def label(spec: TableSpec, dimension: str, code: str, locale: str = "vi") -> str:
    """Return the words for a code; the codes of places are put into words by whoever knows the units."""
    listed = _lists_of(FactKind(spec.measure)).get(dimension)
    if listed and code in lists.get(listed).codes:
        return lists.get(listed).codes[code].label(locale)
    words = EXTRA_LABELS.get(code, (code, code))
    return words[1] if locale == "en" else words[0]


def leaf_codes(kind: FactKind, codes: Mapping[str, Any], hamlets: Iterable[str] = ()) -> dict[str, str]:
    """Return the finest code of a fact in every dimension; what is missing counts as not known."""
    known = set(hamlets)
    place = str(codes.get("hamlet"))
    leaves = {UNIT: place if place in known else NOT_KNOWN}
    if kind == FactKind.STAY:
        people = _number(codes.get("adults")) + _number(codes.get("children"))
        return leaves | {
            "people": _band(PEOPLE_BANDS, max(1, people)),
            "nights": _band(NIGHT_BANDS, _number(codes.get("nights"))),
        }
    for name, listed in _lists_of(kind).items():
        value = str(codes.get(name))
        leaves[name] = value if value in lists.get(listed).codes else NOT_KNOWN
    for name in FORMS if kind == FactKind.INCIDENT else ():
        leaves[name] = YES if codes.get(name) in (True, "yes", YES) else NO
    return leaves


def dimensions_of(kind: FactKind) -> tuple[str, ...]:
    """Return the names of every dimension the tables of this kind use."""
    if kind == FactKind.STAY:
        return (UNIT, "people", "nights")
    return (UNIT, *_lists_of(kind), *(FORMS if kind == FactKind.INCIDENT else ()))


def public_rules(_: UnitTree) -> Rules:
    """Return the rules for everybody (T2): counts below five are small and nothing is exempt."""
    return Rules(threshold=5)


def restricted_rules(unit: UnitTree) -> Rules:
    """Return the rules for named superior agencies (T1): one-way margins of the commune are exact by law."""

    def is_commune_margin(cell: Cell) -> bool:
        codes = dict(cell.codes)
        return codes.pop(UNIT, "") == unit.code and len(codes) <= 1

    return Rules(threshold=3, mandated=is_commune_margin)


def _lists_of(kind: FactKind) -> dict[str, str]:
    """Return the coded dimensions of a kind of fact with the code list each draws from."""
    wanted = {
        FactKind.INCIDENT: ("gbvims_type", "sex", "age_band_gbvims"),
        FactKind.SERVICE: ("service", "outcome"),
    }
    return {name: SPECS[kind].fields[name] for name in wanted.get(kind, ())}


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else 0


def _band(bands: Sequence[tuple[str, int, int | None]], number: int) -> str:
    return next(code for code, _, most in bands if most is None or number <= most)


def _listed(kind: FactKind, name: str) -> Dimension:
    codes = dict.fromkeys((*(one.code for one in lists.get(_lists_of(kind)[name])), NOT_KNOWN))
    return Dimension.flat(name, TOTAL, codes)


def _types() -> Dimension:
    """Return the core types: all incidents, of them gender-based, of them sexual; the rest is not printed."""
    groups = {"rape": "sexual", "sex_assault": "sexual", "phys_assault": "gbv"}
    codes = [one.code for one in lists.get("gbvims_type") if one.code != "non_gbv"]
    parents = [("gbv", TOTAL), ("sexual", "gbv"), ("other_gbv", "gbv")]
    parents += [(code, groups.get(code, "other_gbv")) for code in codes]
    parents += [("non_gbv", TOTAL), (NOT_KNOWN, TOTAL)]
    return Dimension(
        name="gbvims_type", total=TOTAL, parents=tuple(parents), unshown=frozenset({"non_gbv", NOT_KNOWN})
    )


def _ages() -> Dimension:
    parents = (
        *(("minor", TOTAL), ("a0_11", "minor"), ("a12_17", "minor")),
        *(("adult", TOTAL), ("a18_49", "adult"), ("a50_plus", "adult"), (NOT_KNOWN, TOTAL)),
    )
    return Dimension(name="age_band_gbvims", total=TOTAL, parents=parents)


def _spec(name: str, kind: FactKind, unit: Dimension, *dimensions: Dimension, depth: int = 9) -> TableSpec:
    """Declare a table of one commune whose cells cross at most `depth` of its dimensions."""
    names = [dimension.name for dimension in dimensions]
    crossings = [()] + [(one,) for one in names] + [(a, b) for a in names for b in names if a < b]
    shallow = tuple(crossing for crossing in crossings if len(crossing) <= depth)
    return TableSpec(
        name=name,
        measure=kind.value,
        dimensions=(unit, *dimensions),
        crossings=None if depth >= len(names) else shallow,
    )


def _incidents(unit: UnitTree) -> Ladder:
    place, types, ages = unit.dimension(), _types(), _ages()
    sex = _listed(FactKind.INCIDENT, "sex")
    merged = ages.coarser(["a0_11", "a12_17", "a18_49", "a50_plus"])
    few = types.coarser(["rape", "sex_assault", "forced_marr", "denial", "psych"])

    def version(*dimensions: Dimension, depth: int = 9) -> TableSpec:
        return _spec("incidents", FactKind.INCIDENT, place, *dimensions, depth=depth)

    return Ladder(
        rungs=(
            Rung(spec=version(types, sex, ages)),
            Rung(spec=version(types, sex, merged), step="age_groups"),
            Rung(spec=version(types, sex, merged, depth=2), step="two_way"),
            Rung(spec=version(few, sex, merged, depth=2), step="type_groups"),
            Rung(spec=version(few, sex, merged, depth=1), step="one_way"),
            Rung(
                spec=version(types.coarser(set(types.codes()) - {TOTAL, "gbv", "non_gbv", NOT_KNOWN})),
                step="no_detail",
            ),
        )
    )


def _form(name: str) -> Callable[[UnitTree], Ladder]:
    def ladder(unit: UnitTree) -> Ladder:
        place = unit.dimension()
        form = Dimension.flat(name, TOTAL, (YES, NO), unshown=frozenset({NO}))
        sex, ages = _listed(FactKind.INCIDENT, "sex"), _ages()
        merged = ages.coarser(["a0_11", "a12_17", "a18_49", "a50_plus"])
        kind, title = FactKind.INCIDENT, f"incidents_{name}"
        return Ladder(
            rungs=(
                Rung(spec=_spec(title, kind, place, form, sex, ages)),
                Rung(spec=_spec(title, kind, place, form, sex, merged), step="age_groups"),
                Rung(spec=_spec(title, kind, place, form, sex), step="two_way"),
                Rung(spec=_spec(title, kind, place, form), step="no_detail"),
            )
        )

    return ladder


def _hamlets(unit: UnitTree) -> Ladder:
    spec = _spec("incidents_by_hamlet", FactKind.INCIDENT, unit.dimension(with_hamlets=True))
    return Ladder(rungs=(Rung(spec=spec),))


def _crossed(
    name: str, kind: FactKind, build: Callable[[], tuple[Dimension, ...]]
) -> Callable[[UnitTree], Ladder]:
    """Return the ladder of a table of two dimensions: crossed, each by itself, the total alone."""

    def ladder(unit: UnitTree) -> Ladder:
        place, dimensions = unit.dimension(), build()
        return Ladder(
            rungs=(
                Rung(spec=_spec(name, kind, place, *dimensions)),
                Rung(spec=_spec(name, kind, place, *dimensions, depth=1), step="one_way"),
                Rung(spec=_spec(name, kind, place), step="no_detail"),
            )
        )

    return ladder


def _service_dimensions() -> tuple[Dimension, ...]:
    return _listed(FactKind.SERVICE, "service"), _listed(FactKind.SERVICE, "outcome")


def _stay_dimensions() -> tuple[Dimension, ...]:
    return tuple(
        Dimension.flat(name, TOTAL, (code for code, _, _ in bands))
        for name, bands in (("people", PEOPLE_BANDS), ("nights", NIGHT_BANDS))
    )


CATALOGUE: tuple[TableEntry, ...] = (
    TableEntry(
        name="incidents",
        kind=FactKind.INCIDENT,
        ladder=_incidents,
        title_vi="Vụ việc theo loại hình GBVIMS, giới tính và nhóm tuổi",
        title_en="Incidents by GBVIMS core type, sex and age group",
    ),
    *(
        TableEntry(
            name=f"incidents_{form}",
            kind=FactKind.INCIDENT,
            ladder=_form(form),
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
        kind=FactKind.INCIDENT,
        ladder=_hamlets,
        yearly_only=True,
        title_vi="Vụ việc theo thôn",
        title_en="Incidents by hamlet",
    ),
    TableEntry(
        name="services",
        kind=FactKind.SERVICE,
        ladder=_crossed("services", FactKind.SERVICE, _service_dimensions),
        title_vi="Dịch vụ và chuyển gửi theo kết quả",
        title_en="Services and referrals by outcome",
    ),
    TableEntry(
        name="stays",
        kind=FactKind.STAY,
        ladder=_crossed("stays", FactKind.STAY, _stay_dimensions),
        title_vi="Lượt tạm lánh theo số người và số đêm",
        title_en="Shelter stays by people and nights",
    ),
)
