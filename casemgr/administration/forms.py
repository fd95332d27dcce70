"""The forms of administration: an account, a unit."""

from casemgr.questions import Form, Kind, Question, Section, Text

PERSON = Form(
    name="person",
    version=1,
    sections=(
        Section(
            name="person",
            title=Text(vi="Thêm tài khoản", en="Add an account"),
            questions=(
                Question(
                    name="name",
                    kind=Kind.NAME,
                    required=True,
                    label=Text(vi="Họ tên", en="Name"),
                ),
                Question(
                    name="sign_in_name",
                    kind=Kind.TEXT,
                    required=True,
                    longest=40,
                    label=Text(vi="Tên đăng nhập", en="Sign-in name"),
                    hint=Text(
                        vi="2 đến 40 chữ cái không dấu, chữ số, dấu chấm, gạch nối. Ví dụ: lan.nguyen",
                        en="2 to 40 letters, digits, dots or hyphens. For example: lan.nguyen",
                    ),
                ),
            ),
        ),
    ),
)

UNIT = Form(
    name="unit",
    version=1,
    sections=(
        Section(
            name="unit",
            title=Text(vi="Đơn vị", en="Unit"),
            questions=(
                Question(
                    name="kind",
                    kind=Kind.CODE,
                    codes="unit_kind",
                    required=True,
                    label=Text(vi="Loại đơn vị", en="Kind of unit"),
                ),
                Question(
                    name="name",
                    kind=Kind.TEXT,
                    required=True,
                    longest=200,
                    label=Text(vi="Tên đơn vị", en="Name of the unit"),
                    hint=Text(
                        vi="Với địa chỉ không công khai, đặt tên không lộ nơi ở.",
                        en="For an address that is not public, choose a name that does not give it away.",
                    ),
                ),
                Question(
                    name="former_commune",
                    kind=Kind.TEXT,
                    longest=200,
                    label=Text(
                        vi="Xã cũ, trước khi sáp nhập năm 2025",
                        en="Former commune, before the mergers of 2025",
                    ),
                ),
                Question(
                    name="valid_from",
                    kind=Kind.DATE,
                    label=Text(vi="Có từ ngày", en="Exists since"),
                ),
                Question(
                    name="is_public",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Xã có công bố đơn vị này không?", en="Does the commune publish this unit?"
                    ),
                ),
                Question(
                    name="duty_phone",
                    kind=Kind.PHONE,
                    label=Text(vi="Số điện thoại trực", en="Duty number"),
                    why=Text(
                        vi="Số này hiện cho mọi người, kể cả khi mất khóa. "
                        "Đơn vị không công bố thì không ghi ở đây.",
                        en="It is shown to everybody, even while the keys are away. "
                        "A unit that is not public has none here.",
                    ),
                ),
            ),
        ),
    ),
)

POST = Form(
    name="post",
    version=1,
    sections=(
        Section(
            name="post",
            title=Text(vi="Thêm chức danh", en="Add a post"),
            questions=(
                Question(
                    name="title",
                    kind=Kind.TEXT,
                    required=True,
                    longest=200,
                    label=Text(vi="Chức danh", en="Title of the post"),
                    hint=Text(
                        vi="Ví dụ: Trưởng thôn, Trực ban; không ghi tên ai",
                        en="For example head of the hamlet, officer on duty; nobody's name",
                    ),
                ),
                Question(
                    name="valid_from",
                    kind=Kind.DATE,
                    required=True,
                    label=Text(vi="Nhiệm kỳ từ ngày", en="Term from"),
                ),
                Question(
                    name="valid_to", kind=Kind.DATE, label=Text(vi="Đến hết ngày", en="Until the end of")
                ),
            ),
        ),
    ),
)

LAST_DAY = Question(
    name="valid_to",
    kind=Kind.DATE,
    required=True,
    label=Text(vi="Ngày cuối cùng", en="Last day"),
)
