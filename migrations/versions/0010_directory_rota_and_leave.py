"""directory, rota and leave."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "directory_area",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_directory_area_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_area")),
        sa.UniqueConstraint("unit_id", "commune_code", name=op.f("uq_directory_area_unit_id_commune_code")),
    )
    with op.batch_alter_table("directory_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_area_commune_code"), ["commune_code"], unique=False)

    op.create_table(
        "absence",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id_account")),
        sa.ForeignKeyConstraint(["cover_id"], ["account.id"], name=op.f("fk_absence_cover_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_absence_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_absence_account_id_until_day"), ["account_id", "until_day"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_absence_cover_id_until_day"), ["cover_id", "until_day"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_absence_unit_id_until_day"), ["unit_id", "until_day"], unique=False
        )

    op.create_table(
        "directory_entry",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("services", sa.String(length=300), nullable=False),
        sa.Column("open_days", sa.String(length=12), nullable=True),
        sa.Column("opens", sa.String(length=5), nullable=True),
        sa.Column("closes", sa.String(length=5), nullable=True),
        sa.Column("hours_note", sa.String(length=200), nullable=True),
        sa.Column("contact", sa.String(length=300), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("capacity", sa.String(length=200), nullable=True),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("access", sa.String(length=200), nullable=False),
        sa.Column("cost", sa.String(length=12), nullable=True),
        sa.Column("availability", sa.String(length=8), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("confirmed_day", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("staff_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "availability IN ('mo', 'day', 'dong')", name=op.f("ck_directory_entry_availability")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_directory_entry_confirmed_by_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_directory_entry_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entry")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_directory_entry_unit_id")),
    )
    op.create_table(
        "duty_shift",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_duty_shift_account_id_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_shift_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
    )
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duty_shift_unit_id_until_day"), ["unit_id", "until_day"], unique=False
        )

    op.create_table(
        "phone_check",
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("checked_day", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_phone_check_checked_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_check")),
        sa.UniqueConstraint("subject", name=op.f("uq_phone_check_subject")),
    )
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_bundle_named_id_account"), "account", ["named_id"], ["id"])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_bundle_named_id_account"), type_="foreignkey")
        batch_op.drop_column("named_id")

    op.drop_table("phone_check")
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_shift_unit_id_until_day"))

    op.drop_table("duty_shift")
    op.drop_table("directory_entry")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_unit_id_until_day"))
        batch_op.drop_index(batch_op.f("ix_absence_cover_id_until_day"))
        batch_op.drop_index(batch_op.f("ix_absence_account_id_until_day"))

    op.drop_table("absence")
    with op.batch_alter_table("directory_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directory_area_commune_code"))

    op.drop_table("directory_area")
