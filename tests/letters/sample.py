"""A report and forms that use every block, for the tests of the engines."""

from casemgr.letters.blocks import (
    Annex,
    Chart,
    Column,
    DocumentDay,
    HeaderCell,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Signature,
    Slip,
    SlipRow,
    Span,
    Table,
    paragraph,
)
from casemgr.letters.charts import BarChart, Series

HOSTILE = "#set page(fill: red) <b>&amp; $x$ *đậm* _nghiêng_ @ref `mã` \\ =cmd|' /C calc'!A0"

CHART = BarChart(
    name="by-type",
    title="Số vụ việc theo loại bạo lực chính",
    unit="vụ việc",
    period="15/11/2025 – 15/5/2026",
    count=41,
    categories=(
        "Bạo lực thể chất",
        "Bạo lực tinh thần",
        "Bạo lực tình dục, cưỡng ép quan hệ tình dục",
        "Tước đoạt nguồn lực",
        "Tảo hôn",
    ),
    series=(Series(values=(21, 12, None, None, 0)),),
)
PAIRED = BarChart(
    name="by-sex",
    title="Người tham gia truyền thông",
    unit="lượt người",
    period="6 tháng đầu năm 2026",
    count=1234,
    categories=("Nói chuyện chuyên đề", "Loa truyền thanh"),
    series=(Series(name="Nữ", values=(734, None)), Series(name="Nam", values=(500, 12))),
)
TABLE = Table(
    caption="Bảng 1. Kết quả truyền thông theo thôn",
    unit="lượt người",
    columns=(Column(align="center", share=0.4), Column(share=2), *(Column(align="right"),) * 4),
    header=(
        (
            HeaderCell(text="TT", down=2),
            HeaderCell(text="Thôn", down=2),
            HeaderCell(text="Lượt người", across=2),
            HeaderCell(text="Kinh phí (nghìn đồng)", across=2),
        ),
        (
            HeaderCell(text="Nữ"),
            HeaderCell(text="Nam"),
            HeaderCell(text="Nhà nước"),
            HeaderCell(text="Huy động"),
        ),
    ),
    rows=(
        *(
            (str(order), f"Thôn Lương {order}", 120 + order, 80, 15_000, None if order == 3 else 2500)
            for order in range(1, 9)
        ),
        ("", "Cộng", 996, 640, 120_000, None),
    ),
    bold_rows=frozenset({8}),
    note="Nguồn: báo cáo của các thôn.",
)
LONG = (
    "Ủy ban nhân dân xã đã chỉ đạo các thôn, các tổ chức chính trị - xã hội triển khai các nội dung trọng "
    "tâm về bình đẳng giới; duy trì mô hình địa chỉ tin cậy – nhà tạm lánh tại cộng đồng; phối hợp với trạm "
    "y tế, công an xã trong tiếp nhận, hỗ trợ người bị bạo lực và bảo vệ trẻ em."
)


def make_report(**changes: object) -> OfficialDocument:
    """Return a report of a commune with tables and charts."""
    given: dict[str, object] = {
        "issuing_agency": ("ỦY BAN NHÂN DÂN", "XÃ CẨM TÚ"),
        "sign": "BC-UBND",
        "place": "Cẩm Tú",
        "issued_on": DocumentDay(year=2026, month=6),
        "type_name": "BÁO CÁO",
        "abstract": "Kết quả công tác bình đẳng giới, phòng ngừa và ứng phó với bạo lực trên cơ sở giới "
        "6 tháng đầu năm 2026",
        "addressees": ("Ủy ban nhân dân tỉnh Thanh Hóa;", "Sở Nội vụ tỉnh Thanh Hóa."),
        "bases": (
            "Căn cứ Luật Bình đẳng giới ngày 29 tháng 11 năm 2006;",
            "Căn cứ Luật Phòng, chống bạo lực gia đình ngày 14 tháng 11 năm 2022.",
        ),
        "body": (
            paragraph(LONG),
            Heading(text="I. TÌNH HÌNH CHUNG"),
            paragraph(LONG),
            Heading(text="II. KẾT QUẢ THỰC HIỆN"),
            Heading(text="1. Công tác truyền thông", level=2),
            Paragraph(
                spans=(
                    Span(text="Tổ chức 12 buổi "),
                    Span(text="(Kế hoạch số 15/KH-UBND)", italic=True),
                    Span(text=", có 1.636 lượt người dự."),
                )
            ),
            TABLE,
            Chart(picture=PAIRED),
            Heading(text="2. Phòng ngừa, ứng phó với bạo lực trên cơ sở giới", level=2),
            paragraph("- Nội dung nguyên văn: " + HOSTILE),
            Chart(picture=CHART),
            Heading(text="a) Hỗ trợ người bị bạo lực", level=3),
            paragraph(LONG),
            PageBreak(),
            Heading(text="III. KIẾN NGHỊ"),
            paragraph("Đề nghị Ủy ban nhân dân tỉnh quan tâm, bố trí kinh phí./."),
        ),
        "signature": Signature(lines=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        "recipients": (
            "Như trên;",
            "Thường trực Đảng ủy, HĐND xã;",
            "Chủ tịch, các Phó Chủ tịch UBND xã;",
            "Lưu: VT, VHXH.",
        ),
        "annexes": (
            Annex(
                number="Phụ lục",
                title="BẢNG SỐ LIỆU",
                reference="(Kèm theo Báo cáo số       /BC-UBND của Ủy ban nhân dân xã Cẩm Tú)",
                blocks=(TABLE,),
                is_landscape=True,
            ),
        ),
        "is_synthetic": True,
    }
    return OfficialDocument(**(given | changes))  # type: ignore[arg-type]


def make_letter() -> OfficialDocument:
    """Return an official letter, which has a subject under its number and no name of type."""
    return make_report(
        type_name="",
        sign="UBND-VHXH",
        abstract="hướng dẫn thực hiện các nhiệm vụ trọng tâm về công tác bình đẳng giới năm 2026",
        addressees=(
            "UBMTTQ xã, các tổ chức chính trị - xã hội;",
            "Cán bộ, công chức có liên quan;",
            "Các thôn trên địa bàn xã.",
        ),
        bases=(),
        annexes=(),
        is_draft=False,
    )


CODE_SHEET = Slip(
    title="Phiếu mã dùng một lần",
    code="T-0412",
    intro=("Mỗi mã chỉ dùng được một lần. Gạch mã sau khi dùng. Giữ phiếu ở nơi chỉ mình biết.",),
    cells=(
        "4821 9037",
        "1180 2246",
        "9313 0054",
        "7702 6188",
        "2045 3391",
        "6670 1823",
        "5519 4402",
        "3308 7716",
    ),
    note="Mất phiếu: báo ngay cho người quản trị để huỷ toàn bộ mã trên phiếu này. " + HOSTILE,
    is_synthetic=True,
)
REFERRAL = Slip(
    title="Phiếu chuyển gửi",
    code="CG-26-0117",
    intro=("Chị có quyền dừng bất cứ lúc nào.", HOSTILE),
    rows=(
        SlipRow(
            label="Dịch vụ cần",
            choices=("Tạm lánh", "Y tế", "Tâm lý", "Pháp lý", "Công an", "Trợ giúp xã hội"),
        ),
        SlipRow(label="Mức độ khẩn cấp", value="Trong 2 giờ"),
        SlipRow(label="Số người lớn, số trẻ em"),
        SlipRow(label="Nhu cầu đặc biệt", writing_lines=4),
        SlipRow(label="Đơn vị tiếp nhận trả lời", choices=("Tiếp nhận", "Không thể tiếp nhận")),
    ),
    note="Không ghi tên người bị bạo lực trên phiếu này.",
)
