"""The fixed words of documents and pictures, and how figures, days and hostile text are written."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from casemgr.text.dates import official_date
from casemgr.text.numbers import display_number

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The fixed words of one language."""

    mark: str
    protected: str
    protected_note: str
    unit: str
    period: str
    synthetic: str


WORDS: dict[Language, Words] = {
    "vi": Words(
        mark="[bv]",
        protected="số liệu được bảo vệ",
        protected_note=(
            "[bv]: Số liệu được bảo vệ, không công bố để không ai bị nhận ra. Con số thật có thể là 0, "
            "ít hoặc nhiều – không suy ra là “ít”."
        ),
        unit="Đơn vị",
        period="Kỳ",
        synthetic="Dữ liệu giả định, không phải số liệu thật",
    ),
    "en": Words(
        mark="[c]",
        protected="protected figure",
        protected_note=(
            "[c]: Protected, not shown so that nobody can be recognised. The true number may be zero, "
            "small or large – do not read it as “few”."
        ),
        unit="Unit",
        period="Period",
        synthetic="Synthetic data, not real figures",
    ),
}

NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DRAFT = "DỰ THẢO"
RECIPIENTS = "Nơi nhận:"
ADDRESSED_TO = "Kính gửi:"

# A gap that a pen fills in: no-break spaces survive every engine, ordinary ones are drawn together.
GAP = "\u00a0" * 6


def clean(text: str) -> str:
    """Return text as one composed line, without control and direction marks that could disguise it."""
    composed = unicodedata.normalize("NFC", re.sub(r"[\t\r\n\v\f\x85\u2028\u2029]+", " ", text))
    return "".join(letter for letter in composed if not unicodedata.category(letter).startswith("C"))


def figure(number: int, language: Language) -> str:
    """Return a whole number with the thousands mark of the language."""
    return display_number(number, locale=language)


def shown(value: str | int | None, language: Language) -> str:
    """Return what a cell or a mark shows: cleaned text, a figure, or the mark of a protected figure."""
    match value:
        case None:
            return WORDS[language].mark
        case int():
            return figure(value, language)
        case str():
            return clean(value)


def written_day(year: int, month: int | None, day: int | None) -> str:
    """Return a day as Decree 30/2020 writes it, with a gap for each part not yet known.

    Days below 10 and the months 1 and 2 carry a leading zero.
    """
    if month is not None and day is not None:
        return official_date(date(year, month, day))
    day_part = GAP if day is None else f"{day:02d}"
    month_part = GAP if month is None else (f"{month:02d}" if month <= 2 else str(month))
    return f"ngày {day_part} tháng {month_part} năm {year}"
