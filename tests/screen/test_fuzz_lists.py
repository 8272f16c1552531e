"""Any damage to a list file ends in parties or in an error that names the file, never in a fault of exeat's own."""

# ruff: noqa: E501

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exeat.errors import InputError, InputErrors
from exeat.screen.readers import Source, read
from tests.screen.test_readers import ALL

TOKENS = re.compile(rb"<[^<>]*>|\"[^\"]*\"|[\w.:-]+|[^\w\s]|\s+")
STRANGE = [
    b"", b"-1", b"0", b"99999999999999999999", b"9" * 5000, b"31/02/2020", b"null", b"\xc3\x28", b"\xe2\x80\xae", b"&amp;", b"&x;", b"<", b'"', b"\t",
    b"\n", b"[]", b"{}", b"-0-", b"circa", "华为".encode(), b"x" * 3000, b"2026-13-45", b"IMO 1", b"\x0b", b"NaN", b"1e999",
]  # fmt: skip


@st.composite
def damaged(draw) -> tuple[str, bytes]:
    """A sample with some of its tokens removed, repeated, swapped, or replaced by something strange."""
    name = draw(st.sampled_from(sorted(ALL)))
    tokens = TOKENS.findall(ALL[name].encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(tokens) - 1))
        match draw(st.sampled_from(["remove", "repeat", "swap", "strange", "cut"])):
            case "remove":
                del tokens[place : place + draw(st.integers(1, 6))]
            case "repeat":
                tokens[place:place] = tokens[place : place + draw(st.integers(1, 40))]
            case "swap":
                other = draw(st.integers(0, len(tokens) - 1))
                tokens[place], tokens[other] = tokens[other], tokens[place]
            case "strange":
                tokens[place] = draw(st.sampled_from(STRANGE))
            case "cut":
                del tokens[place:]
        if not tokens:
            break
    return name, b"".join(tokens)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(damaged())
def test_damaged_files(tmp_path_factory, file):
    name, content = file
    path = tmp_path_factory.getbasetemp() / "fuzzed.dat"
    path.write_bytes(content)
    only = "us.1260h" if name == "ftm" else ""
    try:
        _, batch = read([Source(path)], only, name if content.strip() else "")
    except (InputError, InputErrors):
        return
    for list_id, parties in batch.lists.items():
        for party in parties:
            assert party.id.startswith(f"{list_id}/")
            assert party.names[0].text
            assert all(one.text == one.text.strip() for one in party.names)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("other", ["un-xml", "csl-json", "csl-csv", "ofac-csv", "ftm", "tidy", "uk-csv"])
def test_a_file_read_as_another_format(name, other, write):
    if name == other:
        return
    with pytest.raises((InputError, InputErrors)):
        read([Source(write(ALL[name]))], "us.1260h" if other == "ftm" else "", other)
