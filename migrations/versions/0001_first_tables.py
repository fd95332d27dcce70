"""First tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What is on record is neither changed nor removed: the database itself refuses it.
GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, "
            "'audit_entry is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, "
            "'audit_entry is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint BEGIN SELECT "
            "RAISE(ABORT, 'audit_checkpoint is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint BEGIN SELECT "
            "RAISE(ABORT, 'audit_checkpoint is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_head_no_shrink BEFORE UPDATE ON audit_head WHEN new.size < old.size "
            "BEGIN SELECT RAISE(ABORT, 'audit_head only grows'); END"
        ),
        (
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, "
            "'audit_head is append-only'); END"
        ),
        (
            "CREATE TRIGGER release_no_update BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'release"
            " is append-only'); END"
        ),
        (
            "CREATE TRIGGER release_no_delete BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'release"
            " is append-only'); END"
        ),
        (
            "CREATE TRIGGER release_cell_no_update BEFORE UPDATE ON release_cell BEGIN SELECT "
            "RAISE(ABORT, 'release_cell is append-only'); END"
        ),
        (
            "CREATE TRIGGER release_cell_no_delete BEFORE DELETE ON release_cell BEGIN SELECT "
            "RAISE(ABORT, 'release_cell is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'audit_entry is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW "
            "EXECUTE FUNCTION audit_entry_refuse()"
        ),
        (
            "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT "
            "EXECUTE FUNCTION audit_entry_refuse()"
        ),
        (
            "CREATE OR REPLACE FUNCTION audit_checkpoint_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'audit_checkpoint is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE ON audit_checkpoint FOR "
            "EACH ROW EXECUTE FUNCTION audit_checkpoint_refuse()"
        ),
        (
            "CREATE TRIGGER audit_checkpoint_no_truncate BEFORE TRUNCATE ON audit_checkpoint FOR EACH "
            "STATEMENT EXECUTE FUNCTION audit_checkpoint_refuse()"
        ),
        (
            "CREATE OR REPLACE FUNCTION audit_head_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'audit_head only grows'; END $$"
        ),
        (
            "CREATE TRIGGER audit_head_no_shrink BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (new.size "
            "< old.size) EXECUTE FUNCTION audit_head_refuse()"
        ),
        (
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE "
            "FUNCTION audit_head_refuse()"
        ),
        (
            "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT "
            "EXECUTE FUNCTION audit_head_refuse()"
        ),
        (
            "CREATE OR REPLACE FUNCTION release_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'release is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER release_append_only BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE "
            "FUNCTION release_refuse()"
        ),
        (
            "CREATE TRIGGER release_no_truncate BEFORE TRUNCATE ON release FOR EACH STATEMENT EXECUTE "
            "FUNCTION release_refuse()"
        ),
        (
            "CREATE OR REPLACE FUNCTION release_cell_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'release_cell is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER release_cell_append_only BEFORE UPDATE OR DELETE ON release_cell FOR EACH ROW"
            " EXECUTE FUNCTION release_cell_refuse()"
        ),
        (
            "CREATE TRIGGER release_cell_no_truncate BEFORE TRUNCATE ON release_cell FOR EACH STATEMENT "
            "EXECUTE FUNCTION release_cell_refuse()"
        ),
    ),
}
FUNCTIONS = (
    "audit_checkpoint_refuse",
    "audit_entry_refuse",
    "audit_head_refuse",
    "release_cell_refuse",
    "release_refuse",
)


def upgrade() -> None:
    """Take the step."""
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("door", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("scope_purpose", sa.String(length=20), nullable=True),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("writes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry_hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'seen', 'refused', 'failed')", name=op.f("ck_audit_entry_outcome")
        ),
        sa.CheckConstraint("(scope_purpose IS NULL) = (scope_id IS NULL)", name=op.f("ck_audit_entry_scope")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_entry_entry_id")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor_id", ["actor_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_entry_object", ["object_id", "seq"], unique=False)
        batch_op.create_index("ix_audit_entry_scope_id", ["scope_id", "seq"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("entry_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subtrees", sa.LargeBinary(), nullable=False),
        sa.Column("checkpointed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "code",
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("rollups", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("list_name", "code", name=op.f("uq_code_list_name_code")),
    )
    op.create_table(
        "consent",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("given_day", sa.Date(), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_case_id"), ["case_id"], unique=False)

    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("root_key_id", sa.String(length=10), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("destroyed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'destroyed') = (destroyed_on IS NOT NULL)", name=op.f("ck_data_key_destroyed_on")
        ),
        sa.CheckConstraint("(state = 'destroyed') = (wrapped IS NULL)", name=op.f("ck_data_key_wrapped")),
        sa.CheckConstraint("state IN ('active', 'retired', 'destroyed')", name=op.f("ck_data_key_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.create_index("ix_data_key_root_key_id", ["root_key_id"], unique=False)
        batch_op.create_index("ix_data_key_scope", ["purpose", "scope_id"], unique=False)
        batch_op.create_index(
            "uq_data_key_active",
            ["purpose", "scope_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "incident",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("created_day", sa.Date(), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("classification_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("registered_on_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("event_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fact_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("code", name=op.f("uq_incident_code")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_case_id"), ["case_id"], unique=False)

    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "unit",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("former_commune", sa.String(length=200), nullable=True),
        sa.Column("duty_phone", sa.String(length=20), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_commune_code_kind"), ["commune_code", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("name_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("roles_text", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("sign_in_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name=op.f("ck_account_state")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name_digest", name=op.f("uq_account_name_digest")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "bundle",
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("sent_day", sa.Date(), nullable=False),
        sa.Column("expires_day", sa.Date(), nullable=False),
        sa.Column("offer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'declined', 'arrived', 'did_not_come', 'completed', 'recalled', 'expired', 'withdrawn')",
            name=op.f("ck_bundle_state"),
        ),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"], name=op.f("fk_bundle_from_unit_id_unit")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_bundle_to_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_to_unit_id_state"), ["to_unit_id", "state"], unique=False)

    op.create_table(
        "fact",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_fact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_unit_id_year"), ["unit_id", "year"], unique=False)

    op.create_table(
        "periodic_report",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=2), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("narrative_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_on IS NOT NULL)", name=op.f("ck_periodic_report_approved")
        ),
        sa.CheckConstraint("state IN ('draft', 'approved')", name=op.f("ck_periodic_report_state")),
        sa.CheckConstraint("tier IN ('T1', 'T2')", name=op.f("ck_periodic_report_tier")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_periodic_report_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_report")),
        sa.UniqueConstraint(
            "unit_id",
            "tier",
            "period_from",
            "period_to",
            name=op.f("uq_periodic_report_unit_id_tier_period_from_period_to"),
        ),
    )
    op.create_table(
        "perpetrator",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_perpetrator_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_perpetrator")),
    )
    with op.batch_alter_table("perpetrator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_perpetrator_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_perpetrator_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "release",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=2), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("certificate_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("frozen_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("restricted_values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("tier IN ('T1', 'T2')", name=op.f("ck_release_tier")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_release_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("unit_id", "seq", name=op.f("uq_release_unit_id_seq")),
        sa.UniqueConstraint(
            "unit_id",
            "tier",
            "table_name",
            "period_from",
            "period_to",
            name=op.f("uq_release_unit_id_tier_table_name_period_from_period_to"),
        ),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_unit_id_measure"), ["unit_id", "measure"], unique=False)

    op.create_table(
        "stay",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("promised_day", sa.Date(), nullable=False),
        sa.Column("arrived_day", sa.Date(), nullable=True),
        sa.Column("left_day", sa.Date(), nullable=True),
        sa.Column("group_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leaving_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('promised', 'arrived', 'left', 'released')", name=op.f("ck_stay_state")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_stay_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        sa.UniqueConstraint("bundle_id", name=op.f("uq_stay_bundle_id")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stay_unit_id_state"), ["unit_id", "state"], unique=False)

    op.create_table(
        "support_action",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_day", sa.Date(), nullable=False),
        sa.Column("beneficiary_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("outcome_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fact_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'done', 'dropped')", name=op.f("ck_support_action_state")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_support_action_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_action")),
        sa.UniqueConstraint("code", name=op.f("uq_support_action_code")),
    )
    with op.batch_alter_table("support_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_support_action_unit_id_state_created_day"),
            ["unit_id", "state", "created_day"],
            unique=False,
        )

    op.create_table(
        "survivor",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("created_day", sa.Date(), nullable=False),
        sa.Column("full_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("birth_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("safe_contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survivor_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survivor")),
        sa.UniqueConstraint("code", name=op.f("uq_survivor_code")),
    )
    op.create_table(
        "tip",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("received_day", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sender_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("handling_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'checked', 'closed')", name=op.f("ck_tip_state")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tip_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip")),
        sa.UniqueConstraint("code", name=op.f("uq_tip_code")),
    )
    with op.batch_alter_table("tip", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tip_unit_id_state_received_day"),
            ["unit_id", "state", "received_day"],
            unique=False,
        )

    op.create_table(
        "trusted_address",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("adult_beds", sa.Integer(), nullable=False),
        sa.Column("child_beds", sa.Integer(), nullable=False),
        sa.Column("held_beds", sa.Integer(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_trusted_address_state")),
        sa.CheckConstraint(
            "adult_beds >= 0 AND child_beds >= 0 AND held_beds >= 0", name=op.f("ck_trusted_address_beds")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_trusted_address_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_address")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_trusted_address_unit_id")),
    )
    op.create_table(
        "account_session",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unlock_failures", sa.Integer(), nullable=False),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shown_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stage IN ('code', 'enrol', 'open')", name=op.f("ck_account_session_stage")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_account_session_token_digest")),
        info={"audited": False},
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.create_index("ix_account_session_account_id", ["account_id"], unique=False)

    op.create_table(
        "answered_post",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("post_key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("answered_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_answered_post_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered_post")),
        sa.UniqueConstraint("account_id", "post_key", name=op.f("uq_answered_post_account_id_post_key")),
        info={"audited": False},
    )
    op.create_table(
        "bundle_exclusion",
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bundle_exclusion_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_exclusion_bundle_id_bundle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_exclusion")),
        sa.UniqueConstraint("bundle_id", "account_id", name=op.f("uq_bundle_exclusion_bundle_id_account_id")),
    )
    op.create_table(
        "case_file",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_day", sa.Date(), nullable=False),
        sa.Column("closed_day", sa.Date(), nullable=True),
        sa.Column("risk_level_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("summary_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("closure_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_case_file_owner_id_account")),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["survivor.id"], name=op.f("fk_case_file_survivor_id_survivor")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_file_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("code", name=op.f("uq_case_file_code")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_survivor_id"), ["survivor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_file_unit_id_state_opened_day"),
            ["unit_id", "state", "opened_day"],
            unique=False,
        )

    op.create_table(
        "child_record",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opened_day", sa.Date(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("risk_level_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("closure_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fact_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_child_record_state")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_child_record_owner_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_child_record_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_record")),
        sa.UniqueConstraint("code", name=op.f("uq_child_record_code")),
    )
    with op.batch_alter_table("child_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_child_record_owner_id_state_opened_day"),
            ["owner_id", "state", "opened_day"],
            unique=False,
        )

    op.create_table(
        "draft",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("saved_day", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint(
            "account_id", "form", "object_id", name=op.f("uq_draft_account_id_form_object_id")
        ),
        info={"audited": False},
    )
    op.create_table(
        "duplicate_notice",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("made_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["account.id"], name=op.f("fk_duplicate_notice_supervisor_id_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duplicate_notice_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_notice")),
    )
    with op.batch_alter_table("duplicate_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duplicate_notice_supervisor_id_state"), ["supervisor_id", "state"], unique=False
        )

    op.create_table(
        "factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('totp', 'sheet', 'recovery', 'invitation')", name=op.f("ck_factor_kind")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_factor_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sa.UniqueConstraint("account_id", "kind", "number", name=op.f("uq_factor_account_id_kind_number")),
    )
    with op.batch_alter_table("factor", schema=None) as batch_op:
        batch_op.create_index("ix_factor_digest", ["account_id", "digest"], unique=False)

    op.create_table(
        "held_post",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_held_post_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_post")),
        info={"audited": False},
    )
    with op.batch_alter_table("held_post", schema=None) as batch_op:
        batch_op.create_index("ix_held_post_account_id", ["account_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_day", sa.Date(), nullable=False),
        sa.Column("ended_day", sa.Date(), nullable=True),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("progress_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_import_batch_owner_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "release_cell",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("codes", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'published') = (value IS NOT NULL)", name=op.f("ck_release_cell_value")
        ),
        sa.CheckConstraint(
            "status IN ('published', 'restricted', 'suppressed')", name=op.f("ck_release_cell_status")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_cell_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", "position", name=op.f("pk_release_cell")),
    )
    op.create_table(
        "report_release",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_report_release_release_id_release")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["periodic_report.id"], name=op.f("fk_report_release_report_id_periodic_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_report_release")),
    )
    op.create_table(
        "survivor_bucket",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["survivor.id"], name=op.f("fk_survivor_bucket_survivor_id_survivor")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_survivor_bucket_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survivor_bucket")),
    )
    with op.batch_alter_table("survivor_bucket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survivor_bucket_survivor_id"), ["survivor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_survivor_bucket_unit_id_kind_bucket"), ["unit_id", "kind", "bucket"], unique=False
        )

    op.create_table(
        "tip_exclusion",
        sa.Column("tip_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_tip_exclusion_account_id_account")
        ),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_tip_exclusion_tip_id_tip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_exclusion")),
    )
    with op.batch_alter_table("tip_exclusion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tip_exclusion_account_id_tip_id"), ["account_id", "tip_id"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_tip_exclusion_tip_id"), ["tip_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_assignment_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_account_id_case_id"), ["account_id", "case_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "bar",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_day", sa.Date(), nullable=False),
        sa.Column("lifted_day", sa.Date(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bar_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_bar_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bar")),
    )
    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bar_account_id_case_id"), ["account_id", "case_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bar_case_id"), ["case_id"], unique=False)

    op.create_table(
        "child_bar",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_child_bar_account_id_account")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_record.id"], name=op.f("fk_child_bar_child_id_child_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_bar")),
        sa.UniqueConstraint("child_id", "account_id", name=op.f("uq_child_bar_child_id_account_id")),
    )
    op.create_table(
        "child_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("linked_day", sa.Date(), nullable=False),
        sa.Column("relation_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("basis_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_child_link_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_record.id"], name=op.f("fk_child_link_child_id_child_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_link")),
        sa.UniqueConstraint("case_id", "child_id", name=op.f("uq_child_link_case_id_child_id")),
    )
    with op.batch_alter_table("child_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_child_link_child_id"), ["child_id"], unique=False)

    op.create_table(
        "child_task",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_child_task_state")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["child_record.id"], name=op.f("fk_child_task_child_id_child_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_task")),
    )
    with op.batch_alter_table("child_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_child_task_child_id_state_due_day"), ["child_id", "state", "due_day"], unique=False
        )

    op.create_table(
        "imported_row",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_row_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_imported_row_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imported_row_batch_id_position"), ["batch_id", "position"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_imported_row_case_id"), ["case_id"], unique=False)

    op.create_table(
        "intake",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_day", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_intake_author_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_intake_case_id_case_file")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_intake_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_author_id_state"), ["author_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_case_id"), ["case_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("sent_day", sa.Date(), nullable=False),
        sa.Column("answer_due_day", sa.Date(), nullable=False),
        sa.Column("request_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("outcome_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fact_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_referral_bundle_id_bundle")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_referral_case_id_case_file")),
        sa.ForeignKeyConstraint(["sender_id"], ["account.id"], name=op.f("fk_referral_sender_id_account")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_referral_to_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("bundle_id", name=op.f("uq_referral_bundle_id")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referral_state_answer_due_day"), ["state", "answer_due_day"], unique=False
        )

    op.create_table(
        "support_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("support_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_support_link_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_link")),
    )
    with op.batch_alter_table("support_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_link_case_id"), ["case_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name=op.f("fk_task_assignee_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_assignee_id_state_due_day"), ["assignee_id", "state", "due_day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_task_case_id"), ["case_id"], unique=False)

    op.create_table(
        "timeline_entry",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_timeline_entry_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_timeline_entry_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entry")),
    )
    with op.batch_alter_table("timeline_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timeline_entry_case_id"), ["case_id"], unique=False)

    # ### end Alembic commands ###
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("timeline_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timeline_entry_case_id"))

    op.drop_table("timeline_entry")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_case_id"))
        batch_op.drop_index(batch_op.f("ix_task_assignee_id_state_due_day"))

    op.drop_table("task")
    with op.batch_alter_table("support_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_link_case_id"))

    op.drop_table("support_link")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_state_answer_due_day"))
        batch_op.drop_index(batch_op.f("ix_referral_case_id"))

    op.drop_table("referral")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_case_id"))
        batch_op.drop_index(batch_op.f("ix_intake_author_id_state"))

    op.drop_table("intake")
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_row_case_id"))
        batch_op.drop_index(batch_op.f("ix_imported_row_batch_id_position"))

    op.drop_table("imported_row")
    with op.batch_alter_table("child_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_task_child_id_state_due_day"))

    op.drop_table("child_task")
    with op.batch_alter_table("child_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_link_child_id"))

    op.drop_table("child_link")
    op.drop_table("child_bar")
    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bar_case_id"))
        batch_op.drop_index(batch_op.f("ix_bar_account_id_case_id"))

    op.drop_table("bar")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_case_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_account_id_case_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("tip_exclusion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tip_exclusion_tip_id"))
        batch_op.drop_index(batch_op.f("ix_tip_exclusion_account_id_tip_id"))

    op.drop_table("tip_exclusion")
    with op.batch_alter_table("survivor_bucket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survivor_bucket_unit_id_kind_bucket"))
        batch_op.drop_index(batch_op.f("ix_survivor_bucket_survivor_id"))

    op.drop_table("survivor_bucket")
    op.drop_table("report_release")
    op.drop_table("release_cell")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_unit_id"))

    op.drop_table("import_batch")
    with op.batch_alter_table("held_post", schema=None) as batch_op:
        batch_op.drop_index("ix_held_post_account_id")

    op.drop_table("held_post")
    with op.batch_alter_table("factor", schema=None) as batch_op:
        batch_op.drop_index("ix_factor_digest")

    op.drop_table("factor")
    with op.batch_alter_table("duplicate_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_notice_supervisor_id_state"))

    op.drop_table("duplicate_notice")
    op.drop_table("draft")
    with op.batch_alter_table("child_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_record_owner_id_state_opened_day"))

    op.drop_table("child_record")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_unit_id_state_opened_day"))
        batch_op.drop_index(batch_op.f("ix_case_file_survivor_id"))

    op.drop_table("case_file")
    op.drop_table("bundle_exclusion")
    op.drop_table("answered_post")
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_index("ix_account_session_account_id")

    op.drop_table("account_session")
    op.drop_table("trusted_address")
    with op.batch_alter_table("tip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tip_unit_id_state_received_day"))

    op.drop_table("tip")
    op.drop_table("survivor")
    with op.batch_alter_table("support_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_action_unit_id_state_created_day"))

    op.drop_table("support_action")
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stay_unit_id_state"))

    op.drop_table("stay")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_unit_id_measure"))

    op.drop_table("release")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_unit_id"))

    op.drop_table("post")
    with op.batch_alter_table("perpetrator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_perpetrator_incident_id"))
        batch_op.drop_index(batch_op.f("ix_perpetrator_case_id"))

    op.drop_table("perpetrator")
    op.drop_table("periodic_report")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_unit_id_year"))

    op.drop_table("fact")
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_to_unit_id_state"))

    op.drop_table("bundle")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_unit_id"))

    op.drop_table("account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_commune_code_kind"))

    op.drop_table("unit")
    op.drop_table("throttle")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_case_id"))

    op.drop_table("incident")
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_data_key_active",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index("ix_data_key_scope")
        batch_op.drop_index("ix_data_key_root_key_id")

    op.drop_table("data_key")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_case_id"))

    op.drop_table("consent")
    op.drop_table("code")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_scope_id")
        batch_op.drop_index("ix_audit_entry_object")
        batch_op.drop_index("ix_audit_entry_actor_id")

    op.drop_table("audit_entry")
    op.drop_table("audit_checkpoint")
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
