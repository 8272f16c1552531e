"""Answers for people: a decision as text, as a web page, as a tree of reasons, and without the parties' names."""
