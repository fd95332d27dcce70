"""The forms of a referral: what a unit must know, what follows a yes, what stays in the case."""

from collections.abc import Collection
from dataclasses import replace

from casemgr.questions import Form, Kind, Question, Section, Text
from casemgr.referrals.rules import CHILD_PROTECTION
from casemgr.support.rules import USUAL

SENDING = Form(
    name="referral",
    version=1,
    sections=(
        Section(
            name="offer",
            title=Text(vi="Đơn vị cần biết để trả lời", en="What the unit must know to answer"),
            intro=Text(
                vi="Đơn vị đọc phần này trước khi trả lời. Không ghi tên, nơi ở hay điều gì nhận ra được ai.",
                en="The unit reads this before it answers. No name, no address, nothing that names anybody.",
            ),
            questions=(
                Question(
                    name="urgency",
                    kind=Kind.CODE,
                    codes="urgency",
                    required=True,
                    label=Text(vi="Cần trả lời khi nào", en="How soon an answer is needed"),
                ),
                Question(
                    name="danger_level",
                    kind=Kind.CODE,
                    codes="risk_level",
                    required=True,
                    label=Text(vi="Mức độ nguy hiểm", en="How dangerous it is"),
                ),
                Question(
                    name="adults",
                    kind=Kind.NUMBER,
                    required=True,
                    least=0,
                    greatest=20,
                    label=Text(vi="Số người lớn", en="How many grown persons"),
                ),
                Question(
                    name="children",
                    kind=Kind.NUMBER,
                    required=True,
                    least=0,
                    greatest=20,
                    label=Text(vi="Số trẻ em đi cùng", en="How many children come along"),
                ),
                Question(
                    name="age_bands",
                    kind=Kind.CODES,
                    codes="age_band_vn",
                    label=Text(vi="Nhóm tuổi của những người này", en="Age groups of these persons"),
                ),
                Question(
                    name="from_when",
                    kind=Kind.TEXT,
                    longest=100,
                    label=Text(vi="Từ khi nào", en="From when"),
                    hint=Text(
                        vi="Ví dụ: ngay bây giờ, tối nay, từ thứ Hai",
                        en="For example: now, tonight, from Monday",
                    ),
                ),
                Question(
                    name="special_needs",
                    kind=Kind.LONG_TEXT,
                    longest=500,
                    label=Text(vi="Nhu cầu đặc biệt", en="Special needs"),
                    hint=Text(
                        vi="Ví dụ: xe lăn, cháu nhỏ bú sữa, phiên dịch tiếng Mường",
                        en="For example: wheelchair, a nursing baby, interpreter for Mường",
                    ),
                ),
                Question(
                    name="access_needs",
                    kind=Kind.CODES,
                    codes="access_help",
                    label=Text(vi="Cần thuận tiện gì", en="Access that is needed"),
                    why=Text(
                        vi="Đơn vị phù hợp được đề xuất trước.", en="Units that have it are proposed first."
                    ),
                ),
                Question(
                    name="languages",
                    kind=Kind.CODES,
                    codes="language",
                    label=Text(vi="Cần nói tiếng gì", en="Language that is needed"),
                    hint=Text(vi="Chỉ chọn khi không phải tiếng Việt", en="Only where it is not Vietnamese"),
                ),
            ),
        ),
        Section(
            name="content",
            title=Text(vi="Chia sẻ sau khi đơn vị tiếp nhận", en="Shared once the unit has accepted"),
            intro=Text(
                vi="Chỉ ghi điều người bị bạo lực đồng ý chia sẻ cho dịch vụ này. Ô để trống không được gửi.",
                en="Only what the survivor agrees to share for this service. What is left empty is not sent.",
            ),
            questions=(
                Question(
                    name="called_name",
                    kind=Kind.TEXT,
                    longest=100,
                    label=Text(vi="Gọi người bị bạo lực là gì", en="What to call the survivor"),
                    hint=Text(vi="Không cần họ tên đầy đủ", en="The full name is not needed"),
                ),
                Question(
                    name="safe_phone",
                    kind=Kind.PHONE,
                    label=Text(vi="Số điện thoại an toàn", en="Safe telephone number"),
                ),
                Question(
                    name="code_word",
                    kind=Kind.TEXT,
                    longest=60,
                    label=Text(vi="Từ nhận nhau", en="Code word"),
                ),
                Question(
                    name="meeting_point",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(vi="Gặp ở đâu", en="Where to meet"),
                ),
                Question(
                    name="meeting_at",
                    kind=Kind.TEXT,
                    longest=60,
                    label=Text(vi="Gặp lúc nào", en="When to meet"),
                ),
                Question(
                    name="call_phone",
                    kind=Kind.PHONE,
                    label=Text(vi="Số để đơn vị gọi lại", en="Number for the unit to call"),
                    hint=Text(
                        vi="Số của cán bộ hoặc số trực của đơn vị mình",
                        en="Your own number or your unit's duty number",
                    ),
                ),
                Question(
                    name="situation",
                    kind=Kind.LONG_TEXT,
                    longest=1500,
                    label=Text(vi="Điều đơn vị cần biết để giúp", en="What the unit must know to help"),
                ),
            ),
        ),
        Section(
            name="note",
            title=Text(vi="Chỉ lưu trong hồ sơ", en="Kept in the case only"),
            questions=(
                Question(
                    name="note",
                    kind=Kind.LONG_TEXT,
                    longest=1500,
                    label=Text(vi="Ghi chú nội bộ", en="Own note"),
                ),
            ),
        ),
    ),
)

AID = Section(
    name="aid",
    title=Text(vi="Hỗ trợ cần có", en="What help is needed"),
    intro=Text(
        vi="Khi đơn vị tiếp nhận, người này vào danh sách thụ hưởng của đơn vị như mọi người khác. "
        "Mức độ nguy hiểm không được chuyển đi.",
        en="When the unit accepts, this person joins its list of beneficiaries like everybody else. "
        "How dangerous it is is not sent.",
    ),
    questions=(
        Question(
            name="aid",
            kind=Kind.CODE,
            codes="support_action",
            label=Text(vi="Hình thức hỗ trợ", en="Kind of support"),
        ),
        Question(
            name="beneficiary_group",
            kind=Kind.CODE,
            codes="beneficiary_group",
            label=Text(vi="Nhóm thụ hưởng", en="Beneficiary group"),
        ),
    ),
)

CHILD = Section(
    name="child",
    title=Text(vi="Về trẻ", en="About the child"),
    intro=Text(
        vi="Khi cán bộ bảo vệ trẻ em tiếp nhận, hồ sơ bảo vệ trẻ em được lập ngay và các hạn theo luật "
        "bắt đầu tính.",
        en="When the child-protection worker accepts, the child's record is opened "
        "and the legal clocks start.",
    ),
    questions=(
        Question(
            name="child_danger",
            kind=Kind.YES_NO,
            required=True,
            label=Text(vi="Trẻ đang gặp nguy hiểm ngay lúc này?", en="Is the child in danger now?"),
            legal_basis="Decree 56/2017/NĐ-CP",
        ),
        Question(
            name="relation",
            kind=Kind.CODE,
            codes="child_relation",
            required=True,
            label=Text(vi="Trẻ là ai trong hồ sơ này", en="Who the child is in this case"),
            hint=Text(vi="Câu này ở lại trong hồ sơ ca.", en="This answer stays in the case."),
        ),
    ),
)

EXCEPTION = Section(
    name="exception",
    title=Text(vi="Chuyển gửi khi chưa có đồng ý", en="Referral without consent"),
    intro=Text(
        vi="Chỉ dùng khi pháp luật cho phép làm ngay. Lý do được lưu trong hồ sơ.",
        en="Only where the law allows acting at once. The reason is kept in the case.",
    ),
    questions=(
        Question(
            name="exception",
            kind=Kind.CODE,
            codes="consent_exception",
            label=Text(vi="Trường hợp", en="Which case"),
        ),
        Question(
            name="exception_reason",
            kind=Kind.LONG_TEXT,
            longest=1000,
            label=Text(vi="Lý do cụ thể", en="The reason"),
        ),
    ),
)

URGENT = Section(
    name="urgent",
    title=Text(vi="Bao nhiêu người, gặp ở đâu", en="How many people, where to meet"),
    questions=(
        *(replace(SENDING.question(name), required=False) for name in ("adults", "children")),
        *(SENDING.question(name) for name in ("meeting_point", "meeting_at", "call_phone")),
    ),
)

DECLINING = Section(
    name="declining",
    title=Text(vi="Không thể tiếp nhận", en="Cannot accept"),
    questions=(
        Question(
            name="reason",
            kind=Kind.CODE,
            codes="referral_decline_reason",
            required=True,
            label=Text(vi="Lý do", en="Reason"),
        ),
        Question(
            name="text",
            kind=Kind.LONG_TEXT,
            longest=500,
            label=Text(vi="Nhắn cho người gửi", en="Words for the sender"),
        ),
    ),
)

LEFT_TO = Question(
    name="left_to",
    kind=Kind.CODE,
    codes="stay_end_reason",
    required=True,
    label=Text(vi="Đi đâu, vì sao", en="Where to, and why"),
)
ENDING_NOTE = Question(
    name="text",
    kind=Kind.LONG_TEXT,
    longest=500,
    label=Text(vi="Kết quả, điều cần nhắn", en="Result, and words for the sender"),
)
NEEDS_MET = Question(
    name="needs_met",
    kind=Kind.CODE,
    codes="needs_met",
    required=True,
    label=Text(vi="Nhu cầu đã được đáp ứng chưa", en="Whether the need was met"),
)
SAFETY = Question(
    name="safety",
    kind=Kind.CODE,
    codes="leaving_safety",
    required=True,
    label=Text(vi="Nơi sắp đến có an toàn không", en="Whether it is safe where they go"),
)
ENDING_STAY = Section(
    name="ending_stay",
    title=Text(vi="Đã rời nơi tạm lánh", en="Has left the shelter"),
    questions=(LEFT_TO, SAFETY, NEEDS_MET, ENDING_NOTE),
)
FEEDBACK = Section(
    name="feedback",
    title=Text(vi="Ý kiến của người bị bạo lực", en="What the survivor says of it"),
    intro=Text(
        vi="Chỉ hỏi khi thuận tiện và an toàn; không trả lời cũng được. Đơn vị không bao giờ đọc phần này.",
        en="Ask only when it is easy and safe; no answer is needed. The unit never reads this.",
    ),
    questions=(
        Question(
            name="feedback",
            kind=Kind.CODE,
            codes="feedback",
            required=True,
            label=Text(vi="Dịch vụ giúp được thế nào", en="How the service helped"),
        ),
        Question(
            name="feedback_text",
            kind=Kind.LONG_TEXT,
            longest=1000,
            label=Text(vi="Lời của người bị bạo lực", en="In the survivor's words"),
        ),
    ),
)
ENDING = Section(
    name="ending",
    title=Text(vi="Đã hoàn thành dịch vụ", en="The service is completed"),
    questions=(NEEDS_MET, ENDING_NOTE),
)


def correction(names: Collection[str]) -> tuple[Section, ...]:
    """Return what of a sent referral can be put right, in the sections of its form."""
    sections = (SENDING.section("offer"), SENDING.section("content"))
    kept = [(section, tuple(one for one in section if one.name in names)) for section in sections]
    return tuple(replace(section, questions=questions) for section, questions in kept if questions)


def asked_for(service: str) -> tuple[Section, ...]:
    """Return the sections that a referral for a service asks, what belongs to that service first."""
    own = {CHILD_PROTECTION: (CHILD,), **dict.fromkeys(USUAL, (AID,))}
    return (*own.get(service, ()), *SENDING.sections)


ANSWER_NOTE = Question(
    name="text",
    kind=Kind.LONG_TEXT,
    longest=500,
    label=Text(vi="Nhắn cho người gửi", en="Words for the sender"),
)
