"""The forms of tips: what a hamlet head sends, and what the case worker records about it."""

from casemgr.questions import Form, Kind, Question, Section, ShownIf, Text

TIP = Form(
    name="tip",
    version=1,
    sections=(
        Section(
            name="seen",
            title=Text(vi="Sự việc", en="What happened"),
            questions=(
                Question(
                    name="danger",
                    kind=Kind.CODE,
                    codes="yes_no_unknown",
                    required=True,
                    label=Text(
                        vi="Ngay lúc này có ai đang gặp nguy hiểm không?",
                        en="Is somebody in danger right now?",
                    ),
                ),
                Question(
                    name="seen",
                    kind=Kind.LONG_TEXT,
                    required=True,
                    label=Text(vi="Đã thấy hoặc nghe điều gì?", en="What was seen or heard?"),
                    hint=Text(
                        vi="Ghi điều đã thấy, đã nghe. Không cần biết chắc. Không tự đi hỏi thêm, "
                        "để không ai bị trả thù.",
                        en="Write what was seen and heard. Being sure is not needed. Please do not ask "
                        "around, so that nobody suffers for it.",
                    ),
                ),
                Question(
                    name="people",
                    kind=Kind.LONG_TEXT,
                    label=Text(vi="Về ai, nếu biết?", en="About whom, if known?"),
                    hint=Text(
                        vi="Người bị bạo lực, người gây ra, có trẻ em trong nhà không.",
                        en="Who suffers, who does it, whether children live there.",
                    ),
                ),
                Question(
                    name="place",
                    kind=Kind.TEXT,
                    longest=300,
                    label=Text(vi="Chỗ nào trong thôn?", en="Where in the hamlet?"),
                ),
                Question(
                    name="happened_on",
                    kind=Kind.PARTIAL_DATE,
                    past_only=True,
                    label=Text(vi="Ngày xảy ra", en="Day on which it happened"),
                ),
                Question(
                    name="time_of_day",
                    kind=Kind.CODE,
                    codes="time_of_day",
                    label=Text(vi="Lúc nào trong ngày?", en="At what time of day?"),
                ),
            ),
        ),
        Section(
            name="reporter",
            title=Text(vi="Người báo tin", en="Who tells it"),
            questions=(
                Question(
                    name="reporter_type",
                    kind=Kind.CODE,
                    codes="reporter_type",
                    label=Text(vi="Tin này do ai nói?", en="Who told it?"),
                ),
                Question(
                    name="may_call",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(vi="Có được gọi lại không?", en="May we call back?"),
                    why=Text(
                        vi="Số điện thoại được cất riêng. Ai mở ra xem đều bị ghi lại.",
                        en="The number is kept apart. Whoever opens it is written down.",
                    ),
                ),
                Question(
                    name="reporter_name",
                    kind=Kind.NAME,
                    shown_if=ShownIf(question="may_call", values=frozenset({"yes"})),
                    label=Text(vi="Tên người báo tin", en="Name of who told it"),
                ),
                Question(
                    name="reporter_phone",
                    kind=Kind.PHONE,
                    required=True,
                    shown_if=ShownIf(question="may_call", values=frozenset({"yes"})),
                    label=Text(vi="Số điện thoại gọi lại", en="Number to call back"),
                ),
                Question(
                    name="call_when",
                    kind=Kind.TEXT,
                    longest=200,
                    shown_if=ShownIf(question="may_call", values=frozenset({"yes"})),
                    label=Text(vi="Gọi lúc nào thì an toàn?", en="When is it safe to call?"),
                ),
            ),
        ),
    ),
)

CHECK = Form(
    name="tip_check",
    version=1,
    sections=(
        Section(
            name="check",
            title=Text(vi="Kiểm tra an toàn", en="Safe check"),
            questions=(
                Question(
                    name="ways",
                    kind=Kind.CODES,
                    codes="tip_check",
                    required=True,
                    label=Text(vi="Đã kiểm tra bằng cách nào?", en="How was it checked?"),
                ),
                Question(
                    name="finding",
                    kind=Kind.CODE,
                    codes="tip_finding",
                    required=True,
                    label=Text(vi="Thấy gì?", en="What was found?"),
                ),
                Question(
                    name="check_note",
                    kind=Kind.LONG_TEXT,
                    label=Text(vi="Ghi chú về việc kiểm tra", en="Note on the check"),
                ),
            ),
        ),
    ),
)

OUTCOME = Form(
    name="tip_outcome",
    version=1,
    sections=(
        Section(
            name="outcome",
            title=Text(vi="Kết quả", en="Outcome"),
            questions=(
                Question(
                    name="outcome",
                    kind=Kind.CODE,
                    codes="tip_outcome",
                    required=True,
                    label=Text(vi="Tin báo này đi tiếp thế nào?", en="What becomes of this tip?"),
                ),
                Question(
                    name="outcome_note",
                    kind=Kind.LONG_TEXT,
                    label=Text(vi="Lý do, hoặc tên đơn vị tiếp nhận", en="Reason, or name of the other unit"),
                ),
            ),
        ),
    ),
)
