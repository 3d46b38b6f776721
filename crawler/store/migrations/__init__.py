"""Migrations of the store; `crawler.store.migrate` applies them."""
