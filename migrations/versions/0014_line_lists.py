"""Line lists that come through the page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "import_file",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("added_day", sa.Date(), nullable=False),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("findings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'checked', 'unusable')", name=op.f("ck_import_file_state")),
        sa.CheckConstraint("length(terms_sealed) > 0", name=op.f("ck_import_file_terms_sealed")),
        sa.CheckConstraint("length(findings_sealed) > 0", name=op.f("ck_import_file_findings_sealed")),
        sa.CheckConstraint("length(content_sealed) > 0", name=op.f("ck_import_file_content_sealed")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_file_unit_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_import_file_owner_id_account")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_file_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_unit_id"), "import_file", ["unit_id"])
    op.create_index(op.f("ix_import_file_added_day"), "import_file", ["added_day"])


def downgrade() -> None:
    """Undo it; lists that wait are gone with their table, and have to be sent again."""
    op.drop_table("import_file")
