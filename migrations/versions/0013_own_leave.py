"""Leave that somebody enters for herself: who entered it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_absence_entered_by_account"), "account", ["entered_by"], ["id"]
        )


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_absence_entered_by_account"), type_="foreignkey")
        batch_op.drop_column("entered_by")
