"""How alike two names, and two parties, are: a score that is the sum of its reasons.

Points are whole thousandths, so that a score is *exactly* the sum of its reasons: the arithmetic is in integers, and
`Reason.points` and `Compared.score` are those integers divided by 1,000 (`total` adds them up again without loss).
A score depends on the pair only: never on the corpus, the list, or the threshold.

What an index may rely on
-------------------------
`points(a, b) >= FLOOR` (500) needs at least one of these *channels*, for some reading of ``a`` and some reading of
``b`` (both sides: every reading in ``Analysed.readings``); their union is lossless:

key        equal ``key``
core       an element of ``core`` (sounds of names, numbers, heavy terms) of each side that are equal, or within
           ``budget(longer length)`` edits (OSA: insertion, deletion, substitution, swap of neighbours)
skeleton   a core word of each side whose ``skeletons`` are equal; where one reading has ``vowels`` false, or one has
           ``via`` "sound" (then `sound.far` of the other's word), also within ``budget_skeleton(longer length)`` edits
spelling   a core word of each side in a common class of ``lexicon.groups()`` (by sound: Bob, Robert) or of
           ``lexicon.families()`` (by word: Wong, Wang)
parts      a core word of one side equal (or one edit away, from 5 letters, with the same first letter) to the
           ``sound`` of two or three neighbouring ``words`` of the other run together; where just one side has no
           ``vowels``: its skeleton equal to theirs run together, of three letters and more
joined     ``joined`` of both first readings, or ``bare`` of both, within one edit, all of six letters or more
acronym    ``acronyms`` of one side holding a word of the other, which is ``short``
han        ``han`` of both sides with at least half of the characters in common
coreless   both sides have a reading with an empty ``core`` and share a word

An initial, a general word or initials run together ("jc") never bring a pair to the floor without one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from rapidfuzz.distance import OSA, Indel, LCSseq

from exeat.screen.model import Hit, Party, PartyKind, Query, Reason
from exeat.screen.names.analysed import FORM, GENERIC, INITIAL, NAME, NUMBER, PARTICLE, PLACE, Analysed, Reading
from exeat.screen.names.build import analyse
from exeat.screen.names.fold import fold
from exeat.screen.names.fold import words as fold_words
from exeat.screen.names.lexicon import families, groups, settings, weights
from exeat.screen.names.sound import far, sound


class Weights(NamedTuple):
    """data/weights.yaml; the words there say what each is."""

    conflict: int
    extra: int
    extra_one: int
    extra_strict: int
    conflict_company: int
    extra_company: int
    extra_one_company: int
    edit: int
    first: int
    gender: int
    alike: int
    same_sound: int
    skeleton: int
    group: int
    initial: int
    order: int
    place_other: int
    place_only: int
    place_missing: int
    form_other: int
    form_missing: int
    number: int
    whole_edit: int
    acronym: int
    sound: int
    han_edit: int


class Compared(msgspec.Struct, frozen=True):
    """A name score in [0, 1] and the reasons that add up to it."""

    score: float
    reasons: tuple[Reason, ...]


MATCHER = settings()["matcher"]
THRESHOLD = weights()["threshold"]
FLOOR = weights()["floor"]
W = Weights(*(weights()[name] for name in Weights._fields))

# Edits that a word of so many letters bears; longer words bear three.
_BUDGET = (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2)


def budget(length: int) -> int:
    """How many edits a word bears: none below four letters, then one, two from seven, three from twelve."""
    return _BUDGET[length] if length < 12 else 3


def budget_skeleton(length: int) -> int:
    """The same for skeletons where vowels are not written or a name is written by sound."""
    return 0 if length < 3 else 1 if length < 5 else 2


# ----- words


def word_sim(x: str, y: str) -> int:
    """Two different sounds, in thousandths; 0 where they are beyond the budget."""
    size = len(x) if len(x) > len(y) else len(y)
    limit = budget(size)
    gap = len(x) - len(y)
    best = 0
    if limit and -limit <= gap <= limit:
        edits = OSA.distance(x, y, score_cutoff=limit)
        if edits <= limit:
            if (
                not (x.isalpha() and y.isalpha())
                and _digits(x) != _digits(y)
                and any(c.isdigit() for c in x)
                and any(c.isdigit() for c in y)
            ):
                return 0
            best = 1000 - W.edit * edits // size - (W.first if x[0] != y[0] else 0)
    return best


_GENDER = frozenset("ao")


def _gendered(x: str, y: str) -> bool:
    """Antonia is not Antonio."""
    return x[-1] != y[-1] and x[-1] in _GENDER and y[-1] in _GENDER and len(x) > 3 and x[:-1] == y[:-1]


def group_sim(a: Reading, b: Reading, i: int, j: int) -> int:
    """Two forms of one given name, or two spellings of one Chinese or Korean family name."""
    table = groups()
    gx, gy = table.get(a.sounds[i]), table.get(b.sounds[j])
    if gx is not None and gy is not None and not gx.isdisjoint(gy):
        return W.group
    spelt = families()
    if (fx := spelt.get(a.words[i])) is None or (fy := spelt.get(b.words[j])) is None:
        return 0
    both = fx & fy
    for side in (a, b):
        if side.strict:
            both = both & side.family  # the characters say which name it is
    return W.group if both else 0


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())


_VOWELS = frozenset("aeiou")
_BREATHED, _ANSWERS_BREATH = frozenset("wvh"), frozenset("wvhuofabek")


def skeleton_sim(x: str, y: str, sx: str, sy: str) -> int:
    """Equal consonants between two spellings that both have vowels: Mohamed, Muhammad."""
    if sx != sy or len(sx) < 2 or len(x) == len(sx) or len(y) == len(sy) or (x[0] in _VOWELS) != (y[0] in _VOWELS):
        return 0
    like = Indel.normalized_similarity(x, y)
    # Vowels may differ, but not all of the word may be vowels that differ.
    return 1000 - int(W.skeleton * (1 - like)) if like >= (0.6 if len(sx) > 2 else 0.66) else 0


def unvowelled_sim(x: str, y: str, sx: str, sy: str) -> int:
    """``x`` lacks short vowels: its letters must be found in ``y`` in order, and ``y`` has no other consonants."""
    size = len(sx) if len(sx) > len(sy) else len(sy)
    if y[:1] in _BREATHED and x[:1] not in _ANSWERS_BREATH:
        return 0  # skeletons do not hear w, v and h, but at the beginning they are written: Liam is not William
    if size < 2:
        return (
            950
            if sx == sy and x[:1] == y[:1] and len(y) - len(x) in (0, 1, 2) and LCSseq.similarity(x, y) == len(x)
            else 0
        )
    if sx == sy:
        edits = 0
    else:
        limit = budget_skeleton(size)
        if not limit or min(len(sx), len(sy)) < 3:
            return 0
        edits = OSA.distance(sx, sy, score_cutoff=limit)
        if edits > limit:
            return 0
    found = LCSseq.similarity(x, y) * 1000 // len(x)
    return max(0, 960 - W.edit * edits * 7 // (10 * size) - (1000 - found) * 5 // 10)


def sound_sim(fx: str, fy: str, letters: int) -> int:
    """A name written by sound in Han or Hangul against its original, by `far` skeletons."""
    if fx == fy and len(fx) > 2:
        return W.sound
    if fx == fy and len(fx) == 2 and letters > 4:
        return W.sound - 100
    size = max(len(fx), len(fy))
    if size < 3 or min(len(fx), len(fy)) < 2:
        return 0
    limit = budget_skeleton(size)
    edits = OSA.distance(fx, fy, score_cutoff=limit)
    return W.sound - 1000 * edits // size if edits <= limit else 0


# ----- readings


class _Link(NamedTuple):
    """Words of one side answered by words of the other."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    sim: int
    how: str


def _links(a: Reading, b: Reading) -> tuple[list[_Link], list[int], list[int]]:
    """Which words answer which, and what is left on either side. Greedy, best first; equal words always pair."""
    if b.words < a.words:
        # One orientation for each pair, so that ties fall the same way whoever asks.
        turned, right, left = _links(b, a)
        return [_Link(link.right, link.left, link.sim, link.how) for link in turned], left, right
    common = a.set & b.set
    links: list[_Link] = []
    if len(common) == len(a.set) == len(b.set):
        rest_a: list[int] = []
        rest_b: list[int] = []
    else:
        rest_a = [i for i, w in enumerate(a.words) if w not in common]
        rest_b = [j for j, w in enumerate(b.words) if w not in common]
    for word in common:
        links.append(_Link((a.words.index(word),), (b.words.index(word),), 1000, "same"))
    if rest_a and rest_b and (a.strict or b.strict or a.vowels != b.vowels):
        # Read off another script, words are cut by rule: what runs together exactly goes before what is merely like.
        _join(a, b, rest_a, rest_b, links)
        _join(b, a, rest_b, rest_a, links, turned=True)
    if rest_a and rest_b:
        _pair(a, b, rest_a, rest_b, links)
    if rest_a and rest_b:
        _join(a, b, rest_a, rest_b, links)
        _join(b, a, rest_b, rest_a, links, turned=True)
        _initials(a, b, rest_a, rest_b, links)
        _initials(b, a, rest_b, rest_a, links, turned=True)
    return links, rest_a, rest_b


def _pair(a: Reading, b: Reading, rest_a: list[int], rest_b: list[int], links: list[_Link]) -> None:
    """Words one to one, the most alike first."""
    heard_a = [i for i in rest_a if a.classes[i] not in _SILENT]
    heard_b = [j for j in rest_b if b.classes[j] not in _SILENT]
    if _needs_more(a) or _needs_more(b):
        found = [(-sim, i, j) for i in heard_a for j in heard_b if (sim := _like(a, b, i, j))]
    else:
        found = _alike_plainly(a, b, heard_a, heard_b)
    if len(found) > 1:
        found.sort()
    for sim, i, j in found:
        if i in rest_a and j in rest_b:
            rest_a.remove(i)
            rest_b.remove(j)
            links.append(_Link((i,), (j,), -sim, "initial" if INITIAL in (a.classes[i], b.classes[j]) else "like"))


_SILENT = frozenset((FORM, PARTICLE))
_TOLD = frozenset((NAME, PLACE))  # beside one of these that agrees, another place is no more than another place


def _needs_more(one: Reading) -> bool:
    """Whether the likeness of words depends on more of the reading than the words themselves."""
    return one.strict or not one.vowels or one.via == "sound"


_PLAIN: dict[tuple[str, str], int] = {}
_PLAIN_KEPT = 1 << 18


def _alike_plainly(a: Reading, b: Reading, some_a: list[int], some_b: list[int]) -> list[tuple[int, int, int]]:
    """What `_like` finds in two readings as written: remembered by the two words, as it depends on no more of them."""
    found = []
    others = [(j, b.words[j], b.classes[j] in _SHORT) for j in some_b]
    for i in some_a:
        word, short = a.words[i], a.classes[i] in _SHORT
        for j, other, other_short in others:
            if short or other_short:
                sim = _like(a, b, i, j)
            elif (known := _PLAIN.get((word, other))) is not None:
                sim = known
            else:
                if len(_PLAIN) >= _PLAIN_KEPT:
                    _PLAIN.clear()
                sim = _PLAIN[word, other] = _like(a, b, i, j)
            if sim:
                found.append((-sim, i, j))
    return found


_SHORT = frozenset((INITIAL, NUMBER))


def _like(a: Reading, b: Reading, i: int, j: int) -> int:
    """How alike two different words are, in thousandths."""
    ci, cj, x, y = a.classes[i], b.classes[j], a.sounds[i], b.sounds[j]
    if INITIAL in (ci, cj):
        if a.company + b.company > 0 and not (a.company and b.company):
            return 0  # of what may be a person, no letter in the name of a ship or company is the initial
        return W.initial if x[0] == y[0] and NUMBER not in (ci, cj) else 0
    if NUMBER in (ci, cj):
        return 0
    if x == y:
        return W.same_sound
    if _gendered(x, y):
        return W.gender
    sim = word_sim(x, y)
    strict = a.strict or b.strict
    if strict and sim:
        sim = max(0, 2 * sim - 1000 if a.company + b.company > 0 else 3 * sim - 2000)
    if sim < W.group:
        sim = max(sim, group_sim(a, b, i, j))
    if sim >= 900:
        return sim
    sx, sy = a.skeletons[i], b.skeletons[j]
    if a.vowels != b.vowels:
        return max(sim, unvowelled_sim(y, x, sy, sx) if a.vowels else unvowelled_sim(x, y, sx, sy))
    if (a.via == "sound") != (b.via == "sound"):
        if NAME in (ci, cj):
            fx, fy = (sx, far(b.words[j])) if a.via == "sound" else (far(a.words[i]), sy)
            sim = max(sim, sound_sim(fx, fy, min(len(x), len(y)) + (a.company + b.company > 0)))
        return sim
    return max(sim, skeleton_sim(x, y, sx, sy)) if sx == sy and not strict else sim


def _join(
    a: Reading, b: Reading, rest_a: list[int], rest_b: list[int], links: list[_Link], turned: bool = False
) -> None:
    """One word of ``a`` for two or three neighbouring words of ``b``: Jianguo, Jian Guo; Abdulrahman, Abd al-Rahman."""
    last = len(b.words) - 1
    if not last:
        return
    for i in tuple(rest_a):
        if a.classes[i] in _WHOLE_ONLY:
            continue
        for at in range(last):
            # Nearly all are told apart by how they begin.
            if a.vowels == b.vowels:
                if a.sounds[i][0] != b.sounds[at][0]:
                    continue
            elif not a.skeletons[i].startswith(b.skeletons[at]):
                continue
            if (found := _run(a, b, i, at, rest_b)) is not None:
                js, sim = found
                rest_a.remove(i)
                for j in js:
                    if j in rest_b:
                        rest_b.remove(j)
                links.append(_Link(js, (i,), sim, "joined") if turned else _Link((i,), js, sim, "joined"))
                break


_WHOLE_ONLY = frozenset((FORM, PARTICLE, INITIAL, NUMBER))


def _run(a: Reading, b: Reading, i: int, at: int, rest_b: list[int]) -> tuple[tuple[int, ...], int] | None:
    """The words of ``b`` from ``at`` that together are word ``i`` of ``a``, and how well."""
    x = a.sounds[i]
    for span in (2, 3):
        if at + span > len(b.words):
            return None
        plain = a.vowels == b.vowels
        if plain and not -4 <= sum([len(word) for word in b.words[at : at + span]]) - len(x) <= 6:
            continue
        js = tuple(range(at, at + span))
        free = [j in rest_b for j in js]
        if sum(free) < 2 and not (
            any(free) and all(f or b.classes[j] == PARTICLE for f, j in zip(free, js, strict=True))
        ):
            continue
        if plain:
            y = sound("".join(b.words[at : at + span]))
            if x == y and (len(x) >= 4 or not (a.strict or b.strict)):
                return js, 970
            if a.strict or b.strict or not -1 <= len(x) - len(y) <= 1 or min(len(x), len(y)) < 5:
                continue
            if OSA.distance(x, y, score_cutoff=1) <= 1:
                return js, 970 - W.edit // len(y)
            continue
        sx, sy = a.skeletons[i], "".join(b.skeletons[at : at + span])
        if sx == sy and len(sx) >= 3:
            y = sound("".join(b.words[at : at + span]))
            if sim := unvowelled_sim(*((x, y, sx, sy) if not a.vowels else (y, x, sy, sx))):
                return js, sim
    return None


def _initials(
    a: Reading, b: Reading, rest_a: list[int], rest_b: list[int], links: list[_Link], turned: bool = False
) -> None:
    """ "jc" for Jean Claude, where another word agrees in full."""
    short = [i for i in rest_a if a.classes[i] == NAME and 2 <= len(a.words[i]) <= 3]
    if not short or not any(
        link.sim >= W.same_sound and len(a.words[link.right[0] if turned else link.left[0]]) > 2 for link in links
    ):
        return
    for i in short:
        x = a.words[i]
        for at in range(len(b.words) - len(x) + 1):
            js = tuple(range(at, at + len(x)))
            if all(j in rest_b for j in js) and all(b.words[j][0] == c for j, c in zip(js, x, strict=True)):
                rest_a.remove(i)
                for j in js:
                    rest_b.remove(j)
                links.append(_Link(js, (i,), W.initial, "initial") if turned else _Link((i,), js, W.initial, "initial"))
                break


def _in_order(links: list[_Link]) -> bool:
    """Whether no two links cross. Two that begin with the same word (a particle is lent out) do not, on either side."""
    at = -1
    for _, right in sorted([(link.left[0], link.right[0]) for link in links]):
        if right < at:
            return False
        at = right
    return True


# A reason before it is one: (feature, points, query span, listed span, detail).
_Raw = tuple[str, int, str, str, str]


class _Matched(NamedTuple):
    """How two readings compare. ``got`` runs alongside ``links``: weight, and weight times likeness."""

    links: list[_Link]
    rest_a: list[int]
    rest_b: list[int]
    got: list[tuple[int, int]]
    whole: int
    score: int
    off: list[tuple[str, int, str]]


def _match(a: Reading, b: Reading) -> int:
    """The score of two readings."""
    matched = _matched(a, b) if a.words <= b.words else _matched(b, a)
    return 0 if matched is None else _net(matched)


def _net(matched: _Matched) -> int:
    """A score less what is taken off."""
    score = matched.score
    for _, lost, _ in matched.off:
        score -= lost
    return score if score > 0 else 0


def _matched(a: Reading, b: Reading) -> _Matched | None:
    links, rest_a, rest_b = _links(a, b)
    got, core, good = _weigh(a, b, links)
    shared = sum([g for _, g in got])
    if not shared:
        return None
    whole = sum([w for w, _ in got]) + _left_over(a, b, rest_a, rest_b, good)
    score = 1000 * shared // whole
    if not core and (a.core or b.core):
        # Either side has words that tell it apart, but none of them is answered.
        score = min(score, FLOOR - 1)
    return _Matched(links, rest_a, rest_b, got, whole, score, _off(a, b, links, rest_a, rest_b))


def _weigh(a: Reading, b: Reading, links: list[_Link]) -> tuple[list[tuple[int, int]], bool, int]:
    """Weight and gain of each link; whether a word that tells parties apart is answered; how many links are good."""
    wa, wb, ca, cb = a.weights, b.weights, a.classes, b.classes
    got: list[tuple[int, int]] = []
    core, good = False, 0
    for left, right, sim, how in links:
        i, j = left[0], right[0]
        if len(left) == len(right) == 1:
            weight = (wa[i] + wb[j]) // 2
            if how == "initial":
                weight = max(wa[i], wb[j])  # an initial leaves as much open as its name would tell
            elif wa[i] != wb[j] and (ca[i] >= PARTICLE or cb[j] >= PARTICLE):
                weight = min(wa[i], wb[j])  # a form or title that is all of one name is not much of the other
            telling = a.sounds[i] in a.core and b.sounds[j] in b.core
        else:
            weight = (sum([wa[k] for k in left]) + sum([wb[k] for k in right])) // 2
            telling = a.sounds[i] in a.core if len(left) == 1 else b.sounds[j] in b.core
        got.append((weight, weight * sim // 1000))
        if how != "initial":
            core = core or telling
            good += telling and sim >= 900
    return got, core, good


def _left_over(a: Reading, b: Reading, rest_a: list[int], rest_b: list[int], good: int) -> int:
    """What stays unanswered on both sides, weighed as conflict, and on one side, weighed as extra."""
    wa, wb, ca, cb = a.weights, b.weights, a.classes, b.classes
    if company := a.company + b.company > 0:
        conflict, extra = W.conflict_company, W.extra_company if good > 1 else W.extra_one_company
    else:
        conflict, extra = W.conflict, W.extra if good > 1 else W.extra_one
        if a.strict or b.strict:
            extra = max(extra, W.extra_strict)
    # Companies answer "technology" with "trading", people "Mullah" with "Haji", and stay the same; not so with names.
    light = NUMBER if company else GENERIC
    firm_a = sum([wa[i] for i in rest_a if ca[i] <= light])
    firm_b = sum([wb[j] for j in rest_b if cb[j] <= light])
    both = firm_a if firm_a < firm_b else firm_b
    one = sum([wa[i] for i in rest_a]) + sum([wb[j] for j in rest_b]) - 2 * both
    left = both * conflict + one * extra
    if company and good < 2:
        left += _unlike_a_person(a, firm_a - both, firm_b - both, b) * (W.extra_one - extra)
    return left // 1000


def _unlike_a_person(a: Reading, left_a: int, left_b: int, b: Reading) -> int:
    """What names weigh that are left of a side that nothing calls a company: Carl Olsen is not the ship Carl.

    Such a side may be a person, who shares no more than a given name with a company or vessel.
    """
    return (left_a if not a.company else 0) + (left_b if not b.company else 0)


def _off(
    a: Reading, b: Reading, links: list[_Link], rest_a: list[int], rest_b: list[int]
) -> list[tuple[str, int, str]]:
    """What is taken off: (feature, thousandths, detail)."""
    off: list[tuple[str, int, str]] = []
    ca, cb = a.classes, b.classes
    if rest_a or rest_b:
        kinds_a, kinds_b = {ca[i] for i in rest_a}, {cb[j] for j in rest_b}
        if NUMBER in kinds_a and NUMBER in kinds_b:
            off.append(("number differs", W.number, ""))
        if a.company + b.company > 0 and (PLACE in kinds_a or PLACE in kinds_b):
            if PLACE not in kinds_a or PLACE not in kinds_b:
                off.append(("place on one side", W.place_missing, ""))
            elif any(ca[i] in _TOLD and cb[j] in _TOLD for left, right, _, _ in links for i in left for j in right):
                off.append(("place differs", W.place_other, ""))
            else:
                # Without a name the place is what tells them apart: each province has its bureau of public security.
                off.append(("place differs, and no name agrees", W.place_only, ""))
    if a.company + b.company == 1 and 0 in (a.company, b.company) and _alike_only(a, b, links):
        off.append(("alike only, and perhaps a person", W.alike, ""))
    if FORM in ca or FORM in cb:
        forms_a = {w for w, c in zip(a.words, ca, strict=True) if c == FORM}
        forms_b = {w for w, c in zip(b.words, cb, strict=True) if c == FORM}
        if not forms_a or not forms_b:
            off.append(("legal form on one side", W.form_missing, ""))
        elif forms_a.isdisjoint(forms_b):
            off.append(("legal form differs", W.form_other, ""))
    if len(links) > 1 and not _in_order([link for link in links if FORM not in (ca[link.left[0]], cb[link.right[0]])]):
        off.append(("order", W.order, ""))
    if cost := max(a.cost, b.cost):
        off.append((f"read as {a.via or b.via}", cost, ""))
    return off


def _alike_only(a: Reading, b: Reading, links: list[_Link]) -> bool:
    """Whether no word that tells parties apart is spelt as the other side's, where one side may be a person.

    A person's two or three names are like some company's word or other on a list of fifty thousand (Max Sani, MAXAI).
    A single name (a company's with a slip in it) is let be.
    """
    maybe = b if a.company else a
    if sum(c == NAME for c in maybe.classes) < 2:
        return False
    return not any(
        sim >= W.same_sound - 30 and (a.sounds[left[0]] in a.core or b.sounds[right[0]] in b.core)
        for left, right, sim, _ in links
    )


def _explain(a: Reading, b: Reading, matched: _Matched) -> list[_Raw]:
    """The reasons of `_match`: the score shared over the links by their part; the last takes what rounding leaves."""
    links, rest_a, rest_b, got, whole, score, off = matched
    out: list[_Raw] = []
    total, left = sum(g for _, g in got), score
    order = sorted(range(len(links)), key=lambda k: links[k])
    for n, k in enumerate(order):
        link = links[k]
        share = left if n == len(order) - 1 else score * got[k][1] // total
        left -= share
        span_a = " ".join(a.words[i] for i in link.left)
        span_b = " ".join(b.words[j] for j in link.right)
        out.append(("word", share, span_a, span_b, link.how if link.sim == 1000 else f"{link.how} {link.sim / 1000:g}"))
    for i in rest_a:
        if a.weights[i]:
            out.append(("only asked", 0, a.words[i], "", f"weight {a.weights[i] / 1000:g} of {whole / 1000:g}"))
    for j in rest_b:
        if b.weights[j]:
            out.append(("only listed", 0, "", b.words[j], f"weight {b.weights[j] / 1000:g} of {whole / 1000:g}"))
    for feature, lost, detail in off:
        part = min(lost, score)
        score -= part
        out.append((feature, -part, "", "", detail))
    return out


# ----- names


def _whole(a: Analysed, b: Analysed) -> tuple[int, str]:
    """What two names reach as whole strings: exact, one edit, Han text, acronym."""
    best, how = 0, ""
    if a.text == b.text:
        return 1000, "same text"
    if a.readings and b.readings:
        ra, rb = a.readings[0], b.readings[0]
        if ra.joined == rb.joined and ra.words == rb.words and a.script == b.script and not (a.han or b.han):
            return 995, "same letters"
        for x, y in ((ra.joined, rb.joined), (a.bare, b.bare)):
            if x == y and len(x) >= 6:
                best, how = 980, "same letters, other spaces"
            elif best or ra.strict or rb.strict or len(x) < 6 or len(y) < 6 or not -1 <= len(x) - len(y) <= 1:
                continue
            elif (
                OSA.distance(x, y, score_cutoff=1) <= 1
                and _digits(x) == _digits(y)
                and _numbers(ra) == _numbers(rb)
                and not any(map(_gendered, ra.sounds, rb.sounds))
            ):
                best, how = 1000 - W.whole_edit // max(len(x), len(y)), "one edit"
    if a.han and b.han:
        got = _han(a.han, b.han)
        if got > best:
            best, how = got, "Han text"
    if best < W.acronym and ((a.short and b.acronyms and _spelt(a, b)) or (b.short and a.acronyms and _spelt(b, a))):
        best, how = W.acronym, "acronym"
    return best, how


def _numbers(one: Reading) -> list[str]:
    return sorted(w for w, c in zip(one.words, one.classes, strict=True) if c == NUMBER)


def _spelt(short: Analysed, long: Analysed) -> bool:
    reading = short.readings[0]
    mine = [w for w, c in zip(reading.words, reading.classes, strict=True) if c not in (FORM, PLACE, PARTICLE)]
    return len(mine) == 1 and mine[0] in long.acronyms and len(mine[0]) >= 3


def _han(x: str, y: str) -> int:
    if x == y:
        return 990
    size = max(len(x), len(y))
    edits = OSA.distance(x, y)
    return max(0, 1000 - W.han_edit * edits // size)


def points(query: Analysed, listed: Analysed) -> int:
    """The name score in thousandths, without reasons."""
    best, _ = _whole(query, listed)
    if best >= 980:
        return best
    both_han = query.han and listed.han and query.script == listed.script == "Han"
    if not both_han:
        for a in query.readings:
            for b in listed.readings:
                got = _match(a, b)
                best = max(best, got)
    return min(best, 990) if best < 995 else best


def compare(query: Analysed, listed: Analysed) -> Compared:
    """The name score with its reasons."""
    best, how = _whole(query, listed)
    reasons: list[tuple[str, int, str, str, str]] = [("whole name", best, query.text, listed.text, how)] if best else []
    if best < 980 and not (query.han and listed.han and query.script == listed.script == "Han"):
        for a in query.readings:
            for b in listed.readings:
                matched = _matched(a, b)
                if matched is not None and (got := _net(matched)) > best:
                    best, reasons = got, _explain(a, b, matched)
    if 990 < best < 995:
        reasons.append(("ceiling of alike names", 990 - best, "", "", ""))
        best = 990
    return Compared(best / 1000, tuple(Reason(f, n / 1000, q, s, d) for f, n, q, s, d in reasons))


def total(reasons: tuple[Reason, ...]) -> float:
    """The exact sum of reasons' points."""
    return sum(round(reason.points * 1000) for reason in reasons) / 1000


# ----- parties


def analysed_names(names: Iterable[str], kind: PartyKind) -> tuple[Analysed, ...]:
    """All spellings of one party, analysed."""
    return tuple(analyse(name, kind) for name in names)


def score(query: Query, party: Party, asked: tuple[Analysed, ...] = (), listed: tuple[Analysed, ...] = ()) -> Hit:
    """How likely the party is the one asked about: its best name, then what else both sides tell.

    ``asked`` and ``listed`` are the analysed names where the caller has them (in the order of ``query.names`` and
    ``party.names``). What either side leaves out is not compared.
    """
    asked = asked or analysed_names(query.names, query.kind)
    listed = listed or analysed_names((name.text for name in party.names), party.kind)
    best, pair = -1, (0, 0)
    for j, name in enumerate(party.names):
        weak = weights()["weak_alias"] if name.quality == "weak" else 0
        for i in range(len(asked)):
            got = max(0, points(asked[i], listed[j]) - weak)
            if got > best:
                best, pair = got, (i, j)
    if best < 0:
        return Hit(party, 0.0, (), "", "")
    i, j = pair
    return hit(query, party, i, j, compare(asked[i], listed[j]))


def hit(query: Query, party: Party, asked: int, listed: int, compared: Compared) -> Hit:
    """The party by these two names (by number), which compare so, and what else both sides tell."""
    name = party.names[listed]
    facts: list[Reason] = list(compared.reasons)
    sofar = round(compared.score * 1000)
    if name.quality == "weak":
        sofar += _add(facts, "weak alias", -weights()["weak_alias"], sofar, "", name.text, "the list calls it weak")
    for feature, points_given, mine, theirs, detail in _beside(query, party):
        lift = max(0, weights()["identifier_same"] - sofar)
        given = lift if feature == "identifier same" else points_given
        sofar += _add(facts, feature, given, sofar, mine, theirs, detail)
    return Hit(party, sofar / 1000, tuple(facts), name.text, query.names[asked])


def _add(facts: list[Reason], feature: str, given: int, sofar: int, mine: str, theirs: str, detail: str) -> int:
    """Adds a reason whose points keep the score within [0, 1]; gives what was added."""
    taken = max(-sofar, min(1000 - sofar, given))
    facts.append(Reason(feature, taken / 1000, mine, theirs, detail))
    return taken


def _beside(query: Query, party: Party) -> Iterator[tuple[str, int, str, str, str]]:
    """Everything but the names, in an order in which an identifier has the last word."""
    w = weights()
    if query.kind and party.kind and query.kind != party.kind:
        yield "kind differs", -w["kind_differs"], query.kind, party.kind, ""
    if query.born and party.born:
        same, mine, theirs = _days(query.born, party.born)
        yield (
            ("born differs", -w["born_differs"], mine, theirs, "")
            if same == 0
            else (
                "born the same",
                w["born_same"] if same == 10 else w["born_year"],
                mine,
                theirs,
                ("", "year", "month", "day")[(same - 1) // 3],
            )
        )
    if query.countries and party.countries:
        both = sorted(set(query.countries) & set(party.countries))
        mine, theirs = " ".join(query.countries), " ".join(party.countries)
        yield (
            ("country the same", w["country_same"], mine, theirs, both[0])
            if both
            else ("country differs", -w["country_differs"], mine, theirs, "")
        )
    if query.gender and party.gender and query.gender != party.gender:
        yield "gender differs", -w["gender_differs"], query.gender, party.gender, ""
    if query.addresses and party.addresses and (hit := _address(query, party)):
        yield "address the same", w["address_same"], *hit, ""
    yield from _identifiers(query, party)


def _days(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[int, str, str]:
    """The longest agreement of two days that may be partial (10 day, 7 month, 4 year, 0 none), and which they are."""
    best = (0, mine[0], theirs[0])
    for x in mine:
        for y in theirs:
            size = min(len(x), len(y))
            if size >= 4 and x[:size] == y[:size]:
                best = max(best, (size, x, y))
    return best


def _address(query: Query, party: Party) -> tuple[str, str] | None:
    for mine in query.addresses:
        x = set(fold_words(fold(mine)))
        for theirs in party.addresses:
            y = set(fold_words(fold(theirs.text)))
            if len(x & y) >= 3 and len(x & y) * 10 >= 8 * min(len(x), len(y)):
                return mine, theirs.text
    return None


def _identifiers(query: Query, party: Party) -> Iterator[tuple[str, int, str, str, str]]:
    mine = {(i.kind, _code(i.value)): i.value for i in query.identifiers}
    theirs = {(i.kind, _code(i.value)): i.value for i in party.identifiers}
    if both := sorted(mine.keys() & theirs.keys()):
        yield "identifier same", 0, mine[both[0]], theirs[both[0]], both[0][0]
    elif kinds := sorted({k for k, _ in mine} & {k for k, _ in theirs}):
        kind = kinds[0]
        x, y = (next(v for (k, _), v in side.items() if k == kind) for side in (mine, theirs))
        yield "identifier differs", -weights()["identifier_differs"], x, y, kind


def _code(value: str) -> str:
    return "".join(c for c in value.upper() if c.isalnum())


__all__ = [
    "FLOOR",
    "MATCHER",
    "THRESHOLD",
    "Compared",
    "W",
    "Weights",
    "analysed_names",
    "budget",
    "budget_skeleton",
    "compare",
    "hit",
    "points",
    "score",
    "total",
]
