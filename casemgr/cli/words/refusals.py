"""Why a command does not do what was asked, and what to do: key → Vietnamese, English."""

REFUSALS: dict[str, tuple[str, str]] = {
    "stopped": ("Đã dừng, không thay đổi gì.", "Stopped, nothing was changed."),
    "usage.no_such_command": (
        "Không có lệnh “{name}”. Xem: casemgr --help",
        "There is no command “{name}”. See: casemgr --help",
    ),
    "usage.no_such_option": (
        "Lệnh này không có tùy chọn {name}. Xem thêm với --help.",
        "This command has no option {name}. See --help.",
    ),
    "usage.missing": ("Thiếu {name}. Xem thêm với --help.", "{name} is missing. See --help."),
    "usage.bad_value": (
        "Giá trị của {name} không dùng được. Xem thêm với --help.",
        "The value of {name} is not usable. See --help.",
    ),
    "usage.file": ("Không mở được tệp {name}.", "The file {name} cannot be opened."),
    "usage.other": ("Gõ lệnh chưa đúng. Xem thêm với --help.", "The command is mistyped. See --help."),
    "system_error": ("Lỗi hệ thống: {error} ({file}).", "Error of the system: {error} ({file})."),
    "unreachable": (
        "Cơ sở dữ liệu không trả lời. Kiểm tra CASEMGR_DATABASE_URL.",
        "The database does not answer. Check CASEMGR_DATABASE_URL.",
    ),
    "not_found": (
        "Không tìm thấy, hoặc anh chị không được biết là có.",
        "Not found, or not yours to know of.",
    ),
    "forbidden": (
        "Vai trò của tài khoản này không có quyền đó.",
        "The roles of this account do not include that.",
    ),
    "seal_error": (
        "Không mở được: sai mật khẩu khóa, hoặc tệp bị hỏng hay thuộc hệ thống khác.",
        "It does not open: wrong passphrase, or the file is damaged or of another system.",
    ),
    "locked": (
        "Chưa có khóa ở đây: chạy `casemgr init`, hoặc `casemgr restore` từ bản sao lưu.",
        "There are no keys here: run `casemgr init`, or `casemgr restore` from a backup.",
    ),
    "refused.other": ("Bị từ chối ({name}).", "Refused ({name})."),
    "refused.address_open": (
        (
            "Địa chỉ này máy khác vào được, mà không có TLS thì mật khẩu và hồ sơ đi qua mạng không mã hóa. "
            "Chọn một cách: chỉ dùng trên máy này (127.0.0.1); hoặc casemgr serve --tls với chứng thư riêng; "
            "hoặc proxy TLS đứng trước và CASEMGR_PROXY_HOPS cho biết có mấy proxy."
        ),
        (
            "Other machines reach this address, and without TLS passwords and files would cross the network "
            "in the clear. Choose: this machine only (127.0.0.1); or casemgr serve --tls with a certificate "
            "of its own; or a TLS proxy in front, with CASEMGR_PROXY_HOPS saying how many proxies there are."
        ),
    ),
    "refused.already_set_up": (
        "Ở đây đã có khóa: đã cài đặt rồi, không làm lại.",
        "There are keys here: it is set up already and is not done again.",
    ),
    "refused.database_exists": (
        "Cơ sở dữ liệu này đã có dữ liệu; không ghi đè.",
        "This database holds data; it is not overwritten.",
    ),
    "refused.database_not_set_up": (
        "Cơ sở dữ liệu chưa được tạo: chạy `casemgr init`.",
        "The database was never set up: run `casemgr init`.",
    ),
    "refused.database_not_current": (
        "Bảng dữ liệu thuộc phiên bản khác: sao lưu rồi chạy `casemgr db upgrade`.",
        "The tables are of another version: make a backup, then run `casemgr db upgrade`.",
    ),
    "refused.profile_exists": (
        "Ở đó đã có tệp cùng tên; không ghi đè.",
        "There are files of that name already; they are not overwritten.",
    ),
    "refused.transfer_other_version": (
        "Bản sao lưu thuộc phiên bản khác: nâng cấp máy cũ (casemgr db upgrade), sao lưu lại rồi chuyển.",
        "The backup is of another version: upgrade the old machine (casemgr db upgrade) and back it up anew.",
    ),
    "refused.moved_away": (
        (
            "Bản cài này đã đóng để chuyển sang máy khác: ở đây không làm gì nữa, hãy làm việc trên máy mới. "
            "Chỉ khi hủy việc chuyển và máy mới chưa nhập gì: casemgr recover với phiếu khôi phục sẽ mở lại."
        ),
        (
            "This installation was closed to be moved to another machine: nothing is done here any more, "
            "work on the new one. Only if the move is undone, and nothing was entered on the new machine: "
            "casemgr recover with the recovery kit opens this one again."
        ),
    ),
    "refused.close_still_working": (
        "Còn chương trình đang chạy ở đây. Dừng casemgr serve và worker (hoặc đợi hai phút) rồi chạy lại.",
        "Something still works here. Stop casemgr serve and worker (or wait two minutes), then run it again.",
    ),
    "refused.backup_closed": (
        (
            "Đây là bản sao lưu cuối của máy đã đóng để chuyển: chỉ dùng được với casemgr transfer trên máy "
            "mới. Nếu không chuyển nữa: trên máy cũ, casemgr recover với bộ khôi phục."
        ),
        (
            "This is the last backup of a machine that was closed to be moved: only casemgr transfer on the "
            "new machine takes it. If the move is undone: casemgr recover on the old one with the kit."
        ),
    ),
    "refused.transfer_still_open": (
        (
            "Bản sao lưu này lấy khi máy cũ còn làm việc. Trên máy cũ: casemgr close USB, rồi chuyển tệp đó. "
            "Nếu máy cũ đã mất hẳn: thêm --old-is-gone."
        ),
        (
            "This backup was made while the old machine was still at work. On the old machine: casemgr close "
            "STICK, then transfer that file. If the old machine is gone for good: add --old-is-gone."
        ),
    ),
    "refused.transfer_differs": (
        "Dữ liệu đến nơi không giống bản sao lưu; không giữ lại gì. Hãy chạy lại.",
        "What arrived is not what the backup holds; nothing of it was kept. Run it again.",
    ),
    "refused.transfer_keys_left": (
        "Có khóa dữ liệu không chuyển được sang khóa gốc mới; không thay đổi gì.",
        "Some data keys cannot be put under the new root key; nothing was changed.",
    ),
    "refused.transfer_plain_keys": (
        "Khóa không mật khẩu chỉ dành cho dữ liệu giả định (CASEMGR_SYNTHETIC).",
        "Keys without a passphrase are for made-up data alone (CASEMGR_SYNTHETIC).",
    ),
    "refused.data_would_be_lost": (
        "Không lùi: những nơi trên đang có dữ liệu. Chấp nhận mất chúng: sao lưu, rồi thêm --lose-data.",
        "Not taken back: the places above hold data. To lose them: make a backup, then add --lose-data.",
    ),
    "refused.older_tables_too_narrow": (
        "Không lùi: có dữ liệu mà bảng cũ không chứa được. Muốn trở lại, hãy phục hồi bản sao lưu cũ.",
        "Not taken back: the older tables cannot hold some of the data. Restore the older backup instead.",
    ),
    "refused.shortcut_hosted": (
        "Chỉ dành cho máy dùng riêng (SQLite); máy chủ thì dùng `casemgr profile systemd`.",
        "For one laptop (SQLite) alone; a server takes `casemgr profile systemd`.",
    ),
    "refused.database_newer": (
        "Bảng dữ liệu thuộc phiên bản mới hơn: bản này không ghi gì nữa. Hãy dùng phiên bản mới.",
        "The tables are of a newer version: this one writes nothing any more. Use the newer program.",
    ),
    "refused.unknown_step": (
        "Phiên bản này không biết bước đó; có thể bảng dữ liệu thuộc phiên bản mới hơn.",
        "This version does not know that step; the tables may be of a newer version.",
    ),
    "refused.key_file_exists": (
        "Tệp khóa đã có; không ghi đè.",
        "The key file exists; it is not overwritten.",
    ),
    "refused.key_file_open_to_others": (
        "Người khác trên máy này đọc được tệp khóa. Chạy: chmod go= TỆP",
        "Others on this machine can read the key file. Run: chmod go= FILE",
    ),
    "refused.kit_beside_keys": (
        "Đừng để trang khôi phục cạnh tệp khóa. Chọn nơi khác, ví dụ USB.",
        "Do not put the recovery page beside the key file. Choose another place, such as a stick.",
    ),
    "refused.kit_page_exists": ("Tệp cho trang khôi phục đã có.", "The file for the recovery page exists."),
    "refused.kit_wrong": ("Mã khôi phục gõ sai ba lần.", "The recovery key was mistyped three times."),
    "refused.passphrases_differ": (
        "Hai lần gõ không giống nhau; không thay đổi gì.",
        "The two were not the same; nothing was changed.",
    ),
    "refused.passphrase_too_short": (
        "Mật khẩu khóa quá ngắn: ít nhất 15 ký tự.",
        "The passphrase is too short: at least 15 signs.",
    ),
    "refused.passphrase_too_common": (
        "Mật khẩu khóa dễ đoán. Chọn một câu khác, hoặc dùng --generate.",
        "The passphrase is easy to guess. Choose another sentence, or use --generate.",
    ),
    "refused.no_passphrase_here": (
        "Bản cài đặt này không dùng mật khẩu khóa.",
        "This installation has no passphrase.",
    ),
    "refused.acting_needed": (
        "Cần --as TÊN của một quản trị; nếu không ai đăng nhập được nữa thì --emergency.",
        "--as NAME of an administrator is needed; when nobody can sign in any more, --emergency.",
    ),
    "refused.sign_in_wrong": (
        "Tên, mật khẩu hoặc mã không đúng.",
        "The name, the password or the code is wrong.",
    ),
    "refused.sign_in_slowed": (
        "Sai nhiều lần: chờ một phút rồi thử lại.",
        "Too many wrong tries: wait a minute, then try again.",
    ),
    "refused.not_enrolled": (
        "Tài khoản này chưa đăng nhập lần đầu trên trang web.",
        "This account has not finished its first sign-in on the pages.",
    ),
    "refused.too_busy": ("Máy đang bận, thử lại sau.", "The machine is busy, try again later."),
    "refused.second_person": (
        "Có người duyệt được việc này: nhờ người đó xem.",
        "There is somebody who can release this: ask them to look at it.",
    ),
    "refused.still_waiting": (
        "Chưa hết ba ngày chờ.",
        "The waiting time of three days is not over yet.",
    ),
    "refused.own_account": (
        "Không ai tự khóa hoặc cấp lại tài khoản của chính mình.",
        "Nobody closes or resets their own account.",
    ),
    "refused.no_demo_here": (
        "Chưa có bản dùng thử ở đây: chạy `casemgr demo`.",
        "There is no demonstration here yet: run `casemgr demo`.",
    ),
    "refused.not_a_demo": (
        "Thư mục này có thứ khác, không phải bản dùng thử; không xóa gì.",
        "This folder holds something else than a demonstration; nothing was removed.",
    ),
    "refused.no_free_port": ("Không còn cổng trống.", "There is no free port."),
    "refused.backup_unreadable": (
        "Tệp này không phải bản sao lưu nguyên vẹn, hoặc thuộc hệ thống khác.",
        "This file is not a whole backup, or it is of another system.",
    ),
    "refused.backup_counts_differ": (
        "Bản sao lưu thiếu hoặc thừa dòng dữ liệu.",
        "The backup holds fewer or more rows than were counted.",
    ),
    "refused.backup_cells_closed": (
        "Có ô dữ liệu trong bản sao lưu không mở được.",
        "Some cells in the backup do not open.",
    ),
    "refused.backup_log_broken": (
        "Nhật ký trong bản sao lưu không nguyên vẹn. Thử bản khác, hoặc dùng --accept-broken-log.",
        "The log in the backup is not whole. Try another one, or use --accept-broken-log.",
    ),
    "refused.backup_keys_needed": (
        "Bản sao lưu này không mang theo khóa: thêm --key-file.",
        "This backup does not carry its keys: add --key-file.",
    ),
    "conflict.other": ("{name}: giá trị không phù hợp.", "{name}: the value does not fit."),
    "conflict.sign_in_name.taken": ("Tên đăng nhập đã có người dùng.", "The sign-in name is taken."),
    "conflict.sign_in_name.characters": (
        "Tên đăng nhập: 2–40 chữ không dấu, số, dấu chấm, gạch nối.",
        "A sign-in name has 2–40 letters without marks, digits, dots, hyphens.",
    ),
    "conflict.commune_code.unknown": ("Không có xã, phường nào như vậy.", "There is no such commune."),
    "conflict.commune_code.several": (
        "Có nhiều nơi trùng tên; hãy dùng mã ở trên.",
        "Several communes fit; use one of the codes above.",
    ),
    "conflict.unit.unknown": ("Không có đơn vị nào tên như vậy.", "There is no such unit."),
    "conflict.unit.several": (
        "Có nhiều đơn vị trùng tên; hãy dùng mã số của đơn vị.",
        "Several units have that name; use the id.",
    ),
    "state.ordered_again": (
        "Việc này đã được yêu cầu lại và đang chờ.",
        "The same was ordered again and waits already.",
    ),
    "refused.job_recurs": (
        "Việc định kỳ không hủy được; việc đang chạy có thể dừng.",
        "What recurs cannot be cancelled; what runs can be stopped.",
    ),
    "state.other": (
        "Trạng thái hiện tại ({name}) không cho phép.",
        "The present state ({name}) does not allow it.",
    ),
    "refused.would_disclose": (
        "Có thể nhận ra một người trong bảng này, nên bảng chưa được phát hành.",
        "Somebody could be recognised in this table, so it was not released.",
    ),
    "refused.period_not_over": (
        "Kỳ phải kết thúc rồi mới phát hành được số liệu.",
        "The period must be over before its figures can be released.",
    ),
    "refused.period_unreadable": (
        "Không đọc được ngày, hoặc ngày cuối trước ngày đầu. Ví dụ: 2026-06-30",
        "The days cannot be read, or the last lies before the first. For example: 2026-06-30",
    ),
    "refused.period_not_fixed": (
        "Hãy chọn trọn quý, nửa năm hoặc năm; bảng hạn chế chỉ lập cho nửa năm hoặc một năm.",
        "Choose whole quarters, half-years or years; a restricted table covers a half-year or a year.",
    ),
    "refused.yearly_only": (
        "Số liệu theo thôn chỉ lập mỗi năm một lần: hãy chọn trọn một năm.",
        "Figures of hamlets are made once a year: choose a whole year.",
    ),
    "refused.other_calendar": (
        "Những ngày này đã có bảng hạn chế theo lịch khác; hãy chọn kỳ theo lịch đó.",
        "Restricted tables of these days follow the other calendar; choose its periods.",
    ),
    "refused.ledger_broken": (
        "Sổ phát hành không còn nguyên vẹn; chưa phát hành gì thêm. Báo người phụ trách bảo vệ dữ liệu.",
        "The release ledger is not whole any more; nothing was released. Tell the data-protection officer.",
    ),
    "refused.addressees_missing": (
        "Báo cáo hạn chế phải ghi rõ nơi gửi trước khi duyệt.",
        "A restricted report names whom it is addressed to before it is approved.",
    ),
}
