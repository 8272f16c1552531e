"""What ``bench screen`` is measured on: the list file, labelled pairs, invented customers, mangled names.

Everything is drawn with fixed seeds from the data folder, which is no part of the project.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from exeat.screen.model import Address, Listing, Name, Party, PartyKind

CSL = "lists/us-csl/screening-list-2026-07-31.json"
KINDS: dict[str, PartyKind] = {
    "Entity": "organisation",
    "Individual": "person",
    "Vessel": "vessel",
    "Aircraft": "aircraft",
}
SCHEMAS: dict[str, PartyKind] = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "Vessel": "vessel",
    "LegalEntity": "",
}
SETS = {
    "hand-made, mostly Latin": (
        "nk_name_bench",
        "human_match",
        "active_sanction",
        "yente_un_treated",
        "watchman_cross_script",
    ),
    "official lists, Latin": ("un_alias", "un_hard_negative", "csl_alias", "csl_hard_negative"),
    "across scripts": ("un_original_script", "eu_original_script", "eu_cross_negative", "el_bilingual"),
    "Chinese translations of foreign names": ("cn_list_translation",),
    "Wikidata transliterations": ("wikidata_translit",),
}
SAMPLE, SEED = 1954, 20261122


class Pair(msgspec.Struct, frozen=True):
    """Two names of one labelled pair; ``a`` is the query's side."""

    id: str
    group: str
    kind: PartyKind
    schema: str
    a: str
    b: str
    match: bool
    strength: str
    category: str
    scripts: tuple[str, str]
    cluster: str
    licence: str


class Wanted(msgspec.Struct, frozen=True):
    """A name to ask for, the party it belongs to, and what was done to it."""

    name: str
    party: str
    kind: PartyKind
    change: str = ""


def csl(data: Path) -> list[Party]:
    """The parties of the US Consolidated Screening List, as compacted by the repository it was taken from."""
    whole = json.loads((data / CSL).read_text("utf-8"))
    tables = whole["tables"]
    return [_party(number, entry, tables["sources"]) for number, entry in enumerate(whole["entries"])]


def _party(number: int, entry: dict[str, object], sources: Sequence[str]) -> Party:
    source = sources[int(str(entry["s"]))]
    code = source[source.index("(") + 1 : source.index(")")]
    names = (str(entry["n"]), *_texts(entry.get("a")))
    countries = tuple(_texts(entry.get("c")))
    return Party(
        id=f"csl/{number}",
        kind=KINDS.get(str(entry.get("t")), ""),
        names=tuple(Name(text, "alias" if at else "primary") for at, text in enumerate(names)),
        listing=Listing(list=f"us-csl-{code.lower()}", entry=str(number), authority=source),
        countries=countries,
        addresses=tuple(Address("", country) for country in countries),
    )


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def pairs(data: Path) -> list[Pair]:
    """All labelled pairs, in the order of their ids: nothing may depend on the order of files."""
    found = []
    for groups in SETS.values():
        for group in groups:
            found.extend(_pair(row) for row in _rows(data / "matching" / f"{group}.tsv"))
    return sorted(found, key=lambda pair: pair.id)


def _pair(row: dict[str, str]) -> Pair:
    return Pair(
        id=row["id"],
        group=row["group"],
        kind=SCHEMAS[row["schema"]],
        schema=row["schema"],
        a=row["name_a"],
        b=row["name_b"],
        match=row["expected"] == "match",
        strength=row["strength"],
        category=row["category"],
        scripts=(row["script_a"], row["script_b"]),
        cluster=row["cluster"],
        licence=row["licence"],
    )


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def customers(data: Path, which: str, count: int = 2000) -> list[str]:
    """The first ``count`` distinct invented customers of ``global`` or ``us``."""
    names = (row["full_name"] for row in _rows(data / "matching" / f"synthetic_customers_{which}.tsv"))
    return list(dict.fromkeys(names))[:count]


def customer_parts(data: Path, which: str) -> list[tuple[str, str]]:
    """First and last names of all invented customers of a set."""
    rows = _rows(data / "matching" / f"synthetic_customers_{which}.tsv")
    return [(row["first_name"], row["last_name"]) for row in rows if row["first_name"] and row["last_name"]]


def exact(parties: Sequence[Party], count: int = SAMPLE) -> list[Wanted]:
    """A sample of all names of the list, each as it stands."""
    all_names = [(party, name.text) for party in parties for name in party.names]
    picked = random.Random(SEED).sample(all_names, min(count, len(all_names)))
    return [Wanted(text, party.id, party.kind) for party, text in picked]


def mangled(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Each name with one thing wrong: by turns a random edit, or the first word moved to the end.

    An edit falls on any character, a space included (which joins two words); a name of one word is always edited.
    """
    dice = random.Random(SEED + 1)
    found = []
    for at, one in enumerate(wanted):
        words = one.name.split()
        if at % 2 and len(words) > 1:
            found.append(msgspec.structs.replace(one, name=" ".join([*words[1:], words[0]]), change="moved word"))
        else:
            found.append(msgspec.structs.replace(one, name=_edited(one.name, dice), change="one edit"))
    return found


def _edited(name: str, dice: random.Random) -> str:
    """One character deleted, inserted, replaced, or exchanged with the next; never the same name again."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    while True:
        at, letter = dice.randrange(len(name)), dice.choice(letters)
        letter = letter.upper() if name.isupper() else letter
        how = dice.choice(("delete", "insert", "replace", "exchange"))
        if how == "delete":
            new = name[:at] + name[at + 1 :]
        elif how == "insert":
            new = name[:at] + letter + name[at:]
        elif how == "replace":
            new = name[:at] + letter + name[at + 1 :]
        else:
            new = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        if new.casefold() != name.casefold() and new.strip():
            return new


def folds(pairs_: Sequence[Pair], count: int = 5) -> list[set[str]]:
    """Clusters (entities) dealt into ``count`` folds, so that no entity is in two of them."""
    clusters = sorted({pair.cluster for pair in pairs_})
    random.Random(SEED).shuffle(clusters)
    return [set(clusters[start::count]) for start in range(count)]
