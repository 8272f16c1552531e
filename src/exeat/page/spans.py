"""A document's text cut at the edges of its mentions' evidence, so that a page can mark each where it stands."""

from __future__ import annotations

import itertools

import msgspec

from exeat.read.model import Document


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text, and the mentions whose evidence covers it (none for what lies between)."""

    text: str
    mentions: tuple[str, ...] = ()


def pieces(document: Document) -> tuple[tuple[Piece, ...], ...]:
    """The text by paragraphs, each in pieces; put together again they are the text to the letter."""
    text = document.text.text
    spans = [
        (one.start, one.end, mention.id)
        for mention in document.mentions
        for one in mention.evidence
        if 0 <= one.start < one.end <= len(text)
    ]
    edges = {0, len(text), *(place for start, end, _ in spans for place in (start, end))}
    breaks = {place + 1 for place, char in enumerate(text) if char == "\n"}
    cuts = sorted(edges | breaks)
    paragraphs: list[list[Piece]] = [[]]
    for start, end in itertools.pairwise(cuts):
        if start in breaks:
            paragraphs.append([])
        over = tuple(dict.fromkeys(key for first, last, key in spans if first < end and last > start))
        paragraphs[-1].append(Piece(text[start:end], over))
    return tuple(tuple(paragraph) for paragraph in paragraphs)
