"""The schemas of the store, one step a file; run by `exeat.record.store` through Alembic."""
