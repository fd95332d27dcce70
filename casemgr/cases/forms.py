"""The forms of the case file: notes, tasks, closing, reopening, conflicts of interest."""

from casemgr.questions import Form, Kind, Question, Section, Text

NOTE = Form(
    name="case_note",
    version=1,
    sections=(
        Section(
            name="note",
            title=Text(vi="Ghi chú mới", en="New note"),
            questions=(
                Question(
                    name="text",
                    kind=Kind.LONG_TEXT,
                    required=True,
                    label=Text(vi="Nội dung", en="Text"),
                    hint=Text(
                        vi="Ghi điều đã làm, đã nghe, việc làm tiếp. Chỉ người phụ trách hồ sơ đọc được.",
                        en="What was done, said, and comes next. Only those on the file can read it.",
                    ),
                ),
            ),
        ),
    ),
)

TASK = Form(
    name="case_task",
    version=1,
    sections=(
        Section(
            name="task",
            title=Text(vi="Việc cần làm mới", en="New task"),
            questions=(
                Question(
                    name="task_text",
                    kind=Kind.TEXT,
                    required=True,
                    longest=200,
                    label=Text(vi="Việc cần làm", en="What is to be done"),
                ),
                Question(
                    name="due_on",
                    kind=Kind.DATE,
                    required=True,
                    label=Text(vi="Hạn", en="Due on"),
                ),
            ),
        ),
    ),
)

CLOSURE = Form(
    name="case_closure",
    version=1,
    sections=(
        Section(
            name="closure",
            title=Text(vi="Đề nghị kết thúc ca", en="Propose to close the case"),
            questions=(
                Question(
                    name="reason",
                    kind=Kind.CODE,
                    codes="closure_reason",
                    required=True,
                    label=Text(vi="Lý do kết thúc", en="Reason for closing"),
                ),
                Question(
                    name="safety_plan_reviewed",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Đã rà soát kế hoạch an toàn cùng người bị bạo lực",
                        en="The safety plan was reviewed with the survivor",
                    ),
                ),
                Question(
                    name="told_may_return",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(
                        vi="Đã nói rõ có thể quay lại bất cứ lúc nào",
                        en="The survivor was told that she may come back at any time",
                    ),
                ),
                Question(
                    name="note",
                    kind=Kind.LONG_TEXT,
                    label=Text(vi="Ghi chú cho giám sát", en="Note for the supervisor"),
                ),
            ),
        ),
    ),
)

REASON = Form(
    name="case_reason",
    version=1,
    sections=(
        Section(
            name="reason",
            title=Text(vi="Lý do", en="Reason"),
            questions=(
                Question(
                    name="reason",
                    kind=Kind.LONG_TEXT,
                    required=True,
                    longest=1000,
                    label=Text(vi="Lý do", en="Reason"),
                ),
            ),
        ),
    ),
)
