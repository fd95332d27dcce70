"""Addresses that are closing, closed, or known to somebody dangerous."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = "state IN ('active', 'suspended')"
AFTER = "state IN ('active', 'suspended', 'closing', 'closed', 'exposed')"


def _replace(condition: str) -> None:
    with op.batch_alter_table("trusted_address") as batch_op:
        batch_op.drop_constraint(op.f("ck_trusted_address_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_trusted_address_state"), condition)


def upgrade() -> None:
    """Take the step."""
    _replace(AFTER)


def downgrade() -> None:
    """Take it back: an address that closed or became known takes nobody in."""
    table = sa.table("trusted_address", sa.column("state", sa.String))
    later = table.c.state.in_(("closing", "closed", "exposed"))
    op.execute(sa.update(table).where(later).values(state="suspended"))
    _replace(BEFORE)
