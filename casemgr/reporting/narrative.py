"""The words of a commune's report, declared once: the headings of a report on gender equality, reduced."""

from casemgr.questions import Form, Kind, Question, Section, Text


def _long(name: str, vi: str, en: str, hint: Text | None = None) -> Question:
    return Question(name=name, kind=Kind.LONG_TEXT, longest=8000, label=Text(vi=vi, en=en), hint=hint)


ONE_A_LINE = Text(vi="Mỗi dòng một mục.", en="One on each line.")
NO_NAMES = Text(
    vi="Không ghi tên, địa chỉ hay chi tiết có thể nhận ra một người.",
    en="Write no name, address or detail by which somebody could be recognised.",
)

LETTER = Section(
    name="letter",
    title=Text(vi="Thể thức văn bản", en="The letter"),
    questions=(
        Question(
            name="number",
            kind=Kind.TEXT,
            longest=20,
            label=Text(vi="Số văn bản", en="Number"),
            hint=Text(vi="Văn thư cấp; có thể để trống.", en="Given by the clerk; may stay empty."),
        ),
        _long("addressees", "Kính gửi", "Addressed to", ONE_A_LINE),
        _long("bases", "Căn cứ", "Legal bases", ONE_A_LINE),
        _long("recipients", "Nơi nhận", "Recipients", ONE_A_LINE),
        _long(
            "signer",
            "Quyền hạn, chức vụ người ký",
            "Authority and office of who signs",
            Text(
                vi="Mỗi dòng một mục, ví dụ: KT. CHỦ TỊCH, dòng sau: PHÓ CHỦ TỊCH.",
                en="One on each line, for example: KT. CHỦ TỊCH, then: PHÓ CHỦ TỊCH.",
            ),
        ),
        Question(
            name="signer_name",
            kind=Kind.TEXT,
            longest=80,
            label=Text(vi="Họ tên người ký", en="Name of who signs"),
        ),
    ),
)

SITUATION = Section(
    name="situation",
    title=Text(vi="Tình hình chung", en="General situation"),
    questions=(_long("situation", "Tình hình chung của địa phương", "Situation of the commune", NO_NAMES),),
)

RESULTS = Section(
    name="results",
    title=Text(vi="Kết quả thực hiện", en="Results"),
    questions=(
        _long("direction", "Công tác chỉ đạo, triển khai", "Direction and organisation"),
        _long("communication", "Công tác truyền thông", "Communication"),
        _long(
            "response",
            "Phòng ngừa, ứng phó với bạo lực trên cơ sở giới",
            "Prevention of and response to gender-based violence",
            NO_NAMES,
        ),
        _long("children", "Bảo vệ trẻ em", "Protection of children", NO_NAMES),
        _long("livelihood", "Hỗ trợ sinh kế, việc làm", "Livelihood and work"),
        _long("training", "Tập huấn, nâng cao năng lực", "Training"),
        _long("supervision", "Kiểm tra, giám sát, phối hợp liên ngành", "Supervision and co-operation"),
        _long("budget", "Kinh phí", "Budget"),
    ),
)

ASSESSMENT = Section(
    name="assessment",
    title=Text(vi="Đánh giá chung", en="Assessment"),
    questions=(
        _long("achievements", "Ưu điểm", "Achievements"),
        _long("limits", "Hạn chế, nguyên nhân", "Limits and their causes"),
    ),
)

AHEAD = Section(
    name="ahead",
    title=Text(vi="Phương hướng, nhiệm vụ", en="Tasks ahead"),
    questions=(_long("ahead", "Phương hướng, nhiệm vụ kỳ tới", "Tasks of the coming period"),),
)

PROPOSALS = Section(
    name="proposals",
    title=Text(vi="Đề xuất, kiến nghị", en="Proposals"),
    questions=(_long("proposals", "Đề xuất, kiến nghị với cấp trên", "Proposals to the superior level"),),
)

NARRATIVE = Form(
    name="report_narrative",
    version=1,
    sections=(LETTER, SITUATION, RESULTS, ASSESSMENT, AHEAD, PROPOSALS),
)
BODY = (SITUATION, RESULTS, ASSESSMENT, AHEAD, PROPOSALS)
TABLES_AFTER = "response"
"""The question under which the tables stand."""
