"""Parties against dated lists: reading the lists, keeping them, finding names in any script, ownership.

Everything here suggests. A hit is a candidate until a person confirms or dismisses it.
"""
