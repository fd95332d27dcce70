"""A report as an official document of Decree 30/2020: the same words and releases give the same pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casemgr.letters.blocks import (
    Annex,
    Block,
    Chart,
    Column,
    DocumentDay,
    HeaderCell,
    Heading,
    OfficialDocument,
    Signature,
    Table,
    paragraph,
)
from casemgr.letters.issuer import agency_of, is_committee, place_of
from casemgr.reporting.narrative import BODY, TABLES_AFTER
from casemgr.statistics import exports
from casemgr.statistics.classifications import FORMS, YES
from casemgr.statistics.grids import Wording, arrange, list_margins
from casemgr.statistics.service import MadeTable, Tier

STAMP = "HẠN CHẾ – Báo cáo có số nhỏ. Không sao chụp, không đăng tải, không chuyển tiếp."
NOTHING = "Trong kỳ báo cáo, đơn vị không ghi nhận vụ việc."
TRUE_FIGURES = (
    "Mọi con số hiển thị đều là số thật: không làm tròn, không thay đổi. Một số ô lớn cũng được bảo vệ để "
    "không thể lấy tổng trừ đi mà tính ra ô nhỏ. Báo cáo này đã được kiểm tra cùng với các báo cáo đã phát "
    "hành trước."
)
LINES = {"half_year": "6 tháng đầu năm {year}", "year": "năm {year}"}
ROMAN = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything a report is printed from."""

    unit_name: str
    line: str
    tier: Tier
    first: date
    last: date
    cut_off_on: date
    made_on: date
    approved_on: date | None
    answers: Mapping[str, Any]
    tables: Sequence[MadeTable]
    is_synthetic: bool

    @property
    def period_words(self) -> str:
        """Return the period as the title says it."""
        words = LINES.get(self.line)
        if words:
            return words.format(year=self.last.year)
        return f"từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"

    def wording(self) -> Wording:
        """Return the words of the tables; official documents are in Vietnamese."""
        return Wording(locale="vi", places=self.tables[0].places if self.tables else {})


def compose(report: ReportContent) -> OfficialDocument:
    """Return the report as a document; a draft until it is approved."""
    day = report.approved_on
    made = report.made_on
    answers = report.answers
    return OfficialDocument(
        issuing_agency=agency_of(report.unit_name),
        sign="BC-UBND" if is_committee(report.unit_name) else "BC",
        number=str(answers.get("number", "")),
        place=place_of(report.unit_name),
        issued_on=DocumentDay(year=day.year, month=day.month, day=day.day)
        if day
        else DocumentDay(year=made.year),
        type_name="BÁO CÁO",
        abstract="Kết quả công tác bình đẳng giới, phòng ngừa và ứng phó với bạo lực trên cơ sở giới "
        f"{report.period_words}",
        addressees=_lines(answers, "addressees"),
        bases=_lines(answers, "bases"),
        body=tuple(_body(report)),
        signature=Signature(lines=_lines(answers, "signer"), name=str(answers.get("signer_name", ""))),
        recipients=_lines(answers, "recipients"),
        annexes=tuple(_annexes(report)),
        restricted=STAMP if report.tier == Tier.RESTRICTED else "",
        is_draft=day is None,
        is_synthetic=report.is_synthetic,
    )


def _body(report: ReportContent) -> Iterator[Block]:
    yield paragraph(
        f"Số liệu tính theo ngày tiếp nhận, từ ngày {report.first:%d/%m/%Y} đến hết ngày "
        f"{report.last:%d/%m/%Y}, ghi nhận đến ngày {report.cut_off_on:%d/%m/%Y}."
    )
    sections = [section for section in BODY if section.name == "results" or _has_text(report, section)]
    for order, section in enumerate(sections):
        yield Heading(text=f"{ROMAN[order]}. {section.title.vi.upper()}")
        asked = [one for one in section if report.answers.get(one.name) or one.name == TABLES_AFTER]
        for number, question in enumerate(asked, start=1):
            if len(section.questions) > 1:
                yield Heading(text=f"{number}. {question.label.vi}", level=2)
            yield from (paragraph(line) for line in _lines(report.answers, question.name))
            if question.name == TABLES_AFTER:
                yield from _figures(report)


def _has_text(report: ReportContent, section: Any) -> bool:
    return any(report.answers.get(question.name) for question in section)


def _figures(report: ReportContent) -> Iterator[Block]:
    by_name = {made.entry.name: made for made in report.tables}
    wording = report.wording()
    incidents = by_name.get("incidents")
    if incidents is not None and incidents.table.rows[0].value == 0:
        yield paragraph(NOTHING)
        by_name = {name: made for name, made in by_name.items() if made.entry.kind != incidents.entry.kind}
    number = 0
    for made in by_name.values():
        if _is_form(made):
            continue
        number += 1
        yield _margins(f"Bảng {number}. {made.entry.title_vi}", made, wording)
        if made.entry.name == "incidents":
            yield from _picture(made, wording)
            number += 1
            forms = [by_name[name] for name in (f"incidents_{form}" for form in FORMS) if name in by_name]
            yield _forms(f"Bảng {number}. Vụ việc theo hình thức bạo lực", forms, wording)
    yield paragraph(TRUE_FIGURES, italic=True)


def _picture(made: MadeTable, wording: Wording) -> Iterator[Block]:
    picture = exports.draw_chart("incidents", made.table, wording)
    if picture is not None:
        yield Chart(picture=picture)


def _margins(caption: str, made: MadeTable, wording: Wording) -> Table:
    """Return a table one dimension at a time: the total once, then each dimension under its own head."""
    grids = list_margins(made.table, wording)
    rows: list[tuple[str | int | None, ...]] = [(grids[0].rows[0].label, *grids[0].rows[0].values)]
    bold = {0}
    for grid in grids:
        below = [row for row in grid.rows if row.depth]
        if below:
            bold.add(len(rows))
            rows.append((f"Theo {grid.row_head[0].lower()}{grid.row_head[1:]}", ""))
            rows += [(row.text, *row.values) for row in below]
    return _two_columns(caption, rows, frozenset(bold), exports.unit_of(made.table, wording))


def _forms(caption: str, forms: Sequence[MadeTable], wording: Wording) -> Table:
    """Return how many incidents had each form of violence; one incident may have several."""
    rows: list[tuple[str | int | None, ...]] = []
    for made in forms:
        codes = (YES if one.name in FORMS else one.total for one in made.table.spec.dimensions)
        name = next(one.name for one in made.table.spec.dimensions if one.name in FORMS)
        rows.append((wording.dimension(name), made.table.value(*codes)))
    note = "Một vụ việc có thể có nhiều hình thức."
    return _two_columns(caption, rows, frozenset(), "vụ việc", note)


def _two_columns(
    caption: str,
    rows: Sequence[tuple[str | int | None, ...]],
    bold: frozenset[int],
    unit: str,
    note: str = "",
) -> Table:
    return Table(
        caption=caption,
        unit=unit,
        columns=(Column(share=3), Column(align="right")),
        header=((HeaderCell(text="Chỉ tiêu"), HeaderCell(text="Số lượng")),),
        rows=tuple(rows),
        bold_rows=bold,
        note=note,
    )


def _annexes(report: ReportContent) -> Iterator[Annex]:
    """Return the crossed tables, which lie on their side after the signature."""
    wording = report.wording()
    blocks = [
        exports.print_grid(grid, unit=exports.unit_of(made.table, wording), caption=made.entry.title_vi)
        for made in report.tables
        for grid in arrange(made.table, wording)
        if len(grid.columns) > 1 and not _is_empty(made) and not (grid.is_whole and _is_form(made))
    ]
    if blocks:
        yield Annex(
            number="Phụ lục",
            title="BẢNG SỐ LIỆU CHI TIẾT",
            reference=f"(Kèm theo Báo cáo của {report.unit_name})",
            blocks=tuple(blocks),
            is_landscape=True,
        )


def _is_form(made: MadeTable) -> bool:
    """Say whether a table is about one form of violence; all incidents together stand in the first table."""
    return made.entry.name.startswith("incidents_form_")


def _is_empty(made: MadeTable) -> bool:
    return made.table.rows[0].value == 0


def _lines(answers: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(answers.get(name, "")).splitlines() if line.strip())
