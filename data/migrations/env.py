"""Alembic's entry: runs the revisions on the connection it is handed, inside that connection's transaction."""

from alembic import context

from data import tables
from data.base import metadata

tables.declare_all()
from data.tables import partial_indexes  # noqa: E402, F401  declares what no statement names

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    include_name=lambda name, type_, _parents: not (type_ == "table" and str(name).startswith("search")),
)
with context.begin_transaction():
    context.run_migrations()
