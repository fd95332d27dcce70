"""figures that travel: where they go in DHIS2."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "sending_mapping",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_sending_mapping_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_mapping")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_sending_mapping_unit_id")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("sending_mapping")
