"""What a reader hands over: the parties of one or more lists, the publisher's stamps, every fault with its place."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.screen import days
from exeat.screen.catalogue import Catalogue, ListInfo, catalogue, country
from exeat.screen.model import Address, Identifier, Listing, Name, NameKind, NameQuality, Party, PartyKind
from exeat.screen.readers.source import Source, clean

MOST_FAULTS = 20  # told at once; a list of another form has one in every record


class Record(msgspec.Struct):
    """One entry while it is being read; `Batch.add` makes a `Party` of it. Lists may repeat themselves: repeats go."""

    entry: str
    kind: PartyKind = ""
    names: list[Name] = []
    countries: list[str] = []
    born: list[str] = []
    born_as_listed: list[str] = []
    birth_places: list[str] = []
    gender: str = ""
    identifiers: list[Identifier] = []
    addresses: list[Address] = []
    linked_to: list[str] = []
    programmes: list[str] = []
    requirement: str = ""
    policy: str = ""
    citation: str = ""
    url: str = ""
    since: str = ""
    until: str = ""
    remarks: list[str] = []
    authority: str = ""

    def name(
        self,
        text: str,
        kind: NameKind = "alias",
        quality: NameQuality = "",
        language: str = "",
        family: str = "",
        given: str = "",
    ) -> None:
        """Take a name, unless it is empty or was taken before."""
        if text and all(text != one.text for one in self.names):
            self.names.append(Name(text, kind, quality, language, "", family, given))

    def listed(self, since: str, until: str = "", american: bool = False) -> None:
        """Take the first and the last day. What is no day (``0017-05-26``) is kept as a remark: the entry is listed."""
        self.since, self.until = days.day(since, american), days.day(until, american)
        for text, found, which in ((since, self.since, "first"), (until, self.until, "last")):
            if text and not found:
                self.remarks.append(f"The file gives {text} as the {which} day.")

    def remark(self, label: str, text: str) -> None:
        """Keep what no field of the model holds: ``Title: Dr.``"""
        told = text.strip().rstrip(".")
        self.remarks += [f"{label}: {told}." if label else f"{told}."] if told else []

    def birth(self, text: str, american: bool = False) -> None:
        """Take a date of birth, and its words where they say more than a day."""
        found, words = days.born(text, american)
        self.born += found
        self.born_as_listed += [words] if words else []

    def land(self, label: str, text: str) -> None:
        """Take a country; a name of none that is known (``former Soviet Union``) is kept as a remark."""
        code = country(text)
        if code:
            self.countries.append(code)
        else:
            self.remark(label, text)

    def number(self, one: Identifier | None) -> None:
        """Take a number. An IMO number that fails the ships' check and is not a ship's is an owner's or manager's."""
        if one is not None and one.kind == "imo" and one.valid == "no" and self.kind != "vessel":
            one = msgspec.structs.replace(one, kind="imo company", valid="")
        if one is not None and one not in self.identifiers:
            self.identifiers.append(one)

    def address(self, text: str, code: str = "") -> None:
        """Take an address, and its country as one of the party's. A whole address that names none is asked for its last
        part: ``Moscow, Russia``.
        """
        code = code or country(text.rpartition(", ")[2])
        if text and Address(text, code) not in self.addresses:
            self.addresses.append(Address(text, code))
        self.countries += [code] if code else []


class Batch:
    """The result of reading one or more files of one format.

    ``only`` is the list that the user says the files hold, ``wanted`` the lists to take (all, if none is named).
    ``as_of`` and ``published`` are days from the file, or "". ``lists`` holds the parties by list id, in the file's
    order.
    """

    def __init__(self, only: str = "", lists: Catalogue | None = None, wanted: Collection[str] = ()) -> None:
        self.catalogue = lists or catalogue()
        self.only = only
        self.wanted = frozenset(wanted or ([only] if only else ()))
        self.as_of = self.published = ""
        self.lists: dict[str, list[Party]] = {}
        self.notes: list[str] = []
        self._faults: list[InputError] = []
        self._places: dict[str, tuple[str, str]] = {}

    def fault(self, error: InputError) -> None:
        """Keep a fault; too many end the reading.

        Raises:
            InputErrors: this was one too many.
        """
        self._faults.append(error)
        if len(self._faults) >= MOST_FAULTS:
            raise InputErrors(self._faults)

    def note(self, text: str) -> None:
        """Something the user should know that is no fault; said once."""
        if text not in self.notes:
            self.notes.append(text)

    def begin(self, list_id: str) -> ListInfo:
        """Name a list that the file holds, even if it should have no entry in it."""
        info = self.catalogue.need(list_id)
        if not self.wanted or list_id in self.wanted:
            self.lists.setdefault(list_id, [])
        return info

    def the_list(self, format_name: str) -> str:
        """The one list that a file of this format is about: what the user said, or the only one there is.

        Raises:
            InputError: the format may bring several lists and the user named none.
        """
        if self.only:
            return self.only
        known = self.catalogue.of_format(format_name)
        if len(known) == 1:
            return known[0].id
        allowed = ", ".join(one.id for one in known)
        raise InputError("this format may hold any of several lists: say which", path="--list", allowed=allowed)

    def add(self, list_id: str, record: Record, source: Source, place: str, line: int = 0) -> None:
        """Take an entry.

        Args:
            place: which record it is, for people: ``record 12 (entity 9639)``.
        """
        if self.wanted and list_id not in self.wanted:
            return
        if not record.entry:
            self.fault(source.fail("the entry has no number", line, place))
            return
        if not record.names:
            self.fault(
                source.fail("the entry has no name", line, place, hint="an entry without a name can never be found")
            )
            return
        party = _party(list_id, record)
        if party.id in self._places:
            file, before = self._places[party.id]
            self.fault(source.fail(f"the entry stands twice: first as {before} of {file}", line, place, record.entry))
            return
        self._places[party.id] = (source.name, place)
        self.begin(list_id)
        self.lists[list_id].append(party)

    def expect(self, count: int, found: int, source: Source, what: str) -> None:
        """Compare a count that the file states with what was found.

        Raises:
            InputErrors: they differ: the file was cut or changed.
        """
        if count != found:
            told = f"the file says that it has {count} {what}, and has {found}"
            self._faults.append(source.fail(told, hint="it was cut or changed: download it again"))
            raise InputErrors(self._faults)

    def done(self) -> None:
        """Raise what was wrong.

        Raises:
            InputErrors: the faults, if there are any.
        """
        if self._faults:
            raise InputErrors(self._faults)


def _party(list_id: str, record: Record) -> Party:
    names = record.names
    if all(one.kind != "primary" for one in names):
        names = [msgspec.structs.replace(names[0], kind="primary"), *names[1:]]
    listing = Listing(
        list=list_id,
        entry=record.entry,
        authority=record.authority,
        programmes=_once(record.programmes),
        requirement=record.requirement,
        policy=record.policy,
        citation=record.citation,
        url=record.url,
        since=record.since,
        until=record.until,
        remarks=" ".join(_once(record.remarks)),
    )
    return Party(
        id=f"{list_id}/{record.entry}",
        kind=record.kind,
        names=tuple(names),
        listing=listing,
        countries=_once(record.countries),
        born=_once(record.born),
        birth_places=_once(record.birth_places),
        gender=record.gender,
        identifiers=tuple(record.identifiers),
        addresses=tuple(record.addresses),
        born_as_listed=_once(record.born_as_listed),
        linked_to=_once(record.linked_to),
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


GENDERS = {
    "m": "male",
    "male": "male",
    "f": "female",
    "female": "female",
    "homme": "male",
    "femme": "female",
    "男": "male",
    "女": "female",
}


def gender(text: str) -> str:
    """``male``, ``female``, or "" for anything else."""
    return GENDERS.get(clean(text).casefold(), "")


def slug(name: str, country: str = "") -> str:
    """An entry's number made of its name and country, for lists that number nothing.

    It stays the same while these do, whatever else of the entry changes. A name without Latin letters gives its hash.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    letters = sum(char.isalnum() for char in name)
    if len(words.replace("-", "")) < letters * 0.6 or len(words) > 80:
        digest = hashlib.sha256(name.encode()).hexdigest()[:10]
        words = f"{words[:60].strip('-')}-{digest}".strip("-")
    return f"{words}.{country.lower()}" if country else words


def number_twins(records: Iterable[Record]) -> list[Record]:
    """Give entries that share a made number (the same name listed twice) each its own.

    The twins are told apart by their content, not their place, so that a reordered file gives the same numbers.
    """
    found: dict[str, list[Record]] = {}
    every = list(records)
    for one in every:
        found.setdefault(one.entry, []).append(one)
    for twins in found.values():
        if len(twins) > 1:
            ordered = sorted(twins, key=lambda one: (one.since, one.citation, msgspec.json.encode(one)))
            for place, one in enumerate(ordered[1:], 2):
                one.entry = f"{one.entry}.{place}"
    return every


def is_latin(text: str) -> bool:
    """Whether the letters of a name are Latin, all but a tenth."""
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
    return latin >= 0.9 * len(letters)


def original_runs(text: str) -> list[str]:
    """The runs of words in another script than Latin within a note: the name itself (``in Arabic: …``).

    A run keeps what stands between its words; one of fewer than three letters is no name.
    """
    runs: list[list[str]] = [[]]
    for word in text.split():
        letters = [char for char in word if char.isalpha()]
        if letters and not is_latin(word):
            runs[-1].append(word.strip(".,;:()[]\"'“”"))
        elif runs[-1] and letters:
            runs.append([])
    found = [" ".join(run) for run in runs]
    return [run for run in found if sum(map(str.isalpha, run)) > 2]


def last_first(text: str) -> tuple[str, str]:
    """Family and given name of ``LAST, First``; empty where the comma may mean something else (``HASSAN, Jr.``)."""
    family, comma, given = text.partition(", ")
    if not comma or "," in given or given.rstrip(".").casefold() in ("jr", "sr", "ii", "iii", "iv"):
        return "", ""
    return family, given
