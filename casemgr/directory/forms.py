"""The form of an entry: what the public reads, and what only colleagues read."""

from casemgr.questions import Form, Kind, Question, Section, Text

ENTRY = Form(
    name="directory_entry",
    version=1,
    sections=(
        Section(
            name="published",
            title=Text(vi="Ai cũng đọc được", en="Read by everybody"),
            intro=Text(
                vi="Chỉ ghi điều đơn vị công bố. Không ghi tên, số riêng của ai.",
                en="Only what the unit publishes. Nobody's name or own number.",
            ),
            questions=(
                Question(
                    name="services",
                    kind=Kind.CODES,
                    codes="service",
                    required=True,
                    label=Text(vi="Dịch vụ", en="Services"),
                ),
                Question(
                    name="communes",
                    kind=Kind.LONG_TEXT,
                    longest=600,
                    label=Text(vi="Phục vụ những xã nào", en="Which communes it is there for"),
                    hint=Text(
                        vi="Mỗi dòng một tên xã. Xã được ghi sẽ thấy đơn vị trong danh bạ của mình.",
                        en="One commune a line. A commune named here sees the unit in its own directory.",
                    ),
                ),
                Question(
                    name="contact",
                    kind=Kind.LONG_TEXT,
                    longest=300,
                    label=Text(vi="Liên hệ công khai", en="Public contact"),
                    hint=Text(
                        vi="Địa chỉ, điện thoại mà người dân được biết",
                        en="Address and telephone that the public may know",
                    ),
                ),
                Question(
                    name="answered_by",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(vi="Ai trả lời", en="Who answers"),
                    hint=Text(
                        vi="Chức danh, ví dụ: trực ban, nữ hộ sinh; không ghi tên",
                        en="A post, for example the officer on duty, a midwife; no name",
                    ),
                ),
                Question(
                    name="open_days",
                    kind=Kind.CODE,
                    codes="open_days",
                    label=Text(vi="Mở cửa những ngày nào", en="On which days it is open"),
                ),
                Question(
                    name="opens",
                    kind=Kind.TIME,
                    label=Text(vi="Từ giờ", en="Opens at"),
                    hint=Text(
                        vi="Để trống cả hai giờ nếu mở cả ngày đêm", en="Leave both empty: day and night"
                    ),
                ),
                Question(name="closes", kind=Kind.TIME, label=Text(vi="Đến giờ", en="Closes at")),
                Question(
                    name="hours_note",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(vi="Điều khác về giờ làm việc", en="What else to know of the hours"),
                ),
                Question(
                    name="cost",
                    kind=Kind.CODE,
                    codes="service_cost",
                    label=Text(vi="Có mất tiền không", en="Whether it is free"),
                ),
                Question(
                    name="capacity",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(vi="Giúp được bao nhiêu người", en="How many people it can help"),
                ),
                Question(
                    name="languages",
                    kind=Kind.CODES,
                    codes="language",
                    label=Text(vi="Nói được tiếng gì", en="Languages spoken"),
                ),
                Question(
                    name="access",
                    kind=Kind.CODES,
                    codes="access_help",
                    label=Text(vi="Thuận tiện cho người khuyết tật", en="Access for disabled people"),
                ),
                Question(
                    name="valid_from",
                    kind=Kind.DATE,
                    label=Text(vi="Áp dụng từ ngày", en="Holds from"),
                ),
                Question(
                    name="valid_to",
                    kind=Kind.DATE,
                    label=Text(vi="Đến hết ngày", en="Until the end of"),
                ),
            ),
        ),
        Section(
            name="staff",
            title=Text(vi="Chỉ cán bộ các đơn vị đọc được", en="Read by staff of units only"),
            intro=Text(
                vi="Được niêm phong; mỗi lần mở xem đều được ghi lại.",
                en="Sealed; each time somebody opens it is written down.",
            ),
            questions=(
                Question(
                    name="staff_contact",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(vi="Đầu mối cho cán bộ", en="Contact for staff"),
                ),
                Question(
                    name="staff_phone",
                    kind=Kind.PHONE,
                    label=Text(vi="Số điện thoại cho cán bộ", en="Telephone for staff"),
                ),
            ),
        ),
    ),
)

CLOSED_UNTIL = Question(
    name="closed_until",
    kind=Kind.DATE,
    label=Text(vi="Đến hết ngày", en="Until the end of"),
    hint=Text(vi="Để trống nếu chưa biết", en="Leave empty if not known"),
)
