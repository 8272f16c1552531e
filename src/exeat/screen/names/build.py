"""From text to ``Analysed``."""

from __future__ import annotations

from exeat.screen.names.analysed import NAME, Analysed, Reading


def analyse(text: str, kind: str = "") -> Analysed:
    """The name as it is compared; ``kind`` (of the party, "" unknown) settles what "SA" or "von" is."""
    words = tuple(text.casefold().split())  # stub: the interface first
    n = len(words)
    reading = Reading(words, (NAME,) * n, (1000,) * n, words, "".join(words))
    return Analysed(text, kind, "Latin", (reading,), " ".join(sorted(words)))
