"""Reading news, feeds and gazettes: documents become measure mentions with evidence, linked to the rulebook.

Deterministic, offline, explainable. What is read is a suggestion: it becomes law or fact only when a person confirms
it.
"""
