"""The forms of the rota and of absences."""

from casemgr.questions import Form, Kind, Question, Section, Text

FROM_DAY = Question(
    name="from_day",
    kind=Kind.DATE,
    required=True,
    label=Text(vi="Từ ngày", en="From"),
)
UNTIL_DAY = Question(
    name="until_day",
    kind=Kind.DATE,
    required=True,
    label=Text(vi="Đến hết ngày", en="Until the end of"),
)
SHIFT = Form(
    name="duty_shift",
    version=1,
    sections=(
        Section(
            name="shift",
            title=Text(vi="Thêm ca trực", en="Add a shift"),
            questions=(
                Question(
                    name="part",
                    kind=Kind.CODE,
                    codes="duty_part",
                    required=True,
                    label=Text(vi="Giờ trực", en="Hours"),
                ),
                FROM_DAY,
                UNTIL_DAY,
            ),
        ),
    ),
)
ABSENCE = Form(
    name="absence",
    version=1,
    sections=(
        Section(
            name="absence",
            title=Text(vi="Nghỉ và người trực thay", en="Leave, and who stands in"),
            questions=(FROM_DAY, UNTIL_DAY),
        ),
    ),
)
