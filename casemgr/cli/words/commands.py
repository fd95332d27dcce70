"""Help of commands and options: key → Vietnamese, English."""

COMMANDS: dict[str, tuple[str, str]] = {
    "heading.usage": ("Cách dùng", "Usage"),
    "heading.options": ("Tùy chọn", "Options"),
    "heading.commands": ("Lệnh", "Commands"),
    "heading.arguments": ("Tham số", "Arguments"),
    "value.options": ("TÙY CHỌN", "OPTIONS"),
    "value.command": ("LỆNH", "COMMAND"),
    "value.args": ("THAM SỐ", "ARGS"),
    "value.integer_range": ("SỐ", "NUMBER"),
    "value.directory": ("THƯ MỤC", "FOLDER"),
    "value.file": ("TỆP", "FILE"),
    "value.user": ("TÊN", "USER"),
    "value.text": ("CHỮ", "TEXT"),
    "value.revision": ("BƯỚC", "REVISION"),
    "value.sign_in_name": ("TÊN_ĐĂNG_NHẬP", "SIGN_IN_NAME"),
    "value.role": ("VAI_TRÒ", "ROLE"),
    "value.code": ("MÃ", "CODE"),
    "value.name": ("TÊN", "NAME"),
    "help.required": ("bắt buộc", "required"),
    "help.help": ("Hiện trợ giúp này.", "Show this help."),
    "help.version": ("Hiện phiên bản.", "Show the version."),
    "help.casemgr": (
        "Quản lý ca bảo mật cho công tác phòng, chống bạo lực trên cơ sở giới ở xã, phường.",
        "Confidential case management for the response to gender-based violence in communes.",
    ),
    "help.exit_codes": (
        (
            "\b\nMã kết thúc:\n"
            "  0  xong, không có lỗi\n"
            "  1  đã kiểm tra và thấy có vấn đề (riêng audit verify: 1–6, xem trợ giúp của lệnh)\n"
            "  2  gõ lệnh sai hoặc thiết lập sai\n"
            "  3  bị từ chối: không có quyền, sai mật khẩu, đã có sẵn, người dùng dừng lại\n"
            "  4  lúc này chưa làm được: khóa chưa mở, cơ sở dữ liệu không trả lời, lỗi hệ thống"
        ),
        (
            "\b\nExit codes:\n"
            "  0  done, nothing wrong\n"
            "  1  looked and found problems (audit verify: 1–6, see its help)\n"
            "  2  mistyped command or wrong settings\n"
            "  3  refused: no right to it, wrong password, exists already, stopped by the user\n"
            "  4  not possible now: keys locked, database does not answer, error of the system"
        ),
    ),
    "help.config_file": (
        "Tệp thiết lập (thay cho biến CASEMGR_CONFIG).",
        "File of settings (in place of the variable CASEMGR_CONFIG).",
    ),
    "help.json": ("In một dòng JSON cho chương trình khác đọc.", "Print one line of JSON for programs."),
    "help.yes": ("Không hỏi lại.", "Do not ask."),
    "help.as": (
        "Tên đăng nhập của người thực hiện; hỏi mật khẩu và mã, hoặc đọc CASEMGR_PASSWORD và CASEMGR_CODE.",
        "Sign-in name of who acts; asks for password and code, or reads CASEMGR_PASSWORD and CASEMGR_CODE.",
    ),
    "help.config": ("Xem và kiểm tra thiết lập.", "Show and check the settings."),
    "help.config.check": (
        "Nêu mọi thiết lập thiếu hoặc sai cùng một lúc.",
        "Name every missing or wrong setting at once.",
    ),
    "help.init": (
        "Cài đặt lần đầu: khóa, bảng dữ liệu, danh mục, đơn vị và người quản trị đầu tiên.",
        "First set-up: keys, tables, code lists, the first unit and its administrator.",
    ),
    "help.init.commune": ("Mã hoặc tên xã, phường, đặc khu.", "Code or name of the commune."),
    "help.init.unit_name": ("Tên đơn vị đầu tiên.", "Name of the first unit."),
    "help.init.admin": ("Tên đăng nhập của người quản trị.", "Sign-in name of the administrator."),
    "help.init.admin_name": ("Họ tên người quản trị.", "Full name of the administrator."),
    "help.init.generate": ("Tạo sẵn cụm mật khẩu khóa.", "Draw the passphrase instead of asking for one."),
    "help.init.kit": (
        "Ghi trang khôi phục (PDF) vào tệp này để in; in xong phải xóa tệp.",
        "Write the recovery page (PDF) to this file for printing; remove the file afterwards.",
    ),
    "help.serve": ("Chạy máy chủ trang web.", "Serve the pages."),
    "help.serve.port": ("Cổng, thay cho thiết lập.", "Port, in place of the setting."),
    "help.serve.worker": (
        "Chạy kèm (hoặc không) tiến trình làm việc nền; mặc định: kèm, nếu dùng SQLite.",
        "Run a worker beside it, or none; by default one with SQLite.",
    ),
    "help.worker": (
        "Làm các việc nền: dọn dẹp, hạn chót, sao lưu, lập bảng và báo cáo.",
        "Work on jobs: tidying, deadlines, backups, tables and reports.",
    ),
    "help.worker.once": ("Làm hết việc đến hạn rồi dừng.", "Do what is due and end."),
    "help.jobs": ("Xem và điều khiển hàng đợi việc nền.", "Show and steer the queue of jobs."),
    "help.jobs.list": (
        "Liệt kê việc đang làm, đang chờ và đã kết thúc; không nêu người và nội dung.",
        "List what runs, waits and has ended; without who and what about.",
    ),
    "help.jobs.retry": ("Cho một việc chạy lại ngay.", "Begin a job anew at once."),
    "help.jobs.cancel": ("Dừng một việc.", "Stop a job."),
    "help.serve.address": ("Địa chỉ, thay cho thiết lập.", "Address, in place of the setting."),
    "help.serve.tls": (
        "Mã hóa trên mạng nội bộ bằng chứng thư riêng; in dấu vân tay để so trên điện thoại.",
        "Speak TLS on the local network with a certificate of its own; print its fingerprint to compare.",
    ),
    "help.serve.wait": (
        "Bảng dữ liệu còn cũ thì đợi người khác nâng cấp, không từ chối.",
        "Wait while the tables are older, instead of refusing.",
    ),
    "help.serve.open": ("Mở trình duyệt.", "Open the browser."),
    "help.close": (
        (
            "Đóng bản cài này để chuyển sang máy khác: sao lưu lần cuối vào thư mục, rồi ở đây không làm "
            "gì được nữa. Mở lại chỉ bằng phiếu khôi phục (casemgr recover)."
        ),
        (
            "Close this installation to move it to another machine: a last backup into a folder, then "
            "nothing can be done here. Only the recovery kit opens it again (casemgr recover)."
        ),
    ),
    "ask.close": (
        "Đóng bản cài này? Phải có phiếu khôi phục trong tay.",
        "Close this installation? Have the recovery kit at hand.",
    ),
    "help.transfer.gone": (
        "Máy cũ đã mất hẳn, không đóng được nữa.",
        "The old machine is gone for good and cannot be closed any more.",
    ),
    "help.transfer": (
        (
            "Chuyển một bản cài trên máy riêng lên máy chủ, từ bản sao lưu của nó: khóa gốc mới, so từng "
            "bảng. Nơi đến phải trống (chưa init). Dừng giữa chừng thì chạy lại."
        ),
        (
            "Move a laptop's installation to a server, from a backup of it: under new root keys, every "
            "table compared. The target must be empty (no init). When it was stopped, run it again."
        ),
    ),
    "help.transfer.key_file": (
        "Tệp khóa không mật khẩu của bản dùng thử.",
        "Key file without a passphrase, of a demonstration.",
    ),
    "help.db.lose_data": (
        "Chấp nhận mất dữ liệu của các bước bị bỏ; hãy sao lưu trước.",
        "Accept that data of the steps is lost; make a backup first.",
    ),
    "help.db.notes": ("Cho biết từng bước mang lại gì.", "Say what each step brings."),
    "help.db.notes.since": (
        "Từ sau bước này (mặc định: bước hiện tại).",
        "After this step (now unless told).",
    ),
    "help.profile": (
        "In các tệp cho máy chủ: systemd (dịch vụ, thiết lập) hoặc nginx (proxy TLS).",
        "Print the files for a server: systemd (services, settings) or nginx (TLS proxy).",
    ),
    "help.profile.host": ("Tên máy mà trình duyệt gõ.", "Host name that browsers type."),
    "help.profile.processes": ("Số tiến trình (mặc định 2).", "How many processes (2 unless told)."),
    "help.profile.directory": ("Thư mục của casemgr.", "Folder of casemgr."),
    "help.profile.certificate": ("Tệp chứng thư TLS.", "File of the TLS certificate."),
    "help.profile.key": ("Tệp khóa của chứng thư.", "File of its key."),
    "help.profile.backups": (
        "Thư mục cho bản sao lưu hằng ngày, ở ổ đĩa khác hoặc máy khác.",
        "Folder for the daily backup, on another disk or share.",
    ),
    "help.profile.into": (
        "Ghi vào thư mục này thay vì in ra.",
        "Write them into this folder instead of printing them.",
    ),
    "help.shortcut": (
        "Ghi tệp để mở casemgr bằng nhấp đúp (Windows) hoặc từ danh mục ứng dụng (Linux).",
        "Write what starts casemgr by a double click (Windows) or from the menu (Linux).",
    ),
    "help.shortcut.into": ("Ghi vào thư mục này.", "Write it into this folder."),
    "help.shortcut.windows": ("Cho Windows hay cho Linux (mặc định: máy này).", "For which system."),
    "help.db": ("Nâng cấp, lùi hoặc xem bảng dữ liệu.", "Upgrade, undo or show the tables."),
    "help.db.upgrade": (
        "Đưa bảng dữ liệu và danh mục lên phiên bản này.",
        "Bring tables and code lists to this version.",
    ),
    "help.db.downgrade": (
        "Lùi bảng dữ liệu về một bước trước; có thể mất dữ liệu.",
        "Take the tables back to an earlier step; data may be lost.",
    ),
    "help.db.current": ("Xem bảng dữ liệu đang ở bước nào.", "Show which step the tables are at."),
    "help.user": ("Thêm, liệt kê, khóa, cấp lại tài khoản.", "Add, list, close and reset accounts."),
    "help.user.add": (
        "Thêm tài khoản và in mã mời, chỉ một lần.",
        "Add an account and print its invitation code, once.",
    ),
    "help.user.name": ("Họ tên.", "Full name."),
    "help.user.unit": ("Tên đúng hoặc mã số của đơn vị.", "Exact name or id of the unit."),
    "help.user.role": (
        (
            "Vai trò, dùng nhiều lần cho nhiều vai trò: case_worker, supervisor, leader, keeper, recipient, "
            "child_worker, programme_officer, hamlet_head, report_officer, data_protection, administrator."
        ),
        (
            "Role, repeated for several: case_worker, supervisor, leader, keeper, recipient, "
            "child_worker, programme_officer, hamlet_head, report_officer, data_protection, administrator."
        ),
    ),
    "help.user.list": ("Liệt kê tài khoản.", "List accounts."),
    "help.user.disable": (
        "Khóa tài khoản; mọi phiên kết thúc ngay.",
        "Close an account; its sessions end at once.",
    ),
    "help.user.reset": (
        "Hủy mật khẩu và mã, in mã mời mới; tài khoản liên quan hồ sơ chờ người thứ hai duyệt.",
        "Void password and codes of an account; one that has to do with cases waits for a second person.",
    ),
    "help.user.release": (
        "Người thứ hai duyệt điều quản trị xin cho một tài khoản.",
        "Release, as the second person, what an administrator asked for about an account.",
    ),
    "help.user.refuse": ("Từ chối thay vì duyệt.", "Refuse instead."),
    "help.user.emergency": (
        "Không còn quản trị nào đăng nhập được: ai giữ mật khẩu khóa thì làm được; có ghi nhật ký.",
        "No administrator can sign in: whoever holds the passphrase may do it; it is on record.",
    ),
    "help.keys": ("Xem khóa và bọc lại khóa.", "Show keys and wrap them anew."),
    "help.keys.status": (
        "Đếm khóa dữ liệu theo loại, trạng thái và khóa gốc.",
        "Count data keys by purpose, state and root key.",
    ),
    "help.keys.rewrap": (
        "Bọc lại mọi khóa dữ liệu bằng khóa gốc hiện hành; dừng giữa chừng rồi chạy tiếp được.",
        "Wrap all data keys under the current root key; may be stopped and run again.",
    ),
    "help.keys.new": ("Tạo khóa gốc mới trước.", "Draw a new root key first."),
    "help.audit": ("Kiểm tra và ký nhật ký truy cập.", "Check and sign the audit log."),
    "help.audit.verify": (
        "Kiểm tra từng mục, từng mắt xích, từng chữ ký của nhật ký.",
        "Check every entry, link and signature of the log.",
    ),
    "help.audit.exit_codes": (
        (
            "\b\nMã kết thúc: 0 nguyên vẹn; 1 có mục bị sửa; 2 rẽ nhánh hoặc thiếu mục;\n"
            "3 ngắn hơn một điểm đã ký; 4 khác với điểm đã ký; 5 chữ ký sai; 6 ô dữ liệu khác lần ghi cuối."
        ),
        (
            "\b\nExit codes: 0 whole; 1 an entry was changed; 2 fork or gap;\n"
            "3 shorter than a signed checkpoint; 4 other root than signed; 5 bad signature; 6 a cell differs."
        ),
    ),
    "help.audit.from": ("Chỉ tính lại từ mục số này.", "Hash anew only from this entry on."),
    "help.audit.checkpoints": (
        "Thư mục các điểm đã ký giữ ở nơi khác.",
        "Folder of signed checkpoints that were kept elsewhere.",
    ),
    "help.audit.deep": (
        "So cả từng ô dữ liệu đã niêm phong với lần ghi cuối.",
        "Compare every sealed cell with what was last written.",
    ),
    "help.audit.checkpoint": (
        "Ký nhật ký và đặt vào một thư mục giữ ở nơi khác.",
        "Sign the log and lay the note into a folder that is kept elsewhere.",
    ),
    "help.backup": (
        "Sao lưu có mã hóa khi đang làm việc, rồi mở ra kiểm tra.",
        "Write an encrypted backup while people work, then open and check it.",
    ),
    "help.restore": (
        "Khôi phục từ bản sao lưu vào nơi chưa có dữ liệu.",
        "Bring a backup back into an installation without data.",
    ),
    "help.restore.kit": (
        "Mở bằng phiếu khôi phục và đặt mật khẩu khóa mới.",
        "Open with the recovery kit and set a new passphrase.",
    ),
    "help.restore.key_file": ("Tệp khóa trần của bản dùng thử.", "Plain key file of a demonstration."),
    "help.restore.accept": (
        "Vẫn khôi phục dù nhật ký trong bản sao lưu bị hỏng.",
        "Restore although the log in the backup is broken.",
    ),
    "help.recover": (
        "Quên mật khẩu khóa: đặt mật khẩu mới bằng phiếu khôi phục.",
        "Forgotten passphrase: set a new one with the recovery kit.",
    ),
    "help.doctor": (
        "Khám toàn bộ: thiết lập, tệp, khóa, bảng dữ liệu, đồng hồ, ổ đĩa, nhật ký, sao lưu.",
        "Look at everything: settings, files, keys, tables, clock, disk, log, backups.",
    ),
    "help.demo": (
        "Dùng thử với dữ liệu giả định; chạy lần đầu sẽ tự tạo.",
        "Try it with made-up data; the first run sets it up.",
    ),
    "help.demo.dir": ("Thư mục của bản dùng thử.", "Folder of the demonstration."),
    "help.demo.port": (
        "Cổng; nếu bận thì lấy cổng trống kế tiếp.",
        "Port; the next free one when it is taken.",
    ),
    "help.demo.no_serve": ("Chỉ tạo, không chạy máy chủ.", "Only set it up, do not serve."),
    "help.demo.reset": ("Xóa bản dùng thử cũ và tạo lại.", "Remove the old demonstration and make it anew."),
    "help.demo.code": (
        "In mã một lần kế tiếp chưa dùng của một tài khoản dùng thử.",
        "Print the next unused one-time code of an account of the demonstration.",
    ),
    "value.day": ("NGÀY", "DAY"),
    "value.table": ("BẢNG", "TABLE"),
    "help.statistics": (
        "Bảng số liệu đã kiểm soát để không ai bị nhận ra.",
        "Tables, checked so that nobody can be recognised.",
    ),
    "help.statistics.tables": ("Liệt kê các bảng có thể lập.", "List the tables that can be made."),
    "help.statistics.make": (
        "Lập và phát hành một bảng; bảng đã phát hành thì in lại đúng như trước.",
        "Make and release a table; one that was released before is given as it was.",
    ),
    "help.from": ("Ngày đầu (yyyy-mm-dd).", "First day (yyyy-mm-dd)."),
    "help.to": ("Ngày cuối (yyyy-mm-dd).", "Last day (yyyy-mm-dd)."),
    "help.unit": (
        "Mã xã, phường của đơn vị, hoặc mã hay tên đúng của đơn vị.",
        "Official code of the unit's commune, or the id or exact name of the unit.",
    ),
    "help.tier": (
        "T1: hạn chế, gửi cấp trên; T2: công khai.",
        "T1: restricted, for superior agencies; T2: public.",
    ),
    "help.report": ("Báo cáo định kỳ.", "Periodic reports."),
    "help.report.make": (
        "Lập báo cáo của một kỳ và ghi ra tệp PDF, Word, CSV.",
        "Make the report of a period and write it as PDF, Word and CSV.",
    ),
    "help.report.output": ("Thư mục để ghi tệp.", "Folder for the files."),
}
