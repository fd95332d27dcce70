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
    "doctor.space": ("Ổ đĩa của {folder} còn {free} GiB.", "{free} GiB free on the disk of {folder}."),
    "doctor.little_space": (
        "Ổ đĩa của {folder} chỉ còn {free} GiB; cần ít nhất {needed} GiB. Dọn bớt trước khi đầy hẳn.",
        "Only {free} GiB free on the disk of {folder}; {needed} GiB are needed. Make room before it is full.",
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
    "doctor.other_owner": (
        "{file} thuộc tài khoản khác của máy, dịch vụ không dùng được. Đổi chủ: chown",
        "{file} belongs to another account of this machine; the service cannot use it. Change it: chown",
    ),
    "doctor.worker": ("Có {count} tiến trình làm việc nền đang chạy.", "{count} workers are alive."),
    "doctor.worker_none": (
        "Không có tiến trình làm việc nền nào (máy dùng riêng: chạy cùng `casemgr serve`).",
        "No worker is alive (on one laptop it runs along with `casemgr serve`).",
    ),
    "doctor.worker_missing": (
        "Không có tiến trình làm việc nền mà việc đang chờ: nhắc hạn, sao lưu đều dừng. Chạy casemgr-worker.",
        "No worker is alive and jobs wait: reminders and backups stand still. Start casemgr-worker.",
    ),
    "doctor.jobs": ("Không có việc nền nào bị trễ.", "No job is late."),
    "doctor.jobs_late": (
        "Có việc nền lẽ ra đã chạy từ {since}. Xem `casemgr jobs list`.",
        "A job should have begun at {since}. See `casemgr jobs list`.",
    ),
    "doctor.jobs_failed": (
        "Có {count} việc nền hỏng. Xem `casemgr jobs list`.",
        "{count} jobs have failed. See `casemgr jobs list`.",
    ),
    "doctor.checkpoint": (
        "Nhật ký đã ký đến mục {size}.",
        "The log is signed up to entry {size}.",
    ),
    "doctor.checkpoint_longer": (
        "Nhật ký ngắn hơn điểm đã ký ({size} mục): có mục bị bỏ đi. Chạy `casemgr audit verify`.",
        "The log is shorter than what was signed ({size} entries). Run `casemgr audit verify`.",
    ),
    "doctor.checkpoint_lost": (
        "Thiếu tệp điểm ký {size} trong thư mục checkpoints. Chạy `casemgr audit verify`.",
        "The checkpoint of {size} entries is missing from its folder. Run `casemgr audit verify`.",
    ),
    "doctor.unsigned": (
        "Nhật ký chưa được ký từ {since}; tiến trình làm việc nền ký mỗi 15 phút.",
        "The log is unsigned since {since}; a worker signs it every 15 minutes.",
    ),
    "doctor.wal": ("Nhật ký ghi của SQLite: {size} MiB.", "Write-ahead log of SQLite: {size} MiB."),
    "doctor.long_wal": (
        "Nhật ký ghi của SQLite đã dài {size} MiB mà không được gộp lại: khởi động lại `casemgr serve`.",
        "SQLite's write-ahead log has grown to {size} MiB and is not written back: restart `casemgr serve`.",
    ),
    "doctor.clock_steady": ("Bảy ngày qua đồng hồ chạy đều.", "The clock ran steadily for seven days."),
    "doctor.clock_set_back": (
        "Lúc {at}, đồng hồ máy bị chỉnh lùi {minutes} phút. Hạn và giờ trong hồ sơ dựa vào đồng hồ này.",
        "At {at} the clock was set back by {minutes} minutes. Deadlines and times of records go by it.",
    ),
    "doctor.clock_set_forward": (
        "Lúc {at}, đồng hồ máy bị chỉnh tới {minutes} phút. Hạn và giờ trong hồ sơ dựa vào đồng hồ này.",
        "At {at} the clock was set forward by {minutes} minutes. Deadlines and times of records go by it.",
    ),
}
