"""What happens in the made-up cases: a few patterns with their codes and the words in which they are told."""

from dataclasses import dataclass, field
from typing import Any

WIZARD = ("penetration", "sexual_contact", "physical_force", "forced_marriage", "denial_of_resources")
STEP_OF = {
    "rape": "penetration",
    "sex_assault": "sexual_contact",
    "phys_assault": "physical_force",
    "forced_marr": "forced_marriage",
    "denial": "denial_of_resources",
    "psych": "emotional_harm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A kind of story: who, at which ages, by whom, which acts, and how it is told."""

    weight: float
    core_type: str
    acts: tuple[str, ...]
    relation: str
    basis: str
    ages: tuple[int, int]
    accounts: tuple[str, ...]
    sex: str = "nu"
    by: str = "nam"
    marital: str = "co_vc"
    place: str = "nha_nguoi_bi_bao_luc"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def wizard(self) -> dict[str, str]:
        """The answers of the classification, up to the one that decides."""
        answers = {"gender_based": "yes"}
        for step in (*WIZARD, "emotional_harm"):
            answers[step] = "yes" if step == STEP_OF[self.core_type] else "no"
            if answers[step] == "yes":
                break
        return answers


PATTERNS: dict[str, Pattern] = {
    "husband": Pattern(
        weight=34,
        core_type="phys_assault",
        acts=("a", "b"),
        relation="chong",
        basis="gia_dinh",
        ages=(22, 56),
        accounts=(
            "Kể rằng tối hôm đó chồng uống rượu về, mắng chửi rồi tát và đấm vào vai. Con nhỏ chứng kiến.",
            "Bị đẩy ngã ở sân, đau cổ tay. Đã sang nhà hàng xóm ngủ một đêm.",
            "Nói rằng bị đánh từ khi mang thai lần hai, nay nặng hơn. Lần này bị ném đồ vào lưng.",
        ),
    ),
    "words": Pattern(
        weight=17,
        core_type="psych",
        acts=("b", "e"),
        relation="chong",
        basis="gia_dinh",
        ages=(20, 60),
        accounts=(
            "Bị chửi mắng hằng ngày, cấm về nhà mẹ đẻ, bị kiểm tra điện thoại.",
            "Chồng dọa đuổi khỏi nhà, nói xấu với họ hàng. Mất ngủ, sợ mỗi khi trời tối.",
        ),
    ),
    "money": Pattern(
        weight=8,
        core_type="denial",
        acts=("n", "o"),
        relation="chong",
        basis="gia_dinh",
        ages=(24, 58),
        accounts=(
            "Tiền làm thuê bị lấy hết, không có tiền mua thuốc cho con.",
            "Bị bán mất con bò mua bằng vốn vay của hội, không được hỏi ý kiến.",
        ),
    ),
    "night": Pattern(
        weight=6,
        core_type="rape",
        acts=("i", "b"),
        relation="chong",
        basis="gia_dinh",
        ages=(21, 48),
        accounts=("Chỉ nói ngắn: bị ép khi không muốn, lần gần nhất cách đây hai hôm. Không hỏi thêm.",),
    ),
    "old_mother": Pattern(
        weight=7,
        core_type="phys_assault",
        acts=("a", "d"),
        relation="con",
        basis="gia_dinh",
        ages=(61, 84),
        marital="goa",
        accounts=("Con trai đòi tiền không được thì xô mẹ. Bà ở một mình trong bếp, ăn uống thất thường.",),
    ),
    "in_laws": Pattern(
        weight=4,
        core_type="psych",
        acts=("b", "q"),
        relation="cha_me_vc",
        basis="gia_dinh",
        ages=(20, 40),
        by="nu",
        accounts=("Bị mẹ chồng đuổi khỏi nhà sau khi sinh con gái thứ hai.",),
    ),
    "former": Pattern(
        weight=6,
        core_type="psych",
        acts=("a", "h"),
        relation="chong_cu",
        basis="ly_hon",
        ages=(25, 50),
        marital="ly_hon",
        place="duong",
        accounts=("Chồng cũ chặn đường, dọa tung ảnh riêng tư nếu không quay lại.",),
    ),
    "child": Pattern(
        weight=5,
        core_type="phys_assault",
        acts=("a",),
        relation="cha_me_ke",
        basis="gia_dinh",
        ages=(6, 15),
        marital="chua_kh",
        accounts=("Cô giáo thấy vết bầm ở tay. Cháu nói bị cha dượng đánh bằng roi.",),
    ),
    "boy": Pattern(
        weight=2,
        core_type="phys_assault",
        acts=("a", "o"),
        relation="cha_me",
        basis="gia_dinh",
        ages=(8, 15),
        sex="nam",
        marital="chua_kh",
        accounts=("Cháu trai phải nghỉ học đi làm thuê, về không đủ tiền thì bị đánh.",),
    ),
    "neighbour": Pattern(
        weight=4,
        core_type="sex_assault",
        acts=(),
        relation="hang_xom",
        basis="ngoai_gia_dinh",
        ages=(13, 35),
        marital="chua_kh",
        place="ruong",
        accounts=("Bị hàng xóm giữ tay và sờ soạng khi đi làm nương về. Đã chạy thoát.",),
        extra={"forms": ["tinh_duc"]},
    ),
    "early_marriage": Pattern(
        weight=3,
        core_type="forced_marr",
        acts=("l",),
        relation="cha_me",
        basis="gia_dinh",
        ages=(14, 17),
        marital="chua_kh",
        accounts=("Gia đình đã nhận lễ, cháu không muốn lấy chồng và muốn đi học tiếp.",),
        extra={"harmful_practice": "tao_hon"},
    ),
    "online": Pattern(
        weight=3,
        core_type="psych",
        acts=(),
        relation="nguoi_yeu",
        basis="ngoai_gia_dinh",
        ages=(16, 30),
        marital="chua_kh",
        place="mang",
        accounts=("Người yêu cũ lập tài khoản giả, nhắn tin đe dọa và gửi ảnh cho bạn bè.",),
        extra={"forms": ["tinh_than"], "online": "yes"},
    ),
    "man": Pattern(
        weight=3,
        core_type="phys_assault",
        acts=("a", "b"),
        relation="chong",
        basis="gia_dinh",
        ages=(28, 66),
        sex="nam",
        by="nu",
        accounts=("Anh kể bị vợ đánh bằng cán chổi trước mặt con, ngại không muốn ai biết.",),
    ),
    "brother": Pattern(
        weight=3,
        core_type="phys_assault",
        acts=("a", "p"),
        relation="anh_chi_em",
        basis="gia_dinh",
        ages=(19, 45),
        marital="ly_than",
        accounts=("Bị anh trai nhốt trong buồng hai ngày vì bỏ nhà chồng về.",),
    ),
}

NOTES = (
    "Gọi theo giờ an toàn, người nghe máy đúng mật hiệu. Tạm ổn, hẹn gặp lại tuần sau.",
    "Gặp tại trạm y tế. Đã rà lại kế hoạch an toàn, túi đồ khẩn cấp để ở nhà người quen.",
    "Trao đổi với cán bộ Hội về vốn vay; chưa nhắc gì đến chuyện trong nhà.",
    "Người bị bạo lực nói chưa muốn đưa ra pháp luật lúc này. Tôn trọng, giải thích vẫn có thể đổi ý.",
    "Có tin người gây ra đi làm xa, tạm yên. Vẫn giữ số điện thoại an toàn.",
    "Trưởng họ đề nghị hòa giải. Đã từ chối và ghi lại: không hòa giải khi có bạo lực.",
    "Con đi học lại, cô giáo để ý giúp mà không nói với ai.",
    "Không gọi được hai lần. Không nhắn tin vì máy dùng chung. Sẽ thử qua người tin cậy.",
)

TIPS = (
    "Nghe tiếng la, tiếng đồ vỡ lúc nửa đêm ở cuối xóm, hai đêm liền.",
    "Cháu nhỏ nghỉ học mấy hôm, hàng xóm bảo thấy vết bầm trên mặt.",
    "Thấy chị ôm con đứng ngoài đường lúc trời mưa, hỏi thì không nói.",
    "Có người nói trong nhà có chuyện đánh nhau khi uống rượu, chưa biết rõ.",
    "Cụ bà ở một mình trong lán, con cháu không cho vào nhà.",
)
