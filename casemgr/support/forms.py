"""The forms of support: one for whoever begins an action, the consent that a case needs, the end."""

from dataclasses import replace

from casemgr.questions import Form, Kind, Question, Section, Text
from casemgr.support.rules import FORM, NAME, VERSION

DONG = Text(vi="Đồng, ví dụ 5.000.000", en="In đồng, for example 5.000.000")

SUPPORT = Form(
    name=FORM,
    version=VERSION,
    sections=(
        Section(
            name="support",
            title=Text(vi="Người thụ hưởng và hỗ trợ", en="Beneficiary and support"),
            questions=(
                Question(
                    name="beneficiary",
                    kind=Kind.NAME,
                    required=True,
                    label=Text(vi="Họ và tên người thụ hưởng", en="Full name of the beneficiary"),
                ),
                Question(name="sex", kind=Kind.CODE, codes="sex", label=Text(vi="Giới tính", en="Sex")),
                Question(
                    name="group",
                    kind=Kind.CODE,
                    codes="beneficiary_group",
                    required=True,
                    label=Text(vi="Nhóm thụ hưởng", en="Beneficiary group"),
                ),
                Question(
                    name="kind",
                    kind=Kind.CODE,
                    codes="support_action",
                    required=True,
                    label=Text(vi="Hình thức hỗ trợ", en="Kind of support"),
                ),
                Question(
                    name="programme",
                    kind=Kind.CODE,
                    codes="programme",
                    required=True,
                    label=Text(vi="Chương trình, kế hoạch", en="Programme or plan"),
                ),
                Question(
                    name="fund",
                    kind=Kind.CODE,
                    codes="fund_source",
                    label=Text(vi="Nguồn kinh phí", en="Source of funds"),
                ),
                Question(
                    name="amount",
                    kind=Kind.NUMBER,
                    least=0,
                    greatest=10_000_000_000,
                    label=Text(vi="Mức hỗ trợ dự kiến", en="Planned amount"),
                    hint=DONG,
                ),
                Question(
                    name="starts_on", kind=Kind.DATE, label=Text(vi="Bắt đầu dự kiến", en="Planned start")
                ),
                Question(name="ends_on", kind=Kind.DATE, label=Text(vi="Kết thúc dự kiến", en="Planned end")),
            ),
        ),
    ),
)

CHANGE = replace(
    SUPPORT,
    sections=tuple(
        replace(
            section,
            questions=tuple(
                replace(question, required=question.required and question.name != NAME)
                for question in section
            ),
        )
        for section in SUPPORT.sections
    ),
)
"""The same form for an action that has a name already: left empty, the name stays as it is."""

CONSENT = Form(
    name="support_consent",
    version=1,
    sections=(
        Section(
            name="consent",
            title=Text(vi="Đồng ý của người bị bạo lực", en="The survivor's consent"),
            questions=(
                Question(
                    name="limits_read",
                    kind=Kind.YES_NO,
                    label=Text(
                        vi="Đã nói rõ trước: tên được chuyển cho cán bộ chương trình, "
                        "không kèm điều gì về bạo lực",
                        en="Told first: the name goes to the programme's officer, "
                        "with nothing about violence",
                    ),
                ),
                Question(
                    name="how",
                    kind=Kind.CODE,
                    codes="consent_how",
                    label=Text(vi="Đồng ý bằng cách nào", en="How consent was given"),
                    hint=Text(
                        vi="Bỏ trống nếu hồ sơ đã có đồng ý cho dịch vụ này.",
                        en="Leave open if the case already holds consent for this service.",
                    ),
                ),
            ),
        ),
    ),
)

FINISH = Form(
    name="support_finish",
    version=1,
    sections=(
        Section(
            name="finish",
            title=Text(vi="Kết thúc hỗ trợ", en="Finish the support"),
            questions=(
                Question(
                    name="outcome",
                    kind=Kind.CODE,
                    codes="support_outcome",
                    required=True,
                    label=Text(vi="Kết quả", en="Outcome"),
                ),
                Question(
                    name="needs_met",
                    kind=Kind.CODE,
                    codes="needs_met",
                    label=Text(vi="Nhu cầu đã được đáp ứng chưa", en="Whether the need was met"),
                ),
                Question(
                    name="finished_on",
                    kind=Kind.DATE,
                    required=True,
                    past_only=True,
                    label=Text(vi="Ngày kết thúc", en="Finished on"),
                ),
                Question(
                    name="amount_paid",
                    kind=Kind.NUMBER,
                    least=0,
                    greatest=10_000_000_000,
                    label=Text(vi="Số tiền đã hỗ trợ", en="Amount paid"),
                    hint=DONG,
                ),
            ),
        ),
    ),
)
