"""Questions and answers of commands: key → Vietnamese, English."""

ANSWERS: dict[str, tuple[str, str]] = {
    "ask.passphrase": ("Mật khẩu khóa", "Passphrase"),
    "ask.new_passphrase": ("Mật khẩu khóa mới", "New passphrase"),
    "ask.passphrase_again": ("Gõ lại một lần nữa", "Type it once more"),
    "ask.password": ("Mật khẩu của {name}", "Password of {name}"),
    "ask.code": ("Mã một lần", "One-time code"),
    "ask.kit": ("Mã khôi phục trên phiếu (9 nhóm)", "Recovery key of the kit (9 groups)"),
    "ask.commune": ("Mã hoặc tên xã, phường, đặc khu", "Code or name of the commune"),
    "ask.unit_name": ("Tên đơn vị", "Name of the unit"),
    "ask.sign_in_name": ("Tên đăng nhập của người quản trị", "Sign-in name of the administrator"),
    "ask.name": ("Họ tên người quản trị", "Full name of the administrator"),
    "ask.downgrade": (
        "Lùi bảng dữ liệu về bước {revision}? Dữ liệu của các bước sau sẽ mất.",
        "Take the tables back to step {revision}? Data of later steps will be lost.",
    ),
    "passphrase.advice": (
        "Chọn một câu dễ nhớ với anh chị mà người khác không đoán được, ít nhất {count} ký tự.",
        "Choose a sentence that you keep easily and nobody guesses, at least {count} signs.",
    ),
    "passphrase.drawn": (
        "Mật khẩu khóa, chỉ hiện một lần này:\n\n    {passphrase}\n",
        "The passphrase, shown only this once:\n\n    {passphrase}\n",
    ),
    "config.fine": ("Thiết lập đầy đủ.", "The settings are complete."),
    "settings.missing": ("Thiếu {name}: {meaning}", "{name} is missing: {meaning}"),
    "settings.unusable": (
        "{name} không dùng được; cần: {meaning}",
        "{name} is not usable; expected: {meaning}",
    ),
    "settings.unknown": (
        "Không có thiết lập nào tên là {name}.{meaning}",
        "There is no setting {name}.{meaning}",
    ),
    "settings.unreadable": (
        "Không đọc được tệp mà {name} chỉ tới.{meaning}",
        "The file of {name} cannot be read.{meaning}",
    ),
    "setting.database_url": (
        "sqlite:////đường/dẫn/casemgr.db hoặc postgresql+psycopg://người-dùng@máy/tên",
        "sqlite:////path/casemgr.db or postgresql+psycopg://user@host/name",
    ),
    "setting.directory": (
        "thư mục cho tệp khóa, điểm ký nhật ký và sao lưu; chỉ dịch vụ này đọc được",
        "folder for key files, audit checkpoints and backups; readable by the service alone",
    ),
    "setting.key_provider": (
        "cách mở khóa gốc: passphrase (mật khẩu khóa), hoặc file (chỉ để dùng thử, với dữ liệu giả định)",
        "what unlocks the root key: passphrase, or file (for made-up data only)",
    ),
    "setting.passphrase_file": (
        "tệp chứa mật khẩu khóa (credential của systemd); không có thì hỏi lúc khởi động",
        "file that holds the passphrase (a systemd credential); else it is asked for at start",
    ),
    "setting.address": (
        "địa chỉ lắng nghe; nếu không phải máy này thì phải có TLS phía trước và proxy_hops",
        "address to listen on; anything but loopback needs TLS in front and proxy_hops",
    ),
    "setting.port": ("cổng lắng nghe", "port to listen on"),
    "setting.hosts": (
        "các tên máy mà trình duyệt được dùng, cách nhau bằng dấu phẩy",
        "comma-separated host names that browsers may use",
    ),
    "setting.proxy_hops": (
        "số proxy tin cậy đứng trước (0: không có, bỏ qua mọi tiêu đề chuyển tiếp)",
        "how many trusted proxies stand in front (0: none, forwarded headers are ignored)",
    ),
    "setting.proxies": (
        "địa chỉ của proxy gần nhất, cách nhau bằng dấu phẩy; từ nơi khác đến thì từ chối",
        "comma-separated addresses of the nearest proxy; who asks from elsewhere is refused",
    ),
    "setting.reply_address": (
        "địa chỉ để đơn vị không có tài khoản vào trả lời; để trống: trả lời qua điện thoại",
        "where partners without an account reach this service; empty: they answer by telephone",
    ),
    "setting.idle_minutes": (
        "số phút không thao tác thì khóa màn hình",
        "minutes without a click until the screen locks",
    ),
    "setting.session_hours": (
        "số giờ sau đó ai cũng phải đăng nhập lại",
        "hours after which everybody signs in anew",
    ),
    "setting.backup_directory": (
        "thư mục ở ổ đĩa khác hoặc máy khác để mỗi ngày có một bản sao lưu; để trống thì không tự sao lưu",
        "folder on another disk or share for a backup every day; without it none is made",
    ),
    "setting.backups_kept": (
        "giữ bao nhiêu bản sao lưu trong thư mục đó",
        "how many backups stay in that folder",
    ),
    "setting.language": (
        "ngôn ngữ khi chưa ai chọn: vi hoặc en",
        "language before anybody has chosen one: vi or en",
    ),
    "setting.request_log": (
        "yêu cầu nào được ghi vào nhật ký kỹ thuật: failed (lỗi và chậm), hoặc all (tất cả)",
        "which requests get a line in the log: failed (and slow ones), or all",
    ),
    "setting.metrics": (
        "trả số đo cho Prometheus tại /metrics, chỉ cho chương trình trên máy này",
        "answers programs on this machine with figures for Prometheus at /metrics",
    ),
    "setting.verify_days": (
        "Sau bao nhiêu ngày thì gọi thử lại một số trực.",
        "After how many days a duty number is called again to see whether it answers.",
    ),
    "setting.answer_minutes": (
        "số phút phải trả lời một phiếu chuyển gửi: ngay, trong ngày, ít gấp hơn (mặc định 30,1440,4320)",
        "minutes until a referral must be answered: at once, within the day, less urgent (else 30,1440,4320)",
    ),
    "setting.synthetic": (
        "đánh dấu mọi trang là dữ liệu giả định (bản dùng thử tự đặt)",
        "marks every page as holding made-up data (the demonstration sets it)",
    ),
    "setting.gallery": (
        "mở trang trưng bày các thành phần giao diện (bản dùng thử tự đặt)",
        "serves the page of all components (the demonstration sets it)",
    ),
    "init.done": (
        (
            "Đã cài đặt xong cho {unit}.\n"
            "Người quản trị: {name}\nMã mời (dùng một lần, trong 14 ngày): {code}\n"
            "Chạy `casemgr serve`, mở trang đăng nhập, chọn “Đăng nhập lần đầu”."
        ),
        (
            "Set up for {unit}.\n"
            "Administrator: {name}\nInvitation code (works once, within 14 days): {code}\n"
            "Run `casemgr serve`, open the sign-in page, choose “First sign-in”."
        ),
    ),
    "kit.text": (
        "Mã khôi phục, chỉ hiện một lần này. Chép ra giấy, cất ở nơi khác với máy:\n\n    {kit}\n",
        "Recovery key, shown only this once. Write it on paper, keep it elsewhere:\n\n    {kit}\n",
    ),
    "kit.page": (
        "Trang khôi phục: {file}. In ra rồi xóa tệp này.",
        "Recovery page: {file}. Print it, then remove the file.",
    ),
    "kit.title": ("Phiếu khôi phục", "Recovery kit"),
    "kit.intro": (
        (
            "Mã dưới đây mở lại hệ thống và mọi bản sao lưu khi quên mật khẩu khóa.\n"
            "Ai có phiếu này và tệp khóa hoặc bản sao lưu thì đọc được tất cả. Cất trong két, xa máy."
        ),
        (
            "The key below opens the system and every backup when the passphrase is forgotten.\n"
            "Whoever has this page and the key file or a backup can read everything. Keep it in a safe."
        ),
    ),
    "kit.made_on": ("Ngày lập", "Made on"),
    "kit.kept_by": ("Người giữ phiếu", "Kept by"),
    "kit.place": ("Nơi cất", "Place"),
    "kit.note": (
        "Quên mật khẩu khóa: casemgr recover. Dựng lại từ sao lưu: casemgr restore TỆP --recovery-kit.",
        "For a forgotten passphrase: casemgr recover. From a backup: casemgr restore FILE --recovery-kit.",
    ),
    "kit.groups": ("Gõ sai ở nhóm: {groups}. Hãy gõ lại.", "Mistyped group: {groups}. Type it again."),
    "kit.length": (
        "Mã phải có 9 nhóm, mỗi nhóm 5 ký tự. Hãy gõ lại.",
        "The key has 9 groups of 5 signs. Type it again.",
    ),
    "serve.at": ("Đang phục vụ tại {address}", "Serving at {address}"),
    "serve.fingerprint": (
        (
            "Chứng thư riêng, dấu vân tay SHA-256:\n\n    {fingerprint}\n\n"
            "Lần đầu mở trên điện thoại, hãy xem chứng thư và so từng nhóm; khác một chữ thì đừng vào."
        ),
        (
            "Own certificate, SHA-256 fingerprint:\n\n    {fingerprint}\n\n"
            "At the first visit from a telephone look at the certificate and compare; if a sign differs, "
            "stay out."
        ),
    ),
    "profile.written": ("Đã ghi {file}", "Written: {file}"),
    "shortcut.written": ("Đã ghi {file}", "Written: {file}"),
    "transfer.old": ("Mật khẩu khóa của máy CŨ:", "The passphrase of the OLD machine:"),
    "transfer.new": ("Mật khẩu khóa cho máy MỚI:", "A passphrase for the NEW machine:"),
    "transfer.done": (
        (
            "Đã chuyển {rows} dòng, từng bảng giống hệt bản sao lưu; {keys} khóa dữ liệu nằm dưới khóa gốc "
            "mới; nhật ký {size} mục nguyên vẹn. Máy cũ đã đóng; xóa khi máy mới chạy tốt."
        ),
        (
            "{rows} rows moved, each table equal to the backup's; {keys} data keys are under the new root "
            "key; the log of {size} entries is whole. The old machine is closed; wipe it once the new one "
            "works well."
        ),
    ),
    "close.done": (
        (
            "Đã sao lưu lần cuối và mở ra kiểm tra ({rows} dòng): {file}\n"
            "Bản cài này đã đóng, mật khẩu khóa ở đây không mở được nữa. Máy mới: casemgr transfer TỆP.\n"
            "Giữ phiếu khôi phục đến khi máy mới chạy tốt: chỉ phiếu ấy mở lại được ở đây (casemgr recover)."
        ),
        (
            "The last backup was made and opened again ({rows} rows): {file}\n"
            "It is closed now, its passphrase opens it no more. On the new machine: casemgr transfer FILE.\n"
            "Keep the recovery kit until the new machine works: it alone opens this one (casemgr recover)."
        ),
    ),
    "recover.reopened": (
        "Bản cài này được mở lại. Máy mới mà đã nhập liệu thì hai nơi sẽ khác nhau: chỉ dùng một.",
        "This installation is open again. If anything was entered on the new machine, use only one of them.",
    ),
    "db.would_lose": ("  sẽ mất: {place}", "  would be lost: {place}"),
    "db.no_notes": ("Bảng dữ liệu đã ở bước mới nhất.", "The tables are at the newest step."),
    "serve.waits": (
        "Bảng dữ liệu còn ở phiên bản cũ; đợi `casemgr db upgrade`…",
        "The tables are of an older version; waiting for `casemgr db upgrade`…",
    ),
    "serve.outdated": (
        "Bảng dữ liệu đã được nâng lên phiên bản mới hơn; bản này dừng, mọi việc dở dang đã xong.",
        "The tables were brought to a newer version; this program stops, what was begun is finished.",
    ),
    "serve.port_taken": (
        "Cổng {port} đang có chương trình dùng; có thể casemgr đang chạy rồi.",
        "Something uses port {port} already; casemgr may be running.",
    ),
    "serve.ended": ("Đã dừng, mọi việc dở dang đã xong.", "Stopped; what was begun is finished."),
    "worker.works": ("Đang làm việc nền.", "Working on jobs."),
    "worker.ended": ("Đã dừng làm việc nền.", "Stopped working on jobs."),
    "worker.done": ("Đã chạy {count} việc.", "{count} jobs were run."),
    "jobs.retry": ("Việc này sẽ chạy ngay.", "The job begins at once."),
    "jobs.cancel": (
        "Việc này đã dừng hoặc sẽ dừng ở bước kế tiếp.",
        "The job has stopped, or stops at its next step.",
    ),
    "db.now_at": ("Bảng dữ liệu đang ở bước {revision}.", "The tables are at step {revision}."),
    "db.current": (
        "Bảng dữ liệu: {current}. Phiên bản này cần: {head}.",
        "Tables: {current}. This version needs: {head}.",
    ),
    "user.invited": (
        "Tài khoản {name}. Mã mời (dùng một lần, trong 14 ngày): {code}",
        "Account {name}. Invitation code (works once, within 14 days): {code}",
    ),
    "user.waits": (
        "Tài khoản {name}: chờ người thứ hai duyệt. Nửa đầu của mã mời: {code}",
        "Account {name}: waits for a second person. First half of the code: {code}",
    ),
    "user.released": (
        "Đã duyệt tài khoản {name}. Nửa sau của mã mời, trao tận tay: {code}",
        "Account {name} is released. Second half of the code, to be handed over in person: {code}",
    ),
    "user.refused": (
        "Đã từ chối; tài khoản {name} giữ nguyên.",
        "Refused; account {name} stays as it is.",
    ),
    "user.disabled": ("Đã khóa tài khoản {name}.", "Account {name} is closed."),
    "account.invited": ("đã mời", "invited"),
    "account.active": ("đang dùng", "active"),
    "account.disabled": ("đã khóa", "closed"),
    "keys.provider": (
        "Cách giữ khóa: {name}. Khóa gốc hiện hành: {current}.",
        "Provider: {name}. Current root key: {current}.",
    ),
    "keys.added": ("Đã tạo khóa gốc {current}.", "Root key {current} was drawn."),
    "keys.moved": (
        "Đã bọc lại {count} khóa dữ liệu bằng khóa gốc {current}.",
        "{count} data keys are now wrapped under root key {current}.",
    ),
    "keys.restart": (
        "Khởi động lại máy chủ (casemgr serve) để dùng khóa gốc mới.",
        "Restart the server (casemgr serve), so that it uses the new root key.",
    ),
    "audit.empty": ("Nhật ký chưa có mục nào.", "The log has no entry yet."),
    "audit.signed": (
        "Đã ký {size} mục: {file}\nMã để chép vào sổ giấy: {code}\nKhóa kiểm tra: {verifier}",
        "Signed {size} entries: {file}\nCode for the paper register: {code}\nVerifier key: {verifier}",
    ),
    "audit.walked": (
        "Đã đọc {size} mục; {proven} mục đầu được {checkpoints} điểm ký chứng thực.",
        "Read {size} entries; the first {proven} are proven by {checkpoints} checkpoints.",
    ),
    "audit.cells": (
        "Đã so {cells} ô dữ liệu; {unproven} ô nhật ký không có dấu vết riêng.",
        "Compared {cells} cells; of {unproven} the log has no digest of their own.",
    ),
    "audit.whole": ("Nhật ký nguyên vẹn.", "The log is whole."),
    "audit.broken": ("Nhật ký KHÔNG nguyên vẹn.", "The log is NOT whole."),
    "fault.none": ("Không có lỗi.", "No fault."),
    "fault.broken_entry": ("Mục {seq} đã bị sửa.{place}", "Entry {seq} was changed.{place}"),
    "fault.fork_or_gap": (
        "Tại mục {seq} nhật ký bị rẽ nhánh, thiếu hoặc thừa mục.{place}",
        "At entry {seq} the log forks, or entries are missing or added.{place}",
    ),
    "fault.shorter": (
        "Nhật ký kết thúc trước mục {seq}, ngắn hơn một điểm đã ký.{place}",
        "The log ends before entry {seq}, shorter than a signed checkpoint.{place}",
    ),
    "fault.other_root": (
        "Đến mục {seq} nhật ký khác với điểm đã ký.{place}",
        "Up to entry {seq} the log differs from a signed checkpoint.{place}",
    ),
    "fault.bad_signature": (
        "Chữ ký của điểm {seq} sai.{place}",
        "The signature of checkpoint {seq} is bad.{place}",
    ),
    "fault.other_cell": (
        "Ô dữ liệu khác với lần ghi cuối (mục {seq}): {place}",
        "A cell differs from what was last written (entry {seq}): {place}",
    ),
    "backup.made": (
        "Đã sao lưu và mở ra kiểm tra: {file}\n{rows} dòng, {cells} ô mở thử, nhật ký {size} mục.",
        "Backed up and opened again: {file}\n{rows} rows, {cells} cells opened, {size} entries in the log.",
    ),
    "restore.done": (
        "Đã khôi phục {rows} dòng; xóa lại {erased} khóa theo sổ xóa.",
        "{rows} rows are back; {erased} keys were destroyed again by the erasure ledger.",
    ),
    "restore.no_ledger": (
        "Không thấy sổ xóa (erased-keys.txt): những gì đã xóa sau lần sao lưu này nay có lại. Hãy xóa lại.",
        "No erasure ledger (erased-keys.txt): what was erased after this backup is back. Erase it again.",
    ),
    "restore.upgrade": (
        "Bảng dữ liệu thuộc phiên bản khác: chạy `casemgr db upgrade`.",
        "The tables are of another version: run `casemgr db upgrade`.",
    ),
    "recover.done": (
        "Đã đặt mật khẩu khóa mới. Phiếu khôi phục vẫn dùng được.",
        "The new passphrase is set. The recovery kit stays valid.",
    ),
    "demo.making": ("Đang tạo bản dùng thử trong {directory} …", "Making the demonstration in {directory} …"),
    "demo.address": (
        "Bản dùng thử, DỮ LIỆU GIẢ ĐỊNH: {address}\n",
        "Demonstration, MADE-UP DATA: {address}\n",
    ),
    "demo.hint": (
        "\nMã một lần:       casemgr demo code TÊN\nLệnh khác:        casemgr --config {config} …",
        "\nOne-time code:    casemgr demo code NAME\nOther commands:   casemgr --config {config} …",
    ),
    "demo.serving": ("Đang phục vụ tại {address}. Ctrl-C để dừng.", "Serving at {address}. Ctrl-C stops it."),
    "demo.code_later": ("{code}  (dùng được từ {at})", "{code}  (works from {at} on)"),
    "role.case_worker": ("cán bộ ca", "case worker"),
    "role.supervisor": ("phụ trách ca", "case supervisor"),
    "role.leader": ("lãnh đạo", "leader"),
    "role.keeper": ("chủ nơi tạm lánh", "shelter keeper"),
    "role.recipient": ("đơn vị nhận chuyển gửi", "recipient unit"),
    "role.child_worker": ("cán bộ bảo vệ trẻ em", "child protection worker"),
    "role.programme_officer": ("cán bộ chương trình", "programme officer"),
    "role.hamlet_head": ("trưởng thôn", "hamlet head"),
    "role.report_officer": ("cán bộ báo cáo", "report officer"),
    "role.data_protection": ("bảo vệ dữ liệu", "data protection officer"),
    "role.administrator": ("quản trị", "administrator"),
    "statistics.merge": ("Nên gộp hoặc bỏ bớt: {names}", "Merge or leave out: {names}"),
    "statistics.changed": (
        "Hồ sơ của kỳ này đã thay đổi sau khi phát hành; số đã phát hành giữ nguyên.",
        "Records of these days changed after the release; the released figures stand.",
    ),
    "report.written": ("Đã ghi: {file}", "Written: {file}"),
}
