"""The form of the register of trusted addresses."""

from casemgr.questions import Form, Kind, Question, Section, Text

ADDRESS = Form(
    name="trusted_address",
    version=2,
    sections=(
        Section(
            name="address",
            title=Text(vi="Địa chỉ tin cậy", en="Trusted address"),
            questions=(
                Question(
                    name="decision_number",
                    kind=Kind.TEXT,
                    required=True,
                    longest=80,
                    label=Text(vi="Số quyết định", en="Number of the decision"),
                ),
                Question(
                    name="decided_on",
                    kind=Kind.DATE,
                    past_only=True,
                    label=Text(vi="Ngày quyết định", en="Day of the decision"),
                ),
                Question(
                    name="address_kind",
                    kind=Kind.CODE,
                    codes="address_kind",
                    label=Text(vi="Mô hình", en="Kind of address"),
                ),
                Question(
                    name="households",
                    kind=Kind.LONG_TEXT,
                    longest=500,
                    label=Text(vi="Hộ gia đình, tổ chức tham gia", en="Households, organisations"),
                ),
                Question(
                    name="keepers",
                    kind=Kind.LONG_TEXT,
                    longest=800,
                    label=Text(vi="Người giữ địa chỉ", en="Keepers"),
                    hint=Text(
                        vi="Tên, vai trò, điện thoại; mỗi người một dòng. Được niêm phong.",
                        en="Name, part, telephone; one person a line. Sealed.",
                    ),
                ),
                Question(
                    name="is_public",
                    kind=Kind.YES_NO,
                    required=True,
                    label=Text(vi="Quyết định công bố địa chỉ này", en="The decision publishes this address"),
                    hint=Text(
                        vi="Địa chỉ không công bố thì nơi ở luôn được giấu.",
                        en="The place of an address that is not published is always hidden.",
                    ),
                ),
                Question(
                    name="adult_beds",
                    kind=Kind.NUMBER,
                    required=True,
                    least=0,
                    greatest=200,
                    label=Text(vi="Số chỗ cho người lớn", en="Beds for grown persons"),
                ),
                Question(
                    name="child_beds",
                    kind=Kind.NUMBER,
                    required=True,
                    least=0,
                    greatest=200,
                    label=Text(vi="Số chỗ thêm cho trẻ em", en="Further beds for children"),
                ),
                Question(
                    name="contact_phone",
                    kind=Kind.PHONE,
                    required=True,
                    label=Text(vi="Điện thoại của người giữ địa chỉ", en="Telephone of the keeper"),
                    hint=Text(
                        vi="Chỉ cán bộ phụ trách ca thấy số này.", en="Only case workers see this number."
                    ),
                ),
                Question(
                    name="place",
                    kind=Kind.LONG_TEXT,
                    longest=300,
                    label=Text(vi="Nơi ở", en="Place"),
                    hint=Text(
                        vi="Được niêm phong; chỉ người giám sát và người đưa đến khi đã hứa chỗ mới thấy.",
                        en="Sealed; seen by the supervisor, and with a promised bed by whoever brings her.",
                    ),
                ),
                Question(
                    name="way",
                    kind=Kind.LONG_TEXT,
                    longest=500,
                    label=Text(vi="Đường đến", en="Way there"),
                ),
                Question(
                    name="suits",
                    kind=Kind.CODES,
                    codes="address_suits",
                    label=Text(vi="Đón được ai", en="Who can be taken in"),
                    hint=Text(
                        vi="Cán bộ phụ trách ca thấy điều này khi tìm chỗ.",
                        en="Case workers see this when they look for a bed.",
                    ),
                ),
                Question(
                    name="travel",
                    kind=Kind.CODE,
                    codes="address_travel",
                    label=Text(vi="Thời gian đi từ trụ sở xã", en="Travel time from the commune office"),
                    hint=Text(
                        vi="Chỉ ghi thô, để không suy ra được nơi ở.",
                        en="Coarse on purpose, so that no place follows from it.",
                    ),
                ),
                Question(
                    name="rooms",
                    kind=Kind.LONG_TEXT,
                    longest=500,
                    label=Text(vi="Phòng, chỗ ngủ", en="Rooms and where people sleep"),
                ),
                Question(
                    name="equipment",
                    kind=Kind.CODES,
                    codes="address_equipment",
                    label=Text(vi="Trang bị", en="Equipment and supplies"),
                ),
                Question(
                    name="reputation",
                    kind=Kind.LONG_TEXT,
                    longest=1000,
                    label=Text(vi="Xác minh uy tín", en="Reputation check"),
                    hint=Text(
                        vi="Ai xác minh, hỏi những ai, kết quả; có ai trong nhà từng gây bạo lực không.",
                        en="Who checked, who was asked, the result; whether anyone there used violence.",
                    ),
                ),
                Question(
                    name="reputation_on",
                    kind=Kind.DATE,
                    past_only=True,
                    label=Text(vi="Ngày xác minh", en="Day of the check"),
                ),
                Question(
                    name="training",
                    kind=Kind.CODES,
                    codes="address_training",
                    label=Text(vi="Đã tập huấn", en="Training received"),
                ),
                Question(
                    name="trained_on",
                    kind=Kind.DATE,
                    past_only=True,
                    label=Text(vi="Ngày tập huấn gần nhất", en="Day of the latest training"),
                ),
                Question(
                    name="review_on",
                    kind=Kind.DATE,
                    label=Text(vi="Xem xét lại vào", en="To be reviewed on"),
                ),
                Question(
                    name="note",
                    kind=Kind.LONG_TEXT,
                    longest=1000,
                    label=Text(vi="Ghi chú", en="Note"),
                ),
            ),
        ),
    ),
)
