"""Referrals that are opened, passed on and in service."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "state IN ('sent', 'accepted', 'declined', 'arrived', 'did_not_come', 'completed', 'recalled', "
    "'expired', 'withdrawn')"
)
AFTER = (
    "state IN ('sent', 'seen', 'accepted', 'declined', 'redirected', 'arrived', 'did_not_come', "
    "'in_service', 'completed', 'recalled', 'expired', 'withdrawn')"
)
EARLIER = {"seen": "sent", "redirected": "declined", "in_service": "arrived"}


def _replace(condition: str) -> None:
    with op.batch_alter_table("bundle") as batch_op:
        batch_op.drop_constraint(op.f("ck_bundle_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_bundle_state"), condition)


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    for name in ("bundle", "referral"):
        table = sa.table(name, sa.column("state", sa.String))
        for state, earlier in EARLIER.items():
            op.execute(sa.update(table).where(table.c.state == state).values(state=earlier))
    _replace(BEFORE)
