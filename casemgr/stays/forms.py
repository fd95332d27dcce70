"""The forms of a stay: who came, what they get, how long, what keepers hand over, what happened."""

from casemgr.questions import Kind, Question, Section, Text

PERSON = Section(
    name="person",
    title=Text(vi="Ai đã đến", en="Who has come"),
    intro=Text(
        vi="Chỉ ghi điều cần để chăm sóc. Những dòng này bị xóa ở đây khi họ rời đi.",
        en="Only what is needed to look after them. Here these lines are removed when they leave.",
    ),
    questions=(
        Question(
            name="kind",
            kind=Kind.CODE,
            codes="stay_person",
            required=True,
            label=Text(vi="Là ai", en="Who it is"),
        ),
        Question(
            name="called",
            kind=Kind.TEXT,
            longest=60,
            required=True,
            label=Text(vi="Gọi là gì", en="What to call them"),
            hint=Text(vi="Không cần họ tên đầy đủ", en="The full name is not needed"),
        ),
        Question(
            name="sex",
            kind=Kind.CODE,
            codes="sex",
            label=Text(vi="Giới tính", en="Sex"),
        ),
        Question(
            name="age_band",
            kind=Kind.CODE,
            codes="age_band_vn",
            label=Text(vi="Nhóm tuổi", en="Age group"),
        ),
        Question(
            name="needs",
            kind=Kind.LONG_TEXT,
            longest=500,
            label=Text(vi="Nhu cầu riêng", en="Own needs"),
            hint=Text(vi="Ví dụ: thuốc, ăn kiêng, trường học", en="For example: medicine, diet, school"),
        ),
    ),
)
NEED = Section(
    name="need",
    title=Text(vi="Nhu cầu", en="Need"),
    questions=(
        Question(
            name="what",
            kind=Kind.LONG_TEXT,
            required=True,
            longest=500,
            label=Text(vi="Cần gì", en="What is needed"),
        ),
    ),
)
SUPPLY = Section(
    name="supply",
    title=Text(vi="Đã cấp", en="What was given"),
    questions=(
        Question(
            name="supply",
            kind=Kind.CODE,
            codes="stay_supply",
            required=True,
            label=Text(vi="Loại", en="Kind"),
        ),
        Question(
            name="what",
            kind=Kind.TEXT,
            longest=200,
            label=Text(vi="Cụ thể", en="What exactly"),
        ),
        Question(
            name="cost",
            kind=Kind.NUMBER,
            least=0,
            greatest=1000000000,
            label=Text(vi="Chi phí (đồng)", en="Cost (VND)"),
        ),
        Question(
            name="paid_by",
            kind=Kind.CODE,
            codes="fund_source",
            label=Text(vi="Nguồn chi", en="Paid from"),
        ),
    ),
)
CORRECTION = Section(
    name="correction",
    title=Text(vi="Sửa điều đã cấp", en="Correct what was given"),
    intro=Text(
        vi="Điều ghi trước đó vẫn thấy được ở trang lượt ở.",
        en="What was written before still shows on the page of the stay.",
    ),
    questions=(
        *SUPPLY.questions,
        Question(
            name="was_given",
            kind=Kind.YES_NO,
            required=True,
            label=Text(vi="Có thật đã cấp?", en="Was it really given?"),
            hint=Text(vi="Chọn Không nếu ghi nhầm.", en="Choose No if it was written by mistake."),
        ),
    ),
)
EXTENSION = Section(
    name="extension",
    title=Text(vi="Ở thêm", en="Stay longer"),
    intro=Text(
        vi="Không ai phải rời đi vì hết ngày. Quá thời hạn dài nhất thì người giám sát được báo.",
        en="Nobody has to leave because days are over. Beyond the longest stay supervisors are told.",
    ),
    questions=(
        Question(
            name="until",
            kind=Kind.DATE,
            required=True,
            label=Text(vi="Ở đến hết ngày", en="Until the end of"),
        ),
        Question(
            name="reason",
            kind=Kind.LONG_TEXT,
            required=True,
            longest=500,
            label=Text(vi="Vì sao", en="Why"),
        ),
    ),
)
HANDOVER = Section(
    name="handover",
    title=Text(vi="Bàn giao ca giữ", en="Hand over to the next keeper"),
    intro=Text(
        vi="Người giữ tiếp theo đọc và xác nhận. Chỉ những người được biết về lượt ở này mới thấy.",
        en="The next keeper reads and confirms it. Only those who may know of this stay see it.",
    ),
    questions=(
        Question(
            name="points",
            kind=Kind.CODES,
            codes="handover_point",
            required=True,
            label=Text(vi="Đã nói rõ về", en="What was explained"),
        ),
        Question(
            name="what",
            kind=Kind.LONG_TEXT,
            longest=1500,
            label=Text(vi="Điều cần biết", en="What to know"),
        ),
    ),
)
INCIDENT = Section(
    name="incident",
    title=Text(vi="Sự cố an toàn", en="Safety incident"),
    intro=Text(
        vi="Đang nguy hiểm thì gọi 113 trước. Chỉ người giám sát đọc được; gửi rồi không xem lại được.",
        en="In danger call 113 first. Only the supervisor reads this; once sent it is not shown again.",
    ),
    questions=(
        Question(
            name="incident",
            kind=Kind.CODE,
            codes="address_incident",
            required=True,
            label=Text(vi="Chuyện gì", en="What happened"),
        ),
        Question(
            name="happened_on",
            kind=Kind.DATE,
            past_only=True,
            label=Text(vi="Ngày xảy ra", en="Day it happened"),
        ),
        Question(
            name="what",
            kind=Kind.LONG_TEXT,
            required=True,
            longest=2000,
            label=Text(vi="Kể lại", en="In words"),
        ),
        Question(
            name="done",
            kind=Kind.LONG_TEXT,
            longest=1000,
            label=Text(vi="Đã làm gì ngay", en="What was done at once"),
        ),
    ),
)
DECISION = Section(
    name="decision",
    title=Text(vi="Quyết định của người giám sát", en="Decision of the supervisor"),
    questions=(
        Question(
            name="decision",
            kind=Kind.CODE,
            codes="incident_decision",
            required=True,
            label=Text(vi="Quyết định", en="Decision"),
        ),
        Question(
            name="text",
            kind=Kind.LONG_TEXT,
            required=True,
            longest=1000,
            label=Text(vi="Lý do, biện pháp", en="Reason, measures"),
        ),
    ),
)
PEOPLE = Section(
    name="people",
    title=Text(vi="Số người đang ở", en="How many are there"),
    questions=(
        Question(
            name="adults",
            kind=Kind.NUMBER,
            least=0,
            greatest=20,
            required=True,
            label=Text(vi="Số người lớn", en="How many grown persons"),
        ),
        Question(
            name="children",
            kind=Kind.NUMBER,
            least=0,
            greatest=20,
            required=True,
            label=Text(vi="Số trẻ em", en="How many children"),
        ),
    ),
)
