"""Made-up people and what happened to them, the same for the product and for its peers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WORKERS, CASELOAD = 100, 100
"""Case workers of a commune, and cases of each."""

YEAR = 2025
FAMILIES = ("Lò", "Quàng", "Hà", "Bùi", "Phạm", "Nguyễn", "Trần", "Lê", "Đinh", "Cầm", "Vi", "Lường")
MIDDLES = ("Thị", "Văn", "Ngọc", "Thu", "Minh", "Hồng", "Thanh", "Kim")
GIVEN = (
    *("Mai", "Hoa", "Lan", "Xuân", "Bình", "Thủy", "Nga", "Hạnh"),
    *("Yến", "Loan", "Quyên", "Sen", "Đào", "Ánh"),
)
TYPES = ("rape", "sex_assault", "phys_assault", "forced_marr", "denial", "psych")
TEXT = (
    "Người bị bạo lực kể rằng tối hôm trước người gây bạo lực về nhà trong tình trạng say rượu, chửi mắng, "
    "đập phá đồ đạc rồi đánh vào vai và lưng. Hai con nhỏ chứng kiến. Sau đó chị sang nhà hàng xóm ở nhờ. "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """One case: who she is, the day it was reported, what it was."""

    person: dict[str, str]
    day: date
    core_type: str


def draw(chance: random.Random, number: int) -> MadeUp:
    """Draw the case of a number."""
    return MadeUp(
        person=_person(chance, number),
        day=date(YEAR, 1, 1) + timedelta(days=chance.randrange(365)),
        core_type=chance.choice(TYPES),
    )


def _person(chance: random.Random, number: int) -> dict[str, str]:
    name = (
        f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
    )
    return {
        "full_name": name,
        "sex": "nu",
        "birth": str(chance.randint(1955, 2008)),
        "identity_number": f"038{number:09}",
        "address": "Nhà văn hóa thôn Mẫu, số 12",
        "ethnicity": chance.choice(("kinh", "muong", "thai")),
        "marital": "co_vc",
        "occupation": "nong_dan",
        "may_call": "yes",
        "phone": f"+849{number:08}",
        "contact_hours": "Buổi sáng, 8 đến 10 giờ",
        "code_word": "Cây mít",
    }


def as_row(made: MadeUp, number: int) -> dict[str, str | date]:
    """Return the 25 fields of a case as one flat row, as the peers keep it; the owner is the 26th."""
    person = {name: text for name, text in made.person.items() if name != "may_call"}
    return {
        "code": f"HS-{number:09}",
        "state": "open",
        "risk_level": "",
        "opened_on": made.day,
        "next_due": made.day,
        **person,
        "happened_on": made.day,
        "place": "nha_nguoi_bi_bao_luc",
        "account": TEXT * 4,
        "injuries": TEXT,
        "violence_type": made.core_type,
        "relation": "chong",
        "perpetrator_sex": "nam",
        "perpetrator_age": "a26_40",
        "perpetrator_name": "Người Mẫu Gây Ra",
    }


SEALED = (
    *("full_name", "birth", "identity_number", "address", "phone", "code_word", "account", "injuries"),
    "perpetrator_name",
)
"""What the peers encrypt; in the product everything but code, state, owner and day is sealed."""

LONG = ("account", "injuries")


def rows(count: int) -> Iterator[dict[str, str | date]]:
    """Yield the rows of so many cases in their order."""
    chance = random.Random(7)
    for number in range(count):
        yield as_row(draw(chance, number), number)


def owner_of(number: int) -> int:
    """Return the place of the case worker who has the case of a number."""
    return number // CASELOAD
