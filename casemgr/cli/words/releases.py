"""Release notes: what each step of the tables brings to people: key → Vietnamese, English."""

RELEASES: dict[str, tuple[str, str]] = {
    "release.0001": ("Bản đầu tiên.", "The first version."),
    "release.0002": (
        "Việc trên tài khoản của người khác (mời, đặt lại, vai trò) chờ người thứ hai đồng ý.",
        "Acts on somebody's account (invitation, reset, roles) wait for a second person.",
    ),
    "release.0003": (
        "Hàng đợi việc nền: nhắc hạn, báo cáo, nhập, sao lưu; trên máy chủ cần `casemgr worker`.",
        "A queue for work behind the pages: reminders, reports, backups; a server needs `casemgr worker`.",
    ),
    "release.0004": (
        "Chuyển gửi có thêm bước đã mở, đã chuyển tiếp và đang phục vụ.",
        "Referrals show that they were opened, passed on, and that the service has begun.",
    ),
    "release.0005": (
        "Trang nhanh hơn khi dữ liệu lớn lên; không đổi nội dung.",
        "Pages stay fast while data grows; nothing else changes.",
    ),
    "release.0006": (
        "Địa chỉ tin cậy có thể sắp đóng, đã đóng, hoặc bị lộ.",
        "A trusted address can be closing, closed, or known to somebody dangerous.",
    ),
    "release.0007": (
        "Bỏ lệnh cấm vì xung đột lợi ích cần hai người.",
        "Lifting a bar for a conflict of interest takes two people.",
    ),
    "release.0008": (
        "Lượt ở tại địa chỉ tin cậy: ai đến, đã cấp gì, ở thêm, bàn giao, sự cố an toàn.",
        "Stays at trusted addresses: who came, what was given, extensions, handover, safety incidents.",
    ),
    "release.0009": (
        "Thư chuyển gửi và tệp mã hóa cho đơn vị không có tài khoản.",
        "Referral letters and encrypted files for partners without an account.",
    ),
    "release.0010": (
        "Danh bạ đơn vị và dịch vụ, sổ trực, nghỉ và người trực thay, ngày gọi thử các số.",
        "Directory of units and services, rota, leave and who stands in, days on which numbers answered.",
    ),
    "release.0011": (
        "Họp ca giữa các đơn vị: mời, trả lời, biên bản và việc của từng đơn vị, theo đồng ý.",
        "Case conferences of units: invitation, answers, minutes and tasks of each unit, by consent.",
    ),
    "release.0012": (
        "Số liệu đã phát hành tải về được dạng JSON, gói ZIP có bản kê, và tệp cho DHIS2.",
        "Released figures as JSON, as a ZIP file with a manifest, and as a file for DHIS2.",
    ),
    "release.0013": (
        "Mỗi người tự ghi ngày nghỉ của mình; người giám sát và chính người đó thấy ai đã ghi.",
        "Everybody enters the own leave; the supervisor and the one who is away see who entered it.",
    ),
    "release.0014": (
        "Nhập danh sách vụ việc ngay trên trang; tệp đã gửi được niêm phong, rồi hủy khi nhập xong.",
        "Line lists come in through the page; the file that was sent is sealed, and destroyed once it is in.",
    ),
}
