"""The form of the register of trusted addresses."""

from casemgr.questions import Form, Kind, Question, Section, Text

ADDRESS = Form(
    name="trusted_address",
    version=1,
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
                    name="note",
                    kind=Kind.LONG_TEXT,
                    longest=1000,
                    label=Text(vi="Ghi chú", en="Note"),
                ),
            ),
        ),
    ),
)
