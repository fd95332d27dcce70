"""Indexes: units of a province, persons of a unit, acts of a kind and open requests are found without a scan."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_unit_province_code", "unit", ["province_code"])
    op.create_index("ix_survivor_unit_id", "survivor", ["unit_id"])
    op.create_index("ix_account_request_state_asked_at", "account_request", ["state", "asked_at"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "seq"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_action", table_name="audit_entry")
    op.drop_index("ix_account_request_state_asked_at", table_name="account_request")
    op.drop_index("ix_survivor_unit_id", table_name="survivor")
    op.drop_index("ix_unit_province_code", table_name="unit")
