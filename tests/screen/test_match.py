"""The matcher: nothing lost against a full scan; the same answer however it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exeat.screen.match import Matcher, StaleError, ceil_points, matcher
from exeat.screen.model import Identifier, ListVersion, Name, Party, Query, Screened
from exeat.screen.score import score
from tests.screen.invented import ALL_NAMES, LISTS, PARTIES, names, queries, some_parties

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.95, 1.0)
WHOLE = Matcher.of(PARTIES)


def scan(parties: Sequence[Party], query: Query, threshold: float) -> dict[str, int]:
    """Every name of the query against every name of every party: what the index must not lose."""
    hits = [score(query, party) for party in parties]
    return {hit.party.id: round(hit.score * 1000) for hit in hits if round(hit.score * 1000) >= ceil_points(threshold)}


def scores(answer: Screened) -> dict[str, int]:
    return {hit.party.id: round(hit.score * 1000) for hit in answer.hits}


@settings(max_examples=300, deadline=None)
@given(some_parties(), queries(), st.sampled_from(THRESHOLDS))
def test_nothing_is_lost_against_a_full_scan(parties: tuple[Party, ...], query: Query, threshold: float) -> None:
    assert scores(Matcher.of(parties).search(query, threshold)) == scan(parties, query, threshold)


@settings(max_examples=400, deadline=None)
@given(queries(), st.sampled_from(THRESHOLDS))
@example(Query(("QL:SHENZHEN",)), 0.5)  # spelt out from the second word on, and Q is heard as K
def test_nothing_is_lost_on_all_parties(query: Query, threshold: float) -> None:
    assert scores(WHOLE.search(query, threshold)) == scan(PARTIES, query, threshold)


@pytest.mark.parametrize(("kind", "name"), ALL_NAMES)
def test_a_listed_name_finds_its_party_with_full_score(kind: str, name: str) -> None:
    hits = WHOLE.search(Query((name,), kind)).hits  # type: ignore[arg-type]
    assert any(hit.score == 1.0 and name in [one.text for one in hit.party.names] for hit in hits)


@settings(max_examples=100, deadline=None)
@given(st.lists(queries(), min_size=1, max_size=8))
def test_batch_and_single_answer_alike(asked: list[Query]) -> None:
    assert Matcher.of(PARTIES).search_many(asked) == [Matcher.of(PARTIES).search(query) for query in asked]


@settings(max_examples=100, deadline=None)
@given(queries())
def test_the_order_is_by_score_then_id_and_a_limit_only_cuts(query: Query) -> None:
    hits = WHOLE.search(query, 0.5).hits
    assert list(hits) == sorted(hits, key=lambda hit: (-hit.score, hit.party.id))
    assert len({hit.party.id for hit in hits}) == len(hits)
    assert WHOLE.search(query, 0.5, limit=2).hits == hits[:2]


@settings(max_examples=100, deadline=None)
@given(queries())
def test_the_order_of_parties_changes_nothing(query: Query) -> None:
    assert Matcher.of(PARTIES[::-1]).search(query, 0.5).hits == WHOLE.search(query, 0.5).hits


@settings(max_examples=150, deadline=None)
@given(queries(), st.sampled_from(THRESHOLDS), st.sampled_from(THRESHOLDS))
def test_a_higher_threshold_gives_the_same_scores_and_fewer_hits(query: Query, one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    lower = scores(WHOLE.search(query, low))
    assert scores(WHOLE.search(query, high)) == {id_: got for id_, got in lower.items() if got >= ceil_points(high)}


@settings(max_examples=150, deadline=None)
@given(queries(), names, st.integers(0, len(PARTIES) - 1))
def test_another_alias_never_loses_a_hit(query: Query, alias: str, number: int) -> None:
    party = PARTIES[number]
    more = msgspec.structs.replace(party, names=(*party.names, Name(alias, "alias")))
    before = scores(WHOLE.search(query, 0.5))
    after = scores(Matcher.of([*PARTIES[:number], more, *PARTIES[number + 1 :]]).search(query, 0.5))
    assert all(after.get(id_, 0) >= score for id_, score in before.items())


@settings(max_examples=100, deadline=None)
@given(queries())
def test_score_is_the_sum_of_its_reasons(query: Query) -> None:
    for hit in WHOLE.search(query, 0.5).hits:
        assert round(hit.score * 1000) == sum(round(reason.points * 1000) for reason in hit.reasons)


def test_the_same_id_with_other_names_is_another_party() -> None:
    """An answer kept by id would give the old names' score."""
    old, new = PARTIES[0], msgspec.structs.replace(PARTIES[0], names=PARTIES[9].names)
    query = Query((old.names[0].text,), "organisation")
    assert Matcher.of([old]).search(query).hits
    assert not Matcher.of([new]).search(query).hits


class Dated:
    """A store of parties with their days: what `Matcher.open` asks for, and no more."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self.parties = parties

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        for number, party in enumerate(self.parties):
            yield 10 * number + 3, party

    def live(self, on: str, known: str, lists: Iterable[str] | None = None) -> set[int]:
        wanted = LISTS if lists is None else tuple(lists)
        listings = [(key, party.listing) for key, party in self.all_parties()]
        return {key for key, one in listings if one.since <= on <= one.until and one.list in wanted}

    def versions(self, list_id: str | None = None, known: str | None = None) -> list[ListVersion]:
        return [ListVersion(name, "2020-01-01", "2020-01-01", "", "", 1) for name in LISTS]

    def state(self) -> str:
        return str(hash(msgspec.msgpack.encode(list(self.parties))))

    contents = state


def _on_days(days: list[tuple[int, int]]) -> list[Party]:
    """The parties, each from the first to the second of two days."""
    dated = []
    for party, (since, until) in zip(PARTIES, days, strict=True):
        listing = msgspec.structs.replace(party.listing, since=f"2020-01-{since:02}", until=f"2020-01-{until:02}")
        dated.append(msgspec.structs.replace(party, listing=listing))
    return dated


_DAY = st.integers(1, 9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_DAY, _DAY), min_size=len(PARTIES), max_size=len(PARTIES)),
    _DAY,
    st.sampled_from(((), LISTS[:1], LISTS)),
    st.lists(queries(), min_size=1, max_size=5),
)
def test_as_of_a_day_equals_an_index_of_that_day_only(
    days: list[tuple[int, int]], day: int, lists: tuple[str, ...], asked: list[Query]
) -> None:
    source = Dated(_on_days(days))
    on = f"2020-01-{day:02}"
    live = source.live(on, "", lists or None)
    only = Matcher.of([party for key, party in source.all_parties() if key in live])
    whole = Matcher.open(source)
    assert [one.hits for one in whole.search_many(asked, 0.5, on=on, lists=lists)] == [
        one.hits for one in only.search_many(asked, 0.5)
    ]


def test_an_index_from_the_disk_is_the_one_that_was_built(tmp_path: Path) -> None:
    path = tmp_path / "index"
    asked = [Query((name,), kind) for kind, name in ALL_NAMES]
    built = Matcher.of(PARTIES, path)
    before = path.stat().st_mtime_ns
    read = Matcher.of(PARTIES, path)
    assert path.stat().st_mtime_ns == before, "it was whole and of this state: not built again"
    assert read.search_many(asked, 0.5) == built.search_many(asked, 0.5)


@pytest.mark.parametrize("damage", ["cut off", "emptied", "changed"])
def test_a_damaged_index_is_built_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "index"
    Matcher.of(PARTIES, path)
    whole = path.read_bytes()
    changed = whole[:99] + bytes([whole[99] ^ 1]) + whole[100:]
    path.write_bytes({"cut off": whole[:-1], "emptied": b"", "changed": changed}[damage])
    query = Query(("Deng Xiaolong",), "person")
    assert Matcher.of(PARTIES, path).search(query) == WHOLE.search(query)
    assert path.read_bytes() == whole


def test_an_index_of_other_parties_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "index"
    Matcher.of(PARTIES, path)
    assert not Matcher.of(PARTIES[:1], path).search(Query(("Deng Xiaolong",), "person")).hits


def test_an_identifier_finds_its_party_whatever_the_name() -> None:
    known = msgspec.structs.replace(PARTIES[0], identifiers=(Identifier("uscc", "91440300708461136T"),))
    query = Query(("Nobody at all",), "organisation", identifiers=(Identifier("uscc", "9144 0300 7084 6113 6t"),))
    hits = Matcher.of([known, *PARTIES[1:]]).search(query).hits
    assert [hit.party.id for hit in hits] == [known.id]
    assert not Matcher.of(PARTIES).search(query).hits


def test_a_fact_beside_the_name_can_lift_a_party_over_the_threshold() -> None:
    known = msgspec.structs.replace(PARTIES[10], born=("1970-01-02",), countries=("CN",))
    one = Matcher.of([known])
    for name in ("Deng Xiaolong", "Dong Xiaolong", "Deng Xiao", "D. Xiaolong", "Tang Xiaolung"):
        query = Query((name,), "person", countries=("CN",), born=("1970-01-02",))
        for threshold in THRESHOLDS:
            assert scores(one.search(query, threshold)) == scan([known], query, threshold)


def test_an_answer_tells_what_it_rests_on() -> None:
    source = Dated(_on_days([(1, 9)] * len(PARTIES)))
    answer = Matcher.open(source).search(Query(("Deng Xiaolong",)), 0.8, on="2020-01-05", lists=("list-a", "list-z"))
    assert (answer.on, answer.threshold, answer.not_screened) == ("2020-01-05", 0.8, ("list-z",))
    assert [version.list for version in answer.lists] == ["list-a"]
    assert answer.matcher == matcher()


def test_a_matcher_does_not_answer_from_lists_of_yesterday() -> None:
    source = Dated(_on_days([(1, 9)] * len(PARTIES)))
    opened = Matcher.open(source)
    source.parties = source.parties[1:]
    with pytest.raises(StaleError):
        opened.search(Query(("Deng Xiaolong",)), on="2020-01-05")


def test_nothing_listed_and_nothing_asked() -> None:
    assert not Matcher.of([]).search(Query(("Deng Xiaolong",))).hits
    assert not WHOLE.search(Query(("",))).hits
    assert not WHOLE.search(Query(())).hits
    assert WHOLE.search_many([]) == []


@given(st.integers(0, 1000))
@example(700)
def test_a_threshold_is_met_by_its_own_score(thousandths: int) -> None:
    assert ceil_points(thousandths / 1000) == thousandths
