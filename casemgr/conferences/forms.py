"""The forms of a conference: calling, answering, minutes, what a unit is to do."""

from casemgr.questions import Form, Kind, Question, Section, Text

WHEN = Section(
    name="when",
    title=Text(vi="Khi nào, ở đâu", en="When and where"),
    questions=(
        Question(
            name="meets_on", kind=Kind.DATE, required=True, label=Text(vi="Ngày họp", en="Day of the meeting")
        ),
        Question(name="meets_at", kind=Kind.TIME, required=True, label=Text(vi="Giờ họp", en="Hour")),
        Question(
            name="place",
            kind=Kind.TEXT,
            longest=200,
            label=Text(vi="Nơi họp", en="Place"),
            hint=Text(
                vi="Họp qua điện thoại thì bỏ trống và ghi số gọi vào họp.",
                en="For a meeting by telephone leave it empty and enter the number to call in.",
            ),
        ),
        Question(
            name="phone",
            kind=Kind.PHONE,
            label=Text(vi="Số gọi vào họp (điện thoại, gọi hình)", en="Number to call in (telephone, video)"),
        ),
    ),
)

ABOUT = Section(
    name="about",
    title=Text(vi="Bàn về điều gì", en="What is talked about"),
    intro=Text(
        vi="Các đơn vị đọc phần này. Người bị bạo lực chỉ có một mã số của cuộc họp: không ghi tên, "
        "nơi ở hay điều gì nhận ra được ai.",
        en="The units read this. The survivor is a number of this meeting alone: no name, no address, "
        "nothing that names anybody.",
    ),
    questions=(
        Question(
            name="topics",
            kind=Kind.CODES,
            codes="service",
            required=True,
            label=Text(vi="Các mặt được bàn", en="Topics"),
        ),
        Question(
            name="needs",
            kind=Kind.LONG_TEXT,
            longest=2000,
            required=True,
            label=Text(vi="Nhu cầu cần bàn, mỗi dòng một việc", en="Needs to talk about, one to a line"),
        ),
        Question(
            name="called",
            kind=Kind.TEXT,
            longest=100,
            label=Text(vi="Tên được gọi trong cuộc họp", en="The name used at the meeting"),
            hint=Text(
                vi="Bỏ trống, trừ khi người bị bạo lực đồng ý cho nói tên.",
                en="Leave empty unless the survivor agrees that a name is used.",
            ),
        ),
    ),
)

AGREEMENT = Section(
    name="agreement",
    title=Text(vi="Đồng ý của người bị bạo lực", en="The survivor's consent"),
    intro=Text(
        vi="Đã nói rõ những đơn vị này, những mặt này, và rằng có thể rút lại bất cứ lúc nào.",
        en="Told: these units, these topics, and that it can be taken back at any time.",
    ),
    questions=(
        Question(
            name="limits_read",
            kind=Kind.YES_NO,
            label=Text(
                vi="Đã nói rõ giới hạn bảo mật trước khi hỏi?",
                en="Were the limits of confidentiality explained before asking?",
            ),
        ),
        Question(
            name="how",
            kind=Kind.CODE,
            codes="consent_how",
            label=Text(vi="Đồng ý bằng cách nào", en="How it was given"),
            hint=Text(
                vi="Bỏ trống nếu hồ sơ đã có đồng ý cho đúng các đơn vị và các mặt này.",
                en="Leave empty if the case already holds consent for just these units and topics.",
            ),
        ),
    ),
)

CALLING = Form(name="conference", version=1, sections=(WHEN, ABOUT, AGREEMENT))

MOVING = Form(name="conference_move", version=1, sections=(WHEN,))

ANSWER = Section(
    name="answer",
    title=Text(vi="Trả lời lời mời", en="Answer to the invitation"),
    questions=(
        Question(
            name="comes",
            kind=Kind.YES_NO,
            required=True,
            label=Text(vi="Có người dự họp?", en="Does somebody come?"),
        ),
        Question(name="who", kind=Kind.TEXT, longest=200, label=Text(vi="Ai dự họp", en="Who comes")),
        Question(
            name="note",
            kind=Kind.LONG_TEXT,
            longest=500,
            label=Text(vi="Lời nhắn", en="Words for the caller"),
        ),
    ),
)

MINUTES = Section(
    name="minutes",
    title=Text(vi="Biên bản", en="Minutes"),
    intro=Text(
        vi="Ghi cả cho người dự qua điện thoại. Các đơn vị dự họp đọc được; không ghi tên người bị bạo lực "
        "khi chưa có đồng ý.",
        en="For those on the telephone too. The invited units read them; no name of the survivor without "
        "consent to that.",
    ),
    questions=(
        Question(
            name="present",
            kind=Kind.LONG_TEXT,
            longest=1000,
            label=Text(vi="Ai có mặt, đơn vị nào", en="Who was there, of which unit"),
        ),
        Question(
            name="text",
            kind=Kind.LONG_TEXT,
            longest=6000,
            required=True,
            label=Text(vi="Nội dung, điều đã thống nhất", en="What was said and agreed"),
        ),
    ),
)

ACTION = Section(
    name="action",
    title=Text(vi="Giao việc cho một đơn vị", en="Give a unit something to do"),
    questions=(
        Question(
            name="task",
            kind=Kind.TEXT,
            longest=300,
            required=True,
            label=Text(vi="Việc cần làm", en="What is to be done"),
        ),
        Question(name="due_on", kind=Kind.DATE, required=True, label=Text(vi="Hạn", en="By when")),
    ),
)
