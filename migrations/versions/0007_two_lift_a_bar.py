"""Two lift a bar."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    # One of several standing bars for one account on one case is enough; the others end on the day they began.
    op.execute(
        "UPDATE bar SET lifted_day = made_day WHERE lifted_day IS NULL AND EXISTS (SELECT 1 FROM bar AS other "
        "WHERE other.case_id = bar.case_id AND other.account_id = bar.account_id "
        "AND other.lifted_day IS NULL AND other.id < bar.id)"
    )
    op.create_table(
        "bar_lift",
        sa.Column("bar_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_bar_lift_answered_by_account")
        ),
        sa.ForeignKeyConstraint(["bar_id"], ["bar.id"], name=op.f("fk_bar_lift_bar_id_bar")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_bar_lift_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_bar_lift_proposed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bar_lift")),
    )
    with op.batch_alter_table("bar_lift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bar_lift_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_bar_lift_open",
            ["bar_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "uq_bar_live",
            ["case_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("lifted_day IS NULL"),
            postgresql_where=sa.text("lifted_day IS NULL"),
        )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bar_live",
            sqlite_where=sa.text("lifted_day IS NULL"),
            postgresql_where=sa.text("lifted_day IS NULL"),
        )
        batch_op.drop_column("made_by")

    with op.batch_alter_table("bar_lift", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bar_lift_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_bar_lift_case_id"))

    op.drop_table("bar_lift")
