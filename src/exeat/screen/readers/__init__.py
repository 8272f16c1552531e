"""Readers of list files: one module for each family of official formats, told apart by what a file begins with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import msgspec

from exeat.errors import InputError, nearest
from exeat.screen.catalogue import Catalogue, catalogue
from exeat.screen.readers import bis_dpl, compiled, csl, eu, ftm, ofac_csv, ofac_xml, tidy, uk, un
from exeat.screen.readers.batch import Batch
from exeat.screen.readers.source import Source

__all__ = ["FORMATS", "Batch", "Format", "Source", "read", "sniff"]


class Format(msgspec.Struct, frozen=True):
    """One format: how to tell it by a file's beginning, and its reader. ``version`` moves when the reading changes."""

    name: str
    says: str
    tells: Callable[[str], bool]
    read: Callable[[list[Source], Batch], None]
    version: int = 1

    @property
    def reader(self) -> str:
        """How a list version names the reader that made it."""
        return f"{self.name}/{self.version}"


def _root(*names: str) -> Callable[[str], bool]:
    """XML whose first element has one of these names, with or without a prefix."""
    pattern = re.compile(rf"<(?:\w+:)?(?:{'|'.join(names)})[\s>/]")
    prolog = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>)*", re.S)

    def tells(text: str) -> bool:
        start = prolog.match(text)
        return text.startswith("<") and bool(pattern.match(text, start.end() if start else 0))

    return tells


def _json(*keys: str) -> Callable[[str], bool]:
    """A JSON object with these keys among its first."""
    return lambda text: text.startswith("{") and all(re.search(rf'"{key}"\s*:', text) for key in keys)


def _line(start: str) -> Callable[[str], bool]:
    return lambda text: text.startswith(start)


def _ofac_csv(text: str) -> bool:
    first = text.partition("\n")[0]
    return bool(re.match(r"\d+,", first)) and "-0-" in text


_FORMATS = (
    Format(
        "csl-json",
        "Consolidated Screening List, JSON of trade.gov",
        _json("results", "source", "alt_names"),
        csl.read_json,
    ),
    Format(
        "csl-compact",
        "Consolidated Screening List, compacted JSON",
        _json("entryCount", "countsBySource"),
        csl.read_compact,
    ),
    Format(
        "csl-csv",
        "Consolidated Screening List, 29-column CSV",
        _line("_id,source,entity_number,"),
        csl.read_csv,
        version=2,
    ),
    Format("ofac-enhanced-xml", "OFAC ENHANCED_XML", _root("sanctionsData"), ofac_xml.read_enhanced, version=2),
    Format("ofac-advanced-xml", "OFAC ADVANCED_XML", _root("Sanctions"), ofac_xml.read_advanced, version=2),
    Format("ofac-sdn-xml", "OFAC SDN.XML", _root("sdnList"), ofac_xml.read_classic, version=2),
    Format("ofac-csv", "OFAC SDN.CSV, ALT.CSV, ADD.CSV and comments", _ofac_csv, ofac_csv.read, version=2),
    Format("bis-dpl", "Denied Persons List, tab-separated", _line('"Name"\t"Street_Address"'), bis_dpl.read),
    Format("un-xml", "UN consolidated list, XML", _root("CONSOLIDATED_LIST"), un.read, version=2),
    Format("eu-fsf-xml", "EU Financial Sanctions File, schema 1.1", _root("export"), eu.read_fsf, version=2),
    Format("eu-fsf-whole-xml", "EU Financial Sanctions File, WHOLE", _root("WHOLE"), eu.read_whole, version=2),
    Format("eu-annex-csv", "EU act annexes, CSV", _line("celex,recordId,"), eu.read_annexes),
    Format("uk-xml", "UK Sanctions List, XML", _root("Designations"), uk.read_xml, version=2),
    Format(
        "uk-csv",
        "UK Sanctions List, CSV",
        lambda text: "Unique ID" in text[:4096] and "Regime Name" in text[:4096],
        uk.read_csv,
        version=2,
    ),
    Format(
        "uk-ofsi-csv",
        "OFSI Consolidated List, CSV",
        lambda text: text.startswith("Last Updated,") and "Group ID" in text[:2048],
        uk.read_ofsi,
        version=2,
    ),
    Format(
        "compiled-json",
        "compilation of notices, JSON array",
        lambda text: text.startswith("[") and '"entity_name"' in text,
        compiled.read_json,
    ),
    Format(
        "dod-1260h", "compilation of section 1260H lists, CSV", _line("Name,Clean Name,Alias,"), compiled.read_1260h
    ),
    Format(
        "ftm",
        "FollowTheMoney entities, JSON lines",
        lambda text: (
            text.startswith("{") and '"schema"' in text.partition("\n")[0] and '"properties"' in text.partition("\n")[0]
        ),
        ftm.read,
    ),
    Format(
        "tidy",
        "exeat's tidy format, JSON, YAML or CSV",
        lambda text: tidy.FORMAT in text[:2000] or bool(re.match(r"(?:#.*\n)*#\s*list\s*:", text)),
        tidy.read,
    ),
)
FORMATS = {one.name: one for one in _FORMATS}


def sniff(source: Source) -> Format:
    """The format of a file.

    Raises:
        InputError: it is none that exeat reads.
    """
    for one in _FORMATS:
        if one.tells(source.text):
            return one
    shown = " ".join(source.text[:60].split())
    raise source.fail(
        "not a list format that exeat reads",
        found=shown,
        allowed=", ".join(FORMATS),
        hint="say --format if its beginning is unusual",
    )


def need_format(name: str) -> Format:
    """The format of that name.

    Raises:
        InputError: there is none.
    """
    if name not in FORMATS:
        raise InputError(
            "no such format", path="--format", found=name, allowed=", ".join(FORMATS), hint=nearest(name, FORMATS)
        )
    return FORMATS[name]


def read(
    sources: Sequence[Source],
    only: str = "",
    name: str = "",
    lists: Catalogue | None = None,
    wanted: Collection[str] = (),
) -> tuple[Format, Batch]:
    """Read files of one format.

    Args:
        sources: one file, or the files of a set (OFAC's CSV files, EU annexes).
        only: the list to take, where they hold several or do not say which.
        name: the format, where it is not to be told from the files.
        wanted: take only these lists, where a file holds several.

    Returns:
        The format and what was read.

    Raises:
        InputErrors, InputError: everything that is wrong, with file and place; nothing was kept.
    """
    lists = lists or catalogue()
    if only:
        lists.need(only)
    formats = {source.name: need_format(name) if name else sniff(source) for source in sources}
    found = next(iter(formats.values()))
    for file, other in formats.items():
        if other is not found:
            raise InputError(
                "a file of another format than the first",
                file=file,
                found=other.name,
                allowed=found.name,
                hint="import them one by one",
            )
    if only and found.name not in lists.lists[only].formats and found.name not in ("ftm", "tidy"):
        allowed = ", ".join(lists.lists[only].formats)
        raise InputError(f"{only} does not come in this format", path="--list", found=found.name, allowed=allowed)
    batch = Batch(only, lists, wanted)
    found.read(list(sources), batch)
    batch.done()
    if not any(batch.lists.values()):
        raise InputError(
            "the file has no entry",
            file=sources[0].name,
            path=only and f"--list {only}",
            hint="it is empty, cut short, or of another list",
        )
    return found, batch
