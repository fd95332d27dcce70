"""Letters to partners without an account."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "partner_letter",
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("made_day", sa.Date(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("number_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["bundle.id"], name=op.f("fk_partner_letter_bundle_id_bundle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_letter")),
        sa.UniqueConstraint("bundle_id", name=op.f("uq_partner_letter_bundle_id")),
        sa.UniqueConstraint("number_digest", name=op.f("uq_partner_letter_number_digest")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("partner_letter")
