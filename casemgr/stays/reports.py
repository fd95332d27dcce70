"""The reports of the model as documents: what leaves the unit counts nobody and names no hidden address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casemgr.codes import lists
from casemgr.letters.blocks import (
    Block,
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
from casemgr.shelters.rules import supplies_of
from casemgr.stays.rules import Span, SpanKind

MODEL = "mô hình địa chỉ tin cậy – nhà tạm lánh tại cộng đồng"
INTERNAL = "LƯU HÀNH NỘI BỘ"
NOT_COUNTED = {
    SpanKind.MONTH: "Báo cáo này không nêu số lượt và số người tạm lánh theo tháng: trong một xã, số nhỏ đủ "
    "để nhận ra người. Số liệu được báo cáo theo quý, 6 tháng và năm sau khi đã kiểm soát tiết lộ.",
    **dict.fromkeys(
        (SpanKind.QUARTER, SpanKind.YEAR),
        "Báo cáo này không nêu số lượt và số người tạm lánh ngoài bảng đã phát hành: trong một xã, số nhỏ đủ "
        "để nhận ra người. Bảng của cùng kỳ được đưa vào sau khi đã kiểm soát tiết lộ và phát hành.",
    ),
}
TO_BE_SIGNED = Signature(lines=("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ",), name="Họ và tên")
"""As the annex of Decree 30/2020 leaves it open: the drafts are completed by whoever signs."""
ROMAN = ("I", "II", "III", "IV")
NAMES_NOBODY = (
    "Báo cáo không ghi tên, tuổi, nơi ở, nơi tạm lánh, ngày giờ và số người. Thông tin của người bị bạo lực "
    "được giữ bí mật tại đơn vị phụ trách hồ sơ."
)
HANDLED = "Mô hình đã tiếp nhận, bố trí nơi tạm lánh và hỗ trợ một trường hợp; đến nay đã xử lý xong."
FOLLOWED = {"1": "Tiếp tục theo dõi sau tạm lánh.", "0": "Đã có kế hoạch an toàn sau tạm lánh."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published address as a periodic report lists it."""

    name: str
    decision_number: str
    beds: int
    trained_on: str
    review_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The latest figure on stays that passed disclosure control; None is a protected one."""

    first: date
    last: date
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicContent:
    """Everything that a report of a month, a quarter or a year is printed from."""

    unit_name: str
    span: Span
    made_on: date
    addresses: tuple[Published, ...]
    released: Released | None
    is_synthetic: bool


def compose_periodic(content: PeriodicContent) -> OfficialDocument:
    """Return a periodic report of the model; a draft, which whoever signs completes."""
    return _document(
        content.unit_name,
        f"Hoạt động của {MODEL} {_named(content.span)}",
        tuple(_periodic(content)),
        content.made_on,
        is_synthetic=content.is_synthetic,
    )


def _named(span: Span) -> str:
    names = {
        SpanKind.MONTH: f"tháng {span.first:%m/%Y}",
        SpanKind.QUARTER: f"quý {ROMAN[span.quarter - 1]} năm {span.first:%Y}",
        SpanKind.YEAR: f"năm {span.first:%Y}",
    }
    return names[span.kind]


def _periodic(content: PeriodicContent) -> Iterator[Block]:
    yield Heading(text="I. ĐỊA CHỈ ĐƯỢC CÔNG BỐ")
    if content.addresses:
        head = ("Địa chỉ", "Quyết định", "Số chỗ", "Tập huấn gần nhất", "Xem xét lại")
        yield Table(
            columns=tuple(Column(share=3 if name == "Địa chỉ" else 1.5) for name in head),
            header=(tuple(HeaderCell(text=name) for name in head),),
            rows=tuple(
                (one.name, one.decision_number, one.beds, one.trained_on or "–", one.review_on or "–")
                for one in content.addresses
            ),
            note="Địa chỉ không công bố không có trong báo cáo.",
        )
    else:
        yield paragraph("Không có địa chỉ nào được công bố.")
    yield Heading(text="II. TẠM LÁNH")
    if content.released is not None:
        yield paragraph(_released(content.released, content.span))
    yield paragraph(NOT_COUNTED[content.span.kind], italic=True)
    yield Heading(text="III. KHÓ KHĂN, KIẾN NGHỊ")
    yield paragraph("…")


def _released(released: Released, span: Span) -> str:
    days = f"từ ngày {released.first:%d/%m/%Y} đến ngày {released.last:%d/%m/%Y}"
    total = "[bv] (số được bảo vệ)" if released.total is None else str(released.total)
    is_of_span = (released.first, released.last) == (span.first, span.last)
    which = "Bảng đã phát hành của kỳ báo cáo" if is_of_span else "Bảng đã phát hành gần nhất"
    return f"{which}, {days}: {total} lượt tạm lánh."


def compose_immediate(
    unit_name: str, outcome: Mapping[str, Any], made_on: date, *, is_synthetic: bool
) -> OfficialDocument:
    """Return the report right after one stay was handled: what help was given, and nothing about anybody."""
    return _document(
        unit_name,
        f"Báo cáo nhanh một trường hợp đã xử lý theo {MODEL}",
        tuple(_immediate(outcome)),
        made_on,
        is_synthetic=is_synthetic,
    )


def _immediate(outcome: Mapping[str, Any]) -> Iterator[Block]:
    entries = (outcome.get("stay") or {}).get("entries") or ()
    given = sorted({entry["supply"] for entry in supplies_of(entries)})
    helps = "; ".join(lists.label("stay_supply", code, "vi").lower() for code in given)
    yield paragraph(HANDLED)
    yield paragraph(f"Hỗ trợ đã cấp: {helps or 'chỗ ở'}.")
    if outcome.get("needs_met"):
        yield paragraph(f"Kết quả: {lists.label('needs_met', outcome['needs_met'], 'vi').lower()}.")
    if outcome.get("safety"):
        yield paragraph(FOLLOWED[lists.attribute("leaving_safety", outcome["safety"], "needs_follow_up")])
    yield paragraph(NAMES_NOBODY, italic=True)


def _document(
    unit_name: str, abstract: str, body: tuple[Block, ...], made_on: date, *, is_synthetic: bool
) -> OfficialDocument:
    return OfficialDocument(
        issuing_agency=agency_of(unit_name),
        sign="BC-UBND" if is_committee(unit_name) else "BC",
        place=place_of(unit_name),
        issued_on=DocumentDay(year=made_on.year),
        type_name="BÁO CÁO",
        abstract=abstract,
        body=body,
        signature=TO_BE_SIGNED,
        recipients=("Ban quản lý mô hình;", "Lưu: VT."),
        restricted=INTERNAL,
        is_synthetic=is_synthetic,
    )
