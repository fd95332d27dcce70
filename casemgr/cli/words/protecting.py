"""What `casemgr statistics protect` says: key → Vietnamese, English."""

PROTECTING: dict[str, tuple[str, str]] = {
    "help.statistics.protect": (
        "Bảo vệ một tệp số đếm bất kỳ: ẩn ít ô nhất để không ai bị nhận ra, có kiểm chứng.",
        "Protect any file of counts: hide the fewest cells so that nobody is recognised, and prove it.",
    ),
    "help.protect.spec": ("Tệp JSON: các chiều, các bảng, ngưỡng.", "JSON: dimensions, tables, threshold."),
    "help.protect.input": ("Tệp CSV số đếm theo mã chi tiết nhất.", "CSV of counts by finest codes."),
    "help.protect.output": ("Tệp CSV đã bảo vệ để đưa ra ngoài.", "Protected CSV, which may leave."),
    "help.protect.explain": (
        "Tệp CSV giải thích từng ô; chỉ dùng nội bộ.",
        "CSV with a reason for each cell; it must not leave.",
    ),
    "help.protect.prior": (
        "Tệp đã bảo vệ và đưa ra trước đây; dùng được nhiều lần.",
        "A protected file that is out already; may be given several times.",
    ),
    "help.protect.time": ("Thời gian tối đa, giây.", "Longest time, in seconds."),
    "value.seconds": ("GIÂY", "SECONDS"),
    "protect.refused": (
        "Không thể bảo vệ các bảng này. Hãy gộp bớt mã của: {names}. ({why})",
        "These tables cannot be protected. Collapse codes of: {names}. ({why})",
    ),
    "protect.coarse": (
        "Hết thời gian: mọi ô đều bị ẩn. Hãy gộp bớt mã hoặc cho thêm thời gian.",
        "Time ran out: every cell is hidden. Collapse codes or allow more time.",
    ),
    "protect.bad": ("{file}, dòng {line}:", "{file}, line {line}:"),
    "protect.bad.not_json": ("không phải JSON đúng.", "not valid JSON."),
    "protect.bad.not_object": ("phải là một đối tượng JSON.", "must be a JSON object."),
    "protect.bad.missing_key": ("thiếu “{name}”.", "“{name}” is missing."),
    "protect.bad.unknown_key": ("không rõ “{name}” là gì.", "“{name}” is not known."),
    "protect.bad.twice": ("“{name}” có hai lần.", "“{name}” is there twice."),
    "protect.bad.no_dimensions": ("cần ít nhất một chiều.", "at least one dimension is needed."),
    "protect.bad.bad_name": (
        "“{name}” không dùng làm tên chiều được.",
        "“{name}” cannot be the name of a dimension.",
    ),
    "protect.bad.no_total": (
        "chiều “{name}” thiếu mã tổng.",
        "dimension “{name}” has no code for its total.",
    ),
    "protect.bad.no_parents": (
        "“parents” của “{name}” phải là đối tượng.",
        "“parents” of “{name}” must be an object.",
    ),
    "protect.bad.bad_parent": ("mã cha của “{name}” không hợp lệ.", "the parent of “{name}” is not a code."),
    "protect.bad.total_below": ("mã tổng “{name}” không thể có mã cha.", "the total “{name}” has a parent."),
    "protect.bad.circle": ("mã “{name}” nằm dưới chính nó.", "code “{name}” is below itself."),
    "protect.bad.no_tables": (
        "“tables” phải là danh sách, mỗi bảng là danh sách tên chiều.",
        "“tables” must be a list of lists of names.",
    ),
    "protect.bad.unknown_dimension": ("không có chiều “{name}”.", "there is no dimension “{name}”."),
    "protect.bad.same_twice": (
        "chiều “{name}” có hai lần trong một bảng.",
        "“{name}” is twice in one table.",
    ),
    "protect.bad.bad_threshold": (
        "ngưỡng phải là số nguyên từ 1 đến 10000.",
        "threshold must be whole, from 1 to 10000.",
    ),
    "protect.bad.bad_zeros": (
        "“zeros” phải là hideable, shown hoặc suppressed.",
        "“zeros” must be hideable, shown or suppressed.",
    ),
    "protect.bad.bad_insider": ("“insider” phải là true hoặc false.", "“insider” must be true or false."),
    "protect.bad.unreadable": ("không đọc được tệp.", "the file cannot be read."),
    "protect.bad.not_utf8": ("không phải chữ UTF-8.", "not UTF-8 text."),
    "protect.bad.not_csv": ("không phải CSV đúng.", "not valid CSV."),
    "protect.bad.empty": ("tệp trống.", "the file is empty."),
    "protect.bad.missing_column": ("thiếu cột “{name}”.", "column “{name}” is missing."),
    "protect.bad.unknown_column": ("không rõ cột “{name}” là gì.", "column “{name}” is not known."),
    "protect.bad.wrong_width": ("có {has} ô, cần {needs}.", "has {has} fields, needs {needs}."),
    "protect.bad.no_code": ("cột “{name}” trống.", "column “{name}” is empty."),
    "protect.bad.not_a_leaf": (
        "“{name}” là mã nhóm; chỉ đếm theo mã chi tiết nhất.",
        "“{name}” is a group; counts go by finest codes.",
    ),
    "protect.bad.not_whole": (
        "“{name}” không phải số nguyên từ 0 trở lên.",
        "“{name}” is not a whole number of 0 or more.",
    ),
    "protect.bad.unknown_code": ("không có mã “{name}”.", "there is no code “{name}”."),
    "protect.bad.bad_status": ("trạng thái “{name}” không rõ.", "status “{name}” is not known."),
    "protect.bad.hidden_value": ("ô bị ẩn mà có số.", "a suppressed cell has a value."),
    "protect.bad.differs": (
        "đã đưa ra số {name}, nay đếm khác; số đã đưa ra không đổi được.",
        "{name} was published, but is counted differently now; what is out cannot change.",
    ),
}
