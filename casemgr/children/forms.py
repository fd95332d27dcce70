"""The forms of child protection: what is known of the child, how the report came about, how it ended."""

from casemgr.children.rules import FORM, VERSION
from casemgr.questions import Form, Kind, Question, Section, ShownIf, Text

CHILD = Form(
    name=FORM,
    version=VERSION,
    sections=(
        Section(
            name="danger",
            title=Text(vi="Tình trạng của trẻ", en="How the child is"),
            questions=(
                Question(
                    name="immediate_danger",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(vi="Trẻ đang gặp nguy hiểm ngay lúc này?", en="Is the child in danger now?"),
                    hint=Text(
                        vi="Bị tổn hại nghiêm trọng, bị đe dọa, hoặc người chăm sóc chính là người gây hại.",
                        en="Gravely harmed, threatened, or cared for by the person who does the harm.",
                    ),
                    why=Text(
                        vi="Nếu có, biện pháp khẩn cấp phải được áp dụng trong 12 giờ từ khi nhận thông tin.",
                        en="If so, emergency measures are due within 12 hours of the information.",
                    ),
                    legal_basis="Decree 56/2017/NĐ-CP",
                ),
                Question(
                    name="risk_level",
                    kind=Kind.CODE,
                    codes="child_risk_level",
                    label=Text(vi="Mức độ nguy cơ ban đầu", en="Risk level at first sight"),
                    hint=Text(
                        vi="Bỏ trống nếu chưa đánh giá. Người phụ trách hồ sơ ca biết mức độ này.",
                        en="Leave open if not assessed yet. The owner of the linked case knows this level.",
                    ),
                ),
                Question(
                    name="abuse",
                    kind=Kind.CODES,
                    codes="child_abuse",
                    sensitive=True,
                    label=Text(vi="Hình thức xâm hại đã biết", en="Forms of abuse that are known"),
                    legal_basis="Children Law 102/2016/QH13 Article 4",
                ),
                Question(
                    name="special",
                    kind=Kind.CODES,
                    codes="child_special",
                    sensitive=True,
                    label=Text(vi="Hoàn cảnh đặc biệt của trẻ", en="Special circumstances of the child"),
                    legal_basis="Children Law 102/2016/QH13 Article 10",
                ),
                Question(
                    name="origin",
                    kind=Kind.LONG_TEXT,
                    longest=2000,
                    label=Text(vi="Thông tin ban đầu", en="First information"),
                    hint=Text(
                        vi="Cán bộ bảo vệ trẻ em đọc phần này và không mở được hồ sơ ca: "
                        "chỉ ghi điều cần để bảo vệ trẻ.",
                        en="The child-protection worker reads this and cannot open the case: "
                        "write what is needed to protect the child, no more.",
                    ),
                ),
            ),
        ),
        Section(
            name="child",
            title=Text(vi="Về trẻ", en="About the child"),
            questions=(
                Question(
                    name="name",
                    kind=Kind.NAME,
                    label=Text(vi="Họ và tên", en="Full name"),
                ),
                Question(
                    name="birth",
                    kind=Kind.PARTIAL_DATE,
                    past_only=True,
                    label=Text(vi="Ngày sinh", en="Date of birth"),
                ),
                Question(name="sex", kind=Kind.CODE, codes="sex", label=Text(vi="Giới tính", en="Sex")),
                Question(
                    name="lives_with",
                    kind=Kind.CODE,
                    codes="child_lives_with",
                    sensitive=True,
                    label=Text(vi="Đang sống với ai", en="Who the child lives with"),
                ),
                Question(
                    name="attends_school",
                    kind=Kind.YES_NO,
                    sensitive=True,
                    label=Text(vi="Đang đi học", en="Goes to school"),
                ),
                Question(
                    name="school",
                    kind=Kind.TEXT,
                    longest=200,
                    shown_if=ShownIf(question="attends_school", values=frozenset({"yes"})),
                    label=Text(vi="Trường, lớp", en="School and class"),
                ),
                Question(
                    name="where_now",
                    kind=Kind.TEXT,
                    longest=300,
                    label=Text(vi="Hiện đang ở đâu", en="Where the child is now"),
                ),
            ),
        ),
    ),
)

LINK = Form(
    name="child_link",
    version=1,
    sections=(
        Section(
            name="link",
            title=Text(vi="Liên kết với hồ sơ ca", en="Link to the case"),
            questions=(
                Question(
                    name="relation",
                    kind=Kind.CODE,
                    codes="child_relation",
                    required=True,
                    label=Text(vi="Trẻ là ai trong hồ sơ này", en="Who the child is in this case"),
                    hint=Text(
                        vi="Chỉ người phụ trách hồ sơ ca đọc được câu này.",
                        en="Only those on the case can read this answer.",
                    ),
                ),
                Question(
                    name="agreed",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Người bị bạo lực đồng ý báo cho cán bộ bảo vệ trẻ em?",
                        en="Does the survivor agree to tell the child-protection worker?",
                    ),
                    why=Text(
                        vi="Khi trẻ gặp nguy hiểm hoặc bị xâm hại, pháp luật buộc phải báo dù chưa có "
                        "đồng ý. Lý do được ghi lại.",
                        en="When a child is in danger or abused, the law makes everybody report it, with or "
                        "without consent. The reason is kept.",
                    ),
                    legal_basis="Children Law 102/2016/QH13 Article 51",
                ),
                Question(
                    name="reason",
                    kind=Kind.LONG_TEXT,
                    required=True,
                    longest=1000,
                    shown_if=ShownIf(question="agreed", values=frozenset({"no"})),
                    label=Text(
                        vi="Vì sao vẫn phải báo khi chưa có đồng ý", en="Why it is reported without consent"
                    ),
                ),
                Question(
                    name="told",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Đã nói cho người bị bạo lực biết: báo cho ai, báo điều gì, việc gì tiếp theo?",
                        en="Was the survivor told who is informed, of what, and what comes next?",
                    ),
                ),
                Question(
                    name="not_told_reason",
                    kind=Kind.LONG_TEXT,
                    required=True,
                    longest=1000,
                    shown_if=ShownIf(question="told", values=frozenset({"no"})),
                    label=Text(vi="Vì sao chưa nói được", en="Why she was not told"),
                ),
            ),
        ),
    ),
)

CLOSURE = Form(
    name="child_closure",
    version=1,
    sections=(
        Section(
            name="closure",
            title=Text(vi="Kết thúc hồ sơ bảo vệ trẻ em", en="Close the child-protection record"),
            questions=(
                Question(
                    name="outcome",
                    kind=Kind.CODE,
                    codes="child_outcome",
                    required=True,
                    label=Text(vi="Kết quả", en="Outcome"),
                ),
                Question(
                    name="needs_met",
                    kind=Kind.CODE,
                    codes="needs_met",
                    label=Text(vi="Nhu cầu đã được đáp ứng chưa", en="Whether the need was met"),
                ),
                Question(
                    name="note",
                    kind=Kind.LONG_TEXT,
                    label=Text(vi="Ghi chú", en="Note"),
                ),
            ),
        ),
    ),
)
