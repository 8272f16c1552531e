"""YAML and JSON read as written: every scalar is a word, and every word knows its line.

YAML's implicit types would turn ``NO`` (Norway) into False and the ECCN ``1E001`` into ten; here nothing is guessed, the
vocabulary gives the types. Anchors, aliases, tags, merge keys, several documents and duplicate keys are refused: they
are where documents hide code, bombs and mistakes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from exeat.errors import InputError

MAX_BYTES = 4 * 1024 * 1024  # the largest law file is below 100 kB; room for a catalogue, none for a bomb
MAX_DEPTH = 40  # the deepest condition in the law nests below 12
MAX_NODES = 400_000


class Word(str):
    """A scalar as it was written, with its line (from 1; 0 if not known)."""

    line: int = 0

    def __new__(cls, text: str, line: int = 0) -> Word:
        word = super().__new__(cls, text)
        word.line = line
        return word


class Map(dict[str, Any]):
    """A mapping in document order; its keys are `Word` s and it knows its line."""

    line: int = 0


class Seq(list[Any]):
    """A sequence that knows its line."""

    line: int = 0


Node = Word | Map | Seq


def line_of(node: object) -> int:
    """The line a node stands on, or 0."""
    return getattr(node, "line", 0)


def read_file(path: Path, name: str = "") -> Node:
    """Read one YAML or JSON file.

    Raises:
        InputError: it cannot be read, is too large or deep, is not UTF-8, or holds what is refused.
    """
    shown = name or str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError("the file is too large", file=shown, found=f"{size} bytes", allowed=f"{MAX_BYTES} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=shown) from None
    return read_text(decode(raw, shown), shown)


def decode(raw: bytes, name: str) -> str:
    """UTF-8 bytes as text (a byte-order mark is dropped)."""
    if len(raw) > MAX_BYTES:
        raise InputError("the document is too large", file=name, allowed=f"{MAX_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8 text", file=name, line=line, hint="save the file as UTF-8") from None


def read_text(text: str, name: str) -> Node:
    """Read a document: JSON if it begins with ``{``, YAML otherwise."""
    if text.lstrip()[:1] == "{":
        try:
            return _read_json(text, name)
        except json.JSONDecodeError as error:
            if name.endswith(".json"):
                raise InputError(f"not JSON: {error.msg}", file=name, line=error.lineno) from None
    return _Builder(name).read(text)


def _read_json(text: str, name: str) -> Node:
    def pairs(items: list[tuple[str, Any]]) -> Map:
        found = Map()
        for key, value in items:
            if key in found:
                raise InputError("the key stands twice", file=name, path=key)
            found[Word(key)] = _as_node(value)
        return found

    def refuse(constant: str) -> str:
        raise InputError("not a number", file=name, found=constant)

    try:
        loaded = json.loads(text, object_pairs_hook=pairs, parse_float=Word, parse_int=Word, parse_constant=refuse)
    except RecursionError:
        raise InputError("nested too deep", file=name, allowed=f"{MAX_DEPTH} levels") from None
    node = _as_node(loaded)
    _check_depth(node, name)
    return node


def _as_node(value: Any) -> Node:
    if isinstance(value, list):
        return Seq(_as_node(part) for part in value)
    if isinstance(value, Map):
        return value
    if value is True or value is False:
        return Word("true" if value else "false")
    return Word("" if value is None else value)


def _check_depth(node: Node, name: str, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise InputError("nested too deep", file=name, allowed=f"{MAX_DEPTH} levels")
    parts = node.values() if isinstance(node, Map) else node if isinstance(node, Seq) else ()
    for part in parts:
        _check_depth(part, name, depth + 1)


class _Builder:
    """Builds nodes from the parser's events, refusing what is not plain."""

    def __init__(self, name: str) -> None:
        self.name, self.nodes = name, 0

    def read(self, text: str) -> Node:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            events = yaml.parse(text, Loader=loader)
            return self._document(events)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).splitlines()[0]
            line = mark.line + 1 if mark else 0
            raise InputError(f"not YAML: {problem}", file=self.name, line=line) from None

    def _document(self, events: Any) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise InputError("more than one document", file=self.name, line=event.start_mark.line + 1)
                node = self._node(next(events), events, 0)
        if node is None or node == "":
            raise InputError("the file is empty", file=self.name)
        return node

    def _node(self, event: Any, events: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise InputError("nested too deep or too long", file=self.name, line=line, allowed=f"{MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise InputError("anchors and aliases are not allowed", file=self.name, line=line, hint="write it out")
        if event.tag:
            raise InputError("tags are not allowed", file=self.name, line=line, found=event.tag)
        if isinstance(event, yaml.ScalarEvent):
            return Word(event.value, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, line, depth)
        return self._mapping(events, line, depth)

    def _sequence(self, events: Any, line: int, depth: int) -> Seq:
        found = Seq()
        found.line = line
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, events, depth + 1))
        return found

    def _mapping(self, events: Any, line: int, depth: int) -> Map:
        found = Map()
        found.line = line
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, depth + 1)
            if not isinstance(key, Word):
                raise InputError("a key must be a word", file=self.name, line=line)
            if key in found:
                raise InputError("the key stands twice", file=self.name, line=key.line, path=key)
            if key == "<<":
                raise InputError("merge keys are not allowed", file=self.name, line=key.line)
            found[key] = self._node(next(events), events, depth + 1)
        return found
