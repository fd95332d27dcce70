"""The form that asks for a table: which days it covers; the table and its audience are chosen beside it."""

from casemgr.questions import Form, Kind, Question, Section, Text

PERIOD = Form(
    name="statistics_period",
    version=1,
    sections=(
        Section(
            name="period",
            title=Text(vi="Kỳ số liệu", en="Period"),
            questions=(
                Question(
                    name="from_on",
                    kind=Kind.DATE,
                    required=True,
                    past_only=True,
                    label=Text(vi="Từ ngày", en="From"),
                ),
                Question(
                    name="to_on",
                    kind=Kind.DATE,
                    required=True,
                    past_only=True,
                    label=Text(vi="Đến hết ngày", en="To the end of"),
                    hint=Text(
                        vi="Kỳ phải đã kết thúc: số liệu đã phát hành thì không đổi nữa.",
                        en="The period must be over: released figures do not change any more.",
                    ),
                ),
            ),
        ),
    ),
)
