"""Benches: how fast exeat decides, starts, and how well the cases guard the law. Run ``python -m bench``."""
