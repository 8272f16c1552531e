"""Checks over what was read: sums, order of days, evidence. A failed check is a warning; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence

from exeat.read.model import Mention, Metadata, Text, TimeValue, Warning_

PARTS = ("items_added", "items_deleted", "items_modified")
SHORT = 4  # parties named in a list of which a count is given; below that the list is only examples


def check(
    text: Text, metadata: Metadata | None, times: Sequence[TimeValue], mentions: Sequence[Mention]
) -> list[Warning_]:
    """All checks, in the order of the mentions."""
    return [*_sums(mentions), *_days(mentions), *_evidence(text, mentions)]


def sums(mentions: Sequence[Mention]) -> list[tuple[int, tuple[int, ...]]]:
    """Each stated total of a catalogue's entries with the parts stated beside it: 53 with (9, 23, 21)."""
    found = []
    for total in mentions:
        for count in total.quantities:
            if count.role != "items_affected":
                continue
            parts: dict[tuple[str, int, str], int] = {}
            for mention in mentions:
                for part in mention.quantities:
                    if part.role in PARTS:
                        parts[part.role, part.value, part.text] = part.value
            values = {(role, value) for role, value, _ in parts}
            if values:
                found.append((count.value, tuple(value for _, value in sorted(values))))
    return found


def _sums(mentions: Sequence[Mention]) -> list[Warning_]:
    return [
        Warning_("check.sum", f"{total} is stated, the parts {' + '.join(map(str, parts))} make {sum(parts)}")
        for total, parts in sums(mentions)
        if sum(parts) != total
    ]


def _days(mentions: Sequence[Mention]) -> list[Warning_]:
    found = []
    for mention in mentions:
        start, effect = mention.announced, mention.effective
        if (
            start
            and effect
            and len(start.value) == len(effect.value) == 10
            and effect.value < start.value
            and mention.status != "superseded"
        ):
            found.append(
                Warning_(
                    "check.effect-before-announcement",
                    f"{mention.id}: in effect {effect.value}, announced {start.value}",
                )
            )
    return found


def _evidence(text: Text, mentions: Sequence[Mention]) -> list[Warning_]:
    return [
        Warning_("check.evidence", f"{mention.id}: the quotation is not in the text")
        for mention in mentions
        for one in mention.evidence
        if text.text[one.start : one.end] != one.quote
    ]
