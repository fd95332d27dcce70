"""What stands beside every figure that leaves: what the marks mean, in Vietnamese and in English.

A file travels further than whoever made it, so each one explains itself in both languages, whatever the
language of its headings.
"""

from casemgr.letters.words import WORDS

Said = tuple[str, str]
"""The same sentence in Vietnamese and in English."""

HIDDEN: Said = (WORDS["vi"].protected_note, WORDS["en"].protected_note)

TRUE: Said = (
    "Mọi con số hiển thị đều là số thật: không làm tròn, không thay đổi.",
    "Every number shown is the true number: not rounded, not altered.",
)
LARGER: Said = (
    "Một số ô lớn cũng được bảo vệ để không thể lấy tổng trừ đi mà tính ra ô nhỏ.",
    "Some larger cells are protected too, so that small ones cannot be found by subtraction.",
)
TOGETHER: Said = (
    "Bảng này đã được kiểm tra cùng với mọi bảng đã phát hành trước.",
    "This table was checked together with all earlier ones.",
)
RECORDED: Said = (
    "Chỉ đếm những gì đã được ghi nhận, không nói bạo lực xảy ra nhiều hay ít. Không suy ra tỷ lệ trong dân.",
    "Only what was recorded is counted; this does not say how common violence is.",
)
RESTRICTED: Said = (
    "HẠN CHẾ – Báo cáo có số nhỏ. Không sao chụp, không đăng tải, không chuyển tiếp.",
    "RESTRICTED – contains small numbers. Do not copy, post or forward.",
)

LEGEND: tuple[Said, ...] = (HIDDEN, TRUE, LARGER, TOGETHER, RECORDED)
"""All of it, in the order in which a reader needs it."""


def lines(*, is_restricted: bool) -> tuple[str, ...]:
    """Return the legend as lines: each sentence in Vietnamese, then in English."""
    said = (RESTRICTED, *LEGEND) if is_restricted else LEGEND
    return tuple(text for sentence in said for text in sentence)
