"""Case conferences: what units share, whose it is, who is invited or left out, what each is to do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "conference",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("meets_day", sa.Date(), nullable=False),
        sa.Column("expires_day", sa.Date(), nullable=False),
        sa.Column("plan_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("minutes_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('called', 'held', 'closed', 'cancelled', 'withdrawn')",
            name=op.f("ck_conference_state"),
        ),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"], name=op.f("fk_conference_from_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference")),
        sa.UniqueConstraint("code", name=op.f("uq_conference_code")),
    )
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conference_state_meets_day"), ["state", "meets_day"], unique=False
        )

    op.create_table(
        "conference_action",
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_conference_action_state")),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conference.id"], name=op.f("fk_conference_action_conference_id_conference")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_conference_action_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_action")),
    )
    with op.batch_alter_table("conference_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conference_action_conference_id"), ["conference_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conference_action_unit_id_state_due_day"),
            ["unit_id", "state", "due_day"],
            unique=False,
        )

    op.create_table(
        "conference_exclusion",
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_conference_exclusion_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conference.id"],
            name=op.f("fk_conference_exclusion_conference_id_conference"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_exclusion")),
        sa.UniqueConstraint(
            "conference_id", "account_id", name=op.f("uq_conference_exclusion_conference_id_account_id")
        ),
    )
    op.create_table(
        "conference_seat",
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'coming', 'absent', 'removed')", name=op.f("ck_conference_seat_state")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conference.id"], name=op.f("fk_conference_seat_conference_id_conference")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_conference_seat_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_seat")),
        sa.UniqueConstraint(
            "conference_id", "unit_id", name=op.f("uq_conference_seat_conference_id_unit_id")
        ),
    )
    with op.batch_alter_table("conference_seat", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conference_seat_unit_id_state"), ["unit_id", "state"], unique=False
        )

    op.create_table(
        "conference_file",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("conference_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("convener_id", sa.Uuid(), nullable=False),
        sa.Column("kept_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_conference_file_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conference.id"], name=op.f("fk_conference_file_conference_id_conference")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_conference_file_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["convener_id"], ["account.id"], name=op.f("fk_conference_file_convener_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_file")),
        sa.UniqueConstraint("conference_id", name=op.f("uq_conference_file_conference_id")),
    )
    with op.batch_alter_table("conference_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conference_file_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("conference_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_file_case_id"))

    op.drop_table("conference_file")
    with op.batch_alter_table("conference_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_seat_unit_id_state"))

    op.drop_table("conference_seat")
    op.drop_table("conference_exclusion")
    with op.batch_alter_table("conference_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_action_unit_id_state_due_day"))
        batch_op.drop_index(batch_op.f("ix_conference_action_conference_id"))

    op.drop_table("conference_action")
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conference_state_meets_day"))

    op.drop_table("conference")
