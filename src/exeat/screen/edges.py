"""Edges of ownership and standings of owners, from tables and from FollowTheMoney entities.

A table of edges has the columns ``owner``, ``owned`` and ``share``, and may have ``kind``, ``from``, ``until``,
``recorded``, ``source``, ``id``, ``owner_kind`` and ``owner_name``. A table of standings has ``id`` and ``state``, and
may have ``lists``, ``searched``, ``kind`` and ``name``. Every fault names its line, and none is passed over: an edge
left out would be a share in nobody's hands.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, cast, get_args

import msgspec

from exeat.errors import InputError, InputErrors, nearest
from exeat.screen.book import Fault, Row, decoded, read_raw, table
from exeat.screen.ownership import KINDS, SHARES, Edge, State, Status, list_names

COLUMNS = ("owner", "owned", "share", "kind", "from", "until", "recorded", "source", "id", "owner_kind", "owner_name")
STANDING = ("id", "state", "lists", "searched", "kind", "name")
OWNER_KINDS = ("person", "organisation", "state", "public", "")
DAY = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,40})?|[0-9]{1,20}/[0-9]{1,20}")
RANGE = re.compile(r"\[?([^\[\]]+?)(?:\.\.|–|—|-|,\s|\bto\b|至)([^\[\]]+?)\]?")
BOUNDS = {">": True, ">=": True, "≥": True, "<": False, "<=": False, "≤": False}
UNKNOWN = ("", "unknown", "?", "n/a", "未知", "不详")
SCHEMATA = {"Ownership": ("owner", "asset"), "Directorship": ("director", "organization")}
PEOPLE = {"Person": "person", "PublicBody": "state", "Company": "organisation", "Organization": "organisation"}


class Edges(msgspec.Struct, frozen=True):
    """What some files say: edges, and of owners the kind and name where told."""

    edges: tuple[Edge, ...]
    kinds: Mapping[str, str]
    names: Mapping[str, str]


def read_edges(paths: Iterable[Path]) -> Edges:
    """The edges of some files (tables, or FollowTheMoney entities as JSON lines).

    Raises:
        InputErrors: everything that was wrong with them.
    """
    reader = _Reader()
    for path in paths:
        reader.file(path)
    if reader.errors:
        raise InputErrors(reader.errors)
    return Edges(tuple(reader.edges), reader.kinds, reader.names)


def share(word: str) -> tuple[Fraction, Fraction]:
    """A share as written, as a range: ``50``, ``50 %``, ``1/3``, ``25-50``, ``[30, 40]``, ``>25``, ``unknown``.

    An open end of a range is counted in with the range, so that nothing is lost.

    Raises:
        InputError: it is none of these, or not between 0 and 100.
    """
    text = word.replace("%", " ").replace("％", " ").strip()
    if text.casefold() in UNKNOWN:
        return Fraction(0), Fraction(100)
    bound = re.match(r"(>=|<=|[<>≥≤])\s*", text)
    if bound:
        limit = _number(text[bound.end() :], word)
        return (limit, Fraction(100)) if BOUNDS[bound.group(1)] else (Fraction(0), limit)
    if NUMBER.fullmatch(text):
        only = _number(text, word)
        return only, only
    ends = RANGE.fullmatch(text)
    if ends:
        low, high = (_number(end, word) for end in ends.groups())
        if low <= high:
            return low, high
    raise _not_a_share(word)


def _number(text: str, word: str) -> Fraction:
    text = text.strip()
    if NUMBER.fullmatch(text):
        over, _, under = text.partition("/")
        if not under or int(under):
            found = Fraction(int(over), int(under)) * 100 if under else Fraction(over.replace(",", "."))
            if 0 <= found <= 100:
                return found
    raise _not_a_share(word)


def _not_a_share(word: str) -> InputError:
    allowed = "per cent from 0 to 100: 50, 49.995, 25-50, >25, 1/3 (of the whole) or unknown"
    return InputError("not a share", path="share", found=word, allowed=allowed)


class _Reader:
    def __init__(self) -> None:
        self.edges: list[Edge] = []
        self.kinds: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.errors: list[InputError] = []

    def file(self, path: Path) -> None:
        name = str(path)
        try:
            raw = read_raw(path, name)
            if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
                self._entities(raw, name)
            else:
                self._table(raw, name)
        except InputError as error:
            self.errors.append(error.of_file(name))

    # --- tables

    def _table(self, raw: bytes, name: str) -> None:
        heads, rows, _, _ = table(raw, name)
        _check_heads(heads, COLUMNS, COLUMNS[:3], name)
        for row in rows:
            if isinstance(row, Fault):
                self.errors.append(row.error)
                continue
            try:
                self._edge(row, name)
            except InputError as error:
                self.errors.append(_at(error, name, row.line))

    def _edge(self, row: Row, name: str) -> None:
        cells = row.fields
        kind = cells.get("kind", "") or "shares"
        _one_of(kind, KINDS, "kind")
        low, high = share(cells.get("share", "")) if kind in SHARES else (Fraction(100), Fraction(100))
        for key in ("from", "until", "recorded"):
            _day(cells.get(key, ""), key)
        if len(cells.get("recorded", "")) not in (0, 10):
            raise InputError("a whole day is needed", path="recorded", found=cells["recorded"], allowed="YYYY-MM-DD")
        owner, owned = _named(cells, "owner"), _named(cells, "owned")
        days = cells.get("from", ""), cells.get("until", ""), cells.get("recorded", "")
        if days[0] and days[1] and days[1] < days[0][: len(days[1])]:
            raise InputError("it ends before it begins", path="until", found=days[1])
        source = cells.get("source", "")
        self.edges.append(Edge(owner, owned, low, high, kind, *days, source, cells.get("id", ""), name, row.line))
        self._owner(owner, cells.get("owner_kind", ""), cells.get("owner_name", ""))

    def _owner(self, owner: str, kind: str, called: str) -> None:
        _one_of(kind, OWNER_KINDS, "owner_kind")
        if kind and self.kinds.setdefault(owner, kind) != kind:
            raise InputError(
                "elsewhere it is of another kind", path="owner_kind", found=kind, allowed=self.kinds[owner]
            )
        if called:
            self.names.setdefault(owner, called)

    # --- FollowTheMoney

    def _entities(self, raw: bytes, name: str) -> None:
        text, _ = decoded(raw, name)
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    self._entity(_object(line), name, number)
                except InputError as error:
                    self.errors.append(_at(error, name, number))

    def _entity(self, entity: dict[str, Any], name: str, line: int) -> None:
        schema, id_, properties = entity.get("schema"), str(entity.get("id", "")), entity.get("properties")
        if not isinstance(schema, str) or not isinstance(properties, dict):
            raise InputError("not a FollowTheMoney entity", allowed="id, schema and properties")
        if schema not in SCHEMATA:
            if schema in PEOPLE:
                self._owner(id_, PEOPLE[schema], "")
            called = _values(properties, "name")
            if called and id_:
                self.names.setdefault(id_, called[0])
            return
        ends = [_values(properties, key) for key in SCHEMATA[schema]]
        if not all(ends):
            raise InputError("an end of the relation is missing", path=f"properties.{SCHEMATA[schema][0]}", found=id_)
        kind = "director" if schema == "Directorship" else _ftm_kind(properties)
        low, high = _ftm_share(properties, kind)
        if any(len(set(_values(properties, key))) > 1 for key in ("startDate", "endDate")):
            low = Fraction(0)  # its sources differ on when, so that on no day it is sure
        days = (
            _ftm_day(properties, "startDate", min),
            _ftm_day(properties, "endDate", max),
            str(entity.get("first_seen", ""))[:10],
        )
        _day(days[2], "first_seen")
        source = (_values(properties, "sourceUrl") or _values(properties, "publisher") or [id_])[0]
        for owner in ends[0]:
            for owned in ends[1]:
                statement = f"{id_}/{owner}/{owned}" if id_ else ""
                self.edges.append(Edge(owner, owned, low, high, kind, *days, source, statement, name, line))


def _object(line: str) -> dict[str, Any]:
    try:
        loaded = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError("not one JSON object on one line", found=line) from None
    if not isinstance(loaded, dict):
        raise InputError("not a JSON object", found=line)
    return loaded


def _values(properties: dict[str, Any], key: str) -> list[str]:
    """The values of a property; an end of a relation may be a nested entity."""
    found = properties.get(key) or []
    parts = found if isinstance(found, list) else [found]
    values = [str(part.get("id", "")) if isinstance(part, dict) else str(part) for part in parts]
    return [value.strip() for value in values if value.strip()]


def _ftm_share(properties: dict[str, Any], kind: str) -> tuple[Fraction, Fraction]:
    """The widest range over the values given: where sources differ, neither is believed alone."""
    if kind not in SHARES:
        return Fraction(100), Fraction(100)
    ranges = [share(word) for word in _values(properties, "percentage")] or [share("unknown")]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _ftm_kind(properties: dict[str, Any]) -> str:
    said = " ".join(_values(properties, "ownershipType")).casefold()
    return "voting" if "voting" in said else "control" if "control" in said else "shares"


def _ftm_day(properties: dict[str, Any], key: str, pick: Any) -> str:
    days = [word[:10] for word in _values(properties, key)]
    for day in days:
        _day(day, key)
    return str(pick(days)) if days else ""


# --- standings


def read_standings(path: Path) -> dict[str, Status]:
    """A table of what screening says of owners.

    Raises:
        InputErrors: everything that was wrong with it.
    """
    name = str(path)
    try:
        heads, rows, _, _ = table(read_raw(path, name), name)
        _check_heads(heads, STANDING, STANDING[:2], name)
    except InputError as error:
        raise InputErrors([error.of_file(name)]) from None
    found: dict[str, Status] = {}
    errors: list[InputError] = []
    for row in rows:
        if isinstance(row, Fault):
            errors.append(row.error)
            continue
        try:
            status = _standing(row.fields)
            if found.setdefault(status.id, status) != status:
                raise InputError("it stands here twice, and differently", path="id", found=status.id)
        except InputError as error:
            errors.append(_at(error, name, row.line))
    if errors:
        raise InputErrors(errors)
    return found


def _standing(cells: Mapping[str, str]) -> Status:
    state = cells.get("state", "")
    _one_of(state, get_args(State), "state")
    _one_of(cells.get("kind", ""), OWNER_KINDS, "kind")
    return Status(
        _named(cells, "id"),
        cast("State", state),
        lists_of(cells.get("lists", ""), "lists"),
        lists_of(cells.get("searched", ""), "searched"),
        cells.get("kind", ""),
        cells.get("name", ""),
    )


def lists_of(text: str, path: str) -> frozenset[str]:
    """``entity-list;ofac-sdn`` as list ids.

    Raises:
        InputError: a list that no rule knows.
    """
    words = [word.strip() for word in text.split(";") if word.strip()]
    for word in words:
        _one_of(word, list_names(), path)
    return frozenset(list_names()[word] for word in words)


def standing_of(word: str) -> Status:
    """``ID`` or ``ID=LIST;LIST`` as a listed owner."""
    id_, _, lists = word.partition("=")
    if not id_.strip():
        raise InputError("not ID or ID=LIST", path="--listed", found=word)
    return Status(id_.strip(), "listed", lists_of(lists, "--listed"))


def standings(read: Edges, listed: Iterable[str], screened: Iterable[str]) -> tuple[dict[str, Status], dict[str, str]]:
    """What is known of every node of the edges, and what they are called.

    Args:
        read: the edges.
        listed: tables of standings, and listed owners as ``ID`` or ``ID=LIST;LIST``.
        screened: ids that were screened without a hit, or ``all`` for whomever nothing else is said of.

    Raises:
        InputErrors: a table that is wrong, an id that nothing is known of, one that is both listed and screened, ids
            that look the same, or a person of whom shares are held.
    """
    nodes = {end for edge in read.edges for end in (edge.owner, edge.owned)}
    given: dict[str, Status] = {}
    typed: set[str] = set()
    errors: list[InputError] = []
    for word in listed:
        if "=" not in word and Path(word).is_file():
            more = read_standings(Path(word))
        else:
            status = standing_of(word)
            more = {status.id: status}
            typed.add(status.id)
        for id_, status in more.items():
            if given.setdefault(id_, status) != status:
                errors.append(InputError("two standings of one owner", path="--listed", found=id_))
    errors += _alike(nodes | set(given))
    found = {node: Status(node) for node in nodes} | given
    for id_ in screened:
        if id_ != "all" and id_ not in nodes:
            errors.append(_nobody(id_, nodes, "--screened"))
        elif id_ in given:
            errors.append(InputError("it has a standing already", path="--screened", found=id_))
    if "all" in screened:  # a listed owner whose id is misspelt here would be screened without a hit there
        typed = {id_ for id_, status in given.items() if status.state != "not listed"}
    errors += [_nobody(id_, nodes, "--listed") for id_ in sorted(typed - nodes)]
    if errors:
        raise InputErrors(errors)
    clean = nodes - set(given) if "all" in screened else set(screened)
    for id_, status in found.items():
        state: State = "not listed" if id_ in clean else status.state
        kind, called = status.kind or read.kinds.get(id_, ""), status.name or read.names.get(id_, "")
        found[id_] = msgspec.structs.replace(status, state=state, kind=kind, name=called)
    errors += [
        InputError("it is owned, and yet of a kind that nobody owns", file=edge.file, line=edge.line, found=edge.owned)
        for edge in read.edges
        if edge.kind in SHARES and found[edge.owned].kind not in ("", "organisation")
    ]
    if errors:
        raise InputErrors(errors)
    return found, {id_: status.name for id_, status in found.items() if status.name}


def _alike(ids: Iterable[str]) -> Iterator[InputError]:
    """Ids that differ only in case, width or spaces: one owner under two of them would be listed here, clean there."""
    seen: dict[str, str] = {}
    for id_ in sorted(ids):
        other = seen.setdefault("".join(unicodedata.normalize("NFKC", id_).casefold().split()), id_)
        if other != id_:
            yield InputError("two ids that look the same", found=id_, hint=f"write it as {other!r} everywhere")


def _nobody(id_: str, nodes: Iterable[str], path: str) -> InputError:
    return InputError("nobody of that id in the edges", path=path, found=id_, hint=nearest(id_, nodes))


# --- checks


def _check_heads(heads: tuple[str, ...], known: tuple[str, ...], needed: tuple[str, ...], name: str) -> None:
    for head in heads:
        if head not in known:
            raise InputError(
                "not a column of this table",
                file=name,
                line=1,
                found=head,
                allowed=", ".join(known),
                hint=nearest(head, known),
            )
    missing = [head for head in needed if head not in heads]
    if missing:
        raise InputError(f"the column {missing[0]!r} is missing", file=name, line=1, allowed=", ".join(known))


def _one_of(word: str, allowed: Iterable[str], path: str) -> None:
    words = list(allowed)
    if word not in words:
        shown = ", ".join(filter(None, words))
        raise InputError("not an allowed word", path=path, found=word, allowed=shown, hint=nearest(word, words))


def _named(cells: Mapping[str, str], key: str) -> str:
    if not cells.get(key):
        raise InputError("it is missing", path=key)
    return cells[key]


def _day(word: str, key: str) -> None:
    if word and not DAY.fullmatch(word):
        raise InputError("not a day", path=key, found=word, allowed="YYYY-MM-DD, YYYY-MM or YYYY")


def _at(error: InputError, name: str, line: int) -> InputError:
    return InputError(
        error.problem, file=name, line=line, path=error.path, found=error.found, allowed=error.allowed, hint=error.hint
    )
