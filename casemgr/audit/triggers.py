"""Append-only in the database itself: triggers that refuse to change or remove what is on record."""

HEAD = "audit_head"


def append_only_sql(dialect: str, table: str) -> list[str]:
    """Return the statements that make a table of the audit append-only, for models and migrations alike."""
    if dialect == "sqlite":
        return [_sqlite(table, act) for act in ("UPDATE", "DELETE")]
    function = f"""CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"""
    return [
        function,
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    ]


def head_sql(dialect: str) -> list[str]:
    """Return the statements that let the head of the log only grow."""
    if dialect == "sqlite":
        return [
            f"""CREATE TRIGGER {HEAD}_no_shrink BEFORE UPDATE ON {HEAD} WHEN new.size < old.size
            BEGIN SELECT RAISE(ABORT, '{HEAD} only grows'); END""",
            _sqlite(HEAD, "DELETE"),
        ]
    return [
        f"""CREATE OR REPLACE FUNCTION {HEAD}_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{HEAD} only grows'; END $$""",
        f"""CREATE TRIGGER {HEAD}_no_shrink BEFORE UPDATE ON {HEAD}
        FOR EACH ROW WHEN (new.size < old.size) EXECUTE FUNCTION {HEAD}_refuse()""",
        f"""CREATE TRIGGER {HEAD}_no_delete BEFORE DELETE ON {HEAD}
        FOR EACH ROW EXECUTE FUNCTION {HEAD}_refuse()""",
        f"""CREATE TRIGGER {HEAD}_no_truncate BEFORE TRUNCATE ON {HEAD}
        FOR EACH STATEMENT EXECUTE FUNCTION {HEAD}_refuse()""",
    ]


def _sqlite(table: str, act: str) -> str:
    return f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
