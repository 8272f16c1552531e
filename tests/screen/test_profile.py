"""A file whose shape betrays a changed meaning is refused with its figures, and an honest update is not."""

from __future__ import annotations

import msgspec
import pytest

from exeat.errors import InputErrors
from exeat.screen.catalogue import catalogue, limits
from exeat.screen.lists import Terms, bring
from exeat.screen.model import Address, Listing, Name, Party
from exeat.screen.profile import profile_of, script, suspicions
from exeat.screen.readers import tidy
from exeat.screen.store import Store

INFO = msgspec.structs.replace(catalogue().lists["un.sc"], least=50)
TODAY = "2026-11-22"


def crowd(count: int = 200, first: int = 0) -> list[Party]:
    return [
        Party(
            f"un.sc/{number}",
            "person" if number % 2 else "organisation",
            (Name(f"Name {number}"), Name(f"Alias {number}", "alias")),
            Listing("un.sc", str(number), since="2020-01-01", programmes=("P",)),
            countries=("RU",),
            born=("1960",) if number % 2 else (),
            addresses=(Address("a street"),),
        )
        for number in range(first, first + count)
    ]


def told(parties: list[Party], same_format: bool = True, same_edition: bool = True) -> list[str]:
    before = crowd()
    return suspicions(INFO, parties, profile_of(before), {one.id for one in before}, same_format, same_edition)


def test_an_update_is_not_suspicious():
    assert told(crowd()) == []
    assert told(crowd(210)) == []
    assert told(crowd(185)) == []


@pytest.mark.parametrize(
    ("parties", "says"),
    [
        (crowd(150), "150 entries after 200 (more than 10% fewer)"),
        (crowd(300), "300 entries after 200 (more than 35% more)"),
        (crowd(200, first=100), "50% of the entries' numbers are still there"),
        ([msgspec.structs.replace(one, addresses=()) for one in crowd()], "entries with addresses: 0% after 100%"),
        (
            [msgspec.structs.replace(one, kind="organisation") for one in crowd()],
            "entries of kind person: 0% after 50%",
        ),
        (
            [
                msgspec.structs.replace(
                    one, names=(Name(f"Имя {one.listing.entry}"), Name(f"Второе {one.listing.entry}"))
                )
                for one in crowd()
            ],
            "names in script CYRILLIC: 100% after 0%",
        ),
        ([msgspec.structs.replace(one, names=one.names[:1]) for one in crowd()], "1.00 names an entry after 2.00"),
        (
            [msgspec.structs.replace(one, listing=msgspec.structs.replace(one.listing, since="")) for one in crowd()],
            "entries with listing.since: 0% after 100%",
        ),
        (
            [msgspec.structs.replace(one, names=(Name(f"JosÃ© {one.id}"), one.names[1])) for one in crowd()],
            "of the names hold broken letters",
        ),
        (
            [msgspec.structs.replace(one, names=(Name(f"Jos� {one.id}"), one.names[1])) for one in crowd()],
            "broken letters",
        ),
    ],
)
def test_a_changed_meaning_is_told_with_its_figures(parties, says):
    assert any(says in one for one in told(parties)), told(parties)


def test_every_limit_has_a_reason_and_it_is_told():
    reasons = [limit.because for limit in limits().values()]
    assert all(reasons)
    assert limits()["fewer"].because in told(crowd(150))[0]


def test_another_format_may_fill_other_fields():
    bare = [msgspec.structs.replace(one, addresses=(), born=()) for one in crowd()]
    assert told(bare, same_format=False) == []
    assert told(crowd(100), same_format=False) != []


def test_a_later_edition_of_a_reader_may_fill_other_fields():
    bare = [msgspec.structs.replace(one, addresses=(), born=()) for one in crowd()]
    assert told(bare, same_edition=False) == []
    assert "100 entries after 200" in told(crowd(100), same_edition=False)[0]
    assert any("50% of the entries' numbers" in one for one in told(crowd(200, first=100), same_edition=False))


def test_after_an_empty_version_a_list_begins_anew():
    empty = profile_of([])
    assert suspicions(INFO, crowd(), empty, set(), True) == []
    assert suspicions(INFO, crowd(49), empty, set(), True) == ["49 entries, and the whole list has at least 50"]


def test_a_first_import_that_is_too_small_is_no_whole_list():
    assert "the whole list has at least 50" in suspicions(INFO, crowd(49), None, set(), False)[0]
    assert suspicions(INFO, crowd(50), None, set(), False) == []


def test_scripts():
    assert [script(one) for one in ("Name", "Имя", "华为", "José", "삼성", "123")] == [
        "LATIN",
        "CYRILLIC",
        "CJK",
        "LATIN",
        "HANGUL",
        "LATIN",
    ]


def test_refused_until_accepted_with_a_reason_which_is_kept(store: Store, write):
    full, cut = (write(tidy.write("cn.uel", day, day, crowd(count)), name) for count, day, name in (
        (100, "2026-01-01", "a.json"), (60, "2026-02-01", "b.json")))  # fmt: skip
    bring(store, [full], TODAY)
    state = store.state()
    with pytest.raises(InputErrors) as found:
        bring(store, [cut], TODAY)
    error = found.value.errors[0]
    assert error.path == "cn.uel"
    assert "60 entries after 100" in error.problem
    assert "--accept-changes" in error.hint
    assert store.state() == state  # the last good one is kept
    done = bring(store, [cut], TODAY, Terms(accept="the notice of 1 February revoked forty entries"))
    assert "60 entries after 100" in done.accepted[0]
    assert store.accepted(store.versions("cn.uel")[-1]) == "the notice of 1 February revoked forty entries"
    assert len(done.diffs[0].removed) == 40


def test_a_misprinted_first_day_does_not_hide_an_entry(store: Store, write):
    odd = msgspec.structs.replace(
        crowd(20)[0], listing=msgspec.structs.replace(crowd(20)[0].listing, since="2062-01-01")
    )
    bring(store, [write(tidy.write("cn.uel", "2026-01-01", "2026-01-01", [odd, *crowd(20)[1:]]))], TODAY)
    found = store.party("cn.uel/0", "2026-06-01", TODAY)
    assert found is not None
    assert found.listing.since == ""
    assert "2062-01-01" in found.listing.remarks
