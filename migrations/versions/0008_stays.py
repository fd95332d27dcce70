"""Who stays at an address and what is written down of it; incidents at addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "address_incident",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("told_day", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_address_incident_state")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_address_incident_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_incident")),
    )
    with op.batch_alter_table("address_incident", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_address_incident_unit_id_state"), ["unit_id", "state"], unique=False
        )

    op.create_table(
        "stay_entry",
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("made_day", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_entry_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_entry")),
    )
    with op.batch_alter_table("stay_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_entry_stay_id"), ["stay_id"], unique=False)

    op.create_table(
        "stay_person",
        sa.Column("stay_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_person_stay_id_stay")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_person")),
    )
    with op.batch_alter_table("stay_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_person_stay_id"), ["stay_id"], unique=False)


def downgrade() -> None:
    """Take it back: what was written down of the stays of today is lost."""
    with op.batch_alter_table("stay_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_person_stay_id"))

    op.drop_table("stay_person")
    with op.batch_alter_table("stay_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_entry_stay_id"))

    op.drop_table("stay_entry")
    with op.batch_alter_table("address_incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_incident_unit_id_state"))

    op.drop_table("address_incident")
