"""Stage 5: metadata chosen among candidates, by rank and by what must hold; null with a reason where none is safe.

What must hold: nothing appears after the feed that carried it; two statements of the day that disagree need a third
to decide between them; a robot's run date gives way to the date it read from the document. The losers stay, as
conflicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import urljoin

import msgspec

from exeat.read import stamps
from exeat.read.blocks import Block, blocks, label_candidates, text, width
from exeat.read.envelope import Envelope
from exeat.read.fold import clean, fold, script
from exeat.read.model import Candidate, Field, Metadata, Text, Warning_
from exeat.read.profiles import NOBODY, Publisher, host_of, profiles, publisher_of_host, publisher_of_name

NEAR = 1  # days that two statements of one day may lie apart: zones, and posting past midnight
_POSTED = ("front-matter-date", "feed-date")  # when something was posted or carried, which may be later
HEAD_LINE = 80  # columns of a line at the head of a gazette's page
SLACK = timedelta(minutes=10)  # clocks of a publisher and of a feed differ by minutes


class Head(msgspec.Struct, frozen=True):
    """One document as far as it is read without understanding it."""

    metadata: Metadata
    text: Text
    blocks: tuple[Block, ...]
    warnings: tuple[Warning_, ...]


def head(envelope: Envelope) -> Head:
    """Blocks, text and metadata of one document: stages 3 to 5.

    Raises:
        InputError: too many elements or lines.
    """
    found = blocks(envelope)
    main = text(found)
    told = metadata(envelope.candidates, found, main, form=f"{envelope.whole}/{envelope.form}")
    warnings = list(envelope.warnings)
    if not main.text:
        warnings.append(Warning_("text", "no running text was found"))
    if dict(main.excluded).get("hidden"):
        warnings.append(Warning_("hidden", "text that a page does not show was left out"))
    return Head(told, main, tuple(found), tuple(warnings))


def metadata(candidates: Sequence[Candidate], found: Sequence[Block], main: Text, form: str = "") -> Metadata:
    """The metadata of a document, from its envelope's candidates and its blocks."""
    pool = [_cleaned(part) for part in (*candidates, *label_candidates(found))]
    url = _url(pool)
    dateline_agency = _dateline_agency(main)
    signed = [Candidate("publisher", name, "signature", "signature", 6) for block in found if block.kind == "signature"
              if publisher_of_name(name := "".join(block.text.split())).official]  # fmt: skip
    publisher, profile = _publisher([*pool, *signed], url, dateline_agency)
    feed = _feed_time(pool)
    published = _published(pool, found, main, url, profile, feed)
    return Metadata(
        title=_title(pool, found, main, profile),
        author=_author(pool, found, profile),
        publisher=publisher,
        published=published,
        feed_time=_feed_field(pool, feed),
        dateline=_dateline(main, published, feed),
        url=_url_field(pool, url, profile),
        language=script(main.text or " ".join(block.text for block in found)),
        form=form,
    )


def _cleaned(part: Candidate) -> Candidate:
    return msgspec.structs.replace(part, value=" ".join(clean(part.value)[0].split())[:4000])


def _of(pool: Iterable[Candidate], *fields: str) -> list[Candidate]:
    """The candidates of these fields, best first; equals in the order in which they stood."""
    return sorted((part for part in pool if part.field in fields and part.value), key=lambda part: part.rank)


# --- title


def _title(pool: Sequence[Candidate], found: Sequence[Block], main: Text, profile: Publisher) -> Field:
    """The title: stated by the envelope or the page; of scraped text, a headline that its lede tells again. Feeds put
    section marks before a title and sites their name after it: both go, where another candidate or the profile says
    that they are no part of it."""
    known = profiles()
    stated = _of(pool, "title")
    shown = [Candidate("title", block.text, "heading", "page-heading", 2) for block in found if block.kind == "title"]
    if shown and not stated:
        stated = shown[:1]
    if not stated and (act := _act_title(found)):
        return Field(act, basis="the lines in which an act of the Union states its title")
    if not stated:
        headline = next((block.text for block in found if block.rule == "headline"), "")
        if headline:
            return Field(clean(headline)[0], basis="a line without end punctuation that the next paragraph tells again")
        return Field(None, reason="no title is stated, and no line is told again by the paragraph after it")
    act = _act_title(found)
    if act and stated[0].rule in ("page-title", "page-heading"):
        return Field(act, basis="the lines in which an act of the Union states its title")
    others = [part.value for part in (*stated, *shown)]
    value = stated[0].value
    mark = known.section_prefix.match(value)
    if mark and mark.end() < len(value):
        rest = value[mark.end() :]
        if (
            profile.section_prefix
            or any(_same(rest, other) for other in others)
            or stated[0].rule in ("front-matter", "feed-item", "title-link")
        ):
            value = rest
    if stated[0].rule == "page-title":
        value = _without_site(value, others, profile)
    losers = tuple(
        part
        for part in stated[1:]
        if not any(_same(told, value) for told in (part.value, known.section_prefix.sub("", part.value)))
        and part.rule != "page-title"
    )
    return Field(value, basis=f"{stated[0].rule}: {stated[0].where}", conflicts=losers)


_ACT = re.compile(r"^(?:COUNCIL|COMMISSION|DECISION|REGULATION|DIRECTIVE)\b.{0,60}\d{1,4}/\d{1,4}")
_ACT_DAY = re.compile(r"^of \d{1,2} [A-Z][a-z]+ \d{4}$")


def _act_title(found: Sequence[Block]) -> str:
    """The title of an act in the Official Journal, which it sets in three lines: kind and number, day, subject."""
    for place in range(min(len(found), 40) - 2):
        kind, day, subject = (block.text.strip() for block in found[place : place + 3])
        if _ACT.match(kind) and _ACT_DAY.match(day) and subject[:1].islower():
            return f"{kind} {day} {subject}"
    return ""


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", fold(one)).casefold() == re.sub(r"\W+", "", fold(other)).casefold()


def _without_site(value: str, others: Sequence[str], profile: Publisher) -> str:
    """A page title without the name of the site behind its last separators."""
    for other in others:
        if other != value and len(other) >= 6 and other in value:
            return other
    names = {name.casefold() for name in (*profile.names, profile.name)}
    for separator in profiles().separators:
        front, mark, back = value.partition(separator)
        tail = value.rpartition(separator)[2].strip()
        if (
            mark
            and len(front) >= 4
            and (tail.casefold() in names or publisher_of_name(tail) is not NOBODY or len(tail) * 3 < len(value))
        ):
            return (
                front.strip()
                if publisher_of_name(back) is NOBODY and separator in ("_", " | ", "|")
                else value.rpartition(separator)[0].strip()
            )
    return value


# --- author, publisher, address


def _author(pool: Sequence[Candidate], found: Sequence[Block], profile: Publisher) -> Field:
    """A person's name. A field that names the publisher or a robot is no author."""
    reasons: list[str] = []
    for part in _of(pool, "author"):
        name = re.sub(r"\S+@\S+", "", part.value).strip()
        name = name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name
        known = publisher_of_name(name)
        if not name or name.casefold() == "null":
            continue
        if (
            known is not NOBODY
            or name == profile.name
            or any(name == other.value for other in _of(pool, "group", "publisher"))
        ):
            reasons.append(f"the {part.where} names the publisher")
        elif profiles().robots.search(name):
            reasons.append(f"the {part.where} names a robot or a desk")
        else:
            return Field(name, basis=f"{part.rule}: {part.where}")
    seen = 0
    for block in found:
        seen += block.kind == "paragraph"
        name = (
            _person(block) if seen < 3 and (block.kind == "byline" or not seen) else ""
        )  # a deck may stand before the byline
        if name:
            return Field(name, basis="byline")
    return Field(None, reason="; ".join(reasons) or "no author is stated")


def _person(block: Block) -> str:
    """The name in a byline, without its "by" and its note on how the report came about."""
    if block.kind not in ("byline", "kicker") or len(block.text) > 60:
        return ""
    told = re.sub(r"^(?:null|By|by|BY|作者|记者|記者|文)[ :：/|]+", "", block.text).strip()
    note = re.search(r"[（(][^（）()]{2,10}[）)]$", told)
    name = told[: note.start()].strip() if note else told
    if re.fullmatch(r"[A-Z]{2,}(?: [A-Z]{1,}\.?){0,1} [A-Z]{2,}", name):
        name = name.title()
    chinese = re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name) and (block.kind == "byline" or note or told != block.text)
    western = re.fullmatch(r"[A-Z][\w’'-]+(?: [A-Z][\w.’'-]*){1,3}", name) and block.kind == "byline"
    return name if (chinese or western) and publisher_of_name(name) is NOBODY else ""


def _publisher(pool: Sequence[Candidate], url: str, agency: str) -> tuple[Field, Publisher]:
    """Who published: the host of the address first (it cannot be mistyped), then what the document names, then its
    dateline."""
    host = host_of(url)
    profile = publisher_of_host(host)
    named = _of(pool, "publisher", "author", "group")
    if profile is NOBODY:
        for part in named:
            profile = publisher_of_name(part.value)
            if profile is NOBODY:
                profile = publisher_of_host(host_of(f"http://{part.value}/")) if "." in part.value else NOBODY
            if profile is not NOBODY:
                return Field(profile.name, basis=f"{part.rule}: {part.where}"), profile
    else:
        return Field(profile.name, basis=f"host {host}"), profile
    for part in pool:
        tail = _site_of(part.value) if part.rule == "page-title" else NOBODY
        if tail is not NOBODY:
            return Field(tail.name, basis="site named in the page's title"), tail
    for part in named:
        if part.field == "publisher" and not profiles().robots.search(part.value):
            return Field(part.value, basis=f"{part.rule}: {part.where}"), NOBODY
    if host:
        return Field(host, basis="host of the address"), NOBODY
    site = next((part for part in named if part.rule == "site"), None)
    if site:
        return Field(site.value, basis=site.where), NOBODY
    if agency:
        return Field(agency, basis="dateline"), publisher_of_name(agency)
    return Field(None, reason="no address, and none is named"), NOBODY


def _site_of(title: str) -> Publisher:
    """The known publisher whose name ends a page's title, behind a separator; NOBODY if none does."""
    for separator in profiles().separators:
        _, mark, tail = title.rpartition(separator)
        if mark and (found := publisher_of_name(tail)) is not NOBODY:
            return found
    return NOBODY


_FULL = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|\Z)")


def _url(pool: Sequence[Candidate]) -> str:
    """The best full address; relative links and links that name no host do not count; a feed's guid comes late."""
    full = [part.value for part in _of(pool, "url") if _FULL.match(part.value)]
    for guid in (part.value for part in _of(pool, "guid") if _FULL.match(part.value)):
        full += [urljoin(guid, part.value) for part in _of(pool, "permalink") if part.value.startswith("/")] + [guid]
    guarded = [value for value in full if not re.search(r"/api/|\.xml$|/feed/?$", value)]
    return (guarded or full or [""])[0]


def _url_field(pool: Sequence[Candidate], url: str, profile: Publisher) -> Field:
    if not url:
        return Field(None, reason="no full address is stated")
    told = re.sub(r"(?<!:)//+", "/", url)
    told = re.sub(r"^http:", "https:", told) if profile.https else told
    part = next((part for part in _of(pool, "url") if part.value == url), None)
    return Field(told, basis=f"{part.rule}: {part.where}" if part else "front-matter: guid and permalink")


# --- dates


class _Day(msgspec.Struct, frozen=True):
    """A statement of when the document appeared."""

    stamp: stamps.Stamp
    zone: str
    rank: int
    part: Candidate

    @property
    def day(self) -> date:
        return date.fromisoformat(self.stamp.day)

    def earliest(self) -> datetime:
        """The earliest moment, in UTC, that the statement can mean."""
        known = stamps.to_utc(self.stamp.value, self.zone)
        if known is not None:
            return known
        naive = datetime.fromisoformat(self.stamp.value).replace(tzinfo=UTC)
        return naive - timedelta(hours=14)  # the zone furthest ahead

    def apart(self, other: _Day) -> int:
        return abs((self.day - other.day).days)


def _feed_time(pool: Sequence[Candidate]) -> datetime | None:
    """The moment of the feed: the post's date, else the comment epoch (it is mis-zoned in some mirrors, so it loses);
    the time of fetching bounds it where neither is stated."""
    for part in (*_of(pool, "date"), *_of(pool, "feed_time"), *_of(pool, "fetched")):
        stamp = stamps.read(part.value)
        moment = stamps.to_utc(stamp.value, "Etc/UTC") if stamp and stamp.precision != "day" else None
        if moment:
            return moment + (timedelta(hours=12) if stamp and not stamp.zoned else timedelta())
        if stamp and part.field == "fetched":
            return datetime.fromisoformat(stamp.day).replace(tzinfo=UTC) + timedelta(hours=36)
    return None


def _feed_field(pool: Sequence[Candidate], feed: datetime | None) -> Field:
    """The feed's time as stated, with the others that disagree by more than a minute."""
    stated = []
    for part in (*_of(pool, "date"), *_of(pool, "feed_time")):
        stamp = stamps.read(part.value)
        if stamp and stamp.precision != "day" and part.rule != "wrapper-label":
            stated.append((part, stamp))
    if not stated:
        return Field(None, reason="no time of a feed is stated")
    part, stamp = stated[0]
    losers = [other for other, its in stated[1:] if _differ(its.value, stamp.value)]
    value = stamp.value
    moment = stamps.to_utc(value)
    if moment is not None:
        value = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Field(
        value,
        basis=f"{part.rule}: {part.where}",
        zone="UTC" if moment else "",
        precision="second",
        conflicts=tuple(losers),
    )


def _differ(one: str, other: str) -> bool:
    first, second = stamps.to_utc(one, "Etc/UTC"), stamps.to_utc(other, "Etc/UTC")
    return first is None or second is None or abs(first - second) > timedelta(minutes=1)


def _published(
    pool: Sequence[Candidate], found: Sequence[Block], main: Text, url: str, profile: Publisher, feed: datetime | None
) -> Field:
    """The day (and time) of publication."""
    stated = _statements(pool, found, main, url, profile, feed)
    losers: list[Candidate] = []
    safe: list[_Day] = []
    for statement in stated:
        late = feed is not None and statement.part.rule not in _POSTED and statement.earliest() > feed + SLACK
        if late:
            losers.append(statement.part)
        else:
            safe.append(statement)
    if not safe:
        why = (
            "every date stated is later than the feed that carried it" if losers else "no date of publication is stated"
        )
        return Field(None, reason=why, conflicts=tuple(losers))
    best = safe[0]
    # A post or feed that is later than the document does not contradict it: archives and robots collect old documents.
    against = [
        other
        for other in safe[1:]
        if best.apart(other) > NEAR and not (other.part.rule in _POSTED and other.day > best.day)
    ]
    losers += [other.part for other in safe[1:] if best.apart(other) > NEAR and other not in against]
    losers += [other.part for other in against]
    robot = any(profiles().robots.search(part.value) for part in _of(pool, "author"))
    if robot and best.part.rule == "front-matter-date" and all(other.part.rule == best.part.rule for other in safe):
        return Field(None, reason="the only date is the run of a robot", conflicts=(best.part, *losers))
    if against and best.rank >= 2:
        # A gazette's permanent address is not in doubt; anything else that disagrees with an independent statement
        # needs a third.
        winner = _settle(best, against, safe, feed)
        if winner is None:
            return Field(
                None,
                reason="the dates stated disagree and nothing decides between them",
                conflicts=(best.part, *losers),
            )
        losers = [part for part in (best.part, *losers) if part is not winner.part]
        losers = [
            part
            for part in losers
            if (its := next((d for d in safe if d.part is part), None)) is None or its.apart(winner) > NEAR
        ]
        best = winner
    return _told(best, profile, tuple(losers))


def _settle(best: _Day, against: Sequence[_Day], safe: Sequence[_Day], feed: datetime | None) -> _Day | None:
    """Which of two statements holds: the one that a third, of another kind, agrees with. The date of a post alone
    loses to the address or to the document's own dateline, since robots fill it with their run; but only where it is
    the later one."""
    if best.part.rule in _POSTED:
        earlier = [other for other in against if other.day < best.day and other.part.rule != "signature"]
        agreed = earlier and all(earlier[0].apart(other) <= NEAR for other in earlier)
        return earlier[0] if agreed else None
    for choice in (best, *against):
        support = [
            other
            for other in safe
            if other is not choice and other.part.rule != choice.part.rule and choice.apart(other) <= NEAR
        ]
        if support:
            return choice
    if feed is not None and abs((best.day - feed.date()).days) <= NEAR:
        return best
    return None


def _told(best: _Day, profile: Publisher, losers: tuple[Candidate, ...]) -> Field:
    value, precision, zone = best.stamp.value, best.stamp.precision, best.zone
    if best.stamp.zoned:
        if re.search(r"T00:00:00(?:\.0+)?(?:Z|[+-]\d\d:\d\d)$", value):
            # Midnight sharp is how a day is written where a time is asked for.
            value, precision = value[:10], "day"
        elif best.part.rule in (*_POSTED, "page-meta", "json-ld") and zone:
            value = stamps.in_zone(value, zone)  # a machine's time: the day counts where the publisher is
        else:
            zone = "UTC" if value.endswith(("Z", "+00:00")) else zone
    elif precision != "day" and zone:
        value += stamps.offset_of(value, zone)
    told = "zone stated" if best.stamp.zoned else f"zone {zone} of the publisher" if zone else "zone not stated"
    return Field(
        value, basis=f"{best.part.rule}: {best.part.where}; {told}", zone=zone, precision=precision, conflicts=losers
    )


def _statements(
    pool: Sequence[Candidate], found: Sequence[Block], main: Text, url: str, profile: Publisher, feed: datetime | None
) -> list[_Day]:
    """All statements of the day of publication, best first."""
    made: list[_Day] = []

    def add(value: str, rank: int, where: str, rule: str) -> None:
        stamp = stamps.read(value, profile.order)
        if stamp:
            made.append(_Day(stamp, profile.zone, rank, Candidate("published", stamp.value, where, rule, rank)))

    if profile.url_day and (match := re.search(profile.url_day, url)):
        add(f"{match['y']}-{match['m']}-{match['d']}", 1, "address", "gazette-address")
    for part in _of(pool, "original"):
        add(part.value, 1, part.where, part.rule)  # what a robot read from the document itself, beside its own run
    for part in _of(pool, "published"):
        add(part.value, 2 + part.rank, part.where, part.rule)
    _page_stamps(found, profile, feed, add)
    for where, value in _act_days(found):
        add(value, 4, where, "act")
    for part in _of(pool, "date"):
        rule = {"feed-item": "feed-date", "front-matter": "front-matter-date"}.get(part.rule, part.rule)
        add(part.value, 8 if rule != "wrapper-label" else 7, part.where, rule)
    if not profile.url_day:
        day = url_day(url)
        if day:
            add(day, 9, "address", "address")
    if profile.official and (
        signed := next((block.text for block in reversed(found) if block.kind == "signature"), "")
    ):
        add(_western(signed), 10, "signature", "signature")
    if profile.closing == "minguo" or script(main.text) == "zh-Hant":
        closing = next((block.text for block in reversed(found) if block.rule == "closing"), "")
        if day := stamps.minguo(closing):
            add(day, 4, "end of the text", "closing-minguo")
    return sorted(made, key=lambda statement: statement.rank)


_UPDATED = re.compile(r"(?:最后|最近)?(?:更新|修改)|(?:last )?(?:updated|modified)", re.I)


def _page_stamps(
    found: Sequence[Block], profile: Publisher, feed: datetime | None, add: Callable[[str, int, str, str], None]
) -> None:
    """The stamps of the page: those before the first paragraph; one that speaks of an update, or comes after the
    text, does not count."""
    first = next(
        (index for index, block in enumerate(found) if block.kind in ("paragraph", "item") and len(block.text) >= 20),
        len(found),
    )
    seen = False
    for block in found[:first]:
        if block.kind != "stamp":
            continue
        shown_text = _UPDATED.split(block.text)[0]  # "published so and so | updated so and so" tells both
        if shown_text != block.text and not any(sign.isdigit() for sign in shown_text):
            continue
        rank = 4 if not seen else 6
        whole = stamps.read(block.value, profile.order) if block.value else None
        shown = stamps.read(shown_text, profile.order)
        gone = stamps.ago(shown_text) if feed else None
        if whole:
            add(block.value, rank, "time element", "page-time")
        elif shown:
            add(shown_text, rank, "stamp above the text", "page-stamp")
        elif gone and feed:
            moment = (feed - gone).isoformat(timespec="seconds").replace("+00:00", "Z")
            add(moment, 7, "relative stamp, counted from the feed", "page-relative")
        seen = seen or bool(whole or shown or gone)


_JOURNAL = re.compile(r"Official Journal of the European (?:Union|Communities)")
_JOURNAL_DAY = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_MADE_DAY = re.compile(r"^(?:Made )?(\d{1,2})(?:st|nd|rd|th) ([A-Z][a-z]+ \d{4})$")


def _act_days(found: Sequence[Block]) -> list[tuple[str, str]]:
    """The days at the head of an act: of the Official Journal's issue (day before month), and on which a statutory
    instrument was made, which is the line below ``Made``."""
    head = list(found[:40])
    told: list[tuple[str, str]] = []
    journal = " ".join(block.text for block in head[:8] if width(block.text) <= HEAD_LINE)
    issue = _JOURNAL_DAY.search(journal) if _JOURNAL.search(journal) else None
    if issue:
        told.append(("issue of the Official Journal", f"{issue[3]}-{issue[2]:0>2}-{issue[1]:0>2}"))
    for place, one in enumerate(head):
        after = head[place + 1].text.strip() if place + 1 < len(head) else ""
        line = f"Made {after}" if one.text.strip() == "Made" else one.text.strip()
        made = _MADE_DAY.match(line) if line.startswith("Made") else None
        if made:
            told.append(("day on which it was made", f"{made[1]} {made[2]}"))
            break
    return told


_CN_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")


def _western(signed: str) -> str:
    """A signature's date with its Chinese numerals as digits."""
    match = re.search(
        r"([一二三四五六七八九零〇○]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日", signed
    )
    if not match:
        return re.sub(r"(?<=\d) +(?=[年月日])|(?<=[年月]) +(?=\d)", "", signed)
    return f"{match[1].translate(_CN_DIGITS)}年{_small(match[2])}月{_small(match[3])}日"


def _small(word: str) -> int:
    """A Chinese numeral below one hundred."""
    tens, ten, ones = word.rpartition("十")
    digit = int(ones.translate(_CN_DIGITS)) if ones else 0
    return (int(tens.translate(_CN_DIGITS)) if tens else 1) * 10 + digit if ten else digit


_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d|199\d)(?P<sep>[/-]?)(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<d>0[1-9]|[12]\d|3[01])(?!\d{1,2}(?:\D|$))(?=\D|\d{3,8}(?:\D|$)|$)"
)


def url_day(url: str) -> str | None:
    """The day that an address holds (…/2020/09/18/…, …/20200918-…, …story20200918-…); None if none, or if it holds
    two."""
    path = re.sub(r"^https?://[^/]+", "", url).partition("?")[0].partition("#")[0]
    days = set()
    for match in _URL_DAY.finditer(path):
        try:
            days.add(date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat())
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


# --- dateline

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    known = profiles()
    agency = "|".join(re.escape(fold(word)) for word in known.agencies)
    city = "|".join(sorted({re.escape(fold(word)) for word in known.cities}, key=lambda word: (-len(word), word)))
    day = r"(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日"
    return (
        # (法新社华盛顿12日电)  (中央社记者某某台北17日电)  新华社北京12月3日电
        re.compile(
            rf"^\(?(?:据)?(?P<agency>{agency})(?:记者)?[^\d()。,]{{0,16}}?(?P<city>{city})?[^\d()。,]{{0,12}}?{day}(?:综合)?(?:外|专)?(?:电|讯|报道)"
        ),
        # 路透上海8月29日 -
        re.compile(rf"^\(?(?P<agency>{agency}) ?(?P<city>{city}) ?{day}\)? ?[-—]"),
        # WASHINGTON, Sept. 18 (Reuters) -
        re.compile(
            r"^(?P<city>[A-Z][A-Z. ]{2,24})(?:, [A-Z][a-zA-Z.]+)?,? "
            r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?P<d>\d{1,2}) "
            r"\((?P<agency>[A-Z][A-Za-z]{1,12}(?: [A-Z][a-z]+)?)\) ?[-—]"
        ),
        re.compile(
            r"^(?P<city>[A-Z][A-Za-z. ]{2,24}?)(?:, [A-Z][a-zA-Z.]+)? "
            r"\((?P<agency>[A-Z][A-Za-z]{1,12}(?: [A-Z][a-z]+)?)\)(?: ?[-—]|$)"
        ),
        re.compile(rf"^(?P<city>{city}) ?——?"),
    )


def _match(main: Text) -> re.Match[str] | None:
    """The dateline at the head of one of the first two paragraphs."""
    for line in main.folded.split("\n", 3)[:2]:
        for pattern in _patterns():
            found = pattern.match(line[:200])
            if found:
                return found
    return None


def _dateline_agency(main: Text) -> str:
    """The agency that an English dateline names, as written: "Washington (CNN Business)". In Chinese reports an
    agency in the dateline is often only the source of a newspaper's report."""
    found = _match(main)
    told = found.groupdict().get("agency") or "" if found else ""
    return told if told.isascii() and told in profiles().agencies else ""


def _dateline(main: Text, published: Field, feed: datetime | None) -> Field:
    """The day of the dateline: the last such day on or before the day of publication. Its zone is the city's."""
    found = _match(main)
    if not found:
        return Field(None, reason="no dateline")
    got = found.groupdict()
    city = got.get("city") or ""
    zone = _city_zone(city)
    quoted = found[0]
    if not got.get("d"):
        return Field(None, basis=f"dateline: {quoted}", zone=zone, reason="the dateline states no day")
    month = int(got["m"]) if got.get("m") else _MONTHS[got["mon"].lower()] if got.get("mon") else 0
    last = date.fromisoformat(published.value[:10]) if published.value else feed.date() if feed else None
    if last is None:
        return Field(
            None, basis=f"dateline: {quoted}", zone=zone, reason="no day from which its month and year could be told"
        )
    for back in range(-1, 400 if month else 32):
        day = last - timedelta(days=back)
        if day.day == int(got["d"]) and month in (0, day.month):
            return Field(day.isoformat(), basis=f"dateline: {quoted}", zone=zone, precision="day")
    return Field(None, basis=f"dateline: {quoted}", zone=zone, reason="no such day before the day of publication")


@cache
def _zones() -> dict[str, str]:
    return {fold(name).upper(): zone for name, zone in profiles().cities.items()}


def _city_zone(city: str) -> str:
    return _zones().get(city.strip().upper(), "")
