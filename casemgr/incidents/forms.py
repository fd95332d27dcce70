"""The forms about what happened: the incident, its classification, the alleged perpetrators."""

from casemgr.incidents import rules
from casemgr.incidents.classification import WIZARD
from casemgr.questions import Form, Kind, Question, Section, ShownIf, Text

YES = frozenset({"yes"})

WHEN_AND_WHERE = Section(
    name="when_and_where",
    title=Text(vi="Khi nào, ở đâu", en="When and where"),
    questions=(
        Question(
            name="happened_on",
            kind=Kind.PARTIAL_DATE,
            past_only=True,
            label=Text(vi="Ngày xảy ra", en="Date of the incident"),
            hint=Text(
                vi="Nếu kéo dài, ghi lần gần nhất.", en="If it went on for long, the most recent time."
            ),
        ),
        Question(
            name="time_of_day",
            kind=Kind.CODE,
            codes="time_of_day",
            label=Text(vi="Lúc nào", en="Time of day"),
        ),
        Question(
            name="place",
            kind=Kind.CODE,
            codes="incident_place",
            label=Text(vi="Nơi xảy ra", en="Kind of place"),
        ),
        Question(
            name="place_detail",
            kind=Kind.TEXT,
            longest=300,
            label=Text(vi="Chi tiết nơi xảy ra", en="Which place"),
        ),
    ),
)

ACCOUNT = Section(
    name="account",
    title=Text(vi="Điều đã xảy ra", en="What happened"),
    intro=Text(
        vi="Chỉ ghi điều người bị bạo lực tự kể, bằng lời của người ấy. Không hỏi dồn, không bắt kể lại.",
        en="Only what the survivor tells of her own accord, in her words. Never press her to repeat it.",
    ),
    questions=(
        Question(name="account", kind=Kind.LONG_TEXT, longest=20_000, label=Text(vi="Lời kể", en="Account")),
        Question(
            name="injured",
            kind=Kind.YES_NO,
            sensitive=True,
            label=Text(vi="Có bị thương không?", en="Was anybody injured?"),
        ),
        Question(
            name="injuries",
            kind=Kind.LONG_TEXT,
            shown_if=ShownIf(question="injured", values=YES),
            label=Text(vi="Thương tích", en="Injuries"),
        ),
    ),
)

ACTS = Section(
    name="acts",
    title=Text(vi="Hành vi và luật áp dụng", en="Acts and the law that applies"),
    questions=(
        Question(
            name="relationship_basis",
            kind=Kind.CODE,
            codes="relationship_basis",
            label=Text(vi="Quan hệ với người có hành vi bạo lực", en="Relation to the alleged perpetrator"),
            legal_basis="Law 13/2022/QH15 Article 3",
        ),
        Question(
            name="dv_acts",
            kind=Kind.CODES,
            codes="dv_act",
            label=Text(vi="Các hành vi", en="Acts"),
            hint=Text(
                vi="Mười sáu hành vi của Luật Phòng, chống bạo lực gia đình. Chọn tất cả những gì đã xảy ra.",
                en="The sixteen acts of the Domestic Violence Law. Choose everything that happened.",
            ),
            legal_basis="Law 13/2022/QH15 Article 3(1)",
        ),
        Question(
            name="forms",
            kind=Kind.CODES,
            codes="violence_form",
            label=Text(vi="Hình thức bạo lực", en="Forms of violence"),
            hint=Text(
                vi="Để trống thì lấy theo các hành vi đã chọn.",
                en="Left empty, they follow from the acts that were chosen.",
            ),
        ),
        Question(
            name="legal_track",
            kind=Kind.CODE,
            codes="legal_track",
            label=Text(vi="Luật áp dụng", en="Law that applies"),
            hint=Text(
                vi="Để trống thì hệ thống gợi ý theo quan hệ, hành vi và tuổi.",
                en="Left empty, it is suggested from relation, acts and age.",
            ),
        ),
    ),
)

CIRCUMSTANCES = Section(
    name="circumstances",
    title=Text(vi="Các tình tiết khác", en="Circumstances"),
    questions=(
        Question(
            name="previous_incidents",
            kind=Kind.YES_NO,
            sensitive=True,
            label=Text(vi="Trước đây đã từng bị bạo lực?", en="Were there incidents before?"),
        ),
        Question(
            name="reported_elsewhere",
            kind=Kind.CODE,
            codes="previous_reporting",
            label=Text(vi="Đã báo ở nơi khác?", en="Reported elsewhere?"),
            why=Text(vi="Để một vụ việc không bị đếm hai lần.", en="So that no incident is counted twice."),
        ),
        Question(
            name="abduction",
            kind=Kind.CODE,
            codes="abduction_type",
            label=Text(vi="Có bị bắt giữ, mua bán?", en="Abducted or trafficked?"),
        ),
        Question(
            name="harmful_practice",
            kind=Kind.CODE,
            codes="harmful_practice",
            label=Text(vi="Có liên quan đến hủ tục?", en="Is a harmful practice involved?"),
        ),
        Question(
            name="goods_exchanged",
            kind=Kind.CODE,
            codes="goods_exchanged",
            label=Text(
                vi="Có tiền, quà hoặc lợi ích đổi lấy tình dục?",
                en="Were money, goods or favours given for sex?",
            ),
        ),
        Question(
            name="online",
            kind=Kind.YES_NO,
            label=Text(vi="Có phần xảy ra trên mạng?", en="Did part of it happen online?"),
        ),
        Question(
            name="gambling",
            kind=Kind.YES_NO,
            label=Text(vi="Có liên quan đến cờ bạc, nợ nần?", en="Is gambling or debt involved?"),
        ),
        Question(
            name="perpetrator_number",
            kind=Kind.CODE,
            codes="perpetrator_number",
            label=Text(vi="Có mấy người gây ra", en="How many perpetrators"),
        ),
        Question(
            name="displacement_stage",
            kind=Kind.CODE,
            codes="stage_displacement",
            label=Text(vi="Xảy ra ở giai đoạn di dời nào?", en="At which stage of displacement?"),
            why=Text(
                vi="Chỉ để lập bảng GBVIMS. Bỏ qua nếu người ấy sống ổn định tại địa phương.",
                en="Only for a GBVIMS table. Skip it for somebody who lives here for good.",
            ),
        ),
        Question(
            name="legal_wish",
            kind=Kind.CODE,
            codes="legal_wish",
            label=Text(vi="Muốn nhờ pháp luật xử lý?", en="Does she want legal action?"),
        ),
    ),
)


SERVICES = Section(
    name="services",
    title=Text(vi="Dịch vụ đã có hoặc đã chuyển gửi", en="Services given or referred to"),
    intro=Text(
        vi="Để biết thiếu dịch vụ nào ở địa phương. Bỏ trống dịch vụ chưa bàn đến.",
        en="So that one sees which services are missing here. Leave empty what was not talked about.",
    ),
    questions=tuple(
        Question(name=f"service_{code}", kind=Kind.CODE, codes="referral_status", label=Text(vi=vi, en=en))
        for code, vi, en in (
            ("safe_house", "Nơi tạm lánh", "Safe house or shelter"),
            ("health", "Y tế", "Health care"),
            ("psychosocial", "Tâm lý xã hội", "Psychosocial support"),
            ("legal", "Trợ giúp pháp lý", "Legal assistance"),
            ("police", "Công an, bảo vệ an toàn", "Police and safety"),
            ("livelihoods", "Sinh kế", "Livelihood"),
            ("child_protection", "Bảo vệ trẻ em", "Child protection"),
        )
    ),
)


REGISTRATION = Section(
    name="registration",
    title=Text(vi="Ai báo, báo thế nào", en="How the report came"),
    questions=(
        Question(
            name="reported_on",
            kind=Kind.DATE,
            past_only=True,
            label=Text(vi="Ngày nhận tin", en="Day of the report"),
            hint=Text(
                vi="Để trống là hôm nay. Báo cáo đếm theo ngày này và không đổi về sau.",
                en="Left empty it is today. Reports count by this day; it is not changed later.",
            ),
        ),
    ),
)

INCIDENT = Form(
    name=rules.FORM,
    version=rules.VERSION,
    sections=(WHEN_AND_WHERE, ACCOUNT, ACTS, CIRCUMSTANCES, SERVICES, WIZARD),
)

PERPETRATOR = Form(
    name=rules.PERPETRATOR_FORM,
    version=rules.PERPETRATOR_VERSION,
    sections=(
        Section(
            name="perpetrator",
            title=Text(vi="Người bị cho là có hành vi bạo lực", en="Alleged perpetrator"),
            intro=Text(
                vi="Chỉ ghi điều người bị bạo lực biết và muốn nói. Không liên hệ với người này để hỏi.",
                en="Only what the survivor knows and wants to say. Nobody contacts this person to ask.",
            ),
            questions=(
                Question(
                    name="is_primary",
                    kind=Kind.YES_NO,
                    label=Text(vi="Là người gây ra chính?", en="The main one?"),
                ),
                Question(
                    name="relation",
                    kind=Kind.CODE,
                    codes="perpetrator_relationship",
                    label=Text(vi="Là gì của người bị bạo lực", en="Relation to the survivor"),
                ),
                Question(name="name", kind=Kind.NAME, label=Text(vi="Tên", en="Name")),
                Question(name="sex", kind=Kind.CODE, codes="sex", label=Text(vi="Giới tính", en="Sex")),
                Question(
                    name="age_band",
                    kind=Kind.CODE,
                    codes="age_band_perp",
                    label=Text(vi="Khoảng tuổi", en="Age"),
                ),
                Question(
                    name="occupation",
                    kind=Kind.CODE,
                    codes="perpetrator_occupation",
                    label=Text(vi="Nghề nghiệp", en="Occupation"),
                    hint=Text(
                        vi="Nếu làm ở cơ quan tiếp nhận, hãy chặn người đó khỏi hồ sơ.",
                        en="If this person works at a unit that helps, keep the case from them.",
                    ),
                ),
                Question(
                    name="lives_with_her",
                    kind=Kind.YES_NO,
                    sensitive=True,
                    label=Text(vi="Đang sống cùng nhà?", en="Do they live in one house?"),
                ),
                Question(
                    name="alcohol",
                    kind=Kind.YES_NO,
                    sensitive=True,
                    label=Text(vi="Có uống rượu, bia khi gây ra?", en="Was alcohol involved?"),
                ),
                Question(
                    name="drugs",
                    kind=Kind.YES_NO,
                    sensitive=True,
                    label=Text(vi="Có dùng ma túy?", en="Were drugs involved?"),
                ),
                Question(
                    name="previous_violence",
                    kind=Kind.YES_NO,
                    sensitive=True,
                    label=Text(vi="Đã từng gây bạo lực?", en="Violent before?"),
                ),
            ),
        ),
    ),
)

OVERRIDE = Form(
    name="incident_override",
    version=1,
    sections=(
        Section(
            name="override",
            title=Text(vi="Đổi kết quả phân loại", en="Change the classification"),
            questions=(
                Question(
                    name="core_type",
                    kind=Kind.CODE,
                    codes="gbvims_type",
                    required=True,
                    label=Text(vi="Loại đúng", en="The right type"),
                ),
                Question(
                    name="reason",
                    kind=Kind.LONG_TEXT,
                    longest=1000,
                    required=True,
                    label=Text(vi="Lý do", en="Reason"),
                ),
            ),
        ),
    ),
)

SAME_EVENT = Form(
    name="incident_same_event",
    version=1,
    sections=(
        Section(
            name="same_event",
            title=Text(vi="Cùng một sự việc", en="The same event"),
            intro=Text(
                vi="Khi một sự việc có nhiều người bị bạo lực. Chỉ chép thời gian, nơi chốn và nét chung của "
                "người gây ra; không chép tên, lời kể. Hai hồ sơ không chỉ đến nhau.",
                en="When one event has several survivors. Only time, kind of place and general traits of the "
                "perpetrators are copied, no name and no account. Neither file points to the other.",
            ),
            questions=(
                Question(
                    name="code",
                    kind=Kind.TEXT,
                    required=True,
                    longest=20,
                    label=Text(vi="Mã vụ việc trong hồ sơ kia", en="Code of the incident in the other file"),
                    hint=Text(
                        vi="Bắt đầu bằng VV. Cần phụ trách cả hai hồ sơ.",
                        en="It begins with VV. You need to work on both files.",
                    ),
                ),
            ),
        ),
    ),
)

UNKNOWN_CODE = Text(
    vi="Không có vụ việc nào với mã này trong các hồ sơ đang phụ trách.",
    en="No incident with this code is in the files that you work on.",
)
