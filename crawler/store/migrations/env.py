"""What Alembic runs to apply migrations: on the connection, and in the transaction, of the store that opens."""

from alembic import context

from crawler.store.schema import metadata, version

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
