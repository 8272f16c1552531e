"""Assembly: drafts become mentions; what a sentence leaves out is taken from the statement it continues, and each
step says so."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

import msgspec

from exeat.read.fold import fold
from exeat.read.frames import Draft
from exeat.read.lexicon import Lexicon
from exeat.read.model import (
    Actor,
    Evidence,
    Instrument,
    Mention,
    Metadata,
    Moment,
    Quantity,
    Span,
    Step,
    Text,
    TimeValue,
)
from exeat.read.patterns import pattern
from exeat.read.spot import LEAD, Hit, Spots, number, spot

PERIOD = re.compile(
    "(?P<n>[0-9]+|[一二两三四五六七八九十]+)个?(?P<u>天|日|周|星期|week|day)"
    "|(?P<en>a|an|one|two|three|[0-9]+) (?P<unit>day|week)s?"
)
DAY = 10  # characters of an ISO day
OLD = dt.timedelta(days=92)  # an act this much older than the document's main act is its history
FAR_SINCE = 60  # characters from 继 to the verb of its clause
SINCE, SINCE_END = re.compile("(?:^|[,。;\n])(?:继|在)[^,。;\n]{0,60}$"), re.compile("[^,。;]{0,30}之后(?:,|$)")
TOLD_TO = re.compile(r"\b(?:to|told|before) (?:the )?$|(?:致|向)$")  # a letter to a house: who is told does not act
AT_ONCE = re.compile("即日|immediate")  # from the day on which it is announced
TOGETHER = 3  # states named as acting together from which their number is told
BELONGING = frozenset({"convene", "join_arrangement"})
NEXT = 60  # characters in which the number of those who take part may follow
PARTICIPANTS, STATE = pattern("participants"), re.compile("国|成员|countr|state|member", re.IGNORECASE)
CALLED = {"REF-EO": "order"}  # a word for a measure that only one action can mean
HEAD = 1500  # characters in which an official text states its own number and date
NOTICE_HEAD = 40  # characters of a title or text in which a notice states its own number
OWN, BASIS = pattern("notice-own"), pattern("basis-left")
KIND = re.compile("(?:公告|通告|决定|令|规定|办法|条例)$")
NEAR = 2  # paragraphs over which a statement is taken to go on
AUTHORITIES = frozenset({"authority", "government", "country", "court"})
STANDS = frozenset({"announced", "in_force", "scheduled"})
STATES = frozenset({"measure", "initiative"})
INSTRUMENTS = {
    "list": ("list", "catalogue"),
    "catalogue": ("catalogue", "number", "title"),
    "law": ("law", "title", "number", "measure_ref"),
    "initiative": ("initiative", "title", "body", "arrangement"),
}
BY_ACTION = {
    "list_add": "list",
    "list_remove": "list",
    "designate": "list",
    "amend_catalogue": "catalogue",
    "amend_items": "catalogue",
    "adopt_law": "law",
    "adopt_rules": "law",
    "propose": "law",
    "order": "law",
    "comply": "law",
    "publish": "list",
    "enjoin": "law",
    "delay": "law",
    "revoke": "law",
}
ROLES = {
    ("list_add", True): "entities",
    ("list_add", False): "items_added",
    ("list_remove", False): "items_deleted",
    ("list_remove", True): "entities",
    ("amend_items", False): "items_modified",
    ("amend_catalogue", False): "items_affected",
    ("fine", False): "amount",
    ("fund", False): "total",
    ("report_progress", False): "members",
    ("join_arrangement", False): "members",
    ("convene", False): "participants",
    ("state_principles", False): "principles",
}
PARTY_UNITS = frozenset(
    {
        "家",
        "个",
        "名",
        "entities",
        "companies",
        "firms",
        "individuals",
        "officials",
        "organizations",
        "parties",
        "people",
        "banks",
    }
)


def assemble(
    text: Text,
    metadata: Metadata | None,
    drafts: Sequence[Draft],
    spots: Spots,
    times: Sequence[TimeValue],
    lexicon: Lexicon,
) -> list[Mention]:
    """The mentions of a text before merging, in order of the text, with ids ``m1``…"""
    return _Assembler(text, metadata, list(drafts), spots, lexicon, times).mentions()


class _Assembler:
    def __init__(
        self,
        text: Text,
        metadata: Metadata | None,
        drafts: list[Draft],
        spots: Spots,
        lexicon: Lexicon,
        times: Sequence[TimeValue],
    ) -> None:
        self.times = times
        self.text, self.metadata, self.drafts, self.spots, self.lexicon = text, metadata, drafts, spots, lexicon
        self.published = self._published()
        self.main = -1
        self.notice = self._notice()
        self.own = self.notice is not None or self._in_own_words()

    def _published(self) -> Moment | None:
        if self.metadata is None:
            return None
        field = self.metadata.published
        day = (field.value or field.inferred or "")[:10]
        return (
            Moment(day, "", basis="day of publication: the text says no other", inferred=True)
            if len(day) == 10
            else None
        )

    def mentions(self) -> list[Mention]:
        self._actors()
        main = self.main = self._main()
        found: list[Mention] = []
        for count, draft in enumerate(self.drafts, start=1):
            found.append(self._mention(f"m{count}", draft, main))
        return self._dated(found)

    def _main(self) -> int:
        """The first measure or initiative: what reactions without an object of their own answer."""
        order = [n for n, draft in enumerate(self.drafts) if draft.group in STATES and draft.status in STANDS]
        order = [n for n in order if not self._before_another(self.drafts[n])] or order
        return order[0] if order else -1

    def _actors(self) -> None:
        """Who acts where the sentence does not say: whoever the last statement of the kind was of; else the first of
        the document."""
        last: list[Hit] = []
        by_action: dict[str, tuple[int, list[Hit]]] = {}
        for draft in self.drafts:
            if draft.group in STATES and draft.frame.target is not None:
                if draft.actors:
                    if any(hit.kind in AUTHORITIES for hit in draft.actors):
                        last = draft.actors
                        by_action[draft.action] = (draft.paragraph, last)
                elif last:
                    same = by_action.get(draft.action)
                    draft.actors = last = same[1] if same and draft.paragraph - same[0] <= 2 * NEAR else last
                    draft.steps.append(
                        Step("actor.inherited", Span(last[0].start, last[-1].end), "from the statement before")
                    )
            elif not draft.actors and draft.group == "proceeding" and last:
                draft.actors = [hit for hit in last if hit.kind == "court"]
        first = self._issuer() if self.own else []
        first = first or next((draft.actors for draft in self.drafts if draft.group in STATES and draft.actors), [])
        if not first:
            bodies = (hit for hit in self.spots.hits if hit.kind in ("authority", "government"))
            told = (hit for hit in bodies if not TOLD_TO.search(self.text.folded, max(0, hit.start - LEAD), hit.start))
            first = self._issuer() or list(itertools.islice(told, 1))
        for draft in self.drafts:
            if not draft.actors and draft.group in STATES and first:
                draft.actors = first
                draft.steps.append(
                    Step("actor.document", Span(first[0].start, first[0].end), "the document's first authority")
                )

    def _issuer(self) -> list[Hit]:
        """The authority in the title or publisher of an official text, as an actor without a place in the text."""
        if self.metadata is None:
            return []
        named = "\n".join(field.value for field in (self.metadata.title, self.metadata.publisher) if field.value)
        hits = spot(Text(named, fold(named)), self.lexicon).hits
        several = [hit for hit in hits if hit.kind == "number"][:1]
        if several:
            words = re.sub(r"(?:公告|通告|令|通知).*", "", several[0].name)
            named_bodies = [body for part in re.split("[ 、]", words) if part for body in self._body_of(part)]
            if named_bodies:
                return named_bodies
        for hit in hits:
            body = next(
                (name for name in self.lexicon.numbered if hit.kind == "number" and hit.name.startswith(name)), ""
            )
            if body:
                entry = self.lexicon.by_id[self.lexicon.numbered[body]]
                return [Hit(0, 0, entry.kind, entry.id, body, entry.jurisdiction, form="title")]
        return [
            Hit(0, 0, hit.kind, hit.id, hit.name, hit.jurisdiction, hit.office, hit.up, form="title")
            for hit in hits
            if hit.kind == "authority"
        ][:1]

    def _body_of(self, name: str) -> list[Hit]:
        """The authority that a part of a notice's number names: a Chinese notice's 商务部 is China's."""
        if name in self.lexicon.numbered:
            entry = self.lexicon.by_id[self.lexicon.numbered[name]]
            return [Hit(0, 0, entry.kind, entry.id, name, entry.jurisdiction, form="title")]
        hits = [hit for hit in spot(Text(name, name), self.lexicon).hits if hit.kind == "authority"]
        return [Hit(0, 0, hit.kind, hit.office or hit.id, hit.name, hit.jurisdiction, form="title") for hit in hits[:1]]

    def _mention(self, key: str, draft: Draft, main: int) -> Mention:
        actors = _unique([self._actor(hit, draft) for hit in draft.actors])
        targets = _unique([self._actor(hit, draft) for hit in draft.targets])
        if "main_ref" in draft.frame.flags:
            targets = self._answered(draft, targets, main)
        evidence = tuple(self._evidence(span) for span in (draft.span, *draft.extra))
        status = draft.status
        if draft.frame.options.get("wants") == "deadline" and status == "announced":
            status = "in_force"
        return Mention(
            key,
            draft.group,
            draft.action,
            tuple(actors),
            tuple(targets),
            status,
            self._salience(draft, main),
            evidence,
            self._of_notice(draft, self._instrument(draft, actors)),
            self._moment(draft.announced),
            self._moment(draft.effective, "from"),
            self._moment(draft.deadline, "before"),
            tuple(self._quantities(draft)),
            self._attributed(draft, actors),
            "",
            steps=tuple(draft.steps),
        )

    def _answered(self, draft: Draft, targets: list[Actor], main: int) -> list[Actor]:
        """What an answer or a suit is about: the measure that its own words, or its paragraph, call by its kind (the
        order, the ban, the list); else the document's first."""
        words = [one for one in targets if one.kind == "measure_ref"]
        others = [one for one in targets if one.kind != "measure_ref"]
        if others and not words:
            return targets
        number = self._called(draft)
        number = main if number < 0 else number
        if number < 0 or number == self.drafts.index(draft):
            return targets
        name = words[0].name if words else self._name_of(number)
        return [*others, Actor(name, f"m{number + 1}", "measure")]

    def _called(self, draft: Draft) -> int:
        """The statement before that a word of this paragraph calls by its kind; -1 if none."""
        begin = self.text.folded.rfind("\n", 0, draft.trigger.start) + 1
        for hit in reversed(self.spots.between(begin, draft.span.end)):
            action = CALLED.get(hit.id) if hit.kind == "measure_ref" else None
            if action is None:
                continue
            place = self.drafts.index(draft)
            done = (n for n in range(place - 1, -1, -1) if self.drafts[n].status in STANDS)
            return next((n for n in done if self.drafts[n].action == action), -1)
        return -1

    def _name_of(self, number: int) -> str:
        """A measure by the name of its instrument, else by its verb."""
        draft = self.drafts[number]
        named = [hit for hit in draft.instruments if hit.kind in ("list", "catalogue", "law", "title")
                 and draft.span.start <= hit.start < draft.span.end]  # fmt: skip
        return named[0].name if named else self.quote(draft.trigger)

    def quote(self, span: Span) -> str:
        return self.text.text[span.start : span.end]

    def _evidence(self, span: Span) -> Evidence:
        return Evidence(self.quote(span), span.start, span.end)

    def _actor(self, hit: Hit, draft: Draft) -> Actor:
        key = hit.id
        kind = hit.kind
        if key == "LIST-NICK":
            key = self._nickname(draft) or key
        if kind == "app" and "app_as_company" in draft.frame.flags:
            kind = "company"
        if kind == "country" and hit.jurisdiction and any(hit is one for one in draft.actors):
            key = self.lexicon.governments.get(key, key) if len(draft.actors) < 3 else key
        if draft.action == "designate" and not any(hit is one for one in draft.actors):
            return Actor(hit.name, key, "person" if hit.office else kind, hit.jurisdiction)  # sanctioned in person
        return Actor(self.text.text[hit.start : hit.end] or hit.name, hit.office or key, kind, hit.jurisdiction)

    def _nickname(self, draft: Draft) -> str:
        """黑名单 is the list of whoever acts."""
        for hit in draft.actors:
            for key in (hit.id, hit.office, hit.up, hit.jurisdiction):
                if key and key in self.lexicon.nicknames:
                    return self.lexicon.nicknames[key]
        return ""

    def _instrument(self, draft: Draft, actors: Sequence[Actor]) -> Instrument | None:
        if draft.group == "measure":
            wanted = INSTRUMENTS.get(BY_ACTION.get(draft.action, "law"), ())
        elif draft.group in ("initiative", "context"):
            wanted = INSTRUMENTS["initiative"]
        else:
            wanted = ("law", "title")
        number = next((hit for hit in draft.instruments if hit.kind == "number"), None)
        for kind in wanted:
            fits = [hit for hit in draft.instruments if hit.kind == kind]
            if not fits:
                continue
            hit = min(
                fits, key=lambda one: (one.start < draft.trigger.start, abs(one.start - draft.trigger.start), one.start)
            )
            key = hit.id if hit.id != "LIST-NICK" else self._nickname(draft) or ""
            return Instrument(self.text.text[hit.start : hit.end], number.number if number else "", hit.kind, key)
        return Instrument(self.text.text[number.start : number.end], number.number, "number") if number else None

    def _of_notice(self, draft: Draft, found: Instrument | None) -> Instrument | None:
        """What a notice does has its number: with the list it names, or instead of the law it rests on."""
        own = self.notice
        if own is None or draft.group != "measure" or (found is not None and found.number):
            return found
        rests = found is not None and any(
            hit.kind == found.kind and BASIS.search(self.text.folded, max(0, hit.start - LEAD), hit.start)
            for hit in draft.instruments
        )
        if found is None or rests:
            return Instrument(own.name, own.number, "number")
        return msgspec.structs.replace(found, number=own.number)

    def _moment(self, time: TimeValue | None, bound: str = "") -> Moment | None:
        if time is None:
            return None
        start, end = time.start or time.end, time.end or time.start
        if time.precision in ("month", "year"):
            length = 7 if time.precision == "month" else 4
            start, end = start[:length], end[:length]
        if bound == "before":
            value = end
        elif bound == "from" and len(start) == 10:
            value = start
        else:
            value = start if start == end else f"{start}/{end}"
        if not value:
            return None
        return Moment(value, time.text, bound or time.bound or "on", time.precision, time.basis, "infer" in time.basis)

    def _quantities(self, draft: Draft) -> list[Quantity]:
        found = self._participants(draft)
        for count in draft.counts:
            if not count.value:
                continue
            party = count.unit in PARTY_UNITS
            role = (
                ROLES.get((draft.action, party))
                or ROLES.get((draft.action, False))
                or ("amount" if count.money else "count")
            )
            if count.money and draft.action not in ("fund", "fine"):
                role = "amount"
            if count.unit in ("个", "名", "种", "款") and count.value <= 1:
                continue
            found.append(Quantity(count.value, count.unit, role, self.text.text[count.start : count.end], count.op))
        return found

    def _participants(self, draft: Draft) -> list[Quantity]:
        """How many states act together, counted where they are named; how many take part or belong, told in this
        sentence or the next."""
        if "coact" in draft.frame.flags and len(draft.actors) >= TOGETHER:
            states = draft.actors
            role = "signatories" if draft.action == "joint_statement" else "participants"
            text = self.text.text[min(hit.start for hit in states) : max(hit.end for hit in states)]
            return [Quantity(len(states), "国家", role, text)]
        if draft.action not in BELONGING:
            return []
        end = self.text.folded.find("\n", draft.span.end)
        end = len(self.text.folded) if end < 0 else end
        part = self.text.folded[draft.span.end : min(end, draft.span.end + NEXT)]
        if not PARTICIPANTS.search(part):
            return []
        return [
            Quantity(
                count.value, count.unit, ROLES[draft.action, False], self.quote(Span(count.start, count.end)), count.op
            )
            for count in self.spots.counts
            if draft.span.end <= count.start < draft.span.end + len(part) and STATE.match(count.noun or count.unit)
        ][:1]

    def _attributed(self, draft: Draft, actors: Sequence[Actor]) -> str:
        if draft.speaker is None or any(draft.speaker.id in (actor.id,) for actor in actors):
            return ""
        return self.text.text[draft.speaker.start : draft.speaker.end]

    def _salience(self, draft: Draft, main: int) -> str:
        if draft.status in ("possible", "conditional", "superseded", "alleged", "proposed") or draft.group == "context":
            return "background"
        if draft.group in STATES and main >= 0:
            first = self.drafts[main]
            if draft.group == "measure" and (
                (draft is not first and self._long_ago(draft, first)) or self._before_another(draft)
            ):
                return "background"  # told to explain
            if draft.paragraph <= first.paragraph + 1 or (
                draft.action == first.action and _same(draft.actors, first.actors)
            ):
                return "primary"
        return "secondary"

    def _before_another(self, draft: Draft) -> bool:
        """继甲国将乙列入清单之后,…: a clause that only says what came before."""
        at, folded = draft.trigger.start, self.text.folded
        return bool(SINCE.search(folded, max(0, at - FAR_SINCE), at) and SINCE_END.match(folded, draft.trigger.end))

    def _long_ago(self, draft: Draft, first: Draft) -> bool:
        """Whether an act was made known months before the document's main act, or before the document where that has
        no day."""
        told = draft.announced
        if told is None or len(told.end) != DAY or draft.effective is not None:
            return False
        known = first.announced.end if first.announced is not None else ""
        known = known or str((self.metadata.published.value if self.metadata is not None else "") or "")
        try:
            day = dt.date.fromisoformat(known[:DAY])
        except ValueError:
            return False
        return dt.date.fromisoformat(told.end) + OLD < day

    def _official(self) -> bool:
        """A gazette text: its own number stands in its title or head."""
        if self.metadata is None:
            return False
        head = f"{self.metadata.publisher.value or ''} {self.metadata.url.value or ''}"
        return "ederal Register" in head or "federalregister.gov" in head or "gazette" in self.metadata.form

    def _notice(self) -> Hit | None:
        """The number that a notice in its own wording bears, at the beginning of its title or text."""
        if self.metadata is None:
            return None
        title = fold(self.metadata.title.value or "")[: 5 * NOTICE_HEAD]
        for hit in spot(Text(title, title), self.lexicon).hits if "号" in title else ():
            if hit.kind == "number" and hit.start <= NOTICE_HEAD and (
                OWN.search(self.text.folded) or title.strip() == hit.name
            ):  # fmt: skip
                return hit
        first = next((hit for hit in self.spots.hits[:8] if hit.kind == "number" and hit.start <= NOTICE_HEAD), None)
        return first if first is not None and OWN.search(self.text.folded) else None

    def _in_own_words(self) -> bool:
        """An official notice without a number of its own: its title is of the kind, and it speaks of itself."""
        title = fold(self.metadata.title.value or "") if self.metadata is not None else ""
        return bool(KIND.search(title) and OWN.search(self.text.folded))

    def _dated_number(self) -> Moment | None:
        """Executive Order N of August 6, 2020; N号令 2020年8月6日: the date beside the text's own number."""
        for hit in self.spots.hits:
            if hit.start > HEAD:
                break
            if hit.kind != "number":
                continue
            for time in self.times:
                gap = self.text.folded[hit.end : time.at.start]
                if 0 <= time.at.start - hit.end <= 6 and gap.strip() in ("of", "", ",", "(") and len(time.start) == 10:
                    return self._moment(time)
        return None

    # --- days

    def _dated(self, found: list[Mention]) -> list[Mention]:
        """The day of announcement where the sentence gives none: of the statement it continues, for an answer the day
        of publication."""
        result: list[Mention] = []
        for place, one in enumerate(found):
            mention, draft = one, self.drafts[place]
            if mention.announced is None:
                moment, why = self._inherited(place, result)
                if moment is not None:
                    step = Step("day.inherited", draft.trigger, why)
                    mention = _with(mention, announced=moment, steps=(*mention.steps, step))
            if mention.effective and mention.announced and AT_ONCE.search(mention.effective.text):
                value = mention.announced.value
                mention = _with(mention, effective=msgspec.structs.replace(mention.effective, value=value))
            if mention.effective is None and mention.group == "measure" and mention.status == "announced":
                delayed = mention.action == "delay"
                moment = self._delayed(draft, mention, result) if delayed else self._effect(mention, result)
                if moment is not None:
                    step = Step("effect.inherited", draft.trigger, "of the same prohibition told before")
                    mention = _with(mention, effective=moment, steps=(*mention.steps, step))
            result.append(mention)
        return result

    def _delayed(self, draft: Draft, mention: Mention, before: Sequence[Mention]) -> Moment | None:
        """推迟一周, delayed by a week: the next day of effect told before, moved by what is said."""
        part = self.text.folded[draft.trigger.end : draft.trigger.end + 40]
        period = PERIOD.search(part)
        own = {actor.id for actor in mention.targets if actor.kind in ("app", "company")}
        days = [
            one.effective.value
            for one in before[-40:]
            if one.effective and len(one.effective.value) == 10 and own & {actor.id for actor in one.targets}
        ]
        soon = [day for day in days if mention.announced is None or day >= mention.announced.value]
        if period is None or not soon:
            return None
        count = (
            number(period["n"] or "")
            or {"two": 2, "three": 3}.get(period["en"] or "", 0)
            or number(period["en"] or "")
            or 1
        )
        step = count * (7 if (period["u"] or period["unit"]) in ("周", "星期", "week") else 1)
        day = dt.date.fromisoformat(min(soon)) + dt.timedelta(days=min(step, 36500))
        return Moment(day.isoformat(), period.group(), "from", "day", "the day told before, moved by the delay", True)

    def _effect(self, mention: Mention, before: Sequence[Mention]) -> Moment | None:
        """The day of effect of the same actor's statement of the same kind on the same objects, if there was only
        one."""
        own = {actor.id for actor in mention.targets if actor.kind in ("app", "company")}
        values = {
            one.effective.value: one.effective for one in before[-40:]
            if one.effective and one.action == mention.action and own & {actor.id for actor in one.targets}
            and _one_state(one.actors, mention.actors) and one.status == "announced"
        }  # fmt: skip
        if len(values) != 1 or mention.announced is None:
            return None
        only = next(iter(values.values()))
        return Moment(only.value, "", only.bound, only.precision, "of the same prohibition told before", True)

    def _inherited(self, number: int, before: Sequence[Mention]) -> tuple[Moment | None, str]:
        draft = self.drafts[number]
        if draft.status in ("possible", "conditional", "superseded", "alleged", "inferred"):
            return None, ""
        for back in range(number - 1, -1, -1):
            old, mention = self.drafts[back], before[back]
            if draft.paragraph - old.paragraph > NEAR:
                break
            if mention.announced is None or mention.status == "superseded":
                continue
            same_sentence = old.sentence == draft.sentence
            if same_sentence or (old.group == draft.group and _related(old.actors, draft.actors)):
                return Moment(
                    mention.announced.value,
                    "",
                    "on",
                    mention.announced.precision,
                    "of the statement it continues",
                    True,
                ), "of the statement it continues"
        main = self.main
        if (
            main >= 0
            and main < number
            and before[main].announced
            and draft.group in STATES
            and _related(self.drafts[main].actors, draft.actors)
            and (draft.action == self.drafts[main].action or draft.paragraph - self.drafts[main].paragraph <= NEAR)
        ):
            moment = before[main].announced
            if moment is not None:
                return Moment(
                    moment.value, "", "on", moment.precision, "of the document's first statement", True
                ), "of the document's first statement"
        if self.own and draft.group == "measure" and self.published is not None:
            return self.published, "the day that a notice bears"
        if number == main and self._official():
            dated = self._dated_number()
            if dated is not None:
                return dated, "the date that an official text bears"
            if self.published is not None:
                return self.published, "the day of publication of an official text"
        if draft.group in ("reaction", "proceeding") and self.published is not None:
            return self.published, "the day of publication"
        return None, ""


def _with(mention: Mention, **changes: object) -> Mention:
    return msgspec.structs.replace(mention, **changes)


def _unique(actors: Sequence[Actor]) -> list[Actor]:
    found: dict[str, Actor] = {}
    for actor in actors:
        found.setdefault(actor.id or actor.name, actor)
    return list(found.values())


def _one_state(first: Sequence[Actor], second: Sequence[Actor]) -> bool:
    """The same actor, or its government where only that is named."""
    if {actor.id for actor in first} & {actor.id for actor in second}:
        return True
    general = any(actor.kind in ("government", "country") for actor in (*first, *second))
    return general and bool({actor.jurisdiction for actor in first} & {actor.jurisdiction for actor in second} - {""})


def _same(first: Sequence[Hit], second: Sequence[Hit]) -> bool:
    return bool({hit.office or hit.id for hit in first} & {hit.office or hit.id for hit in second})


def _related(first: Sequence[Hit], second: Sequence[Hit]) -> bool:
    return _same(first, second) or bool(
        {hit.jurisdiction for hit in first if hit.jurisdiction}
        & {hit.jurisdiction for hit in second if hit.jurisdiction}
    )
