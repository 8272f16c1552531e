"""Deciding: pure functions from a rulebook and a transaction to a decision. No I/O, no clock of its own."""
