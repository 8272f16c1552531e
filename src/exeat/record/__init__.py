"""Decisions kept: an append-only ledger in a chain of hashes, its store, re-runs, and how long it must be kept.

`exeat.record.ledger.Record` is the way in.
"""
