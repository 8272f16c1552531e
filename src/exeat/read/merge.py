"""Merging inside a document: the same action of the same actor on the same targets with the same day is one mention,
told twice.

Two statements are kept apart by a different day of effect, a different count in the same role, a different service
(downloads against payments), or one being planned and the other done.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from exeat.read.model import Actor, Evidence, Instrument, Mention, Moment, Span, Step
from exeat.read.objects import CLASSES, OTHER
from exeat.read.targets import settled

FAMILIES = {
    **dict.fromkeys(("prohibit", "ban", "restrict", "restrict_export", "prohibit_export"), "prohibit"),
    **dict.fromkeys(("require_licence", "deny_licence", "tighten", "tighten_review", "grant_licence"), "licence"),
    **dict.fromkeys(("list_add", "designate"), "list"),
    **dict.fromkeys(("list_remove", "revoke"), "delist"),
    **dict.fromkeys(("adopt_law", "adopt_rules", "amend", "amend_catalogue", "amend_items"), "law"),
    **dict.fromkeys(("enjoin", "deny_relief"), "court"),
    **dict.fromkeys(("consider", "announce_plan", "propose"), "plan"),
}
APART = frozenset({"service"})  # kinds of target that tell one prohibition of an app from another
FAR = 80  # mentions back to which an event may be told again
TOLD_AGAIN = 800  # characters within which an amendment of a catalogue is told again as a restriction
BESIDE_ROW = 40  # characters between two acts that are told in one row
BESIDE = 3  # characters between two clauses that tell one act
DONE = frozenset({"announced", "in_force", "reported"})


def family(action: str) -> str:
    """The family of an action (see the scoring rules in docs)."""
    return FAMILIES.get(action, action)


def merge(mentions: Sequence[Mention]) -> list[Mention]:
    """One mention for each action, target set and day; parents set; ids in the order of the text."""
    found: list[Mention] = []
    renamed: dict[str, str] = {}
    for mention in mentions:
        into = next(
            (
                number
                for number in range(len(found) - 1, max(-1, len(found) - 1 - FAR), -1)
                if _same_event(found[number], mention)
            ),
            -1,
        )
        if into < 0:
            found.append(mention)
            renamed[mention.id] = mention.id
        else:
            found[into] = _joined(found[into], mention)
            renamed[mention.id] = found[into].id
    found = [settled(one) for one in _answered(found)]
    found.sort(key=lambda one: (one.evidence[0].start, one.evidence[0].end, one.id))
    return _numbered(found, renamed)


def _ids(actors: Sequence[Actor]) -> set[str]:
    return {actor.id or actor.name for actor in actors}


def _places(actors: Sequence[Actor]) -> set[str]:
    return {actor.jurisdiction for actor in actors if actor.jurisdiction}


def _same_event(old: Mention, new: Mention) -> bool:
    if old.group == "reaction" and new.group == "reaction":
        return _same_answer(old, new)
    if old.group != new.group or not _same_actor(old, new) or not _same_stage(old.status, new.status):
        return False
    if not _days_agree(old.effective, new.effective) or not _days_agree(old.announced, new.announced):
        return False
    if _long_before(old, new) or _long_before(new, old) or _side_by_side(old, new):
        return False
    if _told_again(old, new):
        return True
    if old.action != new.action and not (
        family(old.action) == family(new.action) == "prohibit"
        and old.group == "measure"
        and _ids(old.targets) == _ids(new.targets)
    ):
        return {old.action, new.action} <= {"adopt_law", "adopt_rules"} and _same_instrument(
            old.instrument, new.instrument
        )
    return _counts_agree(old, new) and _targets_agree(old, new)


def _long_before(one: Mention, other: Mention) -> bool:
    """自2002年起逐步管制 and an act announced in 2023: what was in force long before is another act."""
    day, known = one.effective, other.announced
    return (
        day is not None
        and known is not None
        and day.value[:4].isdigit()
        and known.value[:4].isdigit()
        and int(known.value[:4]) - int(day.value[:4]) > 1
    )


def _side_by_side(old: Mention, new: Mention) -> bool:
    """对甲实施管制,同时禁止甲用于军事目的: two different acts of one clause row are no repetition."""
    if old.action == new.action or old.group != "measure":
        return False
    gap = new.evidence[0].start - old.evidence[-1].end
    return {old.action, new.action} == {"restrict_export", "prohibit_export"} and 0 <= gap <= BESIDE_ROW


def _same_actor(old: Mention, new: Mention) -> bool:
    first, second = _ids(old.actors), _ids(new.actors)
    if not first or not second or first & second:
        return True
    if old.action == new.action == "negotiate" and _ids(old.targets) & _ids(new.targets):
        return True  # bidders for one thing
    general = {"government", "country"} if old.group == "measure" else {"government", "country", "authority"}
    vague = all(actor.kind in general for actor in old.actors) or all(actor.kind in general for actor in new.actors)
    states = all(actor.kind in ("government", "country", "authority") for actor in (*old.actors, *new.actors))
    return vague and states and bool(_places(old.actors) & _places(new.actors))


def _same_stage(old: str, new: str) -> bool:
    return old == new or (old in DONE and new in DONE)


def _days_agree(old: Moment | None, new: Moment | None) -> bool:
    if old is None or new is None or old.value == new.value:
        return True
    if old.inferred or new.inferred:
        return old.basis != new.basis and False
    first, second = sorted((old.value, new.value), key=len)
    return second.startswith(first) or ("/" in second and second.split("/")[0] <= first <= second.split("/")[-1])


def _counts_agree(old: Mention, new: Mention) -> bool:
    roles = {(count.role, count.unit): count.value for count in old.quantities}
    money = [{count.value for count in one.quantities if count.role in ("total", "amount")} for one in (old, new)]
    if money[0] and money[1] and not money[0] & money[1]:
        return False
    shared = [count for count in new.quantities if (count.role, count.unit) in roles and count.role.startswith("items")]
    return all(roles[count.role, count.unit] == count.value for count in shared) or new.action == "list_remove"


def _targets_agree(old: Mention, new: Mention) -> bool:
    first, second = _ids(old.targets), _ids(new.targets)
    if {actor.id for actor in old.targets if actor.kind in APART and actor.id != "SVC-TRANSACTIONS"} != {
        actor.id for actor in new.targets if actor.kind in APART and actor.id != "SVC-TRANSACTIONS"
    }:
        return False
    if (
        old.group == "measure"
        and old.effective is not None
        and new.effective is not None
        and old.effective.value == new.effective.value
        and _day_of_its_own(old) != _day_of_its_own(new)
    ):
        return False
    if not first or not second or first == second:
        return True
    if _others_only(old) != _others_only(new):
        return False  # 另外5家实体 are not those told before
    if old.action in (
        "list_add",
        "list_remove",
        "amend_catalogue",
        "launch_initiative",
        "adopt_rules",
        "adopt_law",
        "designate",
    ):
        return (
            bool(first & second)
            or _same_instrument(old.instrument, new.instrument)
            or not _named(old)
            or not _named(new)
        )
    return first <= second or second <= first or (old.group != "measure" and bool(first & second))


def _others_only(mention: Mention) -> bool:
    return all(actor.kind in CLASSES and OTHER.search(actor.name) for actor in mention.targets)


def _named(mention: Mention) -> bool:
    return any(actor.kind in ("company", "app", "technology", "person") for actor in mention.targets)


def _day_of_its_own(mention: Mention) -> bool:
    return any(step.rule == "pair.target-day" for step in mention.steps)


def _same_instrument(old: Instrument | None, new: Instrument | None) -> bool:
    if old is None or new is None:
        return True
    return bool((old.id and old.id == new.id) or old.name == new.name or (old.number and old.number == new.number))


def _told_again(old: Mention, new: Mention) -> bool:
    """A State restricts the export of a technology by amending its catalogue: told side by side, both are one event."""
    pair = {old.action, new.action}
    if "amend_catalogue" not in pair or not pair <= {"amend_catalogue", "restrict_export", "restrict", "adopt_rules"}:
        return False
    gap = new.evidence[0].start - max(one.end for one in old.evidence)
    return (
        bool(_places(old.actors) & _places(new.actors))
        and gap < TOLD_AGAIN
        and "superseded" not in (old.status, new.status)
    )


def _same_answer(old: Mention, new: Mention) -> bool:
    """What one party says in one go is one answer."""
    if not (_ids(old.actors) & _ids(new.actors)):
        return False
    if old.action == new.action:
        return _targets_agree(old, new) or old.action in ("respond", "oppose")
    return False


def _joined(old: Mention, new: Mention) -> Mention:
    named = {actor.id or actor.name: actor for actor in (*old.actors, *new.actors)}
    exact = tuple(actor for actor in named.values() if actor.kind not in ("country", "government"))
    actors = (
        old.actors
        if old.group != "context" and _ids(old.actors) & _ids(new.actors)
        else exact
        if exact and old.group != "initiative"
        else tuple(named.values())
    )
    action = old.action
    if "amend_catalogue" in (old.action, new.action):
        action = "amend_catalogue"
    elif {old.action, new.action} == {"adopt_law", "adopt_rules"}:
        action = "adopt_law"
    targets = {actor.id or actor.name: actor for actor in old.targets}
    for actor in new.targets:  # by the fuller of its names, else by the first
        had = targets.setdefault(actor.id or actor.name, actor)
        if len(actor.name) > len(had.name):
            targets[actor.id or actor.name] = actor
    evidence = list(old.evidence) + [
        one for one in new.evidence if not any(one.start >= had.start and one.end <= had.end for had in old.evidence)
    ]
    quantities = {(count.role, count.unit, count.value): count for count in (*old.quantities, *new.quantities)}
    instrument = old.instrument or new.instrument
    if new.instrument and instrument and new.instrument.number and not instrument.number:
        instrument = msgspec.structs.replace(instrument, number=new.instrument.number)
    announced = old.announced if old.announced and (not new.announced or not old.announced.inferred) else new.announced
    step = Step("merge.same", _span(new.evidence[0]), "the same event told again")
    return msgspec.structs.replace(
        old,
        action=action,
        actors=actors or new.actors,
        targets=tuple(targets.values()),
        evidence=tuple(evidence),
        instrument=instrument,
        announced=announced,
        effective=old.effective or new.effective,
        deadline=old.deadline or new.deadline,
        quantities=tuple(quantities.values()),
        salience=min(old.salience, new.salience, key=("primary", "secondary", "background").index),
        steps=(*old.steps, *new.steps, step),
    )


def _span(evidence: Evidence) -> Span:
    return Span(evidence.start, evidence.end)


def _answered(found: Sequence[Mention]) -> list[Mention]:
    """A bare answer beside an opposition, a promise or a denial of the same party says no more than that."""
    kept = []
    for mention in found:
        if mention.action == "rule" and any(
            one.action in ("enjoin", "deny_relief")
            and one.evidence[0].start < mention.evidence[0].end
            and mention.evidence[0].start < one.evidence[0].end
            for one in found
        ):
            continue  # what the court ruled is told by the other
        if mention.action == "adopt_rules" and _only_called_rules(mention, found):
            continue  # 公布新规,限制…: what the rules do tells it
        if mention.action == "respond":
            stronger = [
                one
                for one in found
                if one.group in ("reaction", "proceeding")
                and one.action in ("oppose", "comply", "countermeasure", "suspend_business")
                and _ids(one.actors) & _ids(mention.actors)
            ]
            if stronger:
                continue
        kept.append(mention)
    return kept


def _only_called_rules(mention: Mention, found: Sequence[Mention]) -> bool:
    """Rules without a title, next to what they do."""
    if mention.instrument is not None and mention.instrument.kind != "measure_ref":
        return False
    start, end = mention.evidence[0].start, mention.evidence[0].end + BESIDE
    beside = (one for one in found if start <= one.evidence[0].start <= end and one.group == "measure")
    mine = _ids(mention.actors)
    reached = _ids(mention.targets)
    return any(
        one.action != "adopt_rules" and one.targets and _ids(one.actors) & mine and reached <= _ids(one.targets)
        for one in beside
    )


def _numbered(found: Sequence[Mention], renamed: dict[str, str]) -> list[Mention]:
    final = {mention.id: f"m{number}" for number, mention in enumerate(found, start=1)}
    first = next((mention for mention in found if mention.group == "measure" and mention.status in DONE), None)
    result = []
    for mention in found:
        targets = tuple(
            msgspec.structs.replace(actor, id=final.get(renamed.get(actor.id, ""), ""))
            if actor.kind == "measure"
            else actor
            for actor in mention.targets
        )
        parent = ""
        if first is not None and mention is not first and _part_of(first, mention):
            parent = final[first.id]
        result.append(msgspec.structs.replace(mention, id=final[mention.id], targets=targets, parent=parent))
    return result


def _part_of(first: Mention, mention: Mention) -> bool:
    """A further part of the first measure: the same actor, family or catalogue, and day of announcement."""
    if mention.group != "measure" or mention.announced is None or first.announced is None:
        return False
    if mention.announced.value != first.announced.value or not (_ids(mention.actors) & _ids(first.actors)):
        return False
    catalogue = first.action == "amend_catalogue" and mention.action in ("list_add", "list_remove", "amend_items")
    return catalogue or (mention.action == first.action and mention.status in DONE)
