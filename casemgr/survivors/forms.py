"""The forms about a person: who she is, how she lives, how to reach her safely, what she consents to."""

from casemgr.questions import Form, Kind, Question, Section, ShownIf, Text
from casemgr.survivors import rules

YES = frozenset({"yes"})
ANY_DISABILITY = frozenset({"vd", "nn", "nhin", "tktt", "tt", "khac"})

IDENTITY = Section(
    name="identity",
    title=Text(vi="Người bị bạo lực", en="The survivor"),
    intro=Text(
        vi="Không câu nào bắt buộc. Có thể dùng tên gọi khác nếu chưa muốn cho biết tên thật.",
        en="No answer is required. Another name will do while she does not want to give her own.",
    ),
    questions=(
        Question(name="full_name", kind=Kind.NAME, label=Text(vi="Họ và tên", en="Full name")),
        Question(
            name="other_name",
            kind=Kind.NAME,
            label=Text(vi="Tên thường gọi", en="Name she goes by"),
        ),
        Question(name="sex", kind=Kind.CODE, codes="sex", label=Text(vi="Giới tính", en="Sex")),
        Question(
            name="birth",
            kind=Kind.PARTIAL_DATE,
            past_only=True,
            label=Text(vi="Ngày sinh", en="Date of birth"),
            why=Text(
                vi="Tuổi quyết định luật áp dụng: dưới 16 tuổi là trẻ em, dưới 18 tuổi cần người giám hộ.",
                en="Age decides which law applies: a child is under 16, and under 18 a guardian is needed.",
            ),
        ),
        Question(
            name="age",
            kind=Kind.NUMBER,
            least=0,
            greatest=120,
            label=Text(vi="Tuổi, nếu không biết ngày sinh", en="Age, if the date of birth is not known"),
        ),
        Question(
            name="age_estimated",
            kind=Kind.YES_NO,
            label=Text(vi="Tuổi này là ước tính?", en="Is this age an estimate?"),
        ),
        Question(
            name="identity_number",
            kind=Kind.IDENTITY_NUMBER,
            label=Text(vi="Số căn cước (không bắt buộc)", en="ID card number (never required)"),
            hint=Text(
                vi="Không chụp ảnh thẻ. Không có số vẫn được hỗ trợ.",
                en="Take no picture of the card. Help does not depend on it.",
            ),
            why=Text(
                vi="Chỉ dùng khi làm thủ tục cấm tiếp xúc, trợ cấp hoặc giấy tờ, và để tránh lập hai hồ sơ.",
                en="Only used for a contact ban, an allowance or papers, and to avoid two files.",
            ),
        ),
        Question(
            name="hamlet",
            kind=Kind.TEXT,
            label=Text(vi="Thôn, tổ dân phố", en="Hamlet or residential group"),
            why=Text(
                vi="Để tìm địa chỉ tin cậy gần nhất. Báo cáo không bao giờ nêu thôn của một người.",
                en="To find the nearest trusted address. No report ever names the hamlet of one person.",
            ),
        ),
        Question(
            name="address",
            kind=Kind.TEXT,
            longest=300,
            label=Text(vi="Chỗ ở hiện nay", en="Where she lives now"),
        ),
    ),
)

PROFILE = Section(
    name="profile",
    title=Text(vi="Hoàn cảnh", en="Circumstances"),
    questions=(
        Question(
            name="ethnicity",
            kind=Kind.CODE,
            codes="ethnic_group",
            sensitive=True,
            label=Text(vi="Dân tộc", en="Ethnic group"),
            why=Text(
                vi="Dữ liệu nhạy cảm theo luật. Chỉ hỏi để chọn ngôn ngữ và chính sách hỗ trợ phù hợp.",
                en="Sensitive by law. Asked only to choose the language and the support that fit.",
            ),
        ),
        Question(
            name="languages",
            kind=Kind.CODES,
            codes="language",
            label=Text(vi="Ngôn ngữ dùng được", en="Languages she uses"),
        ),
        Question(
            name="needs_interpreter",
            kind=Kind.YES_NO,
            label=Text(vi="Cần phiên dịch?", en="Is an interpreter needed?"),
        ),
        Question(
            name="interpreter_note",
            kind=Kind.TEXT,
            shown_if=ShownIf(question="needs_interpreter", values=YES),
            label=Text(vi="Phiên dịch nào", en="Which interpreter"),
            hint=Text(
                vi="Không dùng người nhà hoặc người quen của gia đình.",
                en="Not somebody of the family or known to it.",
            ),
        ),
        Question(
            name="marital",
            kind=Kind.CODE,
            codes="marital",
            label=Text(vi="Tình trạng hôn nhân", en="Marital status"),
        ),
        Question(
            name="children_count",
            kind=Kind.NUMBER,
            least=0,
            greatest=20,
            label=Text(
                vi="Số con, người phụ thuộc đang sống cùng", en="Children and dependants living with her"
            ),
        ),
        Question(
            name="occupation",
            kind=Kind.CODE,
            codes="occupation",
            label=Text(vi="Nghề nghiệp", en="Occupation"),
        ),
        Question(
            name="poverty",
            kind=Kind.CODE,
            codes="poverty",
            label=Text(vi="Diện hộ", en="Household category"),
            why=Text(vi="Để tìm chính sách hỗ trợ.", en="To find the support she has a right to."),
        ),
        Question(
            name="disability",
            kind=Kind.CODES,
            codes="disability_type",
            sensitive=True,
            label=Text(vi="Khuyết tật", en="Disability"),
            hint=Text(vi="Để trống nếu không có.", en="Leave empty if there is none."),
            why=Text(
                vi="Để chọn nơi và cách hỗ trợ phù hợp; luật bảo vệ trước người khuyết tật.",
                en="To choose a place and a way that fit; the law protects people with disabilities first.",
            ),
        ),
        Question(
            name="disability_level",
            kind=Kind.CODE,
            codes="disability_level",
            shown_if=ShownIf(question="disability", values=ANY_DISABILITY),
            label=Text(vi="Mức độ khuyết tật", en="Degree of disability"),
        ),
        Question(
            name="vulnerability",
            kind=Kind.CODES,
            codes="vulnerability",
            label=Text(vi="Hoàn cảnh cần ưu tiên bảo vệ", en="What makes protection more urgent"),
        ),
        Question(
            name="lives_with",
            kind=Kind.CODE,
            codes="child_lives_with",
            label=Text(vi="Nếu dưới 18 tuổi: đang sống với ai", en="If under 18: whom she lives with"),
        ),
        Question(
            name="vulnerable_child",
            kind=Kind.CODE,
            codes="vulnerable_child",
            label=Text(
                vi="Nếu dưới 18 tuổi: không có người chăm sóc?",
                en="If under 18: without anybody to care for her?",
            ),
        ),
        Question(
            name="displacement",
            kind=Kind.CODE,
            codes="displacement_status",
            label=Text(vi="Tình trạng cư trú", en="Displacement status"),
            why=Text(
                vi="Chỉ để lập bảng GBVIMS và tìm giấy tờ, chính sách phù hợp. Bỏ qua nếu không cần.",
                en="Only for a GBVIMS table, and to find papers and support that fit. May be skipped.",
            ),
        ),
    ),
)

SAFE_CONTACT = Section(
    name="safe_contact",
    title=Text(vi="Liên hệ an toàn", en="Safe contact"),
    intro=Text(
        vi="Một cuộc gọi sai lúc có thể gây nguy hiểm. Hỏi kỹ trước khi ghi số.",
        en="A call at the wrong time can be dangerous. Ask before writing down a number.",
    ),
    questions=(
        Question(
            name="may_call",
            kind=Kind.YES_NO,
            label=Text(vi="Gọi điện có an toàn không?", en="Is it safe to call?"),
        ),
        Question(
            name="phone", kind=Kind.PHONE, label=Text(vi="Số điện thoại an toàn", en="Safe telephone number")
        ),
        Question(
            name="may_text",
            kind=Kind.YES_NO,
            label=Text(vi="Nhắn tin có an toàn không?", en="Is it safe to send a message?"),
        ),
        Question(
            name="contact_method",
            kind=Kind.CODE,
            codes="contact_method",
            label=Text(vi="Cách liên hệ tốt nhất", en="Best way to reach her"),
        ),
        Question(
            name="contact_hours",
            kind=Kind.TEXT,
            longest=200,
            label=Text(vi="Giờ có thể liên hệ", en="Hours when it is safe"),
            hint=Text(vi="Ví dụ: 8 giờ đến 10 giờ, trừ Chủ nhật.", en="For example 8 to 10, not on Sundays."),
        ),
        Question(
            name="who_may_answer",
            kind=Kind.TEXT,
            longest=200,
            label=Text(vi="Ai có thể nghe máy thay", en="Who may answer for her"),
        ),
        Question(
            name="code_word",
            kind=Kind.TEXT,
            longest=100,
            label=Text(vi="Mật hiệu", en="Code word"),
            hint=Text(
                vi="Câu nói ra để biết nói chuyện được hay không.",
                en="What is said to find out whether it is safe to talk.",
            ),
        ),
        Question(
            name="contact_forbidden",
            kind=Kind.LONG_TEXT,
            longest=1000,
            label=Text(vi="Tuyệt đối không", en="Never do"),
            hint=Text(
                vi="Ví dụ: không đến nhà, không gửi giấy, không gọi số của chồng.",
                en="For example do not come to the house, send no letter, do not call the husband's number.",
            ),
        ),
    ),
)

SURVIVOR = Form(name=rules.FORM, version=rules.VERSION, sections=(IDENTITY, PROFILE, SAFE_CONTACT))

CONSENT = Form(
    name="consent",
    version=1,
    sections=(
        Section(
            name="consent",
            title=Text(vi="Ghi nhận sự đồng ý", en="Record a consent"),
            questions=(
                Question(
                    name="limits_read",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Đã nói rõ giới hạn bảo mật trước khi hỏi?",
                        en="Were the limits of confidentiality explained before asking?",
                    ),
                ),
                Question(
                    name="purpose",
                    kind=Kind.CODE,
                    codes="consent_purpose",
                    required=True,
                    label=Text(vi="Đồng ý cho việc gì", en="Consent to what"),
                ),
                Question(
                    name="service",
                    kind=Kind.CODE,
                    codes="service",
                    shown_if=ShownIf(question="purpose", values=frozenset({rules.Purpose.REFERRAL})),
                    label=Text(vi="Dịch vụ được chuyển gửi đến", en="Service to be referred to"),
                ),
                Question(
                    name="answer",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(vi="Người bị bạo lực đồng ý?", en="Does the survivor consent?"),
                ),
                Question(
                    name="how",
                    kind=Kind.CODE,
                    codes="consent_how",
                    required=True,
                    label=Text(vi="Đồng ý bằng cách nào", en="How it was given"),
                ),
                Question(
                    name="expires_on",
                    kind=Kind.DATE,
                    label=Text(vi="Có hiệu lực đến ngày", en="Holds until"),
                    hint=Text(vi="Để trống nếu không định ngày.", en="Leave empty if no day was named."),
                ),
                Question(
                    name="note",
                    kind=Kind.LONG_TEXT,
                    longest=1000,
                    label=Text(vi="Điều kiện, ai không được biết", en="Conditions, who must not know"),
                ),
            ),
        ),
    ),
)

LIMITS = (
    Text(
        vi="Điều chị kể được giữ kín. Chỉ những người trực tiếp giúp chị mới biết, và chỉ khi chị đồng ý.",
        en="What you tell is kept private. Only those who help you know of it, and only if you agree.",
    ),
    Text(
        vi="Chị có quyền không trả lời, dừng lại hoặc rút lại sự đồng ý bất cứ lúc nào, vẫn được giúp đỡ.",
        en="You may leave questions out, stop, or take your consent back at any time, and still get help.",
    ),
    Text(
        vi="Có ba trường hợp pháp luật buộc phải báo ngay: trẻ em đang gặp nguy hiểm; tính mạng bị "
        "đe dọa; cơ quan điều tra hoặc tòa án yêu cầu theo luật.",
        en="In three cases the law makes us report at once: a child is in danger; a life is threatened; "
        "an investigator or a court demands it by law.",
    ),
    Text(
        vi="Con số trong báo cáo không có tên và không nhận ra được ai.",
        en="Figures in reports have no names, and nobody can be recognised in them.",
    ),
)
"""What is read out before anybody is asked to consent."""

READ_FIRST = Text(
    vi="Đọc giới hạn bảo mật cho người bị bạo lực nghe trước, rồi mới hỏi.",
    en="Read out the limits of confidentiality first, then ask.",
)
"""What is said where a consent was taken down without its limits."""
