"""Entries of the catalogue: what a table is called, what it counts, whose, and the words for its codes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from casemgr.codes import lists
from casemgr.facts.rules import FactKind
from casemgr.statistics.classifications import BY_NAME, NO, NOT_KNOWN, TOTAL, UNIT, YES
from casemgr.statistics.disclosure.coarsening import Ladder
from casemgr.statistics.disclosure.tables import Dimension, TableSpec

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
    "sent_by_others": ("Do nơi khác giới thiệu", "Referred by others"),
}

STEP_LABELS: dict[str, tuple[str, str]] = {
    "age_groups": ("gộp nhóm tuổi", "age groups merged"),
    "type_groups": ("gộp loại hình bạo lực", "types of violence merged"),
    "two_way": ("chỉ còn bảng hai chiều", "only two dimensions crossed"),
    "one_way": ("chỉ còn từng chiều riêng", "one dimension at a time"),
    "no_detail": ("chỉ còn tổng số", "totals only"),
}


class Family(StrEnum):
    """Which reports a table belongs to."""

    COMMUNE = "commune"
    MINISTRY = "ministry"
    ANNEX = "annex"
    GBVIMS = "gbvims"
    NETWORK = "network"


FAMILIES: dict[Family, tuple[str, str]] = {
    Family.COMMUNE: ("Báo cáo của xã", "The commune's reports"),
    Family.MINISTRY: ("Biểu bạo lực gia đình của ngành văn hóa", "The culture ministry's form on violence"),
    Family.ANNEX: ("Phụ lục", "Annexes"),
    Family.GBVIMS: ("Bảng chuẩn GBVIMS", "GBVIMS standard tables"),
    Family.NETWORK: ("Mạng lưới dịch vụ", "The network of services"),
}

SOURCES: dict[Family, str] = {
    Family.COMMUNE: "reports before 5 June and before 5 December",
    Family.MINISTRY: "rows of Circular 23/2011/TT-BVHTTDL, form 01/BC-X; the form in force is to be checked",
    Family.ANNEX: "annexes of casemgr",
    Family.GBVIMS: "GBVIMS Incident Recorder, standard statistics",
    Family.NETWORK: "quality of referrals, casemgr",
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
    """One table of the catalogue: name, titles, the facts it counts, and its ladder for a commune.

    `demanded` names dimensions whose one-way margins a superior agency demands exactly; a table that is
    `restricted_only` is never made for everybody, because its classes overlap those of another table.
    """

    name: str
    title_vi: str
    title_en: str
    kind: FactKind
    ladder: Callable[[UnitTree], Ladder]
    family: Family = Family.COMMUNE
    number: str = ""
    yearly_only: bool = False
    demanded: frozenset[str] = frozenset()
    restricted_only: bool = False

    def title(self, locale: str) -> str:
        """Return the title for people."""
        title = self.title_en if locale == "en" else self.title_vi
        return f"{self.number}. {title}" if self.number else title

    @property
    def source(self) -> str:
        """Return what the table follows."""
        return SOURCES[self.family]


def label(spec: TableSpec, dimension: str, code: str, locale: str = "vi") -> str:
    """Return the words for a code; the codes of places are put into words by whoever knows the units."""
    kind = FactKind(spec.measure)
    classification = BY_NAME[kind].get(dimension)
    listed = classification.code_list(kind) if classification else ""
    if listed and code in lists.get(listed).codes:
        return lists.get(listed).codes[code].label(locale)
    words = EXTRA_LABELS.get(code, (code, code))
    return words[1] if locale == "en" else words[0]
