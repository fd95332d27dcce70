"""An act on an account waits for a second person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "account_request",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("roles_text", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_half_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invite', 'reset', 'enable', 'roles')", name=op.f("ck_account_request_kind")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'released', 'unreleased', 'refused', 'withdrawn')",
            name=op.f("ck_account_request_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_request_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )
    with op.batch_alter_table("account_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_request_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_account_request_open",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enrolled_on", sa.Date(), nullable=True))

    # Whoever could sign in has enrolled, so that an installation in use is never taken for a new one.
    op.execute("UPDATE account SET enrolled_on = created_on WHERE state <> 'invited'")


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("enrolled_on")

    with op.batch_alter_table("account_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_account_request_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_account_request_account_id"))

    op.drop_table("account_request")
