"""Why a row, a file or a mapping is not taken: kind → Vietnamese, English. None of them repeats a content."""

ROWS: dict[str, tuple[str, str]] = {
    "cells": (
        "Số ô của dòng không khớp với dòng tiêu đề.",
        "The row has not as many cells as the header.",
    ),
    "formula": (
        "Ô là công thức hoặc lỗi tính toán; hãy dán thành giá trị.",
        "The cell is a formula or an error; paste it as a value.",
    ),
    "required": ("Ô bắt buộc nhưng để trống.", "The cell is required but empty."),
    "unknown_value": (
        "Giá trị không có trong bảng đối chiếu của cột này.",
        "The value is not in the mapping of this column.",
    ),
    "date": (
        "Chưa đọc được ngày theo các dạng mà bảng đối chiếu nêu.",
        "The date has none of the forms that the mapping names.",
    ),
    "date_future": ("Ngày này ở trong tương lai.", "The date lies in the future."),
    "date_order": (
        "Ngày này sau ngày tiếp nhận.",
        "The date lies after the day of the report.",
    ),
    "number": ("Số không đọc được hoặc ngoài mức cho phép.", "The number cannot be read or is out of range."),
    "answer": ("Nội dung không dùng được cho câu hỏi này.", "The content is no answer to this question."),
    "too_long": ("Nội dung quá dài.", "The content is too long."),
    "no_core_type": (
        "Không suy ra được loại vụ việc theo quy tắc của bảng đối chiếu.",
        "The rule of the mapping gives no type of incident.",
    ),
    "survivor_differs": (
        "Giới tính hoặc ngày sinh khác với dòng trước có cùng mã người.",
        "Sex or date of birth differ from an earlier row with the same survivor code.",
    ),
}

FILES: dict[str, tuple[str, str]] = {
    "missing": ("Không đọc được tệp.", "The file cannot be read."),
    "empty": ("Tệp không có dòng nào.", "The file has no row."),
    "encoding": (
        "Tệp không phải Unicode. Trong Excel, hãy lưu thành “CSV UTF-8”.",
        "The file is not Unicode. In Excel, save it as “CSV UTF-8”.",
    ),
    "csv": (
        "Dấu ngoặc kép của tệp CSV không khớp, gần dòng {detail}.",
        "The quotes of the CSV file do not match, near line {detail}.",
    ),
    "old_excel": (
        "Đây là Excel kiểu cũ (.xls). Hãy lưu thành .xlsx.",
        "This is an old Excel file (.xls). Save it as .xlsx.",
    ),
    "workbook": ("Tệp Excel bị hỏng.", "The Excel file is damaged."),
    "bomb": (
        "Tệp Excel bung ra quá lớn hoặc có phần không được phép ({detail}); từ chối mở.",
        "The Excel file unpacks too large or holds what it may not ({detail}); it is not opened.",
    ),
    "sheet": ("Không có trang tính “{detail}”.", "There is no sheet “{detail}”."),
    "columns_missing": ("Thiếu các cột: {detail}.", "Columns are missing: {detail}."),
    "columns_twice": ("Cột lặp lại: {detail}.", "Columns appear twice: {detail}."),
}

MAPPINGS: dict[str, tuple[str, str]] = {
    "not_found": (
        "không có bảng đối chiếu này (có sẵn: {detail})",
        "there is no such mapping (shipped: {detail})",
    ),
    "syntax": ("không đúng cú pháp TOML: {detail}", "not valid TOML: {detail}"),
    "unknown_key": ("không có mục “{detail}”", "there is no entry “{detail}”"),
    "missing_key": ("thiếu mục “{detail}”", "the entry “{detail}” is missing"),
    "shape": ("“{detail}” không đúng dạng", "“{detail}” has the wrong shape"),
    "unknown_target": ("không có nơi ghi “{detail}”", "there is no target “{detail}”"),
    "target_twice": ("nhiều cột cùng ghi vào “{detail}”", "several columns go to “{detail}”"),
    "bad_value": ("“{detail}” không phải là giá trị dùng được", "“{detail}” is no value that can be stored"),
    "date_form": ("không biết dạng ngày “{detail}”", "unknown date form “{detail}”"),
    "column_twice": (
        "cột “{detail}” vừa được đọc vừa bị bỏ qua, hoặc có hai lần",
        "column “{detail}” is both read and ignored, or there twice",
    ),
    "no_core_type": (
        "không nói loại vụ việc lấy từ đâu: cần một cột ghi vào core_type hoặc [core_type] order",
        "does not say where the type of incident comes from: a column to core_type or [core_type] order",
    ),
    "no_registered_on": (
        "không có cột nào ghi vào registered_on",
        "no column goes to registered_on",
    ),
    "no_consent_how": (
        "reporting_consent cần constants.consent_how",
        "reporting_consent needs constants.consent_how",
    ),
}
