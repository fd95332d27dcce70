"""What to say beside a question whose answer cannot be used: what is wrong and how to write it."""

from casemgr.questions.declaration import Text

_DATE_SHAPE = Text(
    vi="Chưa đọc được ngày. Ví dụ 27/03/1990; nếu không rõ ngày: 03/1990 hoặc 1990.",
    en="The date cannot be read. For example 27/03/1990; if the day is not known: 03/1990 or 1990.",
)

PROBLEMS: dict[str, Text] = {
    "required": Text(vi="Cần trả lời câu này.", en="This question needs an answer."),
    "long": Text(vi="Nội dung quá dài. Hãy rút ngắn lại.", en="The text is too long. Please shorten it."),
    "choice": Text(vi="Hãy chọn một mục trong danh sách.", en="Please choose from the list."),
    "too_small": Text(vi="Số này nhỏ hơn mức cho phép.", en="The number is smaller than allowed."),
    "too_large": Text(vi="Số này lớn hơn mức cho phép.", en="The number is larger than allowed."),
    "fraction": Text(vi="Hãy nhập số nguyên.", en="Please enter a whole number."),
    "separator": Text(vi="Hãy nhập số, ví dụ 1.234.", en="Please enter a number, for example 1.234."),
    "number.characters": Text(vi="Hãy chỉ nhập chữ số.", en="Please enter digits only."),
    "name.characters": Text(
        vi="Tên chỉ gồm chữ cái, dấu cách, dấu nháy và gạch nối.",
        en="A name has letters, spaces, apostrophes and hyphens only.",
    ),
    "legacy_font": Text(
        vi="Chữ này dùng bảng mã cũ (TCVN3 hoặc VNI). Hãy gõ lại bằng Unicode.",
        en="This text uses an old encoding (TCVN3 or VNI). Please type it again in Unicode.",
    ),
    "phone.characters": Text(vi="Số điện thoại chỉ gồm chữ số.", en="A telephone number has digits only."),
    "phone.length": Text(
        vi="Số điện thoại thiếu hoặc thừa chữ số. Ví dụ 0912 345 678.",
        en="The telephone number has too few or too many digits. For example 0912 345 678.",
    ),
    "phone.prefix": Text(vi="Đầu số này không có.", en="No telephone number begins like this."),
    "identity_number.characters": Text(vi="Số căn cước chỉ gồm chữ số.", en="An ID number has digits only."),
    "identity_number.length": Text(
        vi="Số căn cước có 12 chữ số (số cũ có 9).", en="An ID number has 12 digits (an old one has 9)."
    ),
    "shape": _DATE_SHAPE,
    "day": Text(vi="Ngày này không có trong tháng.", en="The month has no such day."),
    "month": Text(vi="Tháng phải từ 1 đến 12.", en="The month must be 1 to 12."),
    "year": Text(vi="Năm này không hợp lý.", en="The year cannot be right."),
    "year_two_digits": Text(
        vi="Hãy ghi đủ bốn chữ số của năm.", en="Please write all four digits of the year."
    ),
    "future": Text(vi="Ngày này ở trong tương lai.", en="This date is in the future."),
    "too_early": Text(vi="Ngày này quá xa trong quá khứ.", en="This date is too far in the past."),
    "whole_date": Text(vi="Cần đủ ngày, tháng, năm.", en="Day, month and year are all needed."),
    "time": Text(vi="Hãy ghi giờ theo dạng 14:05.", en="Please write the time as 14:05."),
    "other": Text(vi="Chưa dùng được nội dung này.", en="This cannot be used."),
}
