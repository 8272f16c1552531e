"""How a register takes the entries of an official list: its ``fed by``."""

from __future__ import annotations

import re

from exeat.errors import nearest
from exeat.rulebook.model import DECIDING, Feed, Reading
from exeat.vocabulary.model import Vocabulary
from exeat.vocabulary.reader import Seq
from exeat.vocabulary.take import Taker

FIELDS = ("name", "aliases", "countries", "requirement", "policy", "programmes", "citation", "remarks")


def read_feed(taker: Taker, columns: dict[str, str], vocabulary: Vocabulary) -> Feed:
    """The ``fed by`` of a register file.

    Raises:
        InputError: a column, field, code or phrase that is not known or cannot be read.
    """
    one = Taker(taker.need("fed by"), taker.file, taker.at("fed by"))
    readings = {}
    for column, body in one.map("columns").items():
        if column not in columns:
            one.fail("no such column", column, f"columns.{column}", hint=nearest(str(column), columns))
        readings[str(column)] = _reading(
            Taker(body, one.file, one.at(f"columns.{column}")), columns[column], vocabulary
        )
    feed = Feed(one.name("list"), readings, one.one_of("at most", DECIDING, ""))
    one.done()
    return feed


def _reading(taker: Taker, kind: str, vocabulary: Vocabulary) -> Reading:
    field = taker.one_of("field", FIELDS)
    list_name = kind.partition(" ")[2]
    says = []
    for code, phrases in taker.map("says").items():
        for one in str(code).split(" ") if kind.startswith("codes ") else [str(code)]:
            if list_name and one not in vocabulary.lists[list_name].codes:
                hint = nearest(one, vocabulary.lists[list_name].codes)
                taker.fail("no such code", code, f"says.{code}", hint=hint)
        words = tuple(str(phrase) for phrase in phrases) if isinstance(phrases, Seq) else (str(phrases),)
        for word in words:
            try:
                re.compile(word)
            except re.error as error:
                taker.fail(f"not a pattern: {error}", code, f"says.{code}")
        says.append((str(code), words))
    taker.done()
    return Reading(field, tuple(says))
