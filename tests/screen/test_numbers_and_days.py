"""Check digits and partial days: what the standards say, and what lists write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exeat.screen import days
from exeat.screen.catalogue import country, country_prefix
from exeat.screen.identifiers import CHECKS, identifier, kind_of, named_in

# Numbers that their holders or registers publish.
VALID = {
    "uscc": ["91110000600037341L", "91440300708461136T"],
    "lei": ["5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55"],
    "inn": ["7707083893", "7736050003", "500100732259"],
    "ogrn": ["1027700132195", "1027700070518"],
    "imo": ["9074729", "9176187"],
    "isin": ["US0378331005", "RU0009029540"],
    "bic": ["SABRRUMM", "DEUTDEFF500"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in VALID.items() for value in values])
def test_published_numbers_are_valid(kind, value):
    assert CHECKS[kind](value)


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in VALID.items() if kind != "bic" for value in values]
)
def test_any_one_digit_changed_is_found(kind, value):
    digits = [place for place, char in enumerate(value) if char.isdecimal()]
    for place in digits:
        for digit in "0123456789":
            changed = value[:place] + digit + value[place + 1 :]
            if changed != value and kind in ("lei", "isin", "uscc"):
                assert not CHECKS[kind](changed)
    last = value[:-1] + ("0" if value[-1] != "0" else "1")
    assert not CHECKS[kind](last)


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=24))
def test_any_text_is_no_number_or_one_and_never_an_error(kind, text):
    assert CHECKS[kind](text) in (True, False)


def test_what_only_looks_like_a_number_is_none():
    assert not CHECKS["bic"]("WWWVTBAO")
    assert not CHECKS["ogrn"]("784195754986941")
    assert not CHECKS["lei"]("777")


def test_a_wrong_number_is_kept_and_said():
    found = identifier("IMO", "IMO 9074728")
    assert found is not None
    assert (found.kind, found.value, found.valid) == ("imo", "9074728", "no")


@pytest.mark.parametrize(
    ("label", "value", "where", "kind"),
    [
        ("Tax ID No.", "7707083893", "Russia", "inn"),
        ("Tax ID No.", "7707083893", "Brazil", "tax"),
        ("Registration Number", "1027700132195", "Russia", "ogrn"),
        ("Legal Entity Number", "5493001KJTIIGC8Y1R12", "", "lei"),
        ("Unified Social Credit Code (USCC)", "91440300708461136T", "China", "uscc"),
        ("Digital Currency Address - XBT", "1abc", "", "wallet"),
        ("National ID No.", "123", "Iran", "national id"),
        ("Something Unheard Of", "123", "", "other"),
    ],
)
def test_labels_of_lists(label, value, where, kind):
    found = identifier(label, value, where)
    assert found is not None
    assert found.kind == kind


def test_numbers_in_running_text():
    found = list(named_in("IMO: 9074729. MMSI 445539000; OGRN 1027700132195, and the bank's SWIFT: SABRRUMM."))
    assert [(one.kind, one.valid) for one in found] == [("imo", "yes"), ("mmsi", ""), ("ogrn", "yes"), ("bic", "yes")]
    assert kind_of("") == "other"


@pytest.mark.parametrize(
    ("text", "allowed", "words"),
    [
        ("1962", ["1962"], ""),
        ("1962-03", ["1962-03"], ""),
        ("1962-03-05", ["1962-03-05"], ""),
        ("05/03/1962", ["1962-03-05"], ""),
        ("00/00/1962", ["1962"], ""),
        ("dd/mm/1962", ["1962"], ""),
        ("00/03/1962", ["1962-03"], ""),
        ("5 Mar 1962", ["1962-03-05"], ""),
        ("March 1962", ["1962-03"], ""),
        ("5.3.1962", ["1962-03-05"], ""),
        ("1962年3月5日", ["1962-03-05"], ""),
        ("1960 to 1962", ["1960", "1961", "1962"], "1960 to 1962"),
        ("between 1960 and 1962", ["1960", "1961", "1962"], "between 1960 and 1962"),
        ("1960 or 1963", ["1960", "1963"], "1960 or 1963"),
        ("circa 1962", ["1960", "1961", "1962", "1963", "1964"], "circa 1962"),
        ("1962 (approximative)", ["1960", "1961", "1962", "1963", "1964"], "1962 (approximative)"),
        ("1392", ["1972", "1973", "2013", "2014"], "1392"),  # lunar or solar: the list does not say
        ("1343 (Iranian Hijri calendar)", ["1964", "1965"], "1343 (Iranian Hijri calendar)"),
        ("24/06/1402 (Hijri Calendar)", ["1981", "1982", "2023", "2024"], "24/06/1402 (Hijri Calendar)"),
        ("Between Aug. and Sep. 1977", ["1977-08", "1977-09"], "Between Aug. and Sep. 1977"),
        ("15/08/19yy", [], "15/08/19yy"),
        ("1900 to 1990", [], "1900 to 1990"),
        ("unknown", [], "unknown"),
        ("31/02/1962", [], "31/02/1962"),
        ("", [], ""),
    ],
)
def test_dates_of_birth(text, allowed, words):
    assert days.born(text) == (tuple(allowed), words)


def test_american_order():
    assert days.day("03/05/1962", american=True) == "1962-03-05"
    assert days.day("03/05/1962") == "1962-05-03"


@given(st.text(max_size=30))
def test_no_text_breaks_a_date(text):
    allowed, words = days.born(text)
    assert all(days.day(one) == one for one in allowed)
    assert allowed or words or not " ".join(text.split()).strip(" .;")


@pytest.mark.parametrize("text", ["1962-03-99999999999999999999", "9" * 5000, "١٩٦٢-٠٣-٠٥"])
def test_long_and_foreign_digits(text):
    assert days.day(text) in ("", "1962-03-05")
    assert days.number(text) == 0
    assert days.iso(1962, 3, 10**20) == days.iso(1962, 10**20) == days.iso(10**20) == ""


@given(st.dates(min_value=__import__("datetime").date(1000, 1, 1)))
def test_a_whole_day_is_itself(date):
    if date.year <= days.LAST_YEAR:
        assert days.day(date.isoformat()) == date.isoformat() == days.whole(date.isoformat(), last=True)


def test_first_and_last_of_partial_days():
    assert (days.whole("2024-02"), days.whole("2024-02", last=True)) == ("2024-02-01", "2024-02-29")
    assert (days.whole("2024"), days.whole("2024", last=True)) == ("2024-01-01", "2024-12-31")
    assert days.whole("2024-12", last=True) == "2024-12-31"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "KP"),
        ("DPRK", "KP"),
        ("Democratic Republic of the Congo", "CD"),
        ("Burma", "MM"),
        ("RUS", "RU"),
        ("ru", "RU"),
        ("Iranian", "IR"),
        ("中国", "CN"),
        ("日本", "JP"),
        ("Korea", ""),
        ("Congolese", ""),
        ("", ""),
        ("Atlantis", ""),
    ],
)
def test_countries(text, code):
    assert country(text) == code


def test_countries_at_the_beginning():
    assert country_prefix("People's Republic of China 23rd Institute") == ("CN", "23rd Institute")
    assert country_prefix("日本东京都") == ("JP", "东京都")
    assert country_prefix("Chinaberry Road 3") == ("", "Chinaberry Road 3")
    assert country_prefix("PRC Holdings") == ("", "PRC Holdings")
