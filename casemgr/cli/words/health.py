"""What `casemgr doctor` found: key → Vietnamese, English."""

HEALTH: dict[str, tuple[str, str]] = {
    "doctor.ok": ("[ổn]   ", "[ok]   "),
    "doctor.bad": ("[HỎNG] ", "[BAD]  "),
    "doctor.look": ("[chú ý]", "[look] "),
    "doctor.none": ("Không thấy vấn đề nào.", "Nothing is wrong."),
    "doctor.some": ("Có {count} vấn đề.", "{count} things are wrong."),
    "doctor.settings": ("Thiết lập đầy đủ.", "The settings are complete."),
    "doctor.address": ("Địa chỉ lắng nghe an toàn.", "The address to listen on is safe."),
    "doctor.no_directory": (
        "Chưa có thư mục {file}: chạy `casemgr init`.",
        "No folder {file} yet: run `casemgr init`.",
    ),
    "doctor.files": ("Chỉ chủ sở hữu đọc được các tệp.", "Only their owner can read the files."),
    "doctor.open_file": (
        "Người khác trên máy này đọc được {file}. Chạy: chmod go= {file}",
        "Others on this machine can read {file}. Run: chmod go= {file}",
    ),
    "doctor.no_keys": (
        "Không có tệp khóa: chạy `casemgr init` hoặc `casemgr restore`.",
        "No key file: run `casemgr init` or `casemgr restore`.",
    ),
    "doctor.keys_closed": ("Không mở được tệp khóa ({reason}).", "The key file does not open ({reason})."),
    "doctor.keys_open": ("Khóa mở được.", "The keys open."),
    "doctor.keys_there": (
        "Có tệp khóa; mở bằng mật khẩu khóa khi khởi động.",
        "The key file is there; the passphrase opens it at start.",
    ),
    "doctor.clock": ("Đồng hồ: {now}.", "Clock: {now}."),
    "doctor.clock_early": ("Đồng hồ máy sai: {now}.", "The clock is wrong: {now}."),
    "doctor.clock_back": (
        "Nhật ký có mục lúc {at}, sau giờ của máy: đồng hồ đã bị lùi.",
        "The log has an entry of {at}, later than this clock: it was set back.",
    ),
    "doctor.space": ("Ổ đĩa còn {free} GiB.", "{free} GiB free on disk."),
    "doctor.little_space": (
        "Ổ đĩa chỉ còn {free} GiB; cần ít nhất 1 GiB.",
        "Only {free} GiB free on disk; 1 GiB is needed.",
    ),
    "doctor.local_disk": (
        "Cơ sở dữ liệu nằm trên ổ đĩa của máy.",
        "The database is on a disk of this machine.",
    ),
    "doctor.network_disk": (
        "Tệp SQLite nằm trên ổ mạng ({kind}), có thể hỏng. Chuyển về ổ của máy, hoặc dùng PostgreSQL.",
        "The SQLite database is on a network disk ({kind}) and may be damaged. Move it, or use PostgreSQL.",
    ),
    "doctor.tables": (
        "Bảng dữ liệu đúng phiên bản ({revision}).",
        "The tables are of this version ({revision}).",
    ),
    "doctor.log": ("Nhật ký có {size} mục, đầu mối khớp.", "The log has {size} entries and its head fits."),
    "doctor.log_empty": ("Nhật ký chưa có mục nào.", "The log has no entry yet."),
    "doctor.log_torn": (
        "Đầu mối nhật ký không khớp mục cuối: chạy `casemgr audit verify`.",
        "The head of the log is not its last entry: run `casemgr audit verify`.",
    ),
    "doctor.no_backup": (
        "Chưa sao lưu lần nào: chạy `casemgr backup`.",
        "No backup yet: run `casemgr backup`.",
    ),
    "doctor.old_backup": ("Lần sao lưu cuối đã lâu: {day}.", "The last backup is old: {day}."),
    "doctor.backup": ("Lần sao lưu cuối: {day}.", "Last backup: {day}."),
}
