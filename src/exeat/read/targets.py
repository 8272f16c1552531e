"""Which of the things that a statement names it acts on, once all that tells of the act is together.

The words of a statement name more than its objects: the country of the companies, the ban by which an app is
banned, the goods a listed party makes, the class whose members are named. An annotator lists the objects; so does
this.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from exeat.read.model import Actor, Mention
from exeat.read.objects import CLASSES, OTHER, PARTIES
from exeat.read.patterns import words

LISTING = frozenset({"list_add", "list_remove", "designate", "delist"})
ACTS = frozenset({"measure", "proceeding"})
DEEDS = words("deeds")  # ids of what is done with an object, not objects beside it
DEED_VERBS = tuple(sorted(words("deed-verbs")))


def settled(mention: Mention) -> Mention:
    """The mention with its objects only."""
    targets = list(mention.targets)
    if mention.group in ACTS:
        targets = _without_words_for_it(mention, targets)
    if mention.group == "reaction":
        targets = _not_its_own(mention, targets)
    if mention.action in LISTING:
        targets = _parties_of(targets)
    if len(targets) == len(mention.targets):
        return mention
    return msgspec.structs.replace(mention, targets=tuple(targets))


def _without_words_for_it(mention: Mention, targets: Sequence[Actor]) -> list[Actor]:
    """An app and the ban on it are one object; so are an app and the transactions with it; who needs a licence is the
    object, not the class of goods for which it is needed."""
    parties = [one for one in targets if one.kind in PARTIES]
    own = {actor.jurisdiction for actor in mention.actors} - {""}
    reached = parties or [one for one in targets if one.kind in ("company_class", "app_class")]
    found = []
    for one in targets:
        if one.id == "REF-LICENCE" and mention.action == "delay":
            found.append(one)  # a licence that is prolonged is itself the object; one taken back tells of who held it
            continue
        if one.kind == "measure_ref" and (parties or any(other.kind in CLASSES for other in targets)):
            continue
        if parties and one.kind == "service" and (one.id in DEEDS or one.name.lower().startswith(DEED_VERBS)):
            continue
        if parties and one.kind in CLASSES and one.jurisdiction in own:
            continue  # a state's own companies are bound by it; the object is whom they may not deal with
        if reached and one.kind == "technology_class" and mention.action != "amend_catalogue":
            continue
        found.append(one)
    return found


def _not_its_own(mention: Mention, targets: Sequence[Actor]) -> list[Actor]:
    """A state that objects does not object to itself."""
    own = {actor.jurisdiction for actor in mention.actors if actor.kind in ("authority", "government", "country")}
    return [one for one in targets if one.kind not in ("country", "government") or one.jurisdiction not in own]


def _parties_of(targets: Sequence[Actor]) -> list[Actor]:
    """Of what a listing names, its parties: not their countries, their goods, nor the class that they are the members
    of."""
    if any(one.kind in PARTIES for one in targets):
        kept = PARTIES | {"measure"}
        return [one for one in targets if one.kind in kept or (one.kind in CLASSES and OTHER.search(one.name))]
    if any(one.kind in ("technology", "item") for one in targets):
        return [one for one in targets if one.kind not in CLASSES]
    return list(targets)
