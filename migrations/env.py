"""Runs the steps in the transaction that `casemgr.db.migrate` opened; Alembic loads this file by path."""

from alembic import context

from casemgr.db.migrate import load_models, options

context.configure(
    connection=context.config.attributes["connection"], target_metadata=load_models(), **options()
)
with context.begin_transaction():
    context.run_migrations()
