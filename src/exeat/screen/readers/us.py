"""What the United States' lists share: kinds, names, and the words OFAC uses for facts about a party."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exeat.screen.catalogue import fold, identifier_labels
from exeat.screen.identifiers import identifier, kind_of
from exeat.screen.model import NameKind, PartyKind
from exeat.screen.readers.batch import Record, gender, last_first
from exeat.screen.readers.source import Source

KINDS: dict[str, PartyKind] = {
    "individual": "person",
    "entity": "organisation",
    "vessel": "vessel",
    "aircraft": "aircraft",
}
ALIAS_KINDS = {"fka": "former", "formerlyknownas": "former"}
LONGEST_LABEL = 9  # words
# Programmes of OFAC's other lists. An SDN may be on those lists too, yet has a programme of its own beside them.
NOT_SDN = {"NS-PLC", "CMIC-EO13959"}


def take_name(record: Record, text: str, alias_type: str = "", weak: bool = False, primary: bool = False) -> None:
    """A name as OFAC writes it: ``LAST, First`` for persons, whole for all others."""
    family, given = last_first(text) if record.kind == "person" else ("", "")
    former = fold(alias_type) in ALIAS_KINDS
    kind: NameKind = "primary" if primary else "former" if former else "alias"
    record.name(text, kind, "weak" if weak else "" if primary else "strong" if alias_type else "", "", family, given)


def need_sdn(record: Record, source: Source, line: int) -> None:
    """See to it that an entry of a form that does not name its list can be of the SDN List.

    Raises:
        InputError: all its programmes are of other lists, so this is the consolidated publication in the same form.
    """
    if record.programmes and set(record.programmes) <= NOT_SDN:
        raise source.fail(
            "the consolidated (non-SDN) lists in a form that does not say which list an entry is on",
            line,
            f"entity {record.entry}",
            ", ".join(record.programmes),
            hint="take CONS_ENHANCED.XML or CONS_ADVANCED.XML instead",
        )


def note_of(*parts: tuple[str, str]) -> str:
    """What is said of a number, its words before each text: ``issued 1 Jan 2001; expires 1 Jan 2011``."""
    return "; ".join(f"{said} {text}".strip() for said, text in parts if text)


def take_fact(record: Record, label: str, value: str, where: str = "", note: str = "") -> None:
    """A labelled fact: gender, a number, or a remark where the label names neither."""
    key = fold(label)
    if key == "gender":
        record.gender = record.gender or gender(value)
        return
    if value.upper().startswith("IMO "):  # owners and managers have numbers of the same form and another check digit
        label, value = "IMO" if record.kind == "vessel" else "IMO company number", value[4:]
    kind = kind_of(label)
    if kind == "other" and not re.search(r"(?:no\.?|number|#|\bid)$", label.strip(), re.I):
        told = f"{label.rstrip(':')}: {value}".strip(": ")
        record.remarks.append(f"{told} ({note})." if note else f"{told}.")
        return
    record.number(identifier(label, value, where, note))


def take_remarks(record: Record, text: str) -> None:
    """OFAC's remarks, a sentence of segments: ``DOB 1962; POB Tehran, Iran; Passport A1 (Iran); Linked To: X.``"""
    for segment in _segments(text):
        _segment(record, segment)


def _segments(text: str) -> Iterator[str]:
    for part in text.split("; "):
        found = part.strip().removeprefix("alt. ").strip(" ;")
        if found.endswith(".") and not re.search(r"\b(?:Co|Ltd|Inc|S\.A|Jr|Sr|No)\.$", found):
            found = found[:-1]
        if found:
            yield found


_STARTS = re.compile(r"(?P<what>DOB|POB|nationality|citizen|Gender)\s+(?P<value>\S.*)", re.S)
_LINKED = re.compile(r"\(?Linked To: (?P<value>[^)]+(?:\([^)]*\)[^)]*)*)\)?\.?", re.S)
_ALSO = re.compile(r"(?P<type>[afn]\.k\.a\.),? ['‘](?P<value>.+?)['’]\.?")
_VALUE = re.compile(r"(?P<value>.+?)(?:\s+\((?P<where>[^()]+)\))?(?:\s+(?P<note>(?:issued|expires)\b.*))?")


def _segment(record: Record, segment: str) -> None:
    if found := _STARTS.fullmatch(segment):
        what, value = found["what"], found["value"]
        if what == "DOB":
            record.birth(value, american=True)
        elif what == "POB":
            record.birth_places.append(value)
        elif what == "Gender":
            record.gender = record.gender or gender(value)
        else:
            record.land(what, value)
    elif found := _LINKED.fullmatch(segment):
        record.linked_to.append(found["value"])
    elif found := _ALSO.fullmatch(segment):
        take_name(record, found["value"], found["type"].replace(".", ""), weak=True)
    elif label := _label(segment):
        value = segment[len(label) :].strip()
        held = _VALUE.fullmatch(value)
        if held:
            take_fact(record, label, held["value"], held["where"] or "", held["note"] or "")
    else:
        record.remarks.append(f"{segment}.")


def _label(segment: str) -> str:
    """The words a segment begins with that label a number, the longest; "" if there are none or nothing follows."""
    labels = identifier_labels()
    words = segment.split(" ")
    for count in range(min(len(words) - 1, LONGEST_LABEL), 0, -1):
        start = " ".join(words[:count])
        key = fold(start)
        if key.startswith("digitalcurrencyaddress"):
            return " ".join(words[:5]) if words[3:4] == ["-"] else start
        if key in labels and len(key) > 1:
            return start
    return ""
