"""What Alembic runs: every migration on the one connection that it is given."""

from alembic import context

from deputize.store.tables import metadata

# The transaction is the caller's, who holds the lock that belongs to it.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
