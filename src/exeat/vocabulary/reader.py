"""YAML and JSON read as written: every scalar is a word, and every word knows its line.

YAML's implicit types would turn ``NO`` (Norway) into False and the ECCN ``1E001`` into ten; here nothing is guessed,
the vocabulary gives the types. Anchors, aliases, tags, merge keys, several documents and duplicate keys are refused:
they are where documents hide code, bombs and mistakes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from exeat.errors import InputError

MAX_BYTES = 4 * 1024 * 1024  # the largest law file is below 100 kB; room for a catalogue, none for a bomb
MAX_DEPTH = 40  # the deepest condition in the law nests below 12
MAX_NODES = 400_000
# Control characters (but tab and line ends), lone surrogates, byte-order marks: they steer terminals and break output.
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


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
    return read_text(decode(read_bytes(path, shown), shown), shown)


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, or no more than one beyond what is allowed.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=name) from None


def decode(raw: bytes, name: str) -> str:
    """UTF-8 bytes as text (a byte-order mark is dropped).

    Raises:
        InputError: too much of it, not UTF-8, or control characters in it.
    """
    if len(raw) > MAX_BYTES:
        raise InputError("the file is too large", file=name, allowed=f"{MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8 text", file=name, line=line, hint="save the file as UTF-8") from None
    hidden = HIDDEN.search(text)
    if hidden:
        raise _hidden(hidden, name, text.count("\n", 0, hidden.start()) + 1)
    return text


def _hidden(found: re.Match[str], name: str, line: int = 0, path: str = "") -> InputError:
    code = f"U+{ord(found.group()):04X}"
    return InputError("a control character is not allowed", file=name, line=line, path=path, found=code)


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
                raise InputError("the key stands twice", file=name, path=_shown(key))
            found[_json_word(key, name)] = _as_node(value, name)
        return found

    def refuse(constant: str) -> str:
        raise InputError("not a number", file=name, found=constant)

    try:
        loaded = json.loads(text, object_pairs_hook=pairs, parse_float=Word, parse_int=Word, parse_constant=refuse)
    except RecursionError:
        raise InputError("nested too deep", file=name, allowed=f"{MAX_DEPTH} levels") from None
    node = _as_node(loaded, name)
    _check_depth(node, name)
    return node


def _as_node(value: Any, name: str) -> Node:
    if isinstance(value, list):
        return Seq(_as_node(part, name) for part in value)
    if isinstance(value, Map):
        return value
    if value is True or value is False:
        return Word("true" if value else "false")
    if value is None:
        raise InputError("null is not a value", file=name, hint="leave the fact out, or say `unknown`")
    return _json_word(value, name)


def _json_word(value: str, name: str) -> Word:
    hidden = HIDDEN.search(value)  # written as an escape, so `decode` did not see it
    if hidden:
        raise _hidden(hidden, name, path=_shown(value))
    return Word(value)


def _shown(value: str) -> str:
    return HIDDEN.sub("?", value[:60])


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
        except RecursionError:
            raise InputError("nested too deep", file=self.name, allowed=f"{MAX_DEPTH} levels") from None

    def _document(self, events: Any) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    mark: Any = event.start_mark
                    raise InputError("more than one document", file=self.name, line=mark.line + 1)
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
            hidden = HIDDEN.search(event.value)
            if hidden:
                raise _hidden(hidden, self.name, line)
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
                raise InputError("a key must be a word", file=self.name, line=event.start_mark.line + 1)
            if key in found:
                raise InputError("the key stands twice", file=self.name, line=key.line, path=key)
            if key == "<<":
                raise InputError("merge keys are not allowed", file=self.name, line=key.line)
            found[key] = self._node(next(events), events, depth + 1)
        return found
