"""The questions that classify an incident, each asked only while those before it leave the type open."""

from casemgr.questions import Kind, Question, Section, ShownIf, Text

YES, NO = frozenset({"yes"}), frozenset({"no"})


def _step(name: str, label: Text, before: str, shown: frozenset[str] = NO) -> Question:
    return Question(name=name, kind=Kind.YES_NO, label=label, shown_if=ShownIf(question=before, values=shown))


WIZARD = Section(
    name="classification",
    title=Text(vi="Phân loại vụ việc", en="Classification"),
    intro=Text(
        vi="Trả lời lần lượt, dừng ở câu “Có” đầu tiên từ câu 2. Chỉ xét hành vi, không xét ai gây ra.",
        en="Answer in order, stop at the first “Yes” from question 2. Only the act counts, not who did it.",
    ),
    questions=(
        Question(
            name="gender_based",
            kind=Kind.YES_NO,
            label=Text(
                vi="1. Bạo lực dựa trên giới hoặc lạm dụng quyền lực với người yếu thế?",
                en="1. Was it based on gender or on power over somebody weaker?",
            ),
        ),
        _step(
            "penetration",
            Text(
                vi="2. Có hành vi xâm nhập cơ thể trái ý muốn, dù rất nhẹ?",
                en="2. Was there penetration without consent, however slight?",
            ),
            "gender_based",
            YES,
        ),
        _step(
            "sexual_contact",
            Text(
                vi="3. Có đụng chạm tình dục trái ý muốn, kể cả hiếp dâm chưa thành?",
                en="3. Was there unwanted sexual contact, attempted rape included?",
            ),
            "penetration",
        ),
        _step(
            "physical_force",
            Text(
                vi="4. Có đánh, đẩy, bóp cổ, gây bỏng, dùng vũ khí hoặc vũ lực khác?",
                en="4. Was there hitting, pushing, choking, burning, a weapon or other force?",
            ),
            "sexual_contact",
        ),
        _step(
            "forced_marriage",
            Text(
                vi="5. Có bị ép kết hôn, kể cả tảo hôn?",
                en="5. Was it a forced marriage, child marriage included?",
            ),
            "physical_force",
        ),
        _step(
            "denial_of_resources",
            Text(
                vi="6. Có bị tước đoạt tiền, tài sản, cơ hội học, làm hoặc dịch vụ?",
                en="6. Were money, property, school, work or services denied?",
            ),
            "forced_marriage",
        ),
        _step(
            "emotional_harm",
            Text(
                vi="7. Có bị đe dọa, sỉ nhục, cô lập, theo dõi hoặc tổn thương tinh thần?",
                en="7. Were there threats, humiliation, isolation, stalking or other emotional harm?",
            ),
            "denial_of_resources",
        ),
    ),
)
