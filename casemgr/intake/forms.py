"""The forms of the emergency page and of the intake's own parts."""

from casemgr.incidents.classification import WIZARD
from casemgr.incidents.forms import ACCOUNT, ACTS, CIRCUMSTANCES, SERVICES, WHEN_AND_WHERE
from casemgr.intake import rules
from casemgr.questions import Form, Kind, Question, Section, ShownIf, Text
from casemgr.survivors.forms import IDENTITY, PROFILE, SAFE_CONTACT

DANGER_NOW = Question(
    name="danger_now",
    kind=Kind.YES_NO,
    required=True,
    label=Text(vi="Có đang nguy hiểm không?", en="Is somebody in danger now?"),
)

EMERGENCY = Form(
    name=rules.EMERGENCY_FORM,
    version=rules.VERSION,
    sections=(
        Section(
            name="emergency",
            title=Text(vi="Khẩn cấp", en="Emergency"),
            questions=(
                Question(
                    name="danger_now",
                    kind=Kind.YES_NO,
                    label=Text(vi="Có đang nguy hiểm không?", en="Is somebody in danger now?"),
                ),
                Question(
                    name="phone",
                    kind=Kind.PHONE,
                    label=Text(vi="Số điện thoại an toàn", en="Safe telephone number"),
                ),
                Question(
                    name="adults",
                    kind=Kind.NUMBER,
                    least=0,
                    greatest=20,
                    label=Text(vi="Số người lớn", en="Adults"),
                ),
                Question(
                    name="children",
                    kind=Kind.NUMBER,
                    least=0,
                    greatest=20,
                    label=Text(vi="Số trẻ em đi cùng", en="Children with them"),
                ),
                Question(
                    name="urgent_needs",
                    kind=Kind.CODES,
                    codes="urgent_need",
                    label=Text(vi="Cần gì ngay", en="What is needed now"),
                ),
                Question(
                    name="note",
                    kind=Kind.TEXT,
                    longest=300,
                    label=Text(vi="Ghi ngắn (nếu cần)", en="Short note (if needed)"),
                ),
            ),
        ),
    ),
)

CONSENT_CHOICES = (
    (
        "given",
        Text(
            vi="Đồng ý bằng lời nói, đã nghe giới hạn bảo mật",
            en="Agrees, spoken, after hearing the limits of confidentiality",
        ),
    ),
    ("not_asked", Text(vi="Chưa hỏi được", en="Could not be asked yet")),
    ("refused", Text(vi="Không đồng ý", en="Does not agree")),
)

REPORT = Section(
    name="report",
    title=Text(vi="Ai báo, báo thế nào", en="How the report came"),
    questions=(
        Question(
            name="reported_on",
            kind=Kind.DATE,
            past_only=True,
            label=Text(vi="Ngày nhận tin", en="Day of the report"),
            hint=Text(
                vi="Để trống là hôm nay. Báo cáo đếm theo ngày này.",
                en="Left empty it is today. Reports count by this day.",
            ),
        ),
        Question(
            name="channel",
            kind=Kind.CODE,
            codes="report_channel",
            label=Text(vi="Báo bằng cách nào", en="By which way"),
        ),
        Question(
            name="reporter", kind=Kind.CODE, codes="reporter_type", label=Text(vi="Ai báo", en="Who reported")
        ),
        Question(
            name="referred_by",
            kind=Kind.CODE,
            codes="referred_by",
            label=Text(vi="Nơi giới thiệu đến", en="Who sent her here"),
        ),
        Question(
            name="is_present",
            kind=Kind.YES_NO,
            label=Text(vi="Người bị bạo lực có mặt khi ghi?", en="Is the survivor present?"),
        ),
    ),
)

CONSENT = Section(
    name="consent",
    title=Text(vi="Đồng ý", en="Consent"),
    questions=(
        Question(
            name="limits_read",
            kind=Kind.YES_NO,
            label=Text(
                vi="Đã đọc giới hạn bảo mật ở trên cho người bị bạo lực nghe?",
                en="Were the limits above read out to the survivor?",
            ),
        ),
        Question(
            name="agrees_file",
            kind=Kind.YES_NO,
            label=Text(vi="Đồng ý lập hồ sơ và được hỗ trợ?", en="Agrees to a file and to support?"),
        ),
        Question(
            name="exception",
            kind=Kind.CODE,
            codes="consent_exception",
            shown_if=ShownIf(question="agrees_file", values=frozenset({"no"})),
            label=Text(
                vi="Không đồng ý nhưng pháp luật buộc xử lý ngay?",
                en="No consent, but the law makes us act at once?",
            ),
            hint=Text(
                vi="Để trống nếu không thuộc trường hợp nào. Khi đó không lưu gì có tên.",
                en="Leave empty if neither is so. Then nothing with a name is kept.",
            ),
        ),
        Question(
            name="exception_reason",
            kind=Kind.LONG_TEXT,
            longest=1000,
            shown_if=ShownIf(
                question="exception", values=frozenset({"tre_em_nguy_hiem", "de_doa_tinh_mang"})
            ),
            label=Text(vi="Lý do", en="Reason"),
        ),
        Question(
            name="how",
            kind=Kind.CODE,
            codes="consent_how",
            label=Text(vi="Đồng ý bằng cách nào", en="How it was given"),
            hint=Text(
                vi="Dưới 12 tuổi: người giám hộ đồng ý và trẻ thuận lòng. 12 đến 14: trẻ và người giám hộ. "
                "Từ 15: tự đồng ý. Nếu người giám hộ là người gây ra, hỏi giám sát.",
                en="Under 12: the guardian consents and the child is willing. 12 to 14: child and guardian. "
                "From 15: her own consent. If the guardian is the perpetrator, ask the supervisor.",
            ),
        ),
        Question(
            name="services",
            kind=Kind.CODES,
            codes="service",
            label=Text(
                vi="Đồng ý chuyển thông tin đến các dịch vụ", en="Agrees to be referred to these services"
            ),
        ),
        Question(
            name="agrees_contact",
            kind=Kind.YES_NO,
            label=Text(vi="Đồng ý cho gọi, thăm hỏi?", en="Agrees to calls and visits?"),
        ),
        Question(
            name="agrees_conference",
            kind=Kind.YES_NO,
            label=Text(vi="Đồng ý cho trao đổi tại họp ca?", en="Agrees to a case conference?"),
        ),
        Question(
            name="agrees_reporting",
            kind=Kind.YES_NO,
            label=Text(
                vi="Đồng ý dùng thông tin không nhận dạng trong báo cáo?",
                en="Agrees that unnamed information is used in reports?",
            ),
        ),
    ),
)

DANGER = Section(
    name="danger",
    title=Text(vi="Nguy hiểm và nguy cơ", en="Danger and risk"),
    questions=(
        DANGER_NOW,
        Question(
            name="danger_signs",
            kind=Kind.CODES,
            codes="danger_sign",
            label=Text(vi="Dấu hiệu nguy hiểm", en="Signs of danger"),
        ),
        Question(
            name="risk_level",
            kind=Kind.CODE,
            codes="risk_level",
            label=Text(vi="Mức độ nguy cơ", en="Level of risk"),
            hint=Text(
                vi="Hệ thống chỉ gợi ý; người làm việc trực tiếp quyết định.",
                en="The system only suggests; whoever speaks with her decides.",
            ),
        ),
        Question(name="danger_note", kind=Kind.LONG_TEXT, longest=2000, label=Text(vi="Ghi thêm", en="Note")),
    ),
)

NEEDS = Section(
    name="needs",
    title=Text(vi="Nhu cầu cấp thiết", en="Urgent needs"),
    questions=(
        Question(
            name="urgent_needs",
            kind=Kind.CODES,
            codes="urgent_need",
            label=Text(vi="Cần gì ngay", en="What is needed now"),
        ),
        Question(
            name="adults",
            kind=Kind.NUMBER,
            least=0,
            greatest=20,
            label=Text(vi="Số người lớn cần giúp", en="Adults who need help"),
        ),
        Question(
            name="children",
            kind=Kind.NUMBER,
            least=0,
            greatest=20,
            label=Text(vi="Số trẻ em đi cùng", en="Children with them"),
        ),
        Question(name="needs_note", kind=Kind.LONG_TEXT, longest=2000, label=Text(vi="Ghi thêm", en="Note")),
    ),
)

START = Form(
    name="intake_start",
    version=rules.VERSION,
    sections=(
        Section(name="start", title=Text(vi="Tiếp nhận mới", en="New intake"), questions=(DANGER_NOW,)),
    ),
)

PARTS: dict[str, Form] = {
    "report": Form(name="intake", version=rules.VERSION, sections=(REPORT,)),
    "contact": Form(name="intake", version=rules.VERSION, sections=(SAFE_CONTACT,)),
    "consent": Form(name="intake", version=rules.VERSION, sections=(CONSENT,)),
    "person": Form(name="intake", version=rules.VERSION, sections=(IDENTITY,)),
    "circumstances": Form(name="intake", version=rules.VERSION, sections=(PROFILE,)),
    "incident": Form(name="intake", version=rules.VERSION, sections=(WHEN_AND_WHERE, ACCOUNT)),
    "acts": Form(name="intake", version=rules.VERSION, sections=(ACTS, CIRCUMSTANCES)),
    "classification": Form(name="intake", version=rules.VERSION, sections=(WIZARD,)),
    "danger": Form(name="intake", version=rules.VERSION, sections=(DANGER,)),
    "needs": Form(name="intake", version=rules.VERSION, sections=(NEEDS,)),
    "services": Form(name="intake", version=rules.VERSION, sections=(SERVICES,)),
}
"""The parts of an intake that are filled as one page each."""

TITLES = {
    **{name: form.sections[0].title for name, form in PARTS.items()},
    "incident": ACCOUNT.title,
    "perpetrators": Text(vi="Người bị cho là có hành vi bạo lực", en="Alleged perpetrators"),
}
