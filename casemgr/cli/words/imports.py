"""What the import of line lists says: key → Vietnamese, English."""

IMPORTS: dict[str, tuple[str, str]] = {
    "help.import": (
        (
            "Nhập danh sách vụ việc từ tệp CSV hoặc Excel (.xlsx) theo một bảng đối chiếu. Nên chạy với "
            "--dry-run trước. Dừng giữa chừng thì chạy lại lệnh cũ: phần đã nhập không nhập lần nữa."
        ),
        (
            "Take in a line list from a CSV or Excel file (.xlsx) through a mapping. Run it with --dry-run "
            "first. When it was stopped, run the same command again: no row is taken twice."
        ),
    ),
    "help.import.mapping": (
        "Bảng đối chiếu: tên có sẵn (gbvims_ir, linea144) hoặc đường dẫn tệp TOML.",
        "Mapping: a name that is shipped (gbvims_ir, linea144) or the path of a TOML file.",
    ),
    "help.import.dry_run": (
        "Chỉ kiểm tra: nêu mọi dòng lỗi, không ghi gì.",
        "Check only: name every bad row, write nothing.",
    ),
    "help.import.batch": (
        "Tên lô nhập (mặc định: tên tệp).",
        "Name of the batch (the name of the file unless told).",
    ),
    "help.import.owner": (
        "Người phụ trách các hồ sơ (mặc định: người nhập).",
        "Who answers for the files (who imports unless told).",
    ),
    "help.import.refused": (
        "Ghi số dòng và lý do của mọi dòng bị từ chối ra tệp CSV này.",
        "Write row numbers and reasons of all refused rows to this CSV file.",
    ),
    "help.import.list": ("Liệt kê các lô đã nhập.", "List the batches that came in."),
    "help.import.rollback": (
        "Gỡ cả một lô khi chưa ai làm việc tiếp trên đó.",
        "Take a whole batch out, as long as nobody has worked on it.",
    ),
    "help.import.rollback_all": ("Gỡ mọi lô.", "Take all batches out."),
    "import.unknown_columns": (
        "Các cột không có trong bảng đối chiếu, sẽ bỏ qua: {names}",
        "Columns that the mapping does not know, left out: {names}",
    ),
    "import.mistake": ("Bảng đối chiếu, dòng {line}: {what}", "Mapping, line {line}: {what}"),
    "import.progress": ("Đã nhập đến dòng {done}/{rows}", "At row {done} of {rows}"),
    "import.removing": ("Đã gỡ {done}/{rows} hồ sơ", "Took out {done} of {rows} files"),
    "import.stopped": (
        "Đã dừng. Phần đã nhập của lô “{name}” vẫn còn; chạy lại lệnh để nhập tiếp, hoặc --rollback để gỡ.",
        "Stopped. What is in of batch “{name}” stays; run it again to go on, or --rollback to take it out.",
    ),
    "import.bad_row": ("Dòng {row}, cột {column}: {why}", "Row {row}, column {column}: {why}"),
    "import.reason": ("Từ chối vì {kind}: {count} dòng", "Refused for {kind}: {count} rows"),
    "import.dry": (
        "Chạy thử: {rows} dòng, sẽ nhập {imported}, từ chối {refused}. Chưa ghi gì.",
        "Dry run: {rows} rows, {imported} would come in, {refused} refused. Nothing was written.",
    ),
    "import.done": (
        "Lô “{name}”: {rows} dòng, đã nhập {imported} (lần này {now}), từ chối {refused}.",
        "Batch “{name}”: {rows} rows, {imported} are in ({now} now), {refused} refused.",
    ),
    "import.rolled_back_now": (
        "Đã gỡ lô “{name}”: {count} hồ sơ, khóa của chúng đã hủy.",
        "Took out batch “{name}”: {count} files, their keys are destroyed.",
    ),
    "import.running": ("chưa xong", "not finished"),
    "import.finished": ("đã xong", "finished"),
    "import.rolling_back": ("đang gỡ", "being taken out"),
    "import.rolled_back": ("đã gỡ", "taken out"),
    "refused.import_other_file": (
        "Tên lô này đã dùng cho một tệp khác. Đặt tên khác với --batch.",
        "Another file came in under this batch name. Choose another with --batch.",
    ),
    "refused.import_other_mapping": (
        "Bảng đối chiếu đã thay đổi từ khi bắt đầu lô này. Gỡ lô với --rollback rồi nhập lại.",
        "The mapping has changed since this batch began. Take it out with --rollback and import again.",
    ),
    "refused.import_other_owner": (
        "Lô này có người phụ trách khác. Ghi đúng --owner như lần đầu.",
        "This batch has another owner. Give the same --owner as the first time.",
    ),
    "refused.import_rolling_back": (
        "Lô này đang được gỡ. Chạy lại --rollback cho xong.",
        "This batch is being taken out. Run --rollback again to finish that.",
    ),
    "refused.import_elsewhere": (
        "Một lệnh khác đang nhập lô này. Chờ lệnh đó xong rồi chạy lại.",
        "Another command is taking in this batch. Wait for it, then run this again.",
    ),
    "refused.import_worked_on": (
        "Có hồ sơ của lô này đã được làm việc tiếp, nên không gỡ được.",
        "Files of this batch have been worked on, so it cannot be taken out.",
    ),
    "conflict.owner.unknown": (
        "Trong đơn vị không có cán bộ ca hay giám sát nào tên đăng nhập như vậy.",
        "The unit has no case worker or supervisor with that sign-in name.",
    ),
}
